"""The form's own patterns, and text as they see it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from auditor.form import Form
from auditor.text import chinese_number, nfkc, squeeze

_HAN = r"[\u4e00-\u9fff]"
_YEAR = re.compile(r"(?:[〇○零OoＯ一二三四五六七八九]{4}|(?<![0-9])[0-9]{2} ?[0-9]{2})(?= ?年)")
_DAY = re.compile(r"(?<=年)([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})日)?")
_LETTERED = re.compile(rf"(?:{_HAN} ){{3,}}{_HAN}(?!{_HAN})")
_LOOSE = re.compile(rf"(?<=[0-9]) (?={_HAN})|(?<={_HAN}) (?=[0-9])")


def normal(text: str) -> str:
    """Text as patterns see it: NFKC, Chinese years and dates in digits, no stray blanks."""
    bare = squeeze(nfkc(text))
    bare = _LETTERED.sub(lambda m: m.group(0).replace(" ", ""), bare)
    bare = _YEAR.sub(lambda m: _digits(m.group(0)), bare)
    bare = _LOOSE.sub("", bare)
    return _DAY.sub(_month, bare)


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
    return compiled(pattern).search(text) is not None


def announces(form: Form, text: str) -> bool:
    """Whether a line is one of those that open a report (period, kind of report)."""
    bare = normal(text)
    return any(
        entry["in"] == "opening" and matches(entry["pattern"], bare)
        for entries in form.read.values()
        for entry in entries
    )
