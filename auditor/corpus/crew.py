"""A crew of worker processes: work is handed out in pieces, and no worker's death loses any.

Each worker says in shared memory which document it is at. When one dies, the document is known:
the rest of its piece is handed out again, and the document once more by itself. One that kills
its worker twice is set aside. Workers are started anew, never forked, so that this works on every
system.
"""

from __future__ import annotations

import multiprocessing as mp
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, Protocol

from auditor.corpus.progress import Stopped
from auditor.corpus.worker import AT, DONE, GROWN, MARKS, Start, serve

_LOOK = 0.25  # seconds between two looks at the clock
TWICE = 2
"""How often a document may end its worker before it is set aside."""
_BARREN = 5  # workers that may die in a row before any of them gets to a document


@dataclass(frozen=True, slots=True)
class Pace:
    """How large pieces are: so that each takes `span` seconds, from `least` to `most` documents."""

    span: float
    least: int
    most: int

    def next(self, size: float, count: int, seconds: float) -> float:
        """The size after a piece of `count` documents took so long; it doubles at most."""
        wanted = count * self.span / max(seconds, 0.001)
        return min(max(self.least, min(wanted, size * 2)), self.most)


PACE = Pace(0.6, 4, 256)


class CrewError(RuntimeError):
    """A worker failed outside of any document: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Documents by number that are handed out together."""

    step: str
    numbers: tuple[int, ...]


class Step(Protocol):
    """One step of a run, as the crew sees it."""

    name: str

    def load(self, numbers: Sequence[int]) -> object:
        """What the workers get with these documents."""
        ...

    def took(self, numbers: Sequence[int], result: Any) -> None:
        """Take in what became of them."""
        ...

    def died(self, number: int) -> None:
        """Note that a worker died at this document."""
        ...

    def aside(self, number: int) -> None:
        """Set the document aside."""
        ...


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    marks: Any
    piece: Piece | None = None
    begun: float = 0.0
    at: int = -1
    since: float = field(default_factory=monotonic)
    retired: int = 0  # documents that earlier workers at this place had done

    @property
    def done(self) -> int:
        """Documents that were done at this place, this worker's included."""
        return self.retired + int(self.marks[DONE])


class Crew:
    """So many workers. Use it as a context: they end with it."""

    def __init__(
        self,
        jobs: int,
        start: Start,
        *,
        deaths: Counter[int] | None = None,
        watch: Callable[[int], None] | None = None,
    ) -> None:
        self._start = start
        self._context = mp.get_context("spawn")
        self._jobs = jobs
        self._workers: list[_Worker] = []
        self._told: list[tuple[str, object]] = []
        self._deaths = deaths if deaths is not None else Counter()
        self._watch = watch or (lambda done: None)
        self._size = float(PACE.least)
        self._barren = 0

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers.clear()

    def tell(self, name: str, value: object) -> None:
        """What every worker, and every one that takes its place, must know from now on."""
        self._told.append((name, value))
        for worker in self._workers:
            _sent(worker.pipe, (name, (), value))

    def run(self, step: Step, numbers: Sequence[int]) -> None:
        """Have a step done for all these documents. Raises Stopped, CrewError."""
        todo = deque(numbers)
        alone = deque(n for n in numbers if self._deaths[n])
        suspects = set(alone)
        todo = deque(n for n in numbers if n not in suspects)
        again: deque[tuple[int, ...]] = deque()
        while todo or alone or again or any(w.piece for w in self._workers):
            self._hand_out(step, todo, alone, again)
            for worker in self._ready():
                if worker.piece is None:
                    self._replace(worker)
                elif not self._received(worker, step):
                    self._lost(worker, step, alone, again)
            self._look()
            self._watch(sum(worker.done for worker in self._workers))

    # ---- handing out ---------------------------------------------------------------------------

    def _hand_out(
        self, step: Step, todo: deque[int], alone: deque[int], again: deque[tuple[int, ...]]
    ) -> None:
        """Every idle worker gets a piece, what others left behind first."""
        waiting = len(todo) + len(alone) + len(again)
        while waiting and len(self._workers) < min(self._jobs, waiting + self._busy()):
            self._workers.append(self._hired())
        for worker in self._workers:
            if worker.piece is not None:
                continue
            if again:
                numbers = again.popleft()
            elif alone:
                numbers = (alone.popleft(),)
            elif todo:
                share = max(1, -(-len(todo) // self._jobs))
                size = min(int(self._size), share)
                numbers = tuple(todo.popleft() for _ in range(min(size, len(todo))))
            else:
                break
            self._give(worker, step, numbers)

    def _busy(self) -> int:
        return sum(worker.piece is not None for worker in self._workers)

    def _give(self, worker: _Worker, step: Step, numbers: tuple[int, ...]) -> None:
        worker.piece = Piece(step.name, numbers)
        worker.begun = worker.since = monotonic()
        worker.at = -1
        worker.marks[AT] = -1
        _sent(worker.pipe, (step.name, numbers, step.load(numbers)))

    def _hired(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        marks = self._context.RawArray("q", MARKS)
        marks[AT] = -1
        process = self._context.Process(
            target=serve, args=(theirs, marks), daemon=True, name="auditor-worker"
        )
        # No more than these go by `start`: it waits for ever for a process that dies unread.
        process.start()
        theirs.close()
        for value in (self._start, *((name, (), value) for name, value in self._told)):
            _sent(ours, value)
        return _Worker(process, ours, marks)

    def _replace(self, worker: _Worker) -> None:
        """Another worker at the place of one that has ended."""
        done = worker.done
        _end(worker)
        new = self._hired()
        new.retired = done
        self._workers[self._workers.index(worker)] = new

    # ---- taking in -----------------------------------------------------------------------------

    def _ready(self) -> list[_Worker]:
        """The workers that have something to say, or have died."""
        handles: dict[Any, _Worker] = {}
        for worker in self._workers:
            handles[worker.pipe] = handles[worker.process.sentinel] = worker
        heard = {id(handles[handle]) for handle in wait(list(handles), timeout=_LOOK)}
        return [worker for worker in self._workers if id(worker) in heard]

    def _received(self, worker: _Worker, step: Step) -> bool:
        """Take in the result of a worker; False if it has died."""
        assert worker.piece is not None
        try:
            if not worker.pipe.poll():
                return False
            kind, value = worker.pipe.recv()
        except (EOFError, ConnectionError, OSError):
            return False
        if kind == "stopped":
            raise Stopped(value)
        if kind == "error":
            raise CrewError(value)
        numbers, worker.piece = worker.piece.numbers, None
        self._barren = 0
        seconds = monotonic() - worker.begun
        self._size = PACE.next(self._size, len(numbers), seconds)
        step.took(numbers, value)
        if worker.marks[GROWN]:
            self._replace(worker)
        return True

    def _lost(
        self, worker: _Worker, step: Step, alone: deque[int], again: deque[tuple[int, ...]]
    ) -> None:
        """A worker has died at its work."""
        assert worker.piece is not None
        numbers, at = worker.piece.numbers, int(worker.marks[AT])
        self._replace(worker)
        if at not in numbers:
            self._barren += 1
            if self._barren > _BARREN:
                raise CrewError("worker processes end before they begin")
            again.append(numbers)
            return
        self._deaths[at] += 1
        step.died(at)
        rest = tuple(number for number in numbers if number != at)
        if rest:
            again.append(rest)
        if self._deaths[at] < TWICE:
            alone.append(at)
        else:
            step.aside(at)

    def _look(self) -> None:
        """End a worker that is stuck in one document: no Python thread can stop a library."""
        now = monotonic()
        for worker in self._workers:
            at = int(worker.marks[AT])
            if worker.piece is None or at != worker.at:
                worker.at, worker.since = at, now
            elif at >= 0 and now - worker.since > self._start.patience:
                worker.process.kill()
                worker.since = now


def _sent(pipe: Connection, value: object) -> None:
    """Send to a worker; that it has died meanwhile is noticed next."""
    with suppress(BrokenPipeError, ConnectionError):
        pipe.send(value)


def _end(worker: _Worker) -> None:
    """Let a worker go; one that does not listen is killed."""
    worker.pipe.close()
    if worker.piece is not None:
        worker.process.kill()
    worker.process.join(2)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.process.close()
