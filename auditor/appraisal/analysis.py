"""A rule set analysed for one form: what it forces, contradicts, repeats and cannot see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from auditor.appraisal.blindness import Blindness, blindness
from auditor.appraisal.forced import Forced, Ranges, ranges
from auditor.appraisal.proof import Proof
from auditor.appraisal.redundancy import Implied, implied_equalities, needless_rules
from auditor.form import Form
from auditor.judging.diagnose import solver
from auditor.rulebook.linear import Dated
from auditor.rulebook.relations import EQUAL, Relation, Why, relations
from auditor.rulebook.rule import RuleSet

_MOST = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Group:
    """Cells that the same rules force to one value. `suspects` are the rules in every reason."""

    rules: tuple[str, ...]
    cells: tuple[Forced, ...]
    suspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twice:
    """A sum that counts a cell otherwise than once."""

    relation: Relation
    cell: Dated
    times: Fraction


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows or columns of a table that its sums leave out, though they take nearly all others.

    `across` is true for sums along rows: then `names` are columns' keys, else paths of rows.
    """

    table: str
    across: bool
    names: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is to be said of a rule set on one form.

    `ranges` is None where the solver is not installed: then forced cells were not looked for.
    """

    form: Form
    relations: tuple[Relation, ...]
    beside: Mapping[str, Why]
    ranges: Ranges | None
    groups: tuple[Group, ...]
    implied: tuple[Implied, ...]
    needless: tuple[str, ...]
    twice: tuple[Twice, ...]
    left_out: tuple[LeftOut, ...]
    blind: Mapping[str, Blindness]
    blind_with_prior: Mapping[str, Blindness] = field(default_factory=dict)
    bounded: frozenset[str] = frozenset()

    @property
    def faulty(self) -> bool:
        """Whether rules contradict each other, or leave a cell one value that none states."""
        return bool(self.contradictions or self.groups)

    @property
    def contradictions(self) -> tuple[Proof, ...]:
        """Smallest sets of relations that cannot hold together."""
        return self.ranges.contradictions if self.ranges else ()

    @property
    def stated(self) -> tuple[Forced, ...]:
        """Cells of which a rule says plainly what they must be."""
        return tuple(f for f in self.ranges.forced if f.stated) if self.ranges else ()

    @property
    def complete(self) -> bool:
        """Whether everything was looked for and decided."""
        return self.ranges is not None and not self.ranges.unproven


def analyse(rules: RuleSet, form: Form) -> Analysis:
    """All of it: some tenths of a second for a form of 200 cells."""
    found = relations(rules, form)
    firm = [r for r in found.found if not r.review]
    paths = [cell.path for cell in form.required_fields]
    signed = frozenset(
        cell for r in firm for cell, _ in r.terms if form.fields[cell[0]].minimum is None
    )
    left = ranges(firm, signed) if solver.available() else None
    alone = blindness(firm, paths)
    return Analysis(
        form=form,
        relations=found.found,
        beside=found.beside,
        ranges=left,
        groups=_groups(left.forced) if left else (),
        implied=implied_equalities(firm),
        needless=needless_rules(firm),
        twice=_twice(firm),
        left_out=tuple(_left_out(form, firm)),
        blind=alone,
        blind_with_prior=_changed(alone, blindness(firm, paths, prior=True)),
        bounded=frozenset(
            p for r in firm if r.op != EQUAL for (p, dated), _ in r.terms if not dated
        ),
    )


def _changed(
    alone: Mapping[str, Blindness], beside: Mapping[str, Blindness]
) -> Mapping[str, Blindness]:
    """The cells of which last year's report shows more."""
    return {path: seen for path, seen in beside.items() if seen.least != alone[path].least}


def _groups(forced: Sequence[Forced]) -> tuple[Group, ...]:
    """Forced cells that no rule states, by the fewest rules that force any of them."""
    by_rules: dict[tuple[str, ...], list[Forced]] = {}
    hidden = [one for one in forced if not one.stated]
    cores = sorted({_rules(one) for one in hidden}, key=lambda rules: (len(rules), rules))
    for one in sorted(hidden, key=lambda one: len(one.core)):
        fewest = next(core for core in cores if set(core) <= set(_rules(one)))
        by_rules.setdefault(fewest, []).append(one)
    always = set.intersection(*(set(_rules(one)) for one in hidden)) if hidden else set()
    return tuple(
        Group(rules, tuple(cells), tuple(r for r in rules if r in always) or rules)
        for rules, cells in by_rules.items()
    )


def _rules(one: Forced) -> tuple[str, ...]:
    return tuple(sorted({relation.rule for relation in one.core}))


def _twice(firm: Sequence[Relation]) -> tuple[Twice, ...]:
    """Cells that a sum counts twice, say: written twice, or on both sides."""
    return tuple(
        Twice(relation, cell, abs(x))
        for relation in firm
        if relation.op == EQUAL and len(relation.terms) > 1
        for cell, x in relation.terms
        if abs(x) != 1
    )


def _left_out(form: Form, firm: Sequence[Relation]) -> list[LeftOut]:
    """Lines that the sums of a table do not touch in a direction in which they touch most."""
    sums = [r for r in firm if r.op == EQUAL and len(r.terms) > 2]
    found = []
    for table in form.tables:
        for across in (True, False):
            touched, rules = _touched(form, table.key, sums, across=across)
            lines = _lines(form, table.key, across=across)
            missing = tuple(name for name in lines if name not in touched)
            if missing and len(lines) - len(missing) >= _MOST * len(lines):
                found.append(LeftOut(table.key, across, missing, rules))
    return found


def _lines(form: Form, table: str, *, across: bool) -> tuple[str, ...]:
    rows = [row for row in form.table(table).rows if not row.undivided]
    if across:
        return tuple(dict.fromkeys(f.key for row in rows for f in row.fields))
    return tuple(row.path for row in rows)


def _touched(
    form: Form, table: str, sums: Sequence[Relation], *, across: bool
) -> tuple[set[str], tuple[str, ...]]:
    """The lines that sums in one direction touch, and the rules of these sums."""
    touched: set[str] = set()
    rules: dict[str, None] = {}
    for relation in sums:
        fields = [form.fields[path] for (path, dated), _ in relation.terms if not dated]
        if {f.table for f in fields} != {table}:
            continue
        rows, keys = {f.row for f in fields}, {f.key for f in fields}
        if across and len(rows) == 1 and len(keys) > 1:
            touched |= keys
            rules[relation.rule] = None
        elif not across and len(keys) == 1 and len(rows) > 1:
            touched |= rows
            rules[relation.rule] = None
    return touched, tuple(rules)
