"""Scans made in code: pages as a worn office scanner gives them, with noise, a turn and seals."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wear:
    """What a scanner does to a page. `dpi` of the scan, `turn` in degrees, `noise` as the standard
    deviation of the grey levels (0 to 255), `quality` of the JPEG, `seals` on each page."""

    dpi: int = 200
    turn: float = 0.7
    noise: float = 8.0
    quality: int = 60
    seals: int = 3


OFFICE = Wear()
CLEAN = Wear(turn=0.0, noise=0.0, quality=92, seals=0)
_RED = (214, 34, 40)


def pages_of(pdf: bytes, dpi: int) -> list[Any]:
    """The pages of a PDF as pictures."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def worn(page: Any, wear: Wear, seed: int) -> Any:
    """One page as it comes from the scanner."""
    import numpy as np
    from PIL import Image

    chance = np.random.default_rng(seed)
    for number in range(wear.seals):
        page = _sealed(page, wear.dpi, (number + 1) / (wear.seals + 1), chance)
    if wear.turn:
        page = page.rotate(-wear.turn, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if wear.noise:
        levels = np.asarray(page, dtype=np.float32) * 0.96 + 4
        levels += chance.normal(0, wear.noise, levels.shape)
        page = Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    return page


def _sealed(page: Any, dpi: int, height: float, chance: Any) -> Any:
    """A round red seal of 4 cm, as ink on paper: what is dark below stays dark."""
    from PIL import Image, ImageChops, ImageDraw

    radius = round(dpi * 2.0 / 2.54)
    x = round(page.width * chance.uniform(0.3, 0.75))
    y = round(page.height * (height + chance.uniform(-0.05, 0.05)))
    ink = Image.new("RGB", page.size, (255, 255, 255))
    draw = ImageDraw.Draw(ink)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_RED, width=dpi // 25)
    star = [
        (
            x + radius * (0.36 if k % 2 == 0 else 0.14) * math.sin(math.pi * k / 5),
            y - radius * (0.36 if k % 2 == 0 else 0.14) * math.cos(math.pi * k / 5),
        )
        for k in range(10)
    ]
    draw.polygon(star, fill=_RED)
    for k in range(9):  # the strokes of its writing
        angle = math.pi * (0.9 + 1.2 * k / 8) + math.pi / 20
        cx, cy = x + radius * 0.74 * math.cos(angle), y + radius * 0.74 * math.sin(angle)
        size = dpi // 14
        draw.rectangle((cx - size, cy - size, cx + size, cy + size), outline=_RED, width=dpi // 60)
        draw.line((cx - size, cy, cx + size, cy), fill=_RED, width=dpi // 60)
    return ImageChops.multiply(page, ink)


def scan(pages: Sequence[Any], wear: Wear = OFFICE, seed: int = 1) -> bytes:
    """Pictures of pages as a scanned PDF."""
    made = [worn(page, wear, seed * 1000 + n) for n, page in enumerate(pages)]
    out = io.BytesIO()
    made[0].save(
        out, "PDF", save_all=True, append_images=made[1:], resolution=wear.dpi,
        quality=wear.quality,
    )  # fmt: skip
    return out.getvalue()


def picture(page: Any, wear: Wear = OFFICE, seed: int = 1, kind: str = "JPEG") -> bytes:
    """A picture of a page as a file of its own."""
    out = io.BytesIO()
    worn(page, wear, seed).save(out, kind, dpi=(wear.dpi, wear.dpi), quality=wear.quality)
    return out.getvalue()
