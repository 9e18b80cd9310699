"""A page that stands alone: no script, nothing from anywhere, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files

from auditor.appraisal.form_map import Grid
from auditor.appraisal.shades import Shade
from auditor.renderers._html.page import asset
from auditor.renderers._html.plain import shown


def page(title: str, body: Iterable[str], lang: str) -> str:
    """The whole page round its body; a policy forbids all but its own style."""
    style = asset("colours.css") + (files(__package__) / "assets" / "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(f"\n{style}\n".encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    inner = "\n".join(body)
    return (
        f'<!doctype html>\n<html lang="{"en" if lang == "en" else "zh-Hans"}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{say(title)}</title>\n<style>\n{style}\n</style>\n</head>\n"
        f"<body>\n<main>\n{inner}\n</main>\n</body>\n</html>\n"
    )


def say(text: str) -> str:
    """A text as it may stand in the page."""
    return escape(shown(text))


def element(name: str, text: str, kind: str = "") -> str:
    """An element with a text in it."""
    of = f' class="{escape(kind)}"' if kind else ""
    return f"<{name}{of}>{say(text)}</{name}>"


def heat(
    grid: Grid, shades: Mapping[str, Shade], marks: Mapping[str, str], hints: Mapping[str, str]
) -> str:
    """One table with its cells shaded; what a cell's hint says appears when it is pointed at."""
    head = "".join(f"<th scope=col>{say(column)}</th>" for column in grid.columns)
    rows = []
    for line in grid.lines:
        cells = "".join(_cell(path, shades, marks, hints) for path in line.paths)
        rows.append(f"<tr><th scope=row>{say(line.label)}</th>{cells}</tr>")
    return (
        f"<figure><table><caption>{say(grid.name)}</caption><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></figure>"
    )


def _cell(
    path: str, shades: Mapping[str, Shade], marks: Mapping[str, str], hints: Mapping[str, str]
) -> str:
    found = shades.get(path)
    if found is None:
        return '<td class="gone"></td>'
    hint = f' title="{say(hints[path])}"' if path in hints else ""
    return f'<td class="s{found.level}"{hint}>{say(found.text + marks.get(path, ""))}</td>'
