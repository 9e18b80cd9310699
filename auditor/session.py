"""What a command needs before it opens a document: forms, rules, settings, outputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import Said, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditor.addresses import Address
    from auditor.form import Form
    from auditor.model import Report, Severity
    from auditor.pipeline import Input, Settings
    from auditor.rulebook.rule import RuleSet
    from auditor.verdict import LeastGrade


def severity_of(word: str) -> Severity:
    """The severity of a word in either language. Raises UsageError."""
    from auditor.rulebook.entry import SEVERITIES

    if word not in SEVERITIES:
        known = "note | minor | major | fatal"
        zh = f"--fail-on 没有 '{word}'，可以是 {known}（提示、一般、严重、致命）"
        raise UsageError(Said(zh, f"--fail-on cannot be '{word}'; it is {known}"))
    return SEVERITIES[word]


def settings_of(
    rules: Path | None, schemas: Path | None, form: str | None, period: int | None,
    kind: str | None, as_of: str | None, version: str | None = None,
) -> Settings:  # fmt: skip
    """Rules and forms, checked before any document is opened.

    `version` is the one of the rules that all reports are judged by, whatever their year.
    """
    from datetime import date

    from auditor.pipeline import Settings

    forms, ruleset = forms_and_rules(schemas, rules, version=version)
    _known_form(form, forms)
    _known_kind(kind, forms)
    try:
        day = date.fromisoformat(as_of) if as_of else date.today()
    except ValueError:
        said = Said(f"--as-of 不是日期：{as_of}", f"--as-of is no date: {as_of}")
        raise UsageError(said) from None
    given = {"--form": form, "--period": period, "--kind": kind, "--rules-version": version}
    overrides = tuple(_told(f"{n} {value}") for n, value in given.items() if value is not None)
    older = () if version is not None else _older(schemas, rules, ruleset)
    return Settings(forms, ruleset, day.isoformat(), form, period, kind, overrides, editions=older)


def _told(option: str) -> Said:
    """An option as it is typed, in whatever language."""
    return Said(option, option)


def _older(schemas: Path | None, rules: Path | None, ruleset: RuleSet) -> tuple[RuleSet, ...]:
    """The other editions of the rules, where this one is not valid for every year."""
    if ruleset.since is None and ruleset.until is None:
        return ()
    from auditor.resources import folder
    from auditor.rulebook.editions import editions
    from auditor.rulebook.load import find_ruleset

    found = editions(find_ruleset(rules or folder("rules")))
    others = (one.folder for one in found if one.version != ruleset.version)
    return tuple(forms_and_rules(schemas, other)[1] for other in others)


def in_company(
    settings: Settings, paths: Sequence[Path | Address], roster: Path | None,
    sheet: str | None, *, draft: bool,
) -> Settings:  # fmt: skip
    """The settings with roster, grading sheet and the state of the reports. Raises UsageError.

    A roster that lies in an audited folder is used, too; what was used is told in every audit.
    """
    from dataclasses import replace

    folders = [path for path in paths if path.is_dir()]
    told = list(settings.overrides)
    found: Path | Address | None = roster
    if roster is None and folders:
        from auditor.roster import roster_in

        found = next((there for folder in folders if (there := roster_in(folder))), None)
    if found is not None:
        from auditor.roster import load_roster

        settings = replace(settings, roster=load_roster(found, settings.forms))
        told.append(_told(f"--roster {found.name}"))
    if sheet is not None:
        settings = replace(settings, rules=_graded_by(sheet, settings.rules))
        told.append(_told(f"--sheet {sheet}"))
    if draft:
        told.append(_told("--draft"))
    return replace(settings, draft=draft, folder=bool(folders), overrides=tuple(told))


def _graded_by(sheet: str, rules: RuleSet) -> RuleSet:
    from dataclasses import replace

    if sheet not in rules.sheets:
        known = ", ".join(rules.sheets) or "–"
        said = Said(f"没有评分表 '{sheet}'，有：{known}", f"no sheet '{sheet}'; there are: {known}")
        raise UsageError(said)
    return replace(rules, grading=rules.sheets[sheet])


def load_the_forms(schemas: Path | None) -> tuple[Form, ...]:
    """The forms of a folder, or those that come with the package. Raises UsageError for none."""
    from auditor.resources import folder
    from auditor.schema import load_forms

    forms = load_forms(schemas or folder("schemas"))
    if not forms:
        raise UsageError(Said(f"{schemas} 里没有表式", f"no forms in {schemas}"))
    return forms


def forms_and_rules(
    schemas: Path | None, rules: Path | None, *, anew: bool = False, version: str | None = None
) -> tuple[tuple[Form, ...], RuleSet]:
    """Forms and rules, wholly checked: keys, names, kinds and examples. Raises RulesError.

    The same bytes are checked once, the examples of a rule until it changes; then only what
    judging needs is kept. `anew` reads everything, and gives the rules with their examples.
    """
    from auditor.compiled import fetch, keep, kept_at
    from auditor.resources import folder
    from auditor.rulebook.prepare import for_keeping

    rules, schemas = rules or folder("rules"), schemas or folder("schemas")
    if version is not None:
        from auditor.rulebook.load import find_ruleset

        rules = find_ruleset(rules, version)
    path = kept_at(rules, schemas)
    found = None if anew else fetch(path)
    if found is None:
        forms, ruleset = found = _checked(rules, schemas)
        keep(path, (forms, for_keeping(ruleset)))
    return found


def _checked(rules: Path, schemas: Path) -> tuple[tuple[Form, ...], RuleSet]:
    from auditor.rulebook.examples import check_examples
    from auditor.rulebook.load import find_ruleset, load_rules
    from auditor.rulebook.prepare import check_all
    from auditor.sound import Sound

    forms = load_the_forms(schemas)
    ruleset = load_rules(find_ruleset(rules))
    check_all(ruleset, forms)
    sound = Sound(forms)
    check_examples(ruleset, forms, sound.holds)
    sound.keep()
    return forms, ruleset


def _known_form(form: str | None, forms: tuple[Form, ...]) -> None:
    known = [f.id for f in forms if f.refuse is None]
    if form is not None and form not in known:
        words = ", ".join(known)
        raise UsageError(Said(f"没有表式 '{form}'，有：{words}", f"no form '{form}': {words}"))


def _known_kind(kind: str | None, forms: tuple[Form, ...]) -> None:
    known = {key for f in forms for key in f.words_of("subject.kind")}
    if kind is not None and kind not in known:
        words = ", ".join(sorted(known))
        raise UsageError(Said(f"没有类别 '{kind}'，有：{words}", f"no kind '{kind}': {words}"))


def with_stdin(items: tuple[Input, ...]) -> tuple[Input, ...]:
    """`-` stands for what comes on standard input."""
    from auditor.pipeline import Input

    standard = Path("-")
    return tuple(
        Input(item.path, sys.stdin.buffer.read()) if item.path == standard else item
        for item in items
    )


def inputs_of(paths: list[Path]) -> tuple[Input, ...]:
    """The files to open; standard input read, office files converted in one go."""
    from auditor.pipeline import inputs
    from auditor.readers import known_suffixes

    return with_stdin(inputs(paths, known_suffixes()))


def report_of(item: Input, settings: Settings) -> Report | Said:
    """One document read, bound and corrected; or why it could not be."""
    from auditor.errors import DocumentError
    from auditor.model import Refusal
    from auditor.pipeline import corrected
    from auditor.pipeline import report_of as bound_within_limits

    try:
        bound = bound_within_limits(item, settings)
    except DocumentError as error:
        return error.said
    return bound.said if isinstance(bound, Refusal) else corrected(bound, item, settings)[0]


def without_settings(
    items: tuple[Input, ...], named: Sequence[Path | Address], settings: Iterable[Path | None]
) -> tuple[Input, ...]:
    """The files to audit without the run's own settings that lie in a folder of reports."""
    from auditor.outputs import file_of

    own = {file_of(path) for path in settings if path is not None} - {None}
    if not own:
        return tuple(items)
    return tuple(i for i in items if i.path in named or file_of(i.path) not in own)


def least_grade_of(text: str | None, ruleset: RuleSet) -> LeastGrade | None:
    """`--min-grade`: a letter of the grading sheet, its English word, or points."""
    from auditor.text import decimal
    from auditor.verdict import LeastGrade

    if text is None:
        return None
    points = decimal(text)
    if points is not None:
        return LeastGrade(text, points)
    from auditor.renderers.words import load

    letters = tuple(letter for letter, _ in ruleset.grading.bands)
    english = {load("en").get(f"letter.{letter}", letter): letter for letter in letters}
    letter = english.get(text, text)
    if letter not in letters:
        known = " > ".join(letters)
        said = Said(f"没有等次 '{text}'，有：{known}", f"no grade '{text}'; there are: {known}")
        raise UsageError(said)
    return LeastGrade(letter, None, letters)


def with_waivers(settings: Settings, path: Path | None) -> Settings:
    """The settings with the waivers of a file. Raises RulesError, UsageError."""
    if path is None:
        return settings
    from dataclasses import replace

    from auditor.waivers import load

    found = load(path, [rule.id for rule in settings.rules.rules])
    return replace(settings, waivers=found.waivers, longest_waiver=found.longest_days)
