"""Fuzzing of the readers: no crash, no hang, no number invented.

Usage: python benchmarks/fuzz.py READER [-runs=N] [-max_total_time=S] [any option of libFuzzer]
READER is one of those below. Guided by coverage where atheris is installed (it is not among the
project's dependencies); else the samples are changed at random, `-runs` times. Archives are
changed inside, where the reader looks, and sometimes as bytes. A crash leaves `crash-…` in the
working folder; replay it by naming the file.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic

try:
    import atheris
except ImportError:
    atheris = None

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["auditor.readers"]) if atheris else nullcontext():
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
        office,
        pdf,
        picture,
        read,
        sheet,
        text,
    )

from auditor.errors import DocumentError  # noqa: E402
from auditor.readers.limits import Limits  # noqa: E402
from auditor.readers.watch import watched  # noqa: E402
from auditor.rulebook.source import load_yaml  # noqa: E402
from tests.mutations import PARTS, changed_inside, invented, mutated, zipped  # noqa: E402
from tests.round_trip import LAYOUTS, drawn  # noqa: E402
from tests.workbooks import LAYOUTS as WORKBOOKS  # noqa: E402

SUFFIX = {"docx": ".docx", "html": ".html", "text": ".txt", "sheet": ".xlsx", "json": ".json",
          "yaml": ".yaml", "mht": ".mht", "archive": ".zip", "ods": ".ods", "xls": ".xls",
          "pdf": ".pdf", "picture": ".png", "office": ".doc"}  # fmt: skip
INSIDE = {"docx": PARTS["docx"], "sheet": PARTS["xlsx"], "ods": PARTS["ods"], "archive": ()}
EXACT = {"docx": "docx", "html": "html", "text": "text"}
LIMITS = Limits(size=2_000_000, unpacked=4_000_000, nodes=100_000, grid=300_000, scans=0)


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
    from tests.test_readers_mutated import SEEDS

    others = {"ods": "ods", "xls": "xls", "pdf": "pdf", "picture": "png"}
    if reader == "office":
        yield from (SEEDS["rtf"](), SEEDS["doc"]())
        return
    if reader in others:
        yield SEEDS[others[reader]]()
        return
    forms = {form.id: form for form in load_forms(ROOT / "schemas")}
    for name in layouts[reader]:
        sample = drawn(1)
        made = LAYOUTS[name].write(sample, forms[sample.form], random.Random(1))
        yield zipped({"a.html": made, "b/c.html": made}) if reader == "archive" else made


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
            self._opened(given)
        except DocumentError:
            self.refused += 1
        else:
            self.read += 1

    def _opened(self, given: bytes) -> None:
        if self.reader == "archive":
            opened = archive.Archive(given, LIMITS)
            for member in opened.members():
                opened.data(member.number)
        elif self.reader == "office":  # converting takes seconds: what decides about it
            office.checked(given, self.name, LIMITS)
        elif self.reader == "picture":
            list(picture.frames(given, replace(LIMITS, scans=9)))
        else:
            with watched(LIMITS):
                document = read(self.name, data=given, limits=LIMITS, load_yaml=load_yaml)
            kind = EXACT.get(self.reader, "")
            if kind == document.format and (number := invented(document, kind, given)):
                raise AssertionError(f"a number that is not there: {number}")


def main() -> None:
    """Fuzz one reader."""
    reader = sys.argv.pop(1)
    target = Target(reader)
    folder = Path(mkdtemp(prefix="fuzz-"))
    for number, seed in enumerate(seeds(reader)):
        (folder / f"{number}").write_bytes(seed)
    if atheris is None:
        at_random(reader, target, folder)
        return
    options = [sys.argv[0], "-timeout=20", "-rss_limit_mb=3000", *sys.argv[1:], str(folder)]

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        def by_coverage(part: bytes) -> bytes:
            return bytes(atheris.Mutate(part, most))

        made = changed_inside(data, INSIDE[reader], by_coverage, random.Random(seed))
        return made if len(made) <= most else data

    extra = {"custom_mutator": mutate} if reader in INSIDE else {}
    atheris.Setup(options, target, **extra)
    atheris.Fuzz()


def at_random(reader: str, target: Target, folder: Path) -> None:
    """Without the guide: so many changed samples, or one file again."""
    files = [Path(word) for word in sys.argv[1:] if not word.startswith("-")]
    for file in files:
        target(file.read_bytes())
    told = (word.removeprefix("-runs=") for word in sys.argv[1:] if word.startswith("-runs="))
    begun, whole = monotonic(), [path.read_bytes() for path in sorted(folder.iterdir())]
    for number in range(0 if files else int(next(told, "20000"))):
        rng = random.Random(number)

        def change(part: bytes, rng: random.Random = rng) -> bytes:
            return mutated(part, rng)

        given = rng.choice(whole)
        given = changed_inside(given, INSIDE.get(reader, ()), change, rng)
        try:
            target(given)
        except BaseException:
            Path(f"crash-{reader}-{number}").write_bytes(given)
            raise
    print(f"{reader}: {target.read} read, {target.refused} refused, {monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
