"""JSON: valid by its schema, exact, deterministic, safe, and cheap to import."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from auditor import renderers
from auditor.errors import Said
from auditor.json_text import to_bytes
from auditor.model import Audit, Batch, Derived
from auditor.outputs import write_file
from auditor.renderers import Options
from auditor.renderers import json as rendered
from tests import audits

SCHEMA = json.loads((Path(__file__).parent.parent / "schemas" / "audit.schema.json").read_text())
OPTIONS = Options(engine="auditor 0.1.0", as_of="2026-01-31")


def repaired() -> Batch:
    derived = Derived("applications.new.total", Said("表三 · 本年新收 · 总计", "new total"), 4)
    return Batch((replace(audits.typo(), diagnoses=(audits.diagnosis(),), derived=(derived,)),))


BATCHES = {
    "nothing": Batch(()),
    "folder": audits.folder(),
    "hostile": Batch((audits.hostile(),)),
    "repaired": repaired(),
    "aside": Batch((), audits.refusals(), (audits.fault(),)),
}


def output(name: str) -> Any:
    return json.loads(rendered.render(BATCHES[name], OPTIONS))


def walk(value: Any) -> Iterator[Any]:
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        yield from walk(item)


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", BATCHES)
def test_output_is_valid(name: str) -> None:
    shown = output(name)
    errors = [e.message for e in Draft202012Validator(SCHEMA).iter_errors(shown)]
    assert not errors
    assert jsonschema_rs.Draft202012Validator(SCHEMA).is_valid(shown)


def test_schema_is_strict() -> None:
    open_ones = ("data", "locations", "tables", "groups")
    for key, node in nodes(SCHEMA):
        if node.get("type") == "object" and key not in open_ones:
            assert node["additionalProperties"] is False, key
            assert set(node["required"]) <= set(node["properties"])


def nodes(schema: Any, key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield key, schema
        for name, item in schema.items():
            yield from nodes(item, name)


@pytest.mark.parametrize("path", [("audits", 0, "grade"), ("audits", 2, "results", 0), ()])
def test_unknown_keys_are_refused(path: tuple[str | int, ...]) -> None:
    shown = output("folder")
    place = shown
    for step in path:
        place = place[step]
    place["surprise"] = 1
    assert not Draft202012Validator(SCHEMA).is_valid(shown)


def test_keys_come_in_the_order_of_the_schema() -> None:
    for name in BATCHES:
        in_order(output(name), SCHEMA)


def in_order(value: Any, schema: dict[str, Any]) -> None:
    schema = schema.get("anyOf", [schema])[0]
    if "$ref" in schema:
        return in_order(value, SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    if isinstance(value, list):
        for item in value:
            in_order(item, schema["items"])
    elif isinstance(value, dict) and "properties" in schema:
        assert list(value) == [k for k in schema["properties"] if k in value]
        for key, item in value.items():
            in_order(item, schema["properties"][key])
    return None


@pytest.mark.parametrize("name", BATCHES)
def test_bytes_are_plain_and_repeatable(name: str) -> None:
    first, again = (rendered.render(BATCHES[name], OPTIONS) for _ in range(2))
    assert first == again
    assert first.endswith(b"}\n")
    if name != "hostile":
        expected = json.dumps(json.loads(first), ensure_ascii=False, indent=1) + "\n"
        assert first.decode() == expected


def test_language_width_and_colour_change_nothing() -> None:
    other = replace(OPTIONS, lang="en", width=40, colour=True, verbose=True)
    assert rendered.render(BATCHES["folder"], OPTIONS) == rendered.render(BATCHES["folder"], other)


def test_numbers_are_integers_or_decimal_strings() -> None:
    shown = output("folder")
    assert not [v for v in walk(shown) if isinstance(v, float)]
    first = shown["audits"][0]
    assert first["grade"]["score"] == "100"
    assert first["report"]["data"]["disclosure"]["fees"]["amount"] == "0.038"
    assert first["report"]["data"]["applications"]["new"]["natural_person"] == 12


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1E+2"), '"100"'),
        (Decimal("0.10"), '"0.10"'),
        (10**30, str(10**30)),
        (True, "true"),
    ],
)
def test_values_are_exact(value: object, written: str) -> None:
    assert to_bytes({"v": value}).decode() == f'{{\n "v": {written}\n}}\n'


def test_a_float_is_a_mistake() -> None:
    report = replace(audits.clean().report, data={"share": 0.5})
    with pytest.raises(TypeError, match="float"):
        rendered.render(Batch((replace(audits.clean(), report=report),)), OPTIONS)


def test_nothing_that_a_terminal_obeys_is_written_raw() -> None:
    raw = rendered.render(BATCHES["hostile"], OPTIONS).decode("utf-8")
    assert not set(raw) & {"\x1b", "\x9b", "\x07", "\u202e", "\ud800"}
    name = json.loads(raw)["audits"][0]["report"]["subject"]["name"]
    assert name == f"示例{audits.EVIL}".replace("\ud800", "\ufffd")


def test_unknown_is_absent_and_empty_is_told() -> None:
    first = output("folder")["audits"][0]
    assert first["repairs"] == []
    assert "span" not in first["report"]["locations"]["applications.new.total"]
    assert output("nothing") == {
        "schema": "audit/1", "engine": "auditor 0.1.0", "as_of": "2026-01-31",
        "audits": [], "refused": [], "missing": [], "faults": [],
    }  # fmt: skip


def test_a_fault_keeps_its_trace() -> None:
    shown = output("aside")
    assert [f["kind"] for f in shown["faults"]] == ["fault"]
    assert "KeyError" in shown["faults"][0]["trace"]
    assert [r["unread"] for r in shown["refused"]] == [False] * 4 + [True]


def test_an_exception_and_a_reason_are_told() -> None:
    results = {r["rule"]: r for r in output("folder")["audits"][2]["results"]}
    assert results["X08"]["findings"][0]["exception"]["en"].startswith("it may")
    assert results["S12"]["reason"] == {"zh": "只适用于各级人民政府", "en": "for governments only"}
    assert results["A01"]["findings"][0]["difference"] == 3


# --- the room of renderers -------------------------------------------------------------------


def test_json_needs_neither_rich_nor_words() -> None:
    code = (
        "import sys\n"
        "from auditor.model import Batch\n"
        "from auditor.renderers import Options, load\n"
        "load('json').render(Batch(()), Options())\n"
        "print([m for m in ('rich', 'yaml', 'auditor.renderers.words') if m in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_renderers_are_the_modules_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"json", "terminal"} <= set(renderers.names())
    assert "words" not in renderers.names()
    for name in renderers.names():
        module = renderers.load(name)
        assert name == module.NAME
        assert module.SUFFIX.startswith(".")
    (tmp_path / "loud.py").write_text(
        "NAME, SUFFIX = 'loud', '.loud'\ndef render(batch, options):\n    return b'LOUD'\n"
    )
    monkeypatch.setattr(renderers, "__path__", [*renderers.__path__, str(tmp_path)])
    assert "loud" in renderers.names()
    assert renderers.load("loud").render(Batch(()), OPTIONS) == b"LOUD"
    sys.modules.pop("auditor.renderers.loud")


def test_an_unknown_renderer_is_a_key_error() -> None:
    for name in ("words", "_terminal", "nothing"):
        with pytest.raises(KeyError):
            renderers.load(name)


def test_a_rule_that_the_reference_lacks_has_its_id_as_title() -> None:
    audit = audits.clean()
    bare = replace(audit, rules=replace(audit.rules, rules={}))
    first = next(rendered.content(Batch((bare,)), OPTIONS)["audits"])["results"][0]
    assert first["title"] == {"zh": "A01", "en": "A01"}


class Opened(Sequence[Audit]):
    """Ten audits that lie elsewhere: how often one was asked for."""

    def __init__(self) -> None:
        self.count = 0

    def __len__(self) -> int:
        return 10

    def __getitem__(self, at: Any) -> Any:
        if not 0 <= at < 10:
            raise IndexError
        self.count += 1
        return audits.typo()


@pytest.mark.parametrize(("name", "before"), [("json", 0), ("sarif", 10)])
def test_large_outputs_come_audit_by_audit(name: str, before: int) -> None:
    """A province's audits are gigabytes; SARIF tells all rules and reports first."""
    opened = Opened()
    pieces = renderers.written(name, Batch(opened), OPTIONS)
    found = b""
    for piece in pieces:
        found += piece
        if b"ingerprint" in found:
            break
    assert before < opened.count <= before + 2
    whole = found + b"".join(pieces)
    assert whole == renderers.load(name).render(Batch((audits.typo(),) * 10), OPTIONS)
    assert json.loads(whole)


def test_test_suites_wait_in_a_file() -> None:
    several = renderers.load("junit").render(Batch(Opened()), OPTIONS)
    suites = ElementTree.fromstring(several)
    assert len(suites) == 10
    for key in ("tests", "failures", "errors", "skipped"):
        assert int(suites.get(key, "")) == sum(int(suite.get(key, "")) for suite in suites)


def test_a_written_output_is_whole_or_not_there(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError

    place = tmp_path / "out.json"
    with pytest.raises(RuntimeError):
        write_file(place, broken())
    assert list(tmp_path.iterdir()) == []
    write_file(place, iter([b"a", b"b"]))
    assert place.read_bytes() == b"ab"
