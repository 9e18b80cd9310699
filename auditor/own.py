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
_TOLD = re.compile(
    r"\A[^\n]+(?:：文字中带单位的数 [0-9]+ 个，|: [0-9]+ numbers with a unit in the text, )"
)
_LISTED = re.compile(
    r"\A[^\n]+\n(?:sha256 [0-9a-f]{64})?\n[^\n ]+ · [^\n]+\n"
    r"(?:单元格|cells) [0-9]+/[0-9]+ · (?:章节|sections) [0-9]+/[0-9]+\n"
)
_DUMPED = re.compile(r'\A\{\s*"(?:source|values|form|schema)": ')
_MEMBER = re.compile(r'^ {1,2}"([a-z_]+)": ', re.MULTILINE)
_AUDITS = frozenset(("schema", "engine", "audits", "refused"))
_DUMPS = (
    frozenset(("source", "format", "blocks")),
    frozenset(("values", "inferred", "blanks")),
    frozenset(("form", "subject", "data", "locations", "rest")),
)
"""The members of what `--stop-after` shows."""


def made_here(text: str) -> bool:
    """Whether a text has the mark, or the headings that the screen prints and no report has."""
    if MARK in text or ("━━ " in text and _HEADING.search(text) is not None):
        return True
    return _TOLD.match(text) is not None


def shown_here(text: str) -> bool:
    """Whether a text is what a command showed of a report: its figures are those of another file.

    It has the layout of such a page from its first line on, which no report has.
    """
    if _LISTED.match(text) is not None:
        return True
    members = frozenset(_MEMBER.findall(text)) if _DUMPED.match(text) else frozenset()
    return members >= _AUDITS or is_dump(members)


def is_dump(members: frozenset[str]) -> bool:
    """Whether data with these members is what `--stop-after` showed."""
    return any(dump <= members for dump in _DUMPS)


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
