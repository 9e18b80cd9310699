"""Scanned pages of a PDF, and pictures → pages as they are read, within limits of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from auditor.model import Location, Observation
from auditor.readers._blocks import Budget
from auditor.readers._scan_image import Pixels
from auditor.readers.limits import Limits, too_large
from auditor.readers.watch import prolong

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from auditor.readers._pdf_pages import Leaf

DPI = 300
_LEAST_DPI = 100


def pages(
    pdf: PdfDocument, wanted: Sequence[int], budget: Budget, name: str
) -> tuple[dict[int, Leaf], list[Observation]]:
    """Pages of a PDF by number, read from what they look like. Raises DocumentError `too-large`."""
    _count(len(wanted), budget.limits)
    return recognised(_rendered(pdf, wanted, budget.limits), budget, name)


def _rendered(
    pdf: PdfDocument, wanted: Iterable[int], limits: Limits
) -> Iterator[tuple[int, Pixels, float]]:
    """Page number, picture (RGB) and its dpi: less than usual for very large sheets."""
    for number in wanted:
        page = pdf[number - 1]
        try:
            width, height = page.get_size()
            room = (limits.pixels / max(width * height, 1.0)) ** 0.5 * 72
            dpi = min(float(DPI), room)
            if dpi < _LEAST_DPI:
                raise too_large(
                    "页面尺寸（点）", "points of a page", int(max(width, height)), 14_400
                )
            bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
            try:
                picture = bitmap.to_numpy()[:, :, :3].copy()
            finally:
                bitmap.close()
        finally:
            page.close()
        yield number, picture, dpi


def recognised(
    pictures: Iterable[tuple[int, Pixels, float]], budget: Budget, name: str
) -> tuple[dict[int, Leaf], list[Observation]]:
    """Pictures of pages (number, RGB, dpi) as pages. Raises DocumentError `too-large`."""
    from auditor.readers._ocr_kept import Recalled
    from auditor.readers._scan_page import seen_on

    check = _clock(budget.limits)
    found: dict[int, Leaf] = {}
    noted: list[Observation] = []
    for number, picture, dpi in pictures:
        models = Recalled(picture)
        seen = seen_on(number, picture, dpi, models, budget, check)
        models.keep()
        found[number] = seen.leaf
        noted.append(Observation("recognised", location=Location(name, page=number)))
        for box in seen.lost:
            at = Location(name, page=number, box=box)
            noted.append(Observation("unreadable", location=at, detail="a line of a picture"))
    return found, noted


def _count(pictures: int, limits: Limits) -> None:
    if pictures > limits.scans:
        raise too_large("扫描页数", "scanned pages", pictures, limits.scans)


def _clock(limits: Limits) -> Callable[[], None]:
    """What refuses to go on when the time of a document is up."""
    most = limits.scan_seconds
    until = monotonic() + most
    prolong(most, limits.scan_memory)

    def check() -> None:
        if monotonic() > until:
            raise too_large("识别秒数", "seconds of recognising", f"> {most}", most)

    return check
