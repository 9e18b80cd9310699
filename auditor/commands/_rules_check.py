"""auditor rules check, test: what is wrong with a rule set, and whether its examples hold."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import RulesError, Said, UsageError

if TYPE_CHECKING:
    from auditor.form import Form
    from auditor.rulebook.rule import RuleSet

Style = Annotated[
    bool, typer.Option("--style/--no-style", help="也查风格（缺省查） · also the style (default)")
]
Cases = Annotated[Path | None, typer.Option("--cases", help="案例文件夹 · folder of case files")]
Cover = Annotated[
    bool, typer.Option("--coverage", help="列出没有覆盖到的规则和分支 · what is not covered")
]
Least = Annotated[
    float | None,
    typer.Option("--least", help="至少百分之几，不到则状态1 · floor in %, status 1 below it"),
]
Watch = Annotated[
    bool, typer.Option("--watch", help="每次存盘后重跑，Ctrl-C 结束 · again on every save")
]

Share = Annotated[
    int, typer.Option("--share", min=1, max=100, help="只试百分之几 · try only so many in 100")
]
Seed = Annotated[int, typer.Option("--seed", help="选哪些（与 --share 同用） · which of them")]
Only = Annotated[
    list[str] | None, typer.Option("--rule", help="只看这条规则，可重复 · only this rule")
]
Tries = Annotated[
    int,
    typer.Option("--tries", min=0, help="为每个存活的变异试多少个示例 · edits tried a survivor"),
]


def register(app: typer.Typer) -> None:
    """Add the commands for those who write rules."""
    app.command("check")(check)
    app.command("test")(run_examples)
    app.command("mutate")(mutate)


def check(
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh", style: Style = True
) -> None:
    """列出规则文件里的全部错误和风格问题 · List all that is wrong in the rule files, and style.

    状态：0 没有问题；1 只有风格问题；2 有错误 · Status: 0 nothing, 1 style only, 2 mistakes.
    """
    from auditor.resources import folder
    from auditor.rulebook.load import find_ruleset
    from auditor.session import load_the_forms
    from auditor.workbench.style import style as style_of
    from auditor.workbench.telling import mistake_told, slip_told, summary
    from auditor.workbench.wrong import everything_wrong

    forms = load_the_forms(schemas)
    found = everything_wrong(find_ruleset(rules or folder("rules")), forms)
    slips = style_of(found.sound, forms, whole=not found.mistakes) if style else ()
    authors = found.rules.authors
    told = [mistake_told(m, authors[m.file], lang) for m in found.mistakes]
    told += [slip_told(slip, lang) for slip in slips]
    for text in told:
        typer.echo(text + "\n")
    typer.echo(summary(found.rules, found.mistakes, slips).inside(lang))
    raise typer.Exit(2 if found.mistakes else 1 if slips else 0)


def run_examples(
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh", cases: Cases = None,
    cover: Cover = False, least: Least = None, watch: Watch = False,
) -> None:  # fmt: skip
    """检查规则，运行全部示例和案例 · Check the rules, run every example and every case.

    状态：0 全部成立；1 覆盖率不到 --least；2 有不成立的 · Status: 1 below --least, 2 not all hold.
    """
    from auditor.resources import folder
    from auditor.rulebook.load import find_ruleset
    from auditor.session import load_the_forms
    from auditor.workbench.testing import watched, with_parents

    forms = load_the_forms(schemas)
    found = find_ruleset(rules or folder("rules"))

    def run() -> int:
        return _tested(found, forms, lang, cases, cover=cover or least is not None, least=least)

    if not watch:
        raise typer.Exit(run())
    gc.enable()
    try:
        watched((*with_parents(found), *([cases] if cases else [])), lambda: _again(run))
    except KeyboardInterrupt:
        raise typer.Exit from None


def _again(run: Callable[[], int]) -> None:
    """One run of many: what stops a single run is told, and the watching goes on."""
    from auditor.errors import AuditorError

    typer.echo("\x1b[2J\x1b[H", nl=False)  # a clean screen; nothing where there is none
    try:
        run()
    except RulesError as error:
        typer.echo(error.shown())
    except AuditorError as error:
        typer.echo(error.said.zh)


def _tested(
    rules: Path, forms: tuple[Form, ...], lang: str, cases: Path | None, *, cover: bool,
    least: float | None,
) -> int:  # fmt: skip
    """Run once and print; the status."""
    from auditor.workbench.telling import mistake_told
    from auditor.workbench.testing import covered, run_all, summary

    done = run_all(rules, forms, cases, cover=cover)
    for mistake in done.mistakes:
        author = done.reading.rules.authors.get(mistake.file)
        told = mistake_told(mistake, author, lang) if author else mistake.shown(lang)
        typer.echo(told + "\n")
    if done.coverage is not None:
        for line in covered(done.coverage, done.reading.rules, lang):
            typer.echo(line)
    typer.echo(summary(done).inside(lang))
    if done.mistakes:
        return 2
    return 1 if done.coverage and least is not None and done.coverage.share < least else 0


def mutate(
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh", least: Least = None,
    share: Share = 100, seed: Seed = 0, only: Only = None, tries: Tries = 600,
) -> None:  # fmt: skip
    """规则改动一处，示例能否发现；列出发现不了的和所缺的示例 · Do the examples notice a change?

    状态：0；1 得分不到 --least；2 规则有错误 · Status: 1 below --least, 2 mistakes in the rules.
    """
    from auditor.resources import folder
    from auditor.rulebook.load import find_ruleset
    from auditor.session import load_the_forms
    from auditor.workbench.mutating import fates, score
    from auditor.workbench.telling import score_told, survivor_told
    from auditor.workbench.witness import witness
    from auditor.workbench.wrong import everything_wrong

    gc.enable()
    forms = load_the_forms(schemas)
    reading = everything_wrong(find_ruleset(rules or folder("rules")), forms)
    if reading.mistakes:
        raise RulesError(reading.mistakes)
    _known(only or (), reading.rules)
    found = list(fates(reading.rules, forms, share=share / 100, seed=seed, only=only or ()))
    for fate in found:
        if fate.survives:
            shown = witness(fate.mutant, reading.rules, forms, tries) if tries else None
            typer.echo(survivor_told(fate.mutant, shown, lang) + "\n")
    typer.echo(score_told(found).inside(lang))
    raise typer.Exit(1 if least is not None and score(found) < least else 0)


def _known(ids: Sequence[str], rules: RuleSet) -> None:
    """Refuse a rule that the set does not have. Raises UsageError."""
    from auditor.rulebook.author import near

    known = [rule.id for rule in rules.own]
    for name in ids:
        if name not in known:
            hint = ", ".join(near(name, known)) or "–"
            zh, en = f"没有规则 '{name}'，相近：{hint}", f"no rule '{name}', did you mean: {hint}"
            raise UsageError(Said(zh, en))
