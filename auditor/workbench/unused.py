"""Thresholds, citations and lists that nothing names any more: they mislead who reads the set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from auditor.errors import Said
from auditor.rulebook.claims import ENDINGS, MASKED, OWN, VERBS, WIDE
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import RuleSet

_WORDS = {
    "thresholds": Said("阈值", "threshold"),
    "citations": Said("引用", "citation"),
    "words": Said("词表", "word list"),
    "terms": Said("词组", "list of terms"),
}
_BUILT_IN = frozenset({MASKED, WIDE, OWN, ENDINGS, VERBS})
_NAME = re.compile(r"[\w-]+")
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")
_MEND = Said("删去，或在规则里用上", "take it out, or use it in a rule")


def unused(rules: RuleSet) -> Iterator[tuple[str, Mark | None, Said, Said]]:
    """What is defined in the set's own files and named nowhere in any of them."""
    words = Counter(word for author in rules.authors.values() for word in _words(author.text))
    for (kind, name), at in rules.defined.items():
        if kind not in _WORDS or name in _BUILT_IN:
            continue
        told = words[name] if _NAME.fullmatch(name) else _mentions(name, rules)
        if told > 1:
            continue
        word = _WORDS[kind]
        said = Said(f"{word.zh}“{name}”没有用到", f"the {word.en} '{name}' is not used")
        yield at.file, at.mark, said, _MEND


def _words(text: str) -> list[str]:
    """All names in a text, comments left out."""
    return _NAME.findall(_COMMENT.sub("", text))


def _mentions(name: str, rules: RuleSet) -> int:
    """How often a name with other signs in it is written."""
    return sum(_COMMENT.sub("", author.text).count(name) for author in rules.authors.values())
