"""Numbers written into expressions that should be thresholds: dated, cited, open to staff.

No threshold, and therefore allowed, are: 0 and 1 (nothing, some, one more, one less, the whole);
a power of ten as a factor, which is a unit (ten thousand yuan) or the place of a year in a date;
the first and the last day of the year beside a date; the quartiles of `quantile`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from auditor.errors import Said
from auditor.rulebook.marks import Mark
from auditor.rulebook.placing import placed
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.tree import Binary, Call, Node, Number, children, walk
from auditor.text import written
from auditor.workbench.expressions import Written, expressions

_FIRST_AND_LAST_DAY = (101, 1231)
_QUARTILES = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))
_LEAST_UNIT = 10
_DATES = frozenset({"ymd", "month_day"})
_MEND = Said(
    "在 ruleset.yaml 的“阈值”里起个名称、写明年份和依据，这里写名称",
    "name it under 'thresholds' in ruleset.yaml, with its year and basis, and write the name here",
)


def bare_numbers(rule: Rule, rules: RuleSet) -> Iterator[tuple[Mark | None, Said, Said]]:
    """Every number that should be a threshold: (where, what, how to mend it)."""
    text = rules.authors[rule.file].text
    for one in expressions(rule):
        for number in _bare(one):
            at = placed(text, one.mark, one.text, number.start, number.end) if one.mark else None
            shown = one.text[number.start : number.end] or written(number.value)
            said = Said(f"{rule.id} 的式子里有裸数 {shown}", f"a bare number {shown} in {rule.id}")
            yield at, said, _MEND


def _bare(one: Written) -> Iterator[Number]:
    """The numbers of an expression that nothing excuses."""
    dated = any(isinstance(n, Call) and n.name in _DATES for n in walk(one.node))
    stack: list[tuple[Node, Node | None]] = [(one.node, None)]
    while stack:
        node, parent = stack.pop()
        if isinstance(node, Number) and not _excused(node, parent, dated=dated):
            yield node
        stack += [(child, node) for child in reversed(children(node))]


def _excused(number: Number, parent: Node | None, *, dated: bool) -> bool:
    value = number.value
    if value in (0, 1) or (dated and value in _FIRST_AND_LAST_DAY):
        return True
    if isinstance(parent, Call) and parent.name == "quantile":
        return value in _QUARTILES
    factor = isinstance(parent, Binary) and parent.op in ("*", "/")
    return factor and _is_unit(value)


def _is_unit(value: int | Decimal) -> bool:
    """10, 100, 1000 …: a change of units."""
    return value >= _LEAST_UNIT and set(written(value)[1:]) == {"0"} and written(value)[0] == "1"
