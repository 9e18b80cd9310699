"""avoid 忌用: these words or patterns must not occur.

What is looked for: `words` 词, `patterns` 式 (RE2, linear in time), `lists` 词表 (names of word
lists). Where: `in` 所在 (names of texts; all of the form by default; `headings` 标题; `everywhere`
全文: also what belongs to no part of the form).

What is no finding after all: a match that one of `unless` 除非 overlaps; one that has none of
`near` 附近, or one of `not_near` 附近无, in its sentence; one that fails `verify` 校验 (a check
digit). `at_least` 至少: distinct matches that must occur before it is a finding. `per` 按: one
finding for each distinct match (`each` 处), or one for the `report` 篇.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from auditor.errors import Said
from auditor.model import Evidence, Outcome
from auditor.rulebook.facts import Facts
from auditor.rulebook.job import Fill, Job
from auditor.rulebook.looking import KEYS, Hit, Looking, looking
from auditor.rulebook.rule import Check, Seen
from auditor.rulebook.template import Found
from auditor.rulebook.veil import Veil

NAME = "avoid"
ALIAS = "忌用"
FILLS = frozenset({"quote", "detail", "place", "count", "expected"})
_CONTEXT = 12
_MOST = 5  # distinct matches in one text; more say nothing new
_SHOWN = 20  # findings of one rule
BODY = {
    "type": ["array", "object"],
    "items": {"type": "string"},
    "properties": {key: {"type": ["string", "array", "integer"]} for key in KEYS},
    "additionalProperties": False,
    "title": "词和式样 · words and patterns",
}


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake."""
    what = looking(job, NAME)
    if what is None:
        return None
    fill, sieve = job.message(), job.sieve
    number = sieve.add(what.texts, what.expression)
    needed = frozenset(what.texts) - what.optional

    def check(facts: Facts) -> Iterator[Seen | None]:
        complete = facts.values.keys() >= needed
        if complete and not sieve.may_match(number, facts.values):
            yield None
            return
        unread = [] if complete else _unread_paths(what, facts)
        yield from (_unread(path, facts) for path in unread)
        yield from _found(what, facts, fill, job.rule.mask)

    def glance(facts: Facts) -> int | None:
        complete = facts.values.keys() >= needed
        return 1 if complete and not sieve.may_match(number, facts.values) else None

    return Check(check, glance=glance)


def _unread_paths(what: Looking, facts: Facts) -> list[str]:
    absent = (p for p in what.texts if p not in facts.values and p not in what.optional)
    return [path for path in absent if not facts.missing(path)]


def _found(what: Looking, facts: Facts, fill: Fill, mask: str) -> Iterator[Seen | None]:
    most = None if mask else _MOST  # what must be hidden must be found to the last
    hits = [hit for path in what.texts for hit in what.hits(path, facts.values.get(path), most)]
    if len({hit.word for hit in hits}) < what.at_least:
        yield None
    elif what.whole:
        yield _together(hits, facts, fill, Veil(mask))
    else:
        veil = Veil(mask)
        yield from (_seen(hit, facts, fill, veil) for hit in (hits[:_SHOWN] if mask else hits))
        rest = tuple(s for hit in hits[_SHOWN:] for s in veil.secrets(hit))
        if rest:
            last = _seen(hits[_SHOWN], facts, fill, veil)
            yield replace(last, secrets=rest)


def _seen(hit: Hit, facts: Facts, fill: Fill, veil: Veil) -> Seen:
    where, word = facts.label(hit.path.removesuffix(".text")), veil.shown(hit)
    found: Found = {
        "quote": word, "detail": word, "place": where, "count": "1",
        "expected": "／".join(hit.right),
    }  # fmt: skip
    return Seen(
        Outcome.FAIL,
        f"{hit.path}:{veil.key(hit)}",
        where,
        (_evidence(hit, facts, veil),),
        fill(facts, found),
        passage=word,
        secrets=veil.secrets(hit),
    )


def _together(hits: list[Hit], facts: Facts, fill: Fill, veil: Veil) -> Seen:
    """One finding for all of them, so that a habit of writing is one fault."""
    words = list(dict.fromkeys(veil.shown(hit) for hit in hits))
    labels = list(dict.fromkeys(facts.label(hit.path.removesuffix(".text")) for hit in hits))
    where = Said("、".join(x.zh for x in labels), ", ".join(x.en for x in labels))
    quote = "、".join(words)
    found: Found = {"quote": quote, "detail": quote, "place": where, "count": str(len(hits))}
    return Seen(
        Outcome.FAIL,
        "*",
        where,
        tuple(_evidence(hit, facts, veil) for hit in hits),
        fill(facts, found),
        secrets=tuple(secret for hit in hits for secret in veil.secrets(hit)),
    )


def _evidence(hit: Hit, facts: Facts, veil: Veil) -> Evidence:
    before = hit.text[max(0, hit.start - _CONTEXT) : hit.start]
    after = hit.text[hit.end : hit.end + _CONTEXT]
    quote = veil.shown(hit) if veil.all else f"{before}{veil.shown(hit)}{after}"
    label: Any = facts.label(hit.path.removesuffix(".text"))
    return Evidence(
        hit.path, label, None, "read", facts.locations.get(hit.path), quote.replace("\n", " ")
    )


def _unread(path: str, facts: Facts) -> Seen:
    where = facts.label(path.removesuffix(".text"))
    message = Said(f"未能读取：{where.zh}", f"could not be read: {where.en}")
    evidence = Evidence(path, where, None, "open", facts.locations.get(path))
    return Seen(Outcome.OPEN, path, where, (evidence,), message)
