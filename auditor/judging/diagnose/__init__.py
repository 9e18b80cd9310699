"""When sums fail: which cells are likely wrong. Exact, ranked by how slips come about."""

from auditor.judging.diagnose.diagnose import diagnose

__all__ = ["diagnose"]
