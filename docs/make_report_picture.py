"""Draw docs/report.png anew: a report of the HTML page, in a browser, with a finding chosen.

Usage: python docs/make_report_picture.py (from a checkout, with the extra `browser` and a
chromium). The bodies of the samples are invented.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from auditor.corpus import audit_all
from auditor.pipeline import Input, Settings
from auditor.renderers import Options, html
from auditor.rulebook.load import load_rules
from auditor.schema import load_forms

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "reports_in" / "示例市示例区教育局2023年政府信息公开工作年度报告.docx"
SIZE = {"width": 1280, "height": 800}


def main() -> None:
    """Audit the sample, open the page, choose the first finding, take the picture."""
    forms = load_forms(ROOT / "schemas")
    settings = Settings(forms, load_rules(ROOT / "rules" / "ogi"), "2024-02-01")
    batch = audit_all((Input(SAMPLE),), settings)
    options = Options(forms={f.id: f for f in forms})
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page_file = Path(folder) / "out.html"
        page_file.write_bytes(html.render(batch, options))
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport=SIZE, reduced_motion="reduce")  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{page_file.as_uri()}#/report/0")
        page.locator(".place").first.click()
        page.mouse.move(0, 0)
        page.screenshot(path=ROOT / "docs" / "report.png")
        browser.close()


if __name__ == "__main__":
    main()
