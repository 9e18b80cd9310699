"""What no output may show is in no output, whole or cut off, and is still told apart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import Said
from auditor.judging.evaluate import secrets_of
from auditor.judging.mask import mask
from auditor.model import Audit, Batch, Evidence, Finding, Outcome
from auditor.pipeline import Bound, Company, Input, Settings, audit_one, bind_one, facts_for
from auditor.renderers import Options, load, names
from auditor.rulebook.checksums import luhn, resident_id
from auditor.rulebook.prepare import prepare
from tests.conftest import ROOT, Run

NUMBER, PHONE, CARD, NAME = "999999198501010018", "13800138000", "6222021234567890128", "罗小禾"
SECRETS = (NUMBER, PHONE, CARD, NAME)
BASE = ROOT / "reports_in" / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"


def report(tmp_path: Path, name: str, **changed: Any) -> Path:
    data = json.loads(BASE.read_text("utf-8"))
    for key, text in changed.items():
        data[key] = {**data[key], "text": text} if isinstance(data[key], dict) else text
    path = tmp_path / name
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return path


def audited(path: Path, settings: Settings) -> Audit:
    audit = audit_one(Input(path), settings)
    assert isinstance(audit, Audit)
    return audit


@pytest.fixture
def told(tmp_path: Path, settings: Settings) -> Audit:
    text = (
        f"公开10条。申请人{NAME}（身份证号{NUMBER}）申请公开，均在15个工作日内答复。"
        f"申请人电联{PHONE}。请汇入账号{CARD}。"
        f"申请人{NAME}（身份证号{NUMBER}）申请公开，均在15个工作日内答复。"
    )
    return audited(report(tmp_path, "a.json", overview=text), settings)


def fired(audit: Audit, rule: str) -> tuple[Any, ...]:
    return next(r.findings for r in audit.results if r.rule == rule)


def test_found_and_hidden_everywhere(told: Audit) -> None:
    assert {r.rule for r in told.results if r.outcome is Outcome.FAIL} >= {"P01", "P02", "P03"}
    shown = repr(told)
    assert not [secret for secret in SECRETS if secret in shown]
    for kept in ("99*************018", "138****8000", "6222***********0128", "罗**"):
        assert kept in shown
    assert all(not f.secrets for r in told.results for f in r.findings)


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_renderer_lets_one_out(told: Audit, name: str, lang: str) -> None:
    options = Options(lang=lang, verbose=True)
    rendered = load(name).render(Batch((told,)), options)
    for secret in SECRETS:
        assert secret.encode() not in rendered
        assert secret[:8].encode() not in rendered or len(secret) < 8


def test_nor_does_the_screen(tmp_path: Path, auditor: Run) -> None:
    path = report(tmp_path, "s.json", overview=f"公开10条。申请人{NAME}（{NUMBER}）申请公开。")
    for output in ([], ["-v"], ["--lang", "en"], ["-f", "json"]):
        done = auditor("audit", path, *output)
        assert "P01" in done.stdout
        assert NUMBER not in done.stdout + done.stderr
        assert NAME not in done.stdout + done.stderr


def test_quotations_that_cut_one_off(told: Audit) -> None:
    """Q09d and Q16 quote the sentence that holds the name and the number."""
    for rule in ("Q09d", "Q16"):
        quotes = "".join(
            f.message.zh + "".join(e.quote for e in f.evidence) for f in fired(told, rule)
        )
        assert quotes, rule
        assert NAME[:2] not in quotes, rule
        assert NUMBER[:5] not in quotes, rule


def test_values_are_told_apart_by_what_is_shown(tmp_path: Path, settings: Settings) -> None:
    """Two numbers that look alike when masked are two findings; the hashes hold no digit."""
    one, two = "13811118000", "13822228000"
    both = audited(report(tmp_path, "b.json", overview=f"申请人甲{one}。申请人乙{two}。"), settings)
    other = audited(
        report(tmp_path, "c.json", overview="申请人甲13833338000。申请人乙13844448000。"), settings
    )
    prints = [f.fingerprint for f in fired(both, "P02")]
    assert len(set(prints)) == 2
    assert prints == [f.fingerprint for f in fired(other, "P02")], "a hash that knows the digits"


def test_many_numbers_are_all_hidden(tmp_path: Path, settings: Settings) -> None:
    phones = [f"139{n:08d}" for n in range(60)]
    text = "。".join(f"申请人{phone}" for phone in phones)
    shown = repr(audited(report(tmp_path, "d.json", overview=text), settings))
    assert not [phone for phone in phones if phone in shown]


def test_a_mark_of_secrecy_takes_its_sentence_along(tmp_path: Path, settings: Settings) -> None:
    text = "机密★10年 关于某项工程的部署\n主动公开信息10条。"
    audit = audited(report(tmp_path, "e.json", overview=text), settings)
    assert fired(audit, "P07")[0].outcome is Outcome.FAIL
    assert "机密★" not in repr(audit)
    assert "某项工程" not in repr(audit)
    assert "主动公开信息10条" in repr(audit)


def test_the_title_is_text_too(tmp_path: Path, settings: Settings) -> None:
    text = f"公开10条。申请人{NAME}申请公开一件。"
    title = f"{NAME}案2023年政府信息公开工作年度报告"
    assert NAME not in repr(
        audited(report(tmp_path, "f.json", overview=text, title=title), settings)
    )


def test_last_year_s_secrets_are_hidden_too(tmp_path: Path, settings: Settings) -> None:
    """A finding that quotes last year's report must not show what is hidden there."""
    audit = audited(report(tmp_path, "g.json"), settings)
    where = Said("总体情况", "overview")
    quote = Evidence("overview.text", where, None, "read", None, f"上年：{PHONE}", prior=True)
    alike = Finding("Y09", Outcome.REVIEW, where, where, (quote,))
    first, *others = audit.results
    results = (replace(first, findings=(alike,)), *others)
    masked = mask(replace(audit, results=results), ((PHONE, "138****8000"),))
    assert PHONE not in repr(masked)
    assert "138****8000" in repr(masked)


def test_the_pipeline_asks_last_year_s_report(tmp_path: Path, settings: Settings) -> None:
    now = bind_one(Input(report(tmp_path, "now.json")), settings)
    last = report(tmp_path, "last.json", overview=f"申请人{PHONE}。", period=2022)
    prior = bind_one(Input(last), settings)
    assert isinstance(now, Bound)
    assert isinstance(prior, Bound)
    facts = facts_for(now.report, settings, Company(prior.report))
    ready = prepare(settings.rules, facts.form, 2023)
    assert secrets_of(ready, facts.prior) == ((PHONE, "138****8000"),)


def test_a_clean_audit_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    audit = audited(report(tmp_path, "h.json"), settings)
    assert mask(audit) is audit


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("999999198501010018", True),
        ("99999919850101001８", True),  # full width
        ("11010119900307002X", True),
        ("11010119900307002x", True),
        ("110101199003070012", False),  # check character
        ("110101199013070018", False),  # no such month
        ("11010119900307", False),
        ("11330000002482A34X", False),  # a code of an organisation
    ],
)
def test_resident_id(text: str, good: bool) -> None:
    assert resident_id(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("4111111111111111", True),
        ("4111 1111 1111 1111", True),
        ("6222021234567890128", True),
        ("6222021234567890123", False),
        ("0000000000000000", False),
        ("411111111111111X", False),
    ],
)
def test_luhn(text: str, good: bool) -> None:
    assert luhn(text) is good
