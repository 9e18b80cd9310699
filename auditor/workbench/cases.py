"""Case files: whole reports and what the rules must say of them.

A case file is a list of cases: `name` 名称, `form` 表式 (by default the first of the rule set),
either `report` 报告 (edits of a valid report, as in an example) or `file` 文件 (a document in the
same folder), and `expect` 应得: for each rule an outcome, or `{outcome 结果, …}` with what the
findings must hold (see rulebook/expected.py); `rest` 其余 is for all rules that are not named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.errors import Mistake, RulesError, Said, SourceError, UsageError
from auditor.form import Form
from auditor.model import Outcome, Refusal, Result
from auditor.rulebook.apply import apply
from auditor.rulebook.author import Author, near, renamed
from auditor.rulebook.draft import shown
from auditor.rulebook.edits import edited
from auditor.rulebook.expected import KEYS, OUTCOMES, disagreement, outcome_told
from auditor.rulebook.facts import Facts
from auditor.rulebook.marks import Listed, Mapped, Mark
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.source import load_yaml

_MOST_FILES, _MOST_BYTES = 500, 5_000_000
_CASE = {
    "name": "name", "名称": "name", "form": "form", "表式": "form", "report": "report",
    "报告": "report", "file": "file", "文件": "file", "expect": "expect", "应得": "expect",
}  # fmt: skip
_OUTCOMES = {
    "pass": "pass", "合格": "pass", "fail": "fail", "不合格": "fail", "review": "review",
    "待核": "review", "open": "open", "未读": "open", "skip": "skip", "不适用": "skip",
}  # fmt: skip
_ACCEPTED = {
    "pass": (Outcome.PASS, Outcome.NOT_APPLICABLE),
    "fail": (Outcome.FAIL,),
    "review": (Outcome.REVIEW,),
    "open": (Outcome.OPEN,),
    "skip": (Outcome.NOT_APPLICABLE,),
}
_OUTCOME = {"outcome": "outcome", "结果": "outcome"}
_REST = ("rest", "其余")
_WHAT = Said("案例", "case")


@dataclass(frozen=True, eq=False)
class Case:
    """One report with what is expected of each rule: (outcome, what the findings hold, place)."""

    name: str
    form: Form
    facts: Facts
    expect: Mapping[str, tuple[str, Mapping[str, Any], Mark | None]]
    rest: str
    rest_mark: Mark | None
    author: Author


def load_cases(folder: Path, rules: RuleSet, forms: Sequence[Form]) -> tuple[Case, ...]:
    """Every case of the .yaml files of a folder. Raises RulesError, UsageError."""
    files = sorted(folder.glob("*.yaml"))[:_MOST_FILES] if folder.is_dir() else []
    if not files:
        said = Said(f"{folder} 里没有案例文件", f"no case files in {folder}")
        raise UsageError(said)
    found: list[Case] = []
    mistakes: list[Mistake] = []
    for path in files:
        author = Author(shown(path), _text(path))
        try:
            node = load_yaml(author.text)
        except SourceError as error:
            author.wrong_source(error)
            node = Listed(Mark(1, 1, 1))
        if isinstance(node, Listed):
            reader = _Reader(author, path.parent, rules, forms)
            found += [case for item in node if (case := reader.case(item)) is not None]
        else:
            author.wrong(None, Said("案例文件应当是一个列表", "a case file is a list"))
        mistakes += author.mistakes
    if mistakes:
        raise RulesError(tuple(mistakes))
    return tuple(found)


def _text(path: Path) -> str:
    data = path.read_bytes()
    if len(data) > _MOST_BYTES:
        raise UsageError(Said(f"{path} 太大", f"{path} is too large"))
    return data.decode("utf-8-sig", errors="replace")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the cases of one file."""

    author: Author
    folder: Path
    rules: RuleSet
    forms: Sequence[Form]

    def case(self, node: Any) -> Case | None:
        entry = self.author.mapping(node, getattr(node, "mark", None), _WHAT)
        if entry is None:
            return None
        before = len(self.author.mistakes)
        members = renamed(self.author, entry, _CASE, _WHAT)
        expect, rest, rest_mark = self.expected(members, entry.mark)
        form, facts = self.report(members, entry.mark)
        if len(self.author.mistakes) > before or form is None or facts is None:
            return None
        name = str(members.get("name", (f"{entry.mark.line}", None))[0])
        return Case(name, form, facts, expect, rest, rest_mark, self.author)

    def report(
        self, members: Mapping[str, tuple[Any, Mark | None]], mark: Mark
    ) -> tuple[Form | None, Facts | None]:
        """The form and the facts of a case; None after a noted mistake."""
        if ("report" in members) == ("file" in members):
            said = Said("案例要有“报告”或“文件”，其一", "a case has a 'report' or a 'file'")
            self.author.wrong(mark, said)
            return None, None
        if "file" in members:
            return self.document(*members["file"])
        form = self.form(*members.get("form", (None, mark)))
        edits = self.author.mapping(*members["report"], Said("报告", "report"))
        if form is None or edits is None:
            return form, None
        return form, edited(form, edits, self.author, members["report"][1])

    def form(self, name: Any, mark: Mark | None) -> Form | None:
        known = {form.id: form for form in self.forms if form.id in self.rules.forms}
        if name is None:
            return known.get(self.rules.forms[0])
        if name not in known:
            said = Said(f"没有这种表式 '{name}'", f"unknown form '{name}'")
            self.author.wrong(mark, said, near(str(name), known))
        return known.get(name)

    def document(self, name: Any, mark: Mark | None) -> tuple[Form | None, Facts | None]:
        """A document beside the case file, read as an audit reads it."""
        from auditor.pipeline import Input, Settings, bind_one, facts_for, form_of

        path = self.folder / str(name)
        if path.parent != self.folder or not path.is_file():
            there = [p.name for p in self.folder.iterdir() if p.suffix != ".yaml"]
            said = Said(f"旁边没有文件 '{name}'", f"no file '{name}' beside this one")
            self.author.wrong(mark, said, near(str(name), there))
            return None, None
        settings = Settings(tuple(self.forms), self.rules, as_of="")
        bound = bind_one(Input(path), settings)
        if isinstance(bound, Refusal):
            self.author.wrong(mark, bound.said)
            return None, None
        return form_of(bound.report, settings), facts_for(bound.report, settings)

    def expected(
        self, members: Mapping[str, tuple[Any, Mark | None]], mark: Mark
    ) -> tuple[dict[str, tuple[str, Mapping[str, Any], Mark | None]], str, Mark | None]:
        node = self.author.mapping(*members.get("expect", (None, mark)), Said("应得", "expect"))
        known = {rule.id for rule in self.rules.rules}
        found: dict[str, tuple[str, Mapping[str, Any], Mark | None]] = {}
        rest, rest_mark = "", None
        for name, value in (node or Mapped(mark)).items():
            at = node.marks_of_keys.get(name) if node else mark
            if name in _REST:
                rest = str(self.author.one_of(value, at, _OUTCOMES, Said("其余", "rest")) or "")
                rest_mark = at
            elif name not in known:
                said = Said(f"没有规则 '{name}'", f"no rule '{name}'")
                self.author.wrong(at, said, near(name, known))
            else:
                found[name] = (*self.outcome(value, at), at)
        return found, rest, rest_mark

    def outcome(self, value: Any, mark: Mark | None) -> tuple[str, Mapping[str, Any]]:
        if not isinstance(value, Mapped):
            return str(self.author.one_of(value, mark, _OUTCOMES, Said("结果", "outcome"))), {}
        parts = renamed(self.author, value, {**_OUTCOME, **KEYS}, Said("应得", "expect"))
        word, at = parts.get("outcome", ("fail", mark))
        outcome = str(self.author.one_of(word, at, _OUTCOMES, Said("结果", "outcome")))
        return outcome, {key: part for key, (part, _) in parts.items() if key != "outcome"}


def results(case: Case, rules: RuleSet) -> dict[str, Result]:
    """What every rule says of the report of a case."""
    ready = prepare(rules, case.form, case.facts.period)
    return {one.rule.id: apply(one, case.facts) for one in ready}


def wrong_in(case: Case, rules: RuleSet) -> tuple[Mistake, ...]:
    """Where the rules say something else than the case does."""
    found = results(case, rules)
    author = Author(case.author.file, case.author.text)
    for rule, (outcome, gives, mark) in case.expect.items():
        result = found.get(rule)
        if result is None:
            said = Said(f"{rule} 不用于这种表式", f"{rule} is not for this form")
            author.wrong(mark, said)
        elif result.outcome not in _ACCEPTED[outcome]:
            author.wrong(mark, _differs(case, rule, outcome, result))
        elif (told := disagreement(gives, result)) is not None:
            author.wrong(
                mark, Said(f"{case.name}：{rule} {told.zh}", f"{case.name}: {rule} {told.en}")
            )
    if case.rest:
        for rule, result in found.items():
            if rule not in case.expect and result.outcome not in _ACCEPTED[case.rest]:
                author.wrong(case.rest_mark, _differs(case, rule, case.rest, result))
    return tuple(author.mistakes)


def _differs(case: Case, rule: str, outcome: str, result: Result) -> Said:
    told = outcome_told(OUTCOMES[_ACCEPTED[outcome][0]], result)
    return Said(f"{case.name}：{rule} {told.zh}", f"{case.name}: {rule} {told.en}")
