"""Texts that are nearly the same: candidates by a sketch, then compared exactly.

Before comparing, numbers, years and the body's own names are masked and the phrases that every
report must use are taken out, so that what is left is the author's own writing. Likeness is the
Jaccard index of the sets of five-character pieces: an exact count, no estimate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

PIECE = 5
"""Characters of a piece: long enough that unrelated texts share few."""

_ALL_PAIRS = 100
"""Up to so many texts every pair is compared exactly; the sketch pays only beyond."""

_HASHES, _BANDS = 126, 21
"""The sketch finds a pair of likeness .7 with .93, .8 with .998, .3 with .015."""

_KEPT = 512
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


def pieces(text: str) -> frozenset[int]:
    """All overlapping pieces of a masked text, as hashes (of this process only)."""
    last = max(1, len(text) - PIECE + 1)
    return frozenset(hash(text[i : i + PIECE]) for i in range(last)) if text else frozenset()


def jaccard(one: frozenset[int], other: frozenset[int]) -> Decimal:
    """The share of pieces in common, to three places; 0 for two empty texts."""
    both = len(one & other)
    whole = len(one) + len(other) - both
    return (Decimal(both) / whole).quantize(Decimal("0.001")) if whole else Decimal(0)


def alike(texts: Sequence[str], least: Decimal) -> Iterator[tuple[int, int, Decimal]]:
    """Pairs (smaller index first) of masked texts whose likeness is at least `least`.

    An empty text is like nothing.
    """
    held = lru_cache(maxsize=_KEPT)(lambda number: pieces(texts[number]))
    for one, other in _candidates(texts):
        if _may(len(texts[one]), len(texts[other]), least):
            share = jaccard(held(one), held(other))
            if share >= least:
                yield one, other, share


def _may(one: int, other: int, least: Decimal) -> bool:
    """Texts of very different length cannot be that alike; repeated pieces leave some room."""
    return min(one, other) * 2 >= max(one, other) * least


def _candidates(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing."""
    numbers = [n for n, text in enumerate(texts) if text]
    if len(numbers) <= _ALL_PAIRS:
        yield from ((a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :])
        return
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(0.5, _HASHES, _BANDS)
    for number in numbers:
        text = texts[number]
        sketch = RMinHash(_HASHES, 1)
        sketch.update([text[i : i + PIECE] for i in range(max(1, len(text) - PIECE + 1))])
        for other in sorted(set(index.query(sketch))):
            yield other, number
        index.insert(number, sketch)


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
