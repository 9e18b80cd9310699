"""A worker process: it does the steps it is told to, a piece at a time, until nobody asks."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

from auditor.addresses import Address
from auditor.pipeline import Settings

AT, DONE, GROWN, MARKS = 0, 1, 2, 3
"""What a worker marks for all to see: the document it is at, how many it has done, and whether
it has grown so much that another should take its place."""

_ROOM = 400_000_000  # bytes that a worker may grow by before it is replaced


@dataclass(frozen=True, slots=True)
class Start:
    """What a worker must know from the beginning.

    `work` is where the packs of the run are, `kept` the file of what was found out before,
    `sketching` whether texts are so many that sketches of them pay, `patience` the seconds after
    which one document is given up for good, `folder` the one that paths are told from, if not
    this one, `columns` the language of the tables that are to be made, if any.
    """

    settings: Settings
    work: Path | Address
    kept: Path | None = None
    sketching: bool = True
    patience: float = 900.0
    folder: Path | None = None
    columns: str | None = None


def serve(pipe: Connection, marks: Any) -> None:
    """Take in a `Start`, then do what comes through the pipe; end when nobody is at its other
    end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is interrupted ends the others
    _first_to_go()
    try:
        start: Start = pipe.recv()
    except (EOFError, OSError):
        return
    if start.folder is not None:
        os.chdir(start.folder)
    Thread(target=_end_with_parent, name="parent", daemon=True).start()
    from auditor.corpus.steps import Bench

    bench = Bench(start, marks)
    gc.freeze()
    before = _memory()
    while True:
        try:
            step, numbers, load = pipe.recv()
        except (EOFError, OSError):
            return
        answer = _answer(bench, step, numbers, load)
        marks[AT] = -1
        marks[GROWN] = _memory() - before > _ROOM
        if answer is not None:
            try:
                pipe.send(answer)
            except (BrokenPipeError, ConnectionError):
                return


def _answer(bench: Any, step: str, numbers: tuple[int, ...], load: Any) -> object:
    """("done", result), ("stopped", why) or ("error", trace); None for what is only told."""
    try:
        if not numbers:
            bench.told(step, load)
            return None
        return "done", bench.do(step, numbers, load)
    except OSError as wrong:
        return "stopped", str(wrong.strerror or wrong)
    except Exception:  # noqa: BLE001 - sent to the process that can say it
        return "error", traceback.format_exc()


def _memory() -> int:
    from auditor.readers.watch import memory_used

    return memory_used()


def _end_with_parent() -> None:
    """A worker whose parent is gone works for nobody, however long its document takes."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _first_to_go() -> None:
    """Where memory runs out, the system should end this process and not the one that leads."""
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("600", encoding="ascii")
