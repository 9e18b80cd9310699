"""One HTML file: the whole audit as a page that needs nothing else, no network, no server.

The data stand in the page once, as JSON: a summary, and for each report an element of its own
that is parsed when the report is opened. A policy in the page forbids everything from outside.
"""

from __future__ import annotations

from auditor.model import Batch
from auditor.renderers import Options
from auditor.renderers._html.detail import Grids, detail
from auditor.renderers._html.page import assembled
from auditor.renderers._html.plain import embedded
from auditor.renderers._html.summary import summary
from auditor.renderers._ranking import ranked

NAME = "html"
SUFFIX = ".html"


def render(batch: Batch, options: Options) -> bytes:
    """The whole page. Reports stand in it in the order of their ranking."""
    grids = Grids()
    reports = [
        embedded(detail(audit, options.forms.get(audit.report.form), grids))
        for _, audit in ranked(batch.audits)
    ]
    top = embedded(summary(batch, options, grids))
    return assembled(top, reports, options.lang).encode("utf-8", "replace")
