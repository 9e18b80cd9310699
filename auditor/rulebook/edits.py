"""An edit of a valid report as Facts: what examples and cases say a report is.

The valid report is made from the form alone: every count 0, every section filled with the
example text that the schema gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from auditor.errors import ExpressionError, Said
from auditor.form import BESIDE, Form
from auditor.model import Observation, Value
from auditor.rulebook.author import YES, Author, near
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import FLATTENED, NOTHING_BESIDE, REST, TABLES, Facts, Peers
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.prepare import KINDS
from auditor.rulebook.scope import Scope, path_of
from auditor.rulebook.tree import Name

PRIOR = ("prior", "上年报告")
UNITS = ("units", "各单位")
PEERS = ("peers", "同类")
OBSERVED = ("observed", "所见")
UNREAD = ("unread", "未读")
TIMES = ("times", "份数")
_SEEN = {
    "kind": "kind", "种类": "kind", "path": "path", "处": "path",
    "detail": "detail", "详情": "detail",
}  # fmt: skip
_DATE = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?")


def edited(form: Form, edits: Mapping[str, Any], author: Author, mark: Mark | None) -> Facts | None:
    """The valid report of a form with these edits; None after a noted mistake."""
    before = len(author.mistakes)
    own = {k: v for k, v in edits.items() if k not in (*PRIOR, *UNITS, *PEERS)}
    place = _Place(author, mark, getattr(edits, "marks_of_keys", {}))
    base = valid(form)
    facts = _edited(base, own, place)
    if (prior := _under(edits, PRIOR)) is not None:
        last = replace(base, period=(base.period or 0) - 1)
        if (changes := place.mapping(PRIOR, prior)) is not None:
            facts = replace(facts, prior=_edited(last, changes, place.of(changes)))
    if (units := _under(edits, UNITS)) is not None:
        facts = replace(facts, units=_several(base, units, place))
    if (peers := _under(edits, PEERS)) is not None:
        facts = replace(facts, peers=Peers(_several(base, peers, place)))
    return facts if len(author.mistakes) == before else None


def _under(edits: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((edits[key] for key in keys if key in edits), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the edits stand in the author's file."""

    author: Author
    mark: Mark | None
    keys: Mapping[str, Mark]

    def of(self, edits: Mapping[str, Any]) -> _Place:
        """The place of edits inside these."""
        return replace(self, keys=getattr(edits, "marks_of_keys", {}))

    def at(self, *names: str) -> Mark | None:
        """Where one of the keys stands, or else where the edits begin."""
        return next((self.keys[name] for name in names if name in self.keys), self.mark)

    def mapping(self, names: tuple[str, ...], node: Any) -> Mapping[str, Any] | None:
        """Edits of another report; anything else is a mistake."""
        if isinstance(node, Mapping):
            return node
        said = Said("这里应当是对报告的改动", "edits of a report expected")
        self.author.wrong(self.at(*names), said, mend=_EDITS)
        return None


_EDITS = Said("写作 {名称: 数}", "write {name: number}")


def _several(base: Facts, edits: Any, place: _Place) -> tuple[Facts, ...]:
    """The reports of other bodies, each an edit of a valid one; `{…, times: 30}` are many."""
    found: list[Facts] = []
    for item in edits if isinstance(edits, list) else [edits]:
        changes = place.mapping((*UNITS, *PEERS), item)
        if changes is None:
            continue
        times = _under(changes, TIMES)
        own = Mapped(Mark(1, 1, 1))
        own.update({key: value for key, value in changes.items() if key not in TIMES})
        own.marks_of_keys.update(getattr(changes, "marks_of_keys", {}))
        number = 1 if times is None else times
        if number.__class__ is not int or not 1 <= number <= _MOST:
            said = Said(f"份数应当是1到{_MOST}的整数", f"times is a number from 1 to {_MOST}")
            place.author.wrong(place.at(), said)
            continue
        found += [_edited(base, own, place.of(own))] * number
    return tuple(found)


_MOST = 1000


@lru_cache(maxsize=16)
def valid(form: Form) -> Facts:
    """A valid report of this form: all zero, every section filled, nothing observed."""
    values: dict[str, Value] = {}
    for cell in form.required_fields:
        values[cell.path] = Decimal(0) if cell.kind == "amount" else 0
    values |= dict(_head(form.schema, ""))
    values |= {FLATTENED: False, REST: "", TABLES: "", **NOTHING_BESIDE}
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


def _edited(base: Facts, edits: Mapping[str, Any], place: _Place) -> Facts:
    draft = _Draft(
        base.form, place.author, dict(base.values), set(base.blanks), list(base.observations)
    )
    for name, value in edits.items():
        draft.edit(name, value, place.at(name))
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
            return
        wrong = self.misfit(name, path, value)
        if wrong is not None:
            said, suggestions = wrong
            self.author.wrong(mark, said, suggestions)
        elif cell is not None and cell.kind == "amount":
            self.values[path] = Decimal(str(value))
        elif self.form.is_logic(path):
            self.values[path] = YES[value]
        else:
            self.values[path] = _word(self.form, path, value)

    def misfit(self, name: str, path: str, value: Any) -> tuple[Said, tuple[str, ...]] | None:
        """Why a value cannot be that of a fact, and what may have been meant."""
        cell = self.form.fields.get(path)
        if cell is not None or _is_number(self.form, path):
            counted = cell is not None and cell.kind != "amount"
            return _no_number(name, value, whole=counted)
        if self.form.is_logic(path):
            if isinstance(value, str | bool) and value in YES:
                return None
            return Said(f"{name} 应当是 是 或 否", f"{name} must be 是 or 否"), ("是", "否")
        if not isinstance(value, str):
            said = Said(f"{name} 应当是文字，请加引号", f"{name} must be text: quote it")
            return said, (f'"{value}"',)
        return self.misnamed(name, path, value) or _no_date(name, value)

    def misnamed(self, name: str, path: str, value: str) -> tuple[Said, tuple[str, ...]] | None:
        """A word that an enumerated fact never has."""
        words = self.form.words_of(path)
        if not words or value in words or value in words.values():
            return None
        known = "、".join(words.values())
        said = Said(
            f"{name} 没有这一种：'{value}'，可以是：{known}",
            f"{name} is never '{value}'; it may be: {', '.join(words)}",
        )
        return said, near(value, [*words.values(), *words])

    def path(self, name: str, mark: Mark | None) -> str | None:
        """The fact that a name stands for; None after a noted mistake."""
        try:
            return _fact(self.form, name)
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
        found = frozenset(
            group for group, cells, _ in _groups(self.form) if not cells.isdisjoint(self.values)
        )
        for group, _, children in _groups(self.form) if found else ():
            if group in found:
                for path in children:
                    self.values.pop(path, None)
        return found


@lru_cache(maxsize=16)
def _groups(form: Form) -> tuple[tuple[str, frozenset[str], tuple[str, ...]], ...]:
    """(group, cells of its undivided row, cells of its children) of each group that has both."""
    rows = form.rows.values()
    return tuple(
        (
            row.group,
            frozenset(f.path for f in row.fields),
            tuple(
                f.path for r in rows if r.group == row.group and not r.undivided for f in r.fields
            ),
        )
        for row in rows
        if row.undivided
    )


@lru_cache(maxsize=4096)
def _fact(form: Form, name: str) -> str:
    """The path of the one fact that a name stands for. Raises ExpressionError."""
    node = parse(name)
    if isinstance(node, Name) and not node.wildcard:
        found = Scope(form)(node)
        if isinstance(found, tuple):
            return found[0]
    raise ExpressionError(Said(f"'{name}' 不是一项事实", f"'{name}' is not a fact"), 0, len(name))


def _word(form: Form, path: str, value: Any) -> Value:
    """A word for an enumerated fact becomes its key."""
    keys = {word: key for key, word in form.words_of(path).items()}
    found = keys.get(value, value) if isinstance(value, str) else value
    return found if isinstance(found, int | Decimal | str | bool) else str(found)


def _is_number(form: Form, path: str) -> bool:
    return form.is_number(path) or (path in BESIDE and BESIDE[path][1] == "number")


def _no_number(name: str, value: Any, *, whole: bool) -> tuple[Said, tuple[str, ...]] | None:
    if value.__class__ is int or (isinstance(value, Decimal) and not whole):
        return None
    if isinstance(value, Decimal):
        return Said(f"{name} 应当是整数", f"{name} must be a whole number"), ()
    digits = re.findall(r"[0-9]+(?:\.[0-9]+)?", str(value))
    return Said(f"{name} 应当是数", f"{name} must be a number"), tuple(digits[:1])


def _no_date(name: str, value: str) -> tuple[Said, tuple[str, ...]] | None:
    """What looks like a date and is none would be unknown, and the example say nothing."""
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        right = date(year, month, day).isoformat()
    except ValueError:
        said = Said(f"{name} 没有这一天：{value}", f"{name}: there is no such day: {value}")
        return said, ()
    if right == value:
        return None
    return Said(f"{name} 的日期写作 {right}", f"{name}: a date is written {right}"), (f'"{right}"',)
