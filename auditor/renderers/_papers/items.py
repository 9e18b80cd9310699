"""What a paper lists: one slip is one item; failed, to confirm, unread and waived kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditor.model import Audit, Diagnosis, Finding, Outcome, Result, Severity
from auditor.renderers._grouping import is_sum
from auditor.renderers._papers.culprit import culprit
from auditor.renderers._papers.voice import Voice

_LONG = 400
_QUOTE = 120


class State(StrEnum):
    """How a thing stands; the order is that of the papers."""

    FAIL = "fail"
    REVIEW = "review"
    OPEN = "open"
    WAIVED = "waived"


STATES = tuple(State)
_OF = {Outcome.FAIL: State.FAIL, Outcome.REVIEW: State.REVIEW, Outcome.OPEN: State.OPEN}


@dataclass(frozen=True, slots=True)
class Place:
    """One place: where it is, and what is said of it with its numbers, then with its words."""

    rule: str
    where: str
    said: str
    quote: str = ""

    def line(self, colon: str) -> str:
        """The place as one sentence."""
        said = f"{self.said}{self.quote}"
        return f"{self.where}{colon}{said}" if self.where and said else self.where or said


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to mend, to confirm or to supply.

    `rules` are several where one slip breaks several; `culprit` are the sentences on which cell
    is likely wrong, `remarks` the lawful explanations, the reasons and the waiver.
    """

    state: State
    severity: Severity
    rules: tuple[str, ...]
    title: str
    family: str
    basis: str
    fix: str
    places: tuple[Place, ...]
    culprit: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


_Group = tuple[State, tuple[str, ...], tuple[Finding, ...], Diagnosis | None]


def items(audit: Audit, voice: Voice) -> tuple[Item, ...]:
    """One slip as one item, the gravest first: for letters and for the clerk."""
    told: set[str] = set()
    groups = [*_slips(audit, told), *_rules(audit, told)]
    found = [_item(group, audit, voice) for group in groups]
    return tuple(sorted(found, key=lambda i: (STATES.index(i.state), -i.severity)))


def rows(audit: Audit, voice: Voice) -> tuple[Item, ...]:
    """One item a rule and state, for a list that is filtered by rule; slips are tied."""
    slips = {key: d for d in audit.diagnoses for key in d.findings}
    found: list[Item] = []
    first: dict[int, int] = {}
    for state, rules, places, _ in _rules(audit, set()):
        here = list(dict.fromkeys(id(slips[f.fingerprint]) for f in places
                                  if state is State.FAIL and f.fingerprint in slips))  # fmt: skip
        by_id = {id(d): d for d in audit.diagnoses}
        lines: list[str] = []
        for key in here:
            same = first.setdefault(key, len(found))
            if same == len(found):
                lines += culprit(by_id[key], voice)
            else:
                other = voice.title(audit, found[same].rules[0])
                lines.append(voice.words("paper.same_slip", title=other))
        item = _item((state, rules, places, None), audit, voice)
        found.append(_with(item, tuple(lines)))
    return tuple(sorted(found, key=lambda i: (STATES.index(i.state), -i.severity)))


def count(found: Iterable[Item], state: State) -> int:
    """How many items stand like that."""
    return sum(i.state is state for i in found)


def state_of(finding: Finding) -> State:
    """What became of one place; a waiver comes before anything else."""
    return State.WAIVED if finding.waiver else _OF.get(finding.outcome, State.OPEN)


def failing(result: Result) -> bool:
    """Whether a rule fails in a place that is not waived."""
    if result.outcome is not Outcome.FAIL:
        return False
    return not result.findings or any(state_of(f) is State.FAIL for f in result.findings)


def _with(item: Item, lines: tuple[str, ...]) -> Item:
    from dataclasses import replace

    return replace(item, culprit=lines)


def _slips(audit: Audit, told: set[str]) -> Iterator[_Group]:
    """Findings that one diagnosis or one cluster explains, each told once."""
    known = {
        f.fingerprint: f
        for r in audit.results for f in r.findings
        if f.fingerprint and state_of(f) is State.FAIL
    }  # fmt: skip
    explained: list[tuple[Sequence[str], Diagnosis | None]] = [
        *((d.findings, d) for d in audit.diagnoses),
        *((c.findings, None) for c in audit.clusters),
    ]
    for keys, diagnosis in explained:
        places = tuple(known[k] for k in dict.fromkeys(keys) if k in known and k not in told)
        if len(places) > 1 or (places and diagnosis is not None):
            told.update(f.fingerprint for f in places)
            rules = tuple(dict.fromkeys(f.rule for f in places))
            yield State.FAIL, rules, places, diagnosis


def _rules(audit: Audit, told: set[str]) -> Iterator[_Group]:
    """The other findings, by rule and state; a rule without a place is a place by itself."""
    for result in audit.results:
        if result.outcome not in _OF:
            continue
        left = [f for f in result.findings if not f.fingerprint or f.fingerprint not in told]
        for state in STATES:
            places = tuple(f for f in left if state_of(f) is state)
            if places or (not result.findings and state is _OF[result.outcome]):
                yield state, (result.rule,), places, None


def _item(group: _Group, audit: Audit, voice: Voice) -> Item:
    state, rules, findings, diagnosis = group
    results = {r.rule: r for r in audit.results}
    return Item(
        state=state,
        severity=max(results[r].severity for r in rules),
        rules=rules,
        title=_title(rules, audit, voice),
        family=_shared({r: voice.family(audit, r) for r in rules}, voice),
        basis=_laws(rules, audit, voice),
        fix=_shared({r: voice.fix(audit, r) for r in rules}, voice, named=False),
        places=tuple(_place(f, voice) for f in findings),
        culprit=culprit(diagnosis, voice) if diagnosis else (),
        remarks=tuple(dict.fromkeys(_remarks(rules, findings, results, voice))),
    )


def _title(rules: Sequence[str], audit: Audit, voice: Voice) -> str:
    titles = [voice.title(audit, r) for r in rules]
    if len(titles) == 1:
        return titles[0]
    return voice.words("paper.slip", titles=voice.sentences(titles))


def _shared(told: Mapping[str, str], voice: Voice, *, named: bool = True) -> str:
    """What several rules say, the same said once."""
    del named
    return voice.sentences(dict.fromkeys(t for t in told.values() if t))


def _laws(rules: Sequence[str], audit: Audit, voice: Voice) -> str:
    """What the rules rest on, each citation once."""
    cited = dict.fromkeys(law for rule in rules for law in voice.laws(audit, rule))
    return voice.sentences(cited) or voice.common("finding.no_law")


def _place(finding: Finding, voice: Voice) -> Place:
    said = voice.say(finding.message)
    if len(said) > _LONG:
        said = f"{said[:_LONG]}……"
    if is_sum(finding) and finding.working and _flat(finding.working) not in _flat(said):
        said = voice.words("paper.working", said=said, working=finding.working)
    if finding.difference is not None and is_sum(finding):
        amount = voice.value(finding.difference)
        if amount not in said:
            said += voice.words("paper.difference", difference=amount)
    where = voice.say(finding.where)
    page = next((e.location.page for e in finding.evidence if e.location and e.location.page), None)
    if page is not None:
        where = f"{where} {voice.common('finding.page', page=page)}".strip()
    return Place(finding.rule, where, said, _quote(finding, said, voice))


def _quote(finding: Finding, said: str, voice: Voice) -> str:
    from auditor.renderers._papers.plain import clean

    for fact in finding.evidence:
        quote = clean(fact.quote, _QUOTE)
        if quote and quote not in said:
            return voice.words("paper.quote", quote=quote)
    return ""


def _remarks(
    rules: Sequence[str], findings: Sequence[Finding], results: Mapping[str, Result], voice: Voice
) -> Iterator[str]:
    for rule in rules:
        reason = results[rule].reason
        if reason is not None and not any(f.message == reason for f in findings):
            yield voice.say(reason)
    for finding in findings:
        if finding.exception is not None:
            bare = voice.say(finding.exception).rstrip("。. ")
            yield voice.words("paper.lawful", said=bare)
        if finding.waiver:
            from auditor.renderers._papers.plain import clean

            yield voice.words("paper.waiver", waiver=clean(finding.waiver, 300))


def _flat(text: str) -> str:
    return text.replace(" ", "")
