"""What binding gives: cells with their state, and where each table stands in the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from auditor.model import Location, Observation


class State(StrEnum):
    """How sure a cell is. A blank is printed as blank; an open cell could not be read."""

    READ = "read"
    BLANK = "blank"
    OPEN = "open"
    INFERRED = "inferred"


class BoundCell(NamedTuple):
    """One cell of the form with what the document prints for it.

    `value` is None unless the state is READ or INFERRED. `rules` are the rules whose identities
    chose the split of an inferred cell. `confidence` in percent is set where the text was
    recognised on a picture; `readings` are then all that it may say.
    """

    path: str
    state: State
    value: int | Decimal | None = None
    text: str = ""
    location: Location = Location()
    rules: tuple[str, ...] = ()
    confidence: int | None = None
    readings: tuple[str, ...] = ()


class Position(NamedTuple):
    """A place in a document: index of a block and a character offset in that block's text."""

    block: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class BoundTable:
    """One table of the form as found. A path that is absent from `cells` was not found.

    `begin` is where its labels start, `end` just after its last number; `score` compares
    alignments of one document with several forms (higher is better, 0 or less is no match).
    """

    key: str
    cells: Mapping[str, BoundCell] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    begin: Position | None = None
    end: Position | None = None
    score: float = 0.0
