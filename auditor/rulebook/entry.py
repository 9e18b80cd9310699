"""One entry of a rule file → Rule. All that is wrong with it is noted, then it gives None."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, cast

from auditor.errors import Said
from auditor.model import Basis, Severity
from auditor.rulebook.author import YES, Author, misread, renamed, said
from auditor.rulebook.expected import checked
from auditor.rulebook.grounds import FIRST_YEAR, LAST_YEAR, Ground, basis
from auditor.rulebook.marks import Listed, Mapped, Mark
from auditor.rulebook.rule import Example, Lawful, Rule
from auditor.rulebook.verbs import verbs

Members = dict[str, tuple[Any, Mark | None]]
Expected: TypeAlias = Literal["pass", "fail", "review", "open", "skip"]

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
    "skip": "skip", "不适用": "skip",
}  # fmt: skip
EXCEPT = {"when": "when", "适用": "when", "say": "say", "说": "say"}
FOR_EACH = {"row": "row", "行": "row", "column": "column", "列": "column"}
SEVERITIES = {
    **{s.key: s for s in Severity},
    "提示": Severity.NOTE, "一般": Severity.MINOR, "严重": Severity.MAJOR, "致命": Severity.FATAL,
}  # fmt: skip
MASKS = {True: "3-4", "是": "3-4", False: "", "否": "", "全部": "all", "all": "all"}
_ENDS = re.compile("[0-9]-[0-9]")


def keys() -> dict[str, str]:
    """Every accepted key of an entry → English key; the verbs are keys too."""
    found = {english: english for english in KEYS}
    found |= {chinese: english for english, chinese in KEYS.items()}
    for verb in verbs().values():
        found |= {verb.NAME: verb.NAME, verb.ALIAS: verb.NAME}
    return found


def read_entry(author: Author, node: Any, mark: Mark | None, ground: Ground) -> Rule | None:
    """The rule, or None where too little of it can be understood. Mistakes are noted.

    A rule of which only the severity, the law, the texts or the examples are wrong is given, so
    that its expressions are looked at, too; whoever reads a rule set refuses it for any mistake.
    """
    entry = author.mapping(node, mark, Said("一条规则", "a rule"))
    if entry is None:
        return None
    members = renamed(author, entry, keys(), Said("规则", "rule"))
    sure = not misread(entry, keys())
    before = len(author.mistakes)
    verb = _verb(author, members, entry, sure=sure)
    if sure:
        _complete(author, members, entry)
    for_each = _word(author, members, "for_each", FOR_EACH, "")
    table, when = _text(author, members, "table"), _text(author, members, "when")
    if verb is None or "id" not in members or len(author.mistakes) > before:
        return None
    return _rule(author, members, entry.mark, ground, verb, (table, for_each, when))


def _rule(
    author: Author, members: Members, mark: Mark | None, ground: Ground, verb: str,
    place: tuple[str, Any, str],
) -> Rule:  # fmt: skip
    id_ = str(members["id"][0])
    before = len(author.mistakes)
    severity = _severity(author, members)
    basis = _basis(author, members, ground)
    review = bool(_word(author, members, "review", YES, False))
    if len(author.mistakes) == before and (severity > Severity.NOTE or not review):
        _unsourced(author, members, basis)
    since, until = year(author, members, "since"), year(author, members, "until")
    _in_order(author, members, since, until)
    return Rule(
        id=id_,
        title=said(author, *members.get("title", (id_, mark))),
        verb=verb,
        body=members[verb][0],
        severity=severity,
        family=id_.rstrip("0123456789abcdefghijklmnopqrstuvwxyz-") or id_,
        review=review,
        basis=basis,
        when=place[2],
        table=place[0],
        for_each=place[1],
        forms=tuple(map(str, _list(members, "forms"))),
        since=since,
        until=until,
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


def _verb(author: Author, members: Members, entry: Mapped, *, sure: bool) -> str | None:
    """The entry's one verb; none, or two, is a mistake."""
    found = [key for key in members if key in verbs()]
    if len(found) == 1:
        return found[0]
    known = "、".join(v.ALIAS for v in verbs().values())
    if found:
        zh = "一条规则只能有一个动词：" + "、".join(verbs()[v].ALIAS for v in found)
        en = f"a rule has exactly one verb, not {' and '.join(found)}"
        mend = Said("分成两条规则，各有编号", "make it two rules, each with an id of its own")
        author.wrong(_key_of(entry, found[1]), Said(zh, en), mend=mend)
    elif sure:
        zh, en = f"缺少动词，应有其一：{known}", f"no verb; one of: {', '.join(verbs())}"
        author.wrong(_head(entry), Said(zh, en))
    return None


def _key_of(entry: Mapped, english: str) -> Mark | None:
    """Where a key of the entry stands, in whatever language it is written."""
    named = keys()
    return next((m for k, m in entry.marks_of_keys.items() if named.get(k) == english), None)


def _head(entry: Mapped) -> Mark:
    """The first key of an entry: there it is shown what is missing."""
    return next(iter(entry.marks_of_keys.values()), entry.mark)


def _complete(author: Author, members: Members, entry: Mapped) -> None:
    """id, title, basis and examples may not be missing."""
    for key in ("id", "title", "basis", "examples"):
        if key not in members:
            said_ = Said(f"规则缺少“{KEYS[key]}”", f"the rule has no '{key}'")
            author.wrong(_head(entry), said_, mend=_MISSING[key])


_MISSING = {
    "id": Said("加一行，如 编号: A99", "add a line such as id: A99"),
    "title": Said("加一行，如 名称: 甲应当等于乙", "add a line such as title: a must equal b"),
    "basis": Said("加一行，如 依据: [引用的名字]", "add a line such as basis: [citation]"),
    "examples": Said(
        "加上示例，至少一个合格、一个不合格",
        "add examples, at least one that passes and one that fails",
    ),
}


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
    """The year under a key; None where there is none, or no year."""
    node, mark = members.get(key, (None, None))
    if node is None:
        return None
    if isinstance(node, int) and not isinstance(node, bool) and FIRST_YEAR <= node <= LAST_YEAR:
        return node
    digits = [
        part for part in re.findall("[0-9]{4}", str(node)) if FIRST_YEAR <= int(part) <= LAST_YEAR
    ]
    said_ = Said(f"“{KEYS[key]}”应当是年份，如 2021", f"'{key}' must be a year such as 2021")
    author.wrong(mark, said_, tuple(digits[:1]))
    return None


def _in_order(author: Author, members: Members, since: int | None, until: int | None) -> None:
    """A rule that ends before it begins would never be asked."""
    if since is not None and until is not None and since > until:
        zh, en = f"止 {until} 早于起 {since}", f"until {until} is before since {since}"
        mend = Said("两个年份对调，或删去一个", "exchange the years, or take one out")
        author.wrong(members["until"][1], Said(zh, en), mend=mend)


def _basis(author: Author, members: Members, ground: Ground) -> tuple[Basis, ...]:
    node, mark = members.get("basis", ([], None))
    items = node if isinstance(node, list) else [node]
    marks = node.marks if isinstance(node, Listed) else [mark] * len(items)
    if "basis" in members and not items:
        mend = _MISSING["basis"]
        author.wrong(mark, Said("“依据”是空的", "'basis' is empty"), mend=mend)
    return tuple(basis(author, item, at, ground) for item, at in zip(items, marks, strict=True))


def _unsourced(author: Author, members: Members, basis_: tuple[Basis, ...]) -> None:
    """What nobody has seen in print is a note for review, whatever the author thinks of it."""
    if basis_ and not any(b.sourced for b in basis_):
        zh = "依据未经核实的规则只能是：级别 提示，复核 是"
        en = "a rule on an unsourced basis must be a note for review"
        author.wrong(members["basis"][1], Said(zh, en))


def _exceptions(author: Author, members: Members) -> tuple[Lawful, ...]:
    found = []
    for node in _list(members, "except"):
        mark = getattr(node, "mark", members["except"][1])
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
        if not misread(node, EXAMPLES) and not parts.get(key, ([], None))[0]:
            zh, en = f"至少要有一个{word}的示例", f"at least one example that must {key}"
            author.wrong(_head(node), Said(zh, en))
    found = []
    for key, (items, items_mark) in parts.items():
        listed = items if isinstance(items, Listed) else [items]
        marks = items.marks if isinstance(items, Listed) else [items_mark]
        for item, at in zip(listed, marks, strict=True):
            edits = author.mapping(item, at, Said("示例", "an example"))
            if edits is not None:
                checked(author, edits)
                found.append(Example(edits, cast(Expected, key), edits.mark))
    return tuple(found)


__all__ = ["YES", "read_entry", "said", "year"]
