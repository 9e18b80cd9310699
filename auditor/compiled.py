"""Forms and rules, read and checked once for the same bytes.

What was checked whole is kept in the cache folder under a hash of every byte of the forms and
rules, of the engine's own files and of the Python version; it can never speak for anything else.
Where nothing can be kept, everything is read and checked every time.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from auditor import __version__
from auditor.cache import cache_folder

if TYPE_CHECKING:
    from auditor.form import Form
    from auditor.rulebook.rule import RuleSet

Compiled = tuple[tuple["Form", ...], "RuleSet"]

_PACKAGE = Path(__file__).resolve().parent
_INDEX = "ruleset.yaml"


def kept_at(rules: Path, schemas: Path) -> Path:
    """Where the checked forms and rules of these folders are kept, or would be."""
    key = hashlib.sha256(f"{__version__} {sys.version}".encode())
    for name, data in _parts(rules, schemas):
        key.update(f"\x00{name}\x00{len(data)}\x00".encode())
        key.update(data)
    return cache_folder() / "compiled" / f"{key.hexdigest()}.pickle"


def _parts(rules: Path, schemas: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that the result depends on, with its bytes; the engine by size and time."""
    yield "rules", os.fsencode(rules.resolve())
    yield "cwd", _beside(rules)
    for path in sorted(schemas.glob("*.schema.json")):
        yield path.name, path.read_bytes()
    for index in sorted({*rules.glob(_INDEX), *rules.glob(f"*/{_INDEX}"), *_siblings(rules)}):
        for path in sorted((*index.parent.glob("*.yaml"), *index.parent.glob("sheets/*.yaml"))):
            yield path.relative_to(index.parent.parent).as_posix(), path.read_bytes()
    for folder in (_PACKAGE, _PACKAGE / "rulebook", _PACKAGE / "rulebook" / "verbs"):
        for entry in sorted(os.scandir(folder), key=lambda e: e.name):
            if entry.name.endswith(".py"):
                state = entry.stat()
                yield entry.name, f"{state.st_size}:{state.st_mtime_ns}".encode()


def _beside(rules: Path) -> bytes:
    """The folder that one is in, where it is beside, above or below the rules: then their files
    are called by their way from there. From anywhere else it makes no difference."""
    here, sets = Path.cwd(), rules.resolve().parent
    near = here.is_relative_to(sets) or sets.is_relative_to(here)
    return os.fsencode(here) if near else b""


def _siblings(rules: Path) -> Iterator[Path]:
    """Rule sets beside the given one: it may extend them."""
    if (rules / _INDEX).is_file():
        yield from rules.resolve().parent.glob(f"*/{_INDEX}")


def fetch(path: Path) -> Compiled | None:
    """What was kept, or None. Only a file of this user that nobody else can write is opened."""
    try:
        with path.open("rb") as stream:
            state = os.fstat(stream.fileno())
            if hasattr(os, "getuid") and (state.st_uid != os.getuid() or state.st_mode & 0o022):
                return None
            return cast("Compiled", pickle.load(stream))  # noqa: S301 - our own file, checked above
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError):
        return None


def keep(path: Path, compiled: Compiled) -> None:
    """Keep what was checked; not being able to is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
            pickle.dump(compiled, new, protocol=5)
        os.replace(new.name, path)  # noqa: PTH105 - atomic on every system
    except OSError:
        return
