"""A sentence that a phrase of a rule finds: the shortest thing that it could mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_DEEPEST = 4
_LIST = re.compile(r"\{([^{}]*)\}")
_ONE_OF = re.compile(r"\(([^()|]*)(?:\|[^()]*)?\)")
_OPTIONAL = re.compile(r"\[[^\[\]]*\]")


def specimens(phrase: str, terms: Mapping[str, Sequence[str]], figure: int) -> str:
    """The phrase with its first choices taken, what may be left out left out, and a number."""
    text = _listed(phrase, terms, figure, 0)
    while (shorter := _ONE_OF.sub(r"\1", _OPTIONAL.sub("", text))) != text:
        text = shorter
    return text.replace("…", "").replace("$", "")


def _listed(phrase: str, terms: Mapping[str, Sequence[str]], figure: int, depth: int) -> str:
    def word(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "n":
            return str(figure)
        known = terms.get(name)
        if not known or depth >= _DEEPEST:
            return ""
        return _listed(known[0], terms, figure, depth + 1)

    return _LIST.sub(word, phrase)
