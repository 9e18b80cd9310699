"""What is known of the documents of a run when they have been read, by number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.corpus.heads import Head
from auditor.corpus.plain import decode
from auditor.corpus.reading import BOUND, FAULT, head_of_plain
from auditor.corpus.shelf import Ref
from auditor.model import Refusal


@dataclass
class Gathered:
    """What is known of the documents of a run, by number: compact, whatever their size."""

    heads: dict[int, Head] = field(default_factory=dict)
    refs: dict[int, Ref] = field(default_factory=dict)
    aside: dict[int, Refusal] = field(default_factory=dict)
    faults: dict[int, Refusal] = field(default_factory=dict)
    packs: list[str] = field(default_factory=list)

    def took(self, name: str, index: Iterable[Sequence[Any]]) -> None:
        """Take in the index of a pack."""
        self.packs.append(name)
        for number, _, kind, value, key, entry in index:
            if kind == BOUND:
                self.heads[number] = head_of_plain(value)
                self.refs[number] = Ref(name, entry, key)
            else:
                (self.faults if kind == FAULT else self.aside)[number] = decode(value)

    def __contains__(self, number: int) -> bool:
        return number in self.heads or number in self.aside or number in self.faults
