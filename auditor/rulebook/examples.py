"""Inline examples: an edit of a valid report, and what the rule must say of it.

The valid report is made from the form alone: every count 0, every section filled with the
example text that the schema gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from auditor.errors import ExpressionError, Mistake, RulesError, Said
from auditor.form import Form
from auditor.model import Observation, Outcome, Result, Value
from auditor.rulebook.apply import apply
from auditor.rulebook.author import Author, near
from auditor.rulebook.entry import YES
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import FLATTENED, NOTHING_BESIDE, REST, Facts, Peers
from auditor.rulebook.marks import Mark
from auditor.rulebook.prepare import KINDS, prepare
from auditor.rulebook.rule import Example, Ready, Rule, RuleSet
from auditor.rulebook.scope import Scope, path_of
from auditor.rulebook.tree import Name

PRIOR = ("prior", "上年报告")
UNITS = ("units", "各单位")
PEERS = ("peers", "同类")
OBSERVED = ("observed", "所见")
UNREAD = ("unread", "未读")
_SEEN = {
    "kind": "kind", "种类": "kind", "path": "path", "处": "path",
    "detail": "detail", "详情": "detail",
}  # fmt: skip
_EXPECTED = {
    "pass": (Outcome.PASS, Outcome.NOT_APPLICABLE),
    "fail": (Outcome.FAIL,),
    "review": (Outcome.REVIEW,),
    "open": (Outcome.OPEN,),
}


def check_examples(rules: RuleSet, forms: Sequence[Form]) -> int:
    """Check every example of every rule; the number checked. Raises RulesError with all faults."""
    ready = {
        form: {r.rule.id: r for r in prepare(rules, form, None)}
        for form in forms
        if form.id in rules.forms
    }
    mistakes: list[Mistake] = []
    count = 0
    for rule in rules.rules:
        mine = [(form, found[rule.id]) for form, found in ready.items() if rule.id in found]
        author = Author(rule.file, rules.authors[rule.file].text)
        count += len(rule.examples)
        _check_rule(rule, mine, author)
        mistakes += author.mistakes
    if mistakes:
        raise RulesError(tuple(mistakes))
    return count


def _check_rule(rule: Rule, ready: Sequence[tuple[Form, Ready]], author: Author) -> None:
    """All examples of one rule on each of its forms."""
    passed: set[Outcome] = set()
    for example in rule.examples:
        unknown = Author(author.file, author.text)
        judged = 0
        for form, one in ready:
            facts = _facts(example, form, unknown)
            if facts is None:
                continue
            judged += 1
            result = apply(one, facts)
            if example.expects == "pass":
                passed.add(result.outcome)
            if result.outcome not in _expected(rule, example):
                author.wrong(example.mark, _says(rule, example, result, form))
        if not judged:
            # A name may belong to another form of the rule; it is a mistake if none knows it.
            author.mistakes += unknown.mistakes[:1]
    if passed and Outcome.PASS not in passed:
        zh, en = "合格示例都不适用，没有一个真正通过", "no passing example is really judged"
        author.wrong(rule.marks.get("examples"), Said(f"{rule.id}：{zh}", f"{rule.id}: {en}"))


def example_facts(example: Example, form: Form) -> Facts | None:
    """The facts of an example on a form; None where the form lacks what it names."""
    return _facts(example, form, Author("", ""))


def _expected(rule: Rule, example: Example) -> tuple[Outcome, ...]:
    if rule.review and example.expects == "fail":
        return (Outcome.REVIEW,)
    return _EXPECTED[example.expects]


def _says(rule: Rule, example: Example, result: Result, form: Form) -> Said:
    why = result.findings[0].message if result.findings else result.reason
    word = {"pass": "合格", "fail": "不合格", "review": "待核", "open": "未读"}[example.expects]
    zh = f"{rule.id} 的这个示例应为“{word}”，结果是 {result.outcome}（{form.id}）"
    en = f"this example of {rule.id} should give {example.expects}, gives {result.outcome}"
    return Said(zh + (f"：{why.zh}" if why else ""), en + (f": {why.en}" if why else ""))


def _facts(example: Example, form: Form, author: Author) -> Facts | None:
    """The facts of an example; None where it names what this form does not have."""
    before = len(author.mistakes)
    edits = dict(example.edits)
    prior = next((edits.pop(k) for k in PRIOR if k in edits), None)
    units = next((edits.pop(k) for k in UNITS if k in edits), None)
    peers = next((edits.pop(k) for k in PEERS if k in edits), None)
    base = valid(form)
    facts = _edited(base, edits, author, example)
    if isinstance(prior, Mapping):
        last = replace(base, period=(base.period or 0) - 1)
        facts = replace(facts, prior=_edited(last, prior, author, example))
    if units is not None:
        facts = replace(facts, units=_several(base, units, author, example))
    if peers is not None:
        facts = replace(facts, peers=Peers(_several(base, peers, author, example)))
    return facts if len(author.mistakes) == before else None


def _several(base: Facts, edits: Any, author: Author, example: Example) -> tuple[Facts, ...]:
    """The reports of other bodies, each an edit of a valid one; `{…, times: 30}` are many."""
    found: list[Facts] = []
    for item in edits if isinstance(edits, list) else [edits]:
        if not isinstance(item, Mapping):
            author.wrong(example.mark, Said("这里应当是对报告的改动", "edits of a report expected"))
            continue
        changes = {key: value for key, value in item.items() if key not in TIMES}
        times = next((value for key, value in item.items() if key in TIMES), 1)
        found += [_edited(base, changes, author, example)] * (
            times if times.__class__ is int else 1
        )
    return tuple(found)


TIMES = ("times", "份数")


@lru_cache(maxsize=16)
def valid(form: Form) -> Facts:
    """A valid report of this form: all zero, every section filled, nothing observed."""
    values: dict[str, Value] = {}
    for cell in form.required_fields:
        values[cell.path] = Decimal(0) if cell.kind == "amount" else 0
    values |= dict(_head(form.schema, ""))
    values |= {FLATTENED: False, REST: "", **NOTHING_BESIDE}
    for section in form.sections:
        values[f"{section.key}.heading"] = f"{section.ordinal}、{section.heading.text}"
    period = values.get("period")
    return Facts(form=form, values=values, period=period if isinstance(period, int) else None)


def _head(node: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Value]]:
    """The example values that the schema gives for texts and head facts."""
    for key, child in node.get("properties", {}).items():
        examples = child.get("examples")
        if examples and isinstance(examples[0], Mapping):
            yield from ((f"{prefix}{key}.{k}", v) for k, v in examples[0].items())
        elif examples:
            yield prefix + key, examples[0]
        elif "x-table" not in child:
            yield from _head(child, f"{prefix}{key}.")


def _edited(base: Facts, edits: Mapping[str, Any], author: Author, example: Example) -> Facts:
    draft = _Draft(base.form, author, dict(base.values), set(base.blanks), list(base.observations))
    marks = getattr(example.edits, "marks_of_keys", {})
    for name, value in edits.items():
        draft.edit(name, value, marks.get(name, example.mark))
    undivided = draft.undivided()
    return replace(
        base,
        values=draft.values,
        blanks=frozenset(draft.blanks),
        undivided=undivided,
        observations=tuple(draft.observed),
        period=_period(draft.values, base),
    )


def _period(values: Mapping[str, Value], base: Facts) -> int | None:
    period = values.get("period", base.period)
    return period if isinstance(period, int) else None


@dataclass
class _Draft:
    """A valid report while it is being edited."""

    form: Form
    author: Author
    values: dict[str, Value]
    blanks: set[str]
    observed: list[Observation]

    def edit(self, name: str, value: Any, mark: Mark | None) -> None:
        """One edit of the example."""
        if name in OBSERVED:
            for item in value if isinstance(value, list) else [value]:
                self.observe(item, mark)
        elif name in UNREAD:
            for item in value if isinstance(value, list) else [value]:
                self.values.pop(self.path(str(item), mark) or "", None)
        else:
            path = self.path(name, mark)
            if path is not None:
                self.put(name, path, value, mark)

    def put(self, name: str, path: str, value: Any, mark: Mark | None) -> None:
        """A number or text set; null blanks a cell and takes a section out."""
        cell = self.form.fields.get(path)
        if value is None:
            self.values.pop(path, None)
            if cell is not None:
                self.blanks.add(path)
            elif path.endswith(".text"):
                whole = path.removesuffix(".text")
                self.observed.append(Observation("section-missing", path=whole))
        elif cell is not None and isinstance(value, bool | str):
            self.author.wrong(mark, Said(f"{name} 应当是数", f"{name} must be a number"))
        elif cell is not None and cell.kind == "amount":
            self.values[path] = Decimal(str(value))
        elif self.form.is_logic(path):
            self.values[path] = YES.get(value, value)
        else:
            self.values[path] = _word(self.form, path, value)

    def path(self, name: str, mark: Mark | None) -> str | None:
        """The fact that a name stands for; None after a noted mistake."""
        try:
            node = parse(name)
            found = Scope(self.form)(node) if isinstance(node, Name) else None
            if isinstance(found, tuple) and not (isinstance(node, Name) and node.wildcard):
                return found[0]
            said = Said(f"'{name}' 不是一项事实", f"'{name}' is not a fact")
            self.author.wrong(mark, said)
        except ExpressionError as error:
            self.author.wrong(mark, error.said, error.suggestions)
        return None

    def observe(self, item: Any, mark: Mark | None) -> None:
        """A kind, or {kind, path, detail}; a missing section takes its text with it."""
        given = item if isinstance(item, Mapping) else {"kind": item}
        parts = {_SEEN.get(key, key): str(part) for key, part in given.items()}
        kind = KINDS.get(parts.get("kind", ""))
        if kind is None or set(parts) - {"kind", "path", "detail"}:
            said = Said(f"没有这种观察 '{item}'", f"unknown observation '{item}'")
            self.author.wrong(mark, said, near(parts.get("kind", ""), KINDS))
            return
        name = parts.get("path", "")
        path = path_of(self.form, tuple(name.split("."))) if name else ""
        if path is None:
            said = Said(f"没有这个名称 '{name}'", f"unknown name '{name}'")
            self.author.wrong(mark, said, near(name, self.form.names))
            return
        if kind in ("section-missing", "section-unread"):
            self.values.pop(f"{path}.text", None)
        label = self.form.labels.get(path, path)
        self.observed.append(Observation(kind, label, detail=parts.get("detail", ""), path=path))

    def undivided(self) -> frozenset[str]:
        """Groups that the example prints as one row: their children go."""
        rows = self.form.rows.values()
        found = frozenset(
            row.group
            for row in rows
            if row.undivided and any(f.path in self.values for f in row.fields)
        )
        for row in rows:
            if row.group in found and not row.undivided:
                for cell in row.fields:
                    self.values.pop(cell.path, None)
        return found


def _word(form: Form, path: str, value: Any) -> Value:
    """A word for an enumerated fact becomes its key."""
    keys = {word: key for key, word in form.words_of(path).items()}
    found = keys.get(value, value) if isinstance(value, str) else value
    return found if isinstance(found, int | Decimal | str | bool) else str(found)
