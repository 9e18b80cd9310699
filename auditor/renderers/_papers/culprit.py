"""Which cell is likely wrong, in sentences: never what the right number is."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Change, Diagnosis, Repair
from auditor.renderers._papers.voice import Voice

_REPAIRS = 3
_CELLS = 4


def culprit(diagnosis: Diagnosis, voice: Voice) -> tuple[str, ...]:
    """What would make the sums hold, how that was assumed, and the one figure to ask for."""
    return tuple(_told(diagnosis, voice))


def _told(diagnosis: Diagnosis, voice: Voice) -> Iterator[str]:
    words, first = voice.common, next(iter(diagnosis.repairs), None)
    if first is None:
        if diagnosis.note:
            yield words(f"note.{diagnosis.note}")
        return
    if diagnosis.count == 1 and not first.event:
        key = "repair.only_cell" if len(first.cells) == 1 else "repair.only_cells"
        change = _changes(first, voice)
        yield words(key, count=len(first.cells), change=change) + _remark(first, voice)
    else:
        yield from _several(diagnosis, voice)
    yield words("repair.assumed") + ("" if diagnosis.complete else words("repair.capped"))
    if diagnosis.ask is not None:
        yield words("repair.ask", cell=voice.say(diagnosis.ask.label))


def _several(diagnosis: Diagnosis, voice: Voice) -> Iterator[str]:
    least = min(len(r.cells) for r in diagnosis.repairs)
    yield voice.common("repair.several", cells=least, count=diagnosis.count)
    shown = diagnosis.repairs[:_REPAIRS]
    for letter, repair in zip("ABC", shown, strict=False):
        yield f"{letter}. {_changes(repair, voice)}{_remark(repair, voice)}"
    if diagnosis.count > len(shown):
        yield voice.words("paper.more_ways", count=diagnosis.count - len(shown))


def _changes(repair: Repair, voice: Voice) -> str:
    words = voice.common
    told = voice.sentences(_change(c, voice) for c in repair.cells[:_CELLS])
    if repair.event:
        told = f"{words(f'mechanism.{repair.mechanism}')}{words('joint.colon')}{told}"
    rest = len(repair.cells) - _CELLS
    return told + (words("cluster.more", count=rest) if rest > 0 else "")


def _change(change: Change, voice: Voice) -> str:
    label = voice.say(change.label)
    if change.prior and not label.startswith(voice.common("finding.prior")):
        label = f"{voice.common('finding.prior')} {label}"
    read, would_be = voice.value(change.read), voice.value(change.would_be)
    return voice.common("repair.change", cell=label, read=read, would_be=would_be)


def _remark(repair: Repair, voice: Voice) -> str:
    """The band, and how the slips may have come about."""
    words = voice.common
    told = [words(f"band.{repair.band}")]
    if not repair.event:
        kinds = dict.fromkeys(c.mechanism for c in repair.cells if c.mechanism != "other")
        told += [words(f"mechanism.{kind}") for kind in kinds]
    if repair.agrees:
        told.append(words("repair.agrees_many", count=len(repair.agrees)))  # no ids in a letter
    return words("repair.remark", words=voice.join(told))
