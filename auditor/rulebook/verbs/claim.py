"""claim 所述: what the narrative says of a quantity must equal a fact of the tables.

The body, or a list of such: `says` 称 (phrases with {n}), `none` 称无 (phrases that mean zero),
`equals` 等于 (expressions, one of which must be the number told), `lawful` 或可 (expressions that
the number may lawfully be: for review), `near` 须有 (words of which the sentence must have one),
`not_near` 须无 (none of them), `sure` 明言 (without one of them in the sentence it is for
review), `after` 承 and `not_after` 不承 (the nearest of both before it must be one of the first),
`unless` 除 (words in the clause that make it another matter), `doubt` 存疑 (words that leave
another reading: for review), `around` 句疑 (the same, anywhere in the sentence), `column` 列
(with 表: names are rows of this column; where it is printed blank, the sum of the row's other
columns stands in), `in` 所在, `whole` 总数 (否: a part after 其中 counts, too), `period` 时期
(任何: of any period; 上年, 下年: of the year before or after), `scale` 写法 (万: only numbers in
万), `fewer` 偏少 (复核: fewer than the table is for review), `check` 核 (变化: compared with last
year; 一致: all mentions must agree; 上限: the number told must not exceed the expression; 比率: it
is the expression, rounded), `split` 分说 (是: the number may be told in parts that add up: for
review), `carried` 承前 (是: a word of 须有 may stand up to two sentences before: for review),
`unsaid` 须无句 (phrases of which the sentence must say none), `reading` 理由.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from auditor.rulebook.claims import kept, mentioned, read_claims
from auditor.rulebook.facts import Facts
from auditor.rulebook.job import Job
from auditor.rulebook.phrases import Gist, Words
from auditor.rulebook.rule import Check, Seen
from auditor.rulebook.siblings import Heard, settled
from auditor.rulebook.statements import Statement
from auditor.rulebook.unread import unread
from auditor.rulebook.weighing import weigh

NAME = "claim"
ALIAS = "所述"
FILLS = frozenset({"quote", "detail", "actual", "expected", "difference"})
KEYS = {
    "says": "says", "称": "says", "none": "none", "称无": "none", "equals": "equals",
    "等于": "equals", "lawful": "lawful", "或可": "lawful", "unless": "unless", "除": "unless",
    "doubt": "doubt", "存疑": "doubt", "around": "around", "句疑": "around",
    "column": "column", "列": "column", "in": "in",
    "所在": "in", "whole": "whole", "总数": "whole", "period": "period", "时期": "period",
    "scale": "scale", "写法": "scale", "fewer": "fewer", "偏少": "fewer", "check": "check",
    "核": "check", "near": "near",
    "sure": "sure", "明言": "sure", "not_near": "not_near",
    "须无": "not_near", "须有": "near", "after": "after", "承": "after",
    "not_after": "not_after", "不承": "not_after", "reading": "reading", "理由": "reading",
    "split": "split", "分说": "split", "carried": "carried", "承前": "carried",
    "unsaid": "unsaid", "须无句": "unsaid",
}  # fmt: skip
_BODY = {
    "type": "object",
    "properties": {key: {"type": ["string", "array", "boolean", "object"]} for key in KEYS},
    "additionalProperties": False,
}
BODY = {
    "type": ["object", "array"],
    "properties": _BODY["properties"],
    "additionalProperties": False,
    "items": _BODY,
    "title": "文中所述与表中的数 · what the text says and the table holds",
}


def keep(body: Any, words: Words) -> Any:
    """The checked body with its phrases compiled."""
    return kept(body, words, KEYS)


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake."""
    claims = read_claims(job, KEYS)
    if claims is None:
        return None
    fill = job.message(claims[0].place)
    texts = tuple(dict.fromkeys(path for claim in claims for path in claim.texts))
    gist = Gist((claim.says, claim.none) for claim in claims)

    def check(facts: Facts) -> Iterator[Seen | None]:
        seen_at: set[tuple[str, int]] = set()
        spoken = gist.spoken(tuple(facts.prose.values()))
        heard: list[Heard] = []
        for number in sorted(spoken):
            heard += weigh(claims[number], facts, fill, seen_at, spoken[number])
        yield from settled(heard)
        yield from unread(texts, facts)

    def glance(facts: Facts) -> int | None:
        if not all(path in facts.values for path in texts):
            return None
        return None if gist.spoken(tuple(facts.prose.values())) else 0

    return Check(check, glance=glance)


def mentions(job: Job) -> Callable[[Facts], Iterator[Statement]] | None:
    """Every figure in the narrative that the rule looks at, those it sets aside included."""
    claims = read_claims(job, KEYS)
    if claims is None:
        return None

    def look(facts: Facts) -> Iterator[Statement]:
        from auditor.rulebook.changes import told_with

        for claim, statement in mentioned(claims, facts):
            yield from told_with(statement) if claim.check == "change" else (statement,)

    return look
