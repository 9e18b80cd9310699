"""Texts that are nearly the same: candidates by a sketch, then compared exactly.

Before comparing, numbers, years and the body's own names are masked and the phrases that every
report must use are taken out, so that what is left is the author's own writing. Likeness is the
Jaccard index of the sets of five-character pieces: an exact count, no estimate.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Pieces: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]

PIECE = 5
"""Characters of a piece: long enough that unrelated texts share few."""

ALL_PAIRS = 100
"""Up to so many texts every pair is compared exactly; the sketch pays only beyond."""

HASHES, _BANDS = 126, 21
"""The sketch finds a pair of likeness .7 with .93, .8 with .998, .3 with .015."""

_ROOM = 0.2
"""How much less alike two sketches may seem than their texts are: 4.5 standard deviations."""

_KEPT = 512
_MOST = 1000
_NUMBER = re.compile("[0-9０-９.．,，%％一二三四五六七八九十百千万亿零〇○两]*"
                     "[0-9０-９一二三四五六七八九十百千万亿零〇○两][%％]?")  # fmt: skip
_IDLE = re.compile(r"[\W_]+")
_SENTENCE = re.compile("[^。；;！!？?\n]+[。；;！!？?]?")


def masked(text: str, names: Iterable[str], phrases: Callable[[str], str]) -> str:
    """The author's own words alone: names, set phrases and punctuation gone, numbers as #."""
    for name in names:
        text = text.replace(name, "")
    return _IDLE.sub("", _NUMBER.sub("零", phrases(text)))


def sentences(text: str) -> list[str]:
    """The sentences of a text as they stand."""
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip()]


def pieces(text: str) -> Pieces:
    """All overlapping pieces of a masked text as 64-bit hashes, ascending, each once.

    A text shorter than a piece is one piece. The hashes are the same in every process.
    """
    import numpy as np

    given = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    signs = given.astype(np.uint64)
    if not len(signs):
        return signs
    width = min(PIECE, len(signs))
    count = len(signs) - width + 1
    mixed = signs[:count].copy()
    for step in range(1, width):
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
        mixed += signs[step : step + count]
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return np.unique(mixed ^ (mixed >> np.uint64(31)))


def jaccard(one: Pieces, other: Pieces) -> Decimal:
    """The share of pieces in common, to three places; 0 for two empty texts."""
    import numpy as np

    both = len(np.intersect1d(one, other, assume_unique=True))
    whole = len(one) + len(other) - both
    return (Decimal(both) / whole).quantize(Decimal("0.001")) if whole else Decimal(0)


def alike(texts: Sequence[str], least: Decimal) -> Iterator[tuple[int, int, Decimal]]:
    """Pairs (smaller index first) of masked texts whose likeness is at least `least`.

    An empty text is like nothing.
    """
    lengths = {number: len(text) for number, text in enumerate(texts) if text}
    return alike_of(lengths, texts.__getitem__, least)


def alike_of(
    lengths: Mapping[int, int],
    text: Callable[[int], str],
    least: Decimal,
    sketches: Callable[[int], bytes] | None = None,
) -> Iterator[tuple[int, int, Decimal]]:
    """The same for texts that are fetched by number; `lengths` are theirs, numbers ascending.

    `sketches` fetches a sketch that was made before. Beyond `ALL_PAIRS` texts no text is compared
    with more than a thousand that come after it.
    """
    made = sketches or (lambda number: sketch(text(number)))
    held = lru_cache(maxsize=_KEPT)(lambda number: pieces(text(number)))
    for one, other in _candidates(list(lengths), made, float(least) - _ROOM):
        if _may(lengths[one], lengths[other], least):
            share = jaccard(held(one), held(other))
            if share >= least:
                yield one, other, share


def _may(one: int, other: int, least: Decimal) -> bool:
    """Texts of very different length cannot be that alike; repeated pieces leave some room."""
    return min(one, other) * 2 >= max(one, other) * least


def sketch(text: str) -> bytes:
    """The least hashes of a masked text's pieces, for finding candidates; 504 bytes."""
    import numpy as np
    from rensa import RMinHash

    made = RMinHash(HASHES, 1)
    made.update([text[i : i + PIECE] for i in range(max(1, len(text) - PIECE + 1))])
    return np.array(made.digest(), dtype=np.uint32).tobytes()


def _candidates(
    numbers: Sequence[int], sketches: Callable[[int], bytes], least: float
) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing, in their order: alike in a band, and by their sketches at `least`."""
    if len(numbers) <= ALL_PAIRS:
        yield from ((a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :])
        return
    import numpy as np

    joined = b"".join(sketches(number) for number in numbers)
    table = np.frombuffer(joined, dtype=np.uint32).reshape(len(numbers), _BANDS, -1)
    bands = [_alike_here(np.ascontiguousarray(table[:, band])) for band in range(_BANDS)]
    whole = table.reshape(len(numbers), -1)
    for at in sorted(set().union(*bands)):  # most are like no other
        number = numbers[at]
        near = sorted({n for band in bands for n in _after(band.get(at, ()), at)})[:_MOST]
        if near:
            shares = (whole[near] == whole[at]).mean(axis=1)
            yield from ((number, numbers[n]) for n in np.array(near)[shares >= least].tolist())


def _alike_here(rows: Any) -> dict[int, Sequence[int]]:
    """For each row that is not alone, all rows equal to it, itself included, ascending."""
    import numpy as np

    whole = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    order = np.argsort(whole, kind="stable")
    ranked = whole[order]
    bounds = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1], [True])))
    several = np.flatnonzero(np.diff(bounds) > 1)
    groups = [order[bounds[n] : bounds[n + 1]].tolist() for n in several.tolist()]
    return {member: group for group in groups for member in group}


def _after(group: Sequence[int], at: int) -> Sequence[int]:
    """The members of an ascending group that come after one, as many as are compared."""
    start = bisect_right(group, at)
    return group[start : start + _MOST]


def shared(
    own: str, other: str, mask: tuple[Callable[[str], str], Callable[[str], str]], most: int
) -> list[tuple[str, str]]:
    """The longest sentences that both texts have, but for names and numbers, side by side."""
    theirs: dict[str, str] = {}
    for sentence in sentences(other):
        theirs.setdefault(mask[1](sentence), sentence)
    found: dict[str, tuple[str, str]] = {}
    for sentence in sentences(own):
        key = mask[0](sentence)
        if len(key) > PIECE and key in theirs:
            found.setdefault(key, (sentence, theirs[key]))
    longest = sorted(found, key=lambda key: (-len(key), key))[:most]
    return [found[key] for key in found if key in longest]
