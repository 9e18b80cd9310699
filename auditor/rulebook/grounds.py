"""The law that rules rest on: citations that a rule set defines once, and texts of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.errors import Said
from auditor.model import Basis
from auditor.rulebook.author import SAID, YES, Author, near, renamed, said
from auditor.rulebook.marks import Mapped, Mark

_BASIS = {
    **SAID, "unsourced": "unsourced", "未核": "unsourced",
    "since": "since", "起": "since", "before": "before", "此前": "before",
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1990, 2999
_NAMED = 10  # characters: longer than this it is the title of a document


@dataclass(frozen=True, slots=True)
class Ground:
    """What entries lean on: the citations that the rule set defines once."""

    citations: Mapping[str, Basis]


def basis(author: Author, node: Any, mark: Mark | None, ground: Ground) -> Basis:
    """A citation by name, a text, or `{zh, en, unsourced, since, before}`.

    `since` is a report year; `before` names the citation in force until then, defined above. A
    text that looks like the name of a citation is a misspelt name: it must not become a law.
    """
    if isinstance(node, str) and node in ground.citations:
        return ground.citations[node]
    if isinstance(node, str) and (close := _misspelt(node, ground)):
        zh, en = f"没有这条引用 '{node}'", f"unknown citation '{node}'"
        author.wrong(mark, Said(zh, en), close)
    if isinstance(node, Mapped):
        members = renamed(author, node, _BASIS, Said("依据", "basis"))
        unsourced, unsourced_mark = members.pop("unsourced", (False, None))
        flag = author.one_of(unsourced, unsourced_mark, YES, Said("未核", "unsourced"))
        zh = str(members.get("zh", ("", None))[0])
        said_ = Said(zh, str(members.get("en", (zh, None))[0]))
        return Basis(said_, not flag, _since(author, members), _before(author, members, ground))
    text = said(author, node, mark)
    return Basis(text)


def _misspelt(text: str, ground: Ground) -> tuple[str, ...]:
    if len(text) > _NAMED or any(sign in text for sign in "《〔"):
        return ()
    return near(text, ground.citations)


def _since(author: Author, members: Mapping[str, tuple[Any, Mark | None]]) -> int | None:
    year, mark = members.get("since", (None, None))
    if year is None or (isinstance(year, int) and not isinstance(year, bool)):
        return year
    author.wrong(mark, Said("起应当是年份", "since must be a year"))
    return None


def _before(
    author: Author, members: Mapping[str, tuple[Any, Mark | None]], ground: Ground
) -> Basis | None:
    name, mark = members.get("before", (None, None))
    if name is None:
        return None
    if name in ground.citations and "since" in members:
        return ground.citations[name]
    zh, en = "此前要写上面已有的引用名，并写明起", "before names a citation above, and needs since"
    author.wrong(mark, Said(zh, en), near(str(name), ground.citations))
    return None
