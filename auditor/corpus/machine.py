"""What one worker of a cluster does: it checks that it fits, and works its pieces.

A document is never opened in the cluster's own process. Each thread of it has a crew of one
process beside it, so that what kills or hangs costs only that process, and the document is known.
Nothing here knows the cluster's library.
"""

from __future__ import annotations

import pickle
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from multiprocessing import current_process
from pathlib import Path
from time import monotonic
from typing import Any

from auditor import __version__
from auditor.addresses import Address, check
from auditor.corpus.crew import Crew
from auditor.corpus.kept import Kept, default_path
from auditor.corpus.keys import library_versions, package_digest
from auditor.corpus.packs import Packs, packs_at
from auditor.corpus.plain import DamagedError
from auditor.corpus.progress import Stopped
from auditor.corpus.shelf import Ref
from auditor.corpus.worker import Start
from auditor.errors import Said, UsageError
from auditor.gather import Input

_IDLE = 60.0  # seconds after which a crew without work is let go

Sealed = tuple[str, str]
"""The name of a pack that holds a pickled value, and the digest of that value."""


@dataclass(frozen=True, slots=True)
class Order:
    """What every piece of a run is sent with: small, for all that is large lies in packs.

    `made_with` is the engine that a worker must have, `sees` files that it must see, with their
    sizes, `roots` addresses that it must be able to open. `start` and `told` are what the workers
    must know, `cache` the bytes of results that each machine keeps.
    """

    run: str
    place: Path | Address
    made_with: Mapping[str, str]
    sees: tuple[tuple[Path, int], ...] = ()
    roots: tuple[str, ...] = ()
    start: Sealed = ("", "")
    told: tuple[tuple[str, Sealed], ...] = ()
    cache: int = 0


@dataclass(slots=True)
class Worked:
    """What became of a piece. `kind` is `done`, `lost`, `unfit` or `stopped`.

    `lost`: another worker began this piece and has not been heard of since.
    """

    kind: str
    results: list[tuple[tuple[int, ...], Any]] = field(default_factory=list)
    deaths: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)
    said: Said = Said("", "")
    seconds: float = 0.0


def engine() -> dict[str, str]:
    """What this machine reads and judges with: equal here and there, or results would differ."""
    from auditor.readers._convert import program

    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    own = {"auditor": __version__, "auditor files": package_digest(), "python": python}
    return {**own, **library_versions(), OFFICE: "yes" if program() else "no"}


OFFICE = "libreoffice"
PROBE = "probe"
"""A pack that every worker must find."""


def unfit(order: Order) -> Said | None:
    """Why this machine cannot work for a run; None if it can."""
    own = engine()
    for name, wanted in order.made_with.items():
        if (have := own.get(name, "")) != wanted:
            here, there = have[:12] or "–", wanted[:12] or "–"
            return Said(
                f"{name} 是 {here}，应为 {there}：各机器要装同样的版本",
                f"{name} is {here}, not {there}: all machines need the same versions",
            )
    for path, size in order.sees:
        if not path.is_file() or path.stat().st_size != size:
            return Said(
                f"看不到 {path}：请把文件放在各机器都能看到的文件夹或地址（如 s3://）",
                f"does not see {path}: put the documents where all machines see them, or at an "
                "address such as s3://",
            )
    try:
        for root in order.roots:
            check(root)
        packs_at(order.place).read(PROBE, 0)
    except UsageError as wrong:
        return wrong.said
    except DamagedError:
        at = order.place if isinstance(order.place, Path) else order.place.shown
        return Said(
            f"看不到 {at}：请用 --work 指定各机器都能读写的文件夹或地址",
            f"does not see {at}: name a folder or an address with --work that all machines can "
            "read and write",
        )
    return None


def begun(attempt: str) -> str:
    """The mark of a piece that a worker has begun."""
    return f"begun-{attempt}"


def piece(
    order: Order, attempt: str, step: str, numbers: tuple[int, ...], load: Any, died: Counter[int]
) -> Worked:
    """One piece of a run. The same attempt is worked once, by whomever it is sent to."""
    since = monotonic()
    hand = _hand(order)
    if hand.unfit is not None:
        return Worked("unfit", said=hand.unfit)
    if not _first(hand.packs, begun(attempt)):
        return Worked("lost")
    try:
        worked = hand.work(order, step, numbers, load, died)
    except Stopped as why:
        return Worked("stopped", said=why.said)
    except OSError as why:
        return Worked("stopped", said=Said(str(why), str(why)))
    worked.seconds = monotonic() - since
    return worked


def release(run: str) -> None:
    """A run has ended: nothing of it stays. It does not wait, for the cluster listens meanwhile."""
    with _LOCK:
        own = [key for key in _HANDS if key[0] == run]
        gone = [_HANDS.pop(key) for key in own]
    for hand in gone:
        _after(0.0, hand.end)


# ---- one thread's crew ---------------------------------------------------------------------------


def _first(packs: Packs, mark: str) -> bool:
    """Whether nobody has set this mark before; it is set."""
    if marked(packs, mark):
        return False
    packs.write(mark, [])
    return True


def marked(packs: Packs, mark: str) -> bool:
    """Whether a mark was set."""
    try:
        packs.read_all(mark)
    except DamagedError:
        return False
    return True


class _Hand:
    """A crew of one, and what it was told; nobody else uses it."""

    def __init__(self, order: Order) -> None:
        self.packs = packs_at(order.place)
        self.unfit = unfit(order)
        self._cache = order.cache
        self._told: list[str] = []
        self._deaths: Counter[int] = Counter()
        self._crew: Crew | None = None
        self._lock = threading.Lock()
        self._last = monotonic()

    def work(
        self, order: Order, step: str, numbers: tuple[int, ...], load: Any, died: Counter[int]
    ) -> Worked:
        """Work a piece. Raises Stopped, CrewError."""
        with self._lock:
            crew = self._hired(order)
            self._deaths.clear()
            self._deaths.update(died)
            part = _Part(step, numbers, load)
            try:
                crew.run(part, numbers)
            except BaseException:
                self._let_go()
                raise
            self._last = monotonic()
        _after(_IDLE, self.rest)
        return part.worked

    def rest(self) -> None:
        """Let the crew go if it has had no work for a while."""
        with self._lock:
            if monotonic() - self._last >= _IDLE:
                self._let_go()

    def end(self) -> None:
        """Let the crew go."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        crew, self._crew = self._crew, None
        if crew is None:
            return
        crew.__exit__()
        self._told.clear()
        if self._cache:
            kept = Kept(default_path())
            kept.trim(self._cache)
            kept.close()

    def _hired(self, order: Order) -> Crew:
        if self._crew is None:
            # Who watches over a cluster's worker may have marked it as one without children.
            # Ours end by themselves when it is gone.
            current_process().daemon = False
            start: Start = self._unsealed(order.start)
            start = replace(start, kept=default_path() if start.kept is not None else None)
            self._crew = Crew(1, start, deaths=self._deaths)
        for name, sealed in order.told:
            if sealed[0] not in self._told:
                self._crew.tell(name, self._unsealed(sealed))
                self._told.append(sealed[0])
        return self._crew

    def _unsealed(self, sealed: Sealed) -> Any:
        """A value that the run has put down; whoever else can write there cannot change it."""
        name, wanted = sealed
        [data] = self.packs.read_all(name)
        if sha256(data).hexdigest() != wanted:
            raise DamagedError(f"{name} is not what was put down")
        return pickle.loads(data)  # noqa: S301 - the digest came from the run itself


class _Part:
    """A piece as the crew sees it: a step whose results are gathered."""

    def __init__(self, step: str, numbers: tuple[int, ...], load: Any) -> None:
        self.name = step
        self.worked = Worked("done")
        self._places = {number: place for place, number in enumerate(numbers)}
        self._load = load

    def load(self, numbers: Sequence[int]) -> object:
        """Of what was sent with the piece, the part of these."""
        places = [self._places[number] for number in numbers]
        if self.name == "read":
            items: Sequence[Input] = self._load
            return [items[place] for place in places]
        wanted: Sequence[object]
        refs: Mapping[int, Ref]
        wanted, refs = self._load
        return [wanted[place] for place in places], refs

    def took(self, numbers: Sequence[int], result: Any) -> None:
        """Keep it for the one who leads."""
        self.worked.results.append((tuple(numbers), result))

    def died(self, number: int) -> None:
        """Tell it later."""
        self.worked.deaths.append(number)

    def aside(self, number: int) -> None:
        """Tell it later."""
        self.worked.aside.append(number)


_HANDS: dict[tuple[str, int], _Hand] = {}
_LOCK = threading.Lock()


def _hand(order: Order) -> _Hand:
    """The hand of this thread for this run."""
    key = order.run, threading.get_ident()
    with _LOCK:
        hand = _HANDS.get(key)
    if hand is None or hand.unfit is not None:
        hand = _Hand(order)
        with _LOCK:
            _HANDS[key] = hand
    return hand


def _after(seconds: float, step: Callable[[], None]) -> None:
    """Do something later, unless the process ends first."""
    timer = threading.Timer(seconds + 0.1, step)
    timer.daemon = True
    timer.start()


def sealed(packs: Packs, name: str, value: object) -> Sealed:
    """Put a value down for the workers."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    packs.write(name, [data])
    return name, sha256(data).hexdigest()
