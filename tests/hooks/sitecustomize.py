"""For tests of workers: documents that kill, hang or eat memory, in every Python of the test.

On the path of a process started by a test, this makes the reader do what a text begins with, and
writes down every document that is read.
"""

import os
import signal
import sys
import time
from pathlib import Path


def _install() -> None:
    from auditor import readers

    plain = readers.read

    def read(path, **more):
        if str(path).endswith(".txt"):
            data = more.get("data")
            text = Path(path).read_bytes() if data is None else data
            _obey(text.decode("utf-8", "replace").split("\n", 1)[0].split())
        return plain(path, **more)

    readers.read = read  # before any module takes it from there
    from auditor.corpus import judgement, reading

    count = os.environ.get("AUDITOR_TEST_COUNT")
    if count:
        _counted(reading.Reader, "read", lambda opened: f"read {opened.item.path.name}", count)
        whole = "judged {0.bound.report.source}"
        _counted(judgement.Judge, "_judged", lambda case, *_: whole.format(case), count)


def _counted(owner, name, told, count):
    """Write a line whenever a method is called."""
    plain = getattr(owner, name)

    def method(self, *given):
        with Path(count).open("a", encoding="utf-8") as stream:
            stream.write(told(*given) + "\n")
        return plain(self, *given)

    setattr(owner, name, method)


def _obey(words):
    if words[:1] == ["DEADLY"]:
        _, what, counter, times = words
        with Path(counter).open("a", encoding="ascii") as stream:
            stream.write(f"{os.getpid()}\n")
        if len(Path(counter).read_text(encoding="ascii").split()) <= int(times):
            _do(what)
    elif words[:1] == ["SLOW"]:
        time.sleep(float(words[1]))


def _do(what):
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "parent":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(3600)
    elif what == "exit":
        os._exit(7)
    elif what == "hang":
        time.sleep(3600)
    elif what == "eat":
        # A library that takes memory in one call until the system ends the process.
        import ctypes
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        libc = ctypes.CDLL(None)
        libc.malloc.restype = ctypes.c_void_p
        while libc.malloc(ctypes.c_size_t(100 << 20)):
            pass
        os.kill(os.getpid(), signal.SIGKILL)


if "AUDITOR_TEST_HOOKS" in os.environ and "pytest" not in sys.modules:
    _install()
