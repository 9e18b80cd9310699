"""Every kind of observation, with its word for people."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.errors import Said

OBSERVATIONS: Mapping[str, Said] = {
    "blank-cell": Said("空白单元格", "blank cell"),
    "unreadable": Said("无法读取", "unreadable cell"),
    "unit-in-cell": Said("单元格带单位或文字", "unit or words in a cell"),
    "note-in-cell": Said("单元格带注释", "note in a cell"),
    "digits-normalised": Said("数字写法不规范", "digits normalised"),
    "not-a-count": Said("不是非负整数", "not a count"),
    "inferred": Said("推断的单元格", "inferred cell"),
    "label-changed": Said("行名或列名改动", "label changed"),
    "row-missing": Said("缺行", "row missing"),
    "row-unread": Said("行未读到", "row not read"),
    "row-extra": Said("多行", "extra row"),
    "cell-missing": Said("缺单元格", "cell missing"),
    "column-extra": Said("多列", "extra column"),
    "group-undivided": Said("大类未分项", "group printed undivided"),
    "table-missing": Said("缺表", "table missing"),
    "table-unread": Said("表未读到", "table not read"),
    "table-pictured": Said("表为图片", "table as a picture"),
    "table-repeated": Said("另有一套表", "tables printed again"),
    "table-unruled": Said("表无边框", "table without lines"),
    "head-missing": Said("表头说明缺失", "head of the table missing"),
    "section-missing": Said("缺部分", "section missing"),
    "section-unread": Said("部分未读到", "section not read"),
    "section-order": Said("部分顺序错", "sections out of order"),
    "section-repeated": Said("部分重复", "section repeated"),
    "ordinal-missing": Said("标题缺编号", "heading without number"),
    "ordinal-wrong": Said("标题编号错", "heading with a wrong number"),
    "heading-changed": Said("标题改动", "heading reworded"),
    "corrected": Said("人工更正", "corrected by hand"),
    "corrections-void": Said("更正已失效", "corrections void"),
    "edition-mismatch": Said("表式与年度不符", "wrong edition for the year"),
    "glued-mismatch": Said("连写数字与上年接不上", "glued digits do not continue last year"),
    "date-damaged": Said("日期残缺", "damaged date"),
    "page-date": Said("日期取自网页信息", "date from the page's metadata"),
    "flattened": Said("已失版式", "lost its grid"),
    "encoding": Said("非UTF-8编码", "not UTF-8"),
    "encoding-damaged": Said("编码有损坏", "damaged encoding"),
    "hidden-content": Said("隐藏内容", "hidden content"),
    "encoding-declared-wrong": Said("编码声明不实", "wrong encoding declared"),
    "wrong-extension": Said("扩展名不符", "wrong file extension"),
    "control-characters": Said("控制字符", "control characters"),
    "tracked-changes": Said("修订痕迹", "tracked changes"),
    "comments": Said("批注", "comments"),
    "recognised": Said("文字识别", "read from a picture"),
    "cut-off": Said("内容被截断", "cut off"),
    "struck-out": Said("删除线文字", "struck-out text"),
}
"""Every kind of observation with its word for people: a closed list, so that rules that name one
can be checked before they run."""
