"""What a run tells of itself while it goes on. This one says nothing; a command shows it."""

from __future__ import annotations

from auditor.errors import Said


class Stopped(Exception):  # noqa: N818 - not a fault: the run goes on another time
    """A worker cannot go on, whatever the document: the disk is full, say.

    What the system says it says in one language.
    """

    def __init__(self, why: Said | str) -> None:
        super().__init__(str(why))
        self.said = why if isinstance(why, Said) else Said(why, why)


class Progress:
    """The events of a run, each ignored here."""

    def begin(self, step: str, total: int, done: int) -> None:
        """A step begins: `read`, `compare`, `judge`, `columns`; `done` were done before."""

    def at(self, done: int) -> None:
        """So many documents were done by the workers since the run began."""

    def aside(self, source: str, said: Said) -> None:
        """A document was set aside: it was refused, or could not be read."""

    def died(self, source: str) -> None:
        """A worker died at a document; it is tried once more by itself."""

    def end(self) -> None:
        """All is done."""
