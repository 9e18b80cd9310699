"""An entry made complete: for which forms it is, its examples, and its place in a rule file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError, RulesError, Said, UsageError
from auditor.form import Form
from auditor.rulebook.author import Author
from auditor.rulebook.entry import read_entry
from auditor.rulebook.examples import check_examples
from auditor.rulebook.grounds import Ground as Citations
from auditor.rulebook.load import INDEX
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.source import load_yaml
from auditor.rulebook.words import FILE
from auditor.workbench.drafts import Entry, Pen
from auditor.workbench.ground import Ground
from auditor.workbench.trying import found_examples

_NAME = "new.yaml"
_SCHEMA = "rule.schema.json"


def composed(entry: Entry, rules: RuleSet, forms: Sequence[Form], pen: Pen) -> Entry:
    """The entry with its examples, limited to the forms that have its names.

    Raises RulesError for an entry that no form can use, UsageError where no example is found.
    """
    if any(rule.id == entry.id for rule in rules.rules):
        said = Said(f"编号 {entry.id} 已经用过", f"the id {entry.id} is taken")
        raise UsageError(said)
    mine = [form for form in forms if form.id in rules.forms]
    able = _able(_alone(entry, rules, pen), mine)
    if len(able) < len(mine):
        entry = replace(entry, forms=[form.id for form in able])
    newest = max(able, key=lambda form: form.first_year)
    entry = _with_examples(entry, rules, newest, pen)
    if _holds(entry, rules, able, pen):
        return entry
    return _with_examples(replace(entry, forms=[newest.id]), rules, newest, pen)


def _alone(entry: Entry, rules: RuleSet, pen: Pen) -> RuleSet:
    """A rule set of this entry only. Raises RulesError."""
    text = (entry if entry.examples else replace(entry, examples=_PLACEHOLDERS)).text(pen)
    author = Author(_NAME, text)
    rule = _rule(author, rules)
    if rule is None or author.mistakes:
        raise RulesError(tuple(author.mistakes))
    # What it extends was checked when it was read.
    return replace(rules, rules=(rule,), authors={_NAME: author}, trees={}, base=None)


_PLACEHOLDERS: Mapping[str, Sequence[Mapping[str, Any]]] = {"pass": ({},), "fail": ({},)}


def _rule(author: Author, rules: RuleSet) -> Rule | None:
    node = load_yaml(author.text)
    return read_entry(author, node[0], node.marks[0], Citations(rules.citations))


def _able(alone: RuleSet, forms: Sequence[Form]) -> list[Form]:
    """The forms on which every name is known. Raises the RulesError of the newest for none."""
    able, wrong = [], []
    for form in sorted(forms, key=lambda form: -form.first_year):
        try:
            prepare(alone, form, None, checking=True)
            able.append(form)
        except RulesError as error:
            wrong.append(error)
    if not able:
        raise wrong[0]
    return able


def _with_examples(entry: Entry, rules: RuleSet, form: Form, pen: Pen) -> Entry:
    """Examples found by trying. Raises UsageError for the kind that none was found of."""
    alone = _alone(entry, rules, pen)
    rule = alone.rules[0]
    passing, failing = found_examples(alone, rule, form, Ground(alone, rule, form, pen.words))
    for found, word in ((passing, "pass"), (failing, "fail")):
        if not found:
            told = pen.words("new.no_example", word=pen.words(f"example.{word}"))
            raise UsageError(Said(told, told))
    return replace(entry, examples={"pass": passing, "fail": failing})


def _holds(entry: Entry, rules: RuleSet, forms: Sequence[Form], pen: Pen) -> bool:
    """Whether the examples hold on all these forms."""
    try:
        check_examples(_alone(entry, rules, pen), forms)
    except RulesError:
        return False
    return True


# ---- its place ---------------------------------------------------------------------------------


def place_for(entry: Entry, rules: RuleSet, folder: Path) -> Path:
    """The file of its folder in which the last rule of the same family stands, else `own.yaml`."""
    family = entry.id.rstrip("0123456789abcdefghijklmnopqrstuvwxyz-")
    for rule in reversed(rules.rules):
        path = folder / Path(rule.file).name
        inside = Path(rule.file).parent.name == folder.resolve().name
        if rule.family == family and inside and path.is_file():
            return path
    return folder / "own.yaml"


def appended(text: str, path: Path) -> tuple[str, int]:
    """The text of the file with the entry at its end, and the line on which the entry begins."""
    before = path.read_text(encoding="utf-8") if path.is_file() else _header(path)
    before = before.rstrip("\n") + "\n"
    gap = "" if before.count("\n") == 1 and before.startswith("#") else "\n"
    return f"{before}{gap}{text}", (before + gap).count("\n") + 1


def _header(path: Path) -> str:
    """The line by which editors find the schema, where it lies in reach."""
    for up in range(1, 5):
        base = path.resolve().parents[up]
        if (base / "schemas" / _SCHEMA).is_file():
            return f"# yaml-language-server: $schema={'../' * up}schemas/{_SCHEMA}\n"
        if base == base.parent:
            break
    return f"# {path.stem}\n"


def added(entry_text: str, path: Path, check: Callable[[], object]) -> int:
    """Write the entry into a file and check the whole rule set; undone if anything is wrong.

    The line on which the entry begins. Raises what the check raises.
    """
    from auditor.outputs import write_file

    if path.name in (INDEX, FILE):
        said = Said(f"规则不能写进 {path.name}", f"rules do not belong into {path.name}")
        raise UsageError(said)
    before = path.read_bytes() if path.is_file() else None
    text, line = appended(entry_text, path)
    write_file(path, text.encode())
    try:
        check()
    except AuditorError:
        if before is None:
            path.unlink()
        else:
            write_file(path, before)
        raise
    return line
