"""Report data as JSON or YAML → Document with `data`. Exact numbers, no doubtful keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from auditor.errors import DocumentError, Said
from auditor.model import Document
from auditor.own import is_dump, own_output
from auditor.readers._characters import Scrubber, decode, suspect
from auditor.readers._positions import json_places, marked_places, place
from auditor.readers.limits import Limits, LoadYaml, Options, broken, shown, too_large

SUFFIXES = (".json", ".yaml", ".yml")

_DIGITS = 30
_MESSAGES = {
    "Expecting value": ("此处应为一个值", "expected a value"),
    "Expecting property name enclosed in double quotes": (
        "此处应为双引号中的键", "expected a key in double quotes",
    ),
    "Expecting ':' delimiter": ("此处应为冒号", "expected ':'"),
    "Expecting ',' delimiter": ("此处应为逗号", "expected ','"),
    "Unterminated string starting at": ("引号没有结束", "a string without an end"),
    "Invalid control character at": (
        "文字中有换行等控制字符", "a line end or other control character in a string",
    ),
    "Extra data": ("值之后还有多余内容", "something follows after the value"),
    "Illegal trailing comma before end of object": ("多余的逗号", "a superfluous ','"),
    "Illegal trailing comma before end of array": ("多余的逗号", "a superfluous ','"),
}  # fmt: skip


class _Refused(Exception):  # noqa: N818 - a signal, always turned into a DocumentError
    """What a hook of the parser found; the place is looked up afterwards."""


def read(data: bytes, name: str, options: Options) -> Document:
    """The report's data; an audit of ours with exactly one report stands for that report.

    Raises DocumentError: `broken`, `duplicate-key`, `not-a-number`, `too-large`, `unsupported`.
    """
    decoded = decode(data)
    is_yaml = PurePath(name).suffix.lower() in (".yaml", ".yml")
    scrub = Scrubber()
    limits, text = options.limits, decoded.text
    content = _yaml(text, options.load_yaml) if is_yaml else _json(text, limits)
    _check(content, limits)
    places = dict(marked_places(content)) if is_yaml else json_places(text)
    if is_yaml or suspect(text) or "\\" in text:
        content = _clean(content, scrub)
    if _is_own(content):
        raise own_output()
    if not isinstance(content, dict):
        raise broken("最外层应为一个对象 {…}", "the outermost value must be an object {…}")
    seen = (*decoded.observed(name), *scrub.observed(name))
    report, lead = _report(content)
    return Document(
        name,
        "yaml" if is_yaml else "json",
        data=report,
        observations=seen,
        places={p[len(lead) :]: at for p, at in places.items() if p.startswith(lead)},
    )


def _json(text: str, limits: Limits) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as wrong:
        zh, en = _MESSAGES.get(wrong.msg, ("写法有误", wrong.msg))
        at = f"{wrong.lineno}:{wrong.colno}"
        raise broken(f"第 {at} 处（行:列）{zh}", f"line:column {at}: {en}") from None
    except _Refused as wrong:
        kind = str(wrong)
        raise _refusal(kind, *place(text, kind, _DIGITS)) from None
    except RecursionError:
        raise _too_deep(limits.depth) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused("duplicate-key")
    return found


def _integer(text: str) -> int:
    if len(text) > _DIGITS and len(text.lstrip("-")) > _DIGITS:
        raise _Refused("too-large")
    return int(text)


def _fraction(text: str) -> Decimal:
    number = Decimal(text) if len(text) <= 2 * _DIGITS else Decimal(f"1e{2 * _DIGITS}")
    if not _moderate(number):
        raise _Refused("too-large")
    return number


def _moderate(number: Decimal) -> bool:
    """An exponent of millions would be written out one day."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_DIGITS and number.adjusted() < _DIGITS


def _constant(_: str) -> object:
    raise _Refused("not-a-number")


def _refusal(kind: str, token: str, line: int, column: int) -> DocumentError:
    """The error of a hook, now that its place is known."""
    token = shown(token)
    if kind == "duplicate-key":
        zh, en = f"键“{token}”重复", f"the key “{token}” is there twice"
    elif kind == "not-a-number":
        zh, en = f"{token} 不是数", f"{token} is no number"
    else:
        zh, en = f"数字超过 {_DIGITS} 位", f"a number of more than {_DIGITS} digits"
    return DocumentError(
        kind,
        Said(f"第 {line}:{column} 处（行:列）{zh}。", f"line:column {line}:{column}: {en}"),
    )


def _yaml(text: str, load_yaml: LoadYaml | None) -> object:
    """The caller's loader; its mistakes carry `said`, `line` and `column`."""
    if load_yaml is None:
        raise DocumentError(
            "unsupported",
            Said("此处不能读取 YAML，请改用 JSON。", "YAML cannot be read here; use JSON"),
        )
    try:
        return load_yaml(text)
    except ValueError as wrong:
        said = getattr(wrong, "said", Said(str(wrong), str(wrong)))
        at = f"{getattr(wrong, 'line', 1)}:{getattr(wrong, 'column', 1)}"
        raise broken(f"第 {at} 处（行:列）{said.zh}", f"line:column {at}: {said.en}") from None


def _check(content: object, limits: Limits) -> None:
    """Depth and number of containers, level by level."""
    level, depth, count = [content], 0, 0
    while level := [value for value in level if isinstance(value, dict | list)]:
        depth += 1
        count += len(level)
        if depth > limits.depth:
            raise _too_deep(limits.depth)
        if count > limits.nodes:
            raise too_large("数据节点数", "values", f"> {limits.nodes:,}", limits.nodes)
        level = [
            inner for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
        ]  # fmt: skip


def _too_deep(most: int) -> DocumentError:
    return too_large("嵌套层数", "nested levels", f"> {most}", most)


def _clean(value: object, scrub: Scrubber) -> Any:
    """Clean texts and exact numbers all the way down; the depth is checked before."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return _clean_object(value, scrub)
    if isinstance(value, list):
        return [_clean(item, scrub) for item in value]
    if isinstance(value, float | Decimal):
        return _exact(Decimal(str(value)))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**_DIGITS else _exact(Decimal("1e99"))
    kind = type(value).__name__
    raise broken(f"不允许的值类型 {kind}", f"a value of type {kind} is not allowed")


def _clean_object(value: Mapping[object, object], scrub: Scrubber) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, inner in value.items():
        if not isinstance(key, str):
            raise broken(f"键 {shown(key)} 不是文字", f"the key {shown(key)} is not a text")
        clean = scrub(key)
        if clean in found:
            word = shown(clean)
            said = Said(f"键“{word}”重复。", f"the key “{word}” is there twice")
            raise DocumentError("duplicate-key", said)
        found[clean] = _clean(inner, scrub)
    return found


def _exact(number: Decimal) -> Decimal:
    if not number.is_finite():
        said = Said(f"{number} 不是数。", f"{number} is no number")
        raise DocumentError("not-a-number", said)
    if not _moderate(number):
        raise too_large("数字位数", "digits of a number", f"> {_DIGITS}", _DIGITS)
    return number


def _is_own(content: Any) -> bool:
    """A baseline, several audits, or findings for GitLab; one audit may be audited again."""
    if isinstance(content, dict):
        schema, audits = str(content.get("schema", "")), content.get("audits")
        several = isinstance(audits, list) and len(audits) != 1
        own = schema.startswith("baseline/") or (schema.startswith("audit/") and several)
        return own or is_dump(frozenset(content))
    first = content[0] if isinstance(content, list) and content else None
    return isinstance(first, dict) and {"check_name", "fingerprint", "severity"} <= first.keys()


def _report(content: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The data of the one report in an audit of ours; anything else is the data itself.

    With the path at which the data stands, ending in a dot.
    """
    audits = content.get("audits")
    if not isinstance(audits, list):
        return content, ""
    if len(audits) != 1:
        raise broken(
            f"其中有 {len(audits)} 份审核结果，只能读取一份",
            f"it holds {len(audits)} audits; give a file with exactly one",
        )
    report = audits[0].get("report") if isinstance(audits[0], dict) else None
    data = report.get("data", report) if isinstance(report, dict) else None
    if not isinstance(data, dict):
        raise broken("审核结果中没有数据", "the audit holds no data")
    return data, "audits[0].report." + ("data." if "data" in (report or {}) else "")
