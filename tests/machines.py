"""Machines for tests and benchmarks: a Dask scheduler and workers over TCP, an S3 server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

_WAIT = 60.0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Machines:
    """A scheduler, and workers as `dask worker` starts them, each with its nanny."""

    def __init__(self, place: Path, environment: Mapping[str, str]) -> None:
        self._place = place
        self._environment = {**os.environ, "PYTHONUTF8": "1"}
        self.url = f"tcp://127.0.0.1:{free_port()}"
        self.scheduler = self._begun("scheduler", "--host", self.url, "--no-dashboard")
        self._environment |= environment
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Machines:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.terminate()
        for process in (*self.workers, self.scheduler):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def hire(self, count: int, *options: str) -> None:
        """So many more workers."""
        for _ in range(count):
            place = self._place / f"worker-{len(self.workers)}"
            given = ("--nthreads", "1", "--no-dashboard", "--local-directory", str(place))
            self.workers.append(self._begun("worker", self.url, *given, *options))

    def pids(self) -> list[int]:
        """The processes that work, which the nannies watch over."""
        return [found for worker in self.workers for found in children(worker.pid)]

    def kill_worker(self) -> None:
        """One of them is gone at once; its nanny starts another."""
        os.kill(self.pids()[0], signal.SIGKILL)

    def lose_machine(self) -> None:
        """A worker is gone with its nanny."""
        lost = self.workers.pop(0)
        for pid in (lost.pid, *children(lost.pid)):
            os.kill(pid, signal.SIGKILL)
        lost.wait()

    def _begun(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words]
        with (self._place / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self._place, env=self._environment, stdout=log, stderr=log
            )


def children(parent: int) -> list[int]:
    """The worker processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
            command = (path / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"spawn_main" in command:
            found.append(int(path.name))
    return found


class Bucket:
    """An S3 server on loopback, and what programs must know to use it."""

    def __init__(self, place: Path) -> None:
        port = free_port()
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "very-secret",
        }  # fmt: skip
        self.log = place / "s3.log"
        with self.log.open("wb") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + _WAIT
        while True:
            try:
                urlopen(self.environment["AWS_ENDPOINT_URL"], timeout=5).close()
                return
            except (URLError, OSError):
                if time.monotonic() > until or self._server.poll() is not None:
                    raise
                time.sleep(0.1)

    def close(self) -> None:
        self._server.terminate()
        self._server.wait()
