"""Audit again whenever a file changes, until Ctrl-C."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from auditor.errors import AuditorError, RulesError, Said

INTERRUPTED = 130
"""What a shell gives a command that Ctrl-C ended."""

_LOOK, _CALM = 1.0, 0.5  # seconds between two looks; without a change before work begins
_MOST = 200_000  # files that are looked at

Seen = dict[str, tuple[int, int]]


def watching(
    paths: Sequence[Path], once: Callable[[], int], lang: str, own: Sequence[Path] = ()
) -> int:
    """Do it once, and again after every change below these paths; the last status.

    `own` are files that the work itself writes. A mistake in a rule or an option is said, and
    waits for the next change.
    """
    look = partial(snapshot, paths, frozenset(path.resolve() for path in own))
    seen = look()
    status = _tried(once, lang)
    try:
        while status != INTERRUPTED:
            now = _changed(look, seen)
            changed = sorted(p for p in now.keys() | seen.keys() if now.get(p) != seen.get(p))
            seen = now
            sys.stderr.write(_heading(changed).inside(lang) + "\n")
            status = _tried(once, lang)
    except KeyboardInterrupt:
        pass
    return status


def snapshot(paths: Sequence[Path], without: frozenset[Path] = frozenset()) -> Seen:
    """Size and time of every file below some paths."""
    found: Seen = {}
    for path in _files(paths):
        if path.resolve() in without:
            continue
        try:
            state = path.stat()
        except OSError:
            continue
        found[str(path)] = (state.st_size, state.st_mtime_ns)
        if len(found) >= _MOST:
            break
    return found


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (p for p in path.rglob("*") if not p.name.startswith(".") and p.is_file())
        else:
            yield path


def _changed(look: Callable[[], Seen], seen: Seen) -> Seen:
    """Wait for a change, and until a program has done writing."""
    while (now := look()) == seen:
        time.sleep(_LOOK)
    while True:
        time.sleep(_CALM)
        later = look()
        if later == now and later != seen:
            return later
        now = later


def _tried(once: Callable[[], int], lang: str) -> int:
    try:
        return once()
    except RulesError as error:
        sys.stderr.write(error.shown(lang) + "\n")
    except AuditorError as error:
        sys.stderr.write(error.said.inside(lang) + "\n")
    return 2


def _heading(changed: Sequence[str]) -> Said:
    clock = time.strftime("%H:%M:%S")
    first = "".join(c if c.isprintable() else "�" for c in changed[0]) if changed else ""
    more = f" +{len(changed) - 1}" if len(changed) > 1 else ""
    return Said(
        f"—— {clock} 有改动，重新审核：{first}{more} ——",
        f"—— {clock} changed, auditing again: {first}{more} ——",
    )
