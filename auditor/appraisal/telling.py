"""An analysis in sentences, the same on the screen and on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.appraisal.analysis import Analysis, Group
from auditor.appraisal.form_map import cell_label
from auditor.appraisal.proof import Proof
from auditor.errors import Said
from auditor.renderers.words import Words
from auditor.rulebook.linear import Dated
from auditor.rulebook.numbers import numeral
from auditor.rulebook.relations import Relation
from auditor.rulebook.rule import RuleSet

_CELLS = 8


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a remark and its lines; `grave` where something must be mended."""

    title: str
    note: str
    lines: tuple[str, ...]
    grave: bool = False


def head(analysis: Analysis, rules: RuleSet, words: Words) -> tuple[str, str]:
    """Which rule set on which form, and how much of it could be analysed."""
    top = words(
        "analysis.head", id=rules.id, version=rules.version, digest=rules.digest[:12],
        form=analysis.form.id,
    )  # fmt: skip
    why = Counter(analysis.beside.values())
    reasons = [words(f"analysis.{kind}", count=n) for kind, n in sorted(why.items())]
    told = words(
        "analysis.relations",
        count=len(analysis.relations),
        rules=len({r.rule for r in analysis.relations}),
        beside=len(analysis.beside),
        why=_join(reasons, words),
    )
    return top, told


def verdict(analysis: Analysis, words: Words) -> str:
    """The sentence for a rule set without fault; why nothing can be said; empty otherwise."""
    if analysis.ranges is None:
        return words("analysis.no_solver")
    if analysis.ranges.unproven:
        cells = _cells(analysis, analysis.ranges.unproven, words)
        return words("analysis.unproven", count=len(analysis.ranges.unproven), cells=cells)
    return "" if analysis.faulty else words("analysis.well")


def sections(analysis: Analysis, rules: RuleSet, words: Words) -> Iterator[Section]:
    """What there is to say, the gravest first; nothing for what is not there."""
    told = (
        _section("against", _against(analysis, rules, words), words, grave=True),
        _section("forced", _forced(analysis, rules, words), words, grave=bool(analysis.groups)),
        _section("twice", _twice(analysis, words), words),
        _section("left_out", _left_out(analysis, words), words),
        _section("needless", _needless(analysis, rules, words), words),
    )
    yield from (section for section in told if section.lines)
    implied = tuple(_implied(analysis, words))
    if implied:
        note = words("implied.note", count=len(implied))
        yield Section(words("implied.title"), note, implied)


def _section(key: str, lines: Iterable[str], words: Words, *, grave: bool = False) -> Section:
    return Section(words(f"{key}.title"), words(f"{key}.note"), tuple(lines), grave)


def _against(analysis: Analysis, rules: RuleSet, words: Words) -> Iterator[str]:
    for proof in analysis.contradictions:
        yield _join([_place(step.relation, rules, words) for step in proof], words)


def _forced(analysis: Analysis, rules: RuleSet, words: Words) -> Iterator[str]:
    for group in analysis.groups:
        yield _group(group, analysis, words)
        first = group.cells[0]
        reasons = [_place(relation, rules, words) for relation in first.core]
        yield words("forced.because", rules=_join(reasons, words))
    if analysis.groups:
        named = dict.fromkeys(rule for group in analysis.groups for rule in group.suspects)
        told = [f"{rule}（{_origin(rule, rules)}）" if words.lang != "en" else
                f"{rule} ({_origin(rule, rules)})" for rule in named]  # fmt: skip
        yield words("forced.suspects", rules=_join(told, words))
    if analysis.stated:
        cells = _cells(analysis, [one.cell for one in analysis.stated], words)
        yield words("forced.stated", count=len(analysis.stated), cells=cells)


def _group(group: Group, analysis: Analysis, words: Words) -> str:
    cells = _cells(analysis, [one.cell for one in group.cells], words)
    values = _join([numeral(v) for v in dict.fromkeys(one.value for one in group.cells)], words)
    return words("forced.cells", count=len(group.cells), value=values, cells=cells)


def _twice(analysis: Analysis, words: Words) -> Iterator[str]:
    for one in analysis.twice:
        yield words(
            "twice.line", rule=one.relation.rule, where=_say(one.relation.where, words),
            cell=_label(analysis, one.cell, words), times=numeral(one.times),
        )  # fmt: skip


def _left_out(analysis: Analysis, words: Words) -> Iterator[str]:
    form = analysis.form
    for one in analysis.left_out:
        table = form.table(one.table)
        names = [
            next(cell_label(form, f.path, words.lang).rpartition(" · ")[2]
                 for row in table.rows for f in row.fields if f.key == name)
            if one.across else cell_label(form, name, words.lang)
            for name in one.names
        ]  # fmt: skip
        number = table.number if words.lang != "en" else table.key
        rules = _join(one.rules, words)
        yield words("left_out.line", table=number, names=_join(names, words), rules=rules)


def _needless(analysis: Analysis, rules: RuleSet, words: Words) -> Iterator[str]:
    for rule in analysis.needless:
        yield words("needless.line", rule=rule, origin=_origin(rule, rules))


def _implied(analysis: Analysis, words: Words) -> Iterator[str]:
    for one in analysis.implied:
        told = words(
            "implied.line", rule=one.relation.rule, where=_say(one.relation.where, words),
            **{"from": _counted(one.proof, words)},
        )  # fmt: skip
        yield told


def _counted(proof: Proof, words: Words) -> str:
    """The relations of a long proof, told by how many of which rule."""
    counts = Counter(step.relation.rule for step in proof)
    return _join([words("implied.part", rule=r, count=n) for r, n in counts.items()], words)


def _place(relation: Relation, rules: RuleSet, words: Words) -> str:
    where = _say(relation.where, words)
    return words("against.line", rule=relation.rule, where=where).strip()


def _origin(rule: str, rules: RuleSet) -> str:
    """File and line of a rule, the file without its folders."""
    origin = next((r.origin for r in rules.rules if r.id == rule), "")
    return origin.rpartition("/")[2]


def _cells(analysis: Analysis, cells: Sequence[Dated], words: Words) -> str:
    told = [_label(analysis, cell, words) for cell in cells[:_CELLS]]
    rest = len(cells) - len(told)
    return _join([*told, *([words("joint.rest", count=rest)] if rest else [])], words)


def _label(analysis: Analysis, cell: Dated, words: Words) -> str:
    path, prior = cell
    label = cell_label(analysis.form, path, words.lang)
    if not prior:
        return label
    return Said(f"上年 {label}", f"last year's {label}").inside(words.lang)


def _say(said: Said, words: Words) -> str:
    return said.inside(words.lang)


def _join(parts: Sequence[str], words: Words) -> str:
    return words("joint.list").join(parts)
