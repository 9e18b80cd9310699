"""A rule set while it is being read: a child starts from what its parent has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from auditor.errors import Mistake, Said, UsageError
from auditor.model import Basis
from auditor.rulebook.author import Author
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import Compare, Defined, Grading, Group, Rule, RuleSet, Threshold
from auditor.rulebook.sheets import Named
from auditor.rulebook.wordlist import WordList

_MOST_BYTES = 2_000_000


@dataclass
class Draft:
    """What was read so far.

    `broken` are texts of which too little was understood: what they define may be named elsewhere
    without a second complaint. `flawed` are the ids of rules that have a mistake of their own.
    """

    rules: dict[str, Rule] = field(default_factory=dict)
    citations: dict[str, Basis] = field(default_factory=dict)
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    families: dict[str, Said] = field(default_factory=dict)
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    grading: Grading = field(default_factory=Grading)
    sheets: dict[str, Grading] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    compare: Compare = field(default_factory=Compare)
    named: Named = field(default_factory=list)
    ever: set[str] = field(default_factory=set)
    forms: tuple[str, ...] = ()
    words: dict[str, WordList] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    bytes_: list[bytes] = field(default_factory=list)
    defined: dict[tuple[str, str], Defined] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    flawed: set[str] = field(default_factory=set)
    base: RuleSet | None = None
    id: str = ""
    version: str = ""
    since: int | None = None
    until: int | None = None
    replaced_by: str = ""
    title: Said = field(default_factory=lambda: Said("", ""))

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All that is wrong so far, file by file."""
        return tuple(m for author in self.authors.values() for m in author.mistakes)

    def define(self, kind: str, name: str, author: Author, mark: Mark | None) -> None:
        """Remember where a threshold, a citation, a list stands."""
        self.defined[kind, name] = Defined(author.file, mark or Mark(1, 1, 1))

    def perhaps(self, name: str) -> bool:
        """Whether a name may be defined in what could not be understood."""
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        return any(word.search(text) for text in self.broken)


def opened(path: Path, draft: Draft) -> Author:
    """Open a file of the rule set; its bytes go into the digest. Raises UsageError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            Said(f"读不到规则文件 {path}", f"cannot read the rule file {path}")
        ) from error
    if len(data) > _MOST_BYTES:
        raise UsageError(Said(f"规则文件 {path} 太大", f"the rule file {path} is too large"))
    name = shown(path)
    draft.bytes_.append(data)
    author = Author(name, data.decode("utf-8-sig", errors="replace"))
    if "\ufffd" in author.text:
        line = author.text[: author.text.index("\ufffd")].count("\n") + 1
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # what Windows calls Unicode
        author.text = data.decode("utf-16" if wide else "gb18030", errors="replace")
        said = Said("规则文件应当是UTF-8编码", "rule files must be in UTF-8")
        mend = Said(
            "用编辑器或记事本“另存为”，编码选 UTF-8", "save it anew with the encoding UTF-8"
        )
        author.wrong(Mark(line, 1, 1), said, mend=mend)
    draft.authors[name] = author
    return author


def shown(path: Path) -> str:
    """A path for people: below the current folder where it is, else the last three parts."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return "/".join(path.resolve().parts[-3:])


def unclaimed(draft: Draft, names: Iterable[str]) -> list[str]:
    """The names that nothing read so far defines, and nothing misunderstood may."""
    return [n for n in names if n not in draft.ever and not draft.perhaps(n)]
