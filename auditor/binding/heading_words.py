"""The words of the form's headings, and how near a printed text is to them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from auditor.binding.numbering import value_of
from auditor.form import Form, SectionForm

CLOSE = 0.97
"""How near a known variant is, and any text at most that is no accepted spelling."""

MARGIN = 10
"""Letters that may stand before a heading or make the difference between two ways to count."""

_YEAR = re.compile(r"^(?:[12][0-9]{3}年度?|本年度?)(?=.{4})")


class Words:
    """The heading of one section: what it is compared with, and how near texts were to it."""

    def __init__(self, section: SectionForm, order: int) -> None:
        heading = section.heading
        self.section, self.order = section, order
        self.value = value_of(section.ordinal)
        self.spellings = frozenset(heading.spellings)
        self.variants = frozenset(heading.variants)
        self.known = (*heading.spellings, *heading.variants)
        self.longest = max(map(len, heading.spellings))
        self.tails = tuple(dict.fromkeys(spelling[-2:] for spelling in self.known))
        self.similarity = lru_cache(maxsize=4096)(self._similarity)

    def is_exact(self, bare: str) -> bool:
        """Whether a text is an accepted spelling, with or without a year before it."""
        return bare in self.spellings or _YEAR.sub("", bare) in self.spellings

    def _similarity(self, bare: str) -> float:
        """1 for an accepted spelling, a little less for a known variant, else how near it is."""
        from rapidfuzz import fuzz

        if self.is_exact(bare):
            return 1.0
        if bare in self.variants:
            return CLOSE
        best = 0.0
        for known in self.known:
            best = max(best, fuzz.ratio(bare, known, score_cutoff=best))
        return min(CLOSE, best / 100)


class Headings(NamedTuple):
    """The headings of a form; a text of more letters than `many` is none of them as a whole."""

    words: tuple[Words, ...]
    longest: int
    many: int


@lru_cache(maxsize=16)
def headings_of(form: Form) -> Headings:
    """Made once for all documents."""
    words = tuple(Words(section, order) for order, section in enumerate(form.sections))
    longest = max((word.longest for word in words), default=0)
    printed = max((len(section.heading.text) for section in form.sections), default=0)
    return Headings(words, longest, max(3 * longest, 2 * printed) + MARGIN)
