"""One entry of a rule file → Rule. All that is wrong with it is noted, then it gives None."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from auditor.errors import Said
from auditor.model import Basis, Severity
from auditor.rulebook.author import Author, near, renamed
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.rule import Example, Lawful, Rule
from auditor.rulebook.verbs import verbs

Members = dict[str, tuple[Any, Mark | None]]
Expected: TypeAlias = Literal["pass", "fail", "review", "open"]

KEYS = {
    "id": "编号", "title": "名称", "severity": "级别", "review": "复核", "basis": "依据",
    "when": "适用", "forms": "表式", "since": "起", "until": "止", "table": "表",
    "for_each": "逐", "message": "说明", "fix": "整改", "except": "例外", "examples": "示例",
    "waivable": "可豁免", "replaced_by": "取代者",
    "mask": "遮盖",
}  # fmt: skip
EXAMPLES = {
    "pass": "pass", "合格": "pass", "fail": "fail", "不合格": "fail",
    "review": "review", "待核": "review", "open": "open", "未读": "open",
}  # fmt: skip
EXCEPT = {"when": "when", "适用": "when", "say": "say", "说": "say"}
_SAID = {"zh": "zh", "en": "en"}
_BASIS = {
    **_SAID, "unsourced": "unsourced", "未核": "unsourced",
    "since": "since", "起": "since", "before": "before", "此前": "before",
}  # fmt: skip
FOR_EACH = {"row": "row", "行": "row", "column": "column", "列": "column"}
SEVERITIES = {
    **{s.key: s for s in Severity},
    "提示": Severity.NOTE, "一般": Severity.MINOR, "严重": Severity.MAJOR, "致命": Severity.FATAL,
}  # fmt: skip
YES = {True: True, False: False, "是": True, "否": False}
MASKS = {True: "3-4", "是": "3-4", False: "", "否": "", "全部": "all", "all": "all"}
_ENDS = re.compile("[0-9]-[0-9]")


@dataclass(frozen=True, slots=True)
class Ground:
    """What entries lean on: the citations that the rule set defines once."""

    citations: Mapping[str, Basis]


def keys() -> dict[str, str]:
    """Every accepted key of an entry → English key; the verbs are keys too."""
    found = {english: english for english in KEYS}
    found |= {chinese: english for english, chinese in KEYS.items()}
    for verb in verbs().values():
        found |= {verb.NAME: verb.NAME, verb.ALIAS: verb.NAME}
    return found


def read_entry(author: Author, node: Any, mark: Mark | None, ground: Ground) -> Rule | None:
    """The rule, or None after its mistakes have been noted."""
    entry = author.mapping(node, mark, Said("一条规则", "a rule"))
    if entry is None:
        return None
    before = len(author.mistakes)
    members = renamed(author, entry, keys(), Said("规则", "rule"))
    rule = _rule(author, members, entry.mark, ground)
    return rule if len(author.mistakes) == before else None


def _rule(author: Author, members: Members, mark: Mark | None, ground: Ground) -> Rule | None:
    verb = _verb(author, members, mark)
    _complete(author, members, mark)
    if verb is None or "id" not in members:
        return None
    id_ = str(members["id"][0])
    severity = _severity(author, members)
    basis = _basis(author, members, ground)
    _unsourced(author, members, basis, severity)
    return Rule(
        id=id_,
        title=said(author, *members.get("title", (id_, mark))),
        verb=verb,
        body=members[verb][0],
        severity=severity,
        family=id_.rstrip("0123456789abcdefghijklmnopqrstuvwxyz-") or id_,
        review=bool(_word(author, members, "review", YES, False)),
        basis=basis,
        when=_text(author, members, "when"),
        table=_text(author, members, "table"),
        for_each=_word(author, members, "for_each", FOR_EACH, ""),
        forms=tuple(_list(members, "forms")),
        since=year(author, members, "since"),
        until=year(author, members, "until"),
        message=said(author, *members["message"]) if "message" in members else None,
        fix=said(author, *members["fix"]) if "fix" in members else None,
        exceptions=_exceptions(author, members),
        examples=_examples(author, members, mark),
        origin=f"{author.file}:{mark.line if mark else 1}",
        waivable=_word(author, members, "waivable", YES, None),
        mask=_mask(author, members),
        replaced_by=_text(author, members, "replaced_by"),
        marks={key: value_mark for key, (_, value_mark) in members.items()} | {"": mark},
    )


def _mask(author: Author, members: Members) -> str:
    """`all` 全部, or how many characters may be shown at each end: `2-3`; `yes` 是 is `3-4`."""
    node, mark = members.get("mask", (False, None))
    shown = MASKS.get(node, node) if isinstance(node, str | bool) else node
    if isinstance(shown, str) and (shown in ("", "all") or _ENDS.fullmatch(shown)):
        return shown
    said_ = Said("遮盖写作 是、全部，或两头各留几个字，如 2-3", "mask is yes, all, or 2-3")
    author.wrong(mark, said_)
    return ""


def _verb(author: Author, members: Members, mark: Mark | None) -> str | None:
    """The entry's one verb; none, or two, is a mistake."""
    found = [key for key in members if key in verbs()]
    if len(found) == 1:
        return found[0]
    known = "、".join(v.ALIAS for v in verbs().values())
    if not found:
        zh, en = f"缺少动词，应有其一：{known}", f"no verb; one of: {', '.join(verbs())}"
    else:
        zh = "一条规则只能有一个动词：" + "、".join(verbs()[v].ALIAS for v in found)
        en = f"a rule has exactly one verb, not {' and '.join(found)}"
    author.wrong(mark if not found else members[found[1]][1], Said(zh, en))
    return None


def _complete(author: Author, members: Members, mark: Mark | None) -> None:
    """id, title, basis and examples may not be missing."""
    for key in ("id", "title", "basis", "examples"):
        if key not in members:
            word = KEYS[key]
            author.wrong(mark, Said(f"规则缺少“{word}”", f"the rule has no '{key}'"))


def _severity(author: Author, members: Members) -> Severity:
    node, mark = members.get("severity", ("major", None))
    found = author.one_of(node, mark, SEVERITIES, Said("级别", "severity"))
    return found if isinstance(found, Severity) else Severity.MAJOR


def _word(
    author: Author, members: Members, key: str, words: Mapping[Any, Any], default: Any
) -> Any:
    if key not in members:
        return default
    found = author.one_of(*members[key], words, Said(KEYS[key], key))
    return default if found is None else found


def _text(author: Author, members: Members, key: str) -> str:
    node, mark = members.get(key, ("", None))
    if isinstance(node, str):
        return node
    author.wrong(mark, Said(f"“{KEYS[key]}”应当是文字", f"'{key}' must be text"))
    return ""


def _list(members: Members, key: str) -> list[Any]:
    node = members.get(key, ([], None))[0]
    return list(node) if isinstance(node, list) else [node]


def year(author: Author, members: Members, key: str) -> int | None:
    """The year under a key; None for no such key, and after a noted mistake."""
    node, mark = members.get(key, (None, None))
    if node is None or (isinstance(node, int) and not isinstance(node, bool)):
        return node
    author.wrong(mark, Said(f"“{KEYS[key]}”应当是年份，如 2021", f"'{key}' must be a year"))
    return None


def said(author: Author, node: Any, mark: Mark | None) -> Said:
    """Text for people: one string, or `{zh, en}`."""
    if isinstance(node, str):
        return Said(node, node)
    if isinstance(node, Mapped):
        members = renamed(author, node, _SAID, Said("文字", "text"))
        zh = str(members.get("zh", members.get("en", ("", None)))[0])
        return Said(zh, str(members.get("en", (zh, None))[0]))
    author.wrong(mark, Said("这里应当是文字，或 {zh: …, en: …}", "text or {zh, en} expected"))
    return Said("", "")


def _basis(author: Author, members: Members, ground: Ground) -> tuple[Basis, ...]:
    return tuple(
        basis(author, node, members["basis"][1], ground) for node in _list(members, "basis")
    )


def basis(author: Author, node: Any, mark: Mark | None, ground: Ground) -> Basis:
    """A citation by name, a text, or `{zh, en, unsourced, since, before}`.

    `since` is a report year; `before` names the citation in force until then, defined above.
    """
    if isinstance(node, str) and node in ground.citations:
        return ground.citations[node]
    if isinstance(node, Mapped):
        members = renamed(author, node, _BASIS, Said("依据", "basis"))
        unsourced, unsourced_mark = members.pop("unsourced", (False, None))
        flag = author.one_of(unsourced, unsourced_mark, YES, Said("未核", "unsourced"))
        zh = str(members.get("zh", ("", None))[0])
        said_ = Said(zh, str(members.get("en", (zh, None))[0]))
        return Basis(said_, not flag, _since(author, members), _before(author, members, ground))
    text = said(author, node, mark)
    return Basis(text)


def _since(author: Author, members: Members) -> int | None:
    year, mark = members.get("since", (None, None))
    if year is None or (isinstance(year, int) and not isinstance(year, bool)):
        return year
    author.wrong(mark, Said("起应当是年份", "since must be a year"))
    return None


def _before(author: Author, members: Members, ground: Ground) -> Basis | None:
    name, mark = members.get("before", (None, None))
    if name is None:
        return None
    if name in ground.citations and "since" in members:
        return ground.citations[name]
    zh, en = "此前要写上面已有的引用名，并写明起", "before names a citation above, and needs since"
    author.wrong(mark, Said(zh, en), near(str(name), ground.citations))
    return None


def _unsourced(
    author: Author, members: Members, basis_: tuple[Basis, ...], severity: Severity
) -> None:
    """What nobody has seen in print is a note for review, whatever the author thinks of it."""
    if not basis_ or any(b.sourced for b in basis_):
        return
    review = _word(author, members, "review", YES, False)
    if severity > Severity.NOTE or not review:
        zh = "依据未经核实的规则只能是：级别 提示，复核 是"
        en = "a rule on an unsourced basis must be a note for review"
        author.wrong(members["basis"][1], Said(zh, en))


def _exceptions(author: Author, members: Members) -> tuple[Lawful, ...]:
    found = []
    for node in _list(members, "except"):
        mark = members["except"][1]
        entry = author.mapping(node, mark, Said("例外", "an exception"))
        if entry is None:
            continue
        parts = renamed(author, entry, EXCEPT, Said("例外", "exception"))
        if "say" not in parts:
            author.wrong(entry.mark, Said("例外缺少“说”", "the exception has no 'say'"))
            continue
        when, when_mark = parts.get("when", ("", mark))
        found.append(Lawful(str(when), said(author, *parts["say"]), when_mark))
    return tuple(found)


def _examples(author: Author, members: Members, mark: Mark | None) -> tuple[Example, ...]:
    if "examples" not in members:
        return ()
    node = author.mapping(*members["examples"], Said("示例", "examples"))
    if node is None:
        return ()
    parts = renamed(author, node, EXAMPLES, Said("示例", "examples"))
    for key, word in (("pass", "合格"), ("fail", "不合格")):
        if not parts.get(key, ([], None))[0]:
            zh, en = f"至少要有一个{word}的示例", f"at least one example that must {key}"
            author.wrong(node.mark, Said(zh, en))
    found = []
    for key, (items, items_mark) in parts.items():
        for item in items if isinstance(items, list) else [items]:
            edits = author.mapping(item, items_mark, Said("示例", "an example"))
            if edits is not None:
                found.append(Example(edits, cast(Expected, key), edits.mark))
    return tuple(found)
