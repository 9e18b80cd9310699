"""Nothing twice, and never a wrong answer: every input of a key changes it."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from auditor.corpus import keys
from auditor.corpus.asked import asked_by
from auditor.corpus.keys import (
    digest,
    digest_plain,
    judging_key,
    logic_keys,
    reading_key,
    rule_keys,
    run_key,
)
from auditor.decisions import Waiver
from auditor.errors import Said
from auditor.model import Severity
from auditor.pipeline import Settings
from auditor.readers import Limits
from auditor.roster import Roster, Unit
from auditor.rulebook.prepare import for_keeping
from auditor.rulebook.rule import Compare, Grading, Group, Lawful, Rule, RuleSet, Threshold
from auditor.rulebook.wordlist import WordList
from tests.conftest import ROOT
from tests.test_run import CLEAN, Desk


@pytest.fixture
def kept(settings: Settings) -> Settings:
    return replace(settings, rules=for_keeping(settings.rules))


# ---- digests -------------------------------------------------------------------------------------

PLAIN = [
    None,
    True,
    False,
    0,
    1,
    "1",
    "",
    "None",
    b"1",
    b"",
    Decimal(1),
    Decimal("1.0"),
    "\udc80",
    "(1,)",
    (),
    (1,),
    (1, 1),
    ((1,), 1),
    (1, (1,)),
    ("ab", "c"),
    ("a", "bc"),
    ("a', 'b",),
    ("a", "b"),
    [[]],
]
ALL = [
    *PLAIN, Fraction(1, 3), {}, {"a": 1}, {"a": "1"},
    {"a": 1, "b": 2}, {"b": 2, "a": 1}, {1: "a"}, frozenset(), frozenset({1}), frozenset({1, 2}),
    Said("a", "b"), Said("b", "a"), Severity.NOTE, Severity.MINOR, Unit("a"), Unit("a", since=1),
    Path("a"), Lawful("a", Said("b", "c")), [{}],
]  # fmt: skip


def test_different_values_have_different_digests() -> None:
    found = [digest(value) for value in ALL]
    assert len(set(found)) == len(ALL)
    assert digest(1, 2) != digest((1, 2)) != digest(12)
    assert digest({1, 2, 3}) == digest({3, 2, 1})
    assert digest([1, 2]) == digest((1, 2))
    assert len({digest_plain(value) for value in PLAIN}) == len(PLAIN)
    for strange in (1.5, object(), lambda: 0):
        with pytest.raises(TypeError):
            digest(strange)


# ---- settings ------------------------------------------------------------------------------------

WAIVER = Waiver("A01", "x", 2023, "rule", (), "2024-01-01")
CHANGES: dict[str, Callable[[Settings], Settings]] = {
    "forms": lambda s: replace(s, forms=s.forms[1:]),
    "rules": lambda s: replace(s, rules=replace(s.rules, digest="0" * 64)),
    "as_of": lambda s: replace(s, as_of="2024-02-02"),
    "form": lambda s: replace(s, form="ogi-2021"),
    "period": lambda s: replace(s, period=2023),
    "kind": lambda s: replace(s, kind="department"),
    "overrides": lambda s: replace(s, overrides=(Said("--draft", "--draft"),)),
    "waivers": lambda s: replace(s, waivers=(WAIVER,)),
    "longest_waiver": lambda s: replace(s, longest_waiver=3),
    "limits": lambda s: replace(s, limits=Limits(seconds=7)),
    "draft": lambda s: replace(s, draft=True),
    "roster": lambda s: replace(s, roster=Roster((Unit("x"),))),
    "folder": lambda s: replace(s, folder=True),
    "year": lambda s: replace(s, year=2022),
    "editions": lambda s: replace(s, editions=(s.rules,)),
}


def test_every_setting_is_in_the_key_of_a_run(kept: Settings) -> None:
    assert set(CHANGES) == {f.name for f in fields(Settings)}  # a new one must be decided here
    before = run_key(kept, ["a", "b"])
    after = {name: run_key(change(kept), ["a", "b"]) for name, change in CHANGES.items()}
    assert all(key != before for key in after.values())
    assert len({before, *after.values()}) == len(CHANGES) + 1
    assert (
        len({before, run_key(kept, ["a"]), run_key(kept, ["b", "a"]), run_key(kept, ["ab"])}) == 4
    )


READING = {"forms", "form", "period", "kind", "limits"}
APART = {"rules", "roster", "folder", "year"}
"""`rules`: by frame and single rules, below; `roster`: in the key of what a run shares; `folder` and
`year`: say only who is missing, which no audit tells."""


def test_settings_are_in_the_keys_of_what_depends_on_them(kept: Settings) -> None:
    for name, change in CHANGES.items():
        other = change(kept)
        assert (reading_key(other) != reading_key(kept)) == (name in READING), name
        assert (judging_key(other) != judging_key(kept)) == (name not in APART | {"limits"}), name


@pytest.mark.parametrize("name", [f.name for f in fields(Limits)])
def test_every_limit_is_in_the_key_of_reading(name: str, kept: Settings) -> None:
    other = replace(kept, limits=replace(kept.limits, **{name: 1}))
    assert reading_key(other) != reading_key(kept)


FRAME: dict[str, Any] = {
    "id": "x", "forms": (), "thresholds": {"x": Threshold("x", ((2019, 1),))},
    "grading": Grading(), "families": {}, "words": {"x": WordList("x", ("y",))},
    "terms": {"x": ("y",)}, "grouping": (Group("x", Said("x", "x"), frozenset()),),
    "compare": Compare(),
}  # fmt: skip


def test_every_part_of_a_rule_set_is_in_the_frame_or_for_people(kept: Settings) -> None:
    assert set(FRAME) | keys.NOT_IN_FRAME == {f.name for f in fields(RuleSet)}
    for name, value in FRAME.items():
        other = replace(kept, rules=replace(kept.rules, **{name: value}))
        assert judging_key(other) != judging_key(kept), name


MATTERS: dict[str, Any] = {
    "id": "ZZ9", "title": Said("x", "x"), "verb": "forbid", "body": "本年新收 = 1",
    "severity": Severity.NOTE, "review": True, "when": "年度 = 1", "table": "表四",
    "for_each": "row", "forms": ("x",), "since": 1999, "until": 2050, "message": Said("x", "x"),
    "mask": "all",
}  # fmt: skip


def test_every_part_of_a_rule_is_in_its_key_or_for_people(kept: Settings) -> None:
    assert set(MATTERS) | keys.NOT_IN_RULE == {f.name for f in fields(Rule)}
    first = next(rule for rule in kept.rules.rules if rule.id == "A01")
    rest = [rule for rule in kept.rules.rules if rule is not first]

    def key(rule: Rule) -> list[bytes]:
        return list(rule_keys(replace(kept.rules, rules=(rule, *rest))).values())

    before = key(first)
    for name, value in MATTERS.items():
        assert key(replace(first, **{name: value})) != before, name
    lawful = (Lawful("", Said("x", "x")),)
    assert key(replace(first, exceptions=lawful)) != before
    assert key(replace(first, origin="x:9", basis=(), fix=None, family="Z")) == before


def test_what_a_rule_says_is_no_part_of_what_it_looks_for(kept: Settings) -> None:
    rule = next(rule for rule in kept.rules.rules if rule.id == "A01")
    first = replace(rule, exceptions=(Lawful("", Said("y", "y")),))
    before = logic_keys(replace(kept.rules, rules=(first,)))
    for name, value in MATTERS.items():
        after = logic_keys(replace(kept.rules, rules=(replace(first, **{name: value}),)))
        assert (list(after.values()) == list(before.values())) is (name in keys.NOT_IN_LOGIC), name
    said = tuple(replace(one, say=Said("x", "x")) for one in first.exceptions)
    assert logic_keys(replace(kept.rules, rules=(replace(first, exceptions=said),))) == before
    bare = replace(kept.rules, rules=(replace(first, exceptions=()),))
    assert logic_keys(bare) != before


def test_another_engine_is_another_key(kept: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_files", lambda: [("a.py", 1, 2)]), ("_version", lambda n: "9"),
                        ("__version__", "9.9"), ("_PACKAGE", ROOT / "schemas")):  # fmt: skip
        before = reading_key(kept), judging_key(kept)
        keys.engine_key.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr(keys, name, value)
            assert all(a != b for a, b in zip(before, (reading_key(kept), judging_key(kept)),
                                              strict=True))  # fmt: skip
        keys.engine_key.cache_clear()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("对照.上年.断档 > 0", {"beside.prior.gap"}),
        ("beside.prior.gap > 0", {"beside.prior.gap"}),
        ("缺 {对照.上年.断档} 年 {名册.备案}", {"beside.prior.gap", "roster.reviewed"}),
        ("{beside.names.text} names", {"beside.names.text"}),
        ("没有上一年报告可以对照：规范性文件", set()),
        ("申请.本年新收.总计 > 0", set()),
        ("规范性文件.有效 > 0", set()),
    ],
)
def test_what_a_text_asks_of_others_in_either_language(
    text: str, asked: set[str], kept: Settings
) -> None:
    rule = replace(kept.rules.rules[0], when=text, body={})
    assert asked_by([rule], kept.forms) == asked


# ---- the command ---------------------------------------------------------------------------------


class Counting:
    """Runs of one folder; after each, what was read and judged anew."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.output = b""

    def run(self, *options: str) -> tuple[set[str], set[str]]:
        (self.desk.place / "counted").unlink(missing_ok=True)
        done = self.desk.run(*options, count=True)
        assert done.returncode in (0, 1, 3), done.stderr
        self.output = self.desk.out()
        return set(self.desk.counted()), set(self.desk.counted("judged"))

    def afresh(self, *options: str) -> bytes:
        """What comes out with nothing kept."""
        self.desk.run("--no-cache", *options)
        return self.desk.out()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was audited once, with what was kept of it."""
    desk = Desk(tmp_path_factory.mktemp("prepared"))
    desk.fill(14)
    shutil.copy(CLEAN, desk.reports / "a.txt")
    shutil.copy(DOCX, desk.reports)
    shutil.copy(CLEAN, desk.reports / "broken.docx")
    shutil.copytree(ROOT / "rules" / "ogi", desk.place / "rules")
    desk.options = OPTIONS
    found = Counting(desk)
    read, judged = found.run()
    assert len(read) == 17
    assert len(judged) >= 15
    assert found.output == found.afresh()
    return desk.place


@pytest.fixture
def counting(prepared: Path, tmp_path: Path) -> Counting:
    place = tmp_path / "desk"
    shutil.copytree(prepared, place)
    desk = Desk(place)
    desk.options = OPTIONS
    found = Counting(desk)
    found.output = desk.out()
    return found


DOCX = ROOT / "reports_in" / "示例市示例区教育局2023年政府信息公开工作年度报告.docx"
OPTIONS = ("--jobs", "1", "--rules", "rules")


def test_an_unchanged_folder_is_neither_read_nor_judged(counting: Counting) -> None:
    before = counting.output
    assert counting.run() == (set(), set())
    assert counting.output == before
    assert counting.run("--no-cache")[0] != set()


def test_one_changed_file(counting: Counting) -> None:
    path = counting.desk.reports / "0004.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["disclosure"]["licences"]["decisions"] = 55
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    read, judged = counting.run()
    assert read == {"0004.json"}
    assert judged == {"0004.json", "0005.json"}  # itself, and the one whose last year it is
    assert counting.output == counting.afresh()


def test_a_new_file_and_one_that_is_gone(counting: Counting) -> None:
    (counting.desk.reports / "0007.json").unlink()
    text = (counting.desk.reports / "0008.json").read_text(encoding="utf-8")
    counting.desk.put("0100.json", text.replace("第4局", "第99局"))
    read, _ = counting.run()
    assert read == {"0100.json"}
    assert counting.output == counting.afresh()


def test_a_text_that_becomes_like_another(counting: Counting) -> None:
    long = "，".join(f"第{n}项工作按{'甲乙丙丁'[n % 4]}类要求办结并登记在册" for n in range(40))
    for name in ("0004.json", "0010.json"):
        path = counting.desk.reports / name
        data = json.loads(path.read_text(encoding="utf-8"))
        data["overview"]["text"] = long
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        counting.run()
        assert counting.output == counting.afresh()


def test_a_year_that_ends_a_gap_otherwise(counting: Counting) -> None:
    text = (counting.desk.reports / "0008.json").read_text(encoding="utf-8")
    period = json.loads(text)["period"]
    for years, number in ((4, "200"), (3, "201")):  # a gap of three years, then one of two
        early = text.replace(f'"period": {period}', f'"period": {period - years}')
        counting.desk.put(f"0{number}.json", early)
        counting.run()
        assert counting.output == counting.afresh()


def test_a_file_under_another_name(counting: Counting) -> None:
    (counting.desk.reports / "0004.json").rename(counting.desk.reports / "renamed.json")
    read, _ = counting.run()
    assert read == {"renamed.json"}
    assert counting.output == counting.afresh()


def test_corrections_beside_a_file(counting: Counting) -> None:
    text = (counting.desk.reports / "a.txt").read_bytes()
    import hashlib

    counting.desk.put("a.txt.corrections.yaml", (
        f"digest: {hashlib.sha256(text).hexdigest()}\n"
        "corrections:\n- {path: applications.new.total, value: 77, who: 甲, why: 看错}\n"
    ))  # fmt: skip
    read, _ = counting.run()
    assert read == {"a.txt"}
    assert counting.output == counting.afresh()
    assert b"77" in counting.output


@pytest.mark.parametrize(
    ("file", "old", "new", "all_judged"),
    [
        ("arithmetic.yaml", "- 编号: A01", "# a line\n- 编号: A01", False),  # only lines move
        ("arithmetic.yaml", "级别: 严重", "级别: 提示", False),
        ("quality.yaml", "级别: 提示", "级别: 一般", False),
        ("ruleset.yaml", "值: {2019: 30%}", "值: {2018: 30%}", True),
        ("privacy.yaml", "- 编号: P01", "- 编号: P91", True),
    ],
)  # fmt: skip
def test_a_changed_rule(
    file: str, old: str, new: str, all_judged: bool, counting: Counting
) -> None:
    path = counting.desk.place / "rules" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    read, judged = counting.run()
    # a.txt and the .docx may lean on the rules' sums; data never does
    assert {name for name in read if name.endswith(".json")} == set()
    assert (len(judged) >= 15) is all_judged
    assert counting.output == counting.afresh()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("arithmetic.yaml", "应当: 本年新收 + 上年结转 = 办理总计 + 结转下年",
         "应当: 上年结转 + 本年新收 = 结转下年 + 办理总计"),  # looks at the report alone
        ("years.yaml", "应当: 总计 >= 上年(未审结)", "应当: 上年(未审结) <= 总计"),  # at last year's
        ("arithmetic.yaml", "zh: 新收 {本年新收} + 上年结转", "zh: 收到 {本年新收} + 上年结转"),
        ("arithmetic.yaml", "the sum of the results}\n  级别: 严重",
         "the sum of the results}\n  级别: 提示"),  # what it finds weighs less
        ("narrative.yaml", "非信息公开, 完毕,", "非信息公开, 甲乙丙, 完毕,"),  # of another matter
    ],
)  # fmt: skip
def test_a_rule_in_other_words(file: str, old: str, new: str, counting: Counting) -> None:
    """What holds by itself is kept, also after a second edit; what does not is judged again."""
    path = counting.desk.place / "rules" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    before = counting.output
    for edited in (text.replace(old, new), text):
        path.write_text(edited, encoding="utf-8")
        read, _ = counting.run()
        assert {name for name in read if name.endswith(".json")} == set()
        assert counting.output == (before if edited is text else counting.afresh())


@pytest.mark.parametrize(
    "options",
    [("--as-of", "2024-05-01"), ("--draft",), ("--period", "2022"), ("--kind", "department"),
     ("--sheet", "ten-points")],
)  # fmt: skip
def test_options(options: tuple[str, ...], counting: Counting) -> None:
    before = counting.output
    counting.run(*options)
    assert counting.output != before
    assert counting.output == counting.afresh(*options)
    assert counting.run() == (set(), set())  # and what was kept before is still there
    assert counting.output == before


def test_the_size_of_what_is_kept(counting: Counting) -> None:
    counting.run("--cache-size", "1")
    kept = counting.desk.cache / "results" / "kept.db"
    assert kept.stat().st_size < 3_000_000
    assert counting.output == counting.afresh()


# ---- watching ------------------------------------------------------------------------------------


def _ended(running: subprocess.Popen[str], number: int) -> str:
    """What a process says on its error output until a signal ends it, sent as often as it takes."""
    for _ in range(20):
        running.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            return running.communicate(timeout=3)[1]
    running.kill()
    return running.communicate()[1]


def test_a_watched_folder_is_audited_again_after_a_change(counting: Counting) -> None:
    import signal

    desk = counting.desk
    before = counting.output
    out = desk.place / "out.json"
    out.unlink()
    held = signal.signal(signal.SIGINT, signal.default_int_handler)
    watching = desk.begin("--watch")  # who runs these tests in the background ignores the signal
    signal.signal(signal.SIGINT, held)
    try:
        until = time.monotonic() + 120
        while not out.exists() or out.read_bytes() != before:
            assert time.monotonic() < until
            time.sleep(0.1)
        time.sleep(2)
        (desk.place / "rules" / "fees.yaml").write_text(
            "- 编号: [", encoding="utf-8"
        )  # said, waits
        time.sleep(6)  # a look every second, and half a second of calm, on a busy machine
        shutil.copy(ROOT / "rules" / "ogi" / "fees.yaml", desk.place / "rules" / "fees.yaml")
        (desk.reports / "0007.json").unlink()
        while b"0007.json" in desk.out():
            assert watching.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
    finally:
        said = _ended(watching, signal.SIGINT)
    assert watching.returncode in (1, 130)  # waiting, or about to end a run
    assert "fees.yaml" in said
    assert "changed, auditing again" in said
