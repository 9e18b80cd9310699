"""An analysis as JSON: everything that the page and the screen rest on, with the proofs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.appraisal.analysis import Analysis
from auditor.appraisal.blindness import Blindness
from auditor.appraisal.proof import Proof
from auditor.rulebook.linear import Dated
from auditor.rulebook.numbers import numeral
from auditor.rulebook.relations import Relation
from auditor.rulebook.rule import RuleSet


def analysis_json(found: Sequence[Analysis], rules: RuleSet) -> str:
    """One object: the rule set, and every form with what was found. Fractions are strings."""
    value = {
        "ruleset": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "forms": [_analysis(one) for one in found],
    }
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _analysis(one: Analysis) -> dict[str, Any]:
    return {
        "form": one.form.id,
        "relations": len(one.relations),
        "notAnalysed": dict(one.beside),
        "complete": one.complete,
        "contradictions": [_proof(proof) for proof in one.contradictions],
        "forced": [
            {
                "cell": _cell(cell.cell),
                "value": numeral(cell.value),
                "stated": cell.stated,
                "proof": [*_proof(cell.above), *_proof(cell.below)],
            }
            for cell in (one.ranges.forced if one.ranges else ())
        ],
        "suspects": sorted({rule for group in one.groups for rule in group.suspects}),
        "unproven": [_cell(cell) for cell in (one.ranges.unproven if one.ranges else ())],
        "countedTwice": [
            {"rule": t.relation.rule, "place": t.relation.key, "cell": _cell(t.cell),
             "times": numeral(t.times)}
            for t in one.twice
        ],
        "leftOut": [
            {"table": o.table, "direction": "row" if o.across else "column",
             "names": list(o.names), "rules": list(o.rules)}
            for o in one.left_out
        ],
        "needless": list(one.needless),
        "implied": [
            {"rule": i.relation.rule, "place": i.relation.key, "proof": _proof(i.proof)}
            for i in one.implied
        ],
        "blindSpots": _blind(one.blind),
        "blindSpotsWithLastYear": _blind(one.blind_with_prior),
        "bounded": sorted(one.bounded),
    }  # fmt: skip


def _proof(proof: Proof) -> list[dict[str, str]]:
    return [{**_relation(step.relation), "times": str(step.times)} for step in proof]


def _relation(relation: Relation) -> dict[str, str]:
    return {"rule": relation.rule, "place": relation.key}


def _cell(cell: Dated) -> dict[str, Any]:
    path, prior = cell
    return {"path": path, "lastYear": True} if prior else {"path": path}


def _blind(blind: Mapping[str, Blindness]) -> dict[str, Any]:
    return {
        path: {"least": seen.least, "with": list(seen.others), "complete": not seen.capped}
        for path, seen in blind.items()
    }
