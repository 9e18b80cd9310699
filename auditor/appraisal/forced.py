"""Cells that the rules leave only one value, and rules that contradict each other.

Sums hold for a report of nothing but zeros, so that rules rarely contradict each other outright;
a mistyped one shows because it leaves a cell nothing but 0. (An all-zero report would pass.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from auditor.appraisal.proof import NEVER, Claim, Proof, proof_of
from auditor.judging.diagnose.solver import INFEASIBLE, OPTIMAL, Program, Solution, Solver
from auditor.rulebook.linear import Dated
from auditor.rulebook.relations import EQUAL, Relation

_NOISE = 1e-7
_LARGE = 1e6
_DENOMINATOR = 720


@dataclass(frozen=True, slots=True)
class Forced:
    """A cell that can hold only `value`; the proofs say that it is not above and not below it.

    The second is empty where the cell cannot be below 0 anyway.
    """

    cell: Dated
    value: Fraction
    above: Proof
    below: Proof = ()

    @property
    def core(self) -> tuple[Relation, ...]:
        """The relations that force it."""
        return tuple(dict.fromkeys(s.relation for s in (*self.above, *self.below)))

    @property
    def stated(self) -> bool:
        """Whether one relation says so of this cell alone: then its author meant it."""
        return any(len(relation.terms) == 1 for relation in self.core)


@dataclass(frozen=True, slots=True)
class Ranges:
    """What the rules leave the cells; `unproven` are cells of which floats say more than proofs."""

    forced: tuple[Forced, ...]
    contradictions: tuple[Proof, ...]
    unproven: tuple[Dated, ...] = ()


def ranges(relations: Sequence[Relation], signed: frozenset[Dated] = frozenset()) -> Ranges:
    """Forced cells and contradictions of relations that must hold (no suspicions among them)."""
    forced: list[Forced] = []
    contradictions: list[Proof] = []
    unproven: list[Dated] = []
    for block in _blocks(relations):
        against = tuple(_contradictions(block, signed))
        contradictions += against
        if against:
            continue  # of what cannot hold at all every cell is forced to anything
        for cell in _suspects(block, signed):
            one = _pinned(cell, block, signed)
            if isinstance(one, Forced):
                forced.append(one)
            elif one:
                unproven.append(cell)
    return Ranges(tuple(forced), tuple(contradictions), tuple(unproven))


def _blocks(relations: Sequence[Relation]) -> list[list[Relation]]:
    """The relations by connected parts."""
    parts: dict[Dated, list[Relation]] = {}
    for one in relations:
        touched = {id(p): p for key, _ in one.terms if (p := parts.get(key)) is not None}
        merged = [r for part in touched.values() for r in part] + [one]
        parts.update((key, merged) for r in merged for key, _ in r.terms)
    return list({id(part): part for part in parts.values()}.values())


# --- programs -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """The relations of a part as a program, one row each, and the column of every cell."""

    relations: Sequence[Relation]
    program: Program
    at: dict[Dated, int]


def _block(relations: Sequence[Relation], signed: frozenset[Dated]) -> _Block:
    program, at = Program(), dict[Dated, int]()
    for relation in relations:
        for cell, _ in relation.terms:
            if cell not in at:
                at[cell] = program.column(-inf if cell in signed else 0.0)
    for relation in relations:
        bound = -float(relation.constant)
        terms = [(at[cell], float(x)) for cell, x in relation.terms]
        program.row(terms, bound if relation.op == EQUAL else -inf, bound)
    return _Block(relations, program, at)


def _suspects(relations: Sequence[Relation], signed: frozenset[Dated]) -> list[Dated]:
    """The cells that may be forced: those that cannot be shown to move.

    Where no constant stands, what holds holds for any multiple, so that one program shows all
    cells that can be above 0 at once.
    """
    block = _block(relations, signed)
    if any(not r.homogeneous for r in relations) or any(cell in signed for cell in block.at):
        return list(block.at)
    program, positive = block.program, {}
    for cell, column in block.at.items():
        positive[cell] = program.column(0.0, 1.0, cost=-1.0)
        program.row([(positive[cell], 1.0), (column, -1.0)], high=0.0)
    found = Solver(program).solve()
    if found.status != OPTIMAL or not _exactly_holds(relations, block.at, found):
        return list(block.at)
    return [cell for cell in block.at if found.columns[block.at[cell]] < _NOISE]


def _exactly_holds(relations: Sequence[Relation], at: dict[Dated, int], found: Solution) -> bool:
    """Whether what the solver found, made fractions, holds in every relation exactly."""
    values = {
        cell: Fraction(found.columns[n]).limit_denominator(_DENOMINATOR) for cell, n in at.items()
    }
    sums = [(r, sum(x * values[cell] for cell, x in r.terms) + r.constant) for r in relations]
    return all(total == 0 or (r.op != EQUAL and total < 0) for r, total in sums)


def _pinned(cell: Dated, relations: Sequence[Relation], signed: frozenset[Dated]) -> Forced | bool:
    """The cell's only value with its proofs; whether floats say that there is one, otherwise."""
    most = _extreme(cell, relations, signed, 1)
    if most.status != OPTIMAL or -most.value > _LARGE / 2:
        return False
    least = _extreme(cell, relations, signed, -1)
    if least.status != OPTIMAL or abs(least.value + most.value) > _NOISE:
        return False
    value = Fraction(least.value).limit_denominator(_DENOMINATOR)
    above = _proof(Claim({cell: Fraction(1)}, -value), relations, most, signed)
    if above is None:
        return True
    if value == 0 and cell not in signed:
        return Forced(cell, value, above)
    below = _proof(Claim({cell: Fraction(-1)}, value), relations, least, signed)
    return Forced(cell, value, above, below) if below is not None else True


def _extreme(
    cell: Dated, relations: Sequence[Relation], signed: frozenset[Dated], sign: int
) -> Solution:
    """The program that makes a cell as large (1) or as small (-1) as the relations let it."""
    block = _block(relations, signed)
    column = block.at[cell]
    block.program.cost[column] = -float(sign)
    block.program.upper[column] = _LARGE
    block.program.lower[column] = max(block.program.lower[column], -_LARGE)
    return Solver(block.program).solve()


def _proof(
    claim: Claim, relations: Sequence[Relation], found: Solution, signed: frozenset[Dated]
) -> Proof | None:
    """The proof from the duals; solvers differ in the sign that they give them."""
    for sign in (-1, 1):
        weights = [sign * dual for dual in found.duals[: len(relations)]]
        proof = proof_of(claim, relations, weights, signed)
        if proof is not None:
            return proof
    return None


# --- contradictions -----------------------------------------------------------------------------


def _contradictions(relations: Sequence[Relation], signed: frozenset[Dated]) -> Iterator[Proof]:
    """Smallest sets of relations that cannot hold together; no relation is in two of them."""
    left = list(relations)
    while left and any(not r.homogeneous for r in left):
        found = _against(left, signed)
        if found is None:
            return
        yield found
        core = {step.relation for step in found}
        left = [r for r in left if r not in core]


def _against(relations: Sequence[Relation], signed: frozenset[Dated]) -> Proof | None:
    """One set, as a proof of 1 ≤ 0: its multipliers are a vertex, so that none can be spared."""
    block = _block(relations, signed)
    if Solver(block.program).solve().status != INFEASIBLE:
        return None
    loose = _loosened(relations, signed)
    found = Solver(loose).solve()
    weights = _by_relation(relations, found)
    if found.status != OPTIMAL or found.value < _NOISE:
        return None
    scaled = [weight / found.value for weight in weights]
    for sign in (-1, 1):
        proof = proof_of(NEVER, relations, [sign * w for w in scaled], signed)
        if proof is not None:
            return proof
    return None


def _loosened(relations: Sequence[Relation], signed: frozenset[Dated]) -> Program:
    """The least slack with which all relations could hold; equalities as two inequalities."""
    program, at = Program(), dict[Dated, int]()
    for relation in relations:
        for cell, _ in relation.terms:
            if cell not in at:
                at[cell] = program.column(-inf if cell in signed else 0.0)
    slack = program.column(cost=1.0)
    for relation in relations:
        bound = -float(relation.constant)
        terms = [(at[cell], float(x)) for cell, x in relation.terms]
        program.row([*terms, (slack, -1.0)], high=bound)
        if relation.op == EQUAL:
            program.row([*terms, (slack, 1.0)], low=bound)
    return program


def _by_relation(relations: Sequence[Relation], found: Solution) -> list[float]:
    """The duals of one or two rows for each relation, added up."""
    duals, weights = iter(found.duals), []
    for relation in relations:
        weight = next(duals, 0.0)
        if relation.op == EQUAL:
            weight += next(duals, 0.0)
        weights.append(weight)
    return weights
