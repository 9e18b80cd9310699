"""The names of the forms as definitions of the schema of rule files.

Editors complete `edits` (what an example may set) and `name` (any part of a form) from them, and
show the printed titles. Names may be mixed of short names and keys: a pattern admits the mixtures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.form import Form
from auditor.observations import OBSERVATIONS

Schema = dict[str, Any]
_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
_YES = ("是", "否")
SEEN = {
    "kind": "kind", "种类": "kind", "path": "name", "处": "name", "detail": "", "详情": "",
}  # fmt: skip


def definitions(forms: Sequence[Form], special: Mapping[str, Schema]) -> dict[str, Schema]:
    """`kind`, `kinds`, `name`, `names`, `table`, `form`, `expression` and `edits`.

    `special` are the keys of an example that are no names, with what may stand under them.
    """
    used = sorted((f for f in forms if f.refuse is None), key=lambda f: -f.first_year)
    known, pattern = _names(used), _pattern(used)
    return {
        "kind": _choice(_kinds()),
        "kinds": _some("kind"),
        "name": {"type": "string", "anyOf": [_choice(known), {"pattern": pattern}]},
        "names": _some("name"),
        "table": _choice(_tables(used)),
        "form": _choice({f.id: f"{f.title.zh} · {f.title.en}" for f in used}),
        "expression": {"type": "string", "anyOf": [_choice(_short(used)), _free()]},
        "edits": {
            "type": "object",
            "properties": {**special, **_facts(used)},
            "patternProperties": {pattern: _SCALAR},
            "additionalProperties": False,
        },
    }


def _free() -> Schema:
    return {"type": "string"}


def _some(one: str) -> Schema:
    """One of a kind, or a list of them."""
    ref = {"$ref": f"#/$defs/{one}"}
    return {"anyOf": [ref, {"type": "array", "items": ref}]}


def _choice(words: Mapping[str, str]) -> Schema:
    """One of these words; editors show what stands beside each."""
    return {"type": "string", "enum": list(words), "enumDescriptions": list(words.values())}


def _kinds() -> dict[str, str]:
    found = {}
    for kind, said in OBSERVATIONS.items():
        found[said.zh], found[kind] = said.en, said.zh
    return found


def _tables(forms: Iterable[Form]) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in (t for form in forms for t in form.tables):
        for word in (table.name, table.number, table.key):
            found.setdefault(word, f"{table.number} {table.heading.text}")
    return found


# ---- names -------------------------------------------------------------------------------------


def _spelled(forms: Iterable[Form]) -> Iterator[tuple[Form, str, str]]:
    """Every path of every form in both spellings, the newest form first."""
    for form in forms:
        for name, path in form.names.items():
            yield form, path, name
            yield form, path, path


def _names(forms: Sequence[Form]) -> dict[str, str]:
    found: dict[str, str] = {}
    for form, path, name in _spelled(forms):
        found.setdefault(name, title(form, path, forms))
    return found


def _short(forms: Sequence[Form]) -> dict[str, str]:
    """What an expression may begin with: rows and columns of a table by themselves, then all."""
    found: dict[str, str] = {}
    for form in forms:
        for table in form.tables:
            for row in table.rows:
                name = row.name.removeprefix(f"{table.name}.")
                found.setdefault(name, title(form, row.path, forms))
    found |= {n: t for n, t in _names(forms).items() if not n.isascii()}
    return found


def title(form: Form, path: str, forms: Sequence[Form]) -> str:
    """The printed labels of a part of a form; of what only one form has, which form that is."""
    cell, row = form.fields.get(path), form.rows.get(path)
    labels = cell.labels if cell else row.labels if row else ()
    table = form.labels.get(path.partition(".")[0], "") if labels else ""
    text = " · ".join((table, *(label.text for label in labels))) if labels else ""
    text = text or form.labels.get(path, path)
    alone = sum(path in other.labels for other in forms) == 1 and len(forms) > 1
    return f"{text}（{form.id}）" if alone else text


def _pattern(forms: Sequence[Form]) -> str:
    """A pattern of every dotted name in any mixture of short names and keys."""
    tree: dict[Any, Any] = {}
    for form in forms:
        for name, path in form.names.items():
            node = tree
            for word, key in zip(name.split("."), path.split("."), strict=True):
                node = node.setdefault((word, key), {})
    return f"^{_alternatives(tree)}$"


def _alternatives(tree: Mapping[Any, Any]) -> str:
    parts = []
    for words, below in tree.items():
        either = "|".join(re.escape(word) for word in dict.fromkeys(words))
        parts.append(f"(?:{either})" + (f"(?:\\.{_alternatives(below)})?" if below else ""))
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


# ---- facts -------------------------------------------------------------------------------------


def _facts(forms: Sequence[Form]) -> dict[str, Schema]:
    """What an example may set, with the type of its value."""
    found: dict[str, Schema] = {}
    for form, path, name in _spelled(forms):
        if name not in found and is_fact(form, path):
            found[name] = {**_value(form, path), "description": title(form, path, forms)}
    return found


def is_fact(form: Form, path: str) -> bool:
    """Whether a path has a value of its own; a section of text stands for its text."""
    if path in form.fields or f"{path}.text" in form.labels:
        return True
    return not any(other.startswith(f"{path}.") for other in form.labels)


def _value(form: Form, path: str) -> Schema:
    cell = form.fields.get(path)
    if cell is not None:
        return {"type": ["number" if cell.kind == "amount" else "integer", "null"]}
    if form.is_logic(path):
        return {"enum": [True, False, *_YES]}
    if form.is_number(path):
        return {"type": ["number", "null"]}
    words = form.words_of(path)
    if words:
        return {"enum": [*words.values(), *words, None]}
    return {"type": ["string", "null"]}
