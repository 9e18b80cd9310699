"""Where the members of JSON and YAML stand: exact line and character, as people count them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.corpus import audit_all
from auditor.gather import Input
from auditor.model import Report
from auditor.pipeline import Settings
from auditor.readers._positions import json_places, marked_places
from auditor.rulebook.source import load_yaml
from tests.test_waivers import report


def value_at(text: str, line: int, column: int) -> object:
    """What a JSON reader reads from there: the value, or the key and its value."""
    rest = "\n".join(text.split("\n")[line - 1 :])[column - 1 :]
    value, end = json.JSONDecoder().raw_decode(rest)
    after = rest[end:].lstrip()
    return json.JSONDecoder().raw_decode(after[1:].lstrip())[0] if after[:1] == ":" else value


def values(data: object, path: str = "") -> dict[str, object]:
    found = {}
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in items:
        inner = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}" if path else str(key)
        found |= {inner: value} | values(value, inner)
    return found


KEYS = st.text('ab"\\ 甲\u00e9{}[]:,', min_size=1, max_size=4)
DATA = st.dictionaries(
    KEYS,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text('x"\\{}[],:\n甲', max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=12,
    ),
    max_size=4,
)


@given(DATA, st.sampled_from([None, 0, 2]), st.booleans())
def test_every_value_of_json_stands_where_it_is_said(
    data: dict[str, object], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    places = json_places(text)
    for path, value in values(data).items():
        assert value_at(text, *places[path]) == value


def test_every_scalar_of_yaml_stands_where_it_is_said() -> None:
    text = 'a:\n  b: 12\n  列: [x, 7]\n  c:\n    - d: null\n      e: "文"\nf:\n'
    places = dict(marked_places(load_yaml(text)))
    lines = text.splitlines()
    for path, shown in {
        "a.b": "12",
        "a.列[1]": "7",
        "a.c[0].d": "null",
        "a.c[0].e": '"文"',
    }.items():
        line, column = places[path]
        assert lines[line - 1][column - 1 :].startswith(shown)
    assert places["a.c"] == (4, 3)
    assert places["f"][0] == 7


# --- in an audit --------------------------------------------------------------------------------


def audited(
    settings: Settings, tmp_path: Path, kind: str, data: object
) -> tuple[Report, list[str]]:
    """The report of these data, and the lines of its file."""
    if kind == "yaml":
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    else:
        text = json.dumps(data, ensure_ascii=False, indent=2)
    if kind == "json in one line":
        text = json.dumps(data, ensure_ascii=False)
    if kind == "json with BOM":
        text = "\ufeff" + text
    path = tmp_path / f"r.{kind[:4]}"
    path.write_text(text, encoding="utf-8")
    batch = audit_all([Input(path)], settings)
    assert batch.audits, (batch.refusals, batch.faults)
    return batch.audits[0].report, text.removeprefix("\ufeff").split("\n")


KINDS = ["json", "yaml", "json in one line", "json with BOM"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrap", ["bare", "report", "audit"])
def test_every_cell_has_its_line_and_column(
    settings: Settings, tmp_path: Path, kind: str, wrap: str
) -> None:
    data = json.loads(report())
    whole = {"form": "ogi-2021", "data": {k: v for k, v in data.items() if k != "form"}}
    given = {"bare": data, "report": whole, "audit": {"audits": [{"report": whole}]}}[wrap]
    found, lines = audited(settings, tmp_path, kind, given)
    cells = [p for p in found.locations if p.startswith("applications.")]
    assert len(cells) > 170
    for path in cells:
        row: object = data
        for key in path.split("."):
            assert isinstance(row, dict)
            row = row[key]
        at = found.locations[path]
        if isinstance(row, int):
            assert at.line
            assert at.column
            assert lines[at.line - 1][at.column - 1 :].startswith(str(row))


@pytest.mark.parametrize("kind", KINDS[:2])
def test_blank_cells_have_their_own_and_missing_ones_their_rows_line(
    settings: Settings, tmp_path: Path, kind: str
) -> None:
    data = json.loads(report())
    data["applications"]["new"]["natural_person"] = None
    del data["applications"]["granted"]["natural_person"]
    found, lines = audited(settings, tmp_path, kind, data)
    seen = {o.path: o for o in found.observations}
    blank = seen["applications.new.natural_person"].location
    missing = seen["applications.granted.natural_person"].location
    assert blank.line
    assert missing.line
    assert "natural_person" in lines[blank.line - 1]
    assert "null" in lines[blank.line - 1]
    assert "granted" in lines[missing.line - 1]
    for path, at in (("new", blank), ("granted", missing)):
        assert found.locations[f"applications.{path}.natural_person"].line == at.line
