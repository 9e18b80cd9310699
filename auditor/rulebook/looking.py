"""What a rule about words looks for, where, and what lets a match off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.errors import ExpressionError, Said
from auditor.rulebook.author import near, renamed
from auditor.rulebook.checksums import CHECKS
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import REST, TABLES
from auditor.rulebook.job import Job
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.sentences import around
from auditor.rulebook.tree import Name
from auditor.rulebook.wordlist import WordList, compiled, escape, joined, meant, right_forms

KEYS = {
    "words": "words", "词": "words", "patterns": "patterns", "式": "patterns",
    "lists": "lists", "词表": "lists", "in": "in", "所在": "in",
    "at_least": "at_least", "至少": "at_least", "unless": "unless", "除非": "unless",
    "near": "near", "附近": "near", "not_near": "not_near", "附近无": "not_near",
    "verify": "verify", "校验": "verify", "per": "per", "按": "per",
}  # fmt: skip
_PER = {"each": False, "处": False, "report": True, "篇": True}
HEADINGS, EVERYWHERE = ("headings", "标题"), ("everywhere", "全文")
_REACH = 100
_Members = Mapping[str, tuple[Any, Mark | None]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One match in one text; `right` are the forms that were meant, where a list says so."""

    path: str
    text: str
    start: int
    end: int
    right: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What was found."""
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Looking:
    """The body of a rule, ready. `optional` texts may be absent without a question."""

    expression: str
    lists: tuple[WordList, ...]
    texts: tuple[str, ...]
    optional: frozenset[str]
    at_least: int = 1
    unless: str = ""
    near: str = ""
    not_near: str = ""
    verify: Callable[[str], bool] | None = None
    whole: bool = False

    def hits(self, path: str, text: object, most: int | None) -> list[Hit]:
        """The first place of each distinct match that nothing lets off, at most `most` of them."""
        if not isinstance(text, str):
            return []
        found: dict[str, Hit] = {}
        excused = Excused(self.unless, text)
        for match in compiled(self.expression).finditer(text):
            hit = self._hit(path, text, match, excused)
            if hit is not None:
                found.setdefault(hit.word, hit)
                if most is not None and len(found) >= most:
                    break
        return list(found.values())

    def _hit(self, path: str, text: str, match: Any, excused: Excused) -> Hit | None:
        start, end = match.span(match.lastindex or 0)
        word = text[start:end]
        right = meant(match, self.lists) if any(right_forms(self.lists)) else ()
        if right is None or (self.verify is not None and not self.verify(word)):
            return None
        if excused.covers(*match.span()) or not self._in_company(text, start, end):
            return None
        return Hit(path, text, start, end, right)

    def _in_company(self, text: str, start: int, end: int) -> bool:
        """Whether the words that must stand near do, and those that must not do not."""
        if not self.near and not self.not_near:
            return True
        sentence = around(text, start, end, _REACH)
        if self.near and compiled(self.near).search(sentence) is None:
            return False
        return not self.not_near or compiled(self.not_near).search(sentence) is None


class Excused:
    """The stretches of a text in which a match is none, found when first asked."""

    def __init__(self, expression: str, text: str) -> None:
        self._spans = iter(()) if not expression else _spans(expression, text)
        self._last: tuple[int, int] | None = next(self._spans, None) if expression else None

    def covers(self, start: int, end: int) -> bool:
        """Whether one of them overlaps this place. Places must be asked for from left to right."""
        while self._last is not None and self._last[1] <= start:
            self._last = next(self._spans, None)
        return self._last is not None and self._last[0] < end


def _spans(expression: str, text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in compiled(expression).finditer(text))


def looking(job: Job, verb: str) -> Looking | None:
    """Read the body; None after a noted mistake."""
    node, mark = job.rule.body, job.mark(verb)
    if isinstance(node, list):
        members: _Members = {"words": (node, mark)}
    elif isinstance(node, Mapped):
        members = renamed(job.author, node, KEYS, Said("忌用", "avoid"))
    else:
        said = Said("忌用应当是词表，或含“词”“式”的写法", "avoid takes words or patterns")
        job.author.wrong(mark, said)
        return None
    before = len(job.author.mistakes)
    lists = _lists(job, *members.get("lists", ([], mark)))
    texts = _texts(job, *members.get("in", (None, mark)))
    found = Looking(
        expression=_expression(job, members, lists, mark),
        lists=lists,
        texts=texts,
        optional=frozenset(t for t in texts if not t.endswith(".text")),
        at_least=_at_least(job, *members.get("at_least", (1, mark))),
        unless=_either(job, members, "unless"),
        near=_either(job, members, "near"),
        not_near=_either(job, members, "not_near"),
        verify=_verify(job, members),
        whole=bool(job.author.one_of(*members.get("per", ("each", mark)), _PER, Said("按", "per"))),
    )
    return found if len(job.author.mistakes) == before else None


def _expression(job: Job, members: _Members, lists: Sequence[WordList], mark: Mark | None) -> str:
    parts = [escape(str(w)) for w in _listed(members.get("words", ([], mark))[0])]
    for pattern in _listed(members.get("patterns", ([], mark))[0]):
        with job.author.expression(members["patterns"][1], str(pattern)):
            _tried(job, str(pattern))
            parts.append(str(pattern))
    parts += [expression for one in lists for expression in one.expressions]
    if not parts:
        said = Said("忌用里没有词，也没有式", "avoid has neither words nor patterns")
        job.author.wrong(mark, said)
    return joined(tuple(parts))


def _lists(job: Job, node: Any, mark: Mark | None) -> tuple[WordList, ...]:
    known = {n: value for n, value in job.thresholds.items() if isinstance(value, WordList)}
    found = []
    for name in _listed(node):
        if name in known:
            found.append(known[name])
        else:
            said = Said(f"没有词表 '{name}'", f"unknown word list '{name}'")
            job.author.wrong(mark, said, near(str(name), known))
    return tuple(found)


def _either(job: Job, members: _Members, key: str) -> str:
    """Patterns and names of word lists as one pattern; empty if the key is not there."""
    node, mark = members.get(key, ([], None))
    parts: list[str] = []
    for item in _listed(node):
        known = job.thresholds.get(str(item))
        if isinstance(known, WordList):
            parts += known.expressions
            continue
        with job.author.expression(mark, str(item)):
            _tried(job, str(item))
            parts.append(str(item))
    return joined(tuple(parts))


def _tried(job: Job, pattern: str) -> None:
    """Compile a pattern while rules are checked; later it was found in order."""
    if job.checking:
        compiled(pattern)


def _verify(job: Job, members: _Members) -> Callable[[str], bool] | None:
    if "verify" not in members:
        return None
    test: Callable[[str], bool] | None = job.author.one_of(
        *members["verify"], CHECKS, Said("校验", "verify")
    )
    return test


def _at_least(job: Job, node: Any, mark: Mark | None) -> int:
    if isinstance(node, int) and not isinstance(node, bool) and node >= 1:
        return node
    job.author.wrong(mark, Said("至少应当是正整数", "at_least must be a positive integer"))
    return 1


def _listed(node: Any) -> Sequence[Any]:
    return node if isinstance(node, list) else [node]


def _texts(job: Job, node: Any, mark: Mark | None) -> tuple[str, ...]:
    """The texts to search: those named, or all texts of the form."""
    if node is None:
        return (*_all_texts(job), TABLES)
    paths: list[str] = []
    for name in _listed(node):
        if name in EVERYWHERE:
            paths += [*_all_texts(job), REST]
            continue
        if name in HEADINGS:
            paths += [p for p in job.form.labels if p.endswith(".heading")]
            continue
        with job.author.expression(mark, str(name)):
            tree = parse(str(name))
            if not isinstance(tree, Name):
                said = Said("这里应当是一个名称", "a name is expected here")
                raise ExpressionError(said, tree.start, tree.end)
            found = job.scope()(tree)
            paths += found if isinstance(found, tuple) else ()
    return tuple(paths)


def _all_texts(job: Job) -> tuple[str, ...]:
    return job.form.texts + tuple(p for p in ("opening", "title") if p in job.form.labels)
