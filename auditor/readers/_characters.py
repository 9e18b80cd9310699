"""Bytes → clean text: the encoding ladder, and characters that no report prints."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.model import Location, Observation
from auditor.readers.limits import broken

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_UNMARKED = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}  # pages without a mark
# Escape sequences of terminals first, as wholes; then single control characters. TAB, LF and CR
# are text. A string sequence needs its end: without one only its introducer goes.
_CONTROL = re.compile(
    "\x1b[\\]PX^_][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\\\)"
    "|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|\x1b[@-_]?"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
_SOFT = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)
# Fonts map a glyph to the radical instead of the character that looks the same; so does the text
# of a PDF, and what was pasted from one. Of the supplement NFKC knows two.
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_SUPPLEMENT = str.maketrans(
    "⺄⺎⺟⺠⺩⺫⻁⻄⻅⻆⻉⻋⻌⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳戶靑黃",
    "乙兀母民王目虎西见角贝车辶長长长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟户青黄",
)
_RADICAL_BYTES = re.compile(b"\xe2[\xba-\xbf]")  # in UTF-8
_ASCII = re.compile("[\x00-\x7f]+")
_USUAL = (
    "[\u00b0\u00b1\u00b7\u00d7\u2010-\u203b\u2160-\u217f\u2460-\u24ff"
    "\u2500-\u25ff\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
)
_SAMPLE = 20_000
_DAMAGE = 50  # good characters for each bad one: fewer, and it is another encoding altogether


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was in; `damaged` counts bytes that were no character."""

    text: str
    encoding: str
    damaged: int = 0

    def observed(self, source: str) -> list[Observation]:
        """What there is to say about the encoding."""
        seen = []
        if self.encoding != "utf-8":
            seen.append(Observation("encoding", location=Location(source), detail=self.encoding))
        if self.damaged:
            seen.append(
                Observation("encoding-damaged", location=Location(source), detail=str(self.damaged))
            )
        return seen


class Scrubber:
    """Removes control characters and terminal escapes and remembers whether there were any.

    Bidirectional marks and zero-width characters go too, silently: publishing systems strew them.
    """

    __slots__ = ("dropped",)

    def __init__(self) -> None:
        self.dropped = False

    def __call__(self, text: str) -> str:
        """The text without them."""
        if text.isprintable() or _SUSPECT.search(text) is None:  # the first is the quicker one
            return text
        clean, count = _CONTROL.subn("", text)
        self.dropped = self.dropped or count > 0
        return _SOFT.sub("", clean)

    def observed(self, source: str) -> list[Observation]:
        """One observation if any control character was dropped."""
        return [Observation("control-characters", location=Location(source))] * self.dropped


def characters(text: str) -> str:
    """A text with radicals as the characters that they stand for."""
    return _RADICAL.sub(_meant, text)


def _meant(radical: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", radical[0]).translate(_SUPPLEMENT)


def has_radicals(data: bytes) -> bool:
    """Whether a text in UTF-8 may hold such radicals: a look that costs next to nothing."""
    return _RADICAL_BYTES.search(data) is not None


def suspect(text: str) -> bool:
    """Whether a scrubber would find anything."""
    return _SUSPECT.search(text) is not None


def controls(text: str) -> int:
    """How many control characters a text holds."""
    return len(_CONTROL.findall(text))


def decode(data: bytes, *, tolerant: bool = False) -> Decoded:
    """BOM → strict UTF-8 → strict GB18030, checked for plausibility.

    With `tolerant`, UTF-8 with a few bad bytes (systems cut texts inside a character) is read
    with U+FFFD in their place. Radicals become characters. Raises DocumentError `broken`.
    """
    found = _decoded(data, tolerant)
    return replace(found, text=characters(found.text)) if has_radicals(data) else found


def _decoded(data: bytes, tolerant: bool) -> Decoded:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _announced(data[len(bom) :], codec, tolerant)
    if data[:2] in _UNMARKED:
        return _announced(data, _UNMARKED[data[:2]], tolerant)
    if b"\0" in data:
        raise _binary(data.index(b"\0"))
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as wrong:
        return _not_utf8(data, wrong.start, tolerant)


def _announced(data: bytes, codec: str, tolerant: bool) -> Decoded:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as wrong:
        if codec == "utf-8" and (mended := _mended(data)) and tolerant:
            return mended
        raise _undecodable(data, wrong.start) from None
    if "\0" in text:
        raise _binary(text.index("\0"))
    return Decoded(text, codec.removesuffix("-le").removesuffix("-be"))


def _not_utf8(data: bytes, start: int, tolerant: bool) -> Decoded:
    mended = _mended(data)
    if mended and tolerant:
        return mended
    try:
        text = "" if mended else data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if not plausible(text):
        raise _undecodable(data, start)
    return Decoded(text, "gb18030")


def _mended(data: bytes) -> Decoded | None:
    """UTF-8 that is merely damaged, or None where it is something else."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return Decoded(text, "utf-8", bad) if good >= bad * _DAMAGE else None


def plausible(text: str) -> bool:
    """Whether text read as GB18030 is Chinese, not the chance reading of other bytes.

    Nearly any bytes decode; but in real text most ideographs are of the 3,755 frequent ones,
    by chance about one in six is.
    """
    strange = Counter(_ASCII.sub("", text)[:_SAMPLE])  # some hundred, each many times
    is_usual = re.compile(_USUAL).match  # here: it takes ten milliseconds, and is seldom needed
    usual = {c: count for c, count in strange.items() if is_usual(c)}
    ideographs = {c: count for c, count in usual.items() if "\u4e00" <= c <= "\u9fff"}
    frequent = sum(count for c, count in ideographs.items() if _frequent(c))
    plain = sum(usual.values()) >= 0.9 * strange.total()
    return bool(strange) and plain and frequent >= 0.4 * sum(ideographs.values())


@lru_cache(maxsize=8192)
def _frequent(character: str) -> bool:
    lead, trail = character.encode("gb18030")[:2]
    return 0xB0 <= lead <= 0xD7 and trail >= 0xA1


def _binary(offset: int) -> Exception:
    return broken(f"第 {offset + 1} 字节处是二进制数据，不是文字", f"binary at byte {offset + 1}")


def _undecodable(data: bytes, offset: int) -> Exception:
    line = data.count(b"\n", 0, offset) + 1
    return broken(
        f"第 {line} 行（第 {offset + 1} 字节）既不是 UTF-8 也不是 GB18030 编码，请另存为 UTF-8",
        f"line {line} (byte {offset + 1}) is neither UTF-8 nor GB18030; save it as UTF-8",
    )
