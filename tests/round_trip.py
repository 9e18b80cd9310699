"""The same report in every layout, read back: which cells are right, wrong or open.

A layout is a way to write a sample (`tests/samples`) as a file. Some are written by another
program (LibreOffice, Chromium) from one of the others, a whole batch with one start.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from auditor.errors import DocumentError
from auditor.form import Form
from auditor.model import Refusal, Report
from auditor.pipeline import Input, Settings, bind_document, read_document
from auditor.readers import read
from tests import flattened
from tests.workbooks import LAYOUTS as WORKBOOKS
from tests.workbooks import workbook

SAMPLES = Path(__file__).parent / "samples"
sys.path.insert(0, str(SAMPLES))

import as_data  # noqa: E402
import as_docx  # noqa: E402
import as_html  # noqa: E402
import as_text  # noqa: E402
from drawn import drawn  # noqa: E402
from sample import Sample  # noqa: E402
from sample import read as meant  # noqa: E402

Write = Callable[[Sample, Form, random.Random], bytes]


class Layout(NamedTuple):
    """`suffix` of the file and how it is written; `inherent` where digits cannot be told apart."""

    suffix: str
    write: Write
    inherent: bool = False


class Foreign(NamedTuple):
    """A layout that `program` writes from the one called `source`; `unread` in 100 may be open."""

    suffix: str
    source: str
    program: str = "libreoffice"
    renamed: str = ""
    unread: int = 1


@dataclass
class Tally:
    """Cells of one layout; `faults` say which were wrong or open."""

    documents: int = 0
    right: int = 0
    wrong: int = 0
    open: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, name: str, wrong: Sequence[str], unread: Sequence[str], cells: int) -> None:
        """Count one document."""
        self.documents += 1
        self.wrong += len(wrong)
        self.open += len(unread)
        self.right += cells - len(wrong) - len(unread)
        self.faults += [f"{name}: WRONG {fault}" for fault in wrong]
        self.faults += [f"{name}: open {path}" for path in unread]


def _html(style: str, encoding: str = "utf-8", **options: Any) -> Layout:
    return Layout(".html", lambda sample, *_: as_html.page(sample, style, encoding, **options))


def _docx(**options: Any) -> Layout:
    return Layout(".docx", lambda sample, *_: as_docx.document(sample, **options))


def _flat(layout: flattened.Layout, *, inherent: bool = False) -> Layout:
    def write(sample: Sample, form: Form, rng: random.Random) -> bytes:
        return layout(form, sample.cells, rng).encode()  # type: ignore[arg-type]

    return Layout(".txt", write, inherent)


def _workbook(layout: str) -> Layout:
    def write(sample: Sample, *_: Any) -> bytes:
        return workbook(read("x.docx", data=as_docx.document(sample)), layout)

    return Layout(".xlsx", write)


def _mht(sample: Sample, *_: Any) -> bytes:
    """A page saved whole by a browser: quoted-printable, in GB18030."""
    whole = MIMEMultipart("related", type="text/html")
    page = as_html.page(sample, "cms", "gb18030").decode("gb18030")
    whole.attach(MIMEText(page, "html", "gb18030"))
    return whole.as_bytes()


LAYOUTS: Mapping[str, Layout] = {
    "text: a cell a line": Layout(".txt", lambda sample, *_: as_text.lines(sample)),
    "text: from a PDF": Layout(".md", lambda sample, *_: as_text.pdf(sample)),
    "text: glued": Layout(".txt", lambda sample, *_: as_text.glued(sample), inherent=True),
    **{f"text: {name}": _flat(layout) for name, layout in flattened.LAYOUTS.items()},
    "text: glued, stray blanks": _flat(flattened.glued, inherent=True),
    "html: simple": _html("simple"),
    "html: cms, GB18030": _html("cms", "gb18030"),
    "html: simple, nowrap": _html("simple", nowrap=True),
    "html: style sheet": _html("simple", nowrap=True, sheet=True),
    "html: cms, nowrap": _html("cms", nowrap=True),
    "html: portal, UTF-16": _html("portal", "utf-16"),
    "mht: saved page": Layout(".mht", _mht),
    "docx: heading styles": _docx(headings="styled"),
    "docx: plain": _docx(headings="plain"),
    "docx: numbered by style": _docx(headings="auto"),
    "docx: numbered directly": _docx(headings="direct"),
    "docx: wide": _docx(headings="styled", wide=True),
    "docx: split tables": _docx(headings="plain", layout="split"),
    **{f"xlsx: {name}": _workbook(name) for name in WORKBOOKS},
    "json": Layout(".json", lambda sample, *_: as_data.as_json(_kinded(sample))),
    "yaml": Layout(".yaml", lambda sample, *_: as_data.as_yaml(_kinded(sample))),
}

# A PDF's cells in which a number is broken over lines are open by design, so that the sources of
# PDFs have columns wide enough for their numbers.
FOREIGN: Mapping[str, Foreign] = {
    "pdf: LibreOffice": Foreign(".pdf", "docx: wide"),
    "pdf: LibreOffice, no rules": Foreign(".pdf", "html: style sheet"),
    "pdf: Chromium, style sheet": Foreign(".pdf", "html: style sheet", "chromium"),
    "pdf: Chromium, simple": Foreign(".pdf", "html: simple, nowrap", "chromium"),
    "pdf: Chromium, cms": Foreign(".pdf", "html: cms, nowrap", "chromium"),
    "doc": Foreign(".doc", "docx: heading styles"),
    "wps (the .doc renamed)": Foreign(".doc", "docx: numbered directly", renamed=".wps"),
    "rtf": Foreign(".rtf", "docx: plain"),
    "odt": Foreign(".odt", "docx: numbered by style"),
    "ods": Foreign(".ods", "xlsx: spaced"),
    "xls": Foreign(".xls", "xlsx: merged"),
}


def _kinded(sample: Sample) -> Sample:
    from dataclasses import replace

    return replace(sample, source={**sample.source, "kind": "department", "level": "county"})


def samples(name: str, count: int, first: int) -> list[Sample]:
    """The samples of one layout. Text without a grid cannot show an empty cell: none has any."""
    flat = name.startswith("text:") or name.endswith("no rules")
    return [drawn(seed, blanks=not flat) for seed in range(first, first + count)]


def written(name: str, sample: Sample, settings: Settings) -> bytes:
    """One sample in one of our own layouts."""
    form = next(f for f in settings.forms if f.id == sample.form)
    return LAYOUTS[name].write(sample, form, random.Random(sample.name))


def tally(name: str, count: int, first: int, settings: Settings) -> Tally:
    """Write, read back and compare `count` samples of one layout."""
    found = Tally()
    drawn_ones = samples(name, count, first)
    for sample, path, data in _files(name, drawn_ones, settings):
        item = Input(path, data) if data is not None else Input(path)
        found.add(f"{name} {sample.name}", *compared(_bound(item, settings), sample))
    return found


def _files(
    name: str, drawn_ones: Sequence[Sample], settings: Settings
) -> Iterator[tuple[Sample, Path, bytes | None]]:
    with TemporaryDirectory() as folder:
        if name in LAYOUTS:
            for sample in drawn_ones:
                path = Path(folder) / (sample.name + LAYOUTS[name].suffix)
                path.write_bytes(written(name, sample, settings))
                yield sample, path, None
            return
        foreign = FOREIGN[name]
        made = {s.name: written(foreign.source, s, settings) for s in drawn_ones}
        paths = converted(made, LAYOUTS[foreign.source].suffix, foreign, Path(folder))
        if foreign.suffix in (".doc", ".rtf", ".odt"):
            from auditor.readers import prepare

            prepare((path, lambda most: None) for path in paths.values())
        for sample in drawn_ones:
            yield sample, paths[sample.name], None


def _bound(item: Input, settings: Settings) -> Report | Refusal:
    try:
        return bind_document(read_document(item), settings)
    except DocumentError as error:
        return Refusal(item.name, error.kind, error.said, unread=True)


def compared(report: Report | Refusal, sample: Sample) -> tuple[list[str], list[str], int]:
    """(wrong, open, cells). A printed blank is right only where it was noted as a blank."""
    if isinstance(report, Refusal):
        return [], [f"refused: {report.said.en}", *list(sample.cells)[1:]], len(sample.cells)
    blank = {o.path for o in report.observations if o.kind == "blank-cell"}
    wrong, unread = [], []
    for path, text in sample.cells.items():
        true, value = meant(text, path), _at(report.data, path)
        if value is None:
            if path in blank and true is not None:
                wrong.append(f"{path}: blank, printed {text!r}")
            elif true is not None or path not in blank:
                unread.append(path)
        elif true is None or Decimal(str(value)) != Decimal(str(true)):
            wrong.append(f"{path}: read {value}, printed {text!r}")
    return wrong, unread, len(sample.cells)


def _at(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data


def available(program: str) -> str | None:
    """The program's path, None where it is not installed."""
    names = {"libreoffice": ("soffice", "libreoffice"), "chromium": ("chromium", "chrome")}
    return next((found for name in names[program] if (found := shutil.which(name))), None)


def converted(
    made: Mapping[str, bytes], suffix: str, foreign: Foreign, folder: Path
) -> dict[str, Path]:
    """The files as another program writes them, by name."""
    program = available(foreign.program)
    if program is None:
        raise FileNotFoundError(foreign.program)
    (folder / "in").mkdir()
    out = folder / "out"
    out.mkdir()
    for name, data in made.items():
        (folder / "in" / f"{name}{suffix}").write_bytes(data)
    sources = sorted((folder / "in").iterdir())
    none = subprocess.DEVNULL
    if foreign.program == "chromium":
        for source in sources:
            subprocess.run(
                [program, "--headless", "--no-sandbox", "--disable-gpu",
                 f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer",
                 f"--print-to-pdf={out / source.stem}.pdf", source.as_uri()],
                timeout=120, stdout=none, stderr=none, check=True,
            )  # fmt: skip
    else:
        profile = (folder / "profile").as_uri()
        subprocess.run(
            [program, f"-env:UserInstallation={profile}", "--headless", "--norestore",
             "--convert-to", foreign.suffix.removeprefix("."), "--outdir", str(out),
             *map(str, sources)],
            timeout=60 + 15 * len(sources), stdout=none, stderr=none, check=True,
        )  # fmt: skip
    found = {}
    for source in sources:
        path = out / f"{source.stem}{foreign.suffix}"
        if foreign.renamed:
            path = path.rename(path.with_suffix(foreign.renamed))
        found[source.stem] = path
    return found
