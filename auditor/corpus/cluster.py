"""A crew on other machines: pieces are sent to the workers of a Dask scheduler.

Used by a run like the crew of this machine. Pieces are large, for every one costs the scheduler
time; their results lie in packs at a place that all machines see. A piece whose worker is gone
comes back as lost, however often the scheduler would try it again: it is cut into parts, down to
single documents, and one at which two workers were lost is set aside.
"""

from __future__ import annotations

import logging
import queue
import secrets
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

from auditor.addresses import Address
from auditor.corpus.crew import TWICE, CrewError, Pace, Step
from auditor.corpus.machine import (
    OFFICE,
    PROBE,
    Order,
    Worked,
    begun,
    engine,
    marked,
    piece,
    release,
    sealed,
    unfit,
)
from auditor.corpus.packs import Packs
from auditor.corpus.progress import Stopped
from auditor.corpus.worker import Start
from auditor.errors import Said, UsageError
from auditor.gather import Input

PACE = Pace(8.0, 100, 1000)  # where there are documents enough
_FEWEST = 4  # where there are not
_AHEAD = 2  # pieces a thread of the cluster has waiting, with the one it works
_PARTS = 8  # into which a lost piece is cut
_LOOK, _PAUSE = 0.25, 2.0  # seconds between two looks: at what came back, at who is there
_CONNECT, _JOIN, _GONE = 20, 60, 60  # seconds to reach a scheduler, for a worker, without either


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the cluster is: its scheduler, and a place that all machines can read and write."""

    scheduler: str
    work: Path | Address | None = None


def installed() -> None:
    """Raises UsageError where the cluster's library is not there."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        said = Said(
            "--cluster 要有 dask：pip install 'auditor[cluster]'",
            "--cluster needs dask: pip install 'auditor[cluster]'",
        )
        raise UsageError(said) from None


@dataclass(slots=True)
class _Sent:
    """A piece that was sent."""

    future: Any
    attempt: str
    numbers: tuple[int, ...]


@dataclass(slots=True)
class _Work:
    """What is still to be done of a step."""

    step: Step
    todo: deque[int]
    again: deque[tuple[int, ...]] = field(default_factory=deque)
    sent: dict[str, _Sent] = field(default_factory=dict)


class Fleet:
    """The workers of a cluster. Use it as a context: nothing of the run stays with them."""

    def __init__(
        self,
        cluster: Cluster,
        start: Start,
        packs: Packs,
        items: Sequence[Input],
        *,
        deaths: Counter[int],
        watch: Callable[[int], None],
        cache: int = 0,
    ) -> None:
        self._packs = packs
        self._deaths = deaths
        self._watch = watch
        self._finished: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._size = float(PACE.least)
        self._done = 0
        self._threads, self._asked = 0, 0.0  # threads of the cluster, and when it was asked
        self._lost = 0.0  # since when there is nobody to work
        self._client = _connected(cluster.scheduler)
        try:
            self._order = self._fitting(start, items, cache)
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with _quiet(), suppress(Exception):
            if self._client.status == "running":
                self._client.run(release, self._order.run)
        with _quiet(), suppress(Exception):
            self._client.close(timeout=5)

    def tell(self, name: str, value: object) -> None:
        """What every worker, and every one that joins later, must know from now on."""
        try:
            put = sealed(self._packs, f"told-{name}-{secrets.token_hex(4)}", value)
        except OSError as wrong:
            raise Stopped(str(wrong)) from None
        self._order = replace(self._order, told=(*self._order.told, (name, put)))

    def run(self, step: Step, numbers: Sequence[int]) -> None:
        """Have a step done for all these documents. Raises Stopped, CrewError, UsageError."""
        suspects = [(n,) for n in numbers if self._deaths[n]]
        work = _Work(step, deque(n for n in numbers if not self._deaths[n]), deque(suspects))
        with _quiet():
            while work.todo or work.again or work.sent:
                self._look()
                self._send(work)
                for attempt in self._heard():
                    self._take_in(work, work.sent.pop(attempt))
                self._watch(self._done)

    # ---- the beginning ---------------------------------------------------------------------------

    def _fitting(self, start: Start, items: Sequence[Input], cache: int) -> Order:
        """What every piece is sent with, once all workers fit. Raises UsageError."""
        here = Path.cwd()
        files = [i.place for i in items if i.data is None and isinstance(i.place, Path)]
        first = (here / files[0]) if files and files[0].is_file() else None
        sees = ((first, first.stat().st_size),) if first is not None else ()
        roots = tuple({i.place.root for i in items if isinstance(i.place, Address)})
        start = replace(start, folder=here if files else None)
        try:
            self._packs.write(PROBE, [b"here"])
            put = sealed(self._packs, "start", start)
        except OSError as wrong:
            zh, en = f"写不了 --work：{wrong}", f"cannot write to --work: {wrong}"
            raise UsageError(Said(zh, en)) from None
        run = secrets.token_hex(8)
        order = Order(run, start.work, engine(), sees, roots, put, cache=cache)
        with _quiet():
            return self._checked(order)

    def _checked(self, order: Order) -> Order:
        try:
            self._client.wait_for_workers(1, timeout=_JOIN)
        except (TimeoutError, OSError):
            said = Said("调度器上没有工作机", "no worker has joined the scheduler")
            raise UsageError(said) from None
        offices = self._client.run(_office, on_error="return")
        office = next((found for found in offices.values() if isinstance(found, str)), "no")
        order = replace(order, made_with={**order.made_with, OFFICE: office})
        for worker, found in sorted(self._client.run(unfit, order, on_error="return").items()):
            if found is not None:
                said = found if isinstance(found, Said) else _cannot(found)
                zh, en = f"工作机 {worker}：{said.zh}", f"worker {worker}: {said.en}"
                raise UsageError(Said(zh, en))
        return order

    # ---- sending ---------------------------------------------------------------------------------

    def _send(self, work: _Work) -> None:
        """Enough pieces that no worker waits, what was lost before first."""
        most = self._threads * _AHEAD
        while (work.again or work.todo) and len(work.sent) < most:
            if work.again:
                numbers = work.again.popleft()
            else:
                share = -(-len(work.todo) // most)
                size = min(int(self._size), max(share, _FEWEST), len(work.todo))
                numbers = tuple(work.todo.popleft() for _ in range(size))
            self._submit(work, numbers)

    def _submit(self, work: _Work, numbers: tuple[int, ...]) -> None:
        attempt = f"{self._order.run}-{secrets.token_hex(8)}"
        died = Counter({n: self._deaths[n] for n in numbers if self._deaths[n]})
        future = self._client.submit(
            piece, self._order, attempt, work.step.name, numbers, work.step.load(numbers), died,
            key=f"auditor-{work.step.name}-{attempt}", pure=False,
        )  # fmt: skip
        work.sent[attempt] = _Sent(future, attempt, numbers)
        future.add_done_callback(lambda _: self._finished.put(attempt))

    # ---- taking in -------------------------------------------------------------------------------

    def _heard(self) -> Iterator[str]:
        """The pieces that have come back."""
        with suppress(queue.Empty):
            yield self._finished.get(timeout=_LOOK)
            while True:
                yield self._finished.get_nowait()

    def _take_in(self, work: _Work, sent: _Sent) -> None:
        """What became of a piece. Raises Stopped, CrewError, UsageError."""
        worked = self._worked(sent)
        if worked.kind == "unfit":
            raise UsageError(worked.said)
        if worked.kind == "stopped":
            raise Stopped(worked.said)
        if worked.kind == "lost":
            self._came_back(work, sent.numbers)
            return
        if worked.kind == "forgotten":
            work.again.append(sent.numbers)
            return
        for number in worked.deaths:
            self._deaths[number] += 1
            work.step.died(number)
        for numbers, result in worked.results:
            work.step.took(numbers, result)
        for number in worked.aside:
            work.step.aside(number)
        self._done += len(sent.numbers)
        self._size = PACE.next(self._size, len(sent.numbers), worked.seconds)

    def _worked(self, sent: _Sent) -> Worked:
        """The answer, or what became of a piece without one.

        The scheduler also gives up what only waited at a worker that is gone. Who has lost its
        scheduler has lost all that was sent. Neither is the fault of any document.
        """
        from distributed import KilledWorker

        future = sent.future
        with suppress(OSError, TimeoutError, CancelledError):
            if future.status == "finished":
                found: Worked = future.result(timeout=_GONE)
                return found
            if future.status == "error":
                wrong = future.exception(timeout=_GONE)
                if not isinstance(wrong, KilledWorker):
                    raise CrewError(_trace(wrong, future))
                if marked(self._packs, begun(sent.attempt)):
                    return Worked("lost")
        return Worked("forgotten")

    def _came_back(self, work: _Work, numbers: tuple[int, ...]) -> None:
        """A piece whose worker is gone: in parts, to find the document if it is one's fault."""
        if len(numbers) > 1:
            size = -(-len(numbers) // _PARTS)
            work.again += [numbers[at : at + size] for at in range(0, len(numbers), size)]
            return
        [number] = numbers
        self._deaths[number] += 1
        work.step.died(number)
        if self._deaths[number] < TWICE:
            work.again.append(numbers)
        else:
            work.step.aside(number)

    def _look(self) -> None:
        """Count the threads of the cluster. Raises Stopped where there have been none for long."""
        now = monotonic()
        if now - self._asked < _PAUSE:
            return
        self._asked, self._threads = now, 0
        if _running(self._client):
            with suppress(OSError, TimeoutError):
                counts = self._client.sync(self._client.scheduler.ncores, callback_timeout=_CONNECT)
                self._threads = sum(counts.values())
        if self._threads:
            self._lost = 0.0
            return
        self._lost = self._lost or now
        if now - self._lost > _GONE or self._client.status == "closed":
            raise Stopped(_NO_WORKER if _running(self._client) else _NO_SCHEDULER)


_NO_WORKER = Said("集群里没有工作机了", "no worker is left in the cluster")
_NO_SCHEDULER = Said("集群的调度器不见了", "the scheduler of the cluster is gone")


def _cannot(error: Exception) -> Said:
    text = f"{type(error).__name__}: {error}"
    return Said(f"不能运行 auditor（{text}）", f"cannot run auditor ({text})")


def _running(client: Any) -> bool:
    return bool(client.status == "running")


def _office() -> str:
    """Whether a worker can convert the older formats: all must, or none."""
    return engine()[OFFICE]


def _trace(error: BaseException, future: Any) -> str:
    return "".join(traceback.format_exception(type(error), error, future.traceback()))


def _connected(scheduler: str) -> Any:
    """Raises UsageError where there is no scheduler."""
    installed()
    from distributed import Client

    with _quiet():
        try:
            connect: Any = Client
            return connect(scheduler, timeout=_CONNECT, set_as_default=False, name="auditor")
        except (OSError, TimeoutError, ValueError, TypeError) as wrong:
            why = f"{type(wrong).__name__}: {wrong}"
            zh, en = f"连不上 {scheduler}（{why}）", f"cannot reach {scheduler} ({why})"
            raise UsageError(Said(zh, en)) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """What goes wrong is said by us, once; not by the library, in its log on our error output."""
    log = logging.getLogger("distributed")
    before, log.disabled = log.disabled, True
    names = [n for n in logging.Logger.manager.loggerDict if n.startswith("distributed.")]
    held = {name: logging.getLogger(name).disabled for name in names}
    for name in names:
        logging.getLogger(name).disabled = True
    try:
        yield
    finally:
        log.disabled = before
        for name, state in held.items():
            logging.getLogger(name).disabled = state
