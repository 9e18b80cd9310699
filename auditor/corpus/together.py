"""Many reports → each beside those it belongs to: copies, roster, glued rows, ties, likeness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.corpus.bodies import Bodies
from auditor.corpus.company import Library
from auditor.corpus.continuing import continued
from auditor.corpus.handed_in import missing
from auditor.corpus.heads import Head, Shelf
from auditor.corpus.likeness import Abreast, Before, abreast, comparing
from auditor.corpus.naming import names_of
from auditor.corpus.rostered import bound_rostered, head_rostered
from auditor.corpus.ties import Group, Ties, groups_of, known_bodies, ties_of
from auditor.model import Refusal
from auditor.pipeline import Bound, Settings, peers_of
from auditor.rulebook.facts import Peers

PeersOf = Callable[[Mapping[Group, Sequence[int]], Library], Mapping[Group, Peers]]


@dataclass(frozen=True, slots=True)
class Together:
    """The reports to judge, by number: with whom, and how alike; `library` fetches them.

    `missing` are the bodies of the roster that have handed in none.
    """

    heads: Sequence[Head]
    ties: Sequence[Ties]
    near: Mapping[int, Abreast]
    library: Library
    missing: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Revised:
    """A shelf of reports as the roster and the years around them leave them."""

    shelf: Shelf
    known: Bodies
    settings: Settings
    changed: Mapping[int, Bound]

    def bound(self, number: int) -> Bound:
        """The report as it is to be judged."""
        if number in self.changed:
            return self.changed[number]
        return bound_rostered(self.shelf.bound(number), self.known, self.settings)


def together(
    heads: Sequence[Head],
    shelf: Shelf,
    aside: Sequence[Refusal],
    settings: Settings,
    before: Before | None = None,
    peers: PeersOf | None = None,
) -> Together:
    """The reports in their order with what they are judged beside.

    The missing are told only for whole folders. `before` and `peers` stand in where what they tell
    is not to be made from the reports themselves.
    """
    known = known_bodies(heads, settings)
    heads = [head_rostered(head, known, settings) for head in heads]
    named = Revised(shelf, known, settings, {})
    split = continued(heads, lambda n: named.bound(n).report, settings, known)
    changed = {n: replace(named.bound(n), report=report) for n, report in split.items()}
    how = comparing(settings)
    names = names_of((h.name for h in heads if h.name), known, how.naming)
    found: dict[Group, Peers] = {}
    revised = Revised(shelf, known, settings, changed)
    library = Library(revised, settings, known, names, how, found)
    ties = ties_of(heads, known, library.report)
    found.update((peers or _peers)(groups_of(heads), library))
    near = abreast(heads, [t.key for t in ties], library.texts, how, before)
    absent = (
        missing(heads, aside, known, settings.period or settings.year) if settings.folder else ()
    )
    return Together(heads, ties, near, library, absent)


def _peers(groups: Mapping[Group, Sequence[int]], library: Library) -> Mapping[Group, Peers]:
    """The facts of all that are compared with each other, in memory."""
    return {
        group: peers_of([library.report(n) for n in members], library.settings)
        for group, members in groups.items()
    }
