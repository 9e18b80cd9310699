"""Reports read for the workbench: one with its company."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.corpus.held import with_company
from auditor.errors import Said, UsageError
from auditor.gather import Input
from auditor.model import Refusal
from auditor.pipeline import Bound, Company, Settings, bind_one, facts_for
from auditor.rulebook.facts import Facts


def facts_beside(one: Sequence[Input], others: Sequence[Input], settings: Settings) -> Facts:
    """The facts of the first report. Raises UsageError where it cannot be read."""
    if not one:
        raise UsageError(Said("没有可读的报告", "there is no report to read"))
    bound = _bound(one[0], settings)
    more = (bind_one(item, settings) for item in others if item.path != one[0].path)
    company = [bound, *(other for other in more if isinstance(other, Bound))]
    if len(company) == 1:
        return facts_for(bound.report, settings, Company())
    first, beside = with_company(company, (), settings)[0]
    return facts_for(first.report, settings, beside)


def _bound(item: Input, settings: Settings) -> Bound:
    bound = bind_one(item, settings)
    if isinstance(bound, Refusal):
        said = bound.said
        raise UsageError(Said(f"{item.name}：{said.zh}", f"{item.name}: {said.en}"))
    return bound
