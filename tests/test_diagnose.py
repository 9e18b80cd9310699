"""Which cell is wrong: exact against other ways to find it, and honest in what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import Said
from auditor.form import Form
from auditor.judging.diagnose import diagnose
from auditor.judging.diagnose.mechanisms import WORDS, mechanism
from auditor.judging.diagnose.repairs import Change, smallest
from auditor.judging.diagnose.system import CERTAIN, DOUBTFUL, System, systems
from auditor.model import Diagnosis, Value
from auditor.renderers.words import load
from auditor.rulebook.equalities import Equality, equalities
from auditor.rulebook.examples import valid
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import OWN
from auditor.rulebook.rule import RuleSet
from tests.records import KNOWN, OTHER, Slip, record, slipped


@pytest.fixture
def form(forms: tuple[Form, ...]) -> Form:
    return next(f for f in forms if f.id == "ogi-2021")


def facts_with(form: Form, values: Mapping[str, int | None], **more: object) -> Facts:
    base = valid(form)
    known: dict[str, Value] = {**base.values, **{p: v for p, v in values.items() if v is not None}}
    blanks = frozenset(p for p, v in values.items() if v is None)
    for path in blanks:
        del known[path]
    return replace(base, values=known, blanks=blanks, **more)  # type: ignore[arg-type]


def told(diagnosis: Diagnosis) -> list[tuple[dict[str, int], str]]:
    return [({c.path: c.would_be for c in r.cells}, r.band) for r in diagnosis.repairs]


# --- one wrong cell ------------------------------------------------------------------------------


def test_what_holds_has_no_diagnosis(form: Form, ruleset: RuleSet) -> None:
    assert diagnose(ruleset, record(form, Random(1))) == ((), ())


@pytest.mark.parametrize("seed", range(25))
def test_any_single_wrong_cell_of_table_three_is_pinned(
    form: Form, ruleset: RuleSet, seed: int
) -> None:
    random = Random(seed)
    facts = record(form, random)
    path = random.choice([f.path for f in form.table("applications").fields()])
    true = int(facts.values[path])
    values = {**facts.values, path: true + random.choice((1, 7, 90, 1000))}
    (found,), derived = diagnose(ruleset, replace(facts, values=values))
    assert told(found) == [({path: true}, "likely")]
    assert (found.count, found.complete, derived) == (1, True, ())
    assert found.ask is not None
    assert found.ask.path == path
    assert len(found.findings) == len(found.broken) >= 2


def test_a_total_left_at_zero_beats_the_other_four(form: Form, ruleset: RuleSet) -> None:
    row = "disputes.review"
    facts = facts_with(form, {f"{row}.upheld": 10, f"{row}.corrected": 1})
    (found,), _ = diagnose(ruleset, facts)
    assert told(found)[0] == ({f"{row}.total": 11}, "likely")
    assert found.repairs[0].mechanism == "total-left-at-zero"


def test_what_cannot_be_told_apart_is_said_so(form: Form, ruleset: RuleSet) -> None:
    """Six too many in the results of natural persons: two rows of 6 may be the wrong one."""
    values = {}
    for row, number in (("new", 20), ("granted", 6), ("partly_granted", 6), ("total", 20),
                        ("unavailable.not_held", 5), ("not_processed.repeated", 5),
                        ("not_processed.petition", 4)):  # fmt: skip
        values |= {f"applications.{row}.{k}": number for k in ("natural_person", "total")}
    (found,), _ = diagnose(ruleset, facts_with(form, values))
    assert {band for _, band in told(found)} == {"undecided"}
    assert found.count == len(found.repairs) == 2
    assert {len(r.cells) for r in found.repairs} == {2}


# --- blanks --------------------------------------------------------------------------------------


def test_blank_totals_follow_from_their_parts(form: Form, ruleset: RuleSet) -> None:
    facts = record(form, Random(3))
    totals = [f.path for f in form.table("applications").fields() if f.key == "total"]
    blank = {p: v for p, v in facts.values.items() if p not in totals}
    none, derived = diagnose(ruleset, replace(facts, values=blank, blanks=frozenset(totals)))
    assert none == ()
    assert {d.path: d.value for d in derived} == {p: facts.values[p] for p in totals}


def test_parts_with_nothing_left_to_share_are_zero(form: Form, ruleset: RuleSet) -> None:
    row = "disputes.review"
    facts = facts_with(form, {f"{row}.upheld": 5, f"{row}.total": 5, f"{row}.corrected": None,
                              f"{row}.pending": None})  # fmt: skip
    _, derived = diagnose(ruleset, facts)
    assert {d.path: d.value for d in derived} == {f"{row}.corrected": 0, f"{row}.pending": 0}


def test_two_blanks_with_something_to_share_stay_open(form: Form, ruleset: RuleSet) -> None:
    row = "disputes.review"
    facts = facts_with(form, {f"{row}.upheld": 5, f"{row}.total": 7, f"{row}.corrected": None,
                              f"{row}.pending": None})  # fmt: skip
    assert diagnose(ruleset, facts) == ((), ())


def test_a_blank_that_no_number_can_mend_is_no_excuse(form: Form, ruleset: RuleSet) -> None:
    row = "disputes.review"
    facts = facts_with(form, {f"{row}.upheld": 5, f"{row}.total": 3, f"{row}.corrected": None})
    (found,), derived = diagnose(ruleset, facts)
    assert derived == ()
    assert {f"{row}.total"} in [set(cells) for cells, _ in told(found)]


# --- events --------------------------------------------------------------------------------------


def _rows(form: Form) -> list[list[str]]:
    rows = form.table("applications").rows
    return [[f.path for f in r.fields] for r in rows if not r.undivided]


def test_a_shifted_row_is_one_event(form: Form, ruleset: RuleSet) -> None:
    values = {}
    for row in ("new", "granted", "total"):
        numbers = (7, 5, 3, 2, 1, 0, 18)
        values |= dict(zip([f.path for f in form.rows[f"applications.{row}"].fields], numbers,
                           strict=True))  # fmt: skip
    shifted = (0, 7, 5, 3, 2, 1, 18)
    wrong = dict(zip([f.path for f in form.rows["applications.granted"].fields], shifted,
                     strict=True))  # fmt: skip
    (found,), _ = diagnose(ruleset, facts_with(form, {**values, **wrong}))
    first = found.repairs[0]
    assert (first.event, first.mechanism) == (True, "row-shifted")
    assert {c.path: c.would_be for c in first.cells} == {
        p: values[p] for p, v in wrong.items() if values[p] != v
    }


def test_totals_never_filled_in_are_one_event(form: Form, ruleset: RuleSet) -> None:
    facts = record(form, Random(5))
    totals = [row[-1] for row in _rows(form)]
    values = {**facts.values, **dict.fromkeys(totals, 0)}
    found = [d for d in diagnose(ruleset, replace(facts, values=values))[0] if d.repairs]
    assert any(r.mechanism == "totals-lost" for d in found for r in d.repairs)


# --- two years -----------------------------------------------------------------------------------


def _carry(form: Form) -> Equality:
    path = "applications.carried_in.total"
    terms = (((path, False, OWN), 1), (("applications.carried_out.total", True, OWN), -1))
    return Equality("Y01", "total", Said("总计列", "column total"), terms)


def test_two_years_that_hold_by_themselves_and_contradict(
    form: Form, ruleset: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = __import__("auditor.judging.diagnose.diagnose", fromlist=["equalities"])
    mine = lambda rules, facts: (*equalities(rules, facts), _carry(form))  # noqa: E731
    monkeypatch.setattr(module, "equalities", mine)
    last = record(form, Random(8))
    this = facts_with(form, {}, prior=last)
    (found,), _ = diagnose(ruleset, this)
    assert (found.note, found.repairs) == ("both-consistent", ())


# --- exactness -----------------------------------------------------------------------------------


def small(matrix: list[list[int]], values: list[int], known: list[bool] | None = None) -> System:
    cells = tuple((f"c{n}", False, OWN) for n in range(len(values)))
    rows = tuple(
        Equality("R", str(r), Said("", ""), tuple((cells[n], x) for n, x in enumerate(line) if x))
        for r, line in enumerate(matrix)
    )
    return System(
        rows, cells, np.array(matrix, dtype=np.int64), np.array(values, dtype=np.int64),
        tuple(known or [True] * len(values)), (CERTAIN,) * len(values),
    )  # fmt: skip


def tried(system: System, most: int = 3, reach: int = 12) -> set[frozenset[int]]:
    """The smallest sets by trying every change of every set: slow and plain."""
    syndrome = system.syndrome()
    for size in range(1, most + 1):
        found = set()
        for cells in combinations(range(len(system.cells)), size):
            for change in product([x for x in range(-reach, reach + 1) if x], repeat=size):
                new = system.values[list(cells)] + np.array(change)
                moved = system.matrix[:, list(cells)] @ np.array(change)
                if (new >= 0).all() and (moved == -syndrome).all():
                    found.add(frozenset(cells))
        if found:
            return found
    return set()


@st.composite
def grids(draw: st.DrawFn) -> System:
    """A table of 2 × 2 with its totals, as the forms have, some cells wrong."""
    a, b, c, d = (draw(st.integers(0, 4)) for _ in range(4))
    values = [a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d]
    for cell in draw(st.lists(st.integers(0, 8), min_size=1, max_size=2, unique=True)):
        values[cell] = draw(st.integers(0, 8))
    rows = [[1, 1, -1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 1, -1, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 1, 1, -1], [1, 0, 0, 1, 0, 0, -1, 0, 0],
            [0, 1, 0, 0, 1, 0, 0, -1, 0], [0, 0, 1, 0, 0, 1, 0, 0, -1]]  # fmt: skip
    return small(rows, values)


@settings(max_examples=25, deadline=None)
@given(grids())
def test_the_smallest_sets_are_those_found_by_trying(system: System) -> None:
    found = smallest(system)
    assert found.complete
    mine = {frozenset(cell for cell, _ in change) for change in found.changes}
    if all(len(cells) <= 2 for cells in mine):
        assert mine == tried(system, most=2)
    for change in found.changes:
        _mends(system, change)


def _mends(system: System, change: Change) -> None:
    values = system.values.copy()
    for cell, by in change:
        values[cell] += by
    assert (values >= 0).all()
    assert not (system.matrix @ values).any()


def test_doubtful_readings_are_blamed_first() -> None:
    system = small([[1, 1, -1]], [2, 3, 7])
    doubted = replace(system, cost=(CERTAIN, DOUBTFUL, CERTAIN))
    assert smallest(doubted).changes == (((1, 2),),)
    assert len(smallest(system).changes) == 3


def test_a_search_that_is_cut_off_says_so(form: Form, ruleset: RuleSet) -> None:
    random = Random(4)
    facts, _ = slipped(record(form, random), random, 12, OTHER)
    (system, *_) = systems(equalities(ruleset, facts), facts)
    assert not smallest(system, limit=20).complete


# --- mechanisms ----------------------------------------------------------------------------------

SLIPS = [
    (0, 11, True, "total-left-at-zero"),
    (30, 3, False, "zero-added"),
    (0, 11, False, "zeroed"),
    (63, 36, False, "digits-transposed"),
    (12, 123, False, "digit-dropped"),
    (1223, 123, False, "digit-doubled"),
    (1293, 123, False, "digit-added"),
    (9, 10, False, "off-by-one"),
    (45, 95, False, "digit-changed"),
    (5, 8, False, "off-by-a-few"),
    (5, 80, False, "other"),
]


@pytest.mark.parametrize(("read", "true", "total", "name"), SLIPS)
def test_mechanisms(read: int, true: int, total: bool, name: str) -> None:
    assert mechanism(read, true, total=total) == name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_mechanism_has_words(lang: str) -> None:
    words = load(lang)
    for name in WORDS:
        assert words(f"mechanism.{name}")


# --- what is said, and how sure -------------------------------------------------------------------

ROW = "disputes.litigation_after_review"
STATEMENTS = [
    # what stands in a row: upheld, corrected, other, pending, total; the first repair; its band
    ((10, 1, 0, 0, 0), {"total": 11}, "likely"),  # no other repair is possible
    ((5, 0, 0, 0, 0), {"total": 5}, "undecided"),  # or 5 is a figure from nowhere
    ((3, 2, 0, 1, 8), None, "undecided"),
    ((12, 0, 0, 0, 21), {"total": 12}, "undecided"),  # or 21 in the first cell
    ((230, 41, 7, 3, 218), {"total": 281}, "likely"),  # digits transposed
    ((230, 41, 7, 3, 81), {"total": 281}, "undecided"),  # a digit dropped, or 2 typed before 30
    ((230, 41, 7, 3, 2810), {"total": 281}, "likely"),  # a 0 too many
]  # fmt: skip


@pytest.mark.parametrize(("row", "would_be", "band"), STATEMENTS)
def test_what_is_said_of_a_row(
    form: Form, ruleset: RuleSet, row: tuple[int, ...], would_be: dict[str, int] | None, band: str
) -> None:
    cells = dict(zip((f.path for f in form.rows[ROW].fields), row, strict=True))
    (found,), _ = diagnose(ruleset, facts_with(form, cells))
    first = found.repairs[0]
    if would_be is not None:
        assert {c.path.rpartition(".")[2]: c.would_be for c in first.cells} == would_be
    assert first.band == band


def test_who_left_one_total_at_zero_left_others(form: Form, ruleset: RuleSet) -> None:
    """Alone the second row would be a choice; beside the first it is a habit."""
    habit = {"disputes.review.upheld": 10, "disputes.review.corrected": 1}
    found, _ = diagnose(ruleset, facts_with(form, {**habit, f"{ROW}.upheld": 5}))
    assert [d.repairs[0].band for d in found] == ["likely", "likely"]
    assert found[1].repairs[0].cells[0].path == f"{ROW}.total"


def test_a_total_that_follows_is_no_second_slip(form: Form, ruleset: RuleSet) -> None:
    """A wrong part, summed up into its row's total: told as one slip, the total as following."""
    values = {}
    for row, number in (("new", 20), ("granted", 14), ("total", 20)):
        values |= {f"applications.{row}.{k}": number for k in ("natural_person", "total")}
    values |= {"applications.granted.other": 3, "applications.new.other": 3,
               "applications.total.other": 3, "applications.new.total": 23,
               "applications.total.total": 23, "applications.granted.total": 17}  # fmt: skip
    (found,), _ = diagnose(ruleset, facts_with(form, values))
    first = found.repairs[0]
    assert {c.mechanism for c in first.cells if c.path.endswith(".total")} == {"follows"}
    assert len({c.would_be - (c.read or 0) for c in first.cells}) == 1


@pytest.mark.parametrize("kinds", [KNOWN, OTHER], ids=["known kinds", "other kinds"])
def test_very_likely_is_right_in_98_of_100(
    form: Form, ruleset: RuleSet, kinds: tuple[Slip, ...]
) -> None:
    said = right = 0
    random = Random(77)
    for number in range(120):
        facts, true = slipped(record(form, random), random, 1 + number % 2, kinds)
        for found in diagnose(ruleset, facts)[0]:
            if found.repairs and found.repairs[0].band == "likely":
                said += 1
                right += {
                    c.path: c.would_be for c in found.repairs[0].cells
                }.items() <= true.items()
    assert said > 60
    assert right >= 0.98 * said
