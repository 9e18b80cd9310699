"""The numbers of a document in reading order, and what stands between and beside them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import merge
from itertools import islice

from auditor.binding.flow import LONGEST_NUMBER, MASK, Flow, flow_of
from auditor.binding.lexicon import Lexicon
from auditor.model import Text
from auditor.text import plain

MOST_NUMBERS = 2000
"""Numbers of a document that are looked at: a report prints some 200 in its tables."""

_ROW_LINE = re.compile(r"^[ \t]*\|[^\n]*\|[ \t]*$|^(?=[^\n\t]*\t[^\n\t]*\t)[^\n|]*$", re.MULTILINE)
_NOTHING = re.compile(r"(?<![^\n|\t ])(?:/|-|—|–|--|——|无|空)(?![^\n|\t ])")
_NUMBER = re.compile(
    r"-?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|" + _NOTHING.pattern
)
_NUMBERING = re.compile(rf"\(?[一二三四五六七八九十]{{1,3}}[)、.]|[0-9{MASK}][.、](?=[^\W\d_])")
_PARTED = re.compile(r"、[0-9]{3}(?![0-9])")  # a full-width comma, which may part thousands
_PARTING = re.compile(r"[0-9]、\Z")
_WORD = re.compile(r"[^\W\d_]")
_NO_WORD = re.compile(r"[\W\d_]+")
_MARK = re.compile(r"(?<![^\s|0-9])[^\W\d_]{1,2}\Z")
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number, or a printed sign for none (`value` is None).

    `cell` counts lines and pipe cells, so that two numbers of one cell have the same; `loose`
    is set where unknown words follow directly, as in narrative; `several` where a leading zero
    or a full-width comma says that these may be several numbers, or parts of one; `marked` where a
    short word in its cell, such as one for more or less, may change its meaning.
    """

    value: int | Decimal | None
    text: str
    begin: int
    end: int
    line: int
    cell: int
    unit: str = ""
    note: str = ""
    loose: bool = False
    several: bool = False
    normalised: bool = False
    marked: bool = False

    @property
    def digits(self) -> int:
        """How many digits are printed."""
        return sum(c.isdigit() for c in self.text)


@dataclass(frozen=True, slots=True)
class Stream:
    """The numbers of a flow in reading order.

    `runs[i]` is the index at which the run of number i starts: numbers of one run have no word
    between them. `words[i]` counts the letters between number i and the one before.
    """

    flow: Flow
    numbers: tuple[Number, ...]
    runs: tuple[int, ...]
    ends: tuple[int, ...]
    words: tuple[int, ...]

    def before(self, index: int) -> tuple[int, int]:
        """The stretch of text between a number and the one before it."""
        begin = self.numbers[index - 1].end if index else 0
        return begin, self.numbers[index].begin


def around(stream: Stream, first: int, last: int) -> str:
    """The text of some numbers, with what stands before the first."""
    begin, end = stream.before(first)
    return stream.flow.text[max(begin, end - 600) : stream.numbers[last - 1].end]


def stream_of(blocks: Sequence[Text], lexicon: Lexicon) -> Stream:
    """Read the blocks' text as a stream of numbers."""
    flow = flow_of(blocks, lexicon)
    found = list(_without_narrative(flow, list(_numbers(flow, lexicon))))[:MOST_NUMBERS]
    words = tuple(_words_between(flow, found))
    runs: list[int] = []
    for index, count in enumerate(words):
        runs.append(index if count or not index else runs[-1])
    ends = [0] * len(found)
    for index in range(len(found) - 1, -1, -1):
        last = index + 1 == len(found) or runs[index + 1] == index + 1
        ends[index] = index + 1 if last else ends[index + 1]
    return Stream(flow, tuple(found), tuple(runs), tuple(ends), words)


def _numbers(flow: Flow, lexicon: Lexicon) -> Iterator[Number]:
    """Every printed number that is not text, with its surroundings."""
    text, line, cell, at = flow.text, 0, 0, 0
    found = (match.span() for match in islice(_NUMBER.finditer(text), MOST_NUMBERS * 20))
    for begin, end in merge(found, _empty_cells(text, lexicon)):
        line += text.count("\n", at, begin)
        cell += text.count("\n", at, begin) + text.count("|", at, begin)
        at = begin
        if end - begin <= LONGEST_NUMBER:
            yield from _number(flow, (begin, end), line, cell, lexicon)


def _empty_cells(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Empty cells of a row between bars or tabs, if it has just as many as a row of the form.

    More cells than that are padding; an empty last cell behind figures may be padding too.
    """
    for match in _ROW_LINE.finditer(text):
        bar = "|" if match.group().lstrip()[0] == "|" else "\t"
        begin, end = match.span()
        if bar == "|":
            begin, end = text.index(bar, begin, end) + 1, text.rindex(bar, begin, end)
        cells = text[begin:end].split(bar)
        for index in _empty_places(cells, lexicon, named=bar == "\t"):
            at = begin + sum(len(cell) + 1 for cell in cells[:index])
            yield at, at


def _empty_places(cells: Sequence[str], lexicon: Lexicon, *, named: bool) -> list[int]:
    """Which cells of a row are printed empty; none where that is not certain."""
    size = 0
    while size < len(cells) and not _WORD.search(cells[-1 - size]):
        size += 1
    tail = cells[len(cells) - size :]
    label = plain(cells[-1 - size]) if size < len(cells) else ""
    figures = any(cell.strip() for cell in tail)
    whole = bool(size and tail[-1].strip()) if figures else label in lexicon.rows
    if size not in lexicon.sizes or not whole or (named and not label):
        return []
    return [i for i in range(len(cells) - size, len(cells)) if not cells[i].strip()]


def _number(
    flow: Flow, span: tuple[int, int], line: int, cell: int, lexicon: Lexicon
) -> Iterator[Number]:
    begin, end = span
    token = flow.text[begin:end]
    if not _DIGIT.search(token):
        if _ends(flow.text, end, lexicon):
            yield Number(None, token, begin, end, line, cell)
        return
    if token[0] == "-" and not (lexicon.signed and _sign(flow.text, begin)):
        token, begin = token[1:], begin + 1
    unit, behind = _unit(flow.text, end, lexicon)
    digits = token.lstrip("-").replace(",", "")
    whole = "." not in digits
    yield Number(
        value=int(token.replace(",", "")) if whole else Decimal(token.replace(",", "")),
        text=token,
        begin=begin,
        end=end + len(unit) if unit else end,
        line=line,
        cell=cell,
        unit=unit.strip(),
        note=_note(flow, end + len(unit)),
        loose=not behind,
        several=(len(digits) > 1 and digits[0] == "0" and digits[1] != ".")
        or _PARTED.match(flow.text, end) is not None
        or _PARTING.search(flow.text, max(0, begin - 4), begin) is not None,
        normalised=flow.printed(begin, end) != token or "," in token,
        marked=_marked(flow.text, begin, lexicon),
    )


def _marked(text: str, begin: int, lexicon: Lexicon) -> bool:
    """Whether one or two letters that are no piece of a label stand before a number."""
    match = _MARK.search(text, max(0, begin - 3), begin)
    return match is not None and not any(match.group() in row for row in lexicon.rows)


def _sign(text: str, at: int) -> bool:
    """A hyphen starts a negative number, unless it belongs to a word or another sign."""
    return (
        at == 0
        or text[at - 1].isspace()
        or text[at - 1] in "|0123456789"
        or bool(_WORD.match(text[at - 1]))
    )


def _unit(text: str, end: int, lexicon: Lexicon) -> tuple[str, bool]:
    """The unit that is printed behind a number, and whether the number ends properly there."""
    if _ends(text, end, lexicon):
        return "", True
    at = _past_blanks(text, end)
    for length in (1, 2):
        unit = text[at : at + length]
        if len(_NO_WORD.sub("", unit)) < length:
            break
        if _ends(text, at + length, lexicon):
            return text[end : at + length], True
    return "", False


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\u200b":
        at += 1
    return at


def _ends(text: str, at: int, lexicon: Lexicon) -> bool:
    """Whether a cell may end here: at its border, before another number or a known label."""
    at = _past_blanks(text, at)
    if at >= len(text) or text[at] in "\n|-0123456789" or _NOTHING.match(text, at):
        return True
    if text.startswith(",\n", at):  # a figure broken behind its mark for thousands
        return True
    return bool(_NUMBERING.match(text, at)) or text[at : at + 2] in lexicon.openings


def _note(flow: Flow, end: int) -> str:
    """The bracketed note behind a number, on its line or the next."""
    index = bisect_right(flow.notes, (end, 0))
    for begin, behind in flow.notes[max(0, index - 1) : index + 1]:
        if end <= begin < end + LONGEST_NUMBER and not flow.text[end:begin].strip():
            return flow.printed(begin, behind)
    return ""


def _words_between(flow: Flow, found: Sequence[Number]) -> Iterator[int]:
    at = 0
    for number in found:
        yield len(_NO_WORD.sub("", flow.text[at : number.begin]))
        at = number.end


def _without_narrative(flow: Flow, found: Sequence[Number]) -> Iterator[Number]:
    """Drop a number that stands alone in running text: words before, unknown words behind."""
    at = 0
    for number in found:
        alone = number.loose and bool(_WORD.search(flow.text, at, number.begin))
        if not (alone and number.digits < 7):
            yield number
            at = number.end
        else:
            at = number.begin
