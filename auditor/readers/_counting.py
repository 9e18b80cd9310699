"""Automatic numbers as they would be printed: 3 → 三, III, c, ③."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 32_767


def printed(style: str, number: int) -> str:
    """A number in a numbering style of word processors; unknown styles print plain digits."""
    if not 0 <= number <= _MOST:
        return str(number)
    return _STYLES.get(style, str)(number)


def counting(number: int) -> str:
    """三 · 十二 · 二十 · 一百零五."""
    return _counted(number, "零" + _DIGITS[1:], "十百千", drop_one=True)


def _legal(number: int) -> str:
    return _counted(number, _LEGAL, "拾佰仟", drop_one=False)


def _counted(number: int, digits: str, units: str, *, drop_one: bool) -> str:
    high, low = divmod(number, 10_000)
    text = _thousands(low, digits, units)
    if high:
        gap = digits[0] if low and low < 1000 else ""
        text = _thousands(high, digits, units) + "万" + gap + (text if low else "")
    if drop_one and 10 <= number < 20:
        return text[1:]
    return text or digits[0]


def _thousands(number: int, digits: str, units: str) -> str:
    """Digits with their units; a run of zeros inside is one 零."""
    text, gap = "", False
    figures = str(number)
    for place, figure in zip(range(len(figures) - 1, -1, -1), figures, strict=True):
        if figure == "0":
            gap = bool(text)
            continue
        text += (digits[0] if gap else "") + digits[int(figure)]
        text += units[place - 1] if place else ""
        gap = False
    return text


def _digital(number: int) -> str:
    return "".join(_DIGITS[int(c)] for c in str(number))


def _full_width(number: int) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in str(number))


def _letters(number: int) -> str:
    """a … z, then aa, bb: as word processors continue."""
    if number == 0:
        return ""
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (times + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        text += sign * times
    return text


def _from(first: int, most: int) -> Callable[[int], str]:
    """Signs that stand in a row in Unicode; beyond the last one plain digits."""
    return lambda number: chr(first + number - 1) if 1 <= number <= most else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number else ""


_STYLES: dict[str, Callable[[int], str]] = {
    "decimalZero": "{:02d}".format,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "chineseCounting": counting,
    "chineseCountingThousand": counting,
    "japaneseCounting": counting,
    "taiwaneseCounting": counting,
    "taiwaneseCountingThousand": counting,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "taiwaneseDigital": _digital,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": _from(0x2460, 20),
    "decimalEnclosedCircleChinese": _from(0x2460, 20),
    "decimalEnclosedParen": _from(0x2474, 20),
    "decimalEnclosedFullstop": _from(0x2488, 20),
    "ideographEnclosedCircle": _from(0x3280, 10),
    "none": lambda _: "",
    "bullet": lambda _: "",
}
