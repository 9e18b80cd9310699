"""The cells of a table on a scan: cut out inside their rules, read twice, doubted where unsure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from auditor.readers._blocks import joined
from auditor.readers._ocr import Reading, Recogniser
from auditor.readers._pdf_cells import TORN, Filled
from auditor.readers._pdf_lattice import Lattice
from auditor.readers._scan_image import INK, Pixels, Plate, is_red
from auditor.text import nfkc

SURE = 90
"""Percent of certainty of the least certain character from which a reading may stand.

No threshold is safe alone: a phantom rule changed a figure at 98 %. So every number is read
twice, from pictures that were prepared differently.
"""

UNSURE = "it was recognised with too little certainty"
DIFFERENT = "two readings of the picture differ"
SEVERAL = "more than one number stands in the cell"
UNREAD = "something is printed in the cell that could not be recognised"
RED = "something red is printed in the cell"

_RULE = 0.6  # of an edge: a row of pixels with more ink is the rule itself
_DEEP = 0.05  # of an inch: how far into a cell its rule may reach
_SPECK = 0.025  # of an inch: what is smaller in both directions is dirt
_APART = 0.012  # of an inch: white rows that part two lines
_LINE = 0.12  # of an inch: nothing lower than that is two lines
_MARGIN = 0.045  # of an inch: paper around the ink of a line
_RED_SHARE = 0.002  # of a cell: red ink that could be a number
_FIGURE = re.compile(r"[0-9]")
_WORDS = re.compile(r"[^\W\d_]{2}")

_STROKES, _SLASHES = "1lI|丨", "/／"
_LEANING, _SLANTED = 0.18, 0.28  # an italic figure leans by less, a slash by 0.3 and more
_STRAIGHT = 0.08  # of its height: how far the ink of one straight stroke strays from its line

Window = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class _Inside:
    """What stands in one cell: its lines of ink; `red` where only red ink is there.

    `lean` is how far a lone stroke leans to the right for each pixel that it rises.
    """

    windows: tuple[Window, ...]
    red: bool = False
    lean: float = 0.0


def cells_of(
    plate: Plate, lattice: Lattice, engine: Recogniser, check: Callable[[], None]
) -> list[Filled]:
    """The cells of a table in the order of its lattice. `check` raises when time is up."""
    insides = [_inside(plate, _window(plate, lattice.box(field))) for field in lattice.fields]
    windows = [window for inside in insides for window in inside.windows]
    check()
    first = engine.read([crop(plate, window) for window in windows])
    check()
    again = _reread(plate, windows, first, engine)
    check()
    found = iter(zip(first, again, strict=True))
    filled = []
    for field, inside in zip(lattice.fields, insides, strict=True):
        lines = [next(found) for _ in inside.windows]
        made = _told(lines, inside)
        doubt = TORN if field.torn else made.doubt
        filled.append(Filled(field, made.text, doubt, made.confidence, made.readings))
    return filled


def _reread(
    plate: Plate, windows: Sequence[Window], first: Sequence[Reading], engine: Recogniser
) -> list[Reading | None]:
    """The second readings: of all that holds figures, few characters or is unsure."""
    wanted = [n for n, reading in enumerate(first) if _counts(reading.text)]
    found = engine.read([second(plate, windows[n]) for n in wanted])
    readings: list[Reading | None] = [None] * len(windows)
    for n, reading in zip(wanted, found, strict=True):
        readings[n] = reading
    return readings


def _counts(text: str) -> bool:
    """Words of labels are compared with the form; anything else must be read twice."""
    return _WORDS.search(text) is None or _FIGURE.search(nfkc(text)) is not None


@dataclass(frozen=True, slots=True)
class _Told:
    text: str
    doubt: str
    confidence: int
    readings: tuple[str, ...]


def _told(lines: Sequence[tuple[Reading, Reading | None]], inside: _Inside) -> _Told:
    """What a cell says, how sure that is, and what else it may say."""
    if not lines:
        return _Told("", RED if inside.red else "", 100, ())
    text = joined(one.text for one, _ in lines)
    scores = [min(one.score, two.score) if two else one.score for one, two in lines]
    readings = _readings(lines)
    worst = min(scores)
    if len(text) == 1 and (inside.lean >= _LEANING or text in _SLASHES):
        return _stroke(text, readings, worst, inside.lean)
    if not _counts(text):
        return _Told(text, "", worst, ())
    if len(lines) > 1 and _WORDS.search(text) is None:
        return _Told(text, SEVERAL, worst, ())
    if not text:
        return _Told(text, UNREAD, worst, readings)
    if len(readings) > 1:
        return _Told(text, DIFFERENT, worst, readings)
    if worst < SURE and _WORDS.search(text) is None:
        return _Told(text, UNSURE, worst, readings)
    return _Told(text, "", worst, readings)


def _stroke(text: str, readings: tuple[str, ...], worst: int, lean: float) -> _Told:
    """A lone stroke that leans: a recogniser takes the sign for "nothing" for a figure 1."""
    if lean >= _SLANTED and (text in _STROKES or text in _SLASHES):
        return _Told("/", "", worst, ("/",))
    return _Told(text, DIFFERENT, worst, readings)


def _readings(lines: Sequence[tuple[Reading, Reading | None]]) -> tuple[str, ...]:
    """The different readings of a cell."""
    every = (joined(one.text for one, _ in lines), joined((two or one).text for one, two in lines))
    seen = {nfkc(text).replace(" ", ""): text for text in reversed(every) if text}
    return tuple(reversed(seen.values()))


# --- pictures of cells -----------------------------------------------------------------------


def crop(plate: Plate, window: Window) -> Pixels:
    """A line of ink without red, as the first reading sees it."""
    import numpy as np

    left, top, right, bottom = window
    return np.repeat(plate.clean[top:bottom, left:right, None], 3, axis=2)


def second(plate: Plate, window: Window) -> Pixels:
    """The same line prepared differently: in the colours of the scan, softer, set more widely."""
    import cv2

    left, top, right, bottom = window
    part = plate.colour[top:bottom, left:right]
    pad = max((bottom - top) // 6, 2)
    part = cv2.copyMakeBorder(part, pad, pad, 2 * pad, 2 * pad, cv2.BORDER_REPLICATE)
    return cv2.GaussianBlur(part, (3, 3), 0)


def _window(plate: Plate, box: tuple[float, float, float, float]) -> Window:
    scale = plate.dpi / 72
    height, width = plate.grey.shape
    left, top, right, bottom = (round(side * scale) for side in box)
    return (max(left, 0), max(top, 0), min(right, width), min(bottom, height))


def _inside(plate: Plate, window: Window) -> _Inside:
    """The lines of ink inside the rules of a cell."""
    left, top, right, bottom = _within(plate, window)
    if right - left < 4 or bottom - top < 4:
        return _Inside(())
    ink = _without_specks(plate.clean[top:bottom, left:right] < INK, plate.dpi)
    found = tuple(
        _spaced(plate, (left, top, right, bottom), rows, ink) for rows in _bands(ink, plate.dpi)
    )
    red = not found and _is_red(plate.colour[top:bottom, left:right])
    lean = _lean(ink) if len(found) == 1 else 0.0
    return _Inside(found, red, lean)


def _lean(ink: Pixels) -> float:
    """How far a lone straight stroke leans; 0 for anything else."""
    import numpy as np

    ys, xs = np.nonzero(ink)
    if not len(ys) or np.ptp(xs) > np.ptp(ys):
        return 0.0
    slope, start = np.polyfit(ys, xs, 1)
    stray = float(np.std(xs - (slope * ys + start)))
    return -float(slope) if stray <= _STRAIGHT * float(np.ptp(ys)) else 0.0


def _within(plate: Plate, window: Window) -> Window:
    """A window without the rules at its sides, wherever exactly they run."""
    left, top, right, bottom = window
    ink = plate.grey[top:bottom, left:right] < INK
    deep = max(int(_DEEP * plate.dpi), 2)
    if min(ink.shape) <= 2 * deep:
        return (left, top, left, top)
    rows, columns = ink.mean(axis=1) > _RULE, ink.mean(axis=0) > _RULE
    return (
        left + _inset(columns[:deep]),
        top + _inset(rows[:deep]),
        right - _inset(columns[::-1][:deep]),
        bottom - _inset(rows[::-1][:deep]),
    )


def _inset(ruled: Pixels) -> int:
    """How many pixels to leave out at a side: up to the last one that is a rule, and its blur."""
    import numpy as np

    at = np.flatnonzero(ruled)
    return (int(at[-1]) if len(at) else 0) + 3


def _without_specks(ink: Pixels, dpi: float) -> Pixels:
    import cv2
    import numpy as np

    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    size = _SPECK * dpi
    keep = np.zeros(count, dtype=bool)
    keep[1:] = (stats[1:, 2] >= size) | (stats[1:, 3] >= size)
    return keep[labels]


def _bands(ink: Pixels, dpi: float) -> Iterator[tuple[int, int]]:
    """The rows of pixels of each line of text."""
    import numpy as np

    rows = np.flatnonzero(ink.any(axis=1))
    if not len(rows):
        return
    apart = max(int(_APART * dpi), 1)
    cuts = np.flatnonzero(np.diff(rows) > apart)
    starts = [int(rows[0]), *(int(rows[k + 1]) for k in cuts)]
    ends = [*(int(rows[k]) for k in cuts), int(rows[-1])]
    yield from _merged(list(zip(starts, ends, strict=True)), dpi)


def _merged(bands: Sequence[tuple[int, int]], dpi: float) -> Iterator[tuple[int, int]]:
    """Parts of characters that lie above each other as one line: they are much lower than one."""
    tall = max(_LINE * dpi, *(1.25 * (end - start) for start, end in bands))
    held: tuple[int, int] | None = None
    for start, end in bands:
        if held is None:
            held = (start, end)
        elif max(held[1], end) - held[0] <= tall:
            held = (held[0], end)
        else:
            yield held
            held = (start, end)
    if held is not None:
        yield held


def _spaced(plate: Plate, inside: Window, rows: tuple[int, int], ink: Pixels) -> Window:
    """A line of ink with some paper around it, but nothing from outside of its cell."""
    import numpy as np

    left, top, right, bottom = inside
    columns = np.flatnonzero(ink[rows[0] : rows[1] + 1].any(axis=0))
    margin = int(_MARGIN * plate.dpi)
    return (
        max(left, left + int(columns[0]) - margin),
        max(top, top + rows[0] - margin // 2),
        min(right, left + int(columns[-1]) + 1 + margin),
        min(bottom, top + rows[1] + 1 + margin // 2),
    )


def _is_red(colour: Pixels) -> bool:
    """Whether there is ink that the red channel does not show."""
    return bool(is_red(colour).mean() > _RED_SHARE)
