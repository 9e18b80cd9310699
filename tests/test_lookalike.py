"""Look-alike texts: masked, compared exactly, and shown side by side."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.corpus import lookalike
from auditor.corpus.likeness import phrases
from auditor.model import Outcome
from auditor.pipeline import Settings
from tests.bodies import audit, findings, of, outcome, report

TEXTS = st.text(alphabet="甲乙丙丁戊己庚辛壬癸子丑寅卯", max_size=60)
LETTERS = [chr(0x4E00 + n) for n in range(1500)]


def prose(seed: int, sentences: int = 30) -> str:
    """An invented text of sentences that nobody else has."""
    chance = random.Random(seed)
    return "".join(
        "".join(chance.choices(LETTERS, k=chance.randint(12, 30))) + "。" for _ in range(sentences)
    )


# ---- the parts -----------------------------------------------------------------------------------


@given(one=TEXTS, other=TEXTS)
def test_likeness_is_an_exact_share(one: str, other: str) -> None:
    a, b = lookalike.pieces(one), lookalike.pieces(other)
    share = lookalike.jaccard(a, b)
    assert 0 <= share <= 1
    assert share == lookalike.jaccard(b, a)
    first, second = set(a.tolist()), set(b.tolist())
    assert (share == 1) == (first == second and bool(first))
    if first and second and not first & second:
        assert share == 0


@given(texts=st.lists(TEXTS, max_size=12))
def test_pairs_are_those_of_comparing_all(texts: list[str]) -> None:
    least = Decimal("0.5")
    held = [lookalike.pieces(text) for text in texts]
    expected = {
        (i, j)
        for i, a in enumerate(texts)
        for j, b in enumerate(texts)
        if i < j and a and b and lookalike.jaccard(held[i], held[j]) >= least
        and 2 * min(len(a), len(b)) >= max(len(a), len(b)) * least
    }  # fmt: skip
    assert {(a, b) for a, b, _ in lookalike.alike(texts, least)} == expected


def test_the_sketch_finds_what_comparing_all_finds() -> None:
    """Beyond a hundred texts a sketch picks the pairs: every close copy must be among them."""
    chance = random.Random(7)
    texts = [prose(n) for n in range(150)]
    for number in range(100, 150):
        parts = lookalike.sentences(texts[number - 100])
        parts[chance.randrange(len(parts))] = prose(1000 + number, 1)
        texts[number] = "".join(parts)
    found = {(a, b): share for a, b, share in lookalike.alike(texts, Decimal("0.8"))}
    assert set(found) == {(n - 100, n) for n in range(100, 150)}
    for (a, b), share in found.items():
        assert share == lookalike.jaccard(lookalike.pieces(texts[a]), lookalike.pieces(texts[b]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公开信息152条，其中23条。", "公开信息9条，其中一百零二条。"),
        ("2022年收到申请3件。", "2023年收到申请30件。"),
        ("甲局公开 信息。", "乙局公开信息！"),
        ("占51.85%，增长1,204.5万元", "占4%，增长3万元"),
    ],
)
def test_numbers_years_names_and_signs_do_not_count(one: str, other: str) -> None:
    def mask(text: str) -> str:
        return lookalike.masked(text, ("甲局", "乙局"), lambda text: text)

    assert mask(one) == mask(other)


def test_set_phrases_are_taken_out(settings: Settings) -> None:
    take = phrases(settings.rules.compare.phrases)
    text = "2023年，我局没有收到政府信息公开申请。本年度未发生行政复议、行政诉讼案件。没有其他需要报告的事项。"
    assert len(lookalike.masked(take(text), (), lambda t: t)) < 6
    kept = "建立台账逐件登记起草科室和有效期"
    assert take(kept) == kept


def test_common_sentences_stand_side_by_side() -> None:
    def plain(text: str) -> str:
        return lookalike.masked(text, (), lambda t: t)

    own = "建立台账，登记文件12件。短句。各写各的一句话甲。"
    other = "开头不同。建立台账，登记文件7件。各写各的一句话乙乙。短句。"
    assert lookalike.shared(own, other, (plain, plain), 3) == [
        ("建立台账，登记文件12件。", "建立台账，登记文件7件。")
    ]


# ---- the rules -----------------------------------------------------------------------------------


def worded(name: str, period: int, text: str, problems: str | None = None) -> dict[str, Any]:
    one = report(name, period)
    one["overview"]["text"] += text
    if problems is not None:
        one["problems"]["text"] += problems
    return one


@pytest.mark.parametrize(
    ("changed", "expected"),
    [(0, {"Y09"}), (2, {"Y09m"}), (15, set())],
)
def test_last_years_text(
    changed: int, expected: set[str], tmp_path: Path, settings: Settings
) -> None:
    parts = lookalike.sentences(prose(1))
    now = "".join([*parts[changed:], prose(2, changed)]) if changed else prose(1)
    batch = audit(
        tmp_path,
        settings,
        worded("示例县水利局", 2022, prose(1)),
        worded("示例县水利局", 2023, now),
    )
    one = of(batch, "示例县水利局")
    failing = {r for r in ("Y09", "Y09m", "Y09p", "Y10") if outcome(one, r) is Outcome.FAIL}
    assert failing == expected
    for rule in expected:
        [finding] = findings(one, rule)
        quotes = [e for e in finding.evidence if e.quote]
        assert quotes[0].quote == quotes[1].quote  # ours and theirs in turn
        assert (quotes[0].prior, quotes[1].prior) == (False, True)
        assert quotes[1].location is None or quotes[1].location.source.endswith("000.json")


def test_section_five_of_last_year(tmp_path: Path, settings: Settings) -> None:
    batch = audit(
        tmp_path, settings, worded("示例县水利局", 2022, prose(1), prose(3, 12)),
        worded("示例县水利局", 2023, prose(2), prose(3, 12)),
    )  # fmt: skip
    one = of(batch, "示例县水利局")
    assert (outcome(one, "Y09"), outcome(one, "Y09p")) == (Outcome.PASS, Outcome.FAIL)


def test_another_bodys_text_and_a_common_template(tmp_path: Path, settings: Settings) -> None:
    names = [f"示例县第{word}局" for word in "甲乙丙丁戊己庚辛"]
    own = [worded(name, 2023, prose(n)) for n, name in enumerate(names)]
    own[1] = worded(names[1], 2023, prose(0))
    batch = audit(tmp_path, settings, *own)
    assert [outcome(of(batch, n), "X05") for n in names[:3]] == [
        Outcome.FAIL, Outcome.FAIL, Outcome.PASS,
    ]  # fmt: skip
    [finding] = findings(of(batch, names[0]), "X05")
    assert names[1] in {e.subject for e in finding.evidence}
    same = audit(tmp_path / "b", settings, *(worded(name, 2023, prose(9)) for name in names))
    assert {outcome(of(same, n), "X05") for n in names} == {Outcome.REVIEW}


def test_short_reports_are_not_alike(tmp_path: Path, settings: Settings) -> None:
    """Bodies without an application say the same few sentences, and lawfully so."""
    short = "全年没有收到政府信息公开申请，没有发生行政复议和行政诉讼。"
    batch = audit(
        tmp_path, settings, worded("示例县水利局", 2022, short), worded("示例县水利局", 2023, short),
        worded("示例县民政局", 2023, short),
    )  # fmt: skip
    one = of(batch, "示例县水利局")
    assert {outcome(one, r) for r in ("Y09", "X05")} == {Outcome.NOT_APPLICABLE}


def test_the_same_body_in_another_year_is_no_other_body(tmp_path: Path, settings: Settings) -> None:
    batch = audit(
        tmp_path,
        settings,
        worded("示例县水利局", 2022, prose(1)),
        worded("示例县水利局", 2023, prose(1)),
    )
    assert outcome(of(batch, "示例县水利局"), "X05") is Outcome.NOT_APPLICABLE
