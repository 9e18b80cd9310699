"""Which form a document follows, or why it is not audited at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.binding.bound import BoundTable, Position, State
from auditor.binding.grid import bind_grid
from auditor.binding.head import Head
from auditor.binding.numbers import is_numeric
from auditor.binding.patterns import matches, normal
from auditor.binding.sections import Sections
from auditor.errors import Said
from auditor.form import Form
from auditor.model import Document, Identity, Picture, Refusal, Table, Text
from auditor.text import compact, plain

Identities = Callable[[Form], Sequence[Identity]]
_CERTAIN = 0.95
_LITTLE = 200  # characters: a text with less around its pictures is no more than a cover
_AMISS = frozenset(("row-missing", "row-extra", "cell-missing", "label-changed", "group-undivided"))
_CELL = 3.0
_FEW = 10


@dataclass(frozen=True, slots=True)
class Bound:
    """The tables of one form as found in a document; `aligned` are the keys without a grid."""

    form: Form
    tables: Mapping[str, BoundTable]
    aligned: frozenset[str] = frozenset()

    @property
    def score(self) -> float:
        """How well the form fits: comparable between forms of one document."""
        grid = sum(t.score * _CELL for k, t in self.tables.items() if k not in self.aligned)
        return grid + sum(t.score for k, t in self.tables.items() if k in self.aligned)

    @property
    def share(self) -> float:
        """Which part of the required cells was found."""
        total = len(self.form.required_fields)
        return sum(len(t.cells) for t in self.tables.values()) / total if total else 0.0

    @property
    def legible(self) -> float:
        """Which part of the required cells was not only found but read."""
        total = len(self.form.required_fields)
        cells = (c for t in self.tables.values() for c in t.cells.values())
        return sum(c.state is not State.OPEN for c in cells) / total if total else 0.0

    @property
    def perfect(self) -> bool:
        """Whether every cell was found and no row or column is amiss: no other form can be."""
        kinds = {o.kind for t in self.tables.values() for o in t.observations}
        return self.share == 1 and not kinds & _AMISS


def best_form(document: Document, forms: Sequence[Form], identities: Identities) -> Bound | None:
    """The audited form that fits best, with its tables; None where there is no such form."""
    tables = [(i, b) for i, b in enumerate(document.blocks) if isinstance(b, Table)]
    bound: list[Bound] = []
    for form in sorted(forms, key=lambda f: -f.first_year):
        bound.append(Bound(form, {t.key: t for t in bind_grid(tables, form)}))
        if bound[-1].perfect:
            return bound[-1]
    whole = [b for b in bound if b.share >= _CERTAIN and len(b.tables) == len(b.form.tables)]
    if not whole and _may_hold_tables(document, bound):
        bound = [_with_text(document, b, identities) for b in bound]
    return max(whole or bound, key=lambda b: b.score, default=None)


def _may_hold_tables(document: Document, bound: Sequence[Bound]) -> bool:
    """Whether tables may stand in running text: no grid at all, or numbers on their own."""
    if document.flattened or not any(b.tables for b in bound):
        return True
    texts = (b.text for b in document.blocks if isinstance(b, Text))
    parts = (part for text in texts for part in text.replace("|", " ").split())
    return sum(map(is_numeric, parts)) >= _FEW


def _with_text(document: Document, bound: Bound, identities: Identities) -> Bound:
    """The same with the tables that stand in running text, by alignment."""
    if len(bound.tables) == len(bound.form.tables):
        return bound
    from auditor.binding.align import align

    indexes = [i for i, b in enumerate(document.blocks) if isinstance(b, Text)]
    texts = [b for b in document.blocks if isinstance(b, Text)]
    found = {}
    for table in align(texts, bound.form, identities(bound.form)):
        if table.key not in bound.tables and table.score > 0 and table.cells:
            found[table.key] = _moved(table, indexes)
    return Bound(bound.form, {**bound.tables, **found}, frozenset(found))


def _moved(table: BoundTable, indexes: Sequence[int]) -> BoundTable:
    """Positions among the texts → positions among all blocks."""

    def real(at: Position | None) -> Position | None:
        return None if at is None else Position(indexes[at.block], at.offset)

    return replace(table, begin=real(table.begin), end=real(table.end))


def refusal(
    document: Document,
    forms: Sequence[Form],
    bound: Bound,
    sections: Sections,
    head: Head,
) -> Refusal | None:
    """Why a document is not audited; None where it is a report of the bound form."""
    if _is_template(bound, sections, head):
        return _refused(document, "template")
    if bound.tables:
        return None
    early = _early(document, forms, head)
    if early is not None:
        return early
    titled = _titled(document, bound.form, head)
    substance = sections.read or any(isinstance(b, Picture) for b in document.blocks)
    if titled and substance:
        return None
    if _is_pictured(document):
        said = _REFUSED["unrecognised"]
        return Refusal(document.source, "unrecognised", said, unread=True)
    return _refused(document, "not-a-report")


def _is_pictured(document: Document) -> bool:
    """Whether all that it says was read from pictures, or would have to be."""
    if any(o.kind == "recognised" and o.location.line is None for o in document.observations):
        return True
    text = sum(len(b.text) for b in document.blocks if isinstance(b, Text))
    kinds = {type(block) for block in document.blocks}
    return Picture in kinds and Table not in kinds and text < _LITTLE


def _titled(document: Document, form: Form, head: Head) -> bool:
    """Whether the document calls itself a report of this kind."""
    texts = [head.title or "", *(document.metadata.values())]
    patterns = form.match.get("title", ())
    return any(matches(p, normal(t)) for p in patterns for t in texts if t)


def _early(document: Document, forms: Sequence[Form], head: Head) -> Refusal | None:
    """A report of a form that is known only to be refused."""
    for form in forms:
        covered = head.period is not None and form.covers(head.period)
        if form.refuse is not None and covered and _titled(document, form, head):
            return Refusal(document.source, "old-form", form.refuse)
    return None


def _is_template(bound: Bound, sections: Sections, head: Head) -> bool:
    """The blank form: no figure anywhere, and its own words instead of a body and a year."""
    cells = [c for t in bound.tables.values() for c in t.cells.values()]
    if any(cell.state is not State.BLANK for cell in cells):
        return False
    phrases = bound.form.match.get("template", ())
    texts = [plain(s.text) for s in sections.found.values() if s.text]
    told = [plain(p) for p in phrases]
    title = compact(head.title or "") + "".join(compact(p.text) for p in sections.head[:5])
    marked = any(compact(p) in title for p in phrases) or any(
        t.startswith(p) for t in texts for p in told
    )
    nameless = head.subject.name is None and head.period is None
    return bool(cells or texts) and (marked or (bool(cells) and nameless and not any(texts)))


_REFUSED = {
    "template": Said(
        "这是空白的格式模板，没有数据。请提交填写完成的报告。",
        "This is the blank form, without data. Submit the report that was filled in.",
    ),
    "unrecognised": Said(
        "未能读取：文件是扫描件或图片，没有识别出报告的表格和标题，可能不清晰、歪斜过大或缺页。"
        "请提供原始的 Word、网页或带文字的 PDF 文件，或重新扫描（300 dpi）；"
        '未安装文字识别组件的，请先安装：pip install "auditor[ocr]"。',
        "It could not be read: it is a scan or pictures, and no table or heading of a report was "
        "recognised; it may be unclear, too far askew or incomplete. Give the original Word, web "
        "or text PDF file, or scan it again (300 dpi); where the extra that reads pictures is "
        'not installed, install it: pip install "auditor[ocr]".',
    ),
    "not-a-report": Said(
        "没有找到任何一种表式的表格和标题，这不像是要审核的报告。请核对文件；"
        "若确是报告，请提供原始的 Word、网页或带文字的 PDF 文件。",
        "No table or heading of any known form was found: this does not look like a report. "
        "Check the file; if it is a report, give the original Word, web or text PDF file.",
    ),
}


def _refused(document: Document, kind: str) -> Refusal:
    return Refusal(document.source, kind, _REFUSED[kind])
