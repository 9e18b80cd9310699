"""Who answers the questions of `rules new`: a person at a terminal, or answers given before.

What a person answered is kept until the rule stands, so that one slip does not cost all of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import typer

from auditor.errors import Said, UsageError
from auditor.renderers.words import Words
from auditor.workbench.interview import Accepts, Known, split

_SHOWN = 12
_YES = ("y", "yes", "是", "true", "1")
_NO = ("n", "no", "否", "false", "0", "")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Answered:
    """Answers given beforehand; what is missing is asked, or refused where nobody can be asked."""

    answers: Mapping[str, Any]
    person: Person | None
    words: Words
    told: dict[str, Any] = field(default_factory=dict)

    def one(self, key: str, options: Mapping[str, str], default: str = "") -> str:
        """One of the options, by its key or its words."""
        given = self.answers.get(key)
        if given is None:
            return self._left(key, default) or self._noted(
                key, self._ask(key).one(key, options, default)
            )
        by_words = {text: option for option, text in options.items()}
        found = str(given) if str(given) in options else by_words.get(str(given))
        if found is None:
            self._refuse(key, str(given), options)
        return str(found)

    def line(
        self, key: str, default: str | None = None, hints: Sequence[str] = (),
        accepts: Accepts | None = None,
    ) -> str:  # fmt: skip
        """A line of text. What was given beforehand is taken as it is."""
        given = self.answers.get(key)
        if given is None:
            left = self._left(key, default)
            if left is not None:
                return left
            return self._noted(key, self._ask(key).line(key, default, hints, accepts))
        return "、".join(map(str, given)) if isinstance(given, list) else str(given)

    def names(self, key: str, known: Sequence[Known], accepts: Accepts, *, many: bool) -> list[str]:
        """Names, or expressions of them."""
        given = self.answers.get(key)
        if given is None:
            if many and key == "texts" and self.person is None:
                return []
            return self._noted(key, self._ask(key).names(key, known, accepts, many=many))
        found = [str(g) for g in given] if isinstance(given, list) else _items(str(given), many)
        by_title = {k.title: k.name for k in known}
        found = [by_title.get(name, name) for name in found]
        wrong = next((name for name in found if not accepts(name)), None)
        if wrong is not None:
            near = {k.name: k.title for k in matching(wrong, known)[:3]}
            self._refuse(key, wrong, near)
        return found

    def yes(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        given = self.answers.get(key)
        if given is None:
            if self.person is None:
                return default
            return self._noted(key, self.person.yes(key, default=default))
        if isinstance(given, bool):
            return given
        return str(given).lower() in _YES

    def _noted(self, key: str, answer: _T) -> _T:
        self.told[key] = answer
        return answer

    def _left(self, key: str, default: str | None) -> str | None:
        """The default, where nobody can be asked."""
        return default if self.person is None else None

    def _ask(self, key: str) -> Person:
        if self.person is None:
            question = self.words(f"new.{key}")
            told = self.words("new.missing", slot=key, question=question)
            raise UsageError(Said(told, told))
        return self.person

    def _refuse(self, key: str, given: str, options: Mapping[str, str]) -> None:
        all_ = ", ".join(f"{name} {text}".strip() for name, text in options.items())
        zh, en = f"{key} 不能是“{given}”，可以是：{all_}", f"{key} cannot be '{given}'; use {all_}"
        raise UsageError(Said(zh, en))


def _items(text: str, many: bool) -> list[str]:
    """Several names in one text; an expression with commas in brackets is one."""
    return split(text) if many and "(" not in text else [text]


@dataclass(frozen=True)
class Person:
    """A person at the terminal: questions in their language, names found by a few characters."""

    words: Words

    def one(self, key: str, options: Mapping[str, str], default: str = "") -> str:
        """A short menu; the answer is a number, a key or the words themselves."""
        typer.echo(self.words(f"new.{key}"))
        keys = list(options)
        for number, option in enumerate(keys, 1):
            mark = "*" if option == default else " "
            typer.echo(f" {mark}{number:2} {options[option]}")
        while True:
            text = self._prompt("", str(keys.index(default) + 1) if default in keys else None)
            if text.isdigit() and 0 < int(text) <= len(keys):
                return keys[int(text) - 1]
            found = [k for k in keys if text in (k, options[k])]
            if found:
                return found[0]
            typer.echo(self.words("new.choose", count=len(keys)))

    def line(
        self, key: str, default: str | None = None, hints: Sequence[str] = (),
        accepts: Accepts | None = None,
    ) -> str:  # fmt: skip
        """A line of text that is accepted, or the default."""
        if hints:
            typer.echo(f"  ({self.words('sign.list').join(hints)})")
        while True:
            text = self._prompt(self.words(f"new.{key}"), default).strip()
            fits = not text or accepts is None or accepts(text)
            if fits and (text or default is not None):
                return text
            typer.echo(self.words("new.again"))

    def names(self, key: str, known: Sequence[Known], accepts: Accepts, *, many: bool) -> list[str]:
        """Search until a name is chosen; several until an empty line."""
        typer.echo(f"{self.words(f'new.{key}')} — {self.words('new.search')}")
        chosen: list[str] = []
        while True:
            optional = bool(chosen) or key == "texts"
            found = self._name(known, accepts, optional=many and optional)
            if found is None:
                return chosen
            chosen.append(found)
            typer.echo(f"  = {found}")
            if not many:
                return chosen

    def _name(self, known: Sequence[Known], accepts: Accepts, *, optional: bool) -> str | None:
        shown: list[Known] = []
        while True:
            question = self.words("new.more") if optional else ""
            text = self._prompt(question, "" if optional else None).strip()
            if not text and optional:
                return None
            if text.isdigit() and 0 < int(text) <= len(shown):
                return shown[int(text) - 1].name
            if any(text == k.name for k in known):
                return text
            shown = matching(text, known)[:_SHOWN]
            if accepts(text) and not re.fullmatch(r"\w+", text):
                return text
            if not shown:
                typer.echo(self.words("new.nothing", text=text))
            for number, one in enumerate(shown, 1):
                typer.echo(f"  {number:2} {one.name}  {one.title}")

    def yes(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        while True:
            text = self._prompt(self.words(f"new.{key}"), "y" if default else "n").lower()
            if text in (*_YES, *_NO):
                return text in _YES
            typer.echo(self.words("new.again"))

    def _prompt(self, question: str, default: str | None) -> str:
        suffix = "> " if not question else ": "
        return str(typer.prompt(question, default=default, prompt_suffix=suffix,
                                show_default=bool(default)))  # fmt: skip


def matching(text: str, known: Sequence[Known]) -> list[Known]:
    """The names in which all the words of a search stand, shortest first; else those like it."""
    words = [word for word in re.split(r"[\s.·]+", text) if word]
    found = [k for k in known if all(w in k.name or w in k.title for w in words)]
    if found or not words:
        return sorted(found, key=lambda k: (k.name != text, len(k.name)))
    from rapidfuzz import fuzz, process

    by_name = {k.name: k for k in known}
    near = process.extract(text, list(by_name), scorer=fuzz.WRatio, limit=_SHOWN, score_cutoff=50)
    return [by_name[name] for name, _, _ in near]
