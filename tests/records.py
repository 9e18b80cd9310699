"""Random consistent reports and random slips, for tests and benchmarks of localisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from auditor.form import Form
from auditor.model import Value
from auditor.rulebook.examples import valid
from auditor.rulebook.facts import Facts

FLOWS = ("new", "carried_in", "total", "carried_out")
BUSY = ("natural_person", "commercial_enterprise", "other")

Slip = Callable[[Random, dict[str, Value], str], int]


def record(form: Form, random: Random) -> Facts:
    """A report whose tables three and four hold in every sum."""
    values = dict(valid(form).values)
    table = form.table("applications")
    rows = [r for r in table.rows if not r.undivided]
    keys = [f.key for f in rows[0].fields]
    results = [r.path for r in rows if r.path.removeprefix("applications.") not in FLOWS]
    for key in keys[:-1]:
        busy = key in BUSY
        counts = [_count(random, busy) for _ in results]
        total = sum(counts)
        out = random.randint(0, 5) if total else 0
        carried = random.randint(0, min(4, total + out))
        values |= {f"{path}.{key}": n for path, n in zip(results, counts, strict=True)}
        flows = (total + out - carried, carried, total, out)
        values |= {f"applications.{f}.{key}": n for f, n in zip(FLOWS, flows, strict=True)}
    for row in rows:
        values[f"{row.path}.{keys[-1]}"] = sum(int(values[f"{row.path}.{k}"]) for k in keys[:-1])
    for row in form.table("disputes").rows:
        parts = [random.choice((0, 0, 1, 3, 20)) for _ in row.fields[:-1]]
        numbers = (*parts, sum(parts))
        values |= {f.path: n for f, n in zip(row.fields, numbers, strict=True)}
    return replace(valid(form), values=values)


def _count(random: Random, busy: bool) -> int:
    return random.choice((0, 0, 0, 1, 2, 5, random.randint(0, 300)) if busy else (0,) * 8 + (1,))


# --- slips: those that the ranking knows, and others ---------------------------------------------


def _zero(random: Random, values: dict[str, Value], path: str) -> int:
    return 0


def _transposed(random: Random, values: dict[str, Value], path: str) -> int:
    digits = list(str(values[path]))
    at = random.randrange(len(digits) - 1) if len(digits) > 1 else 0
    digits[at : at + 2] = reversed(digits[at : at + 2])
    return int("".join(digits))


def _dropped(random: Random, values: dict[str, Value], path: str) -> int:
    digits = str(values[path])
    at = random.randrange(len(digits))
    return int(digits[:at] + digits[at + 1 :] or "0")


def _few(random: Random, values: dict[str, Value], path: str) -> int:
    return max(0, int(values[path]) + random.choice((-3, -2, -1, 1, 2, 3)))


def _anything(random: Random, values: dict[str, Value], path: str) -> int:
    return random.randint(0, 400)


def _neighbour(random: Random, values: dict[str, Value], path: str) -> int:
    """The figure of another cell of the same row: copied from beside."""
    row = path.rpartition(".")[0]
    return int(random.choice([v for p, v in values.items() if p.rpartition(".")[0] == row]))


def _tenfold(random: Random, values: dict[str, Value], path: str) -> int:
    return int(values[path]) * 10


KNOWN: tuple[Slip, ...] = (_zero, _transposed, _dropped, _few)
OTHER: tuple[Slip, ...] = (_anything, _neighbour, _tenfold)


def cells(form: Form) -> list[str]:
    """The cells of tables three and four."""
    tables = (form.table("applications"), form.table("disputes"))
    return [f.path for t in tables for f in t.fields()]


def slipped(
    facts: Facts, random: Random, count: int, kinds: tuple[Slip, ...] = KNOWN
) -> tuple[Facts, dict[str, int]]:
    """The report with this many wrong cells, and what stood in them."""
    values, true = dict(facts.values), dict[str, int]()
    places = cells(facts.form)
    while len(true) < count:
        path = random.choice(places)
        wrong = random.choice(kinds)(random, values, path)
        if path not in true and wrong != values[path]:
            true[path] = int(values[path])
            values[path] = wrong
    return replace(facts, values=values), true
