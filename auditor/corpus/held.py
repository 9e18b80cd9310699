"""Reports that are held in memory, put beside each other: for whoever judges them another way."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.corpus.company import company_of
from auditor.corpus.duplicates import once
from auditor.corpus.heads import Head, Held, head_of
from auditor.corpus.likeness import comparing, texts_of
from auditor.corpus.together import Together, together
from auditor.model import Refusal
from auditor.pipeline import Bound, Company, Settings


def without_copies(bound: Sequence[Bound]) -> list[Bound]:
    """The reports in their order, each once."""
    kept, _ = once([head_of(one.report) for one in bound], lambda number: bound[number].report)
    return [bound[number] for number in kept]


def with_company(
    bound: Sequence[Bound], aside: Sequence[Refusal], settings: Settings
) -> list[tuple[Bound, Company]]:
    """Each report, as roster and years leave it, with what its rules may look at beside it."""
    beside = held_together(bound, aside, settings)
    library = beside.library
    return [
        (library.bound(n), company_of(n, ties, beside.near.get(n), library))
        for n, ties in enumerate(beside.ties)
    ]


def held_together(bound: Sequence[Bound], aside: Sequence[Refusal], settings: Settings) -> Together:
    """The reports with what they are judged beside."""
    how = comparing(settings)
    heads: list[Head] = [
        head_of(one.report, texts_of(one.report, settings, how).lengths) for one in bound
    ]
    return together(heads, Held(bound), aside, settings)
