"""Machine formats: valid by their published schemas or a consumer, and never obeyed."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft4Validator
from junitparser import Error, Failure, JUnitXml, Skipped

from auditor import renderers
from auditor.decisions import Past
from auditor.errors import Said
from auditor.model import Audit, Batch, Evidence, Finding, Location, Outcome, Refusal
from auditor.renderers import Options
from tests import audits

HERE = Path(__file__).parent
SARIF = Draft4Validator(json.loads((HERE / "schemas" / "sarif-2.1.0.json").read_text("utf-8")))
OPTIONS = Options(engine="0.1.0", as_of="2026-01-31", summary_line="1 份报告不合格")


def changed() -> Batch:
    """A folder compared with a baseline: new, still, mended, changed; one finding waived."""
    folder = audits.folder()
    told: list[Audit] = []
    for audit in folder.audits:
        results = []
        for number, result in enumerate(audit.results):
            change = "new" if number % 2 else "still"
            findings = [replace(f, change=change) for f in result.findings]
            if number == 1 and findings:
                findings[0] = replace(findings[0], waiver="理由（张三；1号；→ 2026-12-31）")
            results.append(replace(result, findings=tuple(findings)))
        where, message = Said("表三", "applications"), Said("差 1", "off by 1")
        past = tuple(
            Past("A01", "major", where, message, "0" * 16, "1" * 16, state)
            for state in ("mended", "changed", "unjudged")
        )
        told.append(replace(audit, results=tuple(results), past=past))
    note = Said("这条豁免未用到", "not used")
    return replace(folder, audits=tuple(told), baseline="b.json", notes=(note,))


BATCHES = {
    "nothing": Batch(()),
    "folder": audits.folder(),
    "hostile": Batch((audits.hostile(),)),
    "changed": changed(),
    "aside": Batch((), audits.refusals(), (audits.fault(),)),
}


def rendered(name: str, batch: Batch, **more: object) -> bytes:
    return renderers.load(name).render(batch, replace(OPTIONS, **more))  # type: ignore[arg-type]


# --- SARIF --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", BATCHES)
def test_sarif_is_valid(name: str, lang: str) -> None:
    log = json.loads(rendered("sarif", BATCHES[name], lang=lang))
    assert [e.message[:200] for e in SARIF.iter_errors(log)] == []
    assert Draft4Validator.check_schema(SARIF.schema) is None


def run_of(batch: Batch) -> dict[str, object]:
    return json.loads(rendered("sarif", batch))["runs"][0]


def test_sarif_has_every_outcome_and_levels_only_for_failures() -> None:
    results = run_of(BATCHES["folder"])["results"]
    assert {r["kind"] for r in results} == {o.value for o in Outcome}
    for result in results:
        assert (result["level"] != "none") == (result["kind"] == "fail")


def test_sarif_names_every_operand_and_the_prints() -> None:
    batch = Batch((audits.typo(),))
    results = run_of(batch)["results"]
    found = {f.fingerprint: f for r in batch.audits[0].results for f in r.findings}
    failing = [r for r in results if r["kind"] == "fail"]
    assert len(failing) == len(found) == 3
    for result in failing:
        finding = found[result["partialFingerprints"]["place/v1"]]
        assert result["partialFingerprints"]["values/v1"] == finding.value_key
        names = [
            place["logicalLocations"][0]["fullyQualifiedName"]
            for place in result["relatedLocations"]
        ]
        assert names == [e.path for e in finding.evidence]
        assert result["relatedLocations"][0]["properties"]["table"] == 2


def test_sarif_rules_carry_law_and_fix() -> None:
    rules = {r["id"]: r for r in run_of(BATCHES["folder"])["tool"]["driver"]["rules"]}
    info = audits.RULES["A01"]
    assert info.basis[0].text.zh in rules["A01"]["help"]["text"]
    assert info.fix is not None
    assert info.fix.zh in rules["A01"]["help"]["text"]


def test_sarif_suppresses_what_is_waived_and_tells_what_changed() -> None:
    results = run_of(BATCHES["changed"])["results"]
    waived = [r for r in results if "suppressions" in r]
    assert waived
    assert waived[0]["suppressions"][0]["justification"].startswith("理由")
    assert {r["baselineState"] for r in results} == {"new", "unchanged", "absent"}
    gone = [r for r in results if r["baselineState"] == "absent"]
    assert {r["kind"] for r in gone} == {"pass"}


def test_sarif_points_at_line_and_column_of_data_and_of_nothing_else() -> None:
    at = Location("r.json", "x", line=7, column=12)
    fact = Evidence("a.b", Said("甲", "a"), 1, location=at)
    finding = Finding("S02", Outcome.FAIL, Said("x", "x"), Said("y", "y"), (fact,))
    audit = audits.audited(audits.report(audits.balanced(), source="r.json"), {"S02": [finding]})
    result = next(r for r in run_of(Batch((audit,)))["results"] if r["kind"] == "fail")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 7, "startColumn": 12}
    paper = run_of(Batch((audits.typo(),)))["results"]
    failing = next(r for r in paper if r["kind"] == "fail")
    assert "region" not in failing["locations"][0]["physicalLocation"]
    assert failing["locations"][0]["properties"]["row"] == 7


# --- JUnit --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BATCHES)
def test_junit_is_read_by_a_consumer(name: str) -> None:
    batch = BATCHES[name]
    suites = list(JUnitXml.fromstring(rendered("junit", batch)))
    aside = bool(batch.refusals or batch.faults)
    assert len(suites) == len(batch.audits) + aside
    for suite, audit in zip(suites, batch.audits, strict=False):
        assert len(list(suite)) == suite.tests == len(audit.results)
        kinds = [type(r) for case in suite for r in case.result]
        told = (kinds.count(Failure), kinds.count(Error), kinds.count(Skipped))
        assert told == (suite.failures, suite.errors, suite.skipped)


def test_junit_fails_what_fails_and_skips_what_is_waived() -> None:
    messy = next(iter(JUnitXml.fromstring(rendered("junit", Batch((audits.messy(),))))))
    assert messy.failures == sum(r.outcome is Outcome.FAIL for r in audits.messy().results)
    hostile = next(iter(JUnitXml.fromstring(rendered("junit", BATCHES["hostile"]))))
    assert hostile.failures == 0
    assert hostile.skipped == 2  # the waived one and the one that does not apply


# --- GitHub, GitLab -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", BATCHES)
def test_github_lines_are_commands(name: str) -> None:
    lines = rendered("github", BATCHES[name]).decode("utf-8").splitlines()
    pattern = r"::(error|warning|notice)( [a-z]+=[^,:]*(,[a-z]+=[^,:]*)*)?::.+"
    assert [line for line in lines if not re.fullmatch(pattern, line)] == []


def test_github_tells_the_worst_first() -> None:
    lines = rendered("github", BATCHES["folder"]).decode("utf-8").splitlines()
    kinds = [line[2:].split(" ")[0].split(":")[0] for line in lines]
    own = kinds[: sum(len(r.findings) for a in BATCHES["folder"].audits for r in a.results)]
    assert own == sorted(own, key=["error", "warning", "notice"].index)


@pytest.mark.parametrize("name", BATCHES)
def test_code_quality_has_what_gitlab_requires(name: str) -> None:
    found = json.loads(rendered("gitlab", BATCHES[name]))
    for entry in found:
        assert isinstance(entry["description"], str)
        assert isinstance(entry["check_name"], str)
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert isinstance(entry["location"]["lines"]["begin"], int)
        assert not entry["location"]["path"].startswith("./")
    prints = [entry["fingerprint"] for entry in found]
    assert len(set(prints)) == len(prints)


# --- CSV, Markdown ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BATCHES)
def test_csv_is_a_table_with_all_files(name: str) -> None:
    batch = BATCHES[name]
    lines = list(csv.reader(io.StringIO(rendered("csv", batch).decode("utf-8-sig"))))
    assert {len(line) for line in lines} == {len(lines[0])}
    if name != "hostile":
        sources = {a.report.source for a in batch.audits}
        sources |= {r.source for r in (*batch.refusals, *batch.faults)}
        assert sources <= {line[0] for line in lines[1:]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1+1", "'+1+1"),
        ("-2", "-2"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("表三 = 7", "表三 = 7"),
    ],
)
def test_csv_cells_are_no_formulas(text: str, shown: str) -> None:
    from auditor.renderers import csv as renderer

    assert renderer.safe(text) == shown


def test_markdown_shows_signs_as_they_are() -> None:
    from auditor.renderers import markdown

    assert markdown.plain("a|b") == "a&#124;b"
    assert markdown.plain("<img src=x>[a](b) `c` @d #1") == (
        "&#60;img src=x&#62;&#91;a&#93;&#40;b&#41; &#96;c&#96; &#64;d &#35;1"
    )
    assert markdown.plain("1. x") == "1&#46; x"


# --- every renderer, whichever there will be ----------------------------------------------------

EVIL = (
    "]]>[/b]</td></script><script>alert(1)</script>[x](javascript:alert(1))|`a`"
    "\x1b[31m\u202e\u2066\x07\x00\x9b1m\ud800\ufffe{{ 7*7 }}{% raw %}&amp;\"'\n::error::x\r\n=1+1"
)
RAW = ("\x1b", "\x07", "\x00", "\x9b", "\u202e", "\u2066")


def poisoned(evil: str) -> Batch:
    said = Said(evil, evil)
    at = Location(f"{evil}.txt", evil, page=1)
    facts = (
        Evidence("overview.text", said, None, location=at, quote=evil),
        Evidence("overview.heading", said, evil, location=at),
    )
    finding = Finding(
        "S02", Outcome.FAIL, said, said, facts, expected=evil, actual=evil, working=evil,
        exception=said, waiver=evil, fingerprint="a" * 16, value_key="b" * 16,
    )  # fmt: skip
    plain = replace(finding, waiver=None, change="new")
    past = tuple(
        Past("S02", "major", said, said, "c" * 16, "d" * 16, s) for s in ("mended", "changed")
    )
    about = audits.report(audits.balanced(), f"{evil}", source=f"{evil}.txt")
    audit = audits.audited(
        about,
        {"S02": [finding, plain]},
        overrides=(Said(evil, evil),),
        duplicates=(evil,),
        past=past,
    )
    refused = (Refusal(evil, "broken", said, unread=True),)
    fault = (Refusal(evil, "fault", said, unread=True, trace=f"{evil}\n{evil}"),)
    return Batch((audit, audit), refused, fault, baseline="b.json", notes=(said,))


@pytest.mark.parametrize("evil", [EVIL, '=HYPERLINK("http://x","y")', "-1+1|cmd"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", renderers.names())
def test_text_of_reports_is_data(name: str, lang: str, evil: str) -> None:
    batch = poisoned(evil)
    out = rendered(name, batch, lang=lang, summary_line=evil, verbose=True)
    single = rendered(name, replace(batch, audits=batch.audits[:1]), lang=lang, verbose=True)
    for data in (out, single):
        check(renderers.load(name).SUFFIX, data)


def check(suffix: str, data: bytes) -> None:
    """What holds for every output of a kind, by its suffix."""
    if data.startswith(b"PK"):
        return check_package(data)
    text = data.decode("utf-8-sig")
    assert not [sign for sign in RAW if sign in text]
    if suffix in (".json", ".sarif"):
        json.loads(text)
    elif suffix == ".xml":
        ElementTree.fromstring(text)
    elif suffix == ".html":
        assert "<script>alert(1)" not in text
        assert "</td></script>" not in text
    elif suffix == ".csv":
        for line in csv.reader(io.StringIO(text)):
            for cell in line:
                assert not re.match(r"\s*[=+@]|-(?![0-9.]+$)", cell), cell
    elif suffix == ".md":
        text = text.removesuffix("<!-- auditor-output -->\n")
        assert not re.search(r"<(?!br>)|\]\(|^::", text, re.MULTILINE)
    else:
        assert not re.search(r"^(?:=1\+1|::error::x)", text, re.MULTILINE)
    return None


def check_package(data: bytes) -> None:
    """Office files: every part is XML, and no cell is a formula that the report gave."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            content = package.read(part)
            if part.endswith((".xml", ".rels")):
                ElementTree.fromstring(content)
            if "worksheets/" in part:
                assert not re.search(rb"<f[ >][^<]*(?:HYPERLINK|1\+1|cmd)", content)


@pytest.mark.parametrize("name", renderers.names())
def test_the_same_batch_gives_the_same_bytes(name: str) -> None:
    assert rendered(name, BATCHES["changed"]) == rendered(name, BATCHES["changed"])


@pytest.mark.parametrize("name", renderers.names())
def test_waivers_are_shown_in_every_output(name: str) -> None:
    mark = "经批准保留"
    finding = Finding(
        "S02", Outcome.FAIL, Said("x", "x"), Said("y", "y"), waiver=mark, fingerprint="a" * 16
    )
    audit = audits.audited(audits.report(audits.balanced()), {"S02": [finding]})
    for batch in (Batch((audit,)), Batch((audit, replace(audit, overrides=(Said("x", "x"),))))):
        out = rendered(name, batch)
        if out.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(out)) as package:
                out = b"".join(package.read(part) for part in package.namelist())
        assert mark.encode() in out or json.dumps(mark)[1:-1].encode() in out


@pytest.mark.parametrize(
    ("form", "certain", "doubtful"),
    [
        ("csv", "示例县档案局,,,not-submitted,,,不合格", "示例县信访局,,,not-submitted,,,未能读取"),
        ("markdown", "## 应报未报\n\n- 示例县档案局", "- 示例县信访局"),
        ("junit", '<failure message="名册所列', '<error message="名册所列'),
        ("github", "::error::示例县档案局", "::warning::示例县信访局"),
        ("gitlab", '"severity": "critical"', '"severity": "major"'),
        ("sarif", "示例县档案局: 名册所列", "示例县信访局: 名册所列"),
        ("html", "示例县档案局", "示例县信访局"),
        ("json", "示例县档案局", "示例县信访局"),
    ],
)
def test_every_output_tells_who_has_handed_in_nothing(
    form: str, certain: str, doubtful: str
) -> None:
    batch = Batch((audits.clean(),), missing=audits.missing())
    text = renderers.load(form).render(batch, OPTIONS).decode("utf-8-sig")
    assert certain in text
    assert doubtful in text
