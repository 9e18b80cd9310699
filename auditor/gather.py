"""What is to be audited: files, folders, and archives that are opened like folders.

They lie on this machine or at an address (`auditor.addresses`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from auditor.addresses import Address, AddressError
from auditor.errors import DocumentError, Said, why
from auditor.readers.archive import SUFFIX, Archive
from auditor.readers.limits import Limits

CORRECTIONS = ".corrections.yaml"
_COMPANIONS = ("_files", ".files")  # what a browser saves beside a page: its icons and photographs
ROSTERS = tuple(
    f"{name}.{suffix}" for name in ("roster", "名册")
    for suffix in ("yaml", "yml", "xlsx", "xls", "ods", "csv")
)  # fmt: skip
"""Files of these names are a roster of bodies, never a report."""
_HIDDEN = (".", "~$")
_NESTED = 1  # archives inside archives
_KIND = re.compile(r"\.[A-Za-z0-9]{1,8}")
_HEAD = 1024


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to audit: a path, bytes with a name (standard input), or a member of an archive.

    A member has the archive's file in `archive` and its number there in `member`, one number for
    each archive on the way; it is in memory only while it is read. `refused` is set where an
    archive could not be opened: kind and words. `held` are its bytes where they were read before,
    so that what is judged is what was looked at. `limits` are those of a member. What lies at an
    address has it in `address`, with its corrections in `beside`; `path` then is only its name.
    `alone` where a listing of the folder has shown that no file of it has any.
    """

    path: Path
    data: bytes | None = None
    archive: Path | Address | None = None
    member: tuple[int, ...] = ()
    refused: tuple[str, Said] | None = None
    held: bytes | None = None
    limits: Limits = Limits()
    address: Address | None = None
    beside: Address | None = None
    called: str = ""
    alone: bool = False

    @property
    def name(self) -> str:
        """How it is called in every output."""
        if self.called:
            return self.called
        return self.path.as_posix() if self.data is None else "-"

    @property
    def place(self) -> Path | Address:
        """The file that holds it: itself, or its archive."""
        return self.archive or self.address or self.path

    def content(self, most: int = Limits().size) -> bytes | None:
        """The bytes, where they are not simply those of the file at `path`.

        `most` bytes are fetched from an address. Raises DocumentError.
        """
        if self.refused is not None:
            raise DocumentError(*self.refused)
        if self.held is not None:
            return self.held
        if self.address is not None:
            return self.address.fetched(most)
        if self.archive is None:
            return self.data
        *outer, last = self.member
        return _opened(self.archive, tuple(outer), self.limits).data(last)


def corrections_of(item: Input) -> Path | Address | None:
    """The file of corrections beside an original, if there is one."""
    original = item.path
    if item.alone or item.data is not None or item.archive is not None or item.address is not None:
        return item.beside
    for name in _corrected_by(original.name):
        path = original.with_name(name)
        if path.is_file() and path != original:
            return path
    return None


def _corrected_by(name: str) -> tuple[str, str]:
    """What the corrections of a file may be called."""
    return name + CORRECTIONS, Path(name).with_suffix(CORRECTIONS).name


def inputs(
    paths: Sequence[Path | Address], suffixes: frozenset[str], limits: Limits = Limits()
) -> tuple[Input, ...]:
    """The files to audit: those named, and those in the named folders, in the order of names.

    A folder gives its files of a known kind at any depth, without hidden ones; links are not
    followed. An archive is a folder. Raises AddressError for an address that cannot be listed.
    """
    found: list[Input] = []
    for path in paths:
        if isinstance(path, Address):
            found += _at(path, suffixes, limits)
            continue
        if path.is_dir():
            found += _below(path, suffixes, limits)
        else:
            found += _files(path, suffixes, limits)
    unique = {item.name: item for item in found}
    return tuple(unique.values())


def _at(place: Address, suffixes: frozenset[str], limits: Limits) -> Iterator[Input]:
    """The files at an address, named or listed."""
    folder = place.is_dir()
    within = place.files() if folder else [one for one in (place.known(),) if one]
    if not within and not folder:
        yield Input(Path(place.shown), address=place, called=place.shown)
    by_key = {file.key: file for file in within}
    lead = len(place.key.rstrip("/")) + 1
    for file in within:
        parts = tuple(file.key[lead:].split("/"))
        if folder and not _is_wanted(parts, suffixes):
            continue
        if _is_archive(Path(file.name)):
            yield from _unpacked_at(file, suffixes, limits)
            continue
        beside = [file.beside(name) for name in _corrected_by(file.name)]
        found = (by_key.get(one.key) if folder else one.known() for one in beside)
        correcting = next((one for one in found if one and one.key != file.key), None)
        yield Input(Path(file.shown), address=file, beside=correcting, called=file.shown)


def _below(folder: Path, suffixes: frozenset[str], limits: Limits) -> Iterator[Input]:
    """The files in a folder at any depth; what cannot be opened, or leads away, is refused."""
    left: list[tuple[Path, tuple[str, ...], str]] = [(folder, (), "folder")]
    while left:
        path, parts, kind = left.pop()
        if kind in ("file", "alone"):
            yield from _files(path, suffixes, limits, alone=kind == "alone")
            continue
        if kind in _NO_FILE:
            yield Input(path, refused=("missing", _NO_FILE[kind]))
            continue
        try:
            with os.scandir(path) as entries:
                within = sorted(entries, key=lambda entry: os.path.normcase(entry.name))
        except OSError as wrong:
            told = why(wrong)
            said = Said(f"打不开文件夹：{told.zh}", f"the folder cannot be opened: {told.en}")
            yield Input(path, refused=("missing", said))
            continue
        file = "file" if any(_is_correcting(entry.name) for entry in within) else "alone"
        for entry in reversed(within):
            below = (*parts, entry.name)
            kind = _kind_of(entry, below, folder, suffixes)
            if kind:
                left.append((path / entry.name, below, file if kind == "file" else kind))


def _kind_of(
    entry: os.DirEntry[str], below: tuple[str, ...], folder: Path, suffixes: frozenset[str]
) -> str:
    """What an entry of a folder is for the audit; nothing for what is passed over."""
    if entry.is_dir(follow_symlinks=False):
        return "" if entry.name.startswith(_HIDDEN) else "folder"
    wanted = _is_wanted(below, suffixes)
    if entry.is_symlink():
        if _is_broken(entry):
            return "file" if wanted else ""
        return "link" if (wanted or entry.is_dir()) and _leads_away(entry, folder) else ""
    if not entry.is_file(follow_symlinks=False):
        return "pipe" if wanted else ""
    return "file" if wanted or _is_document(entry) else ""


def _is_broken(link: os.DirEntry[str]) -> bool:
    """Whether a link leads to nothing: then it is told like a file that is not there."""
    return not os.path.exists(link.path)  # noqa: PTH110 - a name may be no text


def _leads_away(link: os.DirEntry[str], folder: Path) -> bool:
    """Whether a link leads out of the folder; what it leads to within is audited there."""
    if link.name.startswith(_HIDDEN):
        return False
    return not Path(os.path.realpath(link.path)).is_relative_to(folder.resolve())


def _is_correcting(name: str) -> bool:
    """Whether it may be a file of corrections; some systems take large letters for small ones."""
    return name.lower().endswith(CORRECTIONS)


def _files(
    file: Path, suffixes: frozenset[str], limits: Limits, *, alone: bool = False
) -> Iterable[Input]:
    if _is_archive(file):
        return _unpacked(file, suffixes, limits)
    return (Input(file, alone=alone),)


def _is_wanted(parts: tuple[str, ...], suffixes: frozenset[str]) -> bool:
    """Whether a file is a report by its name, told from the folder that was named."""
    path = Path(parts[-1])
    if any(part.startswith(_HIDDEN) for part in parts):
        return False
    if path.name.endswith(CORRECTIONS) or path.name.lower() in ROSTERS:
        return False
    if any(part.endswith(_COMPANIONS) for part in parts[:-1]) and _is_picture(path):
        return False
    return path.suffix.lower() in suffixes or _is_archive(path) or _is_named_freely(path)


def _has_no_kind(name: str) -> bool:
    """Whether a name tells no kind of file: `报告`, `附件1.某局年报`."""
    return _KIND.fullmatch(os.path.splitext(name)[1]) is None  # noqa: PTH122


def _is_named_freely(path: Path) -> bool:
    """Whether a file is called in words and not by its kind, as people do with documents."""
    return _has_no_kind(path.name) and not path.name.isascii()


def _is_document(entry: os.DirEntry[str]) -> bool:
    """Whether a file whose name tells no kind is a document by its first bytes."""
    if entry.name.startswith(_HIDDEN) or not _has_no_kind(entry.name):
        return False
    from auditor.readers import has_marks

    try:
        with Path(entry.path).open("rb") as stream:
            return has_marks(stream.read(_HEAD))
    except OSError:
        return False


def _is_picture(path: Path) -> bool:
    from auditor.readers.picture import SUFFIXES as PICTURES

    return path.suffix.lower() in PICTURES


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX


def _unpacked(path: Path, suffixes: frozenset[str], limits: Limits) -> Iterable[Input]:
    """The members of an archive; one that gives none is refused as a whole."""
    if not path.exists():
        return [Input(path)]
    found = list(_members(path, Input(path, archive=path, limits=limits), suffixes))
    return found or [Input(path, refused=("empty", _NOTHING))]


def _unpacked_at(file: Address, suffixes: frozenset[str], limits: Limits) -> Iterable[Input]:
    """The members of an archive at an address, of which only what is asked for is fetched."""
    shown = Path(file.shown)
    found = list(_members(shown, Input(shown, archive=file, limits=limits), suffixes))
    found = found or [Input(shown, refused=("empty", _NOTHING))]
    lead = shown.as_posix()  # which lets go of the second slash
    return [replace(i, called=file.shown + i.path.as_posix().removeprefix(lead)) for i in found]


def _members(shown: Path, of: Input, suffixes: frozenset[str]) -> Iterator[Input]:
    """The members of one archive; `shown` is its name, `of` the way to it in its file."""
    archive = of.archive or of.path
    try:
        members = _opened(archive, of.member, of.limits).members()
    except DocumentError as wrong:
        yield Input(shown, refused=(wrong.kind, wrong.said))
        return
    for number, name in members:
        path = shown / name
        member = Input(path, archive=archive, member=(*of.member, number), limits=of.limits)
        if _is_archive(path):
            if len(of.member) >= _NESTED:
                yield Input(path, refused=("too-large", _TOO_DEEP))
            else:
                yield from _members(path, member, suffixes)
        elif path.suffix.lower() in suffixes:
            yield member


def _opened(archive: Path | Address, way: tuple[int, ...], limits: Limits) -> Archive:
    """An archive, or one inside it. Raises DocumentError."""
    if isinstance(archive, Address):
        return _kept(archive, archive.mark, archive.size or 0, way, limits)
    try:
        state = archive.stat()
    except OSError:
        return Archive(archive, limits)  # which says what is wrong
    return _kept(archive, state.st_mtime_ns, state.st_size, way, limits)


@lru_cache(maxsize=4)
def _kept(
    archive: Path | Address, changed: int, size: int, way: tuple[int, ...], limits: Limits
) -> Archive:
    """A few stay open, as members are asked for in their order; a changed file is another one."""
    if not way:
        return Archive(_source(archive), limits)
    outer = _kept(archive, changed, size, way[:-1], limits)
    return Archive(outer.data(way[-1]), limits)


def _source(archive: Path | Address) -> Path | BinaryIO:
    """What an archive is read from. Raises DocumentError."""
    if isinstance(archive, Path):
        return archive
    try:
        return cast(BinaryIO, archive.open())
    except AddressError as wrong:
        raise DocumentError("missing", wrong.said) from None


_NO_FILE = {
    "link": Said(
        "这是指向别处的链接，没有打开：请放入文件本身",
        "a link to somewhere else is not followed: put the file itself here",
    ),
    "pipe": Said(
        "这是管道或设备，不是文件，没有打开：请放入文件本身",
        "a pipe or device is no file and is not opened: put the file itself here",
    ),
}
_NOTHING = Said(
    "压缩包里没有可以审核的文件。", "the archive holds no file of a kind that can be audited"
)
_TOO_DEEP = Said(
    "压缩包套了不止一层，请解压后再审核。",
    "archives inside archives inside an archive are not opened; unpack them first",
)
