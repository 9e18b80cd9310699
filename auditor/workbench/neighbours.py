"""Names that may be taken for each other: the next row, the next column, another text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from auditor.errors import ExpressionError
from auditor.form import BESIDE, Form
from auditor.rulebook.job import kind_of
from auditor.rulebook.scope import Scope, path_of
from auditor.rulebook.tree import Constant, Name


def neighbours(name: Name, scope: Scope) -> Iterator[Name]:
    """Names that stand beside a name on the form, one for each of its parts, of the same kind."""
    try:
        meant = scope(name)
    except ExpressionError:
        return
    if isinstance(meant, Constant):
        return
    for n in reversed(range(len(name.parts))):
        for other in _beside(name, n, scope):
            if _fits(name, other, scope):
                yield other
                break


def _beside(name: Name, n: int, scope: Scope) -> Iterator[Name]:
    """The names with another part in place n, from the next one on."""
    form = scope.form
    prefix = _prefix(name, n, scope)
    if prefix is None:
        return
    above = path_of(form, prefix) if prefix else ""
    parts = _children(form).get(above or "", ())
    path = path_of(form, (*prefix, name.parts[n]))
    own = next((p for p in parts if path_of(form, (*prefix, p)) == path), None)
    if own is None:
        return
    at = parts.index(own)
    for part in (*parts[at + 1 :], *parts[:at]):
        yield replace(name, parts=(*name.parts[:n], part, *name.parts[n + 1 :]))


def _prefix(name: Name, n: int, scope: Scope) -> tuple[str, ...] | None:
    """The words before part n of the name, counted from the root of the form."""
    before = name.parts[:n]
    if path_of(scope.form, name.parts) is not None and not _relative(name, scope):
        return before
    if scope.table is None:
        return None
    if scope.place.row is not None:
        return tuple(_name_of(scope.form, scope.place.row.path).split(".")) if n == 0 else None
    return (scope.table.name, *before)


def _relative(name: Name, scope: Scope) -> bool:
    """Whether the name is one of the table rather than of the form."""
    if scope.table is None:
        return False
    base = scope.place.row.path.split(".") if scope.place.row is not None else [scope.table.key]
    return path_of(scope.form, (*base, *name.parts)) is not None


def _fits(name: Name, other: Name, scope: Scope) -> bool:
    try:
        meant = scope(other)
        same = name.wildcard or kind_of(scope, name) == kind_of(scope, other)
    except ExpressionError:
        return False
    return not isinstance(meant, Constant) and same and _alone(meant, scope(name))


def _alone(meant: tuple[str, ...], own: object) -> bool:
    """Facts from beside the report are no neighbours of those on it, nor the other way round."""
    assert isinstance(own, tuple)
    return (meant[0] in BESIDE) == (own[0] in BESIDE) and meant != own


@lru_cache(maxsize=16)
def _children(form: Form) -> Mapping[str, tuple[str, ...]]:
    """The last parts of the names below each path, in the order of the form."""
    found: dict[str, dict[str, None]] = {}
    for name, path in form.names.items():
        found.setdefault(path.rpartition(".")[0], {})[name.rpartition(".")[2]] = None
    return {parent: tuple(parts) for parent, parts in found.items()}


@lru_cache(maxsize=4096)
def _name_of(form: Form, path: str) -> str:
    return next((name for name, own in form.names.items() if own == path), path)


def name_of(form: Form, path: str) -> str:
    """The short name of a fact, as authors write it in full."""
    return _name_of(form, path.removesuffix(".text"))
