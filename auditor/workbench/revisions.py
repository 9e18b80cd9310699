"""A rule set by its folder, or by a revision of the git repository that one works in."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from auditor.errors import Said, UsageError
from auditor.form import Form
from auditor.resources import folder as shipped
from auditor.rulebook.load import find_ruleset, load_rules
from auditor.rulebook.prepare import check_all
from auditor.rulebook.rule import RuleSet

_MOST_BYTES = 50_000_000
_SECONDS = 60


@dataclass(frozen=True)
class Edition:
    """A rule set as it was at some time; `name` is how the user named it."""

    name: str
    rules: RuleSet

    @property
    def told(self) -> str:
        """Name, version and what tells its bytes from all others."""
        return f"{self.name} · {self.rules.id} {self.rules.version} · {self.rules.digest[:12]}"


def edition(name: str, forms: tuple[Form, ...], rules: Path | None = None) -> Edition:
    """The rule set of a folder, or of a git revision (`v1.2`, `HEAD~1`, `main:rules/local`).

    `rules` is the folder of the rules in the repository, `rules` by default. Names, kinds and
    expressions are checked, examples are not. Raises UsageError, RulesError.
    """
    with _folder(name, rules) as found:
        ruleset = load_rules(find_ruleset(found))
        check_all(ruleset, forms)
    return Edition(name, ruleset)


@contextmanager
def _folder(name: str, rules: Path | None) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        yield path
        return
    revision, _, below = name.partition(":")
    with tempfile.TemporaryDirectory(prefix="auditor-") as target:
        yield _unpacked(revision, below or (rules or _default()).as_posix(), Path(target))


def _default() -> Path:
    """The rules of the checkout that one works in."""
    return Path("rules") if Path("rules").is_dir() else shipped("rules")


def _unpacked(revision: str, below: str, target: Path) -> Path:
    """The folder as it is in a revision. Raises UsageError."""
    top = Path(_git(Path.cwd(), "rev-parse", "--show-toplevel", what=revision).decode().strip())
    commit = _git(
        top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}",
        what=revision,
    ).decode().strip()  # fmt: skip
    inside = _inside(top, below)
    packed = _git(top, "archive", "--format=tar", commit, "--", inside, what=f"{revision}:{inside}")
    if len(packed) > _MOST_BYTES:
        raise UsageError(Said(f"{revision} 里的规则太大", f"the rules of {revision} are too large"))
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")
    return target / inside


def _inside(top: Path, below: str) -> str:
    """The folder as git names it: from the top of the repository."""
    from_here = (Path.cwd() / below).resolve()
    if from_here.is_relative_to(top) and from_here != top:
        return from_here.relative_to(top).as_posix()
    return below


def _git(where: Path, *arguments: str, what: str) -> bytes:
    said = Said(
        f"没有规则文件夹 '{what}'，也没有这个 git 版本",
        f"'{what}' is neither a folder of rules nor a git revision",
    )
    try:
        done = subprocess.run(  # noqa: S603 - no shell; revisions are checked by rev-parse first
            ["git", *arguments],  # noqa: S607 - the git that the user works with
            cwd=where,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(said) from error
    if done.returncode != 0:
        raise UsageError(said)
    return done.stdout
