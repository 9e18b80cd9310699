"""What was decided or known about findings before an audit: waivers, and a baseline's findings."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.errors import Said


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's decision that a finding may stand, bound to the values that were seen.

    `scope` is the fingerprint of one place or `rule` for all places of the rule; `value_keys`
    are the findings as they were: a changed value is another finding. Dates are YYYY-MM-DD,
    `expires` is the last day. `origin` = file:line.
    """

    rule: str
    subject: str
    period: int
    scope: str
    value_keys: tuple[str, ...]
    expires: str
    reason: str = ""
    owner: str = ""
    approved_by: str = ""
    approved_on: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A finding of the baseline that this audit no longer has.

    `state` is `mended` (the place was judged and is in order), `changed` (the place fails with
    other values: its finding is new), or `unjudged` (the place could not be judged this time).
    `severity` is its English word.
    """

    rule: str
    severity: str
    where: Said
    message: Said
    fingerprint: str
    value_key: str
    state: str
