"""Report data as JSON and YAML: exact numbers, places of mistakes, nothing doubtful."""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DocumentError, Said, SourceError
from auditor.readers import Limits, read
from auditor.rulebook.source import load_yaml
from tests.papers import kinds


def data(text: str | bytes, name: str = "x.json", **more: Any) -> Any:
    raw = text.encode() if isinstance(text, str) else text
    return read(name, data=raw, **more).data


def refused(text: str | bytes, name: str = "x.json", **more: Any) -> tuple[str, str]:
    with pytest.raises(DocumentError) as caught:
        data(text, name, **more)
    return caught.value.kind, caught.value.said.en


def test_exact_numbers() -> None:
    found = data('{"a": 123456789012345678901234567890, "b": 0.10, "c": -3, "d": 1e3, "e": null}')
    assert found == {"a": 123456789012345678901234567890, "b": Decimal("0.10"), "c": -3,
                     "d": Decimal("1E+3"), "e": None}  # fmt: skip
    assert str(found["b"]) == "0.10"
    assert isinstance(found["d"], Decimal)


def test_format_and_encodings() -> None:
    text = '{"甲": "乙"}'
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gbk"):
        document = read("x.json", data=text.encode(encoding))
        assert document.data == {"甲": "乙"}
        assert (document.format, document.flattened, document.blocks) == ("json", False, ())


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ('{"a": 1,\n "b": 2, "a": 3}', "duplicate-key", "2:10: the key “a” is there twice"),
        ('{"a": {"a": 1}, "b": [{"a": 1, "\\u0061": 3}]}', "duplicate-key", "1:32: the key “a”"),
        ('{"a":\n NaN}', "not-a-number", "2:2: NaN"),
        ('{"NaN": -Infinity}', "not-a-number", "1:9: -Infinity"),
        ('{"a": [Infinity]}', "not-a-number", "1:8"),
        ('{"a": ' + "9" * 31 + "}", "too-large", "1:7: a number of more than 30 digits"),
        ('{"a": 12345678901, "b": -' + "9" * 5000 + "}", "too-large", "1:25"),
        ('{"a": 0.' + "9" * 500 + "}", "too-large", "1:7"),
        ('{"b": 1e5, "a": 1e99999999}', "too-large", "1:17"),
        ('{"a": 1e-99999999}', "too-large", "1:7"),
        ('{"a" 1}', "broken", "1:6: expected ':'"),
        ('{"a": 1 "b"}', "broken", "1:9: expected ','"),
        ('{"a": }', "broken", "1:7: expected a value"),
        ("{a: 1}", "broken", "1:2: expected a key in double quotes"),
        ('{"a": "b', "broken", "1:7: a string without an end"),
        ('{"a": "b\nc"}', "broken", "1:9: a line end"),
        ('{"a": "\\x"}', "broken", "1:8"),
        ('{"a": 1} {}', "broken", "1:10: something follows"),
        ("[1]", "broken", "object"),
        ("3", "broken", "object"),
        ("[" * 100_000, "too-large", "64"),
        ('{"a":' * 100_000, "too-large", "64"),
        ('{"a":' + "[" * 64 + "]" * 64 + "}", "too-large", "64"),
        ('{"a": "\xff"}'.encode("latin-1"), "broken", "line 1"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_refusals_say_where(text: str | bytes, kind: str, said: str) -> None:
    begun = time.process_time()
    found, en = refused(text)
    assert found == kind
    assert said in en
    assert time.process_time() - begun < 10


def test_depth_up_to_the_limit() -> None:
    assert data('{"a":' + "[" * 63 + "]" * 63 + "}")
    assert refused('{"a": [1]}', limits=Limits(depth=1))[0] == "too-large"
    many = '{"a": [' + ",".join(["[]"] * 50) + "]}"
    assert refused(many, limits=Limits(nodes=20))[0] == "too-large"


def test_texts_are_clean() -> None:
    document = read("x.json", data='{"a\\u200b": ["\\u001b[31m甲\\n\\t乙", "\\ud800"]}'.encode())
    assert document.data == {"a": ["甲\n\t乙", ""]}
    assert kinds(document) == ["control-characters"]
    assert refused('{"a\\u200b": 1, "a": 2}')[0] == "duplicate-key"
    assert "\x1b" not in refused('{"\\u001b[1m": 1, "\\u001b[1m": 2}')[1]


def test_an_audit_of_ours_stands_for_its_report() -> None:
    audit = {"report": {"source": "x", "data": {"a": 1}}}
    assert data(json.dumps({"schema": "audit/1", "audits": [audit]})) == {"a": 1}
    assert data('{"audits": [{"report": {"a": 1}}]}') == {"a": 1}
    assert data('{"audits": 3}') == {"audits": 3}
    wrong: list[list[Any]] = [[], [audit, audit], [3], [{}], [{"report": {"data": 3}}]]
    for audits in wrong:
        assert refused(json.dumps({"audits": audits}))[0] == "broken"


# --- YAML ------------------------------------------------------------------------------------


def test_yaml_through_the_given_loader() -> None:
    document = read("x.yaml", data="甲:\n  - 1\n  - 0.5\n  - 乙\n".encode(), load_yaml=load_yaml)
    assert document.data == {"甲": [1, Decimal("0.5"), "乙"]}
    assert document.format == "yaml"
    assert type(document.data) is dict
    kind, en = refused("a: 1\na: 2\n", "x.yml", load_yaml=load_yaml)
    assert kind == "broken"
    assert "2:1" in en
    assert refused("a: 1", "x.yml")[0] == "unsupported"
    assert refused("- 1", "x.yml", load_yaml=load_yaml)[0] == "broken"


def mistake(_: str) -> object:
    raise SourceError(Said("坏", "bad"), 3, 4)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"a": float("nan")}, "not-a-number"),
        ({"a": Decimal("Infinity")}, "not-a-number"),
        ({"a": 10**40}, "too-large"),
        ({"a": Decimal("1e900")}, "too-large"),
        ({"a": date(2024, 1, 1)}, "broken"),
        ({1: 2}, "broken"),
        ({"a": {"b\u200b": 1, "b": 2}}, "duplicate-key"),
    ],
)
def test_whatever_a_loader_gives_is_checked(value: object, kind: str) -> None:
    assert refused("x", "x.yaml", load_yaml=lambda _: value)[0] == kind


def test_mistakes_of_the_loader_keep_their_place() -> None:
    assert refused("x", "x.yaml", load_yaml=mistake)[1].endswith("line:column 3:4: bad")
    assert data("x", "x.yaml", load_yaml=lambda _: {"a": [0.5, True, None]}) == {
        "a": [Decimal("0.5"), True, None]
    }


# --- whatever comes --------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**29), 10**29) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)
CLEAN = st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"])


@given(st.dictionaries(st.text(CLEAN, max_size=6), VALUES, max_size=5))
def test_any_object_is_read_or_refused(value: dict[str, Any]) -> None:
    try:
        read("x.json", data=json.dumps(value).encode())
    except DocumentError:
        return


@given(
    st.dictionaries(
        st.text(CLEAN, max_size=6).filter(lambda key: key != "audits"),
        st.text(CLEAN, max_size=9) | st.lists(st.integers(-99, 99)),
    )
)
def test_plain_objects_come_back(value: dict[str, Any]) -> None:
    assert data(json.dumps(value, ensure_ascii=False)) == value
    assert data(json.dumps(value)) == value


PIECES = ["{", "}", "[", "]", ",", ":", '"a"', '"a', "\\", "1", "-", "NaN", "1e9", ".5", "\n", "甲",
          '"\\ud800"', "\x1b", "true", " "]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_soup_is_read_or_refused(pieces: list[str]) -> None:
    for text in ("".join(pieces), '{"a":' + "".join(pieces) + "}"):
        try:
            read("x.json", data=text.encode(), load_yaml=load_yaml)
            read("x.yaml", data=text.encode(), load_yaml=load_yaml)
        except DocumentError:
            continue
