"""A diagnosis in sentences, for every renderer: which cells, how likely, and what to ask for.

It never says what is right: only what would make the sums hold if as few cells as possible are
wrong.
"""

from __future__ import annotations

from auditor.errors import Said
from auditor.model import Change, Diagnosis, Repair
from auditor.renderers.words import Words
from auditor.text import written

_CELLS = 6


def broken(diagnosis: Diagnosis, words: Words) -> str:
    """Which sums fail, where, and by how much."""
    told = [
        f"{b.rule} {_say(b.where, words)} {b.difference:+d}"
        for b in diagnosis.broken[:_CELLS]
    ]  # fmt: skip
    rest = len(diagnosis.broken) - len(told)
    told += [words("cluster.more", count=rest)] if rest else []
    return words("repair.broken", sums=_join(told, words))


def headline(diagnosis: Diagnosis, words: Words) -> str:
    """The statement itself: the only change, how many there are, or that there is none."""
    if not diagnosis.repairs:
        return words(f"note.{diagnosis.note}")
    first = diagnosis.repairs[0]
    if is_sole(diagnosis):
        key = "repair.only_cell" if len(first.cells) == 1 else "repair.only_cells"
        return words(key, count=len(first.cells), change=changes(first, words))
    least = min(len(r.cells) for r in diagnosis.repairs)
    return words("repair.several", cells=least, count=diagnosis.count)


def is_sole(diagnosis: Diagnosis) -> bool:
    """Whether a single set of cells explains it, so that the headline says it all."""
    return diagnosis.count == 1 and not diagnosis.repairs[0].event


def changes(repair: Repair, words: Words) -> str:
    """The cells of a repair with what stands there and what would."""
    shown = [_change(c, words) for c in repair.cells[:_CELLS]]
    rest = len(repair.cells) - len(shown)
    told = words("joint.stop").join(shown)
    if repair.event:
        told = words("repair.event", event=words(f"mechanism.{repair.mechanism}"), changes=told)
    return told + (words("cluster.more", count=rest) if rest else "")


def _change(change: Change, words: Words) -> str:
    read = words("finding.blank") if change.read is None else written(change.read)
    label = _say(change.label, words)
    return words("repair.change", cell=label, read=read, would_be=written(change.would_be))


def remark(repair: Repair, words: Words) -> str:
    """The band, and how the slips may have come about."""
    told = [words(f"band.{repair.band}")]
    if not repair.event:
        kinds = dict.fromkeys(c.mechanism for c in repair.cells if c.mechanism != "other")
        told += [words(f"mechanism.{kind}") for kind in kinds]
    if repair.agrees:
        told.append(words("repair.agrees", rules=_join(list(repair.agrees), words)))
    return words("repair.remark", words=_join(told, words))


def assumption(diagnosis: Diagnosis, words: Words) -> str:
    """What is assumed, and whether all was looked at."""
    capped = "" if diagnosis.complete else words("repair.capped")
    return words("repair.assumed") + capped


def ask(diagnosis: Diagnosis, words: Words) -> str:
    """The one figure to ask for; empty where there is none."""
    if diagnosis.ask is None:
        return ""
    return words("repair.ask", cell=_say(diagnosis.ask.label, words))


def _say(said: Said, words: Words) -> str:
    return said.inside(words.lang)


def _join(parts: list[str], words: Words) -> str:
    return words("joint.list").join(parts)
