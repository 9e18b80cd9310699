"""breakdown 分项: a total told in the text must be the sum of the parts told after it.

The body: `check` 核 (合计: parts that exceed their total; 不足: parts that fall short of it; 占比:
percentages computed again; 各项: the parts named under `parts` 分, of which one sentence tells two
or more, must add up to one of `equals` 等于), `unless` 除 (words in the sentence that make it no
partition), `doubt` 存疑 (words in the list that let parts overlap: for review), `until` 止于
(words that begin another matter), `near` 须有 (words of which the sentence must have one, for
named parts the one before it, too; of a list that falls short: words that close it; of a share:
words that make it one of `equals`),
`equals` 等于 (also: wholes that shares may be of), `column` 列,
`in` 所在, `reading` 理由.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from auditor.errors import Said
from auditor.model import Evidence, Location, Outcome
from auditor.rulebook.author import renamed
from auditor.rulebook.author import said as said_of
from auditor.rulebook.claims import (
    MASKED,
    Members,
    column_place,
    formulas,
    kept,
    phrases_of,
    texts_of,
    words_of,
)
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula
from auditor.rulebook.job import Fill, Job, evidence
from auditor.rulebook.listings import Count, Listing, counts, listings
from auditor.rulebook.numbers import is_number
from auditor.rulebook.phrases import Hit, Phrases, Words
from auditor.rulebook.prose import BREAK, Prose
from auditor.rulebook.rule import Check, Seen
from auditor.rulebook.scope import Scope
from auditor.rulebook.shares import Share, shares
from auditor.rulebook.statements import HELD, Manner, Standing, Statement, proses_of, statements
from auditor.rulebook.template import shown
from auditor.rulebook.unread import MOST, endless, unread
from auditor.rulebook.weighing import plain

NAME = "breakdown"
ALIAS = "分项"
FILLS = frozenset({"quote", "detail", "actual", "expected", "difference", "place"})
KEYS = {
    "check": "check", "核": "check", "unless": "unless", "除": "unless", "doubt": "doubt",
    "存疑": "doubt", "until": "until", "止于": "until", "near": "near", "须有": "near",
    "parts": "parts", "分": "parts",
    "equals": "equals", "等于": "equals", "column": "column", "列": "column", "in": "in",
    "所在": "in", "reading": "reading", "理由": "reading",
}  # fmt: skip
CHECKS = {"sum": "sum", "合计": "sum", "short": "short", "不足": "short", "share": "share",
           "占比": "share", "parts": "parts", "各项": "parts"}  # fmt: skip
BODY = {
    "type": "object",
    "properties": {key: {"type": ["string", "array", "object"]} for key in KEYS},
    "additionalProperties": False,
    "title": "总数与分项 · a total and its parts",
}
_FAR = 4  # a list that is not closed and leaves out more than a quarter names some parts only
_OVERLAP = Said("分项之间可能有交叉", "the parts may overlap")
_PARTIAL = Said("可能只列举了一部分", "the list may name some parts only")
_OTHER = Said(
    "一项多于总数，可能说的是另一件事",
    "a part that is more than the whole may be of another matter",
)
_BASE = Said("没有说明占什么的比例", "it does not say of what it is a share")


@dataclass(frozen=True, slots=True)
class _Body:
    check: str
    texts: tuple[str, ...]
    unless: tuple[str, ...]
    doubt: tuple[str, ...]
    until: tuple[str, ...]
    near: tuple[str, ...]
    parts: Phrases | None
    equals: tuple[Formula, ...]
    reading: Said | None
    masked: tuple[str, ...] = ()


def keep(body: Any, words: Words) -> Any:
    """The checked body with its phrases compiled."""
    return kept(body, words, KEYS)


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake."""
    body = _body(job)
    if body is None:
        return None
    fill = job.message(column_place(job, _members(job)))
    looks: dict[str, Callable[[_Body, Prose, Facts, Fill], Iterator[Seen | None]]] = {
        "sum": _sums, "short": _sums, "share": _shares, "parts": _parts,
    }  # fmt: skip
    look = looks[body.check]

    def check(facts: Facts) -> Iterator[Seen | None]:
        for prose in proses_of(facts, body.texts):
            for count, seen in enumerate(look(body, prose, facts, fill)):
                if count >= MOST:
                    yield endless(prose.path, facts)
                    break
                yield seen
        yield from unread(body.texts, facts)

    return Check(check)


def _members(job: Job) -> Members:
    entry = job.author.mapping(job.rule.body, job.mark(NAME), Said("分项", "breakdown"))
    return renamed(job.author, entry, KEYS, Said("分项", "breakdown")) if entry else {}


def _body(job: Job) -> _Body | None:
    before = len(job.author.mistakes)
    members = _members(job)
    place = column_place(job, members)
    scope = Scope(job.form, job.table, place, job.thresholds) if place else job.scope()
    check = "sum"
    if "check" in members:
        check = job.author.one_of(*members["check"], CHECKS, Said("核", "check")) or ""
    reading = members.get("reading")
    body = _Body(
        check,
        texts_of(job, *members.get("in", (None, job.mark(NAME)))),
        words_of(job, members, "unless"),
        words_of(job, members, "doubt"),
        words_of(job, members, "until"),
        words_of(job, members, "near"),
        phrases_of(job, members, "parts"),
        formulas(job, members, "equals", scope),
        said_of(job.author, *reading) if reading else None,
        tuple(job.terms.get(MASKED, ())),
    )
    if check == "parts" and (body.parts is None or not body.equals):
        said = Said("核各项要有“分”和“等于”", "'parts' and 'equals' are needed")
        job.author.wrong(job.mark(NAME), said)
    return body if len(job.author.mistakes) == before else None


def _sums(body: _Body, prose: Prose, facts: Facts, fill: Fill) -> Iterator[Seen | None]:
    """Totals and their parts: too much fails, too little is only asked about."""
    for one in listings(prose, body.until):
        start, end = prose.sentence(one.total.start)
        if any(word in prose.text[start:end] for word in body.unless):
            continue
        gap = one.sum - one.total.value
        if one.divided or abs(gap) <= one.slack or (gap > 0) == (body.check == "short"):
            yield None
            continue
        inside = prose.text[one.total.start : one.parts[-1].end]
        if body.check == "short" and _partial(body, one, inside):
            yield None
            continue
        doubt = any(word in inside for word in body.doubt)
        lawful = (body.reading or _OVERLAP) if doubt else None
        if len(one.parts) == 1:
            lawful = lawful or _OTHER
        if body.check == "short":
            lawful = body.reading or _PARTIAL
        yield _listed(one, facts, fill, lawful)


def _partial(body: _Body, one: Listing, inside: str) -> bool:
    """Whether a list is plainly of some parts only: not closed, far off, or of another total."""
    gap = one.total.value - one.sum
    if body.near and gap * _FAR > one.total.value and not _has(inside, body.near):
        return True
    listed = counts(one.prose, one.total.end, one.parts[-1].end)
    if sum(c.value for c in listed) == one.total.value:
        return True  # the parts are told in several units, which add up together
    start = one.prose.text.rfind(BREAK, 0, one.total.start) + 1
    told = counts(one.prose, start, one.total.start)
    return any(c.value == one.sum and c.unit == one.total.unit for c in told)


def _listed(one: Listing, facts: Facts, fill: Fill, lawful: Said | None) -> Seen:
    working = " + ".join(shown(plain(p.value)) for p in one.parts)
    working += f" = {shown(plain(one.sum))} ≠ {shown(plain(one.total.value))}"
    return _seen(one.prose, one.span, one.quote, facts, fill, (one.total.value, one.sum), lawful,
                 working)  # fmt: skip


def _seen(
    prose: Prose, span: tuple[int, int], quote: str, facts: Facts, fill: Fill,
    numbers: tuple[Fraction | None, Fraction], lawful: Said | None, working: str = "",
) -> Seen:  # fmt: skip
    """What judging gets: `numbers` are what it should be and what is told."""
    expected, actual = numbers
    gap = None if expected is None else plain(actual - expected)
    where = facts.label(prose.path.removesuffix(".text"))
    at = (facts.locations.get(prose.path) or Location())._replace(span=span)
    message = fill(facts, {
        "quote": quote, "detail": quote, "actual": shown(plain(actual)),
        "expected": "？" if expected is None else shown(plain(expected)),
        "difference": "？" if gap is None else shown(gap), "place": where,
    })  # fmt: skip
    return Seen(
        Outcome.REVIEW if lawful else Outcome.FAIL, f"{prose.path}:{span[0]}", where,
        (Evidence(prose.path, where, plain(actual), "read", at, quote),), message,
        None if expected is None else plain(expected), plain(actual), gap, working,
        passage=quote, lawful=lawful,
    )  # fmt: skip


def _shares(body: _Body, prose: Prose, facts: Facts, fill: Fill) -> Iterator[Seen | None]:
    """Percentages: of any number told before in the sentence, or of the tables' wholes."""
    for one in shares(prose, body.unless):
        start, end = prose.sentence(one.part.start)
        ours = _has(one.base or prose.text[start:end], body.near)
        values = [v.value(facts) for v in body.equals] if ours else []
        bases = [*one.bases, *(Fraction(v) for v in values if is_number(v))]
        if not bases:
            continue
        if any(one.fits(base) for base in bases):
            yield None
            continue
        yield _share(one, bases, facts, fill, ours=ours)


def _has(text: str, words: tuple[str, ...]) -> bool:
    return not words or any(word in text for word in words)


def _share(one: Share, bases: list[Fraction], facts: Facts, fill: Fill, *, ours: bool) -> Seen:
    parts = [one.part.value / b * 100 for b in bases if b > 0]
    told = one.percent.value
    best = min(parts, key=lambda p: abs(p - told), default=None)
    named = ours and ("总" in one.base or "全" in one.base)
    return _seen(one.prose, one.span, one.quote, facts, fill, (best, told),
                 None if named else _BASE)  # fmt: skip


def _parts(body: _Body, prose: Prose, facts: Facts, fill: Fill) -> Iterator[Seen | None]:
    """Named parts that one sentence tells must add up to one of the facts."""
    for mine in _together(body, prose, facts.period):
        yield _added(body, mine, facts, fill)


def _together(body: _Body, prose: Prose, period: int | None) -> Iterator[list[Statement]]:
    """The named parts of each sentence that tells two or more."""
    assert body.parts is not None
    manner = Manner(
        unless=body.unless, near=body.near, carried=True, masked=body.masked,
        whole=False, scaled=None,
    )  # fmt: skip
    told = [
        s
        for s in statements([prose], body.parts, None, manner, period)
        if s.standing in HELD and s.figure.side is None
    ]
    for start, end in prose.passages if len(told) > 1 else ():
        mine = [s for s in told if start <= s.hit.start < end]
        if len(mine) >= 2:
            yield mine


def _added(body: _Body, told: list[Statement], facts: Facts, fill: Fill) -> Seen | None:
    whole = sum((s.figure.value for s in told), Fraction(0))
    values = [v.value(facts) for v in body.equals]
    known = [Fraction(v) for v in values if is_number(v)]
    if whole in known:
        return None
    prose, first, last = told[0].prose, told[0].hit, told[-1].hit
    span, quote = prose.span(first.start, last.end), prose.printed(first.start, last.end)
    best = min(known, key=lambda v: abs(v - whole), default=None)
    lawful = body.reading or _OVERLAP
    base = _seen(prose, span, quote, facts, fill, (best, whole), lawful)
    if len(known) < len(values):
        said = Said("未能读取对应的单元格", "the cells concerned could not be read")
        base = replace(base, outcome=Outcome.OPEN, message=said, lawful=None)
    cells = [e for v in body.equals for e in evidence(facts, v.explain(facts))]
    return replace(base, evidence=(*base.evidence, *cells))


def mentions(job: Job) -> Callable[[Facts], Iterator[Statement]] | None:
    """Every figure in the narrative that the rule adds up or computes again."""
    body = _body(job)
    if body is None:
        return None

    def look(facts: Facts) -> Iterator[Statement]:
        for prose in proses_of(facts, body.texts):
            if body.check == "parts":
                for mine in _together(body, prose, facts.period):
                    yield from mine
                continue
            for c in _looked_at(body, prose):
                hit = Hit(c.start, c.end, c.start, c.end)
                yield Statement(prose, hit, c.figure, Standing.PLAIN)

    return look


def _looked_at(body: _Body, prose: Prose) -> list[Count]:
    if body.check == "share":
        return [one.part for one in shares(prose, body.unless)]
    return [c for one in listings(prose, body.until) for c in (one.total, *one.parts)]
