"""`rules test`: every example and every case, what they cover, again whenever a file is saved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import Mistake, Said
from auditor.form import Form
from auditor.rulebook.load import INDEX
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import RuleSet
from auditor.workbench.cases import Case, load_cases, wrong_in
from auditor.workbench.coverage import Asked, Branch, Coverage, coverage
from auditor.workbench.trials import trials
from auditor.workbench.wrong import Reading, everything_wrong


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of a test: the rules read, the number of examples and cases, what is wrong."""

    reading: Reading
    examples: int
    cases: int
    mistakes: tuple[Mistake, ...]
    coverage: Coverage | None

    @property
    def holds(self) -> bool:
        """Whether everything is as the examples and cases say."""
        return not self.mistakes


def run_all(
    folder: Path, forms: Sequence[Form], cases: Path | None = None, *, cover: bool = False
) -> Tested:
    """Read the rules, run their examples and the cases. Raises RulesError, UsageError."""
    reading = everything_wrong(folder, forms)
    rules = reading.sound
    found = load_cases(cases, reading.rules, forms) if cases is not None else ()
    wrong = [m for case in found for m in wrong_in(case, rules)]
    return Tested(
        reading,
        sum(len(rule.examples) for rule in reading.rules.rules),
        len(found),
        (*reading.mistakes, *wrong),
        coverage(rules, forms, _asked(rules, forms, found)) if cover else None,
    )


def _asked(rules: RuleSet, forms: Sequence[Form], cases: Iterable[Case]) -> Iterator[Asked]:
    for found in trials(rules, forms).values():
        yield from ((one.rule, one.form, one.facts) for one in found)
    for case in cases:
        for rule in rules.rules:
            if applies_to(rule, case.form, rules):
                yield rule.id, case.form, case.facts


def summary(done: Tested) -> Said:
    """One line: how many, and whether all hold."""
    rules, cases = len(done.reading.rules.rules), done.cases
    zh = f"{rules} 条规则，{done.examples} 个示例" + (f"，{cases} 个案例" if cases else "")
    en = f"{rules} rules, {done.examples} examples" + (f", {cases} cases" if cases else "")
    if done.holds:
        return Said(f"{zh}，全部成立", f"{en}, all hold")
    return Said(f"{zh}，{len(done.mistakes)} 处不成立", f"{en}, {len(done.mistakes)} do not hold")


def covered(found: Coverage, rules: RuleSet, lang: str) -> Iterator[str]:
    """The coverage in lines: the share, then what was never reached."""
    asked, all_ = len(found.rules) - len(found.silent), len(found.rules)
    reached, branches = len(found.branches) - len(found.missed), len(found.branches)
    yield Said(
        f"覆盖 {found.share:.1f}%：规则 {asked}/{all_}，分支 {reached}/{branches}",
        f"covered {found.share:.1f}%: rules {asked}/{all_}, branches {reached}/{branches}",
    ).inside(lang)
    origin = {rule.id: rule.origin for rule in rules.rules}
    for rule in found.silent:
        passed = True in found.rules[rule]
        word = Said(
            "没有查出过什么" if passed else "没有合格过",
            "never finds" if passed else "never passes",
        )
        yield f"  {rule}  {word.inside(lang)}  {origin[rule]}"
    for branch in found.missed:
        yield f"  {branch.rule}  {_missed(branch).inside(lang)}  {origin[branch.rule]}"


_NEVER_FINDS = Said("没有查出过什么", "never finds anything")
_NEVER_PASSES = Said("没有合格过", "never passes")
_KEYS = {"when": "适用", "except": "例外", "assert": "应当", "forbid": "不得"}


def _missed(branch: Branch) -> Said:
    zh = f"{_KEYS[branch.key]} 从未为{'真' if branch.value else '假'}：{branch.text}"
    return Said(zh, f"{branch.key} was never {str(branch.value).lower()}: {branch.text}")


# ---- again on every save -----------------------------------------------------------------------

_PAUSE = 0.4  # seconds between two looks at the files


def watched(folders: Sequence[Path], run: Callable[[], None], *, once: bool = False) -> None:
    """Run now and whenever a file of the folders is saved, until interrupted.

    With `once`, only until the first change was seen.
    """
    seen = _state(folders)
    run()
    while True:
        time.sleep(_PAUSE)
        now = _state(folders)
        if now != seen:
            seen = now
            run()
            if once:
                return


def _state(folders: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """Size and time of every file that a rule set may be made of."""
    found = {}
    for folder in folders:
        for path in (*folder.glob("*.yaml"), *folder.glob("*/*.yaml")):
            try:
                state = os.stat(path)  # noqa: PTH116 - one call a file, many times
            except OSError:
                continue  # saved at this moment
            found[str(path)] = (state.st_size, state.st_mtime_ns)
    return found


def with_parents(folder: Path) -> tuple[Path, ...]:
    """The folder of a rule set and those beside it, which it may extend."""
    beside = [p.parent for p in folder.resolve().parent.glob(f"*/{INDEX}")]
    return (folder, *beside)
