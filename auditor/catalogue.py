"""Rules and forms as pages of plain text: what `rules list|show` and `forms list|show` print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.errors import Said, UsageError
from auditor.form import Form, TableForm
from auditor.model import Severity
from auditor.rulebook.author import near
from auditor.rulebook.rule import Example, Rule, RuleSet
from auditor.rulebook.verbs import verbs
from auditor.text import width, written

_SEVERITY = {
    Severity.NOTE: Said("提示", "note"),
    Severity.MINOR: Said("一般", "minor"),
    Severity.MAJOR: Said("严重", "major"),
    Severity.FATAL: Said("致命", "fatal"),
}
_EXPECTS = {
    "pass": Said("合格", "passes"),
    "fail": Said("不合格", "fails"),
    "review": Said("待核", "review"),
    "open": Said("未读", "open"),
    "skip": Said("不适用", "not applicable"),
}


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows with their columns aligned; a Chinese character takes two cells."""
    if not rows:
        return ""
    widths = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        padded = [text + " " * (w - width(text)) for text, w in zip(row, widths, strict=True)]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _severity(rule: Rule, lang: str) -> str:
    word = _SEVERITY[rule.severity].inside(lang)
    review = Said("·复核", " (review)").inside(lang)
    return word + review if rule.review else word


def rule_table(rules: RuleSet, lang: str) -> str:
    """One line a rule, and the rule set at the top."""
    head = f"{rules.id} {rules.version} · {rules.title.inside(lang)} · {rules.digest[:12]}"
    rows = [
        (rule.id, _severity(rule, lang), _forms(rule, rules), rule.title.inside(lang))
        for rule in rules.rules
    ]
    return f"{head}\n\n{columns(rows)}"


def _forms(rule: Rule, rules: RuleSet) -> str:
    return ",".join(rule.forms) if rule.forms and rule.forms != rules.forms else "*"


def rule_page(rules: RuleSet, name: str, lang: str) -> str:
    """All of one rule. Raises UsageError for an unknown id."""
    rule = next((r for r in rules.rules if r.id == name), None)
    if rule is None:
        like = ", ".join(near(name, [r.id for r in rules.rules]))
        zh, en = (f"，相近：{like}", f"; did you mean: {like}") if like else ("", "")
        raise UsageError(Said(f"没有规则 '{name}'{zh}", f"no rule '{name}'{en}"))
    verb = verbs()[rule.verb]
    rows = [
        (Said("编号", "id"), rule.id),
        (Said("级别", "severity"), _severity(rule, lang)),
        (Said("表式", "forms"), _forms(rule, rules)),
        (Said("适用", "when"), rule.when),
        (Said("表", "table"), rule.table),
        (Said("逐", "for each"), rule.for_each),
        (Said(verb.ALIAS, verb.NAME), _body(rule.body)),
        (Said("说明", "message"), rule.message.inside(lang) if rule.message else ""),
        (Said("整改", "fix"), rule.fix.inside(lang) if rule.fix else ""),
        *((Said("依据", "basis"), b.text.inside(lang)) for b in rule.basis),
        *((Said("例外", "except"), _lawful(e.when, e.say, lang)) for e in rule.exceptions),
        *((_EXPECTS[e.expects], _example(e)) for e in rule.examples),
        (Said("出处", "origin"), rule.origin),
    ]
    lines = [(word.inside(lang), text) for word, text in rows if text]
    return f"{rule.title.inside(lang)}\n\n{columns(lines)}"


def _lawful(when: str, say: Said, lang: str) -> str:
    return f"{when}: {say.inside(lang)}" if when else say.inside(lang)


def _body(body: object) -> str:
    if isinstance(body, dict):
        return "; ".join(f"{key}: {_body(value)}" for key, value in body.items())
    if isinstance(body, list):
        return ", ".join(_body(item) for item in body)
    return written(body)


def _example(example: Example) -> str:
    return _body(dict(example.edits)) or "{}"


def form_table(forms: Iterable[Form], lang: str) -> str:
    """One line a form: id, years, cells, title."""
    rows = []
    for form in forms:
        years = f"{form.first_year}–{form.last_year or ''}"
        cells = str(len(form.required_fields)) if form.refuse is None else "–"
        rows.append((form.id, years, cells, form.title.inside(lang)))
    return columns(rows)


def form_page(forms: Sequence[Form], name: str, lang: str) -> str:
    """Sections, tables and the names that rules may use. Raises UsageError for an unknown id."""
    form = next((f for f in forms if f.id == name), None)
    if form is None:
        known = ", ".join(f.id for f in forms)
        raise UsageError(Said(f"没有表式 '{name}'，有：{known}", f"no form '{name}': {known}"))
    parts = [form.title.inside(lang)]
    sections = [
        (f"{s.ordinal}、{s.heading.text}", s.name, s.key, _number(form, s.key))
        for s in form.sections
    ]
    parts.append(columns(sections))
    parts += [_table_page(form, table) for table in form.tables]
    return "\n\n".join(parts)


def _number(form: Form, key: str) -> str:
    return next((t.number for t in form.tables if t.key == key), "")


def _table_page(form: Form, table: TableForm) -> str:
    rows = []
    for row in table.rows:
        cells = " ".join(form.labels[f.path].rpartition(" · ")[2] for f in row.fields)
        rows.append((row.name, row.path, cells))
    return f"{table.number} {table.heading.text}\n{columns(rows)}"
