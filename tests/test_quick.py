"""The quick way of reading data is the long way: field by field, or it is not taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.corpus.quick import KeyPlaces, QuickReader
from auditor.model import Refusal, Report
from auditor.pipeline import Bound, Input, Settings, bind_one
from auditor.renderers.json import report_content
from tests.bodies import put, report

NAME = "示例县水利局"


def long_way(data: bytes, place: Path, settings: Settings) -> Report | Refusal:
    path = place / "one.json"
    path.write_bytes(data)
    found = bind_one(Input(path), settings)
    return found.report if isinstance(found, Bound) else found


def alike(quick: Report, slow: Report | Refusal) -> None:
    """Every field the same, and every mapping in the same order."""
    assert isinstance(slow, Report)
    assert isinstance(quick.locations, KeyPlaces)
    one, other = report_content(quick), report_content(slow)
    assert json.dumps(one, ensure_ascii=False) == json.dumps(other, ensure_ascii=False)
    assert (quick.rest, quick.form, quick.subject) == (slow.rest, slow.form, slow.subject)
    assert dict(quick.locations) == dict(slow.locations)


def whole() -> dict[str, Any]:
    return report(NAME, 2023, disclosure__fees__amount="12.50", applications__new__other=7)


@pytest.mark.parametrize(
    "layout", [{}, {"indent": 2}, {"indent": "\t"}, {"separators": (", ", " : ")},
               {"separators": (",", ":")}, {"ensure_ascii": True}],
)  # fmt: skip
def test_every_layout_is_read_quickly(
    layout: dict[str, Any], tmp_path: Path, settings: Settings
) -> None:
    data = json.dumps(whole(), **{"ensure_ascii": False, **layout}).encode()
    quick = QuickReader(settings).report(data, str(tmp_path / "one.json"))
    assert quick is not None
    alike(quick, long_way(data, tmp_path, settings))


def test_a_file_that_says_nothing_of_its_structure_is_not_the_last_word(
    tmp_path: Path, settings: Settings
) -> None:
    """Where the first file that a worker meets has a blank, the others are read quickly still."""
    blank = json.dumps(whole() | {"published": "2024-01-20"}, ensure_ascii=False)
    blank = blank.replace('"other": 7', '"other": null')
    data = json.dumps(whole() | {"published": "2024-01-20"}, ensure_ascii=False).encode()
    place = str(tmp_path / "one.json")
    first, other = QuickReader(settings), QuickReader(settings)
    assert other.report(blank.encode(), place) is None
    assert other.report(data, place) is not None
    for reader in (first, other):
        alike(reader.again(data, place), long_way(data, tmp_path, settings))
    poor = QuickReader(settings)
    for _ in range(50):
        assert poor.report(blank.encode(), place) is None
    alike(poor.again(data, place), long_way(data, tmp_path, settings))


EDITS: list[Any] = [
    ("applications__new__total", None), ("applications__new__total", -1),
    ("applications__new__total", 3.0), ("applications__new__total", 3.5),
    ("applications__new__total", "3"), ("applications__new__total", True),
    ("applications__new__total", 10**15 + 1), ("applications__new__total", 10**31),
    ("disclosure__fees__amount", "012.5"), ("disclosure__fees__amount", 12),
    ("disclosure__fees__amount", "1e3"), ("disclosure__fees__amount", None),
    ("overview__text", None), ("overview__text", "甲\u200b乙"), ("overview__text", "a\u001b[31mb"),
    ("overview__text", 'x "total": 1, "total": 2 y'), ("overview__heading", None),
    ("subject__kind", None), ("subject__kind", "nobody"), ("subject__name", None),
    ("period", 2015), ("period", None), ("published", None), ("published", "yesterday"),
    ("cited", [":a", ": b"]), ("cited", [1]), ("cited", []), ("form", "ogi-2021"),
    ("unknown", 1), ("applications__new__unknown", 1),
]  # fmt: skip


@pytest.mark.parametrize(("way", "value"), EDITS, ids=[f"{w}={v!r:.20}" for w, v in EDITS])
def test_what_is_not_plain_comes_to_the_same(
    way: str, value: Any, tmp_path: Path, settings: Settings
) -> None:
    data = whole()
    put(data, way.split("__"), value)
    given = json.dumps(data, ensure_ascii=False).encode()
    reader = QuickReader(settings)
    assert reader.report(json.dumps(whole(), ensure_ascii=False).encode(), "x") is not None
    quick = reader.report(given, str(tmp_path / "one.json"))
    if quick is not None:
        alike(quick, long_way(given, tmp_path, settings))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"total": 0', b'"total": 0, "total": 0'), (b'"total": 0', b'"total" : 0, "total": 0'),
        (b'"period": 2023', b'"period": NaN'), (b'{"subject"', b' {"subject"'),
        (b'{"subject"', b'\xef\xbb\xbf{"subject"'), (b"}}", b"}}}"), (b"}", b""),
        ("水利".encode(), b"\xff\xfe"), (b'"period": 2023', b'"period": 2.023e3'),
    ],
)  # fmt: skip
def test_what_is_wrong_goes_the_long_way(
    old: bytes, new: bytes, tmp_path: Path, settings: Settings
) -> None:
    data = json.dumps(whole(), ensure_ascii=False).encode()
    assert old in data
    wrong = data.replace(old, new, 1)
    quick = QuickReader(settings).report(wrong, str(tmp_path / "one.json"))
    if quick is not None:
        alike(quick, long_way(wrong, tmp_path, settings))
    else:
        long_way(wrong, tmp_path, settings)
    assert (quick is None) or new == b"2.023e3"


def test_members_in_another_order(tmp_path: Path, settings: Settings) -> None:
    data = json.dumps(dict(reversed(whole().items())), ensure_ascii=False).encode()
    quick = QuickReader(settings).report(data, str(tmp_path / "one.json"))
    assert quick is not None
    alike(quick, long_way(data, tmp_path, settings))


PATHS = ("applications__new__total", "applications__granted__other", "disclosure__fees__amount",
         "overview__text", "subject__level", "period", "title", "cited", "published")  # fmt: skip
VALUES = st.one_of(
    st.none(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12), st.booleans(),
    st.lists(st.text(max_size=3), max_size=2), st.sampled_from(["0", "1.5", "2023-01-02", 'a":b']),
)  # fmt: skip


@given(edits=st.dictionaries(st.sampled_from(PATHS), VALUES, max_size=3), indent=st.booleans())
def test_random_values(
    edits: dict[str, Any], indent: bool, settings: Settings, tmp_path_factory: Any
) -> None:
    data = whole()
    for way, value in edits.items():
        put(data, way.split("__"), value)
    try:
        given_ = json.dumps(data, ensure_ascii=False, indent=2 if indent else None).encode()
    except UnicodeEncodeError:
        return
    place = tmp_path_factory.getbasetemp() / "quick"
    place.mkdir(exist_ok=True)
    quick = QuickReader(settings).report(given_, str(place / "one.json"))
    if quick is not None:
        alike(quick, long_way(given_, place, settings))


def test_most_synthetic_reports_are_read_quickly(settings: Settings) -> None:
    from benchmarks.synthetic import reports

    reader = QuickReader(settings)
    made = [json.dumps(data, ensure_ascii=False).encode() for _, data in reports(200)]
    assert sum(reader.report(data, "x") is not None for data in made) > 180
