"""The HTML page without a browser: sealed, complete in both languages, true to the report."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import Said
from auditor.model import Audit, Batch, Evidence, Finding, Observation, Outcome
from auditor.renderers import Options, html, words
from auditor.renderers._grid import SLOT, lay_out
from auditor.renderers._html.page import SCRIPTS, STYLES, asset
from auditor.renderers._html.places import runs
from auditor.renderers._html.plain import embedded, shown
from auditor.schema import load_forms
from tests import audits
from tests.conftest import Run

ROOT = Path(__file__).resolve().parent.parent
FORMS = {f.id: f for f in load_forms(ROOT / "schemas") if f.refuse is None}
FOREIGN = load_forms(ROOT / "tests" / "foreign")
BATCHES = {
    "clean": Batch((audits.clean(),)),
    "messy": Batch((audits.messy(),)),
    "hostile": Batch((audits.hostile(),), audits.refusals(), (audits.fault(),)),
    "folder": audits.folder(),
    "nothing": Batch((), audits.refusals(), (audits.fault(),)),
}


class Page(HTMLParser):
    """The elements of a page and the texts of its scripts and styles, as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", {}))
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data

    def data(self, name: str) -> Any:
        found = [
            text
            for (tag, attrs), text in zip(self.tags, self.texts, strict=True)
            if tag == "script" and attrs.get("id") == name
        ]
        assert len(found) == 1
        return json.loads(found[0])


def written(batch: Batch, lang: str = "zh") -> str:
    return html.render(batch, Options(lang=lang, engine="auditor 0", forms=FORMS)).decode("utf-8")


def page(batch: Batch, lang: str = "zh") -> Page:
    return Page(written(batch, lang))


# --- sealed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BATCHES)
def test_nothing_in_the_page_points_outside(name: str) -> None:
    text = written(BATCHES[name])
    found = Page(text)
    for tag, attrs in found.tags:
        assert tag.lstrip("/") in {
            "html",
            "head",
            "meta",
            "link",
            "title",
            "style",
            "body",
            "noscript",
            "p",
            "div",
            "script",
        }
        assert "src" not in attrs
        assert attrs.get("href", "data:,") == "data:,"
        assert not [key for key in attrs if key.startswith("on")]
    code = "".join(map(asset, (*SCRIPTS, *STYLES)))
    assert re.findall(r"https?://[^\s\"']+", code) == ["http://www.w3.org/2000/svg"]
    assert not re.search(
        r"@import|url\(|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|fetch\(|XMLHttp|import\(",
        code,
    )


def test_the_policy_admits_only_what_the_page_holds() -> None:
    found = page(BATCHES["folder"])
    policy = next(
        a["content"]
        for t, a in found.tags
        if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for (tag, attrs), text in zip(found.tags, found.texts, strict=True):
        if tag == "style" or (tag == "script" and "type" not in attrs):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy, tag


def test_texts_of_a_report_cannot_end_their_element_or_play_tricks() -> None:
    text = written(BATCHES["hostile"])
    assert text.count("<script") == len(BATCHES["hostile"].audits) + 2
    assert text.count("</script") == text.count("<script")
    assert "<script>alert" not in text
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text
    )
    told = page(BATCHES["hostile"]).data("summary")
    assert "<script>alert(1)</script>" in told["reports"][0]["n"]
    assert "⟦U+202E⟧" in told["reports"][0]["n"]


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_embedded_values_are_safe_and_come_back(value: object) -> None:
    text = embedded(value)
    assert not set("<>&") & set(text)
    back = json.loads(text)
    if isinstance(value, str):
        assert back == shown(value)
        text.encode("utf-8")


def test_floats_are_refused_and_big_counts_keep_every_digit() -> None:
    with pytest.raises(TypeError):
        embedded(1.5)
    assert embedded([2**60, 7]) == '["1152921504606846976",7]'


# --- words and colours -----------------------------------------------------------------------


def test_both_languages_have_the_same_words() -> None:
    zh, en = (words.load(lang, "page").phrases for lang in ("zh", "en"))
    assert list(zh) == list(en)
    for key in zh:
        gaps = [{g for _, g, _, _ in string.Formatter().parse(p[key]) if g} for p in (zh, en)]
        assert gaps[0] == gaps[1], key
        assert zh[key].strip()
        assert not re.search("[\u4e00-\u9fff]", en[key]), key


def test_every_word_that_is_asked_for_exists_and_every_word_is_used() -> None:
    code = "".join(map(asset, SCRIPTS))
    told = page(BATCHES["folder"]).data("summary")["words"]
    asked = set(re.findall(r'\bW\(\s*"([a-z_.]+)"', code))
    assert asked
    for lang in ("zh", "en"):
        assert asked <= set(told[lang]), asked - set(told[lang])
    source = code + (ROOT / "auditor/renderers/_html/page.py").read_text(encoding="utf-8")
    built = (
        "page.theme_",
        "page.at_",
        "page.review_hint",
        "page.open_hint",
        "page.open_cell",
        "page.blank_cell",
        "page.inferred_cell",
    )
    for key in words.load("zh", "page").phrases:
        assert f'"{key}"' in source or key.startswith(built), key


def test_no_words_stand_in_the_code() -> None:
    for name in SCRIPTS:
        code = re.sub(r"//.*", "", asset(name))
        assert set(re.findall("[\u4e00-\u9fff]", code)) <= set("优良中差"), name


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    a, b = sorted((luminance(one), luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def schemes() -> list[dict[str, str]]:
    """The colours of light, dark by the system, dark by choice, and paper."""
    css = asset("colours.css") + asset("print.css")
    blocks = re.findall(r"\{([^{}]*--bg:[^{}]*)\}", css)
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def test_contrast_is_enough_in_light_dark_and_print() -> None:
    """WCAG AA: 4.5 for text, 3 for what must be seen but not read."""
    assert len(schemes()) == 4
    for colours in schemes():
        grounds = [colours[g] for g in ("bg", "surface", "paper")]
        for name in (
            "ink",
            "soft",
            "accent",
            "major",
            "minor",
            "note",
            "pass",
            "review",
            "open",
            "fatal",
        ):
            for ground in grounds:
                assert contrast(colours[name], ground) >= 4.5, (name, ground)
        for name in ("major", "minor", "note", "pass", "review", "open"):
            assert contrast(colours[name], colours[f"{name}-tint"]) >= 4.5, name
        for text, ground in (
            ("on-fatal", "fatal-tint"),
            ("on-accent", "accent"),
            ("soft", "sunken"),
            ("ink", "accent-tint"),
            ("soft", "accent-tint"),
            ("soft", "hover"),
        ):
            if {text, ground} <= set(colours):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        for ground in grounds:
            assert contrast(colours["strong-line"], ground) >= 3, ground


def test_dark_is_the_same_whether_the_system_or_the_reader_asks() -> None:
    _, system, chosen, _ = schemes()
    assert system == chosen


# --- what it says ----------------------------------------------------------------------------


def test_summary_holds_every_report_in_the_order_of_the_ranking() -> None:
    batch = audits.folder(3)
    told = page(batch).data("summary")
    assert len(told["reports"]) == len(batch.audits)
    years = [r["y"] or 0 for r in told["reports"]]
    assert years == sorted(years, reverse=True)
    newest = [r for r in told["reports"] if r["y"] == years[0]]
    scores = [float(r["p"]) for r in newest if r["p"] is not None]
    assert scores == sorted(scores, reverse=True)
    assert [r["k"] for r in told["reports"] if r["y"] not in (years[0], None)] == ["1"]
    assert told["reports"][-1]["l"] is None
    assert told["reports"][-1]["k"] == "–"
    assert len(told["refused"]) == len(batch.refusals)
    assert told["faults"][0][4].startswith("Traceback")
    assert [key for key, _ in told["families"]] == sorted({r[0] for r in audits.RULES})


def test_every_finding_is_told_once_with_its_sum_law_and_place() -> None:
    audit = audits.messy()
    detail = page(Batch((audit,))).data("r0")
    told = [f for block in detail["blocks"] for f in block["f"]]
    assert sorted(told) == list(range(len(detail["findings"])))
    known = [f for r in audit.results for f in r.findings]
    assert len(told) == len(known)
    sums = {f["sum"] for f in detail["findings"] if "sum" in f}
    assert {f.working for f in known if f.rule == "A03"} <= sums
    for finding in detail["findings"]:
        if finding["r"] in ("A01", "A02", "A03"):
            assert all(place.startswith("c:") for place in finding["at"])
            assert len(finding["at"]) == len(finding["e"])


def test_cells_have_their_values_and_states() -> None:
    audit = audits.messy()
    report = page(Batch((audit,)))
    fields = report.data("summary")["forms"]["ogi-2021"]["fields"]
    cells = report.data("r0")["cells"]
    assert len(cells["v"]) == len(cells["s"]) == len(fields)
    by_path = {
        path: (v, s) for (path, _, _), v, s in zip(fields, cells["v"], cells["s"], strict=True)
    }
    assert by_path["disputes.review.pending"] == (None, "o")
    assert by_path["applications.granted.natural_person"] == (9, "r")
    assert by_path["disclosure.fees.amount"] == ("0.038", "r")


def test_what_was_printed_stands_in_the_cell() -> None:
    audit = audits.clean()
    seen = (
        Observation("unit-in-cell", detail="139件", path="disclosure.licences.decisions"),
        Observation("blank-cell", detail="/", path="applications.new.other"),
        Observation("inferred", detail="12000", path="applications.new.natural_person"),
    )
    data = {**audit.report.data, "applications": {**audit.report.data["applications"]}}
    data["applications"]["new"] = {**data["applications"]["new"], "other": None}
    audit = replace(audit, report=replace(audit.report, observations=seen, data=data))
    report = page(Batch((audit,)))
    paths = [f[0] for f in report.data("summary")["forms"]["ogi-2021"]["fields"]]
    cells = report.data("r0")["cells"]
    at = {path: n for n, path in enumerate(paths)}
    assert cells["p"] == {
        str(at["disclosure.licences.decisions"]): "139件",
        str(at["applications.new.other"]): "/",
    }
    assert cells["s"][at["applications.new.other"]] == "b"
    assert cells["s"][at["applications.new.natural_person"]] == "i"


def quoting(*quotes: tuple[str, str]) -> dict[str, Any]:
    """The page of a report whose findings quote these (path, phrase) pairs."""
    audit = audits.clean()
    data = {
        **audit.report.data,
        "overview": {"heading": "一、总体情况", "text": "甲乙丙，甲乙丁。\n戊<b>己</b>庚。"},
    }
    findings = [
        Finding(
            "S02",
            Outcome.FAIL,
            Said("问", "q"),
            Said("", ""),
            (Evidence(path, Said(path, path), None, quote=quote),),
            fingerprint=str(n),
        )
        for n, (path, quote) in enumerate(quotes)
    ]
    audit = audits.audited(replace(audit.report, data=data), {"S02": findings})
    return page(Batch((audit,))).data("r0")  # type: ignore[no-any-return]


def test_phrases_are_marked_where_they_stand() -> None:
    detail = quoting(
        ("overview.text", "甲乙"),
        ("overview.text", "甲乙"),
        ("overview", "总体"),
        ("overview.text", "没有的话"),
        ("overview.text", "<b>己"),
    )
    assert [f["at"] for f in detail["findings"]] == [
        ["p:0"],
        ["p:1"],
        ["p:2"],
        ["s:overview"],
        ["p:3"],
    ]
    section = next(s for s in detail["sections"] if s["k"] == "overview")
    assert section["text"] == [
        [["甲乙", ["p:0"]], "丙，", ["甲乙", ["p:1"]], "丁。"],
        ["戊", ["<b>己", ["p:3"]], "</b>庚。"],
    ]
    assert section["heading"] == [["一、", ["总体", ["p:2"]], "情况"]]


def test_phrases_may_overlap_and_cross_lines() -> None:
    detail = quoting(("overview.text", "乙丙，甲"), ("overview.text", "丙，甲乙丁。\n戊"))
    section = next(s for s in detail["sections"] if s["k"] == "overview")
    assert section["text"][0] == [
        "甲",
        ["乙", ["p:0"]],
        ["丙，甲", ["p:0", "p:1"]],
        ["乙丁。", ["p:1"]],
    ]
    assert section["text"][1][0] == ["戊", ["p:1"]]


@given(
    st.text(alphabet="ab\n", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
)
def test_runs_lose_no_character(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [
        (min(a, b), max(a, b), f"p:{n}") for n, (a, b) in enumerate(spans) if max(a, b) <= len(text)
    ]
    told = runs(text, inside)
    joined = ["".join(r if isinstance(r, str) else r[0] for r in line) for line in told]  # type: ignore[index]
    assert joined == [line for line in text.split("\n") if line]


def test_waivers_lawful_readings_and_last_year_are_told() -> None:
    audit = audits.hostile()
    told = [f for f in page(Batch((audit,))).data("r0")["findings"] if f["r"] == "S02"]
    assert told[0]["waiver"].startswith("[/b]")
    passing = replace(audit, results=tuple(replace(r, outcome=Outcome.PASS) for r in audit.results))
    still = page(Batch((passing,)))
    assert [f["waiver"] for f in still.data("r0")["findings"]] == [told[0]["waiver"]]
    assert [row[4] for row in still.data("summary")["reports"][0]["r"]] == [1]
    messy = page(Batch((audits.messy(),))).data("r0")["findings"]
    assert any("exc" in f for f in messy)
    prior = Evidence("applications.new.total", Said("x", "x"), 7, prior=True)
    last = Finding("A01", Outcome.FAIL, Said("问", "q"), Said("", ""), (prior,))
    detail = page(Batch((audits.audited(audits.clean().report, {"A01": [last]}),))).data("r0")
    assert detail["findings"][0]["at"] == []
    assert detail["findings"][0]["e"][0][4] == 1


def test_a_report_of_an_unknown_form_is_still_shown() -> None:
    text = html.render(Batch((audits.messy(),)), Options()).decode("utf-8")
    detail = Page(text).data("r0")
    assert detail["sections"] == []
    assert detail["findings"]
    assert any(path == "title" for path, _, _ in detail["head"])


def test_same_batch_gives_the_same_bytes() -> None:
    assert written(audits.folder(2)) == written(audits.folder(2))


def test_sixty_bad_reports_are_small_enough() -> None:
    """At most 5 MB for 60 reports, though every one of them is full of faults."""
    many = tuple(
        replace(a, report=replace(a.report, source=f"{n}.docx"))
        for n in range(60)
        for a in [audits.messy()]
    )
    assert len(written(Batch(many)).encode()) < 5_000_000


# --- tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [*FORMS.values(), *FOREIGN], ids=lambda f: f.id)
def test_layouts_are_full_and_hold_every_cell(form: Any) -> None:
    for table in form.tables:
        groups = {row.group for row in table.rows if row.undivided}
        for undivided in (
            frozenset(),
            frozenset(groups),
            *(frozenset({g}) for g in sorted(groups)),
        ):
            grid = lay_out(table, undivided)
            taken = [
                (r, c)
                for p in grid.cells
                for r in range(p.row, p.row + p.rows)
                for c in range(p.column, p.column + p.columns)
            ]
            assert len(taken) == len(set(taken)) == grid.rows * grid.columns
            slots = [p.path for p in grid.cells if p.kind == SLOT]
            wanted = [
                f.path
                for r in table.rows
                if r.undivided == (r.group in undivided)
                for f in r.fields
            ]
            assert slots == wanted


def test_layout_groups_captions_and_heads_as_printed() -> None:
    table = FORMS["ogi-2021"].table("applications")
    cells = {p.path: p for p in lay_out(table).cells if p.path}
    group = cells["applications.denied"]
    assert (group.kind, group.rows, group.columns) == ("caption", 8, 1)
    assert cells["applications.new"].columns == 3
    across = lay_out(FORMS["ogi-2021"].table("disputes"))
    assert (across.rows, across.columns) == (4, 15)
    heads = [(p.text[:4], p.rows, p.columns) for p in across.cells if p.row == 0]
    assert [(rows, columns) for _, rows, columns in heads] == [(2, 5), (1, 10)]


def test_an_undivided_group_is_one_row() -> None:
    audit: Audit = audits.clean()
    seen = (Observation("group-undivided", path="applications.other"),)
    audit = replace(audit, report=replace(audit.report, observations=seen))
    report = page(Batch((audit,)))
    grids = report.data("summary")["grids"]
    section = next(s for s in report.data("r0")["sections"] if s["k"] == "applications")
    paths = [c[2] for row in grids[section["grid"]]["rows"] for c in row]
    assert "applications.other.undivided.total" in paths
    assert "applications.other.other.total" not in paths


# --- from the outside ------------------------------------------------------------------------


def test_the_command_writes_the_page_beside_the_screen(auditor: Run, tmp_path: Path) -> None:
    """A real sample: its wrong column is marked, its tables are drawn, its text is its own."""
    sample = ROOT / "reports_in" / "示例市示例区教育局2023年政府信息公开工作年度报告.docx"
    out = tmp_path / "out.html"
    done = auditor("audit", sample, "--format", "terminal", "--format", f"html={out}")
    assert done.returncode == 1, done.stderr
    assert "A02" in done.stdout
    report = Page(out.read_text(encoding="utf-8"))
    detail = report.data("r0")
    slip = next(b["slip"] for b in detail["blocks"] if "slip" in b)
    assert slip["cells"][0][0] == "c:applications.granted.natural_person"
    assert [s["k"] for s in detail["sections"] if "grid" in s] == [
        "disclosure",
        "applications",
        "disputes",
    ]
    assert all(s["text"] for s in detail["sections"] if "grid" not in s)
