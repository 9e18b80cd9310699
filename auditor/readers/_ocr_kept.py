"""What the models said of a page before: a picture that was recognised is not recognised again.

The models say the same of the same pixels; what they are given is made anew from the picture, and
an answer counts only for exactly what was asked. So nothing here can be out of date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

from auditor.readers._ocr import Reading, Spot, engine
from auditor.readers._scan_image import Pixels
from auditor.readers._store import Store

_PAGES = Store("recognised", ".json", 500_000_000)
_LIBRARIES = ("rapidocr", "onnxruntime")


class Recalled:
    """The two models for one page. They are loaded when something new is asked of them."""

    def __init__(self, picture: Pixels) -> None:
        self._key = _digest([picture]).hex()
        self._known = _known(_PAGES.fetch(self._key))
        self._new = False

    def read(self, crops: Sequence[Pixels]) -> list[Reading]:
        """The text of pictures of one line each (RGB)."""
        if not crops:
            return []
        found = self._known.get(key := _digest(crops).hex())
        if found is not None and len(found) == len(crops):
            return [Reading(*one) for one in found]
        return self._told(key, engine().read(crops))

    def find(self, picture: Pixels) -> list[Spot]:
        """The lines of text on a picture (RGB)."""
        found = self._known.get(key := f"find {_digest([picture]).hex()}")
        if found is not None:
            return [Spot(*one) for one in found]
        return self._told(key, engine().find(picture))

    def keep(self) -> None:
        """Keep what is new, when the page is done."""
        if self._new:
            _PAGES.keep(self._key, json.dumps(self._known).encode())
            _PAGES.prune()

    def _told(self, key: str, answer: list[Any]) -> list[Any]:
        self._known[key] = answer
        self._new = True
        return answer


def _digest(pictures: Iterable[Pixels]) -> bytes:
    """Of pixels and of who looks at them."""
    state = hashlib.blake2b(" ".join(map(version, _LIBRARIES)).encode(), digest_size=20)
    for picture in pictures:
        state.update(f"{picture.shape}{picture.dtype}".encode())
        state.update(picture.tobytes())
    return state.digest()


def _known(data: bytes | None) -> dict[str, list[Any]]:
    """Answers as they were kept; none where they are damaged."""
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) and all(map(_is_whole, found.items())) else {}


def _is_whole(entry: tuple[str, object]) -> bool:
    key, answers = entry
    kinds = (int,) * 4 if key.startswith("find ") else (str, int, int)
    return isinstance(answers, list) and all(
        isinstance(one, list) and [*map(type, one)] == [*kinds] for one in answers
    )
