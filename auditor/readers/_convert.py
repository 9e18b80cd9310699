"""LibreOffice without a screen: files → .docx, and what was converted before.

Each start has a profile of its own in which macros, links and the network are switched off; the
whole group of its processes ends with its time. Nothing of the document is in the command.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from auditor.errors import DocumentError, Said
from auditor.readers._store import Store
from auditor.readers.limits import too_large
from auditor.readers.office import not_installed

if TYPE_CHECKING:
    from subprocess import Popen

_VERSION = b"1"  # of what is asked of the program

_EACH = 3  # seconds for each further file of a batch
_MEMORY = 4_000_000_000
_WRITTEN = 400_000_000
_STORE = Store("converted", ".docx", 1_000_000_000)
_FILTER = "docx:MS Word 2007 XML"
_COMMON, _INET = "/org.openoffice.Office.Common/", "/org.openoffice.Inet/Settings"
_SETTINGS = (
    (f"{_COMMON}Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{_COMMON}Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_COMMON}Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"{_COMMON}Security/Scripting", "DisableActiveContent", "true"),
    (f"{_COMMON}Load", "UpdateDocMode", "0"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    (_INET, "ooInetProxyType", "2"),
    *((_INET, f"ooInet{scheme}ProxyName", "127.0.0.1") for scheme in ("HTTP", "HTTPS", "FTP")),
    *((_INET, f"ooInet{scheme}ProxyPort", "9") for scheme in ("HTTP", "HTTPS", "FTP")),
)


def program() -> str | None:
    """The office program: AUDITOR_SOFFICE, else what is installed."""
    own = os.environ.get("AUDITOR_SOFFICE")
    if own is not None:
        return shutil.which(own)
    return shutil.which("soffice") or shutil.which("libreoffice")


def stored(data: bytes) -> bytes | None:
    """The conversion of a file, if it was done before and is whole."""
    found = _STORE.fetch(_key(data))
    return found if found is not None and _whole(found) else None


def converted(data: bytes, kind: str, seconds: int) -> bytes:
    """One file as .docx. Raises DocumentError `broken`, `too-large`, `unsupported`."""
    for _, result in _run([(data, kind)], seconds):
        _STORE.keep(_key(data), result)
        return result
    raise DocumentError(
        "broken",
        Said(
            "LibreOffice 打不开这个文件：可能已损坏或有密码。请另存为 .docx 后再试。",
            "LibreOffice cannot open this file: it may be damaged or have a password; "
            "save it as .docx",
        ),
    )


def convert_all(files: Sequence[tuple[bytes, str]], seconds: int) -> None:
    """Fill the cache with one start of the program; failures are left for later."""
    waiting = [(data, kind) for data, kind in files if stored(data) is None]
    if not waiting or program() is None:
        return
    try:
        for data, result in _run(waiting, seconds + _EACH * len(waiting)):
            _STORE.keep(_key(data), result)
    except DocumentError:
        return
    _STORE.prune()


def _key(data: bytes) -> str:
    """What the conversion of these bytes is kept under."""
    return hashlib.sha256(_VERSION + (program() or "").encode() + b"\0" + data).hexdigest()


def _whole(data: bytes) -> bool:
    """Whether a .docx was written to its end."""
    return data.startswith(b"PK\3\4") and b"PK\5\6" in data[-1_024:]


def _run(files: Sequence[tuple[bytes, str]], seconds: int) -> Iterator[tuple[bytes, bytes]]:
    """Original and conversion of each file that the program could convert."""
    name = program()
    if name is None:
        raise not_installed()
    with TemporaryDirectory(prefix="auditor-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        _profile(home / "profile" / "user")
        (home / "in").mkdir()
        for number, (data, kind) in enumerate(files):
            (home / "in" / f"{number}.{kind}").write_bytes(data)
        in_time = _call(_command(name, home), home, seconds)
        for number, (data, _) in enumerate(files):
            result = _result(home / "out" / f"{number}.docx")
            if result is not None:
                yield data, result
            elif not in_time and len(files) == 1:
                raise too_large("转换秒数", "seconds of conversion", f"> {seconds}", seconds)


def _command(name: str, home: Path) -> list[str]:
    profile = (home / "profile").as_uri()
    return [
        name, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck",
        "--nodefault", "--nologo", "--nofirststartwizard", "--convert-to", _FILTER,
        "--outdir", str(home / "out"), *map(str, sorted((home / "in").iterdir())),
    ]  # fmt: skip


def _result(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if _whole(data) else None


def _profile(folder: Path) -> None:
    """A fresh profile with everything switched off that a document could set in motion."""
    items = "".join(
        f'<item oor:path={quoteattr(path)}><prop oor:name={quoteattr(name)} oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items'
        ' xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>\n',
        encoding="utf-8",
    )


def _call(command: list[str], home: Path, seconds: int) -> bool:
    """Run to the end or to the end of the time; whether it came to its own end."""
    import subprocess

    none = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - a program of the system, our own arguments
        command, stdin=none, stdout=none, stderr=none, env=_environment(home), cwd=home,
        start_new_session=True,
    ) as running:  # fmt: skip
        _bound(running.pid, seconds)
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        finally:
            _end(running)
    return True


def _environment(home: Path) -> dict[str, str]:
    """Only what the program needs; a proxy that answers nobody."""
    kept = {k: v for k in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if (v := os.environ.get(k))}
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9")
    own = {"HOME": str(home), "TMPDIR": str(home), "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    return kept | nowhere | own


def _bound(pid: int, seconds: int) -> None:
    """Bounds of memory, time and disk for the program and its children, where there are any."""
    try:
        from resource import RLIMIT_AS, RLIMIT_CPU, RLIMIT_FSIZE, prlimit
    except ImportError:
        return
    try:
        for what, most in ((RLIMIT_AS, _MEMORY), (RLIMIT_CPU, seconds), (RLIMIT_FSIZE, _WRITTEN)):
            prlimit(pid, what, (most, most))
    except (OSError, ValueError):
        return


def _end(running: Popen[bytes]) -> None:
    """End the whole group: the program starts others."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
    except OSError:
        return  # all gone already
