"""Drafts: a rule as its author answers for it, and the text of its entry in a rule file.

The kinds of rule are in `SHAPES`; adding a kind is adding an entry there and its words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from auditor.errors import SourceError
from auditor.form import Form
from auditor.model import Severity
from auditor.renderers.words import Words
from auditor.rulebook.entry import KEYS, SEVERITIES
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import PUBLISHED
from auditor.rulebook.functions import FUNCTIONS
from auditor.rulebook.source import load_yaml
from auditor.rulebook.tree import Name
from auditor.rulebook.verbs import verbs

Answers = Mapping[str, Any]
_PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Draft:
    """What decides a rule; texts for people come beside it. `body` is what stands under the verb.

    `message` is a proposal, with expressions in braces.
    """

    verb: str
    body: Any
    when: str = ""
    message: str = ""


@dataclass(frozen=True)
class Pen:
    """What drafts are written with: the words of a language and the names of a form."""

    words: Words
    form: Form

    @property
    def english(self) -> bool:
        """Whether keys and names are written in English."""
        return self.words.lang == "en"

    def key(self, name: str) -> str:
        """A key of an entry, or a verb, as it is written."""
        verb = verbs().get(name)
        if verb is not None:
            return verb.NAME if self.english else verb.ALIAS
        return name if self.english else KEYS[name]

    def function(self, name: str, *arguments: str) -> str:
        """A call of a function."""
        written = FUNCTIONS[name].name if self.english else FUNCTIONS[name].chinese
        return f"{written}({', '.join(arguments)})"

    def path(self, path: str) -> str:
        """The name of a fact."""
        names = {p: n for n, p in self.form.names.items()}
        return path if self.english else names.get(path, path)

    def told(self, name: str) -> str:
        """`a · b {t.a.b}`: a name with its value, for a message; a number by itself."""
        if not isinstance(parse(name), Name):
            return f"{{{name}}}"
        parts = name.split(".")
        return f"{'·'.join(parts[-2:])} {{{name}}}"


Build = Callable[[Answers, Pen], Draft]


@dataclass(frozen=True, slots=True)
class Slot:
    """One question: its key (its words are `new.KEY`) and what answers it.

    `kind`: `number`, `text`, `part` (names by search), `words` (words, separated), `line`.
    """

    key: str
    kind: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of rule: its questions, and how the answers make a draft.

    `placed`: its numbers may be of every row or column of a table.
    """

    slots: tuple[Slot, ...]
    build: Build
    placed: bool = False


def _equal(given: Answers, pen: Pen) -> Draft:
    parts, total = given["parts"], given["total"]
    whole = " + ".join(parts)
    message = pen.words("new.message.equal", parts=whole, total=pen.told(total))
    return Draft("assert", f"{whole} = {total}", message=message)


def _most(given: Answers, pen: Pen) -> Draft:
    left, limit = given["number"], given["limit"]
    message = pen.words("sign.stop").join((pen.told(left), pen.told(limit)))
    return Draft("assert", f"{left} <= {limit}", message=message)


def _zero(given: Answers, pen: Pen) -> Draft:
    return Draft("forbid", f"{given['number']} > 0", message=pen.told(given["number"]))


def _implies(given: Answers, pen: Pen) -> Draft:
    first, then = given["number"], given["then"]
    message = pen.words("sign.stop").join((pen.told(first), pen.told(then)))
    return Draft("forbid", f"{first} > 0 and {then} = 0", message=message)


def _prior(given: Answers, pen: Pen) -> Draft:
    now, then = given["number"], pen.function("prior", given["before"])
    message = pen.words("sign.stop").join((pen.told(now), f"{then} {{{then}}}"))
    return Draft("assert", f"{now} = {then}", message=message)


def _filled(given: Answers, pen: Pen) -> Draft:
    return Draft("require", list(given["parts"]), message=pen.words("new.message.filled"))


def _says(given: Answers, pen: Pen) -> Draft:
    text, words = given["text"], given["words"]
    calls = [pen.function("contains", text, quoted(word)) for word in words]
    if given.get("any"):
        calls = [pen.function("contains", text, *(quoted(word) for word in words))]
    listed = pen.words("sign.list").join(words)
    return Draft("assert", " and ".join(calls), message=pen.words("new.message.says", words=listed))


def _avoid(given: Answers, pen: Pen) -> Draft:
    words, texts = list(given["words"]), list(given["texts"])
    body: Any = words
    if texts:
        keys = ("words", "in") if pen.english else ("词", "所在")
        body = {keys[0]: words, keys[1]: texts}
    return Draft("avoid", body, message=pen.words("new.message.avoid"))


def _told(given: Answers, pen: Pen) -> Draft:
    keys = ("says", "equals") if pen.english else ("称", "等于")
    body = {keys[0]: list(given["phrases"]), keys[1]: [given["number"]]}
    message = pen.words("new.message.told", number=pen.told(given["number"]))
    return Draft("claim", body, message=message)


def _until(given: Answers, pen: Pen) -> Draft:
    date, year = pen.path(PUBLISHED), pen.path(_PERIOD)
    day = pen.function("ymd", date)
    body = f"{day} > ({year} + 1) * 10000 + {int(given['day'])}"
    message = pen.words("new.message.until", date=date)
    return Draft("forbid", body, when=f"{day} > {year} * 10000 + 1231", message=message)


def _free(given: Answers, pen: Pen) -> Draft:
    return Draft("assert", given["expression"])


_NUMBER = Slot("number", "number")
SHAPES: Mapping[str, Shape] = {
    "equal": Shape((Slot("parts", "number", many=True), Slot("total", "number")), _equal, True),
    "most": Shape((_NUMBER, Slot("limit", "number")), _most, True),
    "zero": Shape((_NUMBER,), _zero, True),
    "implies": Shape((_NUMBER, Slot("then", "number")), _implies, True),
    "prior": Shape((_NUMBER, Slot("before", "number")), _prior, True),
    "filled": Shape((Slot("parts", "part", many=True),), _filled),
    "says": Shape((Slot("text", "text"), Slot("words", "words"), Slot("any", "yes")), _says),
    "avoid": Shape((Slot("words", "words"), Slot("texts", "text", many=True)), _avoid),
    "told": Shape((Slot("phrases", "words"), _NUMBER), _told),
    "until": Shape((Slot("day", "line"),), _until),
    "free": Shape((Slot("expression", "line"),), _free, True),
}


def quoted(word: str) -> str:
    """A text of an expression."""
    return f"“{word}”" if '"' in word else f'"{word}"'


# ---- the entry ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """Everything that stands in a new entry."""

    id: str
    title: str
    severity: Severity
    basis: Sequence[Any]
    draft: Draft
    review: bool = False
    table: str = ""
    for_each: str = ""
    forms: Sequence[str] = ()
    when: str = ""
    fix: str = ""
    examples: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def text(self, pen: Pen) -> str:
        """The entry as it stands in a rule file, laid out as the others are."""
        lines = [f"- {pen.key('id')}: {block(self.id)}"]
        lines += [f"  {pen.key(key)}: {block(value)}" for key, value in self._members(pen) if value]
        verb = pen.key(self.draft.verb)
        lines += [*_block(verb, self.draft.body)]
        if self.draft.message:
            lines.append(f"  {pen.key('message')}: {block(self.draft.message)}")
        if self.fix:
            lines.append(f"  {pen.key('fix')}: {block(self.fix)}")
        lines.append(f"  {pen.key('examples')}:")
        words = {"pass": "合格", "fail": "不合格", "review": "待核", "open": "未读"}
        for expects, edits in self.examples.items():
            lines.append(f"    {expects if pen.english else words[expects]}:")
            lines += [f"      - {flow(dict(one))}" for one in edits]
        return "\n".join(lines) + "\n"

    def _members(self, pen: Pen) -> list[tuple[str, Any]]:
        severities = {v: k for k, v in SEVERITIES.items() if k.isascii() == pen.english}
        each = {"row": "行", "column": "列"}
        yes = "yes" if pen.english else "是"
        return [
            ("title", self.title),
            ("severity", severities[self.severity]),
            ("review", (True if pen.english else yes) if self.review else None),
            ("basis", list(self.basis)),
            ("forms", list(self.forms)),
            ("table", self.table),
            ("for_each", self.for_each if pen.english else each.get(self.for_each, "")),
            ("when", " and ".join(f"({w})" if " or " in w else w for w in self._conditions())),
        ]

    def _conditions(self) -> list[str]:
        return [text for text in (self.when, self.draft.when) if text]


def _block(verb: str, body: Any) -> list[str]:
    """The verb with its body: a mapping takes a line a member."""
    if isinstance(body, dict):
        return [f"  {verb}:", *(f"    {key}: {flow(value)}" for key, value in body.items())]
    return [f"  {verb}: {block(body)}"]


def block(value: Any) -> str:
    """A value behind a key on a line of its own: a text needs quotes less often there."""
    if isinstance(value, str) and value == value.strip() and "\n" not in value:
        try:
            if load_yaml(f"k: {value}\n") == {"k": value}:
                return value
        except SourceError:
            pass
    return flow(value)


def flow(value: Any) -> str:
    """A value on one line; what YAML would take for something else is put in quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | Decimal):
        return str(value)
    text = str(value)
    return text if _plain(text) else json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> bool:
    """Whether a text can stand without quotes, on its own and between brackets."""
    if not text or text != text.strip() or any(sign in text for sign in "{}[],#\n"):
        return False
    try:
        return bool(load_yaml(f"- {{k: {text}}}\n") == [{"k": text}])
    except SourceError:
        return False
