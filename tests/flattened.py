"""Reports of invented bodies whose tables have lost their grid, made from the form itself.

`figures` draws a consistent set of numbers; each layout prints them as real files do after a
word processor, a PDF extraction or a crawler took the grid away.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal

from auditor.form import Form, PrintedRow, TableForm
from auditor.model import Identity, Location, Text

Figures = dict[str, int | Decimal]
RESULTS_NOT = ("new", "carried_in", "total", "carried_out")

PREFACE = """示例市示例局政府信息公开工作年度报告
一、总体情况
2031年，我局主动公开政府信息2645条，其中行政许可类信息40条，行政处罚类信息12条，行政强制类信息3条。
全年收到政府信息公开申请81件，予以公开12件，部分公开3件，不予公开5件，其他处理2件（含上年结转4件）。
现行有效行政规范性文件393件，行政事业性收费24.5万元；联系电话：0000-23165370，邮编：000400。
"""
EPILOGUE = """五、存在的主要问题及改进情况
一是部分栏目更新不够及时。2032年将组织培训3次。
六、其他需要报告的事项
无
"""


def identities(form: Form) -> tuple[Identity, ...]:
    """The equalities of the rules, built from the form: row sums, column sums, balance."""
    table = form.table("applications")
    keys = table.column_keys()
    rows = [row.path for row in table.rows]
    leaves = [
        row.path
        for row in table.rows
        if not row.undivided and row.path.split(".")[1] not in RESULTS_NOT
    ]
    found = [_sum("A03", row, [f"{row}.{k}" for k in keys]) for row in rows]
    for key in keys:
        parts = [f"{row}.{key}" for row in leaves]
        found.append(_sum("A02", key, [*parts, f"applications.total.{key}"]))
        sides = zip(RESULTS_NOT, (1, 1, -1, -1), strict=True)
        terms = tuple((f"applications.{row}.{key}", sign) for row, sign in sides)
        found.append(Identity("A01", key, terms))
    disputes = form.table("disputes").rows
    return (*found, *(_sum("A04", r.path, [f.path for f in r.fields]) for r in disputes))


def _sum(rule: str, where: str, paths: list[str]) -> Identity:
    return Identity(rule, where, ((paths[-1], 1), *((path, -1) for path in paths[:-1])))


def figures(form: Form, rng: random.Random, *, busy: float = 0.15, most: int = 60) -> Figures:
    """Numbers for which every identity holds; most of them zero, as in reality."""
    values: Figures = {}
    for field in form.table("disclosure").fields():
        values[field.path] = _cell(field.kind, rng, most)
    _applications(form, rng, busy, most, values)
    for row in form.table("disputes").rows:
        paths = [f.path for f in row.fields]
        for path in paths[:-1]:
            values[path] = _count(rng, 0.3, most)
        values[paths[-1]] = sum(int(values[path]) for path in paths[:-1])
    return values


def _cell(kind: str, rng: random.Random, most: int) -> int | Decimal:
    if kind == "amount":
        return rng.choice([Decimal(0), Decimal(rng.randint(1, 10**7)).scaleb(-2)])
    if kind == "change":
        return rng.randint(-most, most)
    return _count(rng, 0.5, most * 20)


def _count(rng: random.Random, busy: float, most: int) -> int:
    return int(rng.random() ** 3 * most) + 1 if rng.random() < busy else 0


def _applications(form: Form, rng: random.Random, busy: float, most: int, values: Figures) -> None:
    table = form.table("applications")
    keys = table.column_keys()
    leaves = [
        row.path
        for row in table.rows
        if not row.undivided and row.path.split(".")[1] not in RESULTS_NOT
    ]
    for place, key in enumerate(keys[:-1]):
        share = busy * 2 if place == 0 else busy / 2
        for row in leaves:
            values[f"{row}.{key}"] = _count(rng, share, most if place == 0 else most // 6)
        total = sum(int(values[f"{row}.{key}"]) for row in leaves)
        out, carried = _count(rng, share, 9), _count(rng, share, 9)
        carried = min(carried, total + out)
        numbers = (total + out - carried, carried, total, out)
        for row, number in zip(RESULTS_NOT, numbers, strict=True):
            values[f"applications.{row}.{key}"] = number
    for row in [*leaves, *(f"applications.{r}" for r in RESULTS_NOT)]:
        values[f"{row}.{keys[-1]}"] = sum(int(values[f"{row}.{k}"]) for k in keys[:-1])


# --- what a form prints ----------------------------------------------------------------------


def rows(table: TableForm) -> Iterator[PrintedRow]:
    """The printed rows without those that merge a group."""
    return (row for row in table.printed() if not row.optional)


def heading(table: TableForm) -> str:
    """The heading with its ordinal."""
    return f"{table.ordinal}、{table.heading.text}"


def header(table: TableForm) -> list[str]:
    """The head words of a table in printed order, without the captions of single rows."""
    first = next(rows(table))
    columns = list(dict.fromkeys(f.labels[-1].text for f in first.slots))
    if table.across:
        groups = [row.labels[-1].text for row in table.rows]
        return [groups[0], *(h.text for h in table.heads), *groups[1:], *columns * 3]
    if any(len(row.slots) != len(first.slots) for row in rows(table)):
        return []
    heads = [
        h.text for h in table.heads if h.text not in {u.text for r in rows(table) for u in r.under}
    ]
    return [*heads, columns[-1], *columns[:-1]]


def captions(table: TableForm, row: PrintedRow, before: PrintedRow | None) -> list[str]:
    """Labels that are printed before a row but are not its own: captions, column titles."""
    found: list[str] = []
    under = [u.text for u in row.under]
    if before is None or [u.text for u in before.under] != under:
        found += under
        if not header(table):
            found += [table.heads[-1].text, *(f.labels[-1].text for f in row.slots)]
    outer = [label.text for label in row.labels[:-1]]
    if before is None or [label.text for label in before.labels[:-1]] != outer:
        found += outer
    return found


def walk(table: TableForm) -> Iterator[tuple[list[str], str, PrintedRow]]:
    """Each row with the captions before it and its own label."""
    before = None
    for row in rows(table):
        yield captions(table, row, before), row.labels[-1].text if row.labels else "", row
        before = row


def shown(values: Figures, row: PrintedRow) -> list[str]:
    """The row's numbers as printed."""
    return [
        format(values[f.path], "f") if isinstance(values[f.path], Decimal) else str(values[f.path])
        for f in row.slots
    ]


# --- layouts ---------------------------------------------------------------------------------

Layout = Callable[[Form, Figures, random.Random], str]


def one_cell_a_line(form: Form, values: Figures, rng: random.Random) -> str:
    """A word processor's text: a cell a line, indented or not, labels wrapped, heads repeated."""
    indent = rng.choice(["", "\t", "\t\t", "\u3000", "\t\u3000 ", " \u00a0"])
    out = PREFACE.splitlines()
    for table in form.tables:
        out += [heading(table), *header(table)]
        for count, (before, label, row) in enumerate(walk(table)):
            if len(list(rows(table))) > 9 and count in (9, 17) and rng.random() < 0.5:
                out += [*header(table), *[u.text for u in row.under][:1]]
            for text in [*before, label]:
                out += _wrapped(text, rng) if rng.random() < 0.4 else [text] * bool(text)
            out += [indent + number for number in shown(values, row)]
            out += [""] * (rng.random() < 0.2)
    return "\n".join([*out, *EPILOGUE.splitlines()])


def _wrapped(text: str, rng: random.Random) -> list[str]:
    if len(text) < 6:
        return [text] * bool(text)
    cut = rng.randint(3, len(text) - 2)
    return [text[:cut], text[cut:]]


def spaced(form: Form, values: Figures, rng: random.Random) -> str:
    """A PDF's text: label and numbers on one line, labels wrapped before or around them."""
    gap = rng.choice([" ", "  ", "\u3000", "\t"])
    out = PREFACE.splitlines()
    for table in form.tables:
        out += [heading(table), gap.join(header(table))]
        for count, (before, label, row) in enumerate(walk(table)):
            numbers = gap.join(shown(values, row))
            if count == 11 and rng.random() < 0.5:
                out.append(f"— {rng.randint(2, 9)} —")
            if before:
                out.append("".join(before))
            if len(label) > 14 and rng.random() < 0.5:
                out += [label[:13], label[13:] + gap + numbers]
            else:
                out.append(label + gap + numbers if label else numbers)
    return "\n".join([*out, *EPILOGUE.splitlines()])


def pipes(form: Form, values: Figures, rng: random.Random) -> str:
    """A converter's Markdown: rows between bars, tables cut by captions and rules."""
    width = rng.choice([0, 0, 1, 2])
    out = PREFACE.replace("一、", "## 一、").splitlines()
    for table in form.tables:
        out += ["", f"## {heading(table)}"]
        if header(table):
            out += [_bars(header(table), 0), _rule(len(header(table)))]
        for before, label, row in walk(table):
            cells = shown(values, row)
            style = rng.random()
            if style < 0.15 and label:
                out += [*before, label, _bars(cells, width), _rule(len(cells) + width)]
                continue
            if style < 0.3:
                out += [*before, _rule(len(cells) + 1)]
            captions_left = [] if style < 0.3 else before
            group = captions_left[-1:] if row.labels[1:] else []
            out += [b for b in captions_left if b not in group]
            out.append(_bars([*group, *([label] if label else []), *cells], width))
            out += [""] * (rng.random() < 0.1)
    return "\n".join([*out, *EPILOGUE.splitlines()])


def _bars(cells: list[str], more: int) -> str:
    return "| " + " | ".join(cells) + " |" + "  |" * more


def _rule(count: int) -> str:
    return "|" + "---|" * count


def barred(form: Form, values: Figures, rng: random.Random) -> str:
    """A converter that ends every cell with a bar of its own."""
    out = PREFACE.splitlines()
    for table in form.tables:
        out += [heading(table), *(text + "|" for text in header(table))]
        for before, label, row in walk(table):
            out += [f"{text}|" for text in [*before, label] if text]
            out += [
                f"{number} |" if rng.random() < 0.5 else f"{number}\n|"
                for number in shown(values, row)
            ]
    return "\n".join([*out, *EPILOGUE.splitlines()])


def glued(form: Form, values: Figures, rng: random.Random) -> str:
    """A crawler's text: all on one line, nothing between the cells but stray blanks."""
    stray = rng.choice([0.0, 0.0, 0.1, 0.4])
    out = [PREFACE.replace("\n", "")]
    for table in form.tables:
        out += [heading(table), *header(table)]
        for before, label, row in walk(table):
            out += [*before, label]
            for number in shown(values, row):
                out.append((" " if rng.random() < stray else "") + number)
            out.append(" " * (rng.random() < 0.3))
    head = f"标题: 示例市2031年度报告\n发布时间: 2032-02-20 15:07\n{'=' * 20} 正文 {'=' * 20}\n"
    return head + "".join(out) + EPILOGUE.replace("\n", "")


LAYOUTS: dict[str, Layout] = {
    "one-cell-a-line": one_cell_a_line,
    "spaced": spaced,
    "pipes": pipes,
    "barred": barred,
}


def lines(text: str) -> tuple[Text, ...]:
    """The text as a reader delivers it."""
    return tuple(
        Text(line, Location(source="x.txt", line=number))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    )
