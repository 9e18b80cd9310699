"""The list of problems as a workbook: summary, all bodies, one sheet a body, files set aside."""

from __future__ import annotations

import io

from auditor.errors import Said, UsageError
from auditor.model import Batch
from auditor.own import MARK
from auditor.renderers import Options
from auditor.renderers._papers.items import rows
from auditor.renderers._papers.plain import clean
from auditor.renderers._papers.standing import set_aside, standings
from auditor.renderers._papers.voice import voice
from auditor.renderers._xlsx.book import Book, created
from auditor.renderers._xlsx.lists import all_sheet, body_sheet
from auditor.renderers._xlsx.names import sheet_name
from auditor.renderers._xlsx.summary import aside_sheet, summary_sheet, who

NAME = "xlsx"
SUFFIX = ".xlsx"

MOST_BODIES = 300  # sheets that a person still finds her way in; all are in the common list


def render(batch: Batch, options: Options) -> bytes:
    """The workbook. Raises UsageError where the library that writes it is not installed."""
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        said = Said(
            "写 .xlsx 需要安装：pip install 'auditor[office]'",
            "to write .xlsx install: pip install 'auditor[office]'",
        )
        raise UsageError(said) from error
    out = io.BytesIO()
    file = Workbook(out, {"in_memory": True, "strings_to_formulas": False,
                          "strings_to_urls": False, "strings_to_numbers": False})  # fmt: skip
    file.set_properties({"created": created(batch, options.as_of), "keywords": MARK})
    _fill(Book(file, voice(options.lang), {}), batch, options)
    file.close()
    return out.getvalue()


def _fill(book: Book, batch: Batch, options: Options) -> None:
    ranked = standings(batch.audits)
    found = [(s.audit, rows(s.audit, book.voice)) for s in ranked]
    taken: set[str] = set()
    summary = sheet_name(book.word("summary"), taken)
    first = book.file.add_worksheet(summary)
    every = book.file.add_worksheet(sheet_name(book.word("all"), taken))
    listed = found if len(found) <= MOST_BODIES else []
    bodies = [(a, i, sheet_name(who(a, book), taken)) for a, i in listed]
    links = {audit.report.source: name for audit, _, name in bodies}
    summary_sheet(first, book, batch, ranked, links, _subtitle(book, batch, options))
    all_sheet(every, book, found)
    for audit, items, name in bodies:
        body_sheet(book.file.add_worksheet(name), book, audit, items, summary)
    if set_aside(batch):
        aside_sheet(book.file.add_worksheet(sheet_name(book.word("aside"), taken)), book, batch)


def _subtitle(book: Book, batch: Batch, options: Options) -> str:
    first = batch.audits[0] if batch.audits else None
    rules = f"{clean(first.rules.id)} {clean(first.rules.version)}" if first else "–"
    day = book.voice.day(first.as_of if first else options.as_of)
    told = book.word("subtitle", day=day, rules=rules)
    if len(batch.audits) > MOST_BODIES:
        told += "　" + book.word("too_many", count=MOST_BODIES, sheet=book.word("all"))
    return told
