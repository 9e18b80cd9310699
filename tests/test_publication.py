"""From the outside: a repository of reports that publishes only what passes; and the CI files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.shim import bash, environment

BAD = ROOT / "reports_in" / "示例市示例区教育局2023年政府信息公开工作年度报告.docx"
GOOD = ROOT / "reports_in" / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
PUBLISH = """
auditor audit reports --waivers waivers.yaml --as-of "$TODAY"
rm -rf public && cp -r reports public
"""
pytestmark = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("git")), reason="bash and git are needed"
)


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=clerk", "-c", "user.email=clerk@example.invalid"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_a_bad_report_blocks_a_waiver_lets_it_through_its_expiry_blocks_again(
    tmp_path: Path,
) -> None:
    repository = tmp_path / "repository"
    (repository / "reports").mkdir(parents=True)
    git(repository, "init", "-q")
    shutil.copy(GOOD, repository / "reports" / "good.json")
    (repository / "waivers.yaml").write_text("", encoding="utf-8")
    (repository / "publish.sh").write_text(PUBLISH, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "first")

    def publish(day: str) -> subprocess.CompletedProcess[str]:
        checkout = tmp_path / "checkout"
        shutil.rmtree(checkout, ignore_errors=True)
        git(tmp_path, "clone", "-q", str(repository), str(checkout))
        return bash(PUBLISH, checkout, environment(tmp_path, TODAY=day))

    assert publish("2024-02-01").returncode == 0
    assert (tmp_path / "checkout" / "public" / "good.json").exists()

    shutil.copy(BAD, repository / "reports" / "bad.docx")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "a bad one")
    blocked = publish("2024-02-01")
    assert blocked.returncode == 1
    assert not (tmp_path / "checkout" / "public").exists()
    assert blocked.stdout.rstrip().splitlines()[-1].startswith("2 份报告中 1 份有")

    for rule in ("A02", "A03"):
        words = (
            f"auditor waivers add waivers.yaml reports/bad.docx --rule {rule} --reason 原件如此 "
            "--owner 张三 --approved-by 批〔2024〕1号 --expires 2024-06-30 --as-of 2024-02-01"
        )
        done = bash(words, repository, environment(tmp_path))
        assert done.returncode == 0, done.stderr
    git(repository, "commit", "-qam", "let it stand")
    through = publish("2024-02-02")
    assert through.returncode == 0, through.stdout
    assert (tmp_path / "checkout" / "public" / "bad.docx").exists()
    assert "原件如此" in through.stdout
    assert through.stdout.rstrip().endswith("（另有 2 项已豁免）")

    assert publish("2024-06-30").returncode == 0
    again = publish("2024-07-01")
    assert again.returncode == 1
    assert "W01" in again.stdout
    assert not (tmp_path / "checkout" / "public").exists()


# --- pre-commit ---------------------------------------------------------------------------------


def hooks() -> dict[str, dict[str, object]]:
    found = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return {hook["id"]: hook for hook in found}


@pytest.mark.parametrize(("report", "status"), [(GOOD, 0), (BAD, 1)])
def test_the_hook_judges_the_files_that_it_is_given(
    report: Path, status: int, tmp_path: Path
) -> None:
    hook = hooks()["auditor"]
    shutil.copy(report, tmp_path / report.name)
    assert re.search(str(hook["files"]), report.name)
    assert not re.search(str(hook["exclude"]), report.name)
    done = bash(f"{hook['entry']} '{report.name}'", tmp_path, environment(tmp_path))
    assert done.returncode == status, done.stdout


def test_the_hook_takes_every_format_and_no_setting() -> None:
    from auditor.readers import known_suffixes
    from auditor.readers._content import HOLDERS

    hook = hooks()["auditor"]
    for suffix in known_suffixes() - HOLDERS:  # which a commit may bring for other reasons
        assert re.search(str(hook["files"]), f"a{suffix}"), suffix
    for name in ("waivers.yaml", "a/baseline.json", "r.docx.corrections.yaml"):
        assert re.search(str(hook["exclude"]), name)


def test_the_hook_of_the_rules_runs(tmp_path: Path) -> None:
    hook = hooks()["auditor-rules"]
    assert hook["pass_filenames"] is False
    done = bash(str(hook["entry"]), tmp_path, environment(tmp_path))
    assert done.returncode == 0, done.stderr


# --- GitHub -------------------------------------------------------------------------------------


def action() -> dict[str, object]:
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def run_action(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The audit step as the runner does it: inputs by their expressions, files for outputs."""
    found = action()
    given = {name: entry.get("default", "") for name, entry in found["inputs"].items()} | inputs
    step = next(s for s in found["runs"]["steps"] if s.get("id") == "audit")
    assert "${{" not in step["run"]
    env = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda m: given[m[1]], text)
        for name, text in step["env"].items()
    }
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        env[name] = str(folder / name)
    return bash(step["run"], folder, environment(folder, RUNNER_TEMP=str(folder), **env))


def test_the_action_annotates_summarises_and_fails(tmp_path: Path) -> None:
    shutil.copy(BAD, tmp_path / "a report.docx")
    done = run_action(tmp_path, paths="a report.docx\n")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=a report.docx,title=A02 ")
    assert "A02" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")
    outputs = (tmp_path / "GITHUB_OUTPUT").read_text(encoding="utf-8")
    assert outputs == "status=1\nsarif=auditor.sarif\n"
    assert json.loads((tmp_path / "auditor.sarif").read_text(encoding="utf-8"))["runs"]


def test_the_action_passes_its_options_on_and_obeys_no_input(tmp_path: Path) -> None:
    shutil.copy(BAD, tmp_path / "r.docx")
    known = bash("auditor baseline write b.json r.docx", tmp_path, environment(tmp_path))
    assert known.returncode == 0, known.stderr
    assert run_action(tmp_path, paths="r.docx", baseline="b.json").returncode == 0
    evil = run_action(tmp_path, paths='$(touch pwned)"; touch pwned\nr.docx')
    assert evil.returncode == 1
    assert not (tmp_path / "pwned").exists()
    assert run_action(tmp_path, paths="r.docx", **{"fail-on": "soon"}).returncode == 2


def test_the_action_is_whole() -> None:
    found = action()
    assert found["runs"]["using"] == "composite"
    names = set(found["inputs"])
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(found["runs"])))
    assert names == used
    assert all(step["shell"] == "bash" for step in found["runs"]["steps"])


# --- GitLab -------------------------------------------------------------------------------------


def test_the_gitlab_job_reports_and_fails(tmp_path: Path) -> None:
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))[".auditor"]
    (tmp_path / "reports").mkdir()
    shutil.copy(BAD, tmp_path / "reports")
    env = environment(tmp_path, **job["variables"])
    done = bash("\n".join(job["script"]), tmp_path, env)
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    assert json.loads((tmp_path / reports["codequality"]).read_text(encoding="utf-8"))
    assert (tmp_path / reports["junit"]).read_text(encoding="utf-8").startswith("<?xml")
    unset = bash("\n".join(job["before_script"]), tmp_path, environment(tmp_path))
    assert unset.returncode != 0
    assert "AUDITOR_PACKAGE" in unset.stderr
