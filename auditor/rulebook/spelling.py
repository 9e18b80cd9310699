"""What an author may have meant: known words that look like a wrong one, and common other words."""

from __future__ import annotations

import difflib
from collections.abc import Collection

# Words that authors write for ours, as other tools and other languages have them.
_MEANT = {
    "等级": ("级别", "severity"), "level": ("severity", "级别"), "priority": ("severity", "级别"),
    "标题": ("名称", "title"), "name": ("title", "名称"), "规则名": ("名称",),
    "条件": ("适用", "when"), "前提": ("适用", "when"), "if": ("when", "适用"),
    "condition": ("when", "适用"), "消息": ("说明", "message"), "提示语": ("说明", "message"),
    "description": ("message", "说明"), "msg": ("message", "说明"), "建议": ("整改", "fix"),
    "修改": ("整改", "fix"), "hint": ("fix", "整改"), "法律依据": ("依据", "basis"),
    "出处": ("依据", "basis"), "source": ("basis", "依据"), "reference": ("basis", "依据"),
    "断言": ("应当", "assert"), "必须": ("应当", "assert"), "应该": ("应当", "assert"),
    "check": ("assert", "应当"), "must": ("assert", "应当"), "禁止": ("不得", "forbid"),
    "不应": ("不得", "forbid"), "deny": ("forbid", "不得"), "例子": ("示例", "examples"),
    "测试": ("示例", "examples"), "tests": ("examples", "示例"), "例外情形": ("例外", "except"),
    "除外": ("例外", "except"), "开始": ("起", "since"), "自": ("起", "since"),
    "至": ("止", "until"), "到": ("止", "until"), "from": ("since", "起"), "to": ("until", "止"),
    "每": ("逐", "for_each"), "遂": ("逐", "for_each"), "each": ("for_each", "逐"),
    "通过": ("合格", "pass"), "正确": ("合格", "pass"), "正例": ("合格", "pass"),
    "good": ("pass", "合格"), "ok": ("pass", "合格"), "错误": ("不合格", "fail", "严重"),
    "反例": ("不合格", "fail"), "bad": ("fail", "不合格"), "例": ("列", "column"),
    "栏": ("列", "column"), "每行": ("行", "row"), "每列": ("列", "column"),
    "低": ("提示", "note"), "info": ("note", "提示"), "low": ("note", "提示"),
    "hint_": ("note",), "中": ("一般", "minor"), "warning": ("minor", "一般"),
    "警告": ("一般", "minor"), "medium": ("minor", "一般"), "高": ("严重", "major"),
    "重大": ("严重", "major"), "error": ("major", "严重"), "high": ("major", "严重"),
    "紧急": ("致命", "fatal"), "critical": ("fatal", "致命"), "blocker": ("fatal", "致命"),
    "求和": ("合计", "sum"), "总和": ("合计", "sum"), "total": ("sum", "合计"),
    "包含": ("含", "contains"), "包括": ("含", "contains"), "has": ("contains", "含"),
    "len": ("length", "字数"), "长度": ("字数", "length"), "去年": ("上年", "prior"),
    "last_year": ("prior", "上年"), "last": ("prior", "上年"), "存在": ("已知", "known"),
    "exists": ("known", "已知"), "有值": ("已知", "known"), "绝对": ("绝对值", "abs"),
    "最大值": ("最大", "max"), "最小值": ("最小", "min"), "个": ("个数", "size"),
    "true": ("是", "yes"), "yes": ("是",), "no": ("否",), "对": ("是",), "错": ("否",),
    "真": ("是",), "假": ("否",), "需要": ("是",), "不": ("否",),
}  # fmt: skip


def near(word: str, known: Collection[str]) -> tuple[str, ...]:
    """Up to three known words that this one may stand for, best first."""
    words = list(known)
    folded = word.strip().lower()
    meant = [w for w in _MEANT.get(folded, ()) if w in known][:1]
    same = [w for w in words if w.lower() == folded]
    close = difflib.get_close_matches(word, words, n=3, cutoff=0.5)
    return tuple(dict.fromkeys((*meant, *same, *close)))[:3]
