"""The HTML page in a real browser, opened from disk: what a reader does, and what must not happen.

Needs the extra `browser` (playwright) and a chromium; skips with the reason where one is absent.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from auditor.model import Batch
from auditor.renderers import Options, html
from auditor.schema import load_forms
from tests import audits

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the extra `browser` is not installed"
)
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
FORMS = {
    f.id: f
    for f in load_forms(Path(__file__).resolve().parent.parent / "schemas")
    if f.refuse is None
}


def batch() -> Batch:
    """Reports of every sort, more than one screenful, and one whose texts are attacks."""
    told = audits.folder(130)
    waived = replace(audits.hostile(), report=replace(audits.hostile().report, period=2024))
    return replace(told, audits=(*told.audits, waived), missing=audits.missing())


@dataclass
class Watch:
    """What happened while the page was used."""

    page: Any
    address: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def shown(self) -> list[str]:
        return self.page.locator("a.agency").all_text_contents()

    def until(self, holds: str, argument: object = None) -> None:
        """Wait for a condition; the page's policy forbids playwright's own way, which is eval."""
        for _ in range(100):
            if self.page.evaluate(holds, argument):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never: {holds}")

    def open(self, name: str, hash_of: str = "") -> None:
        number = self.page.evaluate(
            "name => JSON.parse(document.querySelector('#summary').textContent).reports.findIndex(r => r.n === name)",
            name,
        )
        assert number >= 0
        self.page.evaluate("to => { location.hash = to; }", f"#/report/{number}{hash_of}")
        self.page.wait_for_selector(".report")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "审核 out.html"
    path.write_bytes(
        html.render(batch(), Options(engine="auditor 0", as_of="2026-01-31", forms=FORMS))
    )
    return path


@pytest.fixture
def watch(browser: Any, file: Path, request: pytest.FixtureRequest) -> Iterator[Watch]:
    """A fresh page; whatever a test does, nothing may be complained of and nothing requested."""
    context = browser.new_context(
        **getattr(request, "param", {"viewport": {"width": 1440, "height": 900}})
    )
    page = context.new_page()
    seen = Watch(page, file.as_uri())
    page.on(
        "console",
        lambda m: seen.complaints.append(m.text) if m.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda e: seen.complaints.append(str(e)))
    page.on("request", lambda r: seen.requests.append(r.url))
    page.on("dialog", lambda d: (seen.complaints.append(f"dialog {d.message}"), d.dismiss()))
    page.goto(seen.address)
    page.wait_for_selector("table.ranking")
    yield seen
    context.close()
    assert seen.complaints == []
    assert [
        url for url in seen.requests if url.partition("#")[0] != seen.address and url != "data:,"
    ] == []


def test_overview_ranks_every_report_and_tells_what_was_set_aside(watch: Watch) -> None:
    page = watch.page
    assert page.title()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert len(watch.shown()) == 100
    page.locator(".more").click()
    total = len(batch().audits)
    assert len(watch.shown()) == total
    assert page.locator("#shown").inner_text() == f"显示 {total} / {total} 份"
    assert page.locator("#aside .aside-list li").count() == len(batch().refusals) + len(
        batch().faults
    )
    assert "不是任何机关的正式评定" in page.locator("footer").inner_text()


def test_filters_and_search_narrow_the_list(watch: Watch) -> None:
    page = watch.page
    page.locator('.filters [data-filter="severity"][data-value="4"]').click()
    assert watch.shown() == ["示例县经济技术开发区管理委员会办公室"]
    page.locator("#clear").click()
    assert len(watch.shown()) == 100
    page.locator('.filters [data-filter="grade"][data-value=""]').click()
    assert len(watch.shown()) == 1
    page.locator("#clear").click()
    page.locator('.filters [data-filter="family"][data-value="P"]').click()
    page.locator('.filters [data-filter="outcome"][data-value="fail"]').click()
    assert len(watch.shown()) == 1
    page.locator("#clear").click()
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("示例镇007")
    watch.until("document.querySelectorAll('a.agency').length === 1")
    page.keyboard.press("Escape")
    watch.until("document.querySelectorAll('a.agency').length === 100")
    page.locator("#search").fill("no such thing")
    page.wait_for_selector(".calm")
    assert watch.shown() == []


def test_columns_sort_both_ways_and_say_so(watch: Watch) -> None:
    page = watch.page
    page.locator('[data-sort="failed"]').click()
    assert watch.shown()[0] == "示例县经济技术开发区管理委员会办公室"
    assert page.locator("th[aria-sort=descending]").count() == 1
    assert page.evaluate("document.activeElement.dataset.sort") == "failed"
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending]").count() == 1
    assert watch.shown()[0] != "示例县经济技术开发区管理委员会办公室"
    page.locator('[data-sort="family:P"]').click()
    assert watch.shown()[0] == "示例县经济技术开发区管理委员会办公室"


def test_a_cell_of_the_heat_map_leads_to_its_findings(watch: Watch) -> None:
    page = watch.page
    page.locator('[data-sort="family:P"]').click()
    page.locator("a.heat.hot.sev-fatal").first.click()
    page.wait_for_selector(".report")
    chosen = page.locator('.place[aria-pressed="true"]')
    assert chosen.count() == 1
    assert "P01" in page.locator(".card-finding", has=chosen).inner_text()


def test_finding_and_cell_lead_to_each_other(watch: Watch) -> None:
    page = watch.page
    watch.open("示例区住房和城乡建设局")
    path = "applications.total.natural_person"
    cell = page.locator(f'td[data-path="{path}"]')
    assert "marked" in (cell.get_attribute("class") or "")
    assert cell.locator(".badge").inner_text() == "1…"
    place = page.locator(".place").first
    place.click()
    assert place.get_attribute("aria-pressed") == "true"
    lit = set(page.locator("td.lit").evaluate_all("cells => cells.map(c => c.dataset.path)"))
    assert path in lit
    assert lit == {
        e.path
        for r in audits.typo().results
        for f in r.findings
        if f.fingerprint == audits.typo().clusters[0].findings[0]
        for e in f.evidence
    }
    assert page.evaluate("document.activeElement.closest('td').classList.contains('lit')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "f0"
    cell.locator("button").click()
    cell.locator("button").click()
    assert page.evaluate("document.activeElement.id") == "f1"
    facts = page.locator(".facts:not([hidden])")
    assert facts.count() == 1
    watch.until(
        "path => { const b = document.querySelector(`td[data-path='${path}']`).getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }",
        path,
    )


def test_phrases_are_marked_and_open_cells_are_visibly_open(watch: Watch) -> None:
    page = watch.page
    watch.open("示例县经济技术开发区管理委员会办公室")
    opened = page.locator('td[data-path="disputes.review.pending"]')
    assert "open" in (opened.get_attribute("class") or "").split()
    read = page.locator("td.slot.read")
    assert read.count() > 100
    assert page.locator("td.slot.read.open").count() == 0
    assert "？" in opened.inner_text()
    assert page.locator(".found.open").is_visible()
    assert page.locator(".lawful").count() >= 1
    assert "一票否决" in page.locator(".notice.fail").inner_text()


def test_attacks_in_texts_stay_texts(watch: Watch) -> None:
    page = watch.page
    name = page.evaluate(
        "JSON.parse(document.querySelector('#summary').textContent).reports.map(r => r.n).find(n => n.includes('<script>'))"
    )
    watch.open(name)
    assert "<script>alert(1)</script>" in page.locator("h1").inner_text()
    assert "U+202E" in page.locator("h1").inner_text()
    assert page.locator("#app script").count() == 0
    assert page.locator(".waiver").count() == 1
    assert page.locator("h1 bdi").evaluate("el => getComputedStyle(el).unicodeBidi") == "isolate"


def test_the_language_changes_everything_but_the_original(watch: Watch) -> None:
    page = watch.page
    page.locator("#language").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("document.activeElement.id") == "language"
    heads = page.locator(".filters, thead, .hero, footer").all_inner_texts()
    assert not any(
        "\u4e00" <= c <= "\u9fff" and c not in "优良中差" for text in heads for c in text
    )
    watch.open("示例区住房和城乡建设局")
    assert "most likely come from one cell" in page.locator(".card-finding").first.inner_text()
    assert page.locator(".paper").get_attribute("lang") == "zh-Hans"
    assert "收到和处理" in page.locator(".paper").inner_text()
    page.locator("#language").click()
    assert "很可能出自同一格" in page.locator(".card-finding").first.inner_text()


def test_the_keyboard_reaches_everything(watch: Watch) -> None:
    page = watch.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("a.agency").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 4  # below its year
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector(".report")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.go_back()
    page.wait_for_selector("table.ranking")


def test_light_and_dark_follow_the_system_and_the_button(watch: Watch) -> None:
    page = watch.page
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(ground)
    assert dark != light
    page.locator("#theme").click()
    assert page.evaluate(ground) == light
    page.locator("#theme").click()
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == dark


@pytest.mark.parametrize("watch", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
def test_a_narrow_screen_needs_no_sideways_scrolling(watch: Watch) -> None:
    page = watch.page
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
    watch.open("示例县经济技术开发区管理委员会办公室")
    assert page.evaluate(wide)
    page.locator(".place").first.click()
    page.wait_for_selector("#dock", state="visible")
    page.locator("#dock .dock-text").click()
    assert page.evaluate("document.activeElement.id") == "f0"


def test_printing_shows_every_report_and_every_place(watch: Watch, tmp_path: Path) -> None:
    page = watch.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(watch.shown()) == len(batch().audits)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(watch.shown()) == 100
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 900})  # A4 without its margins
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 703, "the last columns would be cut off"
    page.emulate_media(media="screen")
    pdf = page.pdf(path=tmp_path / "overview.pdf", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF-")
    assert b"/Count" in pdf or len(pdf) > 50_000
    watch.open("示例县经济技术开发区管理委员会办公室")
    assert page.locator(".more").count() >= 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".more").count() == 0
    assert page.locator("details.tail:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    text = _text(page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True))
    assert "示例县经济技术开发区" in text
    assert "收到和处理" in text


def _text(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    finally:
        document.close()


def test_figures_say_of_which_years_they_are(watch: Watch) -> None:
    """Totals of several years say so; a chosen year has its own."""
    page = watch.page
    reports = [a.report.period for a in batch().audits]
    assert "各年度的合计" in page.locator(".years").inner_text()
    assert page.locator(".figure b").first.inner_text() == str(len(reports))
    page.locator('.filters [data-filter="year"][data-value="2023"]').click()
    assert page.locator(".figure b").first.inner_text() == str(reports.count(2023))
    assert f"2023 年度 {reports.count(2023)} 份" in page.locator(".years").inner_text()
    page.locator("#clear").click()
    assert page.locator(".figure b").first.inner_text() == str(len(reports))


def test_the_page_tells_who_has_handed_in_nothing(watch: Watch) -> None:
    page = watch.page
    told = page.locator("#absent")
    assert told.locator(".out-fail").count() == 1
    assert told.locator(".out-open").count() == 1
    assert "示例县档案局" in told.inner_text()
    assert "1\n应报未报（另 1 个待核对）" in page.locator(".figures").inner_text()
