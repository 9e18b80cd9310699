"""Which of the places that look like headings are the headings, and which of them are misplaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median_low

from auditor.binding.bound import BoundTable
from auditor.binding.headings import ACCEPTED, Candidate
from auditor.form import Form

CERTAIN = 1.8
_MOST = 400
_APART = 2  # headings of a document that are in no list


def chain_of(
    candidates: Sequence[Candidate], form: Form, tables: Mapping[str, BoundTable]
) -> list[Candidate]:
    """The best rising chain: at most one a section, in the form's order, beside the tables.

    Where the headings alone are all there in their order, the tables may stand elsewhere, as
    attachments do.
    """
    beside = [c for c in candidates if _beside(c, form, tables)]
    if len(beside) < len(candidates):
        whole = rising(candidates)
        if len(whole) == len(form.sections) and _are_plain(whole):
            return whole
    return rising(beside)


def rising(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best chain of candidates that rises in place and in the form's order."""
    fit = sorted(candidates, key=lambda c: -c.score)[:_MOST]
    fit.sort(key=lambda c: (c.place, c.order))
    totals: list[float] = []
    links: list[int] = []
    for i, candidate in enumerate(fit):
        total, link = candidate.score, -1
        for j in range(i):
            rises = fit[j].place < candidate.place and fit[j].order < candidate.order
            if rises and totals[j] + candidate.score > total:
                total, link = totals[j] + candidate.score, j
        totals.append(total)
        links.append(link)
    chain: list[Candidate] = []
    at = max(range(len(fit)), key=lambda i: (totals[i], -i), default=-1)
    while at >= 0:
        chain.append(fit[at])
        at = links[at]
    return chain[::-1]


def _are_plain(chain: Sequence[Candidate]) -> bool:
    """Whether headings are certain without the tables. Where those stand elsewhere, the headings
    of their sections follow each other like a list, but not those of all sections."""
    if not all(c.whole and not c.changed for c in chain):
        return False
    listed = [c for c in chain if c.score < ACCEPTED]
    return all(c.number for c in listed) and len(chain) - len(listed) >= _APART


def _is_plain(candidate: Candidate) -> bool:
    """Whether a whole line is an accepted heading, and not one of a list of them."""
    return candidate.whole and not candidate.changed and candidate.score >= ACCEPTED


def _beside(candidate: Candidate, form: Form, tables: Mapping[str, BoundTable]) -> bool:
    """Before the tables of its own and later sections, after those of earlier ones."""
    for order, section in enumerate(form.sections):
        bound = tables.get(section.key)
        if bound is None or bound.begin is None or bound.end is None:
            continue
        if order >= candidate.order and not candidate.at < bound.begin:
            return False
        if order < candidate.order and candidate.at < bound.end:
            return False
    return True


def strays_of(
    candidates: Sequence[Candidate], chain: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate]]:
    """Certain headings outside the chain: of sections it lacks, and of sections it has."""
    have = {c.order for c in chain}
    places = {c.place for c in chain}
    usual = median_low([c.score for c in chain]) if chain else CERTAIN
    others = [c for c in candidates if c.place not in places]
    by_order: dict[int, Candidate] = {}
    repeated = []
    for candidate in sorted(others, key=lambda c: (-c.score, c.place)):
        if candidate.order in have:
            if candidate.score >= CERTAIN:
                repeated.append(candidate)
        elif _is_heading(candidate, usual):
            by_order.setdefault(candidate.order, candidate)
    return [by_order[order] for order in sorted(by_order)], repeated


def _is_heading(candidate: Candidate, usual: float) -> bool:
    """Certain by itself, or plain and dressed as the headings of the chain usually are."""
    if candidate.score >= CERTAIN:
        return True
    dressed = bool(candidate.number) or candidate.score >= usual
    return dressed and _is_plain(candidate)
