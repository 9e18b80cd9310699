"""What a narrative tells in numbers, as a list: tied to a check, or the reason why not."""

from __future__ import annotations

from auditor.catalogue import columns
from auditor.errors import Said
from auditor.rulebook.facts import Facts
from auditor.rulebook.mentions import Mention, mentions
from auditor.rulebook.rule import RuleSet

_QUOTE = 36


def page(name: str, rules: RuleSet, facts: Facts, lang: str) -> str:
    """Every number with a unit: section, number, words, and the rules or the reason."""
    found = list(mentions(rules, facts))
    tied = sum(bool(m.rules) for m in found)
    head = Said(
        f"{name}：文字中带单位的数 {len(found)} 个，有规则核对的 {tied} 个",
        f"{name}: {len(found)} numbers with a unit in the text, {tied} tied to a check",
    )
    rows = [_row(m, facts, lang) for m in found]
    return "\n".join((head.inside(lang), columns(rows)))


def _row(mention: Mention, facts: Facts, lang: str) -> tuple[str, ...]:
    where = facts.label(mention.path.removesuffix(".text")).inside(lang)
    quote = " ".join(mention.quote.split())
    short = quote if len(quote) <= _QUOTE else "…" + quote[-_QUOTE:]
    why = mention.reason.inside(lang) if mention.reason else ""
    if not mention.rules:
        return where, mention.printed, short, f"– {why}"
    rules = " ".join(mention.rules)
    checked = Said(f"由 {rules} 核对", f"checked by {rules}")
    return where, mention.printed, short, checked.inside(lang)
