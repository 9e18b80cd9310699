"""Web pages → Document: paragraphs, tables with their spans, pictures, metadata."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from auditor.model import Block, Document, Location, Observation
from auditor.readers._blocks import placed
from auditor.readers._characters import Decoded, Scrubber, decode
from auditor.readers.limits import Limits, Options, too_large

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

SUFFIXES = (".html", ".htm", ".shtml", ".shtm", ".xhtml", ".jsp", ".jspx", ".aspx", ".asp", ".php")

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_FAMILIES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "utf-16": "utf-8"}
# A tag with its attributes as a parser sees them: a quote only counts after an equals sign.
_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]*+)"
    r"((?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)*+)"
)
_ATTRIBUTE = re.compile(r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+")
_SEPARATORS = b" \n\t\r\f/="  # every attribute follows one, or the end of a value
# Elements that have no content or that the next of their kind closes: they do not nest.
_FLAT = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr "  # noqa: SIM905
    "p li dt dd option optgroup tr td th thead tbody tfoot colgroup rp rt".split()
)
_WORK = 200_000_000
_MANY = 20_000  # attributes of one tag that take a parser two seconds
_LONG_TAG = 400
_DECLARED = 4_096  # characters in which a page says what wrote it
_PROGRAMS = re.compile(
    r"<meta\s[^>]{0,40}(?:LibreOffice|OpenOffice|Excel\.Sheet|Microsoft Excel|WPS Spreadsheets)",
    re.IGNORECASE,
)
_FURTHER = ("下一页", "下页")
_ADDRESS = re.compile(r"\s*(?!#|javascript:|\s)[^#]", re.IGNORECASE)


def embedded(source: str) -> bytes:
    """The bytes of a picture that stands in the page itself; nothing is ever fetched."""
    from base64 import b64decode

    head, _, data = source.strip().partition(",")
    if not (head.startswith("data:image/") and head.endswith(";base64")):
        return b""
    try:
        return b64decode(data)
    except ValueError:
        return b""


def read(
    data: bytes, name: str, options: Options, pictures: Callable[[str], bytes] = embedded
) -> Document:
    """Blocks in reading order; `pictures` gives the bytes of a picture by its `src`, if it can.

    Raises DocumentError `broken`, `too-large`.
    """
    from selectolax.lexbor import LexborHTMLParser

    from auditor.readers._boxes import boxes_of
    from auditor.readers._hiding import hidden_in
    from auditor.readers._page import Page
    from auditor.readers._stored import stored

    decoded = decode(data, tolerant=True)
    text = decoded.text if "<" in decoded.text else f"<pre>{decoded.text}"
    guard(text, options.limits)
    parser = LexborHTMLParser(text)
    scrub = Scrubber()
    hidden, concealed, cells = hidden_in(parser, data, text)
    boxes = boxes_of(parser, text)
    page = Page(options.limits, scrub, pictures, hidden, boxes)
    book = _from_sheets(parser, text, hidden, options.limits, scrub, name)
    blocks, certain = book or (page.blocks(parser.body or parser.root, name), True)
    if concealed and not blocks:  # scripts will show it: there is nothing else to read
        page = Page(options.limits, scrub, pictures, frozenset(), boxes)
        blocks = page.blocks(parser.body or parser.root, name)
    more = stored(parser, text, blocks)
    if more:
        guard(more, options.limits)
        page, kept = Page(options.limits, scrub, pictures, frozenset()), LexborHTMLParser(more)
        blocks = placed((*blocks, *page.blocks(kept.body or kept.root, name)), name)
    seen = [
        *decoded.observed(name),
        *_declared_wrongly(data, decoded, name),
        *scrub.observed(name),
        *_cut(parser, text, name),
        *_concealed(name, concealed or bool(more), cells),
        *[Observation("struck-out", location=Location(name))] * page.struck,
    ]
    return Document(
        name,
        "html",
        blocks,
        _metadata(parser, scrub),
        tuple(seen),
        flattened=page.preformatted or not certain,
    )


def _from_sheets(
    parser: LexborHTMLParser,
    text: str,
    hidden: frozenset[int],
    limits: Limits,
    scrub: Scrubber,
    name: str,
) -> tuple[tuple[Block, ...], bool] | None:
    """The blocks of a page that a spreadsheet program wrote, and whether their order is known."""
    if _PROGRAMS.search(text[:_DECLARED]) is None:
        return None
    from auditor.readers._page_sheets import sheets_of
    from auditor.readers.sheet import arranged

    sheets = sheets_of(parser, hidden, limits)
    if sheets is None:
        return None
    blocks, _, certain = arranged(sheets, limits, scrub, name)
    return blocks, certain


def _cut(parser: LexborHTMLParser, text: str, name: str) -> list[Observation]:
    """That an article goes on at another address."""
    if not any(word in text for word in _FURTHER):
        return []
    links = [a for a in parser.css("a[href]") if a.text().strip(" >»›") in _FURTHER]
    further = any(_ADDRESS.match(a.attributes.get("href") or "") for a in links)
    return [Observation("cut-off", location=Location(name), detail="pages")] * further


def _concealed(name: str, hidden: bool, cells: bool) -> list[Observation]:
    """That something is not shown; `detail` says that rows or cells of a table are not."""
    detail = "table" if cells else ""
    return [Observation("hidden-content", location=Location(name), detail=detail)] * hidden


def guard(text: str, limits: Limits) -> None:
    """Refuse pages on which a parser would work for minutes.

    Parsers look through the open elements at every tag and through the attributes at every
    attribute: the work is the sum of the depths and of the squares. Raises DocumentError
    `too-large`.
    """
    tags = text.count("<")
    if tags > limits.nodes:
        raise too_large("标记数", "tags", tags, limits.nodes)
    attributes = 0
    if len(text) > 2 * _MANY:
        raw = text.encode("utf-8", "replace")
        attributes = len(raw) - len(raw.translate(None, _SEPARATORS))
    if tags * tags <= _WORK and attributes <= _MANY:
        return  # as on nearly every page: not even one tag could hold that much
    depth = work = 0
    for match in _TAG.finditer(text):
        slash, tag, given = match.groups()
        if tag.lower() not in _FLAT:
            depth = max(0, depth - 1) if slash else depth + 1
        if len(given) > _LONG_TAG:
            work += len(_ATTRIBUTE.findall(given)) ** 2
        work += depth
        if work > _WORK:
            raise too_large("解析步数", "steps of parsing", f"> {_WORK:,}", _WORK)


def _declared_wrongly(data: bytes, decoded: Decoded, name: str) -> list[Observation]:
    """The page says one encoding and is in another."""
    match = _CHARSET.search(data, 0, 4096)
    if match is None or data.isascii():
        return []
    declared = match[1].decode("ascii").lower()
    if _family(declared) == _family(decoded.encoding):
        return []
    detail = f"{declared} → {decoded.encoding}"
    return [Observation("encoding-declared-wrong", location=Location(name), detail=detail)]


def _family(encoding: str) -> str:
    try:
        known = codecs.lookup(encoding).name
    except LookupError:
        known = encoding
    return _FAMILIES.get(known, known)


def _metadata(parser: LexborHTMLParser, scrub: Scrubber) -> dict[str, str]:
    """`<meta name content>` by their own names, the first of each; `<title>` as `title`."""
    found: dict[str, str] = {}
    for node in parser.css("meta[name][content]"):
        given = node.attributes
        key, value = (scrub(given.get(k) or "").strip() for k in ("name", "content"))
        if key and value:
            found.setdefault(key, value)
    title = parser.css_first("title")
    if title is not None and (text := " ".join(scrub(title.text()).split())):
        found["title"] = text
    return found
