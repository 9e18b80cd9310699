"""The clerk's own list as a Word document to print: what to mend first, confirm, and supply."""

from __future__ import annotations

from auditor.model import Batch
from auditor.renderers import Options
from auditor.renderers._papers.facts import checklist, run_of
from auditor.renderers._papers.template import load
from auditor.renderers._papers.voice import voice
from auditor.templates import default

NAME = "checklist"
SUFFIX = ".docx"


def render(batch: Batch, options: Options) -> bytes:
    """One document with a list for each report. Raises UsageError where a library is lacking."""
    file = default("checklist", options.lang)
    template = load(file.read_bytes(), file.name, "checklist")
    return template.fill(checklist(batch, run_of(batch, options.as_of), voice(options.lang)))
