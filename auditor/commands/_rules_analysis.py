"""auditor rules analyse and challenge: tools that look at a rule set as a whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import Said, UsageError
from auditor.outputs import write_file
from auditor.session import forms_and_rules

if TYPE_CHECKING:
    from auditor.appraisal.analysis import Analysis
    from auditor.appraisal.challenge import Outcomes
    from auditor.appraisal.floor import Floor
    from auditor.form import Form
    from auditor.rulebook.rule import RuleSet

FormName = Annotated[
    str | None, typer.Option("--form", help="只看这一表式 · this form only")
]  # fmt: skip
Format = Annotated[
    str, typer.Option("--format", "-f", help="terminal | html | json")
]  # fmt: skip
Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 · write to a file")]


def add(app: typer.Typer) -> None:
    """Add the commands to `auditor rules`."""
    app.command("analyse")(analyse)
    app.command("challenge")(challenge)


def analyse(
    rules: RulesDir = None, schemas: SchemasDir = None, form: FormName = None,
    format_: Format = "terminal", output: Output = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """体检规则集：写错的、矛盾的、多余的规则，和查不到的格子 · Examine a rule set."""
    _known(format_)
    forms, ruleset = forms_and_rules(schemas, rules)
    chosen = _chosen(forms, ruleset, form)
    from auditor.appraisal.analysis import analyse as examine

    found = [examine(ruleset, one) for one in chosen]
    _write_analysis(found, ruleset, format_, output, lang)
    raise typer.Exit(_status(found))


def challenge(
    rules: RulesDir = None, schemas: SchemasDir = None, form: FormName = None,
    slips: Annotated[
        int, typer.Option("--slips", min=1, max=12, help="每份报告掺几处错 · slips in one report")
    ] = 1,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="错法，可重复 · kind of slip: zero transpose drop few double "
                     "digit anything neighbour tenfold"),
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="试几次 · number of trials")] = 1000,
    each: Annotated[
        int, typer.Option(min=0, help="改为每格各试几次 · that many trials of every cell instead")
    ] = 0,
    seed: Annotated[int, typer.Option(help="随机种子 · seed")] = 1,
    floor: Annotated[
        list[str] | None,
        typer.Option(help="最低要求，如 detected=0.95 表三:pinned=1，达不到即退出1 · exit 1 below"),
    ] = None,
    format_: Format = "terminal", output: Output = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """往合格报告里掺错，看查出多少、断准多少 · Put slips into clean reports and see."""
    from auditor.appraisal.challenge import Plan
    from auditor.appraisal.challenge import challenge as try_out
    from auditor.appraisal.floor import floors

    _known(format_)
    wanted = floors(floor or [])
    plan = Plan(slips, _kinds(kind), trials, each, seed)
    forms, ruleset = forms_and_rules(schemas, rules)
    found = [try_out(ruleset, one, plan) for one in _chosen(forms, ruleset, form)]
    _write_challenge(found, ruleset, format_, output, lang)
    raise typer.Exit(1 if _below(found, wanted, lang) else 0)


def _kinds(given: list[str] | None) -> tuple[str, ...]:
    """The kinds of slips asked for, all of them if none is. Raises UsageError."""
    from auditor.appraisal.slips import KINDS

    for word in given or ():
        if word not in KINDS:
            known = ", ".join(KINDS)
            raise UsageError(Said(f"没有错法 '{word}'，有：{known}", f"no kind '{word}': {known}"))
    return tuple(k for k in KINDS if not given or k in given)


def _below(found: list[Outcomes], wanted: tuple[Floor, ...], lang: str) -> bool:
    """Whether any demand is not met; the sentence goes beside the output."""
    from auditor.appraisal.floor import missed
    from auditor.renderers.words import load

    words = load(lang, "appraisal")
    short = []
    for one in found:
        for floor, shares in missed(one, wanted):
            got = f"{one.form.id} {shares.counts[floor.measure]}/{shares.trials}"
            short.append(f"{floor.text}（{got}）" if lang != "en" else f"{floor.text} ({got})")
    if not wanted:
        return False
    told = words("joint.list").join(short or [floor.text for floor in wanted])
    key = "challenge.floor_not" if short else "challenge.floor_ok"
    sys.stderr.write(words(key, missed=told, wanted=told) + "\n")
    return bool(short)


def _write_challenge(
    found: list[Outcomes], rules: RuleSet, format_: str, output: Path | None, lang: str
) -> None:
    from auditor.appraisal import challenge_out

    if format_ == "json":
        _out(challenge_out.challenge_json(found, rules), output)
    elif format_ == "html":
        _out(challenge_out.challenge_page(found, rules, lang), output)
    else:
        with_console(output, lambda console: challenge_out.show(found, rules, lang, console))


def _status(found: list[Analysis]) -> int:
    """1 for rules that must be mended; 3 where not everything could be looked for."""
    if any(one.faulty for one in found):
        return 1
    return 0 if all(one.complete for one in found) else 3


def _write_analysis(
    found: list[Analysis], rules: RuleSet, format_: str, output: Path | None, lang: str
) -> None:
    if format_ == "json":
        from auditor.appraisal.plain import analysis_json

        _out(analysis_json(found, rules), output)
    elif format_ == "html":
        from auditor.appraisal.page import analysis_page

        _out(analysis_page(found, rules, lang), output)
    else:
        from auditor.appraisal.screen import show

        with_console(output, lambda console: show(found, rules, lang, console))


def _known(format_: str) -> None:
    if format_ not in ("terminal", "html", "json"):
        said = Said(f"没有输出格式 '{format_}'", f"no output format '{format_}'")
        raise UsageError(said)


def _chosen(forms: tuple[Form, ...], rules: RuleSet, name: str | None) -> list[Form]:
    """The forms of the rule set, or the one asked for. Raises UsageError."""
    known = [form for form in forms if form.refuse is None and form.id in rules.forms]
    chosen = [form for form in known if name in (None, form.id)]
    if not chosen:
        words = ", ".join(form.id for form in known)
        raise UsageError(Said(f"没有表式 '{name}'，有：{words}", f"no form '{name}': {words}"))
    return chosen


def _out(text: str, output: Path | None) -> None:
    if output is not None:
        write_file(output, text.encode("utf-8"))
    else:
        sys.stdout.write(text)


def with_console(output: Path | None, draw: object) -> None:
    """Draw on the screen, or into a file as plain text."""
    import io

    from rich.console import Console

    assert callable(draw)
    if output is None:
        draw(Console(highlight=False, soft_wrap=False))
        return
    text = io.StringIO()
    draw(Console(file=text, highlight=False, soft_wrap=False, width=100))
    write_file(output, text.getvalue().encode("utf-8"))
