"""Draw docs/audit.svg anew: a real audit of a sample, as the terminal shows it.

Usage: python docs/make_picture.py (from a checkout, with the package installed).
"""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from auditor.model import Batch, Severity
from auditor.pipeline import Input, Settings, audit_one
from auditor.renderers import Options, terminal
from auditor.rulebook.load import load_rules
from auditor.schema import load_forms
from auditor.text import width
from auditor.verdict import verdict

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = Path("reports_in/示例市示例区教育局2023年政府信息公开工作年度报告.docx")
# Rich links a web font; the picture must open without a network.
FONTS = "Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
WEB_FONT = re.compile(r"\s*@font-face\s*\{.*?\}", re.DOTALL)


TEXT = re.compile(r'textLength="[0-9.]+"([^>]*)>([^<]*)</text>')
CELL = 12.2  # the width of a terminal cell in Rich's drawing


def fitted(match: re.Match[str]) -> str:
    """Rich counts characters where it should count cells: Chinese takes two."""
    length = width(html.unescape(match[2])) * CELL
    return f'textLength="{length:.1f}"{match[1]}>{match[2]}</text>'


def main() -> None:
    """Audit the sample and write the picture."""
    settings = Settings(load_forms(ROOT / "schemas"), load_rules(ROOT / "rules/ogi"), "2024-02-01")
    audit = audit_one(Input(ROOT / SAMPLE), settings)
    batch = Batch((audit,))  # type: ignore[arg-type]
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    line = verdict(batch, Severity.MAJOR).said.zh
    terminal.show(
        batch,
        Options(colour=True, summary_line=line, forms={f.id: f for f in settings.forms}),
        console,
    )
    svg = TEXT.sub(
        fitted,
        console.export_svg(title=f"auditor audit {SAMPLE}", theme=MONOKAI, unique_id="audit"),
    )
    svg = (
        WEB_FONT.sub("", svg)
        .replace("Fira Code, monospace", FONTS)
        .replace(f"{ROOT.as_posix()}/", "")
    )
    (ROOT / "docs" / "audit.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
