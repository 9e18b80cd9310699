"""What changed between two editions of a rule set, and which version number that asks for.

Major: a report that passed may now fail. Minor: nothing that passed fails. Patch: words only.
Before 1.0.0 a minor step is enough for what would be major.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from auditor.model import Severity
from auditor.renderers.markdown import plain as escaped
from auditor.renderers.words import Words, load
from auditor.rulebook.editions import number
from auditor.rulebook.rule import Rule, RuleSet
from auditor.text import written
from auditor.workbench.comparing import changes, meaning
from auditor.workbench.revisions import Edition

_TOLD = ("when", "table", "for_each", "since", "until", "forms")
_WORDS = ("title", "basis", "message", "fix", "examples", "waivable", "mask", "replaced_by")


class Step(IntEnum):
    """How far a version must go."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One change: of a rule, a threshold, a list or the grading; what was and what is."""

    subject: str
    title: str
    kind: str
    step: Step
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Changelog:
    """All changes, the largest first; what they ask for, and whether the new version says so."""

    old: Edition
    new: Edition
    lines: tuple[Line, ...]

    @property
    def asks(self) -> Step:
        """The largest step of all changes."""
        return max((line.step for line in self.lines), default=Step.NONE)

    @property
    def enough(self) -> bool:
        """Whether the step from the old version to the new one is as large as the changes ask."""
        return taken(self.old.rules.version, self.new.rules.version) >= needed(
            self.asks, self.old.rules.version
        )


def needed(asks: Step, version: str) -> Step:
    """What must change in a version; below 1.0.0 nothing was promised yet."""
    return Step.MINOR if asks is Step.MAJOR and number(version)[0] == 0 else asks


def taken(old: str, new: str) -> Step:
    """The step from one version to another."""
    before, after = number(old), number(new)
    if after <= before:
        return Step.NONE
    for place, step in enumerate((Step.MAJOR, Step.MINOR, Step.PATCH)):
        if after[place : place + 1] != before[place : place + 1]:
            return step
    return Step.NONE


def changelog(old: Edition, new: Edition, lang: str) -> Changelog:
    """Compare two editions; no report is needed."""
    found = [*_rules(old.rules, new.rules, lang), *_settings(old.rules, new.rules)]
    return Changelog(old, new, tuple(sorted(found, key=lambda line: (-line.step, line.subject))))


# ---- rules -------------------------------------------------------------------------------------


def _rules(old: RuleSet, new: RuleSet, lang: str) -> Iterator[Line]:
    before, after = ({rule.id: rule for rule in rules.rules} for rules in (old, new))
    different = changes(old, new)
    for name in dict.fromkeys((*after, *before)):
        one, other = before.get(name), after.get(name)
        kind = different.get(name)
        title = (other or one or next(iter(old.rules))).title.inside(lang)
        if kind is not None:
            yield from _rule(name, title, kind, one, other)
        elif one is not None and other is not None and _worded(one) != _worded(other):
            yield Line(name, title, "worded", Step.PATCH)


def _rule(name: str, title: str, kind: str, one: Rule | None, other: Rule | None) -> Iterator[Line]:
    if one is None or other is None:
        fails = other is not None and not other.review
        yield Line(name, title, kind, Step.MAJOR if fails else Step.MINOR)
        return
    if one.severity != other.severity:
        step = Step.MAJOR if other.severity > one.severity and not other.review else Step.MINOR
        yield Line(name, title, "weighed", step, one.severity.key, other.severity.key)
    if kind == "changed":
        before, after = _told(one), _told(other)
        shown = [key for key in before if before[key] != after[key]]
        step = Step.MINOR if _gentler(one, other) else Step.MAJOR
        yield Line(
            name, title, "changed", step,
            "; ".join(before[key] for key in shown if before[key]),
            "; ".join(after[key] for key in shown if after[key]),
        )  # fmt: skip


def _gentler(one: Rule, other: Rule) -> bool:
    """Whether it is plain that nothing that passed can fail now."""
    if other.review:
        return True
    if one.review or (one.body, one.verb, one.table, one.for_each) != (
        other.body, other.verb, other.table, other.for_each
    ):  # fmt: skip
        return False
    if meaning(one) == meaning(other):
        return False  # a threshold or a list that it names is another
    fewer_years = (other.since or 0) >= (one.since or 0) and (other.until or 9999) <= (
        one.until or 9999
    )
    when = one.when in ("", other.when)
    forms = not one.forms or set(other.forms or one.forms) <= set(one.forms)
    lawful = {e.when for e in one.exceptions} <= {e.when for e in other.exceptions}
    return fewer_years and when and forms and lawful


def _told(rule: Rule) -> dict[str, str]:
    """What decides a rule, as text."""
    found = {"body": f"{rule.verb}: {rule.body}", "review": "review" if rule.review else ""}
    for key in _TOLD:
        value = getattr(rule, key)
        found[key] = f"{key}: {value}" if value else ""
    found["except"] = "; ".join(e.when or "*" for e in rule.exceptions)
    return found


def _worded(rule: Rule) -> tuple[Any, ...]:
    said = tuple(e.say for e in rule.exceptions)
    return (*(getattr(rule, key) for key in _WORDS if key != "examples"), said,
            tuple((e.expects, dict(e.edits)) for e in rule.examples))  # fmt: skip


# ---- thresholds, grading -----------------------------------------------------------------------


def _settings(old: RuleSet, new: RuleSet) -> Iterator[Line]:
    """Thresholds, lists and grading: rules that use them are told above, these say why."""
    before = {name: _history(held.values) for name, held in old.thresholds.items()}
    after = {name: _history(held.values) for name, held in new.thresholds.items()}
    yield from _named("threshold", before, after)
    for kind in ("words", "terms"):
        yield from _named(kind, _sizes(getattr(old, kind)), _sizes(getattr(new, kind)))
    if old.grading != new.grading or old.sheets != new.sheets:
        yield Line("grading", "", "grading", Step.MINOR if _kinder(old, new) else Step.MAJOR)


def _history(values: Any) -> str:
    return ", ".join(f"{year}: {written(value)}" for year, value in values)


def _sizes(lists: Mapping[str, Any]) -> dict[str, str]:
    """Lists by what they hold, shown by how long they are."""
    return {name: f"{len(str(held))}·{hash(held) & 0xFFFF:04x}" for name, held in lists.items()}


def _named(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Line]:
    for name in dict.fromkeys((*after, *before)):
        one, other = before.get(name, ""), after.get(name, "")
        if one != other:
            shown = (one, other) if kind == "threshold" else ("", "")
            yield Line(name, "", kind, Step.PATCH, *shown)


def _kinder(old: RuleSet, new: RuleSet) -> bool:
    """Whether no report can get a worse grade: no deduction, band or veto is stricter."""
    one, other = old.grading, new.grading
    points = all(other.deductions.get(s, 0) <= one.deductions.get(s, 0) for s in Severity) and all(
        value <= one.rules.get(rule, -1) for rule, value in other.rules.items()
    )
    bands = all(least <= dict(one.bands).get(letter, -1) for letter, least in other.bands)
    same = (one.items, one.zero_from, one.full) == (other.items, other.zero_from, other.full)
    return points and bands and same and other.veto <= one.veto and one.caps == other.caps


# ---- words -------------------------------------------------------------------------------------


def heads(found: Changelog, words: Words) -> list[str]:
    """Both versions, what the changes ask for, and whether the new version says so."""
    asks = needed(found.asks, found.old.rules.version)
    told = words(f"changelog.step.{asks.name.lower()}")
    lines = [f"{found.old.told} → {found.new.told}", words("changelog.asks", step=told)]
    if not found.enough:
        lines.append(words("changelog.short", old=found.old.rules.version,
                           new=found.new.rules.version, step=told))  # fmt: skip
    return lines


def told(line: Line, words: Words) -> str:
    """One change in words."""
    kind = words(f"changelog.{line.kind}")
    name = f"{line.subject} {line.title}".strip() if line.subject != "grading" else ""
    text = f"{name}{words('sign.colon') if name else ''}{kind}"
    if line.before or line.after:
        text += f"  {_shown(line.before, line, words)} → {_shown(line.after, line, words)}"
    return text


def _shown(text: str, line: Line, words: Words) -> str:
    if line.kind == "weighed":
        return load(words.lang)(f"severity.{text}")
    return text or words("compare.none_before")


def markdown(found: Changelog, lang: str) -> str:
    """The changes for a CHANGELOG, grouped by the step that they ask for."""
    words = load(lang, "workbench")
    lines = [f"## {escaped(found.new.rules.id)} {found.new.rules.version}", ""]
    lines += [f"- {escaped(line)}" for line in heads(found, words)]
    for step in (Step.MAJOR, Step.MINOR, Step.PATCH):
        mine = [line for line in found.lines if line.step is step]
        if mine:
            lines += ["", f"### {words(f'changelog.step.{step.name.lower()}')}", ""]
            lines += [f"- {escaped(told(line, words))}" for line in mine]
    return "\n".join(lines) + "\n"


def data(found: Changelog) -> dict[str, Any]:
    """The changes for JSON."""
    return {
        "old": found.old.rules.version,
        "new": found.new.rules.version,
        "asks": found.asks.name.lower(),
        "needed": needed(found.asks, found.old.rules.version).name.lower(),
        "enough": found.enough,
        "changes": [
            {"subject": line.subject, "title": line.title, "kind": line.kind,
             "step": line.step.name.lower(), "before": line.before, "after": line.after}
            for line in found.lines
        ],
    }  # fmt: skip
