"""Messages that do not show what they speak of: without its numbers an accusation is hearsay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.errors import Said
from auditor.form import Form
from auditor.rulebook.functions import FUNCTIONS
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.template import SPECIAL
from auditor.rulebook.tree import Binary, Call, Constant, Name, Number, walk
from auditor.workbench.expressions import expressions
from auditor.workbench.spots import whole

_HOLE = re.compile(r"\{([^{}]+)\}")
_QUOTING = frozenset({"quote", "detail", "count", "place", "actual", "expected", "difference"})
_HIDDEN = ("all", "0-0")


def shows_nothing(
    rule: Rule, rules: RuleSet, forms: Sequence[Form]
) -> Iterator[tuple[Mark | None, Said, Said]]:
    """The message of a rule about numbers, or about words, that has none of them in it."""
    if rule.message is None or rule.mask in _HIDDEN:
        return
    for said in dict.fromkeys((rule.message.zh, rule.message.en)):
        holes = [hole.strip() for hole in _HOLE.findall(said)]
        told = bool(holes) if rule.verb in ("assert", "forbid") else _quotes(holes)
        told = told or ("0" in said and _zero(rule))
        if told or not _wants_numbers(rule, rules, forms):
            continue
        zh = f"{rule.id} 的说明没有写出所依据的数或文字"
        en = f"the message of {rule.id} does not show what it rests on"
        yield rule.marks.get("message"), Said(zh, en), _mend(rule)
        return


def _quotes(holes: Sequence[str]) -> bool:
    return any(SPECIAL.get(hole) in _QUOTING or hole not in SPECIAL for hole in holes)


def _zero(rule: Rule) -> bool:
    """Whether a breach means that something is 0: then the digit is the number."""
    wrong = (one.node for one in expressions(rule) if one.key == "forbid")
    return any(
        isinstance(node, Binary) and node.op == "==" and Number(0) in (node.left, node.right)
        for node in wrong
    )


def _mend(rule: Rule) -> Said:
    if rule.verb in ("assert", "forbid"):
        return Said("在花括号里写式子，如 {总计}", "write an expression in braces, as {total}")
    return Said("写上 {quote} 或 {place}", "write {quote} or {place}")


def _wants_numbers(rule: Rule, rules: RuleSet, forms: Sequence[Form]) -> bool:
    """Whether the rule looks at a number, or at words that it can quote."""
    if rule.verb == "avoid" or rule.verb in ("claim", "breakdown"):
        return True
    if rule.verb not in ("assert", "forbid"):
        return False
    return any(_counts(one.text, rule, rules, forms) for one in expressions(rule)
               if one.key == rule.verb)  # fmt: skip


def _counts(text: str, rule: Rule, rules: RuleSet, forms: Sequence[Form]) -> bool:
    spot = next(iter(whole(rule, text, rules, forms)), None)
    if spot is None:
        return False
    for node in walk(spot.node):
        if isinstance(node, Call) and FUNCTIONS[node.name].gives == "number":
            return True
        if isinstance(node, Name) and not rule.for_each and _is_cell(spot.scope(node), spot.form):
            return True
    return bool(rule.for_each)


def _is_cell(meant: tuple[str, ...] | Constant, form: Form) -> bool:
    if isinstance(meant, Constant):
        return False
    return any(path in form.fields or form.is_number(path) for path in meant)
