"""Document → Report: what is printed, where it stands, and what was noticed on the way."""

from auditor.binding.bind import bind
from auditor.binding.validate import validate

__all__ = ["bind", "validate"]
