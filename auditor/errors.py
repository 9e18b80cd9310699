"""What can go wrong, as data. Each error carries a sentence in both languages."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence for people, in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"

    def inside(self, lang: str) -> str:
        """The sentence in one language; `zh` unless `lang` is `en`."""
        return self.en if lang == "en" else self.zh


_SYSTEM = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.ENAMETOOLONG: "名称太长",
    errno.EBUSY: "正被别的程序占用",
    errno.EIO: "磁盘读写出错",
}


def why(error: OSError) -> Said:
    """What the system says of a file, in both languages."""
    told = error.strerror or str(error)
    return Said(_SYSTEM.get(error.errno or 0, told), told)


class AuditorError(Exception):
    """Anything that the user can mend; never a fault of ours."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


class DocumentError(AuditorError):
    """A document that cannot be read at all: broken, hostile, unsupported.

    `kind` is a stable English word for machines: `broken`, `empty`, `too-large`, `unsupported`,
    `encrypted`, `missing`, `duplicate-key`, `not-a-number`.
    """

    def __init__(self, kind: str, said: Said) -> None:
        super().__init__(said)
        self.kind = kind


class UsageError(AuditorError):
    """The command line or the configuration is wrong (exit status 2)."""


class ExpressionError(ValueError):
    """A mistake inside one expression; `start` and `end` are character offsets in it.

    Suggestions that take a search may be given as a function: many errors are never shown.
    """

    def __init__(
        self,
        said: Said,
        start: int,
        end: int,
        suggestions: tuple[str, ...] | Callable[[], tuple[str, ...]] = (),
    ) -> None:
        super().__init__(said)
        self.said = said
        self.start = start
        self.end = end
        self._suggestions = suggestions

    @property
    def suggestions(self) -> tuple[str, ...]:
        """What may have been meant, best first."""
        given = self._suggestions
        return given if isinstance(given, tuple) else given()


class SourceError(ValueError):
    """A mistake in a YAML or JSON file written by a person; line and column count from 1."""

    def __init__(
        self,
        said: Said,
        line: int,
        column: int,
        length: int = 1,
        suggestions: tuple[str, ...] = (),
    ) -> None:
        super().__init__(str(said))
        self.said = said
        self.line = line
        self.column = column
        self.length = length
        self.suggestions = suggestions


@dataclass(frozen=True, slots=True)
class Mistake:
    """One author's mistake with its place, ready to be shown in the author's own file.

    What is wrong stands at `length` characters from `line` and `column` on; the first of the
    `suggestions` may stand there instead. `mend` says what to do where no word does.
    """

    file: str
    line: int
    column: int
    said: Said
    excerpt: str = ""
    suggestions: tuple[str, ...] = ()
    length: int = 1
    mend: Said | None = None

    def shown(self, lang: str = "zh") -> str:
        """The message with place, excerpt, caret and suggestion, as the terminal prints it."""
        head = f"{self.file}:{self.line}: {self.said.inside(lang)}"
        lines = [head, *("    " + part for part in self.excerpt.splitlines())]
        if self.suggestions:
            lead = "did you mean: " if lang == "en" else "相近："
            lines.append(f"    {lead}{', '.join(self.suggestions)}")
        if self.mend is not None:
            lead = "mend: " if lang == "en" else "改法："
            lines.append(f"    {lead}{self.mend.inside(lang)}")
        return "\n".join(lines)


class RulesError(AuditorError):
    """One or more mistakes in rule or schema files, found before any document was opened."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        first = mistakes[0].said if mistakes else Said("规则有误", "the rules are wrong")
        super().__init__(first)

    def shown(self, lang: str = "zh") -> str:
        """All mistakes, one block each."""
        return "\n\n".join(mistake.shown(lang) for mistake in self.mistakes)
