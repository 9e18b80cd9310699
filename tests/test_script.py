"""Reports in traditional script are judged as the same ones in simplified script."""

from __future__ import annotations

import pytest

from auditor import text
from auditor.binding.script import in_one_script
from auditor.model import Audit, Document, Location, Outcome, Text
from auditor.pipeline import Input, Settings, audit_one
from tests.heading_variants import USUAL
from tests.heading_variants import text as flat
from tests.page_variants import page
from tests.round_trip import drawn

BACK = str.maketrans(
    {b: a for a, b in reversed(list(zip(text._TRADITIONAL, text._PLAIN, strict=True)))}
)


def failed(data: str, suffix: str, settings: Settings) -> set[str]:
    audit = audit_one(Input(f"x{suffix}", data.encode()), settings)
    assert isinstance(audit, Audit)
    found = {r.rule: {f.outcome for f in r.findings} for r in audit.results}
    return {rule for rule, told in found.items() if told & {Outcome.FAIL, Outcome.REVIEW}}


@pytest.mark.parametrize("seed", [500, 510])
def test_whole_reports(seed: int, settings: Settings) -> None:
    of = drawn(seed, blanks=False)
    for made, suffix in ((page(of), ".html"), (flat(of, USUAL), ".txt")):
        other = made.translate(BACK)
        assert other != made
        assert failed(other, suffix, settings) == failed(made, suffix, settings)


def document(*texts: str) -> Document:
    return Document("x", "text", tuple(Text(words, Location("x")) for words in texts))


def test_a_few_such_letters_stay_as_they_are_printed() -> None:
    of = document("示例市示例局关于龍江路的报告。" * 20)
    assert in_one_script(of) is of


def test_every_letter_keeps_its_place() -> None:
    words = "存在的問題與改進情況，應當繼續規範。" * 3
    (block,) = in_one_script(document(words)).blocks
    assert isinstance(block, Text)
    assert block.text == "存在的问题与改进情况，应当继续规范。" * 3
