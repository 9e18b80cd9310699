"""The page itself: skeleton, style and script from the assets, and the policy that seals it."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib.resources import files

from auditor.renderers.words import load

SCRIPTS = (
    "dom.js", "state.js", "parts.js", "charts.js", "filters.js", "overview.js",
    "paper.js", "findings.js", "report.js", "app.js",
)  # fmt: skip
STYLES = ("colours.css", "page.css", "report.css", "print.css")


@cache
def asset(name: str) -> str:
    """A file of `assets/`."""
    folder = files("auditor.renderers._html") / "assets"
    return (folder / name).read_text(encoding="utf-8")


def assembled(summary: str, reports: list[str], lang: str) -> str:
    """The page with its data; both are JSON that may stand in an element."""
    style = "\n".join(map(asset, STYLES))
    script = '"use strict";(() => {\n' + "\n".join(map(asset, SCRIPTS)) + "\n})();\n"
    data = [_data("summary", summary), *(_data(f"r{n}", r) for n, r in enumerate(reports))]
    gaps = {
        "@LANG@": "en" if lang == "en" else "zh-Hans",
        "@TITLE@": escape(load(lang, "page")("page.title")),
        "@POLICY@": escape(_policy(style, script)),
        "@NOSCRIPT@": escape(" · ".join(load(x, "page")("page.noscript") for x in ("zh", "en"))),
        "@STYLE@": style,
        "@DATA@": "\n".join(data),
        "@SCRIPT@": script,
    }
    parts = asset("page.html").split("\n")
    return "\n".join(gaps[line] if line in gaps else _filled(line, gaps) for line in parts)


def _filled(line: str, gaps: dict[str, str]) -> str:
    for name in ("@LANG@", "@TITLE@", "@POLICY@", "@NOSCRIPT@"):
        line = line.replace(name, gaps[name])
    return line


def _data(name: str, content: str) -> str:
    return f'<script type="application/json" id="{name}">{content}</script>'


def _policy(style: str, script: str) -> str:
    """Nothing from anywhere; only this style and this script, by their digests."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    """As a browser computes it: over the element's text, between the lines around it."""
    digest = hashlib.sha256(f"\n{text}\n".encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
