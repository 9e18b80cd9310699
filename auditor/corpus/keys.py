"""Keys: what a result depends on, as a digest. Another input must give another key.

Values are told apart by type and by content, never by how they happen to lie in memory; a value of
a kind that is not known here cannot be part of a key, which is a mistake of ours.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from auditor import __version__
from auditor.pipeline import Settings
from auditor.roster import Roster
from auditor.rulebook.prepare import identities
from auditor.rulebook.rule import Rule, RuleSet

_PACKAGE = Path(__file__).resolve().parent.parent
_LIBRARIES = (
    "jsonschema-rs", "google-re2", "rapidfuzz", "selectolax", "python-calamine", "pypdfium2",
    "pyyaml", "numpy", "highspy", "rapidocr", "onnxruntime", "opencv-python-headless", "pillow",
    "rensa", "orjson",
)  # fmt: skip
"""What reads, binds or judges beside our own code; another version may read otherwise."""


def digest(*values: object) -> bytes:
    """32 bytes for some values. Raises TypeError for a kind of value that is not known."""
    state = hashlib.sha256()
    for value in values:
        _feed(state, value)
    return state.digest()


def digest_plain(value: object) -> bytes:
    """32 bytes for a value made of None, integers, Decimals, texts, bytes, tuples and lists.

    These are told apart by how Python writes them, a tenth of the work; others might not be.
    """
    return hashlib.sha256(repr(value).encode()).digest()


def _feed(state: Any, value: object) -> None:
    """Every value by its kind, its length and its parts, so that no two read alike."""
    if value is None or isinstance(value, bool):
        state.update(f"c{value};".encode())
    elif isinstance(value, Enum):
        state.update(f"e{type(value).__name__}.{value.name};".encode())
    elif isinstance(value, int):
        state.update(f"i{value};".encode())
    elif isinstance(value, Fraction):
        state.update(f"q{value.numerator}/{value.denominator};".encode())
    elif isinstance(value, Decimal):
        state.update(f"d{value};".encode())
    elif isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        state.update(f"s{len(data)}:".encode() + data)
    elif isinstance(value, bytes):
        state.update(f"b{len(value)}:".encode() + value)
    elif isinstance(value, Path):
        state.update(b"p" + os.fsencode(value) + b";")
    else:
        _feed_parts(state, value)


def _feed_parts(state: Any, value: object) -> None:
    if isinstance(value, Mapping):
        state.update(f"m{len(value)}:".encode())
        for key, inner in value.items():
            _feed(state, key)
            _feed(state, inner)
    elif isinstance(value, AbstractSet):
        state.update(f"f{len(value)}:".encode() + b"".join(sorted(digest(v) for v in value)))
    elif isinstance(value, list | tuple):
        state.update(f"t{len(value)}:".encode())
        for inner in value:
            _feed(state, inner)
    elif is_dataclass(value) and not isinstance(value, type):
        state.update(f"o{type(value).__name__}:".encode())
        for field in fields(value):
            _feed(state, field.name)
            _feed(state, getattr(value, field.name))
    else:
        raise TypeError(f"no key of a {type(value).__name__}")


# ---- what a run depends on -----------------------------------------------------------------------


@lru_cache(maxsize=1)
def engine_key() -> bytes:
    """The engine: its version and files, the interpreter, the libraries that read and judge."""
    return digest(
        __version__, sys.version, sys.platform, list(_files()), [_version(n) for n in _LIBRARIES]
    )


def package_digest() -> str:
    """The code of the package by its content: equal on two machines with the same engine."""
    code = [name for name, _, _ in _files() if name.endswith(".py")]
    return digest([(Path(name).parts, (_PACKAGE / name).read_bytes()) for name in code]).hex()


def library_versions() -> dict[str, str]:
    """What reads, binds or judges beside our own code, with its versions."""
    return {name: _version(name) for name in _LIBRARIES}


def _files() -> Iterator[tuple[str, int, int]]:
    """Every file of the package with its size and time of change."""
    for folder, within, names in os.walk(_PACKAGE):
        within[:] = sorted(name for name in within if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(folder, name)  # noqa: PTH118 - some hundred files at every run
            state = os.stat(path)  # noqa: PTH116
            yield os.path.relpath(path, _PACKAGE), state.st_size, state.st_mtime_ns


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def forms_key(settings: Settings) -> bytes:
    """The forms, by their schemas."""
    return digest([(form.id, form.schema) for form in settings.forms])


def reading_key(settings: Settings) -> bytes:
    """What reading and binding depend on besides the document and the rules' identities."""
    return digest(
        b"read", engine_key(), forms_key(settings), settings.form, settings.period, settings.kind,
        settings.limits, _office(),
    )  # fmt: skip


def _office() -> tuple[str, int, int] | None:
    """The office program that converts older formats, if there is one."""
    from auditor.readers._convert import program

    path = program()
    if path is None:
        return None
    state = Path(path).stat()
    return path, state.st_size, state.st_mtime_ns


def identities_key(settings: Settings) -> bytes:
    """The sums that the binder may lean on where digits run together."""
    rules = settings.rules
    return digest([(form.id, identities(rules, form)) for form in settings.forms
                   if form.refuse is None])  # fmt: skip


def heads_key(settings: Settings, asked: object) -> bytes:
    """What is found out of a report alone to pair it: lengths, sketches, figures for peers."""
    return digest(b"head", settings.rules.compare, forms_key(settings), asked)


def judging_key(settings: Settings) -> bytes:
    """What judging depends on besides the report, its company and the single rules."""
    rules = settings.rules
    return digest(
        b"judge", engine_key(), forms_key(settings), settings.as_of, settings.form,
        settings.period, settings.kind, settings.overrides, settings.waivers,
        settings.longest_waiver, settings.draft, rules_frame(rules),
        [edition.digest for edition in settings.editions],
    )  # fmt: skip


def rules_frame(rules: RuleSet) -> bytes:
    """The rule set without its rules: what each of them, and the grade, may depend on."""
    return digest([(f.name, getattr(rules, f.name)) for f in fields(rules)
                   if f.name not in NOT_IN_FRAME])  # fmt: skip


NOT_IN_FRAME = frozenset(
    ("rules", "digest", "version", "title", "authors", "trees", "sheets", "defined", "citations",
     "base", "since", "until", "replaced_by")
)  # fmt: skip
"""The rules themselves; what says the same in other words; what outputs take from the rule set of
the day (`version`, `digest`); the sheets of which `grading` is the chosen one; what only says which
edition is valid when, of which there is one in a run."""


def roster_key(roster: Roster | None) -> bytes:
    """The bodies of a roster."""
    if roster is None:
        return digest(None)
    return digest(roster.units, roster.deadlines)


@lru_cache(maxsize=32)
def rule_keys(rules: RuleSet) -> Mapping[str, bytes]:
    """For each rule all that its result can depend on besides the report and the frame."""
    return {rule.id: _rule_key(rule) for rule in rules.rules}


def _rule_key(rule: Rule) -> bytes:
    lawful = [(one.when, one.say) for one in rule.exceptions]
    named = [(f.name, getattr(rule, f.name)) for f in fields(rule) if f.name not in NOT_IN_RULE]
    return digest(named, lawful)


@lru_cache(maxsize=32)
def logic_keys(rules: RuleSet) -> Mapping[str, bytes]:
    """For each rule all that decides where it finds something, not what it says there."""
    return {rule.id: _logic_key(rule) for rule in rules.rules}


def _logic_key(rule: Rule) -> bytes:
    aside = NOT_IN_RULE | NOT_IN_LOGIC
    named = [(f.name, getattr(rule, f.name)) for f in fields(rule) if f.name not in aside]
    return digest(named, [one.when for one in rule.exceptions])


NOT_IN_LOGIC = frozenset(("title", "severity", "message"))
"""Of a rule's key what has no part in where it finds something: how it is called, how much it
weighs, its words."""


NOT_IN_RULE = frozenset(
    (
        "family",
        "basis",
        "fix",
        "examples",
        "origin",
        "marks",
        "waivable",
        "exceptions",
        "replaced_by",
    )
)
"""What only people read, and what is looked up for every output or grade: where a rule stands, its
examples, its basis. Exceptions are there without their place in the file."""


def run_key(settings: Settings, names: Iterable[str]) -> str:
    """Which run this is: the same for the same documents, by name, and the same settings."""
    named = hashlib.sha256()
    for name in names:
        named.update(name.encode("utf-8", "surrogatepass") + b"\x00")
    return digest(
        reading_key(settings), judging_key(settings), settings.rules.digest,
        roster_key(settings.roster), settings.folder, settings.year, named.digest(),
    ).hex()[:24]  # fmt: skip
