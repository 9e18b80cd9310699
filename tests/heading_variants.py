"""Headings as people write, mark up and number them: the same six sections in every dress.

`VARIANTS` gives (suffix, file) of a sample by name; `NOTED` says which of them differ from the
form in truth, and how.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.page_variants import table

sys.path.insert(0, str(Path(__file__).parent / "samples"))

import as_docx
from grids import placed, tables
from sample import SECTIONS, Sample

CHINESE = "一二三四五六"
LONG = (
    "总体情况", "行政机关主动公开政府信息情况", "行政机关收到和处理政府信息公开申请情况",
    "因政府信息公开工作被申请行政复议、提起行政诉讼情况", "政府信息公开工作存在的主要问题及改进情况",
    "其他需要报告的事项",
)  # fmt: skip

Write = Callable[[int, str], str]


def _by(pattern: str, numbers: str | tuple[str, ...] = CHINESE) -> Write:
    return lambda i, words: pattern.format(n=numbers[i], w=words)


WRITTEN: dict[str, Write] = {
    "usual": _by("{n}、{w}"),
    **{f"then {sign!r}": _by(f"{{n}}{sign}{{w}}") for sign in
       (" 、 ", ".", "．", ",", "，", "：", " ", "　", "丶", "·", "-", "—", "")},
    **{f"as {form}": _by(form) for form in
       ("（{n}）{w}", "({n}){w}", "【{n}】{w}", "【{n}、{w}】", "第{n}部分 {w}", "第{n}部分：{w}",
        "第{n}部分{w}", "第{n}部分、{w}", "第{n}章 {w}", "第{n}章{w}", "第{n}节 {w}", "第{n}、{w}",
        "●{n}、{w}", "★ {n}、{w}", "▶{n}、{w}", "# {n}、{w}", "**{n}、{w}**", "{n}、{w}：", "{n}、{w}。",
        "{n}、“{w}”", "{n}、《{w}》", "{n}、2024年{w}", "{n}、2024年度{w}", "{n}、本年度{w}",
        "{n}、{w}（2024年）")},
    **{f"counted {form}": _by(form, "123456") for form in
       ("{n}、{w}", "{n}.{w}", "{n}. {w}", "{n} {w}", "（{n}）{w}", "第{n}部分 {w}")},
    "full-width": _by("{n}、{w}", "１２３４５６"),
    "formal": _by("{n}、{w}", "壹贰叁肆伍陆"),
    "Roman": _by("{n}、{w}", "ⅠⅡⅢⅣⅤⅥ"),
    "Latin": _by("{n}. {w}", ("I", "II", "III", "IV", "V", "VI")),
    "circled": _by("{n}{w}", "①②③④⑤⑥"),
    "after the number of a list": _by("1.{n}、{w}"),
    "pointed": _by("{n}{w}", "⒈⒉⒊⒋⒌⒍"),
    "bracketed": _by("{n}{w}", "㈠㈡㈢㈣㈤㈥"),
    "ringed": _by("{n}{w}", "㊀㊁㊂㊃㊄㊅"),
    "spread": lambda i, words: f"{CHINESE[i]}、{' '.join(words)}",
    "traditional": lambda i, words: f"{CHINESE[i]}、{words.replace('况', '況').replace('总', '總')}",
    "long": lambda i, _: f"{CHINESE[i]}、{LONG[i]}",
    "bare": lambda _, words: words,
    "bare, a colon": lambda _, words: f"{words}：",
    "bare, a sign": lambda _, words: f"■ {words}",
    "of our office": _by("{n}、我局{w}"),
}  # fmt: skip


def _lines(text: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in text)


def _first(join: str) -> Callable[[str, list[str], str], str]:
    """The heading in one paragraph with the first sentence."""

    def mark(heading: str, text: list[str], grid: str) -> str:
        if not text:
            return f"<p>{heading}</p>{grid}"
        return f"<p>{join.format(heading, text[0])}</p>{_lines(text[1:])}"

    return mark


def _around(form: str) -> Callable[[str, list[str], str], str]:
    return lambda heading, text, grid: form.format(heading, f"{_lines(text)}{grid}")


MARKED: dict[str, Callable[[str, list[str], str], str]] = {
    "p": _around("<p>{0}</p>{1}"),
    "h2": _around("<h2>{0}</h2>{1}"),
    "strong": _around("<p><strong><span>{0}</span></strong></p>{1}"),
    "center": _around("<center><font size=4><b>{0}</b></font></center>{1}"),
    "anchor": _around("<p><a name=x></a><a href=#x>{0}</a></p>{1}"),
    "dt": _around("<dl><dt>{0}</dt><dd>{1}</dd></dl>"),
    "legend": _around("<fieldset><legend>{0}</legend>{1}</fieldset>"),
    "summary": _around("<details><summary>{0}</summary>{1}</details>"),
    "cell": _around("<table><tr><td>{0}</td></tr></table>{1}"),
    "row": _around("<table border=1><tr><td>{0}</td></tr><tr><td>{1}</td></tr></table>"),
    "column": _around("<table border=1><tr><td>{0}</td><td>{1}</td></tr></table>"),
    "own list": _around("<ol class=c><li>{0}</li></ol>{1}"),
    "li": _around("<li>{0}</li>{1}"),
    "letters": lambda h, t, g: f"<p>{''.join(f'<span>{c}</span>' for c in h)}</p>{_lines(t)}{g}",
    "halves": lambda h, t, g: f"<p>{h[: len(h) // 2]}</p><p>{h[len(h) // 2 :]}</p>{_lines(t)}{g}",
    "number apart": lambda h, t, g: f"<p>{h[:2]}</p><p>{h[2:]}</p>{_lines(t)}{g}",
    "br": lambda h, t, g: f"<p>{'<br>'.join([h, *t])}</p>{g}",
    "no markup": lambda h, t, g: h + "".join(t) + g,
    "stop": _first("{}。{}"),
    "colon": _first("{}：{}"),
    "blank": _first("{}　　{}"),
    "bold": _first("<b>{}</b>{}"),
}


def page(sample: Sample, write: Write, mark: Callable[[str, list[str], str], str]) -> str:
    body = "".join(
        mark(write(i, SECTIONS[key]), sample.text(key), "".join(map(table, tables(sample, key))))
        for i, key in enumerate(sample.sections)
    )
    return f'<meta charset="utf-8"><h1>{sample.title}</h1>{_lines(sample.opening)}{body}'


def text(sample: Sample, write: Write) -> str:
    """As it is copied from a page: a row of a table a line, with tabs."""
    out = [sample.title, "", *sample.opening]
    for i, key in enumerate(sample.sections):
        out += [write(i, SECTIONS[key]), *sample.text(key)]
        rows = (row for grid in tables(sample, key) for row in placed(grid))
        out += ["\t".join(c.text if c else "" for _, c in row) for row in rows]
    return "\n".join(out)


# --- Word ------------------------------------------------------------------------------------


def _run(words: str, more: str = "") -> str:
    return f'<w:r><w:rPr>{more}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def _p(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


def _set(settings: str, words: str) -> str:
    return as_docx._paragraph(words, settings=settings)


SHAPE = (
    '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
    "{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
WORD: dict[str, Callable[[str], str]] = {
    "style": lambda t: as_docx._paragraph(t, style="Heading1"),
    "bold": lambda t: _p(_run(t, '<w:b/><w:sz w:val="32"/>')),
    "outline": lambda t: _set('<w:outlineLvl w:val="0"/>', t),
    "cell": lambda t: (
        '<w:tbl><w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid><w:tr><w:tc>'
        f"{_p(_run(t))}</w:tc></w:tr></w:tbl>"
    ),
    "control": lambda t: f"<w:sdt><w:sdtContent>{_p(_run(t))}</w:sdtContent></w:sdt>",
    "letters": lambda t: _p("".join(map(_run, t))),
    "text box": lambda t: _p(SHAPE.format(_p(_run(t)))),
    "tab": lambda t: _p(f"{_run(t[:2])}<w:r><w:tab/></w:r>{_run(t[2:])}"),
    "break": lambda t: _p(f"{_run(t[:2])}<w:r><w:br/></w:r>{_run(t[2:])}"),
    "bookmark": lambda t: _p(f'<w:bookmarkStart w:id="1" w:name="_Toc1"/>{_run(t)}'),
    "insertion": lambda t: _p(f'<w:ins w:id="1" w:author="a">{_run(t)}</w:ins>'),
    "link": lambda t: _p(f'<w:hyperlink w:anchor="x">{_run(t)}</w:hyperlink>'),
    "field": lambda t: _p(f'<w:fldSimple w:instr=" REF x ">{_run(t)}</w:fldSimple>'),
}
COUNTED = {
    "chineseCounting": "%1、", "chineseCountingThousand": "%1、", "ideographDigital": "%1、",
    "japaneseCounting": "%1、", "taiwaneseCounting": "%1、", "decimal": "%1.",
    "decimalFullWidth": "%1．", "decimalEnclosedCircle": "%1", "upperRoman": "%1.",
    "chineseLegalSimplified": "%1、", "ideographTraditional": "%1、",
}  # fmt: skip
NUMBER = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
LEVEL = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
)


def document(sample: Sample, write: Write, mark: Callable[[str], str], level: str = "") -> bytes:
    """Word; `level` is how Word numbers its first level."""
    body = [as_docx._paragraph(line) for line in (sample.title, *sample.opening)]
    for i, key in enumerate(sample.sections):
        body.append(mark(write(i, SECTIONS[key])))
        body += map(as_docx._paragraph, sample.text(key))
        body += as_docx._tables(sample, key, "official")
    whole = as_docx.package(body)
    return _renumbered(whole, level) if level else whole


def _renumbered(whole: bytes, level: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == "word/numbering.xml":
                part = re.sub(r'<w:lvl w:ilvl="0">.*?</w:lvl>', level, part)
            new.writestr(name, part)
    return buffer.getvalue()


Variant = Callable[[Sample], tuple[str, bytes]]


def _page(write: Write, mark: str) -> Variant:
    return lambda sample: (".html", page(sample, write, MARKED[mark]).encode())


def _text(write: Write) -> Variant:
    return lambda sample: (".txt", text(sample, write).encode())


def _word(write: Write, mark: Callable[[str], str], level: str = "") -> Variant:
    return lambda sample: (".docx", document(sample, write, mark, level))


USUAL, BARE = WRITTEN["usual"], WRITTEN["bare"]
OTHERS = {name: WRITTEN[name] for name in ("as （{n}）{w}", "as 第{n}部分 {w}", "bare")}
VARIANTS: dict[str, Variant] = {
    **{f"page, {name}": _page(write, "p") for name, write in WRITTEN.items()},
    **{f"page in {mark}": _page(USUAL, mark) for mark in MARKED},
    **{
        f"page in {mark}, {name}": _page(write, mark)
        for mark in ("strong", "cell", "row", "column", "stop", "blank")
        for name, write in OTHERS.items()
    },
    # "3 收到…" on a line of its own could be a figure of the table before it: open, by design.
    **{f"text, {n}": _text(write) for n, write in WRITTEN.items() if n != "counted {n} {w}"},
    **{f"Word, {name}": _word(USUAL, mark) for name, mark in WORD.items()},
    **{f"Word, {name}, bold": _word(write, WORD["bold"]) for name, write in OTHERS.items()},
    **{
        f"Word counts {name}": _word(BARE, lambda t: _set(NUMBER, t), LEVEL.format(name, form))
        for name, form in COUNTED.items()
    },
    **{
        f"Word counts as {form}": _word(
            BARE, lambda t: _set(NUMBER, t), LEVEL.format("chineseCounting", form)
        )
        for form in ("第%1部分", "（%1）")
    },
}
NOTED = {
    name: frozenset(("ordinal-missing",)) if "bare" in name else frozenset(("heading-changed",))
    for name in VARIANTS
    if "bare" in name or "of our office" in name
}
