"""Whether a PDF that could blow up can be opened at all: tried in a process of its own.

A few hundred bytes of forms that draw each other stand for a billion objects, and pdfium builds
all of them before it gives control back. So does a stream that is compressed more than once. The
other process has hard bounds of time and memory; files without either, as nearly all are, need
none. Run as a program this module is that process; it imports nothing of the project.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING
from zlib import decompressobj, error

if TYPE_CHECKING:
    from auditor.readers.limits import Limits

_MEMORY = 1_500_000_000
_SECONDS = 10  # for what takes the reader itself at most one
_GRACE = 5
_BUSY = 8  # times as long by the clock, where the system counts the process's own time
_RATIO = 40  # times its own length: what unfolds to more is no content of a page
_FREE = 65_536  # bytes that any stream may unfold to
_OPENED, _UNTRIED = 7, 8  # exit codes
_OUT_OF_TIME = (9, 24)  # signals
_RISKS = (b"/Form", b"/LZW", b"/RunLength", b"/Encrypt")
# A reference or a remark where a name is expected; filters that follow each other; names written
# in escapes to look like others.
_ODD = (
    re.compile(rb"/Subtype\s*[0-9(<%]"),
    re.compile(rb"/Filter\s*(?:[0-9(<%]|\[[^\]]*/[^\]]*/)"),
    re.compile(rb"#[3-7][0-9A-Fa-f]"),
)
_LIST = re.compile(rb"\[[^\[\]]{160,}\]")
_REFERENCE = re.compile(rb"[0-9]+\s+[0-9]+\s+R")
_APART = b"[]"  # no pattern reaches over it
_AGAIN = 4  # times: how often a list may name the same things
_OBJECTS = re.compile(rb"\s*[0-9]+\s+[0-9]+\s")  # how a stream begins that holds objects


def is_risky(data: bytes) -> bool:
    """Whether a file has what can stand for far more than its size."""
    plain = []
    at = 0
    while True:
        start = data.find(b"stream", at)
        end = data.find(b"endstream", start + 6)
        if start < 0 or end < 0:
            break
        plain.append(data[at:start])
        body = data[start + 6 : end].lstrip(b"\r\n")
        unfolded = _unfolded(body)
        if unfolded is None:
            return True
        if _OBJECTS.match(unfolded):
            plain.append(unfolded)
        at = end + 9
    plain.append(data[at:])
    return _can_unfold(_APART.join(plain))


def _can_unfold(plain: bytes) -> bool:
    """Whether something written in the open can stand for more than it is."""
    if any(word in plain for word in _RISKS) or any(odd.search(plain) for odd in _ODD):
        return True
    for found in _LIST.finditer(plain):
        named = _REFERENCE.findall(found[0])
        if len(named) > _AGAIN * len(set(named)):
            return True
    return False


def _unfolded(body: bytes) -> bytes | None:
    """What a stream holds, if it is compressed in the usual way; None where that is too much."""
    unfold = decompressobj()
    try:
        held = unfold.decompress(body, _FREE + _RATIO * len(body))
    except error:
        return body
    return None if unfold.unconsumed_tail else held


def try_out(data: bytes, limits: Limits) -> None:
    """Open every page in another process. Raises DocumentError `too-large`."""
    import subprocess
    from pathlib import Path

    import pypdfium2

    from auditor.readers.limits import too_large

    home = Path(pypdfium2.__file__).parent.parent
    seconds = min(_SECONDS, max(limits.seconds, 1))
    command = [
        sys.executable, "-I", "-S", __file__, str(home), str(_MEMORY), str(seconds),
        str(limits.pages),
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - our own program, nothing of the document in it
            command, input=data, capture_output=True, timeout=_patience(seconds), check=False
        )
    except subprocess.TimeoutExpired:
        code = -_OUT_OF_TIME[0]
    else:
        code = done.returncode
    if -code in _OUT_OF_TIME:
        raise too_large("读取秒数", "seconds of reading", f"> {seconds}", seconds)
    if code not in (_OPENED, _UNTRIED):
        most = _MEMORY // 1_000_000
        raise too_large("展开后的兆字节数", "megabytes when unfolded", f"> {most:,}", most)


def _patience(seconds: int) -> int:
    """How long to wait by the clock; a busy machine is no fault of the document."""
    from importlib.util import find_spec

    return seconds * _BUSY if find_spec("resource") else seconds + _GRACE


def _bounded(memory: int, seconds: int) -> None:
    """Hard bounds for this process, where the system has them."""
    try:
        from resource import RLIMIT_AS, RLIMIT_CPU, setrlimit
    except ImportError:  # pragma: no cover - Windows has none
        return
    setrlimit(RLIMIT_AS, (memory, memory))
    setrlimit(RLIMIT_CPU, (seconds, seconds))


def _main() -> None:
    """Open the pages; whether they are sound is the reader's business."""
    sys.path.append(sys.argv[1])
    memory, seconds, pages = map(int, sys.argv[2:5])
    _bounded(memory, seconds)
    try:
        from pypdfium2 import raw
    except ImportError:
        sys.exit(_UNTRIED)
    data = sys.stdin.buffer.read()
    raw.FPDF_InitLibrary()
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    for index in range(min(raw.FPDF_GetPageCount(document), pages) if document else 0):
        page = raw.FPDF_LoadPage(document, index)
        if page:
            raw.FPDFText_ClosePage(raw.FPDFText_LoadPage(page))
            raw.FPDF_ClosePage(page)
    sys.exit(_OPENED)


if __name__ == "__main__":
    _main()
