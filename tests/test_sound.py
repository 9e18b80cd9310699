"""After an edit the examples of the rules that it touches are tried again, and no others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from auditor import session
from auditor.errors import RulesError
from auditor.rulebook import examples
from tests.conftest import ROOT

SCHEMAS = ROOT / "schemas"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is kept once the rules were checked."""
    cache = tmp_path_factory.mktemp("checked") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITOR_CACHE", str(cache))
        session.forms_and_rules(SCHEMAS, ROOT / "rules" / "ogi", anew=True)
    return cache


@pytest.fixture
def rules(checked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rules that were checked."""
    cache, folder = tmp_path / "cache", tmp_path / "rules" / "ogi"
    shutil.copytree(checked, cache)
    monkeypatch.setenv("AUDITOR_CACHE", str(cache))
    shutil.copytree(ROOT / "rules" / "ogi", folder)
    return folder


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rules whose examples are tried from now on."""
    found: list[str] = []
    check = examples._check_rule

    def noted(rule: examples.Rule, *rest: object) -> None:
        found.append(rule.id)
        check(rule, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(examples, "_check_rule", noted)
    return found


@pytest.mark.parametrize(
    ("file", "old", "new", "again"),
    [
        ("arithmetic.yaml", "- 编号: A01", "# a line\n- 编号: A01", set()),
        ("arithmetic.yaml", "整改: {zh: 逐项核对", "整改: {zh: 请逐项核对", set()),
        ("arithmetic.yaml", "zh: 新收 {本年新收}", "zh: 收到 {本年新收}", {"A01"}),
        ("arithmetic.yaml", "申请.结转下年.其他: 1", "申请.结转下年.其他: 2", {"A01"}),
        ("ruleset.yaml", "值: {2019: 131}", "值: {2019: 131, 2031: 215}", None),
        ("words.yaml", "\n", "\n# a line\n", set()),
    ],
)
def test_what_is_tried_again(
    file: str, old: str, new: str, again: set[str] | None, rules: Path, tried: list[str]
) -> None:
    _edit(rules / file, old, new)
    _, ruleset = session.forms_and_rules(SCHEMAS, rules)
    assert set(tried) == (again if again is not None else {rule.id for rule in ruleset.rules})
    tried.clear()
    _edit(rules / file, new, old)
    session.forms_and_rules(SCHEMAS, rules, anew=True)
    assert tried == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("arithmetic.yaml", "申请.结转下年.其他: 1", "申请.结转下年.其他: 0"),  # the example
        ("arithmetic.yaml", "本年新收 + 上年结转 = 办理总计 + 结转下年",
         "本年新收 + 上年结转 >= 办理总计 + 结转下年"),  # what the rule looks for
        ("ruleset.yaml", "值: {2019: 131}", "值: {2019: 331}"),  # a threshold of other rules
    ],
)  # fmt: skip
def test_what_is_wrong_is_wrong_every_time(file: str, old: str, new: str, rules: Path) -> None:
    _edit(rules / file, old, new)
    for _ in range(2):
        with pytest.raises(RulesError):
            session.forms_and_rules(SCHEMAS, rules)


def test_a_set_upon_another_tries_only_its_own(rules: Path, tried: list[str]) -> None:
    shutil.copytree(ROOT / "rules" / "ogi-city-example", rules.parent / "city")
    _, ruleset = session.forms_and_rules(SCHEMAS, rules.parent / "city")
    base = {rule.id for rule in session.forms_and_rules(SCHEMAS, rules)[1].rules}
    assert set(tried) == {rule.id for rule in ruleset.rules} - base != set()


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
