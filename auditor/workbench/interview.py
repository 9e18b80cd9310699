"""The questions of `rules new`, one after the other, whoever answers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from auditor.errors import ExpressionError
from auditor.form import Form, TableForm
from auditor.model import Severity
from auditor.renderers.words import load
from auditor.rulebook.entry import SEVERITIES
from auditor.rulebook.expression import parse
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.schema_names import is_fact, title
from auditor.rulebook.scope import Place, Scope, places
from auditor.rulebook.tree import names as names_in
from auditor.workbench.drafts import SHAPES, Entry, Pen, Shape, Slot

_SEPARATORS = "、,，;；"


@dataclass(frozen=True, slots=True)
class Known:
    """A name that may be chosen, with its printed labels."""

    name: str
    title: str


Accepts = Callable[[str], bool]


class Asker(Protocol):
    """Who answers: a person at a terminal, or a file."""

    def one(self, key: str, options: Mapping[str, str], default: str = "") -> str:
        """One of the options."""

    def line(
        self, key: str, default: str | None = None, hints: Sequence[str] = (),
        accepts: Accepts | None = None,
    ) -> str:  # fmt: skip
        """A line of text that is accepted; it may be empty only where there is a default."""

    def names(self, key: str, known: Sequence[Known], accepts: Accepts, *, many: bool) -> list[str]:
        """One or several of the names, or whatever else is accepted."""

    def yes(self, key: str, *, default: bool) -> bool:
        """Yes or no."""


@dataclass(frozen=True)
class _Where:
    """Where a rule looks: the whole report, or every row or column of a table."""

    form: Form
    table: TableForm | None = None
    for_each: str = ""

    def scope(self, rules: RuleSet, names: Sequence[str] = ()) -> Scope:
        """The names at the first place that knows all of these."""
        values = {name: held.at(None) for name, held in rules.thresholds.items()}
        given = {**values, **rules.words}
        for place in places(self.form, self.table, self.for_each):
            scope = Scope(self.form, self.table, place, given)
            if all(_known(name, scope) for name in names):
                return scope
        return Scope(self.form, self.table, Place("", self.form.title), given)


def interview(ask: Asker, rules: RuleSet, form: Form, lang: str) -> Entry:
    """Ask everything and give the entry, without its examples."""
    pen = Pen(load(lang, "workbench"), form)
    words = pen.words
    kind = ask.one("kind", {key: words(f"new.kinds.{key}") for key in SHAPES})
    shape = SHAPES[kind]
    where = _where(ask, shape, pen)
    answers: dict[str, Any] = {}
    for slot in shape.slots:
        answers[slot.key] = _answer(ask, slot, where, rules, pen)
    draft = shape.build(answers, pen)
    title_ = ask.line("title")
    severity, basis, review = _weight(ask, rules, lang)
    return Entry(
        id=ask.line("id", _free_id(rules)),
        title=title_,
        severity=severity,
        review=review,
        basis=basis,
        draft=draft,
        table=_table_name(where, pen),
        for_each=where.for_each,
        when=ask.line("when", "", accepts=_accepted(where, rules)),
        fix=ask.line("fix", words("new.default_fix")),
    )


def _where(ask: Asker, shape: Shape, pen: Pen) -> _Where:
    words = pen.words
    places_ = {key: words(f"new.places.{key}") for key in ("whole", "row", "column")}
    each = ask.one("where", places_, "whole") if shape.placed else "whole"
    if each == "whole":
        return _Where(pen.form)
    tables = {t.name: f"{t.number} {t.heading.text}" for t in pen.form.tables}
    chosen = ask.one("table", tables)
    table = next(t for t in pen.form.tables if t.name == chosen)
    return _Where(pen.form, table, each)


def _table_name(where: _Where, pen: Pen) -> str:
    if where.table is None:
        return ""
    return where.table.key if pen.english else where.table.name


# ---- answers -----------------------------------------------------------------------------------


def _answer(ask: Asker, slot: Slot, where: _Where, rules: RuleSet, pen: Pen) -> Any:
    if slot.kind == "words":
        return split(ask.line(slot.key))
    if slot.kind == "yes":
        return ask.yes(slot.key, default=False)
    if slot.kind == "line":
        return ask.line(slot.key)
    known = list(_choices(slot.kind, where, rules, pen))
    chosen = ask.names(slot.key, known, _accepted(where, rules), many=slot.many)
    return chosen if slot.many else chosen[0]


def _accepted(where: _Where, rules: RuleSet) -> Accepts:
    """What takes an expression, every name of which is known at some place."""
    return lambda text: _parses(text) and _known(text, where.scope(rules, [text]))


def split(text: str) -> list[str]:
    """Words that are separated by any comma."""
    for sign in _SEPARATORS[1:]:
        text = text.replace(sign, _SEPARATORS[0])
    return [word.strip() for word in text.split(_SEPARATORS[0]) if word.strip()]


def _choices(kind: str, where: _Where, rules: RuleSet, pen: Pen) -> Iterator[Known]:
    """The names that answer a question, in the order of the form."""
    form = where.form
    if where.table is not None:
        yield from _relative(where, pen)
        return
    for name, path in form.names.items():
        number = path in form.fields or form.is_number(path)
        text = f"{path}.text" in form.labels
        fits = {"number": number, "text": text, "part": is_fact(form, path)}[kind]
        if fits:
            yield Known(path if pen.english else name, title(form, path, [form]))
    if kind == "number":
        for name, held in rules.thresholds.items():
            yield Known(name, str(held.at(None)))


def _relative(where: _Where, pen: Pen) -> Iterator[Known]:
    """Rows, or columns, by themselves."""
    table, form = where.table, where.form
    assert table is not None
    if where.for_each == "column":
        for row in table.rows:
            name = row.name.removeprefix(f"{table.name}.")
            key = row.path.removeprefix(f"{table.key}.")
            yield Known(key if pen.english else name, title(form, row.path, [form]))
        return
    short = {path: name for name, path in form.names.items()}
    for key in table.column_keys():
        cell = next(f for f in table.fields() if f.key == key)
        name = key if pen.english else short[cell.path].rpartition(".")[2]
        yield Known(name, cell.labels[-1].text)


def _parses(text: str) -> bool:
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


def _known(text: str, scope: Scope) -> bool:
    """Whether every name of a text is known at a place."""
    try:
        return all(scope(name) is not None for name in names_in(parse(text)))
    except ExpressionError:
        return False


# ---- weight, id, forms -------------------------------------------------------------------------


def _weight(ask: Asker, rules: RuleSet, lang: str) -> tuple[Severity, list[Any], bool]:
    """Severity, basis, and whether it is for review: what nobody has seen in print is a note."""
    words = load(lang)
    given = ask.line("basis", hints=list(rules.citations))
    cited = rules.citations.get(given)
    seen = cited.sourced if cited is not None else ask.yes("seen", default=True)
    if not seen:
        key, yes = ("unsourced", True) if lang == "en" else ("未核", "是")
        text: Any = given if cited is not None else {"zh": given, key: yes}
        return Severity.NOTE, [text], True
    options = {s.key: words(f"severity.{s.key}") for s in Severity}
    chosen = ask.one("severity", options, Severity.MINOR.key)
    return SEVERITIES[chosen], [given], False


def _free_id(rules: RuleSet) -> str:
    """The next number of the family that was named last in the rule set."""
    taken = {rule.id for rule in rules.rules}
    family = list(rules.families)[-1] if rules.families else "R"
    number = next(n for n in range(1, 10_000) if f"{family}{n:02d}" not in taken)
    return f"{family}{number:02d}"
