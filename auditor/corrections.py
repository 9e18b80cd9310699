"""Corrections by hand: a file beside the original says what was read wrongly, who says so and why.

`report.docx.corrections.yaml` (or `report.corrections.yaml`) holds the `digest` of the original and
a list `corrections` of `path`, `value`, `who`, `why`. When the original changes, they are void.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.addresses import Address
from auditor.errors import Said, SourceError, UsageError
from auditor.form import Form
from auditor.model import Location, Observation, Report
from auditor.text import decimal, written

_KEYS = {"path", "value", "who", "why"}
_REPLACED = ("blank-cell", "unreadable", "inferred", "not-a-count", "cell-missing")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Correction:
    """One value put right; `value` is None for a printed blank."""

    path: str
    value: int | Decimal | str | None
    who: str
    why: str


def load(path: Path | Address, form: Form, digest: str) -> tuple[tuple[Correction, ...], bool]:
    """The corrections and whether they still hold for an original with this digest.

    Raises UsageError for a file that is not in order: a correction must never be lost silently.
    """
    from auditor.rulebook.source import load_yaml

    try:
        if isinstance(path, Path) and path.stat().st_size > _MOST:
            raise _wrong(path, Said("文件太大", "the file is too large"))
        data = path.read_bytes() if isinstance(path, Path) else path.read_bytes(_MOST)
        node = load_yaml(data.decode("utf-8-sig"))
    except (SourceError, UnicodeDecodeError, OSError) as error:
        raise _wrong(path, _unread(error)) from error
    if not isinstance(node, Mapping) or set(node) != {"digest", "corrections"}:
        raise _wrong(path, _shape(form))
    entries = node.get("corrections")
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise _wrong(path, Said("corrections 应当是列表", "corrections must be a list"))
    found = tuple(_correction(path, entry, form) for entry in entries)
    return found, str(node.get("digest", "")).removeprefix("sha256 ").strip() == digest


def _shape(form: Form) -> Said:
    """How such a file is written, with a cell of the form."""
    path = form.required_fields[0].path
    name = next((n for n, p in form.names.items() if p == path and not n.isascii()), path)
    return Said(
        "应当写 digest: 原件的 sha256（auditor inspect 的第二行）和 corrections: "
        f"[{{path: {name}, value: 3, who: 谁, why: 为什么}}]",
        "it holds digest: the sha256 of the original (second line of auditor inspect) and "
        f"corrections: [{{path: {path}, value: 3, who: …, why: …}}]",
    )


def _unread(error: Exception) -> Said:
    if not isinstance(error, SourceError):
        return Said("读不了，应当是 UTF-8 编码的文件", "cannot be read as a file in UTF-8")
    return Said(f"第 {error.line} 行：{error.said.zh}", f"line {error.line}: {error.said.en}")


def _wrong(path: Path | Address, said: Said) -> UsageError:
    return UsageError(Said(f"{path.name}：{said.zh}", f"{path.name}: {said.en}"))


def _correction(path: Path | Address, entry: Any, form: Form) -> Correction:
    if not isinstance(entry, Mapping) or set(entry) != _KEYS:
        zh, en = "每条要有 path、value、who、why", "each has path, value, who and why"
        raise _wrong(path, Said(zh, en))
    fact, value = str(entry["path"]), entry["value"]
    fact = form.names.get(fact, fact)  # the short name of a rule is as good
    if fact not in form.labels or fact in form.rows or fact in form.groups:
        from auditor.rulebook.spelling import near

        close = near(fact, [*form.names, *form.fields])
        like = Said(f"；相近：{'、'.join(close)}", f"; did you mean: {', '.join(close)}")
        raise _wrong(path, Said(
            f"没有这一项 '{fact}'{like.zh if close else ''}",
            f"no such fact '{fact}'{like.en if close else ''}",
        ))  # fmt: skip
    if not _fits(form, fact, value):
        raise _wrong(path, Said(f"{fact} 的值不对：{value}", f"wrong value for {fact}: {value}"))
    return Correction(fact, value, str(entry["who"]), str(entry["why"]))


def _fits(form: Form, fact: str, value: Any) -> bool:
    """Whether a value is of the fact's kind; a cell may be null, which is a printed blank."""
    cell = form.fields.get(fact)
    if isinstance(value, bool):
        return False
    if cell is None:
        return isinstance(value, int if form.is_number(fact) else str)
    if value is None:
        return True
    if cell.kind == "amount":
        number = decimal(written(value)) if isinstance(value, int | Decimal | str) else None
        return number is not None and number >= 0
    return isinstance(value, int) and (cell.minimum is None or value >= cell.minimum)


def apply(report: Report, form: Form, path: Path | Address) -> tuple[Report, tuple[Said, ...]]:
    """The report with the corrections of a file, and what was overridden, in words."""
    corrections, holds = load(path, form, report.digest)
    if not holds:
        seen = Observation("corrections-void", detail=path.name)
        return replace(report, observations=(*report.observations, seen)), (
            _void(path, report.digest),
        )
    data = copy.deepcopy(dict(report.data))
    for correction in corrections:
        _put(data, form, correction)
    named = {c.path for c in corrections}
    kept = [o for o in report.observations if o.path not in named or o.kind not in _REPLACED]
    noted = [_noted(c, form) for c in corrections]
    blanks = [
        Observation("blank-cell", form.labels[c.path], Location(), "", c.path)
        for c in corrections
        if c.value is None
    ]
    words = tuple(_in_words(c, form) for c in corrections)
    return replace(report, data=data, observations=(*kept, *noted, *blanks)), words


def _in_words(correction: Correction, form: Form) -> Said:
    label, said = form.said(correction.path), f"= {_shown(correction.value)}"
    who, why = correction.who, correction.why
    return Said(f"{label.zh} {said}（{who}：{why}）", f"{label.en} {said} ({who}: {why})")


def _void(path: Path | Address, digest: str) -> Said:
    """Corrections that were not applied must be told wherever applied ones would be."""
    zh = f"原件已改动（或 digest 抄错），更正未采用；原件现在的 sha256 是 {digest}"
    en = (
        "the original has changed (or the digest was mistyped), the corrections are not applied; "
        f"its sha256 is now {digest}"
    )
    return Said(f"{path.name}：{zh}", f"{path.name}: {en}")


def _put(data: dict[str, Any], form: Form, correction: Correction) -> None:
    *way, last = correction.path.split(".")
    for key in way:
        data = data.setdefault(key, {})
    value = correction.value
    cell = form.fields.get(correction.path)
    data[last] = written(value) if cell and cell.kind == "amount" and value is not None else value


def _noted(correction: Correction, form: Form) -> Observation:
    detail = f"{_shown(correction.value)} · {correction.who} · {correction.why}"
    return Observation(
        "corrected", form.labels[correction.path], Location(), detail, correction.path
    )


def _shown(value: object) -> str:
    return "" if value is None else written(value)
