"""The gate: what leaves binding is what the schema describes, whatever the document was."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from auditor.errors import Said
from auditor.form import Form
from auditor.model import Report

_gates: dict[str, tuple[Any, Any]] = {}
_MOST = 20


def validate(report: Report, form: Form) -> tuple[Said, ...]:
    """What in `report.data` the form's schema does not admit; empty for a valid report."""
    if gate(form).is_valid(report.data):
        return ()
    return _explained(report, form)


def gate(form: Form) -> Any:
    """The compiled schema, with `is_valid`; compiled once for a form."""
    kept = _gates.get(form.id)
    if kept is None or kept[0] is not form.schema:
        import jsonschema_rs

        kept = (form.schema, jsonschema_rs.validator_for(dict(form.schema)))
        _gates[form.id] = kept
    return kept[1]


def _explained(report: Report, form: Form) -> tuple[Said, ...]:
    from jsonschema import Draft202012Validator

    checker = Draft202012Validator(dict(form.schema))
    found = []
    for error in checker.iter_errors(report.data):
        path = ".".join(str(part) for part in error.absolute_path)
        found.append(_said(path, form.labels.get(path, path or form.id), error.message[:200]))
    return tuple(found[:_MOST])


@lru_cache(maxsize=64)
def _said(path: str, label: str, why: str) -> Said:
    return Said(
        f"{label}（{path}）不符合表式：{why}", f"{label} ({path}) does not fit the form: {why}"
    )
