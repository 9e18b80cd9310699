"""What a template says, checked against the fields that there are, before it is filled."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import Said, UsageError
from auditor.renderers._papers.fields import Each, Node, Shape, members_of

_LOOP = Shape("loop.", dict.fromkeys(("index", "first", "last", "length")))
_SHOWN = 10
_MARKUP = re.compile("<[^>]*>")


@dataclass
class _Check:
    """One text of a template: where its mistakes are noted."""

    source: str
    filters: Collection[str]
    mistakes: dict[Said, None] = field(default_factory=dict)

    def wrong(self, zh: str, en: str, line: int, near: Iterable[str] = ()) -> None:
        """Note a mistake with the paragraph that it is in, and what was perhaps meant."""
        lines = self.source.split("\n")
        text = _MARKUP.sub("", lines[line - 1]).strip() if 0 < line <= len(lines) else ""
        text = text if len(text) <= 60 else f"{text[:60]}…"
        likely = list(near)
        if likely:
            zh, en = f"{zh}，相近：{'、'.join(likely)}", f"{en}; did you mean: {', '.join(likely)}"
        where_zh, where_en = (f"（在“{text}”）", f" (in “{text}”)") if text else ("", "")
        self.mistakes[Said(zh + where_zh, en + where_en)] = None


def check(source: str, environment: Any, shape: Shape, name: str) -> None:
    """Raises UsageError with every mistake of one text: unknown names, what is not allowed."""
    from jinja2 import TemplateSyntaxError

    noted = _Check(source, frozenset(environment.filters))
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        said = error.message or "?"
        noted.wrong(f"语法有误：{said}", f"syntax error: {said}", error.lineno)
    else:
        _statements(tree.body, dict(members_of(shape)), frozenset(), noted)
    if noted.mistakes:
        told = list(noted.mistakes)[:_SHOWN]
        zh = "\n".join(f"模板 {name}：{said.zh}" for said in told)
        raise UsageError(Said(zh, "\n".join(f"template {name}: {said.en}" for said in told)))


_Scope = Mapping[str, "Node"]


def _statements(body: Iterable[Any], scope: _Scope, loops: frozenset[str], noted: _Check) -> None:
    """`loops` are the variables of the loops around."""
    from jinja2 import nodes

    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    _printed(part, scope, noted)
        elif isinstance(node, nodes.If):
            _expression(node.test, scope, noted)
            for inner in (node.body, node.elif_, node.else_):
                _statements(inner, scope, loops, noted)
        elif isinstance(node, nodes.For):
            _loop(node, scope, loops, noted)
        else:
            _forbidden(node, noted)


def _loop(node: Any, scope: _Scope, loops: frozenset[str], noted: _Check) -> None:
    from jinja2 import nodes

    if not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive:
        _forbidden(node, noted)
        return
    over = _expression(node.iter, scope, noted)
    root = node.iter
    while isinstance(root, nodes.Getattr):
        root = root.node
    if loops and not (isinstance(root, nodes.Name) and root.name in loops):
        zh = "循环里的循环只能逐个取外层那一项自己的列表"
        noted.wrong(zh, "a loop inside a loop takes a list of the outer entry", node.lineno)
    elif not isinstance(over, Each):
        noted.wrong("for 只能用于列表", "`for` needs a list", node.lineno)
    else:
        inner = {**scope, node.target.name: over.of, "loop": _LOOP}
        _statements(node.body, inner, loops | {node.target.name}, noted)
    _statements(node.else_, scope, loops, noted)


def _printed(node: Any, scope: _Scope, noted: _Check) -> None:
    """A value to print: a list or a group cannot be printed."""
    found = _expression(node, scope, noted)
    if isinstance(found, Each):
        zh = "这是列表，要用 {%p for … %} 逐个取"
        noted.wrong(zh, "this is a list: loop over it", node.lineno)
    elif isinstance(found, Shape):
        known = list(members_of(found)) if found is not _LOOP else list(found.members)
        noted.wrong("这是一组，要写明其中哪一个", "say which field of it", node.lineno, known[:3])


def _expression(node: Any, scope: _Scope, noted: _Check) -> Node:
    """What an expression gives; None is a value to print, also after a mistake."""
    from jinja2 import nodes

    if isinstance(node, nodes.Const):
        return None
    if isinstance(node, nodes.Name):
        return _known(node.name, scope, noted, node.lineno)
    if isinstance(node, nodes.Getattr):
        return _member(node, scope, noted)
    if isinstance(node, nodes.Filter) and node.node is not None:
        return _filtered(node, scope, noted)
    parts = _parts(node)
    if parts is None:
        _forbidden(node, noted)
    for part in parts or ():
        _expression(part, scope, noted)
    return None


def _parts(node: Any) -> list[Any] | None:
    """The parts of an expression that is allowed, None for one that is not."""
    from jinja2 import nodes

    if isinstance(node, nodes.And | nodes.Or):
        return [node.left, node.right]
    if isinstance(node, nodes.Not):
        return [node.node]
    if isinstance(node, nodes.Compare):
        return [node.expr, *(op.expr for op in node.ops)]
    if isinstance(node, nodes.CondExpr):
        return [node.test, node.expr1, *([node.expr2] if node.expr2 is not None else [])]
    return None


def _filtered(node: Any, scope: _Scope, noted: _Check) -> Node:
    from jinja2 import nodes

    plain = all(isinstance(a, nodes.Const) for a in node.args) and not node.kwargs
    if node.name not in noted.filters or not plain:
        near = difflib.get_close_matches(node.name, noted.filters, n=3, cutoff=0.5)
        zh, en = f"不能用“{node.name}”", f"“{node.name}” cannot be used"
        noted.wrong(zh, en, node.lineno, near)
    _expression(node.node, scope, noted)
    return None


def _member(node: Any, scope: _Scope, noted: _Check) -> Node:
    held = _expression(node.node, scope, noted)
    if isinstance(held, Shape):
        known = held.members if held is _LOOP else members_of(held)
        return _known(node.attr, known, noted, node.lineno)
    zh, en = f"这里没有“{node.attr}”", f"there is no “{node.attr}” here"
    noted.wrong(zh, en, node.lineno)
    return None


def _known(name: str, known: _Scope, noted: _Check, line: int) -> Node:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.4)
    noted.wrong(f"没有占位符“{name}”", f"there is no placeholder “{name}”", line, near)
    return None


def _forbidden(node: Any, noted: _Check) -> None:
    kind = type(node).__name__
    zh, en = f"模板里不能这样写（{kind}）", f"a template cannot say this ({kind})"
    noted.wrong(zh, en, getattr(node, "lineno", 0))
