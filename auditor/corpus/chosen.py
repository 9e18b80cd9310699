"""Few documents in this process, many in processes of their own: the batch is the same."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditor.corpus.progress import Progress
from auditor.errors import Said, UsageError
from auditor.gather import Input
from auditor.model import Batch
from auditor.pipeline import Settings

if TYPE_CHECKING:
    from auditor.corpus.cluster import Cluster

FEW, FEW_SLOW = 40, 4
"""Up to so many documents, of which so many may be scans, workers start longer than they work."""

_SLOW = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


@contextmanager
def audited(
    items: Sequence[Input],
    settings: Settings,
    *,
    jobs: int | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    cache: int | None = None,
    cluster: Cluster | None = None,
    columns: str | None = None,
) -> Iterator[Batch]:
    """The batch of these documents; it can be looked at inside, not after.

    `jobs` is the number of worker processes, by default one a core where there are many documents
    and none where there are few; `cache` the bytes of results that are kept between runs, 0 for
    none, None for the usual number. A `cluster` does the work in place of this machine. `columns`
    is the language in which tables of the run will be asked for: workers then make them. Raises
    Stopped where the run was cut off and can go on, UsageError where the cluster cannot be used.
    """
    from auditor.corpus.batch import audit_all

    if cluster is not None and not _divisible(settings):
        raise UsageError(_WHOLE)
    alone = jobs is None and cluster is None and not resume and few(items)
    if alone or not items or not _divisible(settings):
        yield audit_all(items, settings)
        return
    from auditor.corpus.run import CACHE, Run

    shown = progress or Progress()
    with Run(
        items, settings, jobs or cores(), resume=resume, progress=shown,
        cache=CACHE if cache is None else cache, cluster=cluster, columns=columns,
    ) as run:  # fmt: skip
        try:
            batch = run.batch()
        finally:
            shown.end()
        yield batch


def _divisible(settings: Settings) -> bool:
    """Whether workers can judge by these rules, which need peers only by figures."""
    from auditor.corpus.census import countable

    return all(countable(rules) for rules in (settings.rules, *settings.editions))


def few(items: Sequence[Input]) -> bool:
    """Whether these documents are done sooner in one process."""
    slow = sum(item.path.suffix.lower() in _SLOW for item in items)
    return len(items) <= FEW and slow <= FEW_SLOW


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_WHOLE = Said(
    "这套规则要逐份比较同类，不能分给多台机器：去掉 --cluster",
    "these rules look at peers one by one, and cannot be divided: leave --cluster away",
)
