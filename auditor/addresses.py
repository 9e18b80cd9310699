"""Addresses: files that do not lie on this machine (s3://…, hdfs://…), through fsspec.

An address is given by the user and parsed once. What a listing names below it is kept as the key
of its file system and never parsed again, so that no name in a bucket can lead anywhere else.
Credentials are what fsspec finds in the environment; none is kept here or shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from secrets import randbits
from typing import Any

from auditor.errors import DocumentError, Said, UsageError
from auditor.readers.limits import shown as plainly
from auditor.readers.limits import too_large

_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+://")
_USER = re.compile(r"(?<=://)[^/@\s]*@")
_QUERY = re.compile(r"^(https?://[^?#\s]*)[?#]\S*")
_MARKS = ("ETag", "etag", "LastModified", "last_modified", "mtime", "generation", "md5", "created")
"""What file systems say of a file that changes with its content."""
_MOST = 50_000_000


class AddressError(OSError):
    """What lies at an address cannot be had; `absent` where there is nothing."""

    def __init__(self, said: Said, *, absent: bool = False) -> None:
        super().__init__(said.en)
        self.absent = absent
        self.said = said
        self.strerror = said.en

    def __reduce__(self) -> tuple[Any, ...]:
        return AddressError, (self.said,)


@dataclass(frozen=True, slots=True)
class Address:
    """A file or a folder at an address.

    `root` is the address as it was given, `key` the file's name in its file system, `shown` its
    name in every output. `size` and `mark` are what a listing said of it: `mark` is another
    number when the file has changed.
    """

    root: str = field(repr=False)
    key: str
    shown: str
    size: int | None = None
    mark: int = 0

    @property
    def name(self) -> str:
        """The last part of the name."""
        return PurePosixPath(self.key).name

    @property
    def suffix(self) -> str:
        """The end of the name."""
        return PurePosixPath(self.key).suffix

    def child(self, name: str) -> Address:
        """What lies below it under a name."""
        lead, shown = self.key.rstrip("/"), self.shown.rstrip("/")
        return Address(self.root, f"{lead}/{name}", f"{shown}/{name}")

    def beside(self, name: str) -> Address:
        """What lies in the same folder under another name."""
        lead, shown = self.key.rpartition("/")[0], self.shown.rpartition("/")[0]
        return Address(self.root, f"{lead}/{name}", f"{shown}/{name}")

    # ---- asking --------------------------------------------------------------------------------

    def is_dir(self) -> bool:
        """Whether there are files below it. Raises AddressError."""
        with _asked(self):
            return bool(_system(self.root).isdir(self.key))

    def known(self) -> Address | None:
        """The file with its size and mark, None where there is none. Raises AddressError."""
        with _asked(self):
            try:
                info = _system(self.root).info(self.key)
            except FileNotFoundError:
                return None
        return _marked(self, info) if info.get("type", "file") == "file" else None

    def files(self) -> list[Address]:
        """All files below it, in the order of their names. Raises AddressError."""
        with _asked(self):
            found = _system(self.root).find(self.key, detail=True)
        lead = self.key.rstrip("/") + "/"
        within = []
        for key, info in found.items():
            if key.startswith(lead) and not key.endswith("/") and not info.get("islink"):
                within.append(_marked(self.child(key[len(lead) :]), info))
        return sorted(within, key=lambda one: one.key.split("/"))

    # ---- bytes ---------------------------------------------------------------------------------

    def read_bytes(self, most: int = _MOST) -> bytes:
        """The bytes. Raises AddressError, also for more than so many, which are not fetched."""
        size, data = self._read(most)
        if size > most:
            raise AddressError(Said(f"{self.shown} 太大", f"{self.shown} is too large"))
        return data

    def fetched(self, most: int) -> bytes:
        """The bytes of a document. Raises DocumentError `missing`, `too-large`."""
        try:
            size, data = self._read(most)
        except AddressError as wrong:
            raise DocumentError("missing", wrong.said) from None
        if size > most:
            raise too_large("字节数", "bytes", size, most)
        return data

    def _read(self, most: int) -> tuple[int, bytes]:
        """The size and the bytes; of what is too large none, or no more than one too many."""
        with _asked(self):
            system, size = _system(self.root), self.size
            if size is None:
                size = system.info(self.key).get("size")
            if size is None:
                with system.open(self.key, "rb") as stream:
                    data: bytes = stream.read(most + 1)
            elif size > most or not size:
                return size, b""
            else:
                data = system.cat_file(self.key, start=0, end=most + 1)
        return len(data), data

    def whole(self) -> bytes:
        """All of what we have put there ourselves, in one request. Raises AddressError."""
        with _asked(self):
            data: bytes = _system(self.root).cat_file(self.key)
            return data

    def open(self) -> Any:
        """A stream that reads only what it is asked for. Raises AddressError, also later."""
        with _asked(self):
            return _Stream(self, _system(self.root).open(self.key, "rb"))

    def write_bytes(self, data: bytes) -> None:
        """Put a file there, in place of any. Raises AddressError."""
        with _asked(self):
            _system(self.root).pipe_file(self.key, data)

    def mkdir(self) -> None:
        """Make the folder, where folders have to be made; never a bucket. Raises AddressError."""
        with _asked(self), suppress(FileExistsError):
            _system(self.root).mkdir(self.key, create_parents=False)

    def remove(self) -> None:
        """Take away all that lies below it. Raises AddressError."""
        with _asked(self), suppress(FileNotFoundError):
            _system(self.root).rm(self.key, recursive=True)


class _Stream:
    """A file at an address as others read files; whatever goes wrong is an AddressError."""

    def __init__(self, address: Address, stream: Any) -> None:
        self._address = address
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        with _asked(self._address):
            data: bytes = self._stream.read(size)
            return data

    def seek(self, at: int, whence: int = 0) -> int:
        with _asked(self._address):
            return int(self._stream.seek(at, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        with _asked(self._address):
            self._stream.close()


# ---- from words to addresses ---------------------------------------------------------------------


def place_of(text: str) -> Path | Address:
    """A path of this machine, or an address. Raises UsageError for one that cannot be opened."""
    if not _ADDRESS.match(text):
        return Path(text)
    shown = without_secrets(text)
    if "::" in text:
        said = Said(f"地址里不能有 '::'：{shown}", f"an address has no '::' in it: {shown}")
        raise UsageError(said)
    _, key = _opened(text)
    return Address(text, key, shown.rstrip("/"))


def check(root: str) -> None:
    """Whether an address can be opened here at all. Raises UsageError."""
    _opened(root)


def without_secrets(text: str) -> str:
    """An address, or words about one, without names, passwords and signatures."""
    return _QUERY.sub(r"\1", _USER.sub("", text))


@lru_cache(maxsize=64)
def _opened(root: str) -> tuple[Any, str]:
    """The file system of an address, and its key there. Raises UsageError."""
    shown = without_secrets(root)
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        said = Said(
            f"读写 {shown} 要有 fsspec：pip install 'auditor[cluster]'",
            f"{shown} needs fsspec: pip install 'auditor[cluster]'",
        )
        raise UsageError(said) from None
    try:
        system, key = url_to_fs(root)
    except ImportError as wrong:
        what = without_secrets(str(wrong))
        said = Said(
            f"读写 {shown} 还要安装：{what}（s3：pip install 'auditor[s3]'）",
            f"{shown} needs one more package: {what} (s3: pip install 'auditor[s3]')",
        )
        raise UsageError(said) from None
    except Exception as wrong:  # noqa: BLE001 - a driver of any file system raises what it likes
        what = _told(wrong)
        said = Said(f"打不开 {shown}：{what}", f"cannot open {shown}: {what}")
        raise UsageError(said) from None
    return system, key


def _system(root: str) -> Any:
    try:
        return _opened(root)[0]
    except UsageError as wrong:
        raise AddressError(wrong.said) from None


def _marked(address: Address, info: Mapping[str, Any]) -> Address:
    """The file with what its file system says of it; a mark of no use is never the same twice."""
    marks = [f"{name}={info[name]}" for name in _MARKS if info.get(name) is not None]
    told = int.from_bytes(sha256(" ".join(marks).encode()).digest()[:7], "little")
    return replace(address, size=info.get("size"), mark=told if marks else randbits(56))


@contextmanager
def _asked(address: Address) -> Iterator[None]:
    """Whatever the driver of a file system raises, as an AddressError that says where and what."""
    at = plainly(address.shown)
    try:
        yield
    except AddressError:
        raise
    except FileNotFoundError:
        said = Said(f"没有这个文件：{at}", f"there is no such file: {at}")
        raise AddressError(said, absent=True) from None
    except PermissionError as wrong:
        zh, en = f"没有权限：{at}（{_told(wrong)}）", f"no permission: {at} ({_told(wrong)})"
        raise AddressError(Said(zh, en)) from None
    except Exception as wrong:  # noqa: BLE001 - a driver of any file system raises what it likes
        zh, en = f"连不上：{at}（{_told(wrong)}）", f"cannot be reached: {at} ({_told(wrong)})"
        raise AddressError(Said(zh, en)) from None


def _told(wrong: Exception) -> str:
    return f"{type(wrong).__name__}: {plainly(without_secrets(str(wrong)))}"
