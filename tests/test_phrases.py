"""Phrases of policy staff: what they find, what they refuse, and that none can hang a run."""

from __future__ import annotations

import pytest

from auditor.errors import ExpressionError
from auditor.rulebook.phrases import phrases
from auditor.rulebook.prose import prose
from auditor.rulebook.vocabulary import VOCABULARY

WORDS = {"件": ("件", "条"), "收到": ("收到", "接到"), "收到申请": ("{收到}…申请…{n}{件}",)}


def found(template: str, text: str) -> list[str]:
    read = prose("x", text)
    hits = phrases([template], WORDS).found(read)
    return [read.text[h.number : h.number_end] if h.number >= 0 else "-" for h in hits]


@pytest.mark.parametrize(
    ("template", "text", "numbers"),
    [
        ("收到…申请{n}件", "全年收到公开申请５件，收到意见3件。", ["5"]),
        ("收到…申请{n}件", "收到意见3件，申请5件。", []),  # not over a comma
        ("收到…申请{n}件", "收到2023年申请5件。", []),  # not over a digit
        ("收到…申请{n}件", "收到公开\n申请\u3000 5 件。", ["5"]),
        ("{收到}…申请{n}{件}", "接到申请五条", ["五"]),
        ("{收到申请}", "接到申请约40余件；收到申请1,234件。", ["约40余", "1,234"]),
        ("(办结|答复)[了]{n}件", "办结了3件，答复4件", ["3", "4"]),
        ("未收到…申请$", "未收到任何申请，", ["-"]),
        ("未收到…申请$", "未收到申请人的投诉", []),
        ("其他处理……{n}件", "其他处理（含撤回申请）3件", ["3"]),
        ("其他处理…{n}件", "其他处理（含撤回申请）3件", []),
        ("收到“申请”{n}件", "收到“申请”3件", ["3"]),
    ],
)
def test_what_a_phrase_finds(template: str, text: str, numbers: list[str]) -> None:
    assert found(template, text) == numbers


@pytest.mark.parametrize(
    "template", ["收到(申请{n}件", "收到申请]{n}件", "收到{没有}{n}件", "{n}件", "…{n}…"]
)
def test_what_a_phrase_may_not_be(template: str) -> None:
    with pytest.raises(ExpressionError):
        phrases([template], WORDS)


def test_lists_that_name_each_other_end() -> None:
    with pytest.raises(ExpressionError):
        phrases(["{a}"], {"a": ("{b}",), "b": ("{a}",)})


def test_a_hostile_phrase_on_a_hostile_text_ends() -> None:
    """Linear matching: a hundred skips over a long sentence without an end."""
    template = "申请" + "…申请" * 20 + "{n}件"
    assert found(template, "申请" * 20_000 + "。") == []


def test_the_way_back_to_the_original() -> None:
    text = "　全年 收到\n申请 1２ 件。\n（二）另一段收到申请3件"
    read = prose("x", text)
    hits = phrases(["收到申请{n}件"], {}).found(read)
    assert [read.printed(h.number, h.number_end) for h in hits] == ["1２", "3"]
    assert [text[slice(*read.span(h.start, h.end))] for h in hits] == [
        "收到\n申请 1２ 件",
        "收到申请3件",
    ]


@pytest.mark.parametrize("learned", [False, True])
def test_words_that_occur_are_the_same_however_they_are_sought(learned: bool) -> None:
    """Searched for one by one, and by the automaton that knows what was told before."""
    words = ("申请", "", "没有的词", "件", "件，", "共收到")
    if learned:
        VOCABULARY.tell(words, words)
        VOCABULARY.tell("many", [f"第{n}个词" for n in range(100)])
    text = prose("overview.text", f"共收到申请3件，办结3件。{learned}")
    assert (text.found.known > 0) or not learned
    assert list(text.among(words)) == [word for word in words if word in text.text]
