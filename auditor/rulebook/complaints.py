"""What PyYAML's parser complains of, in our words and at the place that an author must mend."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from auditor.errors import Said, SourceError

USE_COLON = Said("键的后面要用半角冒号加空格（: ），不是“：”", "use ': ' after a key, not '：'")
WIDE_COLON = re.compile(r"""\s*(?:-\s+)*[^\s"'#：:，。；,;{\[-][^"'#：:，。；,;{\[]{0,30}：""")
_TIGHT_COLON = re.compile(r"""\s*(?:-\s+)*[^\s"'#：:{\[-][^"'#：:{\[]{0,30}:(?=[^\s:/])""")
_NARROW = {"，": ",", "｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]"}
_WIDE_SIGN = re.compile("[，｛｝［］【】]")
_QUOTED = re.compile(r""" "[^"]*"|'[^']*' """.strip())
_FLOW_AND_MORE = re.compile(r"\s*(?:-\s+)*[^:]+:\s+(?:\{[^}]*\}|\[[^\]]*\])\s*$")
_UNCLOSED = Said("括号没有配对，或缺逗号", "a bracket is not closed, or a comma missing")
_INDENT = Said(
    "缩进不对：同一级的各行要左对齐，下一级要多缩进",
    "the indentation is wrong: align what belongs together, indent what is below",
)
_Place = tuple[int, int]  # line and column from 0


def syntax_error(text: str, error: yaml.MarkedYAMLError) -> SourceError:
    """PyYAML's complaint in our words, at the place where the author must do something."""
    mark = error.problem_mark or error.context_mark
    at = (mark.line, mark.column) if mark else (0, 0)
    start = error.context_mark
    begun = (start.line, start.column) if start else at
    lines = lines_of(text)
    said, place = _recognised(str(error.problem), str(error.context), at, begun, lines)
    return SourceError(said, place[0] + 1, place[1] + 1)


def _recognised(
    problem: str, context: str, at: _Place, begun: _Place, lines: Sequence[str]
) -> tuple[Said, _Place]:
    line = lines[at[0]] if at[0] < len(lines) else ""
    here = line[at[1] : at[1] + 1]
    if here == "\t" or "tab" in problem:
        return Said("缩进请用空格，不能用制表符", "indent with spaces, not with tabs"), at
    if "quoted scalar" in context and "escape" not in problem:
        return Said("引号没有配对", "this quotation mark is never closed"), begun
    if slip := _bracket_slip(problem, context, at, begun, lines):
        return slip
    if slip := _colon_slip(at, begun, lines):
        return slip
    if "mapping values" in problem and re.search(r":\s", line[: at[1]]):
        return Said("文字里有冒号，请加引号", "a text with a colon in it needs quotes"), at
    if "escape" not in problem and line[: at[1]].rstrip().endswith(('"', "'")):
        return Said(
            "引号后面还有文字：整段都要放进引号", "text after the closing quote: quote it all"
        ), at
    if here and here not in "]}" and _FLOW_AND_MORE.match(line[: at[1]]):
        said = Said(
            "以 { 或 [ 开头的文字，整段都要放进引号", "a text that begins with { or [ needs quotes"
        )
        return said, (at[0], _opening(line))
    if here and here in "]}":
        return Said("多了一个括号", "one bracket too many"), at
    if slip := _lead_slip(at, begun, lines):
        return slip
    for pattern, said in _COMPLAINTS:
        if pattern.search(f"{problem} {context}"):
            return said, at
    return Said("这里不合 YAML 的写法", f"this is not valid YAML: {problem}"), at


_LEADS = (
    (re.compile(r"[ \t]*\u3000"), Said(
        "缩进请用半角空格，不能用全角空格", "indent with plain spaces, not with wide ones")),
    (re.compile(r"\s*[－—–−](?=\s|\S)"), Said(
        "列表前面要用半角的“- ”，不是“－”", "begin an entry with '- ', not with another dash")),
    (re.compile(r"\s*-(?=[^\s\-0-9])"), Said(
        "“-”后面要有一个空格", "put a space after '-'")),
)  # fmt: skip


def _lead_slip(at: _Place, begun: _Place, lines: Sequence[str]) -> tuple[Said, _Place] | None:
    """A sign at the beginning of the line, or of the one before, that only looks right."""
    for number in dict.fromkeys((at[0], at[0] - 1, begun[0])):
        line = lines[number] if 0 <= number < len(lines) else ""
        for pattern, said in _LEADS:
            if pattern.match(line):
                return said, (number, len(line) - len(line.lstrip(" \t")))
    return None


_COMPLAINTS = (
    (
        re.compile("scanning an (?:anchor|alias)"),
        Said(
            "不能用锚点和引用（& *）；以这两个符号开头的文字请加引号",
            "anchors and aliases (& *) are not allowed; quote a text that begins so",
        ),
    ),
    (
        re.compile("cannot start any token"),
        Said("以这个符号开头的文字请加引号", "a text that begins with this sign needs quotes"),
    ),
    (
        re.compile("escape"),
        Said(
            "双引号里的反斜杠要写两个，或改用单引号",
            "in double quotes write the backslash twice, or use single quotes",
        ),
    ),
    (
        re.compile("sequence entries"),
        Said("列表要从下一行开始", "a list begins on the next line"),
    ),
    (
        re.compile("block scalar"),
        Said("| 和 > 之后的文字要从下一行开始", "after | or > the text begins on the next line"),
    ),
    (
        re.compile("mapping values|expected key|indicator|block end|document start|find expected"),
        _INDENT,
    ),
)


def _bracket_slip(
    problem: str, context: str, at: _Place, begun: _Place, lines: Sequence[str]
) -> tuple[Said, _Place] | None:
    """A full-width sign within brackets, a bracket that is never closed."""
    if slip := _wide_slip(at, begun, lines):
        return slip
    if "expected ',' or" in problem:
        return _UNCLOSED, begun
    if "flow" in context and not "".join(lines[at[0] :])[at[1] :].strip():
        return _UNCLOSED, _last_opening(lines)
    return None


def _last_opening(lines: Sequence[str]) -> _Place:
    """The last bracket that opens in a text."""
    places = ((n, max(line.rfind("{"), line.rfind("["))) for n, line in enumerate(lines))
    return max((place for place in places if place[1] >= 0), default=(0, 0))


def _opening(line: str) -> int:
    return min(place for sign in "{[" if (place := line.find(sign)) >= 0)


def _wide_slip(at: _Place, begun: _Place, lines: Sequence[str]) -> tuple[Said, _Place] | None:
    """A full-width sign between the entries of a list or mapping in brackets."""
    if begun[0] >= len(lines) or lines[begun[0]][begun[1] : begun[1] + 1] not in ("{", "["):
        return None
    for number in range(begun[0], min(at[0] + 1, len(lines))):
        bare = _QUOTED.sub(lambda quoted: "·" * len(quoted[0]), lines[number])
        if found := _WIDE_SIGN.search(bare, begun[1] if number == begun[0] else 0):
            narrow = _NARROW[found[0]]
            zh, en = f"括号里的“{found[0]}”要用半角的 {narrow}", f"write {narrow}, not {found[0]}"
            return Said(zh, en), (number, found.start())
    return None


def _colon_slip(at: _Place, begun: _Place, lines: Sequence[str]) -> tuple[Said, _Place] | None:
    """A colon that is full-width or has no space after it, at most two lines before the trouble."""
    near = range(max(0, min(at[0], begun[0]), at[0] - 2), at[0] + 1)
    for number in (*near, at[0] - 1):
        line = lines[number] if 0 <= number < len(lines) else ""
        if found := WIDE_COLON.match(line):
            return USE_COLON, (number, found.end() - 1)
        if found := _TIGHT_COLON.match(line):
            return Said("冒号后面要有空格", "a space is missing after the colon"), (
                number,
                found.end(),
            )
    return None


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors count them."""
    return re.split(r"\r\n|\r|\n", text)
