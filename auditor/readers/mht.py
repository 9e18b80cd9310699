"""Pages saved whole by a browser or a word processor (.mht, .mhtml) → Document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.errors import DocumentError
from auditor.model import Document
from auditor.readers import html
from auditor.readers._characters import decode
from auditor.readers.limits import Limits, Options, broken, shown, too_large

if TYPE_CHECKING:
    from email.message import Message

_Page = tuple[bytes, str]  # with the encoding that its part declares

SUFFIXES = (".mht", ".mhtml")

_PAGES = frozenset(("text/html", "application/xhtml+xml"))
_BOUNDARIES = 20
_BOUNDARY = re.compile(rb"\bboundary\s*=", re.IGNORECASE)
_NAMES = ("Content-ID", "Content-Location")
_DEPTH = 3  # frames inside frames
_FRAME = re.compile(
    r"<(i?frame)\b[^>]{0,2000}?\bsrc\s*=\s*(?:\"([^\">]{0,999})\"|'([^'>]{0,999})'|([^\s>]{1,999}))[^>]{0,2000}>"
    r"(?:\s*</\1\s*>)?",
    re.IGNORECASE,
)
_FRAMESET = re.compile(r"<(/?)frameset\b[^>]{0,2000}>", re.IGNORECASE)
_CODECS = {"unicode": "utf-16", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}


def read(data: bytes, name: str, options: Options) -> Document:
    """The page at the root, with the pages that it shows in frames in their places.

    Raises DocumentError `broken`, `too-large`.
    """
    try:
        root, pages = _pages(data, options.limits)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
        why = shown(wrong)
        raise broken(f"无法拆分各部分（{why}）", f"its parts cannot be told apart: {why}") from None
    text, own = _text(*root)
    whole = _Frames(pages, options.limits.size).shown(text)
    given = root[0] if whole == text and own else whole.encode()
    document = html.read(given, name, options)
    seen = document.observations
    if given is not root[0]:  # what the page says of its encoding is about the original
        seen = tuple(o for o in seen if o.kind != "encoding-declared-wrong")
    return replace(document, format="mht", observations=seen)


def _pages(data: bytes, limits: Limits) -> tuple[_Page, dict[str, _Page]]:
    """The root page, and all other pages by their names."""
    from email import message_from_bytes

    if (count := len(_BOUNDARY.findall(data))) > _BOUNDARIES:
        raise too_large("多部分层数", "nested parts", count, _BOUNDARIES)
    if (count := data.count(b"\n--")) > limits.nodes:
        raise too_large("部分数", "parts", count, limits.nodes)
    message = message_from_bytes(data)
    parts = [part for part in message.walk() if part.get_content_type() in _PAGES]
    if not parts:
        raise broken("其中没有网页", "there is no page in it")
    if len(parts) > limits.members:
        raise too_large("部分数", "parts", len(parts), limits.members)
    found = [(_payload(part), part.get_content_charset() or "") for part in parts]
    names = [[_bare(str(part.get(key, ""))) for key in _NAMES] for part in parts]
    start = _bare(str(message.get_param("start") or ""))
    root = next((n for n, own in enumerate(names) if start and start in own), 0)
    return found[root], {
        key: found[n] for n, own in enumerate(names) if n != root for key in own if key
    }


def _payload(part: Message) -> bytes:
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def _bare(name: str) -> str:
    return name.strip().strip("<>").removeprefix("cid:")


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

    def __init__(self, pages: Mapping[str, _Page], most: int) -> None:
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
        page = self._pages.get(_bare(match[2] or match[3] or match[4] or ""))
        if page is None:
            return match[0]
        text, _ = _text(*page)
        self._left -= len(text)
        if self._left < 0:
            raise too_large("字符数", "characters", f"> {self._most:,}", self._most)
        return f"<div>{self.shown(text)}</div>"
