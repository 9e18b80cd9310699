"""Time and memory of one document: work that goes beyond its limits is stopped, and said.

A thread beside the work looks at the clock and at the memory of the process a few times a second
and raises an exception in the working thread; a document that is done sooner never notices. This
needs no other process and works where Python threads do. It stops Python, not a single call into
a library: what such a call may be given is bounded by the counts in `Limits`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Lock, Thread, get_ident
from time import monotonic

from auditor.errors import DocumentError
from auditor.readers.limits import Limits, too_large

_PAUSE = 0.2  # seconds between two looks


_watching: ContextVar[_Guard | None] = ContextVar("watching", default=None)


class Stopped(BaseException):
    """Raised in the work when a limit is passed; no handler of errors may keep it."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """The search for cycles of garbage rests: in one document's work hardly any come about.

    It would look through the growing tree of the document again and again, a third of the time.
    """
    on = gc.isenabled()
    try:
        gc.disable()
        yield
    finally:
        if on:
            gc.enable()


@contextmanager
def watched(limits: Limits) -> Iterator[None]:
    """Stop what is done inside at `limits.seconds`, or when the process has grown too much.

    Raises DocumentError `too-large`.
    """
    guard = _Guard(limits, get_ident())
    Thread(target=guard.run, name="watch", daemon=True).start()
    try:
        token = _watching.set(guard)
        try:
            with undisturbed():
                yield
        finally:
            _watching.reset(token)
            guard.end()
    except Stopped:
        raise guard.refusal() from None


def prolong(seconds: int, memory: int) -> None:
    """Give work that is slow and large by nature this many seconds and bytes more.

    Seconds add up, for such work has a clock of its own; the bytes are given once.
    """
    guard = _watching.get()
    if guard is not None:
        guard.prolong(seconds, memory)


class _Guard:
    """The look at clock and memory; `refusal` says afterwards what was too much."""

    def __init__(self, limits: Limits, working: int) -> None:
        self._limits = limits
        self._working = working
        self._done = Event()
        self._lock = Lock()
        self._until = monotonic() + limits.seconds
        self._before = memory_used()
        self._most = limits.memory
        self._grown = 0
        self._fired = False

    def run(self) -> None:
        """Look until the work is done; stop it again and again until it obeys."""
        if self._done.wait(min(_PAUSE, self._limits.seconds)):
            return  # nearly every document
        while not self._done.wait(_PAUSE):
            grown = memory_used() - self._before
            if grown > self._most:
                self._grown = grown
            if self._grown or monotonic() >= self._until:
                self._stop()

    def prolong(self, seconds: int, memory: int) -> None:
        """Look at the clock later, and let the process grow further."""
        self._until += seconds
        self._most = self._limits.memory + memory

    def _stop(self) -> None:
        with self._lock:
            if not self._done.is_set():
                self._fired = True
                _raise_in(self._working, Stopped)

    def end(self) -> None:
        """No exception comes after this."""
        with self._lock:
            self._done.set()
        if self._fired:
            _raise_in(self._working, None)

    def refusal(self) -> DocumentError:
        """What was too much."""
        if self._grown:
            grown, most = self._grown // 1_000_000, self._most // 1_000_000
            return too_large("占用内存（MB）", "memory (MB)", grown, most)
        most = self._limits.seconds
        return too_large("处理秒数", "seconds of work", f"> {most}", most)


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    """Raise an exception in another thread at its next step; None takes back one not yet seen."""
    from ctypes import c_ulong, py_object, pythonapi

    given = py_object(kind) if kind is not None else None
    pythonapi.PyThreadState_SetAsyncExc(c_ulong(thread), given)


def memory_used() -> int:
    """Bytes of memory that this process has; the most that it ever had where no more is told."""
    try:
        from os import sysconf

        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - a few times a second
            return int(stream.read().split()[1]) * sysconf("SC_PAGE_SIZE")
    except (OSError, ImportError):
        return _windows() if sys.platform == "win32" else _peak()


def _peak() -> int:
    from resource import RUSAGE_SELF, getrusage

    return getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _windows() -> int:
    """The working set, as the system's own call gives it."""
    import ctypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("size", ctypes.c_ulong), ("faults", ctypes.c_ulong), ("peak", ctypes.c_size_t),
            ("now", ctypes.c_size_t), ("others", ctypes.c_size_t * 6),
        )  # fmt: skip

    counters = Counters()
    counters.size = ctypes.sizeof(counters)
    system = ctypes.__dict__["windll"]
    process = ctypes.c_void_p(system.kernel32.GetCurrentProcess())
    system.psapi.GetProcessMemoryInfo(process, ctypes.byref(counters), counters.size)
    return int(counters.now)
