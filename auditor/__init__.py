"""auditor: declarative rules over official reports; a graded audit of each, with evidence."""

__version__ = "0.1.0"
