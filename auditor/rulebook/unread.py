"""Texts that could not be read: OPEN for every rule that would have searched them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.errors import Said
from auditor.model import Evidence, Outcome
from auditor.rulebook.facts import Facts
from auditor.rulebook.rule import Seen

MOST = 300  # statements of one kind in one report: a report has a dozen


def endless(path: str, facts: Facts) -> Seen:
    """OPEN for a text that tells more than is looked at: the rest is not passed in silence."""
    where = facts.label(path.removesuffix(".text"))
    zh = f"此类说法超过{MOST}处，其余未核对"
    message = Said(zh, f"more than {MOST} such statements: the rest is unchecked")
    return Seen(Outcome.OPEN, f"{path}:…", where, (), message)


def unread(paths: Iterable[str], facts: Facts) -> Iterator[Seen]:
    """One OPEN for each text that is not there to be searched and is not known to be missing."""
    values = facts.values
    for path in paths:
        if path not in values and not facts.missing(path):
            where = facts.label(path.removesuffix(".text"))
            message = Said(f"未能读取：{where.zh}", f"could not be read: {where.en}")
            evidence = Evidence(path, where, None, "open", facts.locations.get(path))
            yield Seen(Outcome.OPEN, path, where, (evidence,), message)
