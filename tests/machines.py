"""Machines for tests and benchmarks: a Dask scheduler and workers over TCP, an S3 server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
        self.place = place
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
            place = self.place / f"worker-{len(self.workers)}"
            given = ("--nthreads", "1", "--no-dashboard", "--local-directory", str(place))
            self.workers.append(self._begun("worker", self.url, *given, *options))

    def keep(self, count: int) -> None:
        """So many workers in all; one of those that are new has no nanny."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        missing = count - len(self.workers)
        if missing > 0:
            self.hire(missing - 1)
            self.hire(1, "--no-nanny")

    def kill_worker(self) -> None:
        """The process under the first nanny is gone at once; its nanny starts another."""
        os.kill(children(self.workers[0].pid)[0], signal.SIGKILL)

    def lose_machine(self) -> None:
        """The last worker is gone with all that it has started."""
        lost = self.workers.pop()
        for pid in (*children(lost.pid), lost.pid):
            os.kill(pid, signal.SIGKILL)
        lost.wait()

    def _begun(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words]
        with (self.place / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.place, env=self._environment, stdout=log, stderr=log
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
    """An S3 server on loopback, and what programs must know to use it, started or not."""

    def __init__(self) -> None:
        self._port = free_port()
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._port}", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "very-secret",
        }  # fmt: skip

    @contextmanager
    def open(self) -> Iterator[None]:
        """The server, as long as it is wanted."""
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self._port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + _WAIT
            while not self._answers():
                assert time.monotonic() < until
                assert server.poll() is None
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            server.wait()

    def _answers(self) -> bool:
        try:
            urlopen(self.environment["AWS_ENDPOINT_URL"], timeout=5).close()
        except (URLError, OSError):
            return False
        return True
