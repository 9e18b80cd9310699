"""Documents made in code: word-processor files from raw XML, grids of merged cells, their text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping

from hypothesis import strategies as st

from auditor.model import Document, Picture, Table, Text
from auditor.readers import read

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of named parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def document_xml(body: str) -> str:
    return f"{HEAD}<w:document {SPACES}><w:body>{body}</w:body></w:document>"


def docx(body: str, *, styles: str = "", numbering: str = "", **more: str | bytes) -> bytes:
    """A word-processor file around a body; `more` are further parts, `__` for `/`."""
    parts: dict[str, str | bytes] = {"word/document.xml": document_xml(body)}
    if styles:
        parts["word/styles.xml"] = f"{HEAD}<w:styles {SPACES}>{styles}</w:styles>"
    if numbering:
        parts["word/numbering.xml"] = f"{HEAD}<w:numbering {SPACES}>{numbering}</w:numbering>"
    parts |= {name.replace("__", "/"): content for name, content in more.items()}
    return packed(parts)


def p(*texts: str, props: str = "") -> str:
    """A paragraph with one run for each text."""
    runs = "".join(f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in texts)
    return f"<w:p>{f'<w:pPr>{props}</w:pPr>' if props else ''}{runs}</w:p>"


def tc(*paragraphs: str, props: str = "") -> str:
    """A cell; texts that are no markup become paragraphs."""
    inner = "".join(x if x.startswith("<") else p(x) for x in paragraphs or ("",))
    return f"<w:tc>{f'<w:tcPr>{props}</w:tcPr>' if props else ''}{inner}</w:tc>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def read_docx(body: str, **parts: str) -> Document:
    return read("x.docx", data=docx(body, **parts))


def read_html(page: str | bytes) -> Document:
    return read("x.html", data=page.encode() if isinstance(page, str) else page)


def texts(document: Document) -> list[str]:
    """Every paragraph with its automatic number; tables and pictures by their kind."""
    return [
        block.ordinal + block.text if isinstance(block, Text) else type(block).__name__
        for block in document.blocks
    ]


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def pictures(document: Document) -> list[Picture]:
    return [block for block in document.blocks if isinstance(block, Picture)]


def kinds(document: Document) -> list[str]:
    return [seen.kind for seen in document.observations]


def matrix(table: Table) -> list[list[str | None]]:
    """The text at every place of the grid; fails where two cells overlap or one sticks out."""
    grid: list[list[str | None]] = [[None] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                assert grid[row][column] is None
                grid[row][column] = cell.text
    return grid


Merged = list[tuple[int, int, int, int, str]]  # row, column, row span, column span, text


def reduced(cells: Merged) -> list[list[str | None]]:
    """What `matrix` ought to give: lines of the grid at which no cell begins are gone."""
    rows = max(c[0] + c[2] for c in cells)
    columns = max(c[1] + c[3] for c in cells)
    grid: list[list[int]] = [[-1] * columns for _ in range(rows)]
    for at, (row, column, down, across, _) in enumerate(cells):
        for r in range(row, row + down):
            grid[r][column : column + across] = [at] * across
    grid = [line for n, line in enumerate(grid) if n == 0 or line != grid[n - 1]]
    sideways = [list(line) for line in zip(*grid, strict=True)]
    sideways = [line for n, line in enumerate(sideways) if n == 0 or line != sideways[n - 1]]
    return [[cells[at][4] for at in line] for line in zip(*sideways, strict=True)]


def _rectangles(
    rows: int, columns: int, wanted: list[tuple[int, int, int, int]]
) -> Iterator[tuple[int, int, int, int]]:
    """The wanted rectangles as far as they are free, then single cells."""
    free = {(r, c) for r in range(rows) for c in range(columns)}
    for row, column, down, across in wanted:
        covered = {
            (r, c)
            for r in range(row, min(rows, row + down))
            for c in range(column, min(columns, column + across))
        }
        if covered and covered <= free:
            free -= covered
            yield row, column, min(rows - row, down), min(columns - column, across)
    yield from ((r, c, 1, 1) for r, c in free)


_WORDS = st.text(
    st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd", "Lo", "Sc", "Sm"]), max_size=5
)


@st.composite
def grids(draw: st.DrawFn) -> Merged:
    """Cells that tile a rectangle, in reading order, at least two; texts are all different."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    corner = st.tuples(
        st.integers(0, rows - 1), st.integers(0, columns - 1), st.integers(1, 4), st.integers(1, 4)
    )
    tiles = sorted(_rectangles(rows, columns, draw(st.lists(corner, max_size=6))))
    if len(tiles) < 2:
        tiles = [(0, 0, 1, 1), (0, 1, 1, 1)]
    return [(*tile, f"{n}、{draw(_WORDS)}") for n, tile in enumerate(tiles)]


def by_rows(cells: Merged) -> list[list[tuple[int, int, int, int, str]]]:
    """Cells by the row they begin in, empty rows included."""
    rows = max(c[0] + c[2] for c in cells)
    return [[c for c in cells if c[0] == row] for row in range(rows)]
