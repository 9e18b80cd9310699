"""Plain text and Markdown → Document: one block a line, no grid but that of tables in markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from auditor.model import Block, Document, Location, Table, Text
from auditor.own import MADE, MARK, made_here, own_output, shown_here
from auditor.readers._characters import Scrubber, controls, decode
from auditor.readers.limits import Options, broken, too_large

SUFFIXES = (".txt", ".text", ".md", ".markdown")

_LINE_END = re.compile("\r\n|\n|\r")
_SOFT_BREAK = re.compile("[\f\v\u2028\u2029]")


def read(data: bytes, name: str, options: Options) -> Document:
    """A flattened document whose blocks know their line.

    Raises DocumentError: `broken` (binary, no known encoding), `too-large` (too many lines).
    """
    decoded = decode(data, tolerant=True)
    text = decoded.text
    if controls(text) * 5 > len(text):
        raise broken("含有大量控制字符，不是文字", "mostly control characters, not text")
    count = len(_LINE_END.findall(text)) + 1
    if count > options.limits.lines:
        raise too_large("行数", "lines", count, options.limits.lines)
    scrub = Scrubber()
    blocks = _sheet(text, name, options, scrub)
    blocks = blocks or tuple(_gathered(list(_blocks(text, name, options, scrub)), name))
    seen = (*decoded.observed(name), *scrub.observed(name))
    if shown_here(text):
        raise own_output()
    made = {MADE: MARK} if made_here(text) else {}
    return Document(name, "text", blocks, metadata=made, observations=seen, flattened=True)


def _sheet(text: str, name: str, options: Options, scrub: Scrubber) -> tuple[Block, ...]:
    """A sheet saved as text, laid out as one; nothing where the text is none."""
    from auditor.readers._markdown import in_columns, values

    rows = values(text)
    if not rows:
        return ()
    from auditor.readers._blocks import Budget
    from auditor.readers._calamine import Sheet
    from auditor.readers._layout import Layout, with_line

    budget = Budget(options.limits)
    budget.spend(len(rows) * len(rows[0]))
    sheet = Sheet(1, "", False, 0, 0, rows, [])
    blocks = tuple(Layout(sheet, budget, scrub).blocks(name))
    if not all(in_columns(block) for block in blocks if isinstance(block, Table)):
        return ()
    return tuple(with_line(block, block.location.row) for block in blocks)


def _blocks(text: str, name: str, options: Options, scrub: Scrubber) -> Iterator[Block]:
    """The lines, and the tables that stand among them in markup."""
    from auditor.readers._markdown import separated, tables_in, without_frames

    text = separated(text) if max(map(text.count, ",;")) > 50 else text
    text = without_frames(text) if "|" in text else text
    begin, number = 0, 1
    spans = list(tables_in(text)) if "</t" in text.lower() else []
    for start, stop in (*spans, (len(text), len(text))):
        part = text[begin:start]
        yield from _lines(part, name, number, scrub)
        number += len(_LINE_END.findall(part))
        if stop > start:
            yield from _marked_up(text[start:stop], name, number, options)
            number += len(_LINE_END.findall(text[start:stop]))
        begin = stop


def _lines(text: str, name: str, first: int, scrub: Scrubber) -> Iterator[Text]:
    from auditor.readers._markdown import plain_line

    for number, line in enumerate(_LINE_END.split(text), first):
        for part in _SOFT_BREAK.split(line):
            for piece in plain_line(part).split("\n"):
                if clean := scrub(piece).rstrip():
                    yield Text(clean, Location(name, line=number))


def _marked_up(markup: str, name: str, number: int, options: Options) -> Iterator[Block]:
    from auditor.readers import html

    for block in html.read(markup.encode(), name, options).blocks:
        yield replace(block, location=Location(name, line=number))


def _gathered(blocks: Sequence[Block], name: str) -> Iterator[Block]:
    """The same with rows between bars as tables where they repeat merged cells; all numbered."""
    from auditor.readers._markdown import boxed, is_row, repeated

    tables = 0
    for between, run in groupby(blocks, lambda b: isinstance(b, Text) and is_row(b.text)):
        several = list(run)
        lines = [b.text for b in several if isinstance(b, Text)] if between else []
        whole = boxed(lines) or repeated(lines) if lines else None
        for block in (replace(whole, location=several[0].location),) if whole else several:
            if isinstance(block, Table):
                tables += 1
                at = Location(name, line=block.location.line, table=tables)
                yield replace(block, location=at)
            else:
                yield block
