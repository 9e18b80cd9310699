"""What the kinds of refusal come to: which are no loss, which say what a file is."""

from __future__ import annotations

from auditor.own import KIND as OWN

NO_LOSS = ("duplicate", OWN)
"""No report goes without an audit."""

MISSING = "not-submitted"
"""No file at all: a body of the roster that has handed in no report, or, unread, perhaps none."""

ASIDE = ("template", "old-form", "not-a-report", "unsupported", *NO_LOSS)
"""They say what a file is; any other says why it could not be read."""
