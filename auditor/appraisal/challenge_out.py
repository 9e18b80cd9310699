"""The outcomes of a challenge: on the terminal, as a page, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from auditor.appraisal.challenge import MEASURES, Outcomes, Shares
from auditor.appraisal.form_map import cell_label, grids
from auditor.appraisal.paper import element, page
from auditor.appraisal.paper import heat as heat_on_page
from auditor.appraisal.screen import heading, heat, indented
from auditor.appraisal.shades import Shade, share_shade
from auditor.renderers._terminal.layout import Prose, Trimmed
from auditor.renderers.words import Words, load
from auditor.rulebook.rule import RuleSet

_WEAKEST = 8
_ENOUGH = 3


def show(found: Sequence[Outcomes], rules: RuleSet, lang: str, console: Console) -> None:
    """Every form, one after the other."""
    words = load(lang, "appraisal")
    for outcomes in found:
        console.print(Trimmed(Group(*_parts(outcomes, rules, words, console.width))))


def _parts(found: Outcomes, rules: RuleSet, words: Words, across: int) -> Iterator[RenderableType]:
    yield heading(words("challenge.title"), _head(found, rules, words), "bold", across)
    yield indented(Prose(_kinds(found, words), "dim"))
    yield Text()
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    for _ in range(len(MEASURES) + 1):
        table.add_column(justify="right")
    table.add_row("", *(Text(words(f"challenge.{m}"), "dim") for m in ("trials", *MEASURES)))
    for label, shares, style in _rows(found, words):
        cells = [str(shares.trials), *(percent(shares, m) for m in MEASURES)]
        table.add_row(Text(label, style), *(Text(c, style) for c in cells))
    yield indented(table)
    yield Text()
    yield indented(Prose(words("challenge.note"), "dim"))
    if found.plan.each:
        yield from _each(found, words, across)
    yield Text()


def _each(found: Outcomes, words: Words, across: int) -> Iterator[RenderableType]:
    """The form with the share that was detected in every cell."""
    yield Text()
    yield heading(words("challenge.cells"), "", "bold", across)
    shades = _shades(found)
    for grid in grids(found.form, words.lang):
        yield from heat(grid, shades, {}, across)
        yield Text()
    weakest = _weakest(found, words)
    if weakest:
        told = words("joint.list").join(weakest)
        yield indented(Prose(f"{words('challenge.weakest')}  {told}"))


def _head(found: Outcomes, rules: RuleSet, words: Words) -> str:
    return words(
        "challenge.head", id=rules.id, version=rules.version, digest=rules.digest[:12],
        form=found.form.id, slips=found.plan.slips, trials=len(found.trials), seed=found.plan.seed,
    )  # fmt: skip


def _kinds(found: Outcomes, words: Words) -> str:
    kinds = [words(f"challenge.kind.{kind}") for kind in found.plan.kinds]
    return words("challenge.kinds", kinds=words("joint.list").join(kinds))


def _rows(found: Outcomes, words: Words) -> Iterator[tuple[str, Shares, str]]:
    """(label, shares, style) of all, of the tables and of the kinds."""
    yield words("challenge.total"), found.total, "bold"
    for key, shares in found.by_table().items():
        table = found.form.table(key)
        yield (table.number if words.lang != "en" else table.key), shares, ""
    for kind, shares in found.by_kind().items():
        yield words(f"challenge.kind.{kind}"), shares, "dim"


def percent(shares: Shares, measure: str) -> str:
    """A share for people, never rounded up to all nor down to none."""
    value = 100 * shares.share(measure)
    text = f"{value:.1f}"
    if text == "100.0" and shares.counts[measure] < shares.trials:
        text = "99.9"
    return f"{text}%"


def _shades(found: Outcomes) -> dict[str, Shade]:
    shares = found.by_cell()
    return {
        path: Shade(
            str(100 * of.counts["detected"] // of.trials), share_shade(of.share("detected"))
        )
        for path, of in shares.items()
    }


def _weakest(found: Outcomes, words: Words) -> list[str]:
    """The cells in which least is detected, with the share."""
    shares = found.by_cell()
    order = sorted(shares, key=lambda path: shares[path].share("detected"))
    weak = [p for p in order if shares[p].trials >= _ENOUGH and shares[p].share("detected") < 1]
    return [
        f"{cell_label(found.form, path, words.lang)} {percent(shares[path], 'detected')}"
        for path in weak[:_WEAKEST]
    ]


# --- page and data -------------------------------------------------------------------------------


def challenge_page(found: Sequence[Outcomes], rules: RuleSet, lang: str) -> str:
    """The same as a page that stands alone."""
    words = load(lang, "appraisal")
    body = [element("h1", words("challenge.title"))]
    for outcomes in found:
        body += _form(outcomes, rules, words)
    return page(words("challenge.title"), body, words.lang)


def _form(found: Outcomes, rules: RuleSet, words: Words) -> Iterator[str]:
    yield element("h2", found.form.title.inside(words.lang))
    yield element("p", _head(found, rules, words), "soft")
    yield element("p", _kinds(found, words), "soft")
    head = "".join(element("th", words(f"challenge.{m}")) for m in ("trials", *MEASURES))
    rows = []
    for label, shares, _ in _rows(found, words):
        cells = [str(shares.trials), *(percent(shares, m) for m in MEASURES)]
        told = "".join(element("td", cell) for cell in cells)
        rows.append(f"<tr>{element('th', label)}{told}</tr>")
    yield (
        f'<table class="figures"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
    yield element("p", words("challenge.note"), "soft")
    if found.plan.each:
        yield element("h3", words("challenge.cells"))
        hints = _hints(found, words)
        for grid in grids(found.form, words.lang):
            yield heat_on_page(grid, _shades(found), {}, hints)


def _hints(found: Outcomes, words: Words) -> dict[str, str]:
    hints = {}
    for path, shares in found.by_cell().items():
        told = [f"{words(f'challenge.{m}')} {percent(shares, m)}" for m in MEASURES]
        label = cell_label(found.form, path, words.lang)
        hints[path] = f"{label}\n{words('joint.list').join(told)}"
    return hints


def challenge_json(found: Sequence[Outcomes], rules: RuleSet) -> str:
    """One object with counts, from which every share follows."""
    value = {
        "ruleset": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "forms": [_plain(outcomes) for outcomes in found],
    }
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(found: Outcomes) -> dict[str, Any]:
    plan = found.plan
    return {
        "form": found.form.id,
        "slips": plan.slips,
        "kinds": list(plan.kinds),
        "seed": plan.seed,
        "total": _counts(found.total),
        "byTable": {key: _counts(of) for key, of in found.by_table().items()},
        "byKind": {key: _counts(of) for key, of in found.by_kind().items()},
        "byCell": {key: _counts(of) for key, of in found.by_cell().items()},
    }


def _counts(shares: Shares) -> dict[str, int]:
    return {"trials": shares.trials, **shares.counts}
