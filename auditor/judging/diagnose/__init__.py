"""When sums fail: which cells are likely wrong. Exact, ranked by how slips come about."""

from auditor.judging.diagnose.diagnose import all_hold, diagnose
from auditor.judging.diagnose.witness import Witness, explained

__all__ = ["Witness", "all_hold", "diagnose", "explained"]
