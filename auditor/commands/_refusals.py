"""What typer refuses on the command line, in the reader's language; typer itself has English."""

from __future__ import annotations

import re
from typing import Any

_WORDS = (
    (r"Missing \w+ '?([^.]+?)'?\.", "缺少 {0}"),
    (r"No such option: (\S+) \(Possible options: (.+)\)", "没有选项 {0}，相近：{1}"),
    (r"No such option: (\S+)", "没有选项 {0}"),
    (r"No such command '(.+?)'\. .*?'(.+)'.*", "没有命令 {0}，相近：{1}"),
    (r"No such command '(.+?)'\.", "没有命令 {0}"),
    (r"Invalid value for (.+?): (\S+) is not in the range (.+)\.", "{0} 的值 {1} 不在 {2} 之内"),
    (r"Invalid value for (.+?): '(.*)' is not a valid (?:int|float).*", "{0} 的值 {1} 不是数"),
    (r"Option '(.+?)' requires an argument\.", "选项 {0} 后面要写值"),
    (r"Got unexpected extra argument\S* \((.+)\)", "多了：{0}"),
)
_SAID = tuple((re.compile(pattern), words) for pattern, words in _WORDS)


def told(error: Any, lang: str) -> str | None:
    """The refusal with a hint to the help; None where typer's own words have to do."""
    if lang != "zh":
        return None
    message = str(error.format_message())
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "auditor"
    for pattern, words in _SAID:
        if found := pattern.fullmatch(message):
            said = words.format(*(group.replace("'", "") for group in found.groups()))
            return f"{said}{_meaning(error)}\n用法见 {command} --help"
    return None


def _meaning(error: Any) -> str:
    """What the parameter is, as the help has it in Chinese."""
    text = getattr(getattr(error, "param", None), "help", None)
    return f"（{text.partition(' · ')[0]}）" if text else ""
