"""Pictures of pages as files of their own → Document, by recognising what is on them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from auditor.errors import DocumentError
from auditor.model import Block, Document, Location, Observation, Table
from auditor.readers.limits import Limits, Options, broken, too_large

if TYPE_CHECKING:
    from auditor.readers._blocks import Budget
    from auditor.readers._scan_image import Pixels

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")

_KINDS = ("PNG", "JPEG", "TIFF", "BMP")
_PAGE = 8.27  # inches: how wide a sheet is where the file does not say, or says a screen
_FINE, _COARSE = 150.0, 700.0  # dpi that a scanner may have had
_TO = 300.0  # dpi at which figures are read best


def read(data: bytes, name: str, options: Options) -> Document:
    """Blocks in reading order. Raises DocumentError `broken`, `too-large`, `unsupported`."""
    from auditor.readers import _ocr
    from auditor.readers._blocks import Budget

    if not _ocr.is_installed():
        raise _ocr.missing("这是图片", "it is a picture")
    blocks, seen = blocks_of(data, name, Budget(options.limits))
    ruled = any(isinstance(block, Table) for block in blocks)
    return Document(name, "picture", blocks, {}, seen, flattened=not ruled)


def blocks_of(
    data: bytes, name: str, budget: Budget
) -> tuple[tuple[Block, ...], tuple[Observation, ...]]:
    """What stands on a picture; one that nothing stands on has no blocks."""
    from auditor.readers._pdf_story import blocks_of as story
    from auditor.readers._scan import recognised

    leaves, seen = recognised(frames(data, budget.limits), budget, name)
    blocks = story([leaves[number] for number in sorted(leaves)], name)
    if len(leaves) == 1:  # a picture has no page whose number would tell anything
        seen = [Observation(o.kind, o.label, _whole(o.location), o.detail) for o in seen]
    return blocks, tuple(seen)


def _whole(at: Location) -> Location:
    return Location(at.source, box=at.box)


def frames(data: bytes, limits: Limits) -> Iterator[tuple[int, Pixels, float]]:
    """The pictures of a file with their numbers, as RGB and dpi. Raises DocumentError."""
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a large picture is refused here, by its own limit
            image = Image.open(io.BytesIO(data), formats=_KINDS)
            count = getattr(image, "n_frames", 1)
            if image.format == "MPO":
                count = 1  # what else is in it are previews
            if count > limits.scans:
                raise too_large("图片页数", "pictures", count, limits.scans)
            for number in range(count):
                image.seek(number)
                yield number + 1, *_prepared(image, limits)
    except Image.DecompressionBombError:
        raise too_large("图片像素数", "pixels", "> 100,000,000", limits.pixels) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as wrong:
        if isinstance(wrong, DocumentError):
            raise
        raise broken("图片无法打开", "the picture cannot be opened") from None


def _prepared(image: Any, limits: Limits) -> tuple[Pixels, float]:
    """One picture upright on white paper, at about the resolution of a scan."""
    import numpy as np
    from PIL import Image, ImageOps

    if image.width * image.height > limits.pixels:
        raise too_large("图片像素数", "pixels", image.width * image.height, limits.pixels)
    told = image.info.get("dpi", (0, 0))[0]
    upright = ImageOps.exif_transpose(image)
    whole = upright.convert("RGBA")
    paper = Image.new("RGBA", whole.size, (255, 255, 255, 255))
    made = Image.alpha_composite(paper, whole).convert("RGB")
    dpi = float(told) if _FINE <= float(told or 0) <= _COARSE else made.width / _PAGE
    dpi = max(dpi, 1.0)
    grow = min(_TO / dpi, 3.0, (limits.pixels / (made.width * made.height)) ** 0.5)
    if not 0.95 < grow < 1.05:
        size = (max(round(made.width * grow), 1), max(round(made.height * grow), 1))
        made = made.resize(size, Image.Resampling.BICUBIC)
    return np.asarray(made), dpi * grow
