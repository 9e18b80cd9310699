"""Claims: the body of a `claim` rule, read and checked for one form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, TypeAlias

from auditor.errors import ExpressionError, Said
from auditor.form import Form
from auditor.rulebook.author import renamed
from auditor.rulebook.entry import YES
from auditor.rulebook.entry import said as said_of
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import TABLES, Facts
from auditor.rulebook.figures import Figure
from auditor.rulebook.formula import Formula
from auditor.rulebook.job import Job
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.phrases import Phrases, Words, phrases
from auditor.rulebook.prose import Prose
from auditor.rulebook.scope import Place, Scope, places
from auditor.rulebook.statements import HELD, Manner, Statement, proses_of, statements
from auditor.rulebook.tree import Name

Members: TypeAlias = Mapping[str, tuple[Any, Mark | None]]
_PERIODS = {"this": "this", "本年": "this", "any": "any", "任何": "any", "last": "last",
            "上年": "last", "next": "next", "下年": "next"}  # fmt: skip
_SCALES = {"plain": False, "个": False, "wan": True, "万": True, "any": None, "任何": None}
_FEWER = {"fail": False, "不合格": False, "review": True, "复核": True}
_CHECKS = {"value": "value", "数值": "value", "change": "change", "变化": "change",
           "same": "same", "一致": "same", "most": "most", "上限": "most",
           "rate": "rate", "比率": "rate"}  # fmt: skip
# Lists of the rule set that hold for every statement.
MASKED, WIDE, OWN, ENDINGS, VERBS = "非时期", "他口径", "本口径", "单位尾", "单位所为"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: what is looked for, and what it must equal."""

    texts: tuple[str, ...]
    says: Phrases | None
    none: Phrases | None
    sums: Callable[[], tuple[tuple[Formula, ...], tuple[Formula, ...]]]
    manner: Manner
    check: str = "value"
    fewer: bool = False
    split: bool = False
    reading: Said | None = None
    place: Place | None = None
    table: str = ""

    @property
    def equals(self) -> tuple[Formula, ...]:
        """The accepted expressions, bound when the first statement is found."""
        return self.sums()[0]

    @property
    def lawful(self) -> tuple[Formula, ...]:
        """The expressions that the number may lawfully be."""
        return self.sums()[1]

    def agrees(self, told: Figure, exact: Fraction) -> bool:
        """Whether the figure told may stand beside what an expression comes to."""
        if self.check == "most":
            return told.value <= exact
        return told.rounds(exact) if self.check == "rate" else told.may_be(exact)

    def rows(self, form: Form) -> Mapping[str, tuple[str, ...]]:
        """For each cell of the claim's column the other cells of its row."""
        return rows_of(form, self.table, self.place.column) if self.place else {}

    def statements(
        self, facts: Facts, within: Sequence[Prose] | None = None
    ) -> Iterator[Statement]:
        """Every mention in the report's texts, or in those of them that can hold any."""
        if within is None:
            proses = proses_of(facts, self.texts)
        else:
            proses = [prose for prose in within if prose.path in self.texts]
        return statements(proses, self.says, self.none, self.manner, facts.period)


def mentioned(claims: Sequence[Claim], facts: Facts) -> list[tuple[Claim, Statement]]:
    """Every figure that a rule looks at, once: with the claim for which it counts, as `weigh` takes
    it, else with the first that sets it aside."""
    found: dict[tuple[str, int, int], tuple[Claim, Statement]] = {}
    for claim in claims:
        for statement in claim.statements(facts):
            hit = statement.hit
            place = (statement.prose.path, hit.number, hit.start if hit.number < 0 else 0)
            before = found.get(place)
            if before is None or (before[1].standing not in HELD and statement.standing in HELD):
                found[place] = claim, statement
    return list(found.values())


def read_claims(job: Job, keys: Mapping[str, str]) -> tuple[Claim, ...] | None:
    """The claims of a rule's body; None after a noted mistake."""
    node = job.rule.body
    bodies = node if isinstance(node, list) else [node]
    before = len(job.author.mistakes)
    found = []
    for body in bodies:
        entry = job.author.mapping(body, job.mark(job.rule.verb), Said("所述", "claim"))
        if entry is None:
            continue
        claim = _claim(job, renamed(job.author, entry, keys, Said("所述", "claim")), entry.mark)
        if claim is not None:
            found.append(claim)
    return tuple(found) if found and len(job.author.mistakes) == before else None


def _claim(job: Job, members: Members, mark: Mark) -> Claim | None:
    says, none = (phrases_of(job, members, key) for key in ("says", "none"))
    if says is None and none is None:
        said = Said("所述要有“称”或“称无”", "a claim needs 'says' or 'none'")
        job.author.wrong(mark, said)
        return None
    place = column_place(job, members)
    scope = Scope(job.form, job.table, place, job.thresholds) if place else job.scope()
    check = _option(job, members, "check", _CHECKS, "value")

    @cache
    def sums() -> tuple[tuple[Formula, ...], tuple[Formula, ...]]:
        return (
            formulas(job, members, "equals", scope),
            formulas(job, members, "lawful", scope),
        )

    if job.checking and not sums()[0] and check != "same":
        job.author.wrong(mark, Said("所述缺少“等于”", "a claim needs 'equals'"))
        return None
    reading = members.get("reading")
    return Claim(
        texts=texts_of(job, *members.get("in", (None, mark))),
        says=says,
        none=none,
        sums=sums,
        manner=_manner(job, members),
        check=check,
        fewer=_option(job, members, "fewer", _FEWER, False),
        split=_option(job, members, "split", YES, False),
        reading=said_of(job.author, *reading) if reading else None,
        place=place,
        table=job.table.key if job.table else "",
    )


def _manner(job: Job, members: Members) -> Manner:
    words = job.terms
    return Manner(
        unless=words_of(job, members, "unless"),
        doubt=words_of(job, members, "doubt"),
        around=words_of(job, members, "around"),
        near=words_of(job, members, "near"),
        sure=words_of(job, members, "sure"),
        not_near=words_of(job, members, "not_near"),
        after=words_of(job, members, "after"),
        not_after=words_of(job, members, "not_after"),
        wide=words.get(WIDE, ()),
        own=words.get(OWN, ()),
        endings=tuple(words.get(ENDINGS, ())),
        verbs=tuple(words.get(VERBS, ())),
        masked=tuple(words.get(MASKED, ())),
        unsaid=phrases_of(job, members, "unsaid"),
        carried=_option(job, members, "carried", YES, False),
        whole=_option(job, members, "whole", YES, True),
        period=_option(job, members, "period", _PERIODS, "this"),
        scaled=_option(job, members, "scale", _SCALES, False),
    )


def _option(job: Job, members: Members, key: str, words: Mapping[Any, Any], default: Any) -> Any:
    if key not in members:
        return default
    node, mark = members[key]
    if isinstance(node, str | bool) and node in words:
        return words[node]
    job.author.one_of(node, mark, words, Said(key, key))
    return default


def phrases_of(job: Job, members: Members, key: str) -> Phrases | None:
    """The phrases under a key; None where there are none or after a noted mistake."""
    if key not in members:
        return None
    node, mark = members[key]
    if isinstance(node, Phrases):  # compiled when the rule was checked
        return node
    templates = [str(t) for t in (node if isinstance(node, list) else [node])]
    with job.author.expression(mark, "、".join(templates)):
        return phrases(templates, job.terms)
    return None


def words_of(job: Job, members: Members, key: str) -> tuple[str, ...]:
    """Words under a key; `{名}` stands for a list of the rule set."""
    node, mark = members.get(key, ([], None))
    found: list[str] = []
    for word in node if isinstance(node, list) else [node]:
        text = str(word)
        if text.startswith("{") and text.endswith("}"):
            listed = job.terms.get(text[1:-1])
            if listed is None:
                said = Said(f"没有这个词组 '{text}'", f"unknown list of terms '{text}'")
                job.author.wrong(mark, said)
            found += listed or ()
        else:
            found.append(text)
    return tuple(found)


def formulas(job: Job, members: Members, key: str, scope: Scope) -> tuple[Formula, ...]:
    """The expressions under a key, each a number."""
    node, mark = members.get(key, ([], None))
    texts = node if isinstance(node, list) else [node]
    built = (job.formula(str(text), mark, scope, "number") for text in texts)
    return tuple(f for f in built if f is not None)


def column_place(job: Job, members: Members) -> Place | None:
    """The place of the named column of the rule's table."""
    if "column" not in members:
        return None
    name, mark = members["column"]
    if job.table is not None:
        for place in places(job.form, job.table, "column"):
            word = place.said.zh.rpartition(" · ")[2]
            if name in (place.column, word, word.removesuffix("列")):
                return place
    said = Said(f"表里没有这一列 '{name}'", f"the table has no column '{name}'")
    job.author.wrong(mark, said)
    return None


@lru_cache(maxsize=32)
def rows_of(form: Form, table: str, column: str) -> Mapping[str, tuple[str, ...]]:
    """For each cell of a column of a table the other cells of its row."""
    found = {}
    for row in form.rows.values():
        mine = next((f.path for f in row.fields if f.key == column), None)
        if mine is not None and mine.startswith(table + "."):
            found[mine] = tuple(f.path for f in row.fields if f.path != mine)
    return found


def kept(node: Any, words: Words, keys: Mapping[str, str]) -> Any:
    """A checked body with its phrases compiled, for keeping."""
    if isinstance(node, list):
        return [kept(each, words, keys) for each in node]
    if not isinstance(node, Mapped):
        return node
    body = Mapped(node.mark)
    for key, value in node.items():
        listed = [str(t) for t in (value if isinstance(value, list) else [value])]
        compiled = keys.get(key) in ("says", "none", "parts", "unsaid")
        body[key] = phrases(listed, words) if compiled else value
    return body


def texts_of(job: Job, node: Any, mark: Mark | None) -> tuple[str, ...]:
    """The texts to search: those named, or all of the report, with what stands beside tables."""
    if node is None:
        return (*job.form.texts, TABLES)
    paths: list[str] = []
    for name in node if isinstance(node, list) else [node]:
        with job.author.expression(mark, str(name)):
            tree = parse(str(name))
            found = job.scope()(tree) if isinstance(tree, Name) else ()
            if not isinstance(found, tuple) or not found or not found[0].endswith(".text"):
                said = Said("这里应当是一段文字的名称", "the name of a text is expected here")
                raise ExpressionError(said, tree.start, tree.end)
            paths += found
    return tuple(paths)
