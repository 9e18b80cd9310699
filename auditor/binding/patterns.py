"""The form's own patterns, and text as they see it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from auditor.form import Form
from auditor.text import chinese_number, compact, nfkc, simplified, squeeze

_LINE, _CELL = 400, 24
_HAN = r"[\u4e00-\u9fff]"
_YEAR = re.compile(r"(?:[〇○零OoＯ一二三四五六七八九]{4}|(?<![0-9])[0-9]{2} ?[0-9]{2})(?= ?年)")
_DAY = re.compile(r"(?<=年)([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})日)?")
_LETTERED = re.compile(rf"(?:{_HAN} ){{3,}}{_HAN}(?!{_HAN})")
_LOOSE = re.compile(rf"(?<=[0-9]) (?={_HAN})|(?<={_HAN}) (?=[0-9])")


def normal(text: str) -> str:
    """Text as patterns see it: NFKC, Chinese years and dates in digits, no stray blanks."""
    return _kept(text) if len(text) <= _LINE else _normal(text)


def _normal(text: str) -> str:
    bare = squeeze(nfkc(simplified(text) if len(text) <= _LINE else text))
    bare = _LETTERED.sub(lambda m: m.group(0).replace(" ", ""), bare)
    bare = _YEAR.sub(lambda m: _digits(m.group(0)), bare)
    bare = _LOOSE.sub("", bare)
    return _DAY.sub(_month, bare)


def tight(text: str) -> str:
    """The same without any blank."""
    return _kept_tight(text) if len(text) <= _LINE else compact(_normal(text))


_kept = lru_cache(maxsize=4096)(_normal)  # a line is looked at by many patterns
_kept_tight = lru_cache(maxsize=4096)(lambda text: compact(_normal(text)))


def _digits(year: str) -> str:
    bare = re.sub(r"[OoＯ○]", "〇", year.replace(" ", ""))
    return bare if bare.isdecimal() else str(chinese_number(bare)).zfill(4)


def _month(match: re.Match[str]) -> str:
    month, day = match.group(1), match.group(2)
    tail = f"{chinese_number(day)}日" if day else ""
    return f"{chinese_number(month)}月{tail}"


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """A pattern of a schema, in RE2: no pattern can make it slow."""
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern of the form occurs in a text (normalised by the caller)."""
    return _occurs(pattern, text) if len(text) <= _LINE else _searched(pattern, text)


def _searched(pattern: str, text: str) -> bool:
    return compiled(pattern).search(text) is not None


_occurs = lru_cache(maxsize=2048)(_searched)  # titles are asked for the same again and again


def matching(patterns: tuple[str, ...], text: str) -> Sequence[str]:
    """Those of several patterns that occur in a text; a line is searched for all at once."""
    if len(text) <= _CELL:
        return _in_cell(patterns, text)
    if len(text) > _LINE:  # a set of patterns has a bound on its memory
        return [pattern for pattern in patterns if matches(pattern, text)]
    return _matching(patterns, text)


def _matching(patterns: tuple[str, ...], text: str) -> Sequence[str]:
    found = _together(patterns).Match(text) if patterns else ()
    return [patterns[number] for number in sorted(found)] if found else ()


_in_cell = lru_cache(maxsize=8192)(_matching)  # labels and figures come again and again


@lru_cache(maxsize=128)
def _together(patterns: tuple[str, ...]) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    several = re2.Set.SearchSet(options)
    for pattern in patterns:
        several.Add(pattern)
    several.Compile()
    return several


@lru_cache(maxsize=64)
def read_in(form: Form, where: str) -> tuple[str, ...]:
    """The patterns of the form's facts that are sought in one kind of text."""
    entries = (entry for entries in form.read.values() for entry in entries)
    return tuple(dict.fromkeys(entry["pattern"] for entry in entries if entry["in"] == where))


def announces(form: Form, text: str) -> bool:
    """Whether a line is one of those that open a report (period, kind of report)."""
    return bool(matching(read_in(form, "opening"), normal(text)))
