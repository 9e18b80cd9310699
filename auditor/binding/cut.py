"""Documents of which a part was cut off or is hidden: what is not found there was not read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace

from auditor.binding.filling import put
from auditor.form import Form
from auditor.model import Document, Observation, Report

KIND = "cut-off"
_PAGES = "pages"  # detail: an article that goes on elsewhere, none of whose lines is cut
_HIDDEN = ("hidden-content", "table")  # kind and detail: rows or cells of a table
_UNREAD = {
    "section-missing": "section-unread", "table-missing": "table-unread",
    "row-missing": "row-unread", "cell-missing": "unreadable",
}  # fmt: skip
_UNTOLD = frozenset(
    ("row-extra", "label-changed", "head-missing", "edition-mismatch", "group-undivided",
     "section-order", "section-repeated")
)  # fmt: skip
_ELSEWHERE = frozenset(("head-missing",))  # what is on this page is as it is

# A heading is a line, too.
_WORDED = frozenset(("heading-changed", "ordinal-missing", "ordinal-wrong"))

# Without a grid the words beside a figure may be those of a cell that was cut.
_MIXED = frozenset(("unit-in-cell", "note-in-cell"))


def with_cuts(report: Report, document: Document, form: Form) -> Report:
    """A report without accusations that rest on what may have been cut off; without its texts
    where lines were, which then say something else than was written."""
    cuts = [o for o in document.observations if o.kind == KIND]
    hidden = any((o.kind, o.detail) == _HIDDEN for o in document.observations)
    if not cuts and not hidden:
        return report
    if not hidden and all(o.detail == _PAGES for o in cuts):
        honest = _honest(report, _UNREAD, _ELSEWHERE, _whole(report, form))
        return replace(report, observations=tuple(honest))
    unread = {**_UNREAD, "blank-cell": "unreadable"} if cuts else _UNREAD
    untold = _UNTOLD | _MIXED if cuts and document.flattened else _UNTOLD
    lines = any(o.location.page for o in cuts)
    untold = untold | _WORDED if lines else untold
    report = replace(report, observations=tuple(_honest(report, unread, untold)))
    return _without_texts(report, form) if lines else report


def _whole(report: Report, form: Form) -> frozenset[str]:
    """Sections between two that were found: what goes on elsewhere goes on before or behind."""
    lost = {o.path for o in report.observations if o.kind in ("section-missing", "section-unread")}
    keys = [section.key for section in form.sections]
    found = [place for place, key in enumerate(keys) if key not in lost]
    return frozenset(keys[found[0] + 1 : found[-1]] if found else ())


def _honest(
    report: Report,
    unread: Mapping[str, str],
    untold: Collection[str],
    whole: Collection[str] = (),
) -> Iterator[Observation]:
    for seen in report.observations:
        if seen.path.partition(".")[0] in whole:
            yield seen
        elif seen.kind not in untold:
            yield replace(seen, kind=unread.get(seen.kind, seen.kind))


def _without_texts(report: Report, form: Form) -> Report:
    data = deepcopy(dict(report.data))
    keys = [f"{section.key}.text" for section in form.sections if not section.table]
    for path in ("opening", *keys):
        if path.partition(".")[0] in data:
            put(data, path, None)
    return replace(report, data=data, rest="", beside="")
