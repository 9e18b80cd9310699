"""words.yaml → word lists. A rule set that extends another may replace a list or change it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from auditor.errors import Said
from auditor.rulebook.author import Author, near, renamed
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.wordlist import WordList, compiled

FILE = "words.yaml"
_KEYS = {
    "words": "words", "词": "words", "patterns": "patterns", "式": "patterns",
    "right": "right", "应为": "right",
    "add": "add", "加": "add", "remove": "remove", "去": "remove",
}  # fmt: skip
_WHAT = Said("词表", "word list")


def read_words(author: Author, node: Any, into: MutableMapping[str, WordList]) -> list[str]:
    """The lists of one file, on top of those that are there already; those with a mistake."""
    root = author.mapping(node, None, Said(FILE, FILE))
    wrong = []
    for name, value in (root or {}).items():
        before = len(author.mistakes)
        mark = root.marks_of_values.get(name) if root else None
        found = _list(author, name, value, mark, into)
        if found is not None:
            into[name] = found
        if len(author.mistakes) > before:
            wrong.append(name)
    return wrong


def _list(
    author: Author, name: str, node: Any, mark: Mark | None, known: Mapping[str, WordList]
) -> WordList | None:
    if isinstance(node, list):
        return WordList(name, _apart(author, node, mark))
    entry = author.mapping(node, mark, _WHAT)
    if entry is None:
        return None
    parts = renamed(author, entry, _KEYS, _WHAT)
    if "add" in parts or "remove" in parts:
        return _changed(author, name, parts, mark, known)
    return WordList(
        name,
        _apart(author, *parts.get("words", ([], mark))),
        _patterns(author, *parts.get("patterns", ([], mark))),
        _right(author, *parts["right"]) if "right" in parts else (),
    )


def _changed(
    author: Author,
    name: str,
    parts: Mapping[str, tuple[Any, Mark | None]],
    mark: Mark | None,
    known: Mapping[str, WordList],
) -> WordList | None:
    """`{add: …, remove: …}`: the list of the extended rule set with some words more or less."""
    old = known.get(name)
    if old is None:
        zh, en = f"没有可改的词表 '{name}'", f"no word list '{name}' to change"
        author.wrong(mark, Said(zh, en), near(name, known))
        return None
    add_node, add_mark = parts.get("add", ([], mark))
    more = _list(author, name, add_node, add_mark, {}) or WordList(name)
    less = set(_texts(author, *parts.get("remove", ([], mark))))
    there = {*old.words, *old.patterns, *(pattern for pattern, _ in old.right)}
    for word in sorted(less - there):
        zh, en = f"词表里没有 '{word}'", f"'{word}' is not in the list"
        author.wrong(parts["remove"][1], Said(zh, en), near(word, there))
    return WordList(
        name,
        tuple(w for w in dict.fromkeys((*old.words, *more.words)) if w not in less),
        tuple(p for p in dict.fromkeys((*old.patterns, *more.patterns)) if p not in less),
        tuple(r for r in dict.fromkeys((*old.right, *more.right)) if r[0] not in less),
    )


def _texts(author: Author, node: Any, mark: Mark | None) -> tuple[str, ...]:
    items = node if isinstance(node, list) else [node]
    marks = getattr(node, "marks", [mark] * len(items))
    for item, at in zip(items, marks, strict=True):
        if not isinstance(item, str) or not item:
            author.wrong(at, Said("词表里应当是文字，数要加引号", "a word list holds texts"))
    return tuple(str(item) for item in items)


def _apart(author: Author, node: Any, mark: Mark | None) -> tuple[str, ...]:
    """Words; one with a comma of Chinese in it, and no quotes around, was meant as several."""
    found = _texts(author, node, mark)
    lines = author.text.splitlines()
    for word, at in zip(found, getattr(node, "marks", [mark] * len(found)), strict=True):
        sign = next((sign for sign in "，、；" if sign in word), "")
        if sign and at is not None and lines[at.line - 1][at.column - 1] not in "\"'|>":
            said = Said(
                f"“{sign}”不分隔词，这里成了一个词", f"'{sign}' parts no words: this is one word"
            )
            mend = Said(
                "几个词之间用半角逗号加空格（, ）；确是一个词的，请加引号",
                "put ', ' between words; quote what is one word",
            )
            author.wrong(at, said, mend=mend)
    return found


def _patterns(author: Author, node: Any, mark: Mark | None) -> tuple[str, ...]:
    found = _texts(author, node, mark)
    for pattern in found:
        with author.expression(mark, pattern):
            compiled(pattern)
    return found


def _right(author: Author, node: Any, mark: Mark | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`pattern: right form`, or several of them."""
    table = author.mapping(node, mark, Said("应为", "right"))
    found = []
    for pattern, forms in (table or Mapped(Mark(1, 1, 1))).items():
        at = table.marks_of_keys.get(pattern) if table else mark
        _patterns(author, [pattern], at)
        found.append((pattern, _texts(author, forms, at)))
    return tuple(found)
