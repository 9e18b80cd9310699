"""What all are given: thirty checks, the schema, and reports with known faults."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.rulebook.load import load_rules
from auditor.rulebook.prepare import identities
from auditor.schema import load_forms
from benchmarks.synthetic import reports

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "schemas" / "ogi-2021.schema.json"
CHECKS = 30
CELLWISE = "A03"

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """A sum: the cells on the left make those on the right."""

    id: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """All of them."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Planted:
    """What is wrong in a file, and where."""

    kind: str
    cell: str


def common_checks() -> list[Check]:
    """Thirty sums that the default rules state: columns and disputes, then rows in their order.

    Rows that no report of the benchmark prints are left out.
    """
    form = next(f for f in load_forms(ROOT / "schemas") if f.id == "ogi-2021")
    stated = [i for i in identities(load_rules(ROOT / "rules" / "ogi"), form)
              if "undivided" not in i.where]  # fmt: skip
    stated.sort(key=lambda identity: identity.rule == CELLWISE)
    return [
        Check(
            f"B{number:02}",
            tuple(path for path, times in identity.terms if times > 0),
            tuple(path for path, times in identity.terms if times < 0),
        )
        for number, identity in enumerate(stated[:CHECKS], 1)
    ]


def value(report: Report, path: str) -> Any:
    """What stands in a cell."""
    node: Any = report
    for part in path.split("."):
        node = node[part]
    return node


def put(report: Report, path: str, new: int | None) -> None:
    """Write a cell."""
    *way, last = path.split(".")
    node = report
    for part in way:
        node = node[part]
    node[last] = new


def difference(report: Report, check: Check) -> int:
    """Left minus right, a blank as nothing."""
    left = sum(value(report, path) or 0 for path in check.left)
    return int(left - sum(value(report, path) or 0 for path in check.right))


def clean(checks: list[Check], count: int) -> Iterator[Report]:
    """Reports without a blank whose sums hold."""
    every = (data for _, data in reports(count * 2, years=1))
    right = (r for r in every if None not in r["applications"]["carried_in"].values())
    held = (r for r in right if not any(difference(r, check) for check in checks))
    for _, report in zip(range(count), held, strict=False):
        yield report


# --- faults --------------------------------------------------------------------------------------


def slip(report: Report, checks: list[Check], chance: random.Random) -> str:
    """One cell a little or a digit off."""
    path = _cell(checks, chance)
    true = value(report, path)
    put(report, path, chance.choice([v for v in (true + 1, true - 1, true * 10, true + 10, 0)
                                     if v >= 0 and v != true]))  # fmt: skip
    return path


def zero_blank(report: Report, checks: list[Check], chance: random.Random) -> str:
    """A blank where 0 is right."""
    return _blanked(report, checks, chance, lambda true: true == 0)


def lawful_blank(report: Report, checks: list[Check], chance: random.Random) -> str:
    """A blank where a number above 0 makes the sums hold."""
    return _blanked(report, checks, chance, lambda true: true > 0)


def wrong_blank(report: Report, checks: list[Check], chance: random.Random) -> str:
    """A blank and another cell such that the blank would have to be below 0.

    Every sum without the blank holds: who does not look at blanks cannot see it.
    """
    for _ in range(100_000):
        check = chance.choice(checks)
        blank, other = chance.sample(check.cells, 2)
        touched = [c for c in checks if other in c.cells]
        if any(blank not in c.cells for c in touched):
            continue
        side = check.left if blank in check.left else check.right
        more = value(report, blank) + chance.randint(1, 9)
        new = value(report, other) + (more if other in side else -more)
        if new >= 0:
            put(report, other, new)
            put(report, blank, None)
            return blank
    raise SystemExit("no place for a wrong blank")


def torn_blank(report: Report, checks: list[Check], chance: random.Random) -> str:
    """A blank for which two sums ask different numbers, each of them possible alone."""
    for _ in range(100_000):
        blank = _cell(checks, chance)
        holding = [c for c in checks if blank in c.cells]
        if len(holding) < 2:
            continue
        check = chance.choice(holding)
        other = chance.choice([path for path in check.cells if path != blank])
        if any(blank not in c.cells for c in checks if other in c.cells):
            continue
        same = (blank in check.left) == (other in check.left)
        less = value(report, blank) and chance.randint(1, value(report, blank))
        new = value(report, other) + (less if same else -less)
        if less and new >= 0:
            put(report, other, new)
            put(report, blank, None)
            return blank
    raise SystemExit("no place for a torn blank")


def no_table(report: Report, checks: list[Check], chance: random.Random) -> str:
    """A whole table away."""
    table = chance.choice(sorted({check.left[0].split(".")[0] for check in checks}))
    del report[table]
    return table


def _cell(checks: list[Check], chance: random.Random) -> str:
    return chance.choice(chance.choice(checks).cells)


def _blanked(
    report: Report, checks: list[Check], chance: random.Random, fits: Callable[[int], bool]
) -> str:
    every = sorted({path for check in checks for path in check.cells})
    path = chance.choice([path for path in every if fits(value(report, path))])
    put(report, path, None)
    return path


FAULTS: tuple[tuple[Callable[[Report, list[Check], random.Random], str], int], ...] = (
    (slip, 60),
    (no_table, 10),
    (zero_blank, 5),
    (lawful_blank, 5),
    (wrong_blank, 5),
    (torn_blank, 5),
)


def write(folder: Path, checks: list[Check], count: int) -> dict[str, Planted]:
    """The reports as files, and what is planted in which; the same every time."""
    chance = random.Random(7)
    kinds = [fault for fault, times in FAULTS for _ in range(times)]
    kinds = (kinds + [None] * (count - len(kinds)))[:count]  # type: ignore[list-item]
    chance.shuffle(kinds)
    planted = {}
    folder.mkdir(parents=True)
    for number, (fault, report) in enumerate(zip(kinds, clean(checks, count), strict=True)):
        name, data = f"{number:04}.json", copy.deepcopy(report)
        if fault is not None:
            planted[name] = Planted(fault.__name__, fault(data, checks, chance))
        (folder / name).write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return planted
