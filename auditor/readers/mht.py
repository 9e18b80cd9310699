"""Pages saved whole by a browser or a word processor (.mht, .mhtml) → Document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from auditor.errors import DocumentError
from auditor.model import Document
from auditor.readers import html
from auditor.readers._characters import decode
from auditor.readers.limits import Limits, Options, broken, shown, too_large

if TYPE_CHECKING:
    from email.message import Message

SUFFIXES = (".mht", ".mhtml")

_PAGES = frozenset(("text/html", "application/xhtml+xml"))
_BOUNDARIES = 20
_BOUNDARY = re.compile(rb"\bboundary\s*=", re.IGNORECASE)
_NAMES = ("Content-ID", "Content-Location")
_DEPTH = 3  # frames inside frames
_FOLDERS = 8  # folders of pages, to which links may be relative
_FRAME = re.compile(
    r"<(i?frame)\b[^>]{0,2000}?\bsrc\s*=\s*(?:\"([^\">]{0,999})\"|'([^'>]{0,999})'|([^\s>]{1,999}))[^>]{0,2000}>"
    r"(?:\s*</\1\s*>)?",
    re.IGNORECASE,
)
_FRAMESET = re.compile(r"<(/?)frameset\b[^>]{0,2000}>", re.IGNORECASE)
_CODECS = {"unicode": "utf-16", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}


@dataclass(frozen=True)
class _Part:
    """A page or a picture. `names` are its id and its address, where they are told."""

    message: Message
    names: tuple[str, ...]

    @cached_property
    def data(self) -> bytes:
        """Its bytes; a picture that nothing shows is never decoded."""
        raw = self.message.get_payload(decode=True)
        return raw if isinstance(raw, bytes) else b""

    @property
    def encoding(self) -> str:
        """What the part says of the encoding of its text."""
        return self.message.get_content_charset() or ""


class _Saved:
    """What was saved together, found as the pages name it; nothing else is looked for."""

    def __init__(self, parts: Iterable[_Part], bases: Iterable[str]) -> None:
        self._parts = {_address(name): part for part in parts for name in part.names}
        self._last = {name.rpartition("/")[2] for name in self._parts}
        folders = dict.fromkeys(base[: base.rfind("/") + 1] for base in map(_slashed, bases))
        self._bases = list(folders)[:_FOLDERS]

    def __bool__(self) -> bool:
        return bool(self._parts)

    def get(self, link: str) -> _Part | None:
        """A part by its id or address, or by an address relative to that of a page."""
        link = _bare(link)
        if not link or _address(link).rpartition("/")[2] not in self._last:
            return None
        tried = [link, *(urljoin(base, _slashed(link)) for base in self._bases)]
        return next((p for name in tried if (p := self._parts.get(_address(name)))), None)

    def picture(self, link: str) -> bytes:
        """The bytes of a picture by its `src`; nothing where it was not saved."""
        part = self.get(link)
        return part.data if part is not None else html.embedded(link)


def read(data: bytes, name: str, options: Options) -> Document:
    """The page at the root, with the pages that it shows in frames in their places.

    Raises DocumentError `broken`, `too-large`.
    """
    try:
        root, pages, pictures = _parts(data, options.limits)
        content = root.data
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
        why = shown(wrong)
        raise broken(f"无法拆分各部分（{why}）", f"its parts cannot be told apart: {why}") from None
    text, own = _text(content, root.encoding)
    whole = _Frames(pages, options.limits.size).shown(text)
    given = content if whole == text and own else whole.encode()
    document = html.read(given, name, options, pictures.picture)
    seen = document.observations
    if given is not content:  # what the page says of its encoding is about the original
        seen = tuple(o for o in seen if o.kind != "encoding-declared-wrong")
    return replace(document, format="mht", observations=seen)


def _parts(data: bytes, limits: Limits) -> tuple[_Part, _Saved, _Saved]:
    """The root page, all other pages, and the pictures."""
    from email import message_from_bytes

    if (count := len(_BOUNDARY.findall(data))) > _BOUNDARIES:
        raise too_large("多部分层数", "nested parts", count, _BOUNDARIES)
    if (count := data.count(b"\n--")) > limits.nodes:
        raise too_large("部分数", "parts", count, limits.nodes)
    message = message_from_bytes(data)
    every = list(message.walk())
    parts = [_part(part) for part in every if part.get_content_type() in _PAGES]
    if not parts:
        raise broken("其中没有网页", "there is no page in it")
    if len(parts) > limits.members:
        raise too_large("部分数", "parts", len(parts), limits.members)
    start = _bare(str(message.get_param("start") or ""))
    root = next((part for part in parts if start and start in part.names), parts[0])
    bases = [name for part in (root, *parts) for name in part.names]
    pictures = map(_part, (part for part in every if part.get_content_maintype() == "image"))
    return root, _Saved((p for p in parts if p is not root), bases), _Saved(pictures, bases)


def _part(message: Message) -> _Part:
    names = (_bare(str(message.get(key, ""))) for key in _NAMES)
    return _Part(message, tuple(name for name in names if name))


def _bare(name: str) -> str:
    return name.strip().strip("<>").removeprefix("cid:")


def _address(name: str) -> str:
    """One way to write an address of the many in use."""
    return unquote(_slashed(name)).lower()


def _slashed(name: str) -> str:
    return re.sub(r"\s+", "", name.replace("\\", "/"))


def _text(page: bytes, declared: str) -> tuple[str, bool]:
    """The text of a page, and whether its bytes tell the encoding; else as its part declares."""
    try:
        return decode(page, tolerant=True).text, True
    except DocumentError as wrong:
        try:
            text = page.decode(_CODECS.get(declared, declared), "replace")
        except (LookupError, ValueError):
            raise wrong from None
        return text.replace("\0", ""), False


class _Frames:
    """Pages put where their frames are; a frame whose page was not saved stays a frame."""

    def __init__(self, pages: _Saved, most: int) -> None:
        self._pages = pages
        self._left = self._most = most
        self._depth = 0

    def shown(self, text: str) -> str:
        """A page with what its frames show. Raises DocumentError `too-large`."""
        if not self._pages or self._depth == _DEPTH:
            return text
        self._depth += 1
        whole = _FRAMESET.sub(r"<\1div>", _FRAME.sub(self._inside, text))
        self._depth -= 1
        return whole

    def _inside(self, match: re.Match[str]) -> str:
        page = self._pages.get(match[2] or match[3] or match[4] or "")
        if page is None:
            return match[0]
        text, _ = _text(page.data, page.encoding)
        self._left -= len(text)
        if self._left < 0:
            raise too_large("字符数", "characters", f"> {self._most:,}", self._most)
        return f"<div>{self.shown(text)}</div>"
