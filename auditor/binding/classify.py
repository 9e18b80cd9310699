"""What a body is, by its name: the patterns stand in the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.binding.patterns import matches
from auditor.form import Form
from auditor.model import Subject


def classified(form: Form, subject: Subject) -> Subject:
    """The body with its kind and level, as far as its name tells them."""
    properties = form.schema.get("properties", {}).get("subject", {}).get("properties", {})
    words: dict[str, str | None] = {"kind": subject.kind, "level": subject.level}
    for key, given in words.items():
        node = properties.get(key, {})
        name = subject.name or ""
        for word in node.get("x-set-aside", ()):
            name = name.replace(word, "")
        words[key] = given or _class_of(name, node.get("x-classify", ()))
    return Subject(subject.name, words["kind"], words["level"])


def _class_of(name: str, classes: Sequence[Mapping[str, str]]) -> str | None:
    """The value of the first pattern that fits the name."""
    fits = (c["value"] for c in classes if name and matches(c["pattern"], name))
    return next(fits, None)
