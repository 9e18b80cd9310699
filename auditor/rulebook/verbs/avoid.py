"""avoid 忌用: these words or patterns must not occur.

The body: `words` 词, `patterns` 式 (regular expressions of RE2, linear in time), `in` 所在 (names
of texts; all texts of the report by default; 标题 for the headings), `at_least` 至少 (distinct
words or patterns that must occur before it is a finding).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from auditor.errors import ExpressionError, Said
from auditor.model import Evidence, Outcome
from auditor.rulebook.author import renamed
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import Facts
from auditor.rulebook.job import Fill, Job
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.rule import Check, Seen
from auditor.rulebook.template import Found
from auditor.rulebook.tree import Name

NAME = "avoid"
ALIAS = "忌用"
_KEYS = {
    "words": "words", "词": "words", "patterns": "patterns", "式": "patterns",
    "in": "in", "所在": "in", "at_least": "at_least", "至少": "at_least",
}  # fmt: skip
_HEADINGS = ("headings", "标题")
_CONTEXT = 12
_MOST = 5
BODY = {
    "type": ["array", "object"],
    "items": {"type": "string"},
    "properties": {key: {"type": ["string", "array", "integer"]} for key in _KEYS},
    "additionalProperties": False,
    "title": "词和式样 · words and patterns",
}


@dataclass(frozen=True, slots=True)
class _Body:
    expression: str
    texts: tuple[str, ...]
    optional: frozenset[str]
    at_least: int


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake."""
    body = _body(job)
    if body is None:
        return None
    fill = job.message()

    def check(facts: Facts) -> Iterator[Seen | None]:
        seen = list(_search(body, facts, fill))
        distinct = {s.passage for s in seen if s is not None and s.outcome is Outcome.FAIL}
        if len(distinct) >= body.at_least:
            yield from seen
        else:
            yield from (s for s in seen if s is None or s.outcome is Outcome.OPEN)
            if distinct:
                yield None

    return check


def _search(body: _Body, facts: Facts, fill: Fill) -> Iterator[Seen | None]:
    pattern = compiled(body.expression)
    if _nothing(pattern, body, facts):
        yield None
        return
    for path in body.texts:
        text = facts.values.get(path)
        if not isinstance(text, str):
            if path not in body.optional and not facts.missing(path):
                yield _unread(path, facts)
            continue
        hits = _hits(pattern, text)
        yield from (_seen(path, text, hit, facts, fill) for hit in hits)
        if not hits:
            yield None


def _nothing(pattern: Any, body: _Body, facts: Facts) -> bool:
    """The usual case in one call: every required text was read and none holds a match.

    The texts are joined by a character that no pattern of words spans.
    """
    values = facts.values
    if any(path not in values for path in body.texts if path not in body.optional):
        return False
    joined = "\x00".join(str(values[path]) for path in body.texts if path in values)
    return pattern.search(joined) is None


def _hits(pattern: Any, text: str) -> list[tuple[int, int]]:
    """The first places of each distinct match, at most five of them."""
    found: dict[str, tuple[int, int]] = {}
    for match in pattern.finditer(text):
        found.setdefault(match.group(0), match.span())
        if len(found) >= _MOST:
            break
    return list(found.values())


def _seen(path: str, text: str, span: tuple[int, int], facts: Facts, fill: Fill) -> Seen:
    start, end = span
    quote = text[max(0, start - _CONTEXT) : end + _CONTEXT].replace("\n", " ")
    where = facts.label(path.removesuffix(".text"))
    word = text[start:end]
    found: Found = {"quote": word, "detail": word, "place": where}
    evidence = Evidence(path, where, None, "read", facts.locations.get(path), quote)
    return Seen(
        Outcome.FAIL, f"{path}:{word}", where, (evidence,), fill(facts, found), passage=word
    )


def _unread(path: str, facts: Facts) -> Seen:
    where = facts.label(path.removesuffix(".text"))
    message = Said(f"未能读取：{where.zh}", f"could not be read: {where.en}")
    evidence = Evidence(path, where, None, "open", facts.locations.get(path))
    return Seen(Outcome.OPEN, path, where, (evidence,), message)


@lru_cache(maxsize=512)
def compiled(expression: str) -> Any:
    """A linear-time pattern. Raises ExpressionError for one that RE2 does not know."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        why = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        said = Said(
            f"正则表达式有误（不支持前后断言与反向引用）：{why}",
            f"not a pattern of RE2 (no lookaround, no back-references): {why}",
        )
        raise ExpressionError(said, 0, len(expression)) from error


def _body(job: Job) -> _Body | None:
    node, mark = job.rule.body, job.mark(NAME)
    if isinstance(node, list):
        members: dict[str, tuple[Any, Mark | None]] = {"words": (node, mark)}
    elif isinstance(node, Mapped):
        members = renamed(job.author, node, _KEYS, Said("忌用", "avoid"))
    else:
        said = Said("忌用应当是词表，或含“词”“式”的写法", "avoid takes words or patterns")
        job.author.wrong(mark, said)
        return None
    before = len(job.author.mistakes)
    expression = _expression(job, members, mark)
    texts = _texts(job, *members.get("in", (None, mark)))
    at_least, at_mark = members.get("at_least", (1, mark))
    if not isinstance(at_least, int) or isinstance(at_least, bool) or at_least < 1:
        job.author.wrong(at_mark, Said("至少应当是正整数", "at_least must be a positive integer"))
    if len(job.author.mistakes) > before or expression is None:
        return None
    optional = frozenset(t for t in texts if not t.endswith(".text"))
    return _Body(expression, texts, optional, int(at_least))


def _expression(
    job: Job, members: dict[str, tuple[Any, Mark | None]], mark: Mark | None
) -> str | None:
    """All words and patterns as one alternation, so that a text is scanned once."""
    parts = [_escaped(str(w)) for w in _listed(members.get("words", ([], mark))[0])]
    for pattern in _listed(members.get("patterns", ([], mark))[0]):
        with job.author.expression(members["patterns"][1], str(pattern)):
            compiled(str(pattern))
            parts.append(f"(?:{pattern})")
    if not parts:
        said = Said("忌用里没有词，也没有式", "avoid has neither words nor patterns")
        job.author.wrong(mark, said)
        return None
    return "|".join(parts)


def _escaped(word: str) -> str:
    return "".join(c if c.isalnum() else f"\\x{{{ord(c):x}}}" for c in word)


def _listed(node: Any) -> Sequence[Any]:
    return node if isinstance(node, list) else [node]


def _texts(job: Job, node: Any, mark: Mark | None) -> tuple[str, ...]:
    """The texts to search: those named, or all of the report."""
    if node is None:
        return tuple(p for p in job.form.labels if p.endswith(".text")) + tuple(
            p for p in ("opening", "title") if p in job.form.labels
        )
    paths: list[str] = []
    for name in _listed(node):
        if name in _HEADINGS:
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
