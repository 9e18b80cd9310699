"""The same run on a scheduler and workers over TCP: the same bytes, whoever is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.commands.audit import _cluster
from auditor.corpus import cluster
from auditor.corpus.cluster import Cluster
from auditor.corpus.columns.asking import ask
from auditor.corpus.machine import PROBE, Order, engine, unfit
from auditor.corpus.packs import LocalPacks
from auditor.corpus.progress import Stopped
from auditor.corpus.run import Run
from auditor.errors import UsageError
from auditor.gather import inputs
from auditor.pipeline import Settings
from tests.conftest import ROOT
from tests.machines import Bucket, Machines, free_port
from tests.test_run import CLEAN, HOOKS, Desk

pytest.importorskip("distributed", reason="a cluster needs the extra 'cluster'")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")


class Site(Desk):
    """A desk whose runs go to a cluster."""

    def __init__(self, place: Path, machines: Machines) -> None:
        super().__init__(place)
        self.machines = machines
        self.cache = machines.place / "own"  # the rules are checked once
        self.more: dict[str, str] = {}

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **self.more}

    def run(self, *arguments: object, count: bool = False) -> subprocess.CompletedProcess[str]:
        return super().run("--cluster", self.machines.url, *arguments, count=count)

    def begin(self, *arguments: object) -> subprocess.Popen[str]:
        return super().begin("--cluster", self.machines.url, *arguments)

    def alone(self, *arguments: object) -> bytes:
        """What a run on this machine gives."""
        super().run(*arguments)
        return self.out()


@pytest.fixture(scope="module")
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, bucket: Bucket) -> Iterator[Machines]:
    place = tmp_path_factory.mktemp("machines")
    own = {
        "AUDITOR_CACHE": str(place / "cache"),
        "AUDITOR_TEST_HOOKS": "1",
        "PYTHONPATH": str(HOOKS),
    }
    with Machines(place, {**bucket.environment, **own}) as found:
        yield found


@pytest.fixture
def machines(started: Machines) -> Machines:
    """Two workers, one with a nanny that marks it as a daemon, one without."""
    started.keep(2)
    return started


@pytest.fixture
def site(tmp_path: Path, machines: Machines) -> Site:
    return Site(tmp_path, machines)


def test_a_bucket_audited_while_workers_are_killed(
    site: Site, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents, what the workers share, and the output in a bucket; the same as on this machine."""
    s3fs = pytest.importorskip("s3fs", reason="s3:// needs the extra 's3'")
    for module in ("moto.server", "flask_cors"):
        pytest.importorskip(module, reason="the S3 server of this test is moto with flask")
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    site.more = bucket.environment
    for path in sorted((ROOT / "reports_in").glob("*.*"))[::6]:
        shutil.copy(path, site.reports)
    site.fill(22)
    for number in range(22, 32):
        site.put(f"{number:04}.txt", "SLOW 0.3\n没有内容。")
    here = site.alone("-f", "parquet=tables")
    command = [word if word != "reports" else "s3://bucket/reports" for word in site.command()]
    command += ["--cluster", site.machines.url, "--work", "s3://bucket/work"]
    command += ["-f", "parquet=s3://bucket/tables"]
    command[command.index("json=out.json")] = "json=s3://bucket/out/out.json"
    with bucket.open():
        s3 = s3fs.S3FileSystem()
        s3.mkdir("bucket")
        for path in site.reports.iterdir():
            s3.pipe_file(f"bucket/reports/{path.name}", path.read_bytes())
        run = subprocess.Popen(command, cwd=site.place, env=site.environment(), text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
        _wait(lambda: bool(site.journal()), run)
        site.machines.kill_worker()
        time.sleep(1)
        site.machines.lose_machine()
        site.machines.hire(1)
        _, error = run.communicate(timeout=180)
        assert run.returncode == 1, error
        there = s3.cat_file("bucket/out/out.json")
        assert s3.find("bucket/work") == []  # a run that ended leaves nothing behind
        s3.get("bucket/tables", str(site.place / "fetched"), recursive=True)
    assert there.replace(b"s3://bucket/reports/", b"reports/") == here  # none lost, none twice
    for table in ("grades", "findings", "results", "cells"):
        question = f"SELECT * FROM {table} ORDER BY ALL"
        wanted = list(ask(question, site.place / "tables").rows)
        fetched = list(ask(question, site.place / "fetched").rows)
        assert str(fetched).replace("s3://bucket/reports/", "reports/") == str(wanted)
    assert b"very-secret" not in there
    assert site.runs() == []


def test_documents_that_kill_are_set_aside_and_named(site: Site) -> None:
    """One kills its own process, one the cluster's worker with it."""
    site.fill(9)
    for how in ("kill", "parent"):
        deadly = f"DEADLY {how} {site.place / how} 9\n" + CLEAN.read_text(encoding="utf-8")
        site.put(f"0005-{how}.txt", deadly)
    done = site.run()
    assert done.returncode in (1, 3), done.stderr
    assert site.sources() == [f"{n:04}.json" for n in range(9)]
    assert site.refused() == {"0005-kill.txt": "worker-died", "0005-parent.txt": "worker-died"}
    assert all(refusal["unread"] for refusal in json.loads(site.out())["refused"])
    # By itself each is tried twice; before that, once in every piece that was cut.
    tries = {
        how: len((site.place / how).read_text(encoding="ascii").split())
        for how in ("kill", "parent")
    }
    assert tries["kill"] <= 4
    assert 2 <= tries["parent"] <= 4


def test_a_scheduler_that_is_gone_and_this_machine_goes_on(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Desk(tmp_path)
    site.fill(20)
    for number in range(20, 24):
        site.put(f"{number:04}.txt", "SLOW 0.5\n没有内容。")
    monkeypatch.setenv("AUDITOR_CACHE", str(site.cache))
    monkeypatch.chdir(site.place)
    monkeypatch.setattr(cluster, "_GONE", 1)
    items = inputs([Path("reports")], frozenset((".json", ".txt")))
    own = {
        "AUDITOR_TEST_HOOKS": "1",
        "PYTHONPATH": str(HOOKS),
        "AUDITOR_CACHE": str(tmp_path / "own"),
    }
    with Machines(tmp_path, own) as others:
        others.hire(1, "--no-nanny")
        run = Run(items, settings, 1, cluster=Cluster(others.url), cache=0)
        plain = run.took_read

        def took(*given: object) -> None:
            plain(*given)  # type: ignore[arg-type]
            if others.scheduler.poll() is None:
                others.scheduler.send_signal(signal.SIGKILL)
                others.scheduler.wait()

        monkeypatch.setattr(run, "took_read", took)
        with pytest.raises(Stopped, match="scheduler"), run:
            run.batch()
    kept = site.done()
    assert kept
    again = Run(items, settings, 1, resume=True, cache=0)
    assert again.resumed
    read = []
    plain = again.took_read
    monkeypatch.setattr(
        again, "took_read", lambda pack, index: (read.extend(index), plain(pack, index))
    )
    with again:
        audits = again.batch().audits
        assert [Path(a.report.source).name for a in audits] == [f"{n:04}.json" for n in range(20)]
    names = [item.path.name for item in items]
    assert sorted([*kept, *(names[one[0]] for one in read)]) == sorted(names)  # nothing twice


# ---- what is said before any document is opened --------------------------------------------------


def test_without_the_extra_it_is_said_what_to_install(tmp_path: Path) -> None:
    site = Desk(tmp_path)
    site.fill(1)
    blocked = site.place / "blocked"
    blocked.mkdir()
    (blocked / "distributed.py").write_text("raise ImportError", encoding="ascii")
    environment = {**os.environ, "PYTHONPATH": str(blocked)}
    done = subprocess.run(
        site.command("--cluster", "tcp://127.0.0.1:1"), cwd=site.place, env=environment,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'auditor[cluster]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("url", "work", "jobs"),
    [(None, "x", None), ("tcp://h:1", "no-such-folder", None), ("tcp://h:1", None, 2)],
)
def test_options_that_do_not_go_together(
    url: str | None, work: str | None, jobs: int | None
) -> None:
    with pytest.raises(UsageError):
        _cluster(url, work, jobs)


def test_a_scheduler_that_cannot_be_reached_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cluster, "_CONNECT", 0.5)
    (tmp_path / "work").mkdir()
    (tmp_path / "a.txt").write_text("一", encoding="utf-8")
    items = inputs([tmp_path / "a.txt"], frozenset((".txt",)))
    nowhere = Cluster(f"tcp://127.0.0.1:{free_port()}", tmp_path / "work")
    with (
        pytest.raises(UsageError, match="cannot reach"),
        Run(items, settings, 1, cluster=nowhere) as run,
    ):
        run.batch()
    assert list((tmp_path / "work").iterdir()) == []
    assert list((tmp_path / "cache" / "runs").iterdir()) == []


def test_a_worker_must_fit(tmp_path: Path) -> None:
    LocalPacks(tmp_path).write(PROBE, [b"here"])
    file = tmp_path / "a.json"
    file.write_text("{}", encoding="ascii")
    own = engine()
    assert unfit(Order("run", tmp_path, own, sees=((file, 2),))) is None
    for order, word in (
        (Order("run", tmp_path, {**own, "auditor": "0.0"}), "0.0"),
        (Order("run", tmp_path, {**own, "pypdfium2": "1"}), "pypdfium2"),
        (Order("run", tmp_path, own, sees=((file, 3),)), "a.json"),
        (Order("run", tmp_path, own, roots=("gs://bucket",)), "gcsfs"),
        (Order("run", tmp_path / "none", own), "--work"),
    ):
        said = unfit(order)
        assert said is not None
        assert word in said.en


def _wait(ready: object, process: subprocess.Popen[str], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not ready():  # type: ignore[operator]
        assert time.monotonic() < until
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
