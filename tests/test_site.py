"""docs build: a page for every rule and form, in both languages, and nothing that is fetched."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as Parser

from auditor.form import Form
from auditor.rulebook.load import load_rules
from auditor.rulebook.rule import RuleSet
from auditor.workbench.account import account
from auditor.workbench.ground import rule_named
from auditor.workbench.site.build import TEMPLATES, TUTORIALS, Site, build
from tests.conftest import ROOT, Run

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SAMPLES = (
    "示例市示例区教育局2023年政府信息公开工作年度报告.docx",
    "示例县市场监督管理局2023年政府信息公开工作年度报告.json",
)


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, forms: tuple[Form, ...], ruleset: RuleSet
) -> Path:
    folder = tmp_path_factory.mktemp("site") / "docs"
    build(Site(ruleset, forms), folder)
    return folder


def test_every_rule_has_its_page(site: Path, forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    for rule in ruleset.rules:
        for lang, name in (("zh", f"rule-{rule.id}.html"), ("en", f"en/rule-{rule.id}.html")):
            page = Parser((site / name).read_text(encoding="utf-8"))
            text = page.body.text()
            assert rule.title.inside(lang) in text, name
            assert page.css_first(".example.pass") is not None, name
            assert page.css_first(".example.fail") is not None, name
    told = account(ruleset, rule_named(ruleset, "A01"), forms, "en")
    text = Parser((site / "en" / "rule-A01.html").read_text(encoding="utf-8")).body.text()
    assert told.sentence in text
    assert all(line in text for line in (*told.why, *told.law, *told.history))
    assert "应当: 本年新收 + 上年结转 = 办理总计 + 结转下年" in text


def test_right_and_wrong_can_be_compared(site: Path) -> None:
    """The wrong example sets the same facts as the right one, where there is such a one."""
    page = Parser((site / "rule-A01.html").read_text(encoding="utf-8"))
    right, wrong = (
        [th.text() for th in page.css(f".example.{kind} th")] for kind in ("pass", "fail")
    )
    assert right == wrong


def test_every_form_is_drawn(site: Path, forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    for form in forms:
        if form.id in ruleset.forms:
            page = Parser((site / f"form-{form.id}.html").read_text(encoding="utf-8"))
            cells = [td.attributes["title"] for td in page.css(".grid td")]
            paths = [form.names[name] for name in cells]
            drawn = [f.path for t in form.tables for f in t.fields()]
            assert sorted(paths) == sorted(drawn)


def test_every_link_leads_somewhere_inside(site: Path) -> None:
    pages = {p: Parser(p.read_text(encoding="utf-8")) for p in site.rglob("*.html")}
    ids = {p: {e.attributes["id"] for e in page.css("[id]")} for p, page in pages.items()}
    for path, page in pages.items():
        for element in page.css("[href], [src]"):
            address = element.attributes.get("href") or element.attributes.get("src")
            if address == "data:,":
                continue
            name, _, anchor = address.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.is_file(), (path.name, address)
            assert target.is_relative_to(site.resolve())
            assert not anchor or anchor in ids[target], (path.name, address)


def test_both_languages_have_the_same_pages(site: Path) -> None:
    zh = {p.name for p in site.glob("*.html")}
    assert zh == {p.name for p in (site / "en").glob("*.html")}
    for path in (site / "en").glob("*.html"):
        tongue = Parser(path.read_text(encoding="utf-8")).css_first(".tongue").attributes["href"]
        assert tongue == f"../{path.name}"


def test_texts_of_rules_are_never_markup(tmp_path: Path, forms: tuple[Form, ...]) -> None:
    shutil.copytree(ROOT / "rules" / "ogi", tmp_path / "ogi")
    path = tmp_path / "ogi" / "fees.yaml"
    attack = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    rule = f"- {{编号: Z1, 名称: '{attack}', 依据: ['{attack}'], 忌用: ['{attack}'], 示例: {{合格: [{{}}], 不合格: [{{总体情况: '{attack}'}}]}}}}\n"
    path.write_text(path.read_text(encoding="utf-8") + rule, encoding="utf-8")
    build(Site(load_rules(tmp_path / "ogi"), forms), tmp_path / "docs")
    page = Parser((tmp_path / "docs" / "rule-Z1.html").read_text(encoding="utf-8"))
    assert attack in page.body.text()
    assert page.css("main script, main img") == []
    index = (tmp_path / "docs" / "assets" / "index-zh.js").read_text(encoding="utf-8")
    assert index.count("\n") == 1


def test_it_is_the_same_every_time_and_replaces_only_its_own(
    tmp_path: Path, site: Path, forms: tuple[Form, ...], ruleset: RuleSet, auditor: Run
) -> None:
    folder = tmp_path / "docs"
    build(Site(ruleset, forms), folder)
    files = {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    assert files == {
        p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    local = auditor("docs", "build", "-o", folder, "--rules", ROOT / "rules" / "ogi-local-example")
    assert local.returncode == 0, local.stderr
    assert (folder / "rule-L01.html").is_file()
    assert not (folder / "rule-A12d.html").exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("mine", encoding="utf-8")
    refused = auditor("docs", "build", "-o", other)
    assert refused.returncode == 2
    assert [p.name for p in other.iterdir()] == ["letter.txt"]
    (other / ".auditor-docs").write_text("../docs/rule-L01.html\nletter.txt\n", encoding="utf-8")
    assert auditor("docs", "build", "-o", other).returncode == 0
    assert (folder / "rule-L01.html").is_file()  # a manifest leads nowhere outside


# ---- tutorials ---------------------------------------------------------------------------------


def commands(lang: str, key: str) -> list[tuple[str, set[int], str]]:
    """(command, exit statuses, what is typed) of the commands that a tutorial tells to run."""
    text = (TEMPLATES / lang / f"{key}.html").read_text(encoding="utf-8")
    found = re.findall(
        r'<pre class="run" data-status="([0-9,]+)"(?: data-answers="([^"]*)")?>(.*?)</pre>', text
    )
    return [
        (html.unescape(command), {int(s) for s in statuses.split(",")}, answers.replace("|", "\n"))
        for statuses, answers, command in found
    ]


@pytest.mark.parametrize("key", TUTORIALS)
def test_a_tutorial_works_as_it_is_written(key: str, auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "reports_in").mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "reports_in" / name, tmp_path / "reports_in" / name)
    found = commands("zh", key)
    assert len(found) >= 5
    for command, statuses, typed in found:
        done = auditor(*command.split()[1:], input=typed)
        assert done.returncode in statuses, (command, done.stdout, done.stderr)


@pytest.mark.parametrize("key", TUTORIALS)
def test_both_tutorials_say_the_same(key: str) -> None:
    """The English commands are the Chinese ones but for names and language."""
    names = {"本市": "mine", "结果": "result", "清单": "list", "通知": "notices", "全部": "all",
             "基线": "baseline"}  # fmt: skip

    def plain(command: str) -> list[str]:
        for zh, en in names.items():
            command = command.replace(f" {zh}", f" {en}").replace(f"={zh}.", f"={en}.")
        return sorted(word for word in command.split() if word not in ("--lang", "en"))

    zh, en = commands("zh", key), commands("en", key)
    assert [plain(c) for c, _, _ in zh] == [plain(c) for c, _, _ in en]
    assert [s for _, s, _ in zh] == [s for _, s, _ in en]


def test_the_english_answers_make_a_rule_too(auditor: Run, tmp_path: Path) -> None:
    for command, statuses, typed in commands("en", "author")[:3]:
        done = auditor(*command.split()[1:], input=typed)
        assert done.returncode in statuses, done.stdout + done.stderr
    assert "assert: " in next((tmp_path / "mine").rglob("local.yaml")).read_text(encoding="utf-8")


# ---- in a browser ------------------------------------------------------------------------------


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_in_a_browser_from_disk(site: Path) -> None:
    """Wide and narrow, both languages: nothing is fetched, nothing overflows, the search finds."""
    api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
    with api.sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for width in (1280, 390):
            page = browser.new_page(viewport={"width": width, "height": 900})
            requests: list[str] = []
            complaints: list[str] = []
            page.on("request", lambda r, kept=requests: kept.append(r.url))
            page.on("console", lambda m, kept=complaints: kept.append(m.text))
            page.on("pageerror", lambda e, kept=complaints: kept.append(str(e)))
            for lang in ("", "en/"):
                for name in (
                    "index",
                    "rules",
                    "rule-A01",
                    "rule-T01",
                    "form-ogi-2021",
                    "language",
                    "tutorial-author",
                ):
                    page.goto((site / f"{lang}{name}.html").as_uri())
                    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                    assert not wide, (width, lang, name)
                page.goto((site / f"{lang}index.html").as_uri())
                page.keyboard.press("/")
                page.keyboard.type("t0")
                assert page.locator("#found a").first.inner_text().startswith("T01 ")
                page.keyboard.press("ArrowDown")
                page.keyboard.press("Enter")
                page.wait_for_url("**/rule-T02.html")
            page.goto((site / "index.html").as_uri())
            page.fill("#find", "结转 衔接")
            assert page.locator("#found a").count() > 0
            page.fill("#find", "qqqq")
            assert page.locator("#found .none").count() == 1
            assert complaints == []
            assert all(r.startswith((site.as_uri(), "data:")) for r in requests)
        browser.close()
