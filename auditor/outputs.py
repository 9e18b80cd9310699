"""Where a run writes: its outputs by format and place, refused before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import Said, UsageError, why

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditor.addresses import Address
    from auditor.pipeline import Input

COLUMNS = "parquet"
"""The format that is a folder of tables, not a file."""


Output = tuple[str, "Path | Address | None"]
"""A renderer, and the file that it writes, None for standard output."""


def outputs_of(formats: list[str], output: Path | Address | None) -> list[Output]:
    """The outputs that were asked for. Only one may go to standard output. Raises UsageError."""
    from auditor.addresses import place_of
    from auditor.renderers import names

    found: list[Output] = []
    for text in formats:
        name, _, file = text.partition("=")
        if name == COLUMNS and not file:
            said = Said("parquet 要写成 parquet=文件夹", "parquet wants a folder: parquet=FOLDER")
            raise UsageError(said)
        if name not in (*names(), COLUMNS):
            known = ", ".join((*names(), f"{COLUMNS}=FOLDER"))
            said = Said(
                f"没有输出格式 '{name}'，可以是：{known}",
                f"no output format '{name}'; there are: {known}",
            )
            raise UsageError(said)
        found.append((name, place_of(file) if file not in ("", "-") else None))
    output = None if output == Path("-") else output
    bare = [n for n, (_, file) in enumerate(found) if file is None]
    if output is not None and bare:
        found[bare[0]] = (found[bare[0]][0], output)
        bare = bare[1:]
    if len(bare) > 1:
        said = Said("只能有一种格式输出到屏幕，其余请写 NAME=FILE", "only one format to the screen")
        raise UsageError(said)
    for name, place in found:
        _in_a_folder(name, place)
    return found


def _in_a_folder(name: str, place: Path | Address | None) -> None:
    """Refuse a file whose folder is not there before hours are spent. Raises UsageError."""
    if not isinstance(place, Path) or name == COLUMNS or place.parent.is_dir():
        return
    folder = place.parent
    zh = f"写不了 {place}：没有文件夹 {folder}，请先建好"
    raise UsageError(Said(zh, f"cannot write {place}: there is no folder {folder}; make it first"))


def write_file(path: Path | Address, data: bytes | Iterable[bytes]) -> None:
    """Replace a file whole, or leave it as it was; a pipe or a device is written to.

    `data` may come in pieces, so that a large output is never held; only what goes to an address
    is put there in one.
    """
    import os
    import tempfile

    pieces = (data,) if isinstance(data, bytes) else data
    if not isinstance(path, Path):
        _write_at(path, b"".join(pieces))
        return
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as there:
                there.writelines(pieces)
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".auditor-", delete=False) as new:
            try:
                new.writelines(pieces)
                new.flush()
                Path(new.name).chmod(0o644)
                os.replace(new.name, path)  # noqa: PTH105 - atomic on every system
            except BaseException:
                Path(new.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise UsageError(_unwritable(str(path), error)) from error


def _write_at(address: Address, data: bytes) -> None:
    try:
        address.write_bytes(data)
    except OSError as error:
        raise UsageError(_unwritable(address.shown, error)) from error


def _unwritable(shown: str, error: OSError) -> Said:
    told = why(error)
    return Said(f"写不了 {shown}：{told.zh}", f"cannot write {shown}: {told.en}")


def made_folder(folder: Path) -> None:
    """The folder is there, made if it was not. Raises UsageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        told = why(error)
        zh, en = f"建不了文件夹 {folder}：{told.zh}", f"cannot make {folder}: {told.en}"
        raise UsageError(Said(zh, en)) from error


def safe_outputs(
    outputs: Iterable[Path | Address | None],
    items: Sequence[Input],
    others: Iterable[Path | None],
) -> None:
    """Refuse an output that is an input, a rule, a form, or another output of the same run.

    `others` are files, and folders of which no file may be written. Raises UsageError.
    """
    sources: set[object] | None = None
    kept = [path.resolve() for path in others if path is not None]
    seen: set[Path | str] = set()
    for output in outputs:
        if output is None:
            continue
        path = _one_of(output)
        shown = output if isinstance(output, Path) else output.shown
        if sources is None and _may_be_there(output):
            sources = {file_of(item.place) for item in items if item.data is None} - {None}
        if (sources and file_of(output) in sources) or output.name.endswith(".corrections.yaml"):
            said = Said(
                f"{shown} 是被审核的文件，不能覆盖", f"{shown} is an input: not overwritten"
            )
            raise UsageError(said)
        if isinstance(path, Path) and path.is_file() and _is_below(path, kept):
            said = Said(
                f"{shown} 是规则、表式或设置文件，不能覆盖",
                f"{shown} is a rule, a form or a setting: not overwritten",
            )
            raise UsageError(said)
        if path in seen:
            said = Said(f"两种输出写到同一个文件 {shown}", f"two outputs go to one file: {shown}")
            raise UsageError(said)
        seen.add(path)


def _may_be_there(output: Path | Address) -> bool:
    """Only a file that is there can be an input: thousands of them are looked at for it."""
    return not isinstance(output, Path) or (output.exists() and not output.is_dir())


def file_of(place: Path | Address) -> object:
    """What tells a file from others whatever its names, at the cost of one look at it."""
    if not isinstance(place, Path):
        return place.shown
    try:
        state = place.stat()
    except (OSError, ValueError):
        return None
    return state.st_dev, state.st_ino


def _one_of(place: Path | Address) -> Path | str:
    """The same value for the same file, however it is named."""
    return place.resolve() if isinstance(place, Path) else place.shown


def _is_below(path: Path, kept: Sequence[Path]) -> bool:
    return any(path == one or one in path.parents for one in kept)
