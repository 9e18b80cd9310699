"""All lines of a document as one string, masked where digits are no figures."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.binding.bound import Position
from auditor.binding.lexicon import Lexicon
from auditor.model import Text

LONGEST_NUMBER = 40
"""Digits of one glued run; longer ones are no figures."""

_ENDLESS = re.compile(rf"[0-9]{{{LONGEST_NUMBER + 1},}}")
MASK = "\ue000"
"""Stands for a digit that is text; neither word, digit nor white space."""

# Full-width commas are no thousands separators, circled digits are no digits.
_BEFORE = str.maketrans({"，": "、", "−": "-", "…": "·", "\r": " ", "\x0b": " ", "\x0c": " "})
_ENCLOSED = re.compile(
    "[\u00b2\u00b3\u00b9\u2070-\u209f\u2150-\u218b\u2460-\u24ff\u2776-\u2793"
    "\u3220-\u325f\u3280-\u32bf]"
)
_PAGE_MARK = re.compile(
    r"^[ \t]*[-–—―·•~]{1,3}[ \t]*[0-9]{1,4}[ \t]*[-–—―·•~]{1,3}[ \t]*$"
    r"|^[ \t]*[–—―][ \t]+[–—―][ \t]*$"
    r"|^[ \t]*https?://[^\s\u3400-\u9fff]{1,400}[ \t]*(?:[0-9]{1,4}/[0-9]{1,4})?[ \t]*$"
    r"|^[ \t]*[0-9]{1,4}[ \t]*/[ \t]*[0-9]{1,4}[ \t]*$"
    r"|第[ \t]*[0-9]{1,4}[ \t]*页(?:[ \t]*[,、/]?[ \t]*共[ \t]*[0-9]{1,4}[ \t]*页)?",
    re.MULTILINE,
)
_RULE_LINE = re.compile(
    r"^[ \t]*(?:\||(?=:?--))(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*$", re.MULTILINE
)
_BRACKETS = re.compile(r"\(([^()\n]{1,80}(?:\n[^()\n]{1,80})?)\)")
_FIGURES = re.compile(r"(?:[ \t]+[0-9][0-9,.]*){3,}[ \t]*$", re.MULTILINE)
_AFTER_NUMBER = re.compile(r"[0-9][^\W\d_]{0,2}[ \t]*\n?[ \t]*\Z")
_BESIDE_NUMBER = re.compile(r"[0-9][ \t]*\Z")
_CHINESE_NUMERALS = re.compile(r"[ \t]*[一二三四五六七八九十]{1,3}[ \t]*")
_TEXT_DIGITS = re.compile(
    r"[A-Za-z@][A-Za-z0-9@._/:-]*"
    r"|(?<![0-9])(?:[0-9]++[A-Za-z]+|[0-9]++(?:[-/:.][0-9]++){2,}|[0-9]++[:/][0-9]++"
    r"|[0-9]++(?:\.[0-9]++)?[ \t]*[%‰])"
    r"|第[ \t]*[0-9]+|[\[〔][ \t]*[0-9]+[ \t]*[\]〕]"
)
_ITEM = re.compile(r"(?<![0-9])([0-9]++)[ \t]*[.、][ \t]*(?=[^\W\d_])")
_WORD = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Flow:
    """All lines as one string, with the way back to the blocks; masked where digits are text."""

    text: str
    starts: tuple[int, ...]
    offsets: tuple[tuple[int, ...] | None, ...]
    originals: tuple[str, ...]
    notes: tuple[tuple[int, int], ...] = ()

    def place(self, at: int) -> Position:
        """The block and the offset in that block's original text."""
        block = max(0, bisect_right(self.starts, at) - 1)
        inside = at - self.starts[block]
        offsets = self.offsets[block]
        if offsets is not None:
            inside = offsets[min(inside, len(offsets) - 1)]
        return Position(block, min(inside, len(self.originals[block])))

    def printed(self, begin: int, end: int) -> str:
        """The original text between two places of one block; across blocks, line by line."""
        first, last = self.place(begin), self.place(end)
        if first.block == last.block:
            return self.originals[first.block][first.offset : last.offset]
        lines = [self.originals[first.block][first.offset :]]
        lines += self.originals[first.block + 1 : last.block]
        lines.append(self.originals[last.block][: last.offset])
        return "\n".join(lines)


def flow_of(blocks: Sequence[Text], lexicon: Lexicon) -> Flow:
    """The blocks' text as a flow: page marks and notes blanked out, digits in words masked."""
    return _masked(_flow(blocks), lexicon)


def _flow(blocks: Sequence[Text]) -> Flow:
    lines, starts, offsets, at = [], [], [], 0
    for block in blocks:
        normal, way = _normal(block.text)
        lines.append(normal)
        starts.append(at)
        offsets.append(way)
        at += len(normal) + 1
    originals = tuple(block.text for block in blocks)
    return Flow(
        "\n".join(lines), tuple(starts) or (0,), tuple(offsets) or (None,), originals or ("",)
    )


def _normal(text: str) -> tuple[str, tuple[int, ...] | None]:
    """NFKC, and where each character came from unless that is its own place."""
    plain = _ENCLOSED.sub(MASK, text.translate(_BEFORE))
    normal = unicodedata.normalize("NFKC", plain)
    if len(normal) == len(text):
        return normal, None
    parts = [unicodedata.normalize("NFKC", c) for c in plain]
    way = [i for i, part in enumerate(parts) for _ in part]
    return "".join(parts), (*way, len(text))


def _masked(flow: Flow, lexicon: Lexicon) -> Flow:
    text = _ENDLESS.sub(_digits_masked, flow.text)
    text = _RULE_LINE.sub(_blanked, _PAGE_MARK.sub(_blanked, text))
    text, notes = _without_notes(text, lexicon)
    text = _TEXT_DIGITS.sub(_digits_masked, text)
    text = _ITEM.sub(lambda match: _item_masked(match, lexicon), text)
    return Flow(text, flow.starts, flow.offsets, flow.originals, notes)


def _blanked(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _digits_masked(match: re.Match[str]) -> str:
    return _DIGIT.sub(MASK, match.group())


def _item_masked(match: re.Match[str], lexicon: Lexicon) -> str:
    """`2.` before a word is an item's number, also glued behind figures: 00000002. is 0 × 7."""
    digits, rest = match.group(1), match.group()[len(match.group(1)) :]
    follows = match.string[match.end() : match.end() + 2]
    ours = follows in lexicon.items.get(digits[-1], ())
    if len(digits) > 1 and (ours or (len(digits) > 2 and "." in rest)):
        return digits[:-1] + MASK + rest
    if ours or "." in rest or len(digits) < 3:
        return MASK * len(digits) + rest
    return match.group()


def _without_notes(text: str, lexicon: Lexicon) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Blank out bracketed notes behind numbers; figures in other brackets are text.

    A row of figures stands in no bracket: its label is only wrapped around it.
    """
    pieces: list[str] = []
    notes: list[tuple[int, int]] = []
    at = 0
    for match in _BRACKETS.finditer(text):
        instead = _bracket(match, lexicon)
        if instead is None:
            continue
        if instead.isspace():
            notes.append(match.span())
        pieces += [text[at : match.start()], instead]
        at = match.end()
    return "".join([*pieces, text[at:]]), tuple(notes)


def _bracket(match: re.Match[str], lexicon: Lexicon) -> str | None:
    inside = match.group(1)
    before = match.string[max(0, match.start() - 40) : match.start()]
    if "\n" in inside and _FIGURES.search(inside):
        return None
    if not _DIGIT.search(inside):
        known = _CHINESE_NUMERALS.fullmatch(inside) or inside.strip()[:2] in lexicon.openings
        note = not known and _BESIDE_NUMBER.search(before) and "\n" not in inside
        return _blanked(match) if note else None
    if _WORD.search(inside) and _AFTER_NUMBER.search(before):
        return _blanked(match)
    return _digits_masked(match)
