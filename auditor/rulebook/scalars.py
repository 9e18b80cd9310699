"""Unquoted words of YAML to values: by own strict rules, and never to a float."""

from __future__ import annotations

import re
from decimal import Decimal

from auditor.errors import Said

_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,999})")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,999})\.[0-9]{0,999}[1-9]")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,999})(?:\.[0-9]{1,999})?(?:[eE][-+]?[0-9]{1,4})?")
_MAY_BE_NUMBER = frozenset("0123456789+-.")

# What other readers of YAML take for a truth value, a number of base 8, 16 or 60, a float.
_TRAP_WORDS = frozenset(("yes", "no", "on", "off", "true", "false", "null"))
_TRAPS = (
    (
        r"[-+]?[0-9]+\.[0-9]*0",
        "末尾的 0 会丢；若是数，请去掉这个 0",
        "its last zero would be lost; drop it in a number",
    ),
    (r"[-+]?0[0-9]+(\.[0-9]*)?", "开头的 0 会丢", "the zero at the start would be lost"),
    (r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?", "会被读成六十进制", "it is read as base 60"),
    (r"[-+]?[0-9.]+_[0-9_.]*", "下划线会丢", "the underscore would be lost"),
    (r"[-+]?0[xXoObB][0-9a-fA-F_]+", "会被读成别的进制", "it is read in another base"),
    (
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+",
        "会被读成浮点数",
        "it is read as a float",
    ),
    (r"[-+]?\.(inf|Inf|INF|nan|NaN|NAN)", "会被读成浮点数", "it is read as a float"),
)
_TRAP_PATTERNS = tuple((re.compile(pattern), zh, en) for pattern, zh, en in _TRAPS)

Scalar = str | int | Decimal | bool | None


def strict_scalar(text: str) -> Scalar | Said:
    """The value of an unquoted scalar, or a sentence on why it needs quotes."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _MAY_BE_NUMBER:
        if len(text) <= 5 and text.lower() in _TRAP_WORDS:
            return _quote(text, "会被读成真、假或空", "it is read as true, false or null")
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    for pattern, zh, en in _TRAP_PATTERNS:
        if pattern.fullmatch(text):
            return _quote(text, zh, en)
    return text


def _quote(text: str, zh: str, en: str) -> Said:
    return Said(f"{text} 请加引号：{zh}", f"put {text} in quotes: {en}")


def json_scalar(text: str) -> Scalar:
    """The value of an unquoted scalar of JSON: every number is one, and exact."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _MAY_BE_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _JSON_NUMBER.fullmatch(text) else text
