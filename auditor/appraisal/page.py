"""An analysis as a page: the same sentences as on the screen, the map with an example per cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.appraisal import telling
from auditor.appraisal.analysis import Analysis
from auditor.appraisal.form_map import cell_label, grids
from auditor.appraisal.paper import element, heat, page, say
from auditor.appraisal.shades import legend, shade
from auditor.renderers.words import Words, load
from auditor.rulebook.rule import RuleSet


def analysis_page(found: Sequence[Analysis], rules: RuleSet, lang: str) -> str:
    """The page of all forms of a rule set."""
    words = load(lang, "appraisal")
    title = words("analysis.title")
    body = [element("h1", title), element("p", rules.title.inside(words.lang), "soft")]
    for analysis in found:
        body += _form(analysis, rules, words)
    return page(f"{title} · {rules.id} {rules.version}", body, words.lang)


def _form(analysis: Analysis, rules: RuleSet, words: Words) -> Iterator[str]:
    top, told = telling.head(analysis, rules, words)
    yield element("h2", analysis.form.title.inside(words.lang))
    yield element("p", top, "soft")
    yield element("p", told, "soft")
    said = telling.verdict(analysis, words)
    if said:
        sure = analysis.complete and not analysis.faulty
        yield element("p", said, "verdict good" if sure else "verdict unsure")
    for section in telling.sections(analysis, rules, words):
        yield element("h3", section.title, "bad" if section.grave else "")
        yield element("p", section.note, "soft")
        yield f"<ul>{''.join(element('li', line) for line in section.lines)}</ul>"
    yield from _map(analysis, words)


def _map(analysis: Analysis, words: Words) -> Iterator[str]:
    yield element("h3", words("blind.title"))
    yield element("p", words("blind.note"), "soft")
    yield _legend(analysis, words)
    shades = {path: shade(seen, words) for path, seen in analysis.blind.items()}
    marks = dict.fromkeys(analysis.bounded, "≤")
    hints = {
        path: _hint(analysis, path, seen.others, words) for path, seen in analysis.blind.items()
    }
    for grid in grids(analysis.form, words.lang):
        yield heat(grid, shades, marks, hints)
    if analysis.blind_with_prior:
        told = [
            f"{cell_label(analysis.form, path, words.lang)} "
            f"{analysis.blind[path].least} → {shade(seen, words).text}"
            for path, seen in analysis.blind_with_prior.items()
        ]
        yield element("p", words("blind.with_prior", cells=words("joint.list").join(told)), "soft")


def _legend(analysis: Analysis, words: Words) -> str:
    rows = []
    for key, meaning, count in legend(analysis.blind, words):
        share = element(
            "span", words("blind.shares", count=count, total=len(analysis.blind)), "soft"
        )
        rows.append(
            f'<b class="s{key.level}">{say(key.text)}</b><span>{say(meaning)} {share}</span>'
        )
    if analysis.bounded:
        rows.append(f'<b class="mark">≤</b><span>{say(words("blind.bounded"))}</span>')
    return f'<div class="key">{"".join(rows)}</div>'


def _hint(analysis: Analysis, path: str, others: Sequence[str], words: Words) -> str:
    """What a cell is, and figures that would have to be wrong with it."""
    label = cell_label(analysis.form, path, words.lang)
    if not others:
        return label
    told = words("joint.list").join(cell_label(analysis.form, o, words.lang) for o in others)
    return f"{label}\n{words('blind.example', cells=told)}"
