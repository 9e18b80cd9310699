"""The command as a user runs it: exit statuses, outputs, hostile inputs, author's mistakes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import jsonschema
import pytest

from auditor.compiled import kept_at
from tests.conftest import ROOT, Run

REPORTS = ROOT / "reports_in"
CLEAN = REPORTS / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
CLEAN_WORD = REPORTS / "云溪县住房和城乡建设局2022年政府信息公开工作年度报告.docx"
BAD = REPORTS / "示例市示例区教育局2023年政府信息公开工作年度报告.docx"


def loaded(path: Path = CLEAN) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def written(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


# --- exit contract ------------------------------------------------------------------------------


def test_clean_report_exits_0(auditor: Run) -> None:
    done = auditor("audit", CLEAN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200/200" in done.stdout


def test_failing_report_exits_1_and_names_the_sum(auditor: Run) -> None:
    done = auditor("audit", BAD)
    assert done.returncode == 1
    assert "A02" in done.stdout
    assert "≠" in done.stdout


def test_fail_on_decides_what_is_bad_enough(auditor: Run) -> None:
    assert auditor("audit", "--fail-on", "fatal", BAD).returncode == 0
    assert auditor("audit", "--fail-on", "catastrophe", BAD).returncode == 2


def test_reviews_count_only_on_request(auditor: Run) -> None:
    data = loaded()
    data["applications"]["not_processed"]["excessive"]["natural_person"] = 1
    data["applications"]["not_processed"]["excessive"]["total"] = 1
    for row in ("new", "total"):
        for column in ("natural_person", "total"):
            data["applications"][row][column] += 1
    text = data["overview"]["text"]
    for told, now in (("申请20件", "申请21件"), ("办结21件", "办结22件"), ("自然人17", "自然人18")):
        assert told in text
        text = text.replace(told, now)
    data["overview"]["text"] = text
    assert auditor("audit", "-", input=json.dumps(data)).returncode == 0
    assert auditor("audit", "-", "--fail-on-review", input=json.dumps(data)).returncode == 1


def test_unread_part_exits_3(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n")
    assert auditor("audit", tmp_path / "scan.pdf").returncode == 3


def test_empty_folder_is_no_silent_pass(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    assert auditor("audit", tmp_path / "leer").returncode == 3


def test_usage_errors_exit_2(auditor: Run) -> None:
    for wrong in (
        ["--format", "parchment", CLEAN],
        ["--form", "ogi-1949", CLEAN],
        ["--kind", "kingdom", CLEAN],
        ["--lang", "fr", CLEAN],
        ["--as-of", "yesterday", CLEAN],
        ["--stop-after", "lunch", CLEAN],
        ["--rules", "nowhere", CLEAN],
        ["--schemas", "nowhere", CLEAN],
        ["--no-such-option", CLEAN],
        [],
    ):
        done = auditor("audit", *wrong)
        assert done.returncode == 2, (wrong, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["audit"], "缺少 paths（文件"),
        (["audit", "x", "--fial-on", "major"], "没有选项 --fial-on，相近："),
        (["audti", "x"], "没有命令 audti，相近：audit"),
        (["extract", "x"], "缺少 -o / --output"),
        (["audit", "x", "--jobs", "0"], "不在 x>=1 之内"),
        (["audit", "x", "--max-seconds", "abc"], "不是数"),
        (["audit", "x", "--rules"], "--rules 后面要写值"),
        (["baseline", "diff", "a", "b", "c"], "多了：c"),
        (["rules", "new", "--rules", ROOT / "rules" / "ogi-local-example"], "没有得到回答"),
        (["rules", "fmt", BAD], "不是 UTF-8 编码"),
    ],
)
def test_a_wrong_command_is_told_in_the_readers_language(
    auditor: Run, command: list[object], said: str
) -> None:
    done = auditor(*command, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Error" not in done.stderr


def test_own_fault_exits_4_and_the_batch_goes_on(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor import pipeline
    from auditor.corpus import audit_all
    from auditor.model import Severity
    from auditor.verdict import verdict

    real = pipeline.read_document

    def broken(item: pipeline.Input, *limits: object) -> object:
        if item.path == BAD:
            raise ZeroDivisionError("a bug of ours")
        return real(item, *limits)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "read_document", broken)
    batch = audit_all(pipeline.inputs([BAD, CLEAN], frozenset()), settings)  # type: ignore[arg-type]
    assert len(batch.audits) == 1
    assert "ZeroDivisionError" in batch.faults[0].trace
    assert verdict(batch, Severity.MAJOR).status == 4


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
def test_a_screen_of_another_encoding_is_no_fault(auditor: Run, encoding: str) -> None:
    done = auditor("audit", BAD, env={"PYTHONIOENCODING": encoding}, encoding="latin-1")
    assert done.returncode == 1, done.stderr
    if encoding == "gbk":  # ✗ and ✓ must not become the ? of what is to be reviewed
        shown = done.stdout.encode("latin-1").decode("gbk")
        assert "× 不合格 2" in shown
        assert "? 待复核" in shown


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_is_no_fault_of_ours(auditor: Run) -> None:
    with Path("/dev/full").open("w") as full:
        done = auditor("audit", CLEAN, stdout=full)
    assert done.returncode == 2
    assert "磁盘已满" in done.stderr


@pytest.mark.parametrize(("report", "status"), [(CLEAN, 0), (BAD, 1)])
@pytest.mark.parametrize("kind", ["terminal", "json"])
def test_a_reader_that_has_seen_enough_changes_no_verdict(
    auditor: Run, report: Path, status: int, kind: str
) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w") as nobody:
        done = auditor("audit", report, "-f", kind, stdout=nobody)
    assert done.returncode == status, done.stderr


def test_a_width_that_no_screen_has_is_forgotten(auditor: Run) -> None:
    assert "200/200" in auditor("audit", CLEAN, env={"COLUMNS": "0"}).stdout


def test_where_nothing_can_be_written_is_said_before_anything_is_read(
    auditor: Run, tmp_path: Path
) -> None:
    there = tmp_path / "there.json"
    there.write_text("{}")
    for command in (
        ["audit", CLEAN, "-f", f"csv={tmp_path}/none/out.csv"],
        ["audit", CLEAN, "-o", tmp_path / "none" / "out.txt"],
        ["extract", CLEAN, "-o", there],
        ["init", there],
        ["docs", "build", "-o", there],
        ["notices", BAD, "-o", there],
    ):
        done = auditor(*command)
        assert done.returncode == 2, (command, done.stderr)
        assert "文件" in done.stderr
        assert "No such" not in done.stderr


def test_a_dash_is_the_screen(auditor: Run, tmp_path: Path) -> None:
    done = auditor("audit", BAD, "-f", f"json={tmp_path}/a.json", "-f", "csv=-")
    assert done.returncode == 1
    assert "A02" in done.stdout


# --- outputs ------------------------------------------------------------------------------------


def test_json_conforms_and_is_the_same_every_time(auditor: Run) -> None:
    first = auditor("audit", BAD, CLEAN, "-f", "json", "--as-of", "2024-02-01")
    again = auditor("audit", BAD, CLEAN, "-f", "json", "--as-of", "2024-02-01")
    assert first.stdout == again.stdout
    found = json.loads(first.stdout)
    schema = json.loads((ROOT / "schemas" / "audit.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    assert [set(a) >= {"report", "rules", "results", "repairs", "grade"} for a in found["audits"]]
    assert found["as_of"] == "2024-02-01"


def test_several_outputs_in_one_run(auditor: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = auditor("audit", CLEAN, "-f", "terminal", "-f", f"json={out}")
    assert done.returncode == 0
    assert json.loads(out.read_text(encoding="utf-8"))["audits"]
    assert "200/200" in done.stdout
    assert auditor("audit", CLEAN, "-f", "json", "-f", "terminal").returncode == 2


def test_output_file_is_replaced_whole(auditor: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("x" * 100_000)
    assert auditor("audit", CLEAN, "-f", "json", "-o", out).returncode == 0
    json.loads(out.read_text(encoding="utf-8"))
    assert not list(tmp_path.glob(".auditor-*"))
    assert auditor("audit", CLEAN, "-f", "json", "-o", tmp_path / "no" / "x").returncode == 2


def test_report_of_our_json_can_be_audited_again(auditor: Run, tmp_path: Path) -> None:
    """Whole reports keep what was observed: a blank stays blank, an unread cell unread."""
    for source in (BAD, REPORTS / "示例县农业农村局2023年政府信息公开工作年度报告.docx"):
        first = json.loads(auditor("audit", source, "-f", "json").stdout)["audits"][0]
        path = written(tmp_path / "again.json", first["report"])
        second = json.loads(auditor("audit", path, "-f", "json").stdout)["audits"][0]
        one = {r["rule"]: r["outcome"] for r in first["results"]}
        two = {r["rule"]: r["outcome"] for r in second["results"]}
        assert one == two
        assert first["report"]["data"] == second["report"]["data"]


@pytest.mark.parametrize("command", [["--help"], ["audit", "--help"], ["rules"]])
def test_the_frame_of_the_help_is_in_both_languages(auditor: Run, command: list[str]) -> None:
    done = auditor(*command)
    told = done.stdout + done.stderr
    assert "用法 · Usage: " in told
    assert "选项 · Options:" in told
    assert "显示本说明 · show this help" in told


def test_english_is_complete(auditor: Run) -> None:
    done = auditor("audit", CLEAN, "--lang", "en")
    assert done.returncode == 0
    assert "report(s)" in done.stdout


def test_standard_input(auditor: Run) -> None:
    done = auditor("audit", "-", input=CLEAN.read_text(encoding="utf-8"))
    assert done.returncode == 0


def test_overrides_are_said(auditor: Run) -> None:
    done = auditor("audit", CLEAN, "--period", "2022", "-f", "json")
    audit = json.loads(done.stdout)["audits"][0]
    assert audit["overrides"] == ["--period 2022"]
    assert audit["report"]["period"] == 2022


@pytest.mark.parametrize("step", ["document", "report", "facts"])
def test_stop_after_shows_the_step(step: str, auditor: Run) -> None:
    done = auditor("audit", CLEAN_WORD, "--stop-after", step)
    assert done.returncode == 0
    assert json.loads(done.stdout)


def test_a_folder_gives_a_ranking_and_sets_papers_apart(auditor: Run) -> None:
    done = auditor("audit", REPORTS, "-f", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    kinds = {r["source"].rpartition("/")[2]: r["kind"] for r in found["refused"]}
    assert kinds["政府信息公开工作年度报告格式模板.docx"] == "template"
    assert "old-form" in kinds.values()
    assert "not-a-report" in kinds.values()
    assert list(kinds.values()).count("duplicate") == 1
    assert len(found["audits"]) >= 14


def test_rules_and_forms_can_be_looked_at(auditor: Run) -> None:
    assert "A01" in auditor("rules", "list").stdout
    assert "本年新收 + 上年结转" in auditor("rules", "show", "A01").stdout
    assert auditor("rules", "show", "A-01").returncode == 2
    assert "A01" in auditor("rules", "show", "A-01").stderr
    assert "ogi-2021" in auditor("forms", "list").stdout
    assert "申请.本年新收" in auditor("forms", "show", "ogi-2021").stdout
    assert auditor("rules", "test").returncode == 0


def test_init_copies_rules_and_forms_that_work(auditor: Run, tmp_path: Path) -> None:
    assert auditor("init", tmp_path / "mine").returncode == 0
    mine = tmp_path / "mine"
    done = auditor("audit", CLEAN, "--rules", mine / "rules", "--schemas", mine / "schemas")
    assert done.returncode == 0
    assert auditor("init", mine).returncode == 2


# --- hostile inputs -----------------------------------------------------------------------------


def broken_json(path: Path) -> Path:
    path.write_text('{"period": 2023,', encoding="utf-8")
    return path


def duplicate_keys(path: Path) -> Path:
    path.write_text('{"period": 2023, "period": 2022}', encoding="utf-8")
    return path


def number_as_string(path: Path) -> Path:
    data = loaded()
    data["applications"]["new"]["total"] = "3"
    return written(path, data)


def not_a_number(path: Path) -> Path:
    text = CLEAN.read_text(encoding="utf-8")
    path.write_text(text.replace('"total": 0', '"total": NaN', 1), encoding="utf-8")
    return path


def misspelt_key(path: Path) -> Path:
    data = loaded()
    data["aplications"] = data.pop("applications")
    return written(path, data)


def empty(path: Path) -> Path:
    path.write_text("", encoding="utf-8")
    return path


def deep(path: Path) -> Path:
    path.write_text("[" * 100_000 + "]" * 100_000, encoding="utf-8")
    return path


def missing(path: Path) -> Path:
    return path


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (broken_json, "1:17"),
        (duplicate_keys, "period"),
        (number_as_string, "applications.new.total"),
        (not_a_number, "NaN"),
        (misspelt_key, "aplications"),
        (empty, ""),
        (deep, ""),
        (missing, ""),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_hostile_data_is_refused_and_the_batch_goes_on(
    make: object, word: str, auditor: Run, tmp_path: Path
) -> None:
    path = make(tmp_path / "hostile.json")  # type: ignore[operator]
    alone = auditor("audit", path)
    assert alone.returncode == 3, alone.stdout + alone.stderr
    assert "Traceback" not in alone.stderr + alone.stdout
    both = json.loads(auditor("audit", path, CLEAN, "-f", "json").stdout)
    assert len(both["audits"]) == 1
    assert len(both["refused"]) == 1
    assert both["refused"][0]["unread"]
    assert word in both["refused"][0]["said"]["zh"]
    assert both["refused"][0]["said"]["en"]


def test_missing_table_and_row_fail_with_their_place(auditor: Run, tmp_path: Path) -> None:
    data = loaded()
    del data["disputes"]
    done = auditor("audit", written(tmp_path / "a.json", data))
    assert done.returncode == 1
    assert "S08" in done.stdout
    data = loaded()
    del data["applications"]["denied"]["state_secret"]
    done = auditor("audit", written(tmp_path / "b.json", data))
    assert done.returncode == 1
    assert "国家秘密" in done.stdout


def test_bom_and_gbk_are_read(auditor: Run, tmp_path: Path) -> None:
    text = CLEAN.read_text(encoding="utf-8")
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert auditor("audit", tmp_path / "bom.json").returncode == 0
    page = next(REPORTS.glob("*.html")).read_bytes()
    try:
        page = page.decode("utf-8").encode("gb18030")
    except UnicodeDecodeError:
        page = page.decode("gb18030").encode("gb18030")
    (tmp_path / "gbk.html").write_bytes(page)
    done = auditor("audit", tmp_path / "gbk.html", "-f", "json")
    report = json.loads(done.stdout)["audits"][0]["report"]
    assert report["coverage"]["sections"] == [6, 6] or report["subject"]["name"]


def test_text_of_a_report_is_data_on_the_screen(auditor: Run, tmp_path: Path) -> None:
    data = loaded()
    evil = "[/b][bold]XX局 <script>alert(1)</script> \x1b[31mred\x1b[0m =cmd() 年份 {总计}"
    data["overview"]["text"] += evil
    data["subject"] = {"name": "[red]示例局[/]", "kind": None, "level": None}
    path = written(tmp_path / "evil.json", data)
    done = auditor("audit", path, "--verbose")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert "\x1b" not in done.stdout
    assert "[red]示例局[/]" in done.stdout
    found = auditor("audit", path, "-f", "json")
    assert "\x1b" not in found.stdout
    json.loads(found.stdout)


def test_truncated_and_bombed_archives_are_refused(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "cut.docx").write_bytes(CLEAN_WORD.read_bytes()[:2000])
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"\0" * 300_000_000)
    for name in ("cut.docx", "bomb.docx"):
        done = auditor("audit", tmp_path / name)
        assert done.returncode == 3, done.stdout
        assert "Traceback" not in done.stdout + done.stderr


# --- author's mistakes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "hint"),
    [
        ("本年新收 + 上年结转 =", "本年新手 + 上年结转 =", 9, "本年新收"),
        ("  应当: 本年新收", "  应该: 本年新收", 9, "应当"),
        ("  逐: 列\n  应当: 本年新收", "  逐: 栏\n  应当: 本年新收", 8, ""),
        ("- 编号: A01", "- 编号: no", 3, ""),
        ("- 编号: A02", "- 编号: A01", 0, "A01"),
        ("申请.本年新收.总计: 3, 申请.上年结转.总计: 1, 申请.办理总计.总计: 3", "{}", 0, ""),
    ],
)
def test_a_broken_rule_never_accuses_a_report(
    old: str, new: str, line: int, hint: str, auditor: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    path = folder / "ogi" / "arithmetic.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = auditor("audit", CLEAN, "--rules", folder)
    assert done.returncode == 2, done.stdout
    assert not done.stdout
    assert "arithmetic.yaml:" in done.stderr
    assert "^" in done.stderr
    if line:
        assert f"arithmetic.yaml:{line}:" in done.stderr
    assert hint in done.stderr


def test_where_one_is_matters_to_checked_rules_only_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are called by their way from here: from two other places they are called the same."""
    shutil.copytree(ROOT / "rules", tmp_path / "sets" / "rules")
    rules, found = tmp_path / "sets" / "rules" / "ogi", []
    for place in (tmp_path / "a", tmp_path / "b", tmp_path / "sets", rules.parent, rules):
        place.mkdir(exist_ok=True)
        monkeypatch.chdir(place)
        found.append(kept_at(rules, ROOT / "schemas"))
    assert found[0] == found[1]
    assert len(set(found)) == 4


def test_a_checked_rule_set_is_not_taken_for_a_changed_one(auditor: Run, tmp_path: Path) -> None:
    """The stamp of a checked set speaks for these bytes only."""
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    assert auditor("audit", CLEAN, "--rules", folder).returncode == 0
    assert list((tmp_path / ".cache" / "compiled").iterdir())
    path = folder / "ogi" / "arithmetic.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("申请.办理总计.总计: 4}", "申请.办理总计.总计: 5}", 1), encoding="utf-8"
    )
    done = auditor("audit", CLEAN, "--rules", folder)
    assert done.returncode == 2
    assert "A01" in done.stderr
