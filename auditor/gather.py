"""What is to be audited: files, folders, and archives that are opened like folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from auditor.errors import DocumentError, Said
from auditor.readers.archive import SUFFIX, Archive
from auditor.readers.limits import Limits

CORRECTIONS = ".corrections.yaml"
_COMPANIONS = ("_files", ".files")  # what a browser saves beside a page: its icons and photographs
ROSTERS = ("roster.yaml", "roster.yml", "roster.xlsx", "名册.yaml", "名册.yml", "名册.xlsx")
"""Files of these names are a roster of bodies, never a report."""
_NESTED = 1  # archives inside archives


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to audit: a path, bytes with a name (standard input), or a member of an archive.

    A member has the archive's file in `archive` and its number there in `member`, one number for
    each archive on the way; it is in memory only while it is read. `refused` is set where an
    archive could not be opened: kind and words. `held` are its bytes where they were read before,
    so that what is judged is what was looked at. `limits` are those of a member.
    """

    path: Path
    data: bytes | None = None
    archive: Path | None = None
    member: tuple[int, ...] = ()
    refused: tuple[str, Said] | None = None
    held: bytes | None = None
    limits: Limits = Limits()

    @property
    def name(self) -> str:
        """How it is called in every output."""
        return self.path.as_posix() if self.data is None else "-"

    def content(self) -> bytes | None:
        """The bytes, where they are not simply those of the file at `path`.

        Raises DocumentError.
        """
        if self.refused is not None:
            raise DocumentError(*self.refused)
        if self.held is not None:
            return self.held
        if self.archive is None:
            return self.data
        *outer, last = self.member
        return _opened(self.archive, tuple(outer), self.limits).data(last)


def corrections_of(item: Input) -> Path | None:
    """The file of corrections beside an original, if there is one."""
    original = item.path
    if item.data is not None or item.archive is not None:
        return None
    for path in (
        original.with_name(original.name + CORRECTIONS),
        original.with_suffix(CORRECTIONS),
    ):
        if path.is_file() and path != original:
            return path
    return None


def inputs(
    paths: Sequence[Path], suffixes: frozenset[str], limits: Limits = Limits()
) -> tuple[Input, ...]:
    """The files to audit: those named, and those in the named folders, in the order of names.

    A folder gives its files of a known kind at any depth, hidden ones and links left out; an
    archive is a folder.
    """
    found: list[Input] = []
    for path in paths:
        if path.is_dir():
            within = sorted(p for p in path.rglob("*") if _wanted(p, path, suffixes))
        else:
            within = [path]
        for file in within:
            found += _unpacked(file, suffixes, limits) if _is_archive(file) else [Input(file)]
    unique = {item.name: item for item in found}
    return tuple(unique.values())


def _wanted(path: Path, below: Path, suffixes: frozenset[str]) -> bool:
    parts = path.relative_to(below).parts
    if any(part.startswith((".", "~$")) for part in parts) or path.is_symlink():
        return False
    if path.name.endswith(CORRECTIONS) or path.name.lower() in ROSTERS:
        return False
    if any(part.endswith(_COMPANIONS) for part in parts[:-1]) and _is_picture(path):
        return False
    return path.is_file() and (path.suffix.lower() in suffixes or _is_archive(path))


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


def _opened(archive: Path, way: tuple[int, ...], limits: Limits) -> Archive:
    """An archive, or one inside it. Raises DocumentError."""
    try:
        state = archive.stat()
    except OSError:
        return Archive(archive, limits)  # which says what is wrong
    return _kept(archive, state.st_mtime_ns, state.st_size, way, limits)


@lru_cache(maxsize=4)
def _kept(archive: Path, changed: int, size: int, way: tuple[int, ...], limits: Limits) -> Archive:
    """A few stay open, as members are asked for in their order; a changed file is another one."""
    if not way:
        return Archive(archive, limits)
    outer = _kept(archive, changed, size, way[:-1], limits)
    return Archive(outer.data(way[-1]), limits)


_NOTHING = Said(
    "压缩包里没有可以审核的文件。", "the archive holds no file of a kind that can be audited"
)
_TOO_DEEP = Said(
    "压缩包套了不止一层，请解压后再审核。",
    "archives inside archives inside an archive are not opened; unpack them first",
)
