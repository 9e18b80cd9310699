"""What an audit depends on, as two keys.

The first is of all that a report was put beside, and is known before any report is opened. The
second is of what came of that: another report in the folder often changes nothing for this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from auditor.corpus.keys import digest, digest_plain
from auditor.corpus.likeness import Abreast
from auditor.corpus.shelf import Ref
from auditor.corpus.ties import Ties
from auditor.pipeline import Bound, Company


class Trial(NamedTuple):
    """One report to judge, by place: its year, its ties and its likenesses."""

    place: int
    period: int | None
    ties: Ties
    near: Abreast | None


def put_beside(run: bytes, trial: Trial, refs: Mapping[int, Ref], group: bytes | None) -> bytes:
    """The key of all that a report is put beside; `run` is that of the run, `group` of peers.

    It is asked for every report of every run, and made of plain values only.
    """
    ties, near = trial.ties, trial.near
    beside = None
    if near is not None:
        parts = [(part, [(share, refs[n].key) for share, n in nearest])
                 for part, nearest in near.parts.items()]  # fmt: skip
        beside = (parts, near.alike, near.bodies)
    tied = ties._replace(prior=None, units=None, versions=())  # numbers of this run only
    reports = (
        ties.prior if ties.prior is None else refs[ties.prior].key,
        ties.units if ties.units is None else [refs[n].key for n in ties.units],
        [refs[n].key for n in ties.versions],
    )
    return digest_plain(
        (b"before", run, refs[trial.place].key, trial.period, tuple(tied), reports, beside, group)
    )


def came_of_it(
    frame: bytes,
    trial: Trial,
    refs: Mapping[int, Ref],
    bound: Bound,
    company: Company,
    asked: AbstractSet[str],
    group: bytes | None,
) -> bytes:
    """The key of all that can have an effect on the audit; of the company what rules ask for."""
    ties, prior, units = trial.ties, company.prior, company.units
    return digest(
        b"after", frame, refs[trial.place].key, bound.report.subject, bound.overrides,
        None if ties.prior is None else refs[ties.prior].key, prior and prior.subject,
        [refs[n].key for n in ties.units or ()], [unit.subject for unit in units],
        [(path, value) for path, value in company.beside.items() if path in asked],
        [(path, quotes) for path, quotes in company.quotes.items() if path in asked],
        group,
    )  # fmt: skip
