"""How a long run is shown while it goes on: a bar on a terminal, lines elsewhere, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

from auditor.corpus.progress import Progress
from auditor.errors import Said

if TYPE_CHECKING:
    from rich.progress import TaskID

_STEPS = {
    "read": Said("读取", "reading"),
    "compare": Said("配对", "pairing"),
    "judge": Said("审核", "judging"),
    "columns": Said("写表", "tables"),
}
_FIRST, _EVERY = 3.0, 10.0  # seconds before the first line, and between two


def progress_on(stream: TextIO, lang: str, *, quiet: bool) -> Progress:
    """What fits the stream: nothing if `quiet`, a bar on a terminal, lines otherwise."""
    if quiet:
        return Progress()
    return Bar(stream, lang) if stream.isatty() else Lines(stream, lang)


class _Counted(Progress):
    """Counts what both ways of showing need: documents of a step, rate, what failed so far."""

    def __init__(self, lang: str, clock: Callable[[], float] = monotonic) -> None:
        self._lang = lang
        self._clock = clock
        self._step, self._total, self._before, self._base, self._reached = "", 0, 0, 0, 0
        self._failed, self._last = 0, ""
        self._begun = clock()

    def begin(self, step: str, total: int, done: int) -> None:
        """The next step; what the workers did until now belongs to the one before."""
        self._step, self._total, self._before = step, total, done
        self._base, self._begun = self._reached, self._clock()
        self._show()

    def at(self, done: int) -> None:
        """So many documents were done since the run began."""
        self._reached = done
        self._show()

    def aside(self, source: str, said: Said) -> None:
        """One more that failed; the last is named."""
        self._failed += 1
        self._last = source

    def died(self, source: str) -> None:
        """A worker died: shown like what failed, it is tried once more."""
        self._last = source

    def _show(self) -> None:
        """Bring what is seen up to date."""

    @property
    def done(self) -> int:
        """Documents of this step, those of an earlier run included."""
        return min(self._before + self._reached - self._base, self._total)

    @property
    def rate(self) -> float:
        """Documents a second since the step began."""
        return (self._reached - self._base) / max(self._clock() - self._begun, 0.001)

    def told(self) -> str:
        """Rate, time left and failures, in one line."""
        rate, zh = self.rate, self._lang == "zh"
        parts = []
        if rate > 0:
            left = round((self._total - self.done) / rate)
            spent = f"{left // 60}:{left % 60:02}"
            shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
            parts.append(f"{shown} 份/秒" if zh else f"{shown}/s")
            parts.append(f"还需 {spent}" if zh else f"{spent} left")
        if self._failed:
            last = "".join(c if c.isprintable() else "�" for c in self._last)[-40:]
            lead = f"搁置 {self._failed}" if zh else f"{self._failed} set aside"
            parts.append(f"{lead}（{last}）" if zh else f"{lead} ({last})")
        return " · ".join(parts)

    def name(self) -> str:
        """What is being done."""
        return _STEPS[self._step].inside(self._lang)


class Lines(_Counted):
    """A line now and then, for a log."""

    def __init__(self, stream: TextIO, lang: str, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(lang, clock)
        self._stream = stream
        self._next = clock() + _FIRST

    def _show(self) -> None:
        now = self._clock()
        if now < self._next or not self._total:
            return
        self._next = now + _EVERY
        told = self.told()
        rest = f" · {told}" if told else ""
        self._stream.write(f"{self.name()} {self.done:,}/{self._total:,}{rest}\n")
        self._stream.flush()


class Bar(_Counted):
    """A bar that is gone when the run is."""

    def __init__(self, stream: TextIO, lang: str) -> None:
        super().__init__(lang)
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Rich

        self._bar = Rich(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[told]}", markup=False),
            console=Console(file=stream), transient=True, refresh_per_second=4,
        )  # fmt: skip
        self._task: TaskID | None = None

    def _show(self) -> None:
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task("", told="")
        shown: dict[str, Any] = {"description": self.name(), "told": self.told()}
        self._bar.update(self._task, total=self._total, completed=self.done, **shown)

    def end(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._bar.stop()
            self._task = None
