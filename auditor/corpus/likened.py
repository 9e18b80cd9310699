"""What was made of texts before they are compared: sketches by this run, pairs by runs before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from auditor.corpus.gathered import Gathered
from auditor.corpus.kept import Kept
from auditor.corpus.keys import digest, digest_plain, engine_key, forms_key
from auditor.corpus.likeness import Pair
from auditor.corpus.packs import Packs
from auditor.corpus.plain import DamagedError, dumps, loads
from auditor.corpus.steps import SKETCHES
from auditor.pipeline import Settings


class Likened:
    """For the reports of a run by place, of which `numbers` are the documents."""

    def __init__(
        self,
        numbers: Sequence[int],
        read: Gathered,
        packs: Packs,
        settings: Settings,
        kept: Path | None,
    ) -> None:
        self._numbers = numbers
        self._read = read
        self._packs = packs
        self._how = digest(b"alike", engine_key(), forms_key(settings), settings.rules.compare)
        self._kept = kept

    def sketches(self, part: str, members: Sequence[int]) -> Callable[[int], bytes]:
        """The sketches of one part of the texts, as they lie in the packs of the run."""
        places = {self._numbers[place]: place for place in members}
        found: dict[int, bytes] = {}
        for pack in self._read.packs:
            for number, made in loads(self._packs.read(pack, SKETCHES)).get(part, {}).items():
                if number in places:
                    found[places[number]] = made
        return found.__getitem__

    def pairs(
        self, part: str, names: Mapping[int, str | None], find: Callable[[], Iterable[Pair]]
    ) -> Iterable[Pair]:
        """The pairs of these texts: kept by what they were read from and the names masked there."""
        if self._kept is None:
            return find()
        members = list(names)
        texts = [(self._read.refs[self._numbers[n]].key, name) for n, name in names.items()]
        key = digest_plain((self._how, part, texts))
        kept = Kept(self._kept)
        try:
            found = _pairs(kept.fetch([key]).get(key), members)
            if found is None:
                found = list(find())
                order = {number: at for at, number in enumerate(members)}
                kept.keep({key: dumps([(order[a], order[b], share) for a, b, share in found])})
        finally:
            kept.close()
        return found


def _pairs(data: bytes | None, members: Sequence[int]) -> list[Pair] | None:
    """Pairs as they were kept, by the order of the members; None where none were, or damaged."""
    if data is None:
        return None
    try:
        return [(members[a], members[b], share) for a, b, share in loads(data)]
    except (DamagedError, TypeError, ValueError, IndexError):
        return None
