"""Periods: which year a figure is told of, by the words of time before it in its sentence."""

from __future__ import annotations

import re
from functools import lru_cache

_LAST = r"(?:去年|上年度?|上一年度?|(?:19|20)\d\d年度?)(?:同期)?"
_MEANT = rf"(?:比|较|与|同|和){_LAST}(?:相比)?"
# `是上年的1.6倍` compares, too; what follows is still of this year.
_COMPARING = re.compile(rf"{_MEANT}|[是为达]到?{_LAST}的(?=[0-9.一二三四五六七八九两]+倍)")
_SPAN = r"\d{1,2}月?(?:\d{1,2}日)?[-~—–至到](?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?"
_PERIOD = re.compile(
    r"(?P<until>截[至止])?(?P<year>(?:19|20)\d\d)年(?P<rest>(?:度|底|末|全年)?"
    rf"(?:{_SPAN}|\d{{1,2}}月(?:\d{{1,2}}日)?)?"
    r"(?:上半年|下半年|前?[一二三四1-4]个?季度|第[一二三四1-4]季度)?)(?P<since>以来|起)?"
    rf"|(?P<months>{_SPAN})"
    r"|(?P<this>(?:本年度?|今年|当年)(?:以来)?|全年|年内|报告期|截[至止]12月)"
    r"|(?P<other>去年|上年度?|上一年度?|前年|往年|历年|历史上?|近[一二两三四五六七八九十0-9]+年"
    r"|以来|上半年|下半年|前?[一二三四1-4]个?季度|截[至止]\d{1,2}月|\d{1,2}月份)"
    r"|(?P<month>\d{1,2}月)"
)
_MONTHS = re.compile(r"(\d{1,2})(?:月|[-~—–至到])")
_BEFORE = re.compile(r"去年|上年度?|上一年度?")
SUMMED = "累计"
_OF_YEAR = ("年", "年度", "年内", "期内", "月", "日")  # what sums up no more than a year
_YEAR = "{年}"
_END = ("底", "末")
# What is told in brackets of another year ends with them: 16件(去年同期15件),办结16件.
_BRACKETS = re.compile(r"\([^()]*[0-9][^()年月]\)")
_UP_TO = re.compile(r"[-~—–至到]$")


@lru_cache(maxsize=1024)
def in_period(before: str, masked: tuple[str, ...], wanted: str, period: int | None) -> bool:
    """Whether the nearest word of time before a figure means the year that is wanted.

    Several rules ask it of one figure.
    """
    before = masking(masked, wanted == "last").sub("", before)
    before = _COMPARING.sub("", _BRACKETS.sub("", before))
    last = max(_PERIOD.finditer(before), key=lambda match: match.start(), default=None)
    if wanted == "next":
        return last is not None and last["year"] == str((period or 0) + 1)
    if wanted == "last":
        return last is not None and _last_year(last, period)
    return _this_year(before, last, period)


def _last_year(last: re.Match[str], period: int | None) -> bool:
    """Whether a word of time means the whole year before the report's."""
    if last["other"]:
        return _BEFORE.fullmatch(last["other"]) is not None
    year = last["year"]
    if not year or period != int(year) + 1 or last["until"] or last["since"]:
        return False
    return last["rest"] not in _END and _whole_year(last["rest"])


def _this_year(before: str, last: re.Match[str] | None, period: int | None) -> bool:
    if last is None or last["this"]:
        return True
    if last["other"]:
        return False
    if last["months"]:
        return _whole_year(last["months"])
    ends = _UP_TO.search(before[: last.start()]) is not None and "12月" in last.group(0)
    if last["month"]:
        return ends
    if period is not None and int(last["year"]) != period:
        return False
    if last["until"]:
        months = _MONTHS.findall(last["rest"])
        return not months or months[-1] == "12"
    return ends or _whole_year(last["rest"])


def sums_up(before: str) -> bool:
    """Whether a sum told before a figure may be of more than the year: 截至年底累计."""
    lead = before[: before.rfind(SUMMED)].removesuffix("共")
    return "截至" in lead or "截止" in lead or not lead.endswith(_OF_YEAR)


def _whole_year(rest: str) -> bool:
    """`2023年`, `2023年1月至12月`, not `2023年1至6月` nor `2023年上半年`."""
    if "季度" in rest or "半年" in rest:
        return False
    months = [int(m) for m in _MONTHS.findall(rest)]
    return not months or (months[0] == 1 and months[-1] == 12)


@lru_cache(maxsize=16)
def masking(words: tuple[str, ...], last: bool) -> re.Pattern[str]:
    """What is taken out before a word of time is sought; where last year is meant, no years."""
    mine = [word for word in words if not (last and _YEAR in word)]
    escaped = (r"(?:19|20)\d\d年度?".join(map(re.escape, word.split(_YEAR))) for word in mine)
    return re.compile("|".join(escaped) or "(?!)")
