"""What the program wrote itself: it lies among the reports at the next run, and is none.

The mark alone proves nothing, since anybody can write it: a document with the mark that holds
figures of a report is a report.
"""

from __future__ import annotations

import re

from auditor.errors import DocumentError, Said
from auditor.model import Document, Refusal, Report

KIND = "own-output"
"""The kind of refusal: neither a report nor unread."""

MARK = "auditor-output"
"""In the properties of a document or page that the program writes."""

MADE = "made"
"""The key of the mark in a document's metadata."""

_SAID = Said("这是 auditor 写出的结果，不是报告", "written by the auditor: no report")


_HEADING = re.compile(r"^━━ \S[^\n]*━{8}$", re.MULTILINE)


def made_here(text: str) -> bool:
    """Whether a text has the mark, or the headings that the screen prints and no report has."""
    return MARK in text or ("━━ " in text and _HEADING.search(text) is not None)


def own_output() -> DocumentError:
    """The refusal of such a file."""
    return DocumentError(KIND, _SAID)


def unless_own(document: Document, found: Report | Refusal) -> Report | Refusal:
    """What a document was found to be; a marked one without any figure is set aside."""
    if document.metadata.get(MADE) != MARK:
        return found
    if isinstance(found, Report) and found.coverage.cells_read:
        return found
    return Refusal(document.source, KIND, _SAID)
