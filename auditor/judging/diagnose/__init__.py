"""When sums fail: which cells are likely wrong. Exact, ranked by how slips come about."""

from auditor.judging.diagnose.diagnose import diagnose
from auditor.judging.diagnose.witness import Witness, explained

__all__ = ["Witness", "diagnose", "explained"]
