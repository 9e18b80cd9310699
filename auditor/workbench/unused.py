"""Thresholds, citations and lists that nothing names any more: they mislead who reads the set."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import Said
from auditor.rulebook.claims import MASKED, OWN, WIDE
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import RuleSet

_WORDS = {
    "thresholds": Said("阈值", "threshold"),
    "citations": Said("引用", "citation"),
    "words": Said("词表", "word list"),
    "terms": Said("词组", "list of terms"),
}
_BUILT_IN = frozenset({MASKED, WIDE, OWN})
_MEND = Said("删去，或在规则里用上", "take it out, or use it in a rule")


def unused(rules: RuleSet) -> Iterator[tuple[str, Mark | None, Said, Said]]:
    """What is defined in the set's own files and named nowhere in any of them."""
    for (kind, name), at in rules.defined.items():
        if kind not in _WORDS or name in _BUILT_IN:
            continue
        if sum(_mentions(author.text, name) for author in rules.authors.values()) > 1:
            continue
        word = _WORDS[kind]
        said = Said(f"{word.zh}“{name}”没有用到", f"the {word.en} '{name}' is not used")
        yield at.file, at.mark, said, _MEND


def _mentions(text: str, name: str) -> int:
    """How often a name stands by itself, comments left out."""
    pattern = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    return sum(
        len(re.findall(pattern, line.split(" #")[0]))
        for line in text.splitlines()
        if not line.lstrip().startswith("#")
    )
