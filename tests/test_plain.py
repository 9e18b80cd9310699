"""What is written to disk comes back the same, and foreign bytes run nothing."""

from __future__ import annotations

import os
import pickle
from dataclasses import fields, is_dataclass

import pytest

from auditor import model
from auditor.corpus import plain
from auditor.corpus.plain import DamagedError
from auditor.gather import inputs
from auditor.model import Refusal
from auditor.pipeline import Settings, bind_one, judge
from auditor.readers import known_suffixes
from tests.conftest import ROOT


def test_reports_and_audits_of_every_format_come_back(settings: Settings) -> None:
    found = 0
    for item in inputs([ROOT / "reports_in"], known_suffixes()):
        bound = bind_one(item, settings)
        if isinstance(bound, Refusal):
            assert plain.decode(plain.loads(plain.dumps(plain.encode(bound)))) == bound
            continue
        back = plain.bound_of(plain.loads(plain.dumps(plain.bound_plain(bound))))
        assert dict(back.report.locations) == dict(bound.report.locations)
        assert (back.report.data, back.report.rest) == (bound.report.data, bound.report.rest)
        assert back.report.observations == bound.report.observations
        assert back.report.coverage == bound.report.coverage
        audit, again = judge(bound, settings), judge(back, settings)
        assert again.results == audit.results
        for part in ("results", "grade", "clusters", "diagnoses", "derived"):
            value = getattr(audit, part)
            assert plain.decode(plain.loads(plain.dumps(plain.encode(value)))) == value
        found += 1
    assert found > 20


def test_every_noun_of_an_audit_is_known() -> None:
    """A new dataclass in the model must be given a place here, or it would be pickled whole."""
    others = {"Audit", "Batch", "Report", "Document", "Text", "Cell", "Table", "Picture",
              "Identity", "Basis", "RuleInfo", "RuleReference"}  # fmt: skip
    named = {name for name, kind in vars(model).items() if isinstance(kind, type)}
    kinds = {n: getattr(model, n) for n in named}
    nouns = {n for n, kind in kinds.items() if is_dataclass(kind) and fields(kind)}
    nouns |= {n for n, kind in kinds.items() if hasattr(kind, "_fields")}
    here = {kind.__name__ for kind in plain._KINDS}
    assert nouns - others - here == set()


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", pickle.dumps(os.getcwd), pickle.dumps(Refusal), b"cos\nsystem\n(S'id'\ntR."],
)
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedError):
        plain.loads(data)


@pytest.mark.parametrize("value", [[99, 1], [0, "zh"], [-1, "no"], [], [3]])
def test_damaged_nouns_are_refused(value: list[object]) -> None:
    with pytest.raises(DamagedError):
        plain.decode(value)
