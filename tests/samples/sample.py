"""A sample report: what its source file says, and the figures that are printed in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
PRINTED: Mapping[str, Any] = yaml.safe_load((HERE / "forms.yaml").read_text(encoding="utf-8"))
COLUMNS: Mapping[str, str] = PRINTED["columns"]
OUTCOMES: Mapping[str, str] = PRINTED["outcomes"]
SECTIONS: Mapping[str, str] = PRINTED["sections"]
ORDINALS = dict(zip(SECTIONS, "一二三四五六", strict=True))
TABLES = ("disclosure", "applications", "disputes")
BLANKS = frozenset({"", "/", "-", "—", "无"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One report. `figures` hold what was meant, `cells` the text that is printed."""

    name: str
    source: Mapping[str, Any]
    figures: Mapping[str, int | Decimal]
    cells: Mapping[str, str]

    @property
    def form(self) -> str:
        """Which official form its tables follow."""
        return str(self.source["form"])

    @property
    def published(self) -> date:
        """The day of publication that it prints."""
        day: date = self.source["published"]
        return day

    @property
    def title(self) -> str:
        """The printed title."""
        usual = f"{self.source['subject']}{self.source['period']}年政府信息公开工作年度报告"
        return str(self.source.get("title", usual))

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections it prints, in their order."""
        return tuple(self.source.get("order", SECTIONS))

    @property
    def opening(self) -> list[str]:
        """The preface: one of the templates, or its own."""
        template = PREFACES[self.source["preface"]] if "preface" in self.source else ""
        own = self.source.get("opening", template)
        facts = {**self.source, "next": int(self.source["period"]) + 1}
        return [line.format_map(facts) for line in str(own).split("\n") if line.strip()]

    def heading(self, key: str) -> str:
        """A section's heading with its typed ordinal."""
        usual = f"{ORDINALS[key]}、{SECTIONS[key]}"
        return str(self.source.get("headings", {}).get(key, usual))

    def text(self, key: str) -> list[str]:
        """The paragraphs of a narrative section."""
        if key in TABLES:
            return []
        return [line for line in str(self.source[key]).split("\n") if line.strip()]


def rows(form: str) -> Iterator[str]:
    """The paths of the result rows of table three, (七) not included."""
    for key, label in PRINTED["forms"][form]["results"].items():
        if isinstance(label, str):
            if key != "total":
                yield f"applications.{key}"
        else:
            yield from (f"applications.{key}.{child}" for child in label["rows"])


def load(path: Path) -> Sample:
    """Read one source file and work out its cells."""
    return made(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))


def made(name: str, source: Mapping[str, Any]) -> Sample:
    """The sample that a source describes, with its cells worked out."""
    figures = {**_disclosure(source), **_applications(source), **_disputes(source)}
    cells = {path: str(value) for path, value in figures.items()}
    _drop(cells, source.get("missing_rows", ()))
    printed = {str(key): str(value) for key, value in source.get("printed", {}).items()}
    unknown = [key for key in _expanded(printed, cells) if key not in cells]
    if unknown:
        raise ValueError(f"{name}: no such cell {unknown}")
    cells.update(_expanded(printed, cells))
    return Sample(name, source, figures, cells)


def read(text: str, path: str) -> int | str | None:
    """What a printed cell says, for truth.json: None for a blank."""
    if text.strip() in BLANKS:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("件条万元")
    number = Decimal(plain.replace(",", ""))
    return str(number) if path.endswith(".amount") else int(number)


def _expanded(printed: Mapping[str, str], cells: Mapping[str, str]) -> dict[str, str]:
    """`applications.granted.*` stands for every cell below."""
    out: dict[str, str] = {}
    for key, value in printed.items():
        below = (
            [cell for cell in cells if cell.startswith(key[:-1])] if key.endswith("*") else [key]
        )
        out.update(dict.fromkeys(below, value))
    return out


def _drop(cells: dict[str, str], missing: list[str]) -> None:
    for row in missing:
        for path in [path for path in cells if path.startswith(row + ".")]:
            del cells[path]


def _disclosure(source: Mapping[str, Any]) -> dict[str, int | Decimal]:
    given = source.get("disclosure", {})
    out: dict[str, int | Decimal] = {}
    for block in PRINTED["forms"][source["form"]]["blocks"]:
        for row in block["rows"]:
            values = given.get(row, [0] * len(block["columns"]))
            for column, value in zip(block["columns"], values, strict=True):
                path = f"disclosure.{row}.{column}"
                out[path] = Decimal(str(value)) if column == "amount" else int(value)
    return out


def _applications(source: Mapping[str, Any]) -> dict[str, int | Decimal]:
    """Every row of table three; totals are worked out, and the form's own equation is checked."""
    given = dict(source.get("applications", {}))
    results = _results(source)
    table = {row: _take(given, row) for row in ("new", "carried_in", *results, "carried_out")}
    if given:
        raise ValueError(f"{source['subject']}: no such row {list(given)}")
    table["total"] = [sum(column) for column in zip(*(table[row] for row in results), strict=True)]
    signs = {"new": 1, "carried_in": 1, "total": -1, "carried_out": -1}
    for column in zip(
        *([sign * n for n in table[row]] for row, sign in signs.items()), strict=True
    ):
        if sum(column):
            raise ValueError(f"{source['subject']}: {column} is out of balance")
    return {
        f"applications.{row}.{column}": value
        for row, values in table.items()
        for column, value in zip(COLUMNS, [*values, sum(values)], strict=True)
    }


def _results(source: Mapping[str, Any]) -> list[str]:
    """The result rows, with undivided groups as one row each, without `applications.`."""
    out: list[str] = []
    for row in rows(source["form"]):
        group = row.rpartition(".")[0]
        name = f"{group}.undivided" if group in source.get("undivided", ()) else row
        if name not in out:
            out.append(name)
    return [row.removeprefix("applications.") for row in out]


def _take(given: dict[str, list[int]], row: str) -> list[int]:
    values = given.pop(row, [0] * 6)
    if len(values) != 6:
        raise ValueError(f"{row}: six columns, the total is worked out")
    return values


def _disputes(source: Mapping[str, Any]) -> dict[str, int | Decimal]:
    given = source.get("disputes", {})
    out: dict[str, int | Decimal] = {}
    for kind in ("review", "direct_litigation", "litigation_after_review"):
        values = given.get(kind, [0] * 4)
        for outcome, value in zip(OUTCOMES, [*values, sum(values)], strict=True):
            out[f"disputes.{kind}.{outcome}"] = int(value)
    return out


PREFACES: Mapping[str, str] = yaml.safe_load((HERE / "prefaces.yaml").read_text(encoding="utf-8"))
