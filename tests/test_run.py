"""Many documents in processes: the same result, and nothing is lost whoever is killed."""

from __future__ import annotations

import json
import multiprocessing.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from auditor.corpus.chosen import audited
from auditor.corpus.packs import LocalPacks
from auditor.corpus.plain import loads
from auditor.corpus.steps import INDEX
from auditor.pipeline import Settings, inputs
from auditor.readers import known_suffixes
from tests.bodies import report
from tests.conftest import ROOT, cache_in
from tests.machines import children

HOOKS = ROOT / "tests" / "hooks"
CLEAN = ROOT / "reports_in" / "示例市示例区应急管理局2023年政府信息公开工作年度报告.txt"


class Desk:
    """A folder of reports, and the command as a user runs it over them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.cache = cache_in(place / "cache")
        self.reports = place / "reports"
        self.options: tuple[str, ...] = ("--no-cache",)
        self.reports.mkdir(exist_ok=True)

    def put(self, name: str, text: str) -> Path:
        path = self.reports / name
        path.write_text(text, encoding="utf-8")
        return path

    def fill(self, count: int) -> None:
        """Reports of bodies over two years, a slip in every fifth."""
        for number in range(count):
            data = report(f"示例县第{number // 2}局", 2022 + number % 2)
            data["overview"]["text"] += f"开展第{number}项检查。" * 5
            if number % 5 == 0:
                data["applications"]["new"]["total"] = 3
            self.put(f"{number:04}.json", json.dumps(data, ensure_ascii=False))

    def command(self, *arguments: object) -> list[str]:
        fixed = ("--as-of", "2024-02-01", "-f", "json=out.json", "--lang", "en", *self.options)
        return [sys.executable, "-m", "auditor", "audit", "reports", *fixed, *map(str, arguments)]

    def environment(self) -> dict[str, str]:
        own = {"AUDITOR_CACHE": str(self.cache), "PYTHONUTF8": "1", "AUDITOR_TEST_HOOKS": "1"}
        return {**os.environ, **own, "PYTHONPATH": str(HOOKS)}

    def run(self, *arguments: object, count: bool = False) -> subprocess.CompletedProcess[str]:
        environment = self.environment()
        if count:
            environment["AUDITOR_TEST_COUNT"] = str(self.place / "counted")
        return subprocess.run(
            self.command(*arguments), cwd=self.place, env=environment, timeout=180,
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip

    def counted(self, step: str = "read") -> list[str]:
        """The documents that were read (judged) in the runs that counted, as often as they were."""
        lines = [line.split(" ") for line in _lines(self.place / "counted")]
        return [Path(name).name for what, name in lines if what == step]

    def begin(self, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments), cwd=self.place, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def out(self) -> bytes:
        return (self.place / "out.json").read_bytes()

    def sources(self) -> list[str]:
        return [Path(a["report"]["source"]).name for a in json.loads(self.out())["audits"]]

    def refused(self) -> dict[str, str]:
        found = json.loads(self.out())["refused"]
        return {Path(r["source"]).name: r["kind"] for r in found}

    def runs(self) -> list[Path]:
        return [path for path in (self.cache / "runs").glob("*") if (path / "run.json").exists()]

    def journal(self) -> list[dict[str, Any]]:
        lines = [line for run in self.runs() for line in _lines(run / "done.jsonl")]
        return [json.loads(line) for line in lines if line]

    def done(self) -> set[str]:
        """The documents that a run cut off has read and written down."""
        found: set[str] = set()
        names = sorted(path.name for path in self.reports.iterdir())
        for run in self.runs():
            packs = LocalPacks(run / "packs")
            for line in self.journal():
                if line["step"] == "read":
                    found |= {names[one[0]] for one in loads(packs.read(line["pack"], INDEX))}
        return found


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_one_process_and_several_give_the_same_bytes(desk: Desk) -> None:
    shutil.rmtree(desk.reports)
    shutil.copytree(ROOT / "reports_in", desk.reports)
    shutil.copy(CLEAN, desk.reports / "copy.txt")
    desk.run()
    alone = desk.out()
    for jobs in (1, 3):
        desk.run("--jobs", jobs)
        assert desk.out() == alone
    assert desk.runs() == []  # a run that ended leaves nothing behind


@pytest.mark.parametrize(("how", "times", "audited"), [("kill", 1, True), ("exit", 2, False),
                                                       ("eat", 9, False)])  # fmt: skip
def test_a_document_that_kills_its_worker(desk: Desk, how: str, times: int, audited: bool) -> None:
    desk.fill(12)
    counter = desk.place / "count"
    deadly = f"DEADLY {how} {counter} {times}\n" + CLEAN.read_text(encoding="utf-8")
    desk.put("0005-deadly.txt", deadly)
    done = desk.run("--jobs", 2)
    assert done.returncode in (1, 3), done.stderr
    others = [f"{n:04}.json" for n in range(12)]
    if audited:
        assert set(desk.sources()) == {*others, "0005-deadly.txt"}
        assert len(_lines(counter)) == 2
    else:
        assert desk.sources() == others
        assert desk.refused() == {"0005-deadly.txt": "worker-died"}
        [refusal] = json.loads(desk.out())["refused"]
        assert refusal["unread"]
        assert len(_lines(counter)) == 2  # never a third time


def test_a_killed_parent_goes_on(desk: Desk) -> None:
    desk.fill(60)
    desk.run("--jobs", 2)
    whole = json.loads(desk.out())["audits"]
    (desk.place / "out.json").unlink()
    slow = [desk.put(f"{n:04}.txt", "SLOW 0.5\n没有内容。") for n in range(30, 60, 3)]
    parent = desk.begin("--jobs", 2)
    _wait(lambda: len(desk.journal()) >= 2, parent)
    parent.kill()
    parent.communicate()
    assert desk.journal()
    assert not (desk.place / "out.json").exists()  # nothing half
    for path in slow:
        path.write_text("没有内容。", encoding="utf-8")
    done_before = desk.done()
    assert done_before
    done = desk.run("--jobs", 2, "--resume", count=True)
    assert done.returncode == 1, done.stderr
    assert not set(desk.counted()) & done_before  # nothing twice
    assert json.loads(desk.out())["audits"] == whole  # nothing lost
    assert len(desk.refused()) == 10


def test_files_that_changed_meanwhile_are_read_again(desk: Desk) -> None:
    desk.fill(30)
    desk.put("9999.txt", "SLOW 3600\n")
    parent = desk.begin("--jobs", 1)
    _wait(lambda: len(desk.done()) >= 4, parent)
    parent.kill()
    parent.communicate()
    (desk.reports / "9999.txt").unlink()
    first = json.loads((desk.reports / "0001.json").read_text(encoding="utf-8"))
    first["applications"]["new"]["total"] = 77
    desk.put("0001.json", json.dumps(first, ensure_ascii=False))
    desk.put("9999.txt", "没有内容。")
    done = desk.run("--jobs", 1, "--resume", count=True)
    assert done.returncode == 1, done.stderr
    assert "0001.json" in desk.counted()
    assert "0002.json" not in desk.counted()
    [again] = [a for a in json.loads(desk.out())["audits"] if "0001" in a["report"]["source"]]
    assert again["report"]["data"]["applications"]["new"]["total"] == 77


def test_without_resume_a_run_begins_anew(desk: Desk) -> None:
    desk.fill(20)
    desk.put("9999.txt", "SLOW 3600\n")
    parent = desk.begin("--jobs", 1)
    _wait(lambda: len(desk.done()) >= 4, parent)
    parent.kill()
    parent.communicate()
    desk.put("9999.txt", "没有内容。")
    desk.run("--jobs", 1, count=True)
    assert len(desk.counted()) == 21
    assert desk.runs() == []


def test_a_worker_killed_from_outside_loses_nothing(desk: Desk) -> None:
    desk.fill(60)
    for number in range(60, 66):
        desk.put(f"{number:04}.txt", "SLOW 0.5\n没有内容。")
    parent = desk.begin("--jobs", 2)
    killed = 0
    while parent.poll() is None and killed < 3:
        for child in children(parent.pid):
            if killed < 3 and desk.done():
                os.kill(child, signal.SIGKILL)
                killed += 1
                time.sleep(0.7)
        time.sleep(0.05)
    parent.communicate(timeout=120)
    assert killed
    assert parent.returncode == 1
    every = [f"{n:04}.json" for n in range(60)] + [f"{n:04}.txt" for n in range(60, 66)]
    assert sorted([*desk.sources(), *desk.refused()]) == every  # by chance one is killed twice
    set_aside = [name for name, kind in desk.refused().items() if kind != "worker-died"]
    assert all(name.endswith(".txt") for name in set_aside)


def test_a_worker_killed_before_it_listens(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it would have been told must not be waited for: a pipe takes no more than 64 KB."""
    killed: list[int] = []
    spawn = multiprocessing.util.spawnv_passfds  # type: ignore[attr-defined]

    def deadly(path: str, arguments: list[str], descriptors: list[int]) -> int:
        pid: int = spawn(path, arguments, descriptors)
        if len(killed) < 2 and any("spawn_main" in str(word) for word in arguments):
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
        return pid

    monkeypatch.setattr(multiprocessing.util, "spawnv_passfds", deadly)
    monkeypatch.setenv("AUDITOR_CACHE", str(desk.cache))
    desk.fill(60)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(60)
    try:
        with audited(inputs([desk.reports], known_suffixes()), settings, jobs=2) as batch:
            assert len(batch.audits) == 60
    finally:
        signal.alarm(0)
    assert len(killed) == 2


def _too_long(*_: object) -> None:
    raise TimeoutError


def test_workers_end_with_their_parent(desk: Desk) -> None:
    desk.put("a.txt", "SLOW 2\n没有内容。")
    parent = desk.begin("--jobs", 2)
    _wait(lambda: len(children(parent.pid)) >= 1, parent)
    workers = children(parent.pid)
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 30
    while any(_alive(worker) for worker in workers):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_full_disk_stops_the_run_and_it_goes_on(desk: Desk) -> None:
    """The files of the run may not grow beyond a size: what a full disk comes to."""
    desk.fill(40)
    big = report("示例县大局")
    big["overview"]["text"] = "甲" * 19_000
    desk.put("9998.json", json.dumps(big, ensure_ascii=False))
    limit = "import resource,runpy,sys; resource.setrlimit(resource.RLIMIT_FSIZE,(40000,40000)); "
    code = limit + "sys.argv[0]='auditor'; runpy.run_module('auditor',run_name='__main__')"
    command = [sys.executable, "-c", code, *desk.command("--jobs", 1)[3:]]
    done = subprocess.run(
        command, cwd=desk.place, env=desk.environment(), capture_output=True, text=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stdout + done.stderr
    assert "--resume" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (desk.place / "out.json").exists()
    again = desk.run("--jobs", 1, "--resume")
    assert again.returncode == 1, again.stderr
    assert len(desk.sources()) == 41


def test_two_runs_of_the_same_at_once(desk: Desk) -> None:
    desk.fill(20)
    desk.put("9999.txt", "SLOW 1\n没有内容。")
    both = [desk.begin("--jobs", 1) for _ in range(2)]
    for one in both:
        one.communicate(timeout=120)
        assert one.returncode == 1
    assert len(desk.sources()) == 20
    assert desk.runs() == []


@pytest.mark.parametrize("quiet", [True, False])
def test_progress_is_on_standard_error_alone(desk: Desk, quiet: bool) -> None:
    desk.fill(4)
    desk.put("0009.txt", "SLOW 4\n没有内容。")
    done = desk.run("--jobs", 1, *(["--quiet"] if quiet else []))
    assert ("/5" in done.stderr) is not quiet
    assert done.stdout == ""


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def _wait(ready: Any, process: subprocess.Popen[str], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
