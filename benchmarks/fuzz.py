"""Coverage-guided fuzzing of the readers: no crash, no hang, no number invented.

Usage: python benchmarks/fuzz.py READER [-runs=N] [-max_total_time=S] [any option of libFuzzer]
READER is one of those below. Needs atheris (not among the project's dependencies). The inputs
begin with samples of the project; archives are changed inside, where the reader looks, and
sometimes as bytes. A crash leaves `crash-…` in the working folder; replay it by naming the file.
"""

from __future__ import annotations

import html as entities
import io
import random
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["auditor.readers"]):
    from auditor.readers import (  # noqa: F401
        _blocks,
        _characters,
        _flow,
        _package,
        _page,
        _story,
        _styles,
        _workbook,
        archive,
        data,
        docx,
        html,
        mht,
        read,
        sheet,
        text,
    )

from auditor.errors import DocumentError  # noqa: E402
from auditor.model import Document, Picture, Table  # noqa: E402
from auditor.readers.limits import Limits  # noqa: E402
from auditor.rulebook.source import load_yaml  # noqa: E402
from tests.round_trip import LAYOUTS, drawn  # noqa: E402
from tests.workbooks import LAYOUTS as WORKBOOKS  # noqa: E402

SUFFIX = {"docx": ".docx", "html": ".html", "text": ".txt", "sheet": ".xlsx", "json": ".json",
          "yaml": ".yaml", "mht": ".mht", "archive": ".zip"}  # fmt: skip
PARTS = {
    "docx": ("word/document.xml", "word/styles.xml", "word/numbering.xml"),
    "sheet": ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"),
    "archive": (),
}
NUMBER = re.compile("[0-9]+")
TAG = re.compile(r"<[^<>]*>")
LIMITS = Limits(size=2_000_000, unpacked=4_000_000, nodes=100_000, grid=300_000)


def seeds(reader: str) -> Iterator[bytes]:
    """Small real documents to begin with."""
    layouts = {
        "docx": [n for n in LAYOUTS if n.startswith("docx")],
        "html": [n for n in LAYOUTS if n.startswith("html")],
        "text": [n for n in LAYOUTS if n.startswith("text") and not LAYOUTS[n].inherent],
        "sheet": [f"xlsx: {name}" for name in WORKBOOKS],
        "json": ["json"], "yaml": ["yaml"], "mht": ["mht: saved page"],
        "archive": ["html: simple"],
    }  # fmt: skip
    from auditor.schema import load_forms

    forms = {form.id: form for form in load_forms(ROOT / "schemas")}
    for name in layouts[reader]:
        sample = drawn(1)
        made = LAYOUTS[name].write(sample, forms[sample.form], random.Random(1))
        yield zipped({"a.html": made, "b/c.html": made}) if reader == "archive" else made


def zipped(parts: dict[str, bytes]) -> bytes:
    """A plain archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return buffer.getvalue()


def changed_inside(reader: str, whole: bytes, most: int, seed: int) -> bytes:
    """One part of an archive mutated; now and then the bytes of the archive itself."""
    rng = random.Random(seed)
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as opened:
            parts = {name: opened.read(name) for name in opened.namelist()}
    except Exception:  # noqa: BLE001 - no archive any more: go on with its bytes
        return bytes(atheris.Mutate(whole, most))
    names = [name for name in PARTS[reader] if name in parts]
    if not names or rng.random() < 0.1:
        return bytes(atheris.Mutate(whole, most))
    name = rng.choice(names)
    parts[name] = bytes(atheris.Mutate(parts[name], most))
    made = zipped(parts)
    return made if len(made) <= most else whole


def source_of(kind: str, given: bytes) -> str:
    """All text of a document of a kind, tags included: what may come out of it."""
    if kind != "docx":
        return _characters.decode(given, tolerant=True).text
    package = _package.Package(given, LIMITS)
    return "\n".join(package.safe(name).decode("utf-8", "replace") for name in PARTS[kind])


def digits(text: str) -> str:
    """The digits of a text with nothing between them."""
    return "".join(NUMBER.findall(unicodedata.normalize("NFKC", entities.unescape(text))))


def shown(document: Document) -> Iterator[str]:
    """Every text of every cell; and paragraphs, but for pages, where torn tags glue them."""
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (cell.text for cell in block.cells)
        elif not isinstance(block, Picture) and document.format != "html":
            yield block.text


def invented(document: Document, given: bytes) -> str:
    """A number that the document does not hold, digit after digit; `` where there is none."""
    if document.format in ("docx", "html", "text"):
        source = source_of(document.format, given)
        there = {digits(source), digits(TAG.sub("", source))}
        for text in shown(document):
            for number in NUMBER.findall(unicodedata.normalize("NFKC", text)):
                if not (any(number in one for one in there) or glued(number, source)):
                    return number
    return ""


def glued(number: str, source: str) -> bool:
    """Whether two runs of the source make the number: a torn tag swallows what parts them."""
    runs = set(NUMBER.findall(unicodedata.normalize("NFKC", source)))
    return any(number[:at] in runs and number[at:] in runs for at in range(1, len(number)))


class Target:
    """What the fuzzer calls; counts what came of it."""

    def __init__(self, reader: str) -> None:
        self.reader = reader
        self.name = f"x{SUFFIX[reader]}"
        self.read = self.refused = 0

    def __call__(self, given: bytes) -> None:
        """One input. Anything but a refusal is a fault."""
        if (done := self.read + self.refused) and done % 1_000 == 0:
            print(f"{self.reader}: {self.read} read, {self.refused} refused", flush=True)
        try:
            if self.reader == "archive":
                opened = archive.Archive(given, LIMITS)
                for member in opened.members():
                    opened.data(member.number)
                self.read += 1
                return
            document = read(self.name, data=given, limits=LIMITS, load_yaml=load_yaml)
        except DocumentError:
            self.refused += 1
            return
        self.read += 1
        if number := invented(document, given):
            raise AssertionError(f"a number that is not there: {number}")


def main() -> None:
    """Fuzz one reader."""
    reader = sys.argv.pop(1)
    target = Target(reader)
    folder = Path(mkdtemp(prefix="fuzz-"))
    for number, seed in enumerate(seeds(reader)):
        (folder / f"{number}").write_bytes(seed)
    options = [sys.argv[0], "-timeout=20", "-rss_limit_mb=3000", *sys.argv[1:], str(folder)]

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return changed_inside(reader, data, most, seed)

    extra = {"custom_mutator": mutate} if reader in PARTS else {}
    atheris.Setup(options, target, **extra)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
