"""Rule files laid out in one way: comments, order and every value stay as they are.

ruamel.yaml reads and writes the file; what it leaves is put right here: the list at the top begins
at the margin, a comment stands where the line below it does, entries are one blank line apart.
What would change a value, or lose a comment, is refused.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import yaml

from auditor.errors import Mistake, RulesError, Said, SourceError, UsageError
from auditor.rulebook.source import context, load_yaml

_ENDLESS = 1_000_000  # characters of a line: nothing is folded
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_MARGIN = 2
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same tokens, without libyaml slower


def laid_out(text: str, name: str) -> str:
    """The text of a rule file as it should be laid out.

    Raises RulesError for what is no YAML that rules may be written in, UsageError where ruamel.yaml
    is not installed.
    """
    value = _loaded(text, name)
    if value is None and not text.strip():
        return ""
    kept = list(_comments(text))
    written = _round_trip(text)
    lost = [comment for comment, _ in kept if comment not in comments(written)]
    if lost or len(comments(written)) != len(kept):
        raise RulesError((_refusal(name, text, lost),))
    found = _settled(written, [gap for _, gap in kept], top=isinstance(value, list))
    if _loaded(found, name) != value or comments(found) != comments(text):
        raise RulesError((_refusal(name, text, []),))
    return found


def _refusal(name: str, text: str, lost: list[str]) -> Mistake:
    """Why a file is left alone; a comment inside brackets is the usual reason."""
    if not lost:
        said = Said("排版会改动内容，没有排", "laying it out would change it: left alone")
        return Mistake(name, 1, 1, said)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if lost[0] in each)
    said = Said(
        "方括号、花括号里的注释排版时留不住，请移到上一行",
        "a comment inside brackets cannot be kept: move it to the line above",
    )
    return Mistake(name, line, 1, said, lost[0])


def _loaded(text: str, name: str) -> Any:
    try:
        return load_yaml(text)
    except SourceError as error:
        excerpt = context(text, error.line, error.column, error.length)
        mistake = Mistake(name, error.line, error.column, error.said, excerpt, error.suggestions)
        raise RulesError((mistake,)) from None


def _round_trip(text: str) -> str:
    try:
        from ruamel.yaml import YAML
    except ImportError as error:
        said = Said(
            "排版要用 ruamel.yaml：pip install 'auditor[workbench]'",
            "this needs ruamel.yaml: pip install 'auditor[workbench]'",
        )
        raise UsageError(said) from error
    editor = YAML(typ="rt")
    editor.preserve_quotes = True
    editor.width = _ENDLESS
    editor.brace_single_entry_mapping_in_flow_sequence = True
    editor.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    editor.dump(editor.load(text.removeprefix("\ufeff").replace("\r\n", "\n")), stream)
    return stream.getvalue()


def _settled(text: str, gaps: list[int], *, top: bool) -> str:
    """What ruamel.yaml leaves to be put right; `top`: the file is a list.

    `gaps` are the blanks that stood before each comment, 0 for one with a line to itself.
    """
    lines = text.split("\n")
    if top:
        lines = [line[_MARGIN:] if line.startswith(" " * _MARGIN) else line for line in lines]
    inside = _inside(lines)
    lines = [line if n in inside else line.rstrip() for n, line in enumerate(lines)]
    lines = list(_beside(list(_comments_in_line(lines, inside)), gaps))
    return "\n".join(_spaced(lines, inside, top=top)).strip("\n") + "\n"


def _inside(lines: list[str]) -> set[int]:
    """The lines (from 0) that go on with a text begun above: nothing of them may be touched."""
    found: set[int] = set()
    for token in yaml.scan("\n".join(lines), Loader=_LOADER):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark, token.end_mark
            last = end.line - (end.column == 0)  # a block ends at the beginning of the next line
            found.update(range(start.line + 1, last + 1))
    return found


def _comments_in_line(lines: list[str], inside: set[int]) -> Iterator[str]:
    """Each comment that has a line to itself begins where the next line with anything else does."""
    for number, line in enumerate(lines):
        bare = line.strip()
        if number in inside or not bare.startswith("#"):
            yield line
            continue
        below = (each for each in lines[number + 1 :] if each.strip()[:1] not in ("", "#"))
        following = next(below, "")
        yield " " * (len(following) - len(following.lstrip())) + bare


def _spaced(lines: list[str], inside: set[int], *, top: bool) -> Iterator[str]:
    """At most one blank line together; exactly one before each entry of the list at the top."""
    last = ""  # nothing yet: no blank line at the beginning
    for number, line in enumerate(lines):
        if number not in inside:
            if not line:
                continue
            entry = top and _begins_entry(lines, number)
            gap = number > 0 and lines[number - 1] == ""
            if last and (entry or gap) and not (entry and _led(lines, number)):
                yield ""
        last = line
        yield line


def _begins_entry(lines: list[str], number: int) -> bool:
    """Whether an entry begins here, or the comments that lead it."""
    for line in lines[number:]:
        if line.startswith("- "):
            return True
        if not line.startswith("#"):
            return False
    return False


def _led(lines: list[str], number: int) -> bool:
    """Whether comments stand right above: the gap is before them."""
    return number > 0 and lines[number - 1].startswith("#")


def comments(text: str) -> list[str]:
    """Every comment of a file, in order, without the blanks around it."""
    return [comment for comment, _ in _comments(text)]


def _comments(text: str) -> Iterator[tuple[str, int]]:
    """Every comment with the number of blanks between it and what stands before it."""
    bare = _without_scalars(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    for line in bare.split("\n"):
        found = _COMMENT.search(line)
        if found is not None:
            before = line[: found.start()]
            width = len(before) - len(before.rstrip()) if before.strip() else 0
            yield found.group().strip(), width


def _without_scalars(text: str) -> str:
    """The text of the same length in which no value can be taken for a comment."""
    bare = list(text)
    for token in yaml.scan(text, Loader=_LOADER):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark.index, token.end_mark.index
            bare[start:end] = [c if c == "\n" else "x" for c in bare[start:end]]
    return "".join(bare)


def _beside(lines: list[str], gaps: list[int]) -> Iterator[str]:
    """A comment beside a value stands as far from it as it did, so that columns stay columns."""
    bare = _without_scalars("\n".join(lines)).split("\n")
    left = iter(gaps)
    for number, line in enumerate(lines):
        found = _COMMENT.search(bare[number])
        gap = next(left) if found else 0
        before = line[: found.start()].rstrip() if found else ""
        yield f"{before}{' ' * gap}{line[found.start() :]}" if found and before and gap else line
