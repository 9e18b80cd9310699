"""Mistakes that no single rule shows by itself: they would make it silent, or say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from auditor.errors import ExpressionError, Said
from auditor.form import Form
from auditor.rulebook.author import Author, near
from auditor.rulebook.expression import parse
from auditor.rulebook.numbers import COMPARE
from auditor.rulebook.placing import placed
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.template import SPECIAL
from auditor.rulebook.tree import Binary, Node, Text, operands
from auditor.rulebook.verbs import verbs

_HOLE = re.compile(r"\{([^{}]*)\}")
_SIDES = frozenset({"expected", "actual", "difference"})


def oversights(rules: RuleSet, forms: Sequence[Form], authors: Mapping[str, Author]) -> None:
    """Note what would never be asked, never be filled, or mean something else than it says."""
    _forms(rules, forms, authors)
    _shadowing(rules, forms, authors)
    for rule in rules.rules:
        _holes(rule, authors[rule.file])


def _forms(rules: RuleSet, forms: Sequence[Form], authors: Mapping[str, Author]) -> None:
    """A rule for a form that there is not would be silent for ever."""
    known = [form.id for form in forms if form.refuse is None]
    own = rules.defined.get(("forms", ""))
    named = [(own.file, own.mark, rules.forms)] if own is not None else []
    named += [(r.file, m, r.forms) for r in rules.rules if (m := r.marks.get("forms"))]
    for file, mark, ids in named:
        for name in ids:
            if name not in known:
                author = authors[file]
                at = placed(author.text, mark, name, 0, len(name))
                said = Said(f"没有这种表式 '{name}'", f"unknown form '{name}'")
                mend = Said(f"可以是：{'、'.join(known)}", f"it may be: {', '.join(known)}")
                author.wrong(at, said, near(str(name), known), mend)


def _shadowing(rules: RuleSet, forms: Sequence[Form], authors: Mapping[str, Author]) -> None:
    """A threshold or list that is called like a fact would be read in its place."""
    facts = {part for form in forms for name in form.names for part in (name.rpartition(".")[2],)}
    for (kind, name), at in rules.defined.items():
        if kind in ("thresholds", "words") and name in facts:
            said = Said(f"“{name}”已是表中的名称", f"'{name}' is a name of the form already")
            mend = Said("换一个名称", "give it another name")
            authors[at.file].wrong(at.mark, said, mend=mend)


def _holes(rule: Rule, author: Author) -> None:
    """A special word that this kind of rule never fills would be printed as ？."""
    if rule.message is None:
        return
    fills = verbs()[rule.verb].FILLS
    if rule.verb == "assert" and not _compares(rule.body):
        fills = fills - _SIDES
    mark = rule.marks.get("message")
    for text in dict.fromkeys((rule.message.zh, rule.message.en)):
        for start, end, hole in _special(text):
            if SPECIAL[hole] in fills:
                continue
            at = placed(author.text, mark, text, start, end) if mark else None
            said = Said(f"这里没有“{hole}”可填", f"there is no '{hole}' to fill in here")
            author.wrong(at, said, mend=_fillable(fills))
            return


def _special(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _HOLE.finditer(text):
        if found.group(1).strip() in SPECIAL:
            yield found.start(1), found.end(1), found.group(1).strip()


def _fillable(fills: frozenset[str]) -> Said:
    chinese = [word for word, key in SPECIAL.items() if key in fills and word != key]
    words = "、".join(f"{{{word}}}" for word in chinese)
    english = ", ".join(f"{{{word}}}" for word in sorted(fills))
    zh, en = "写式子，如 {总计}", "write an expression"
    return Said(f"可用 {words}，或{zh}" if words else zh, f"use {english}, or {en}")


def _compares(body: object) -> bool:
    """Whether a failing expression has two sides to tell: see explain."""
    if not isinstance(body, str):
        return False
    try:
        node = parse(body)
    except ExpressionError:
        return True  # noted elsewhere
    parts = operands(node, "and") if _op(node) == "and" else operands(node, "or")[:1]
    return any(_of_numbers(part) for part in parts)


def _op(node: Node) -> str:
    return node.op if isinstance(node, Binary) else ""


def _of_numbers(node: Node) -> bool:
    texts = isinstance(node, Binary) and (
        isinstance(node.left, Text) or isinstance(node.right, Text)
    )
    return _op(node) in COMPARE and not texts
