"""Many files: read and bind all, put each beside those it belongs to, then judge each."""

from auditor.corpus.batch import audit_all

__all__ = ["audit_all"]
