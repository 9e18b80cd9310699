"""What the workbench prints: mistakes and slips of style, with place, caret and mend."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from auditor.errors import Mistake, Said
from auditor.rulebook.author import Author
from auditor.rulebook.complaints import lines_of
from auditor.rulebook.expected import OUTCOMES
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.verbs import verbs
from auditor.workbench.mutants import Mutant
from auditor.workbench.mutating import Fate, score
from auditor.workbench.style import CHECKS, Slip
from auditor.workbench.witness import Witness


def mistake_told(mistake: Mistake, author: Author, lang: str) -> str:
    """A mistake, and the author's line as it would be with the first suggestion in it."""
    told = mistake.shown(lang)
    line = mended_line(mistake, author.text)
    if line is None:
        return told
    lead = "write: " if lang == "en" else "改为："
    return f"{told}\n    {lead}{line.strip()}"


def mended_line(mistake: Mistake, text: str) -> str | None:
    """The line with the first suggestion in the wrong word's place.

    None without a suggestion, or where two are as good as each other.
    """
    lines = lines_of(text.removeprefix("\ufeff"))
    if not mistake.suggestions or not 0 < mistake.line <= len(lines):
        return None
    line, start = lines[mistake.line - 1], mistake.column - 1
    word = line[start : start + mistake.length]
    if (
        len(mistake.suggestions) > 1
        and _likeness(word, mistake.suggestions[1]) >= _likeness(word, mistake.suggestions[0]) > 0
    ):
        return None
    return line[:start] + mistake.suggestions[0] + line[start + mistake.length :]


def _likeness(word: str, other: str) -> float:
    return SequenceMatcher(None, word, other).ratio()


def slip_told(slip: Slip, lang: str) -> str:
    """A slip of style, with the name of its check."""
    return f"{slip.mistake.shown(lang)}\n    [{slip.check}: {CHECKS[slip.check].inside(lang)}]"


def summary(rules: RuleSet, mistakes: Sequence[Mistake], slips: Sequence[Slip]) -> Said:
    """The last line: how many rules and what was found."""
    files = len(rules.authors)
    if not mistakes and not slips:
        return Said(
            f"{files} 个文件，{len(rules.rules)} 条规则，没有错误",
            f"{files} files, {len(rules.rules)} rules, nothing wrong",
        )
    return Said(
        f"{len(mistakes)} 处错误，{len(slips)} 处风格问题",
        f"{len(mistakes)} mistake(s), {len(slips)} slip(s) of style",
    )


_WORDS = {
    "when": Said("适用", "when"), "except": Said("例外", "except"), "since": Said("起", "since"),
    "until": Said("止", "until"), "review": Said("复核", "review"),
}  # fmt: skip


def survivor_told(mutant: Mutant, shown: Witness | None, lang: str) -> str:
    """A mutant that no example notices, and the example that would."""
    rule = mutant.original
    verb = verbs().get(mutant.key)
    word = Said(verb.ALIAS, verb.NAME) if verb else _WORDS.get(mutant.key, Said("", mutant.key))
    lines = [f"{rule.origin}: {rule.id} {word.inside(lang)} {mutant.said.inside(lang)}"]
    if shown is None:
        none = Said("没有找到能发现它的示例", "no example was found that notices it")
        return "\n".join([*lines, f"    {none.inside(lang)}"])
    lead = Said("加上示例", "add the example").inside(lang)
    got = OUTCOMES[shown.instead].inside(lang)
    instead = Said(f"（改动后是“{got}”）", f"(then it would give {got})").inside(lang)
    return "\n".join([*lines, f"    {lead}  {shown.line(rule, lang)}  {instead}"])


def score_told(found: Sequence[Fate]) -> Said:
    """The last line of `rules mutate`."""
    equal = sum(fate.equal for fate in found)
    left = sum(fate.survives for fate in found)
    killed = len(found) - equal - left
    points = f"{score(found):.1f}%"
    return Said(
        f"{len(found)} 处改动，示例发现 {killed}，未发现 {left}，与原意相同 {equal}；得分 {points}",
        f"{len(found)} mutants, {killed} killed, {left} survive, {equal} equal; score {points}",
    )
