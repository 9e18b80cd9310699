"""What was told, held against what was planted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.rivals.material import Check, Planted

HARMLESS = ("", "zero_blank", "lawful_blank")
"""Kinds of reports that nothing may be said against; the first are those without a fault."""


@dataclass(frozen=True, slots=True)
class Told:
    """An error that a tool told, or what it left open; `named` are the cells it holds likely."""

    file: str
    check: str
    text: str
    open: bool = False
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of reports."""

    slips: int
    places: int
    numbers: int
    likeliest: int
    false: int
    tables: str
    blanks: Mapping[str, str]


def score(told: Iterable[Told], planted: Mapping[str, Planted], checks: list[Check]) -> Score:
    """How a tool did."""
    by_file: dict[str, list[Told]] = {}
    for each in told:
        by_file.setdefault(each.file, []).append(each)
    slips = {f: p.cell for f, p in planted.items() if p.kind == "slip"}
    held = {check.id: check.cells for check in checks}
    found = {
        file: [t for t in by_file.get(file, ()) if not t.open and cell in held.get(t.check, ())]
        for file, cell in slips.items()
    }
    accused = {file for file, all_told in by_file.items() if any(not t.open for t in all_told)}
    kinds = ("zero_blank", "lawful_blank", "wrong_blank", "torn_blank")
    return Score(
        slips=sum(bool(f) for f in found.values()),
        places=sum(any(_names(t.text, slips[f]) for t in ts) for f, ts in found.items()),
        numbers=sum(any(f"{slips[f]} (" in t.text for t in ts) for f, ts in found.items()),
        likeliest=sum(any(t.named == (slips[f],) for t in ts) for f, ts in found.items()),
        false=sum((planted[f].kind if f in planted else "") in HARMLESS for f in accused),
        tables=_summary([by_file.get(f, []) for f, p in planted.items() if p.kind == "no_table"]),
        blanks={
            kind: _summary([by_file.get(f, []) for f, p in planted.items() if p.kind == kind])
            for kind in kinds
        },
    )


def _names(text: str, cell: str) -> bool:
    return cell in text or cell.replace(".", "__") in text


def _summary(reports: list[list[Told]]) -> str:
    """Accused with how many errors each (the median), left open, or said nothing of."""
    errors = [sum(not t.open for t in told) for told in reports]
    accused = [count for count in errors if count]
    left_open = sum(any(t.open for t in told) and not e
                    for told, e in zip(reports, errors, strict=True))  # fmt: skip
    silent = len(reports) - len(accused) - left_open
    parts = []
    if accused:
        parts.append(f"accused {len(accused)} (errors each: {median(accused):.0f})")
    if left_open:
        parts.append(f"open {left_open}")
    if silent:
        parts.append(f"silent {silent}")
    return ", ".join(parts)
