"""A Word template, checked before anything is written, and filled in a closed environment.

A template is hostile like every input. What it may say is a small language: placeholders, `if`,
and loops over the lists that there are; a loop inside a loop runs over a list of the outer one's
own entry. No calls, no assignments, no attributes but the fields. So a template cannot fail to
end, and cannot reach anything that it was not given.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.errors import Said, UsageError
from auditor.own import MARK
from auditor.renderers._papers.check import check
from auditor.renderers._papers.fields import PAPERS, Shape, named, sample
from auditor.renderers._papers.package import repacked, unpacked_safely

_MOST_OUT = 60_000_000
_MOST_TAGS = 5_000
_FILTERS = ("length", "upper", "lower", "trim", "default", "join")
_EMPTY = ("author", "comments", "identifier", "language", "subject", "title")


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was checked: its name for messages, its bytes, what it is filled with."""

    name: str
    data: bytes
    shape: Shape

    def fill(self, values: Mapping[str, Any]) -> bytes:
        """The document. `values` have the English keys of the shape; text stays text."""
        return repacked(_rendered(self, named(values, self.shape)))


def load(data: bytes, name: str, paper: str) -> Template:
    """Check a template. Raises UsageError that names what is wrong, before any document."""
    _needs_library()
    unpacked_safely(data, name)
    template = Template(name, data, PAPERS[paper])
    for source in _sources(template):
        check(source, _environment(), template.shape, name)
    template.fill(sample(template.shape))
    return template


def _needs_library() -> None:
    try:
        import docxtpl  # noqa: F401
    except ImportError as error:
        said = Said(
            "写 .docx 需要安装：pip install 'auditor[office]'",
            "to write .docx install: pip install 'auditor[office]'",
        )
        raise UsageError(said) from error


def _opened(template: Template) -> Any:
    """The template as docxtpl has it. Raises UsageError for what is no Word document."""
    from docxtpl import DocxTemplate

    class Strict(DocxTemplate):  # type: ignore[misc] # docxtpl has no types
        """What does not come out as a document is refused instead of being bent into one."""

        def fix_tables(self, xml: str) -> Any:
            from lxml import etree

            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            etree.fromstring(xml.encode(), parser)
            return super().fix_tables(xml)

    try:
        opened = Strict(io.BytesIO(template.data))
        opened.init_docx()
        opened.docx.element.body  # noqa: B018 - a package without a body is no document
    except (
        KeyError,
        ValueError,
        SyntaxError,
        AttributeError,
        OSError,
        zipfile.BadZipFile,
    ) as error:
        raise _broken(template.name) from error
    return opened


def _broken(name: str) -> UsageError:
    said = Said(f"模板 {name} 不是能打开的 .docx 文件", f"the template {name} is no readable .docx")
    return UsageError(said)


def _sources(template: Template) -> list[str]:
    """The texts of a template with its tags whole, a line a paragraph."""
    opened = _opened(template)
    docx = opened.docx
    for word in _EMPTY:
        if "{{" in str(getattr(docx.core_properties, word)) or "{%" in str(
            getattr(docx.core_properties, word)
        ):
            said = Said(
                f"模板 {template.name}：文件属性（{word}）里不能写占位符",
                f"{template.name}: no placeholders in the document's properties ({word})",
            )
            raise UsageError(said)
    parts = [opened.get_xml()]
    for uri in (opened.HEADER_URI, opened.FOOTER_URI):
        parts += [opened.get_part_xml(part) for _, part in opened.get_headers_footers(uri)]
    parts += [_footnotes(part) for part in docx.part.package.parts
              if str(part.partname).endswith("/footnotes.xml")]  # fmt: skip
    if sum(part.count("{") for part in parts) > _MOST_TAGS:
        said = Said(f"模板 {template.name} 的占位符太多", f"too many placeholders: {template.name}")
        raise UsageError(said)
    return [re.sub("<w:p([ >])", r"\n<w:p\1", opened.patch_xml(part)) for part in parts]


def _footnotes(part: Any) -> str:
    return bytes(part.blob).decode("utf-8", "replace")


def _rendered(template: Template, context: Mapping[str, Any]) -> bytes:
    from jinja2 import TemplateError
    from lxml.etree import XMLSyntaxError

    opened = _opened(template)
    try:
        opened.render(dict(context), _environment())
        _marked(opened.docx)
        out = io.BytesIO()
        opened.save(out)
    except (TemplateError, XMLSyntaxError) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        said = Said(
            f"模板 {template.name} 填不成文档，多半是循环或条件没有各占一段，或跨出了表格：{what}",
            f"{template.name} does not give a document; a loop or an `if` most likely crosses"
            f" paragraphs or tables: {what}",
        )
        raise UsageError(said) from error
    return out.getvalue()


def _marked(document: Any) -> None:
    """A property that tells the next run what this is, kept when a person changes the letter."""
    if any(str(part.partname) == "/docProps/core.xml" for part in document.part.package.parts):
        document.core_properties.keywords = MARK


def _environment() -> Any:
    """Jinja without its globals, most of its filters, and any way out of the sandbox."""
    from jinja2 import StrictUndefined, TemplateRuntimeError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Closed(ImmutableSandboxedEnvironment):
        """Output is bounded; what is not defined is an error."""

        @staticmethod
        def concat(parts: Iterable[str]) -> str:
            """Join, up to a limit."""
            kept, total = [], 0
            for part in parts:
                total += len(part)
                if total > _MOST_OUT:
                    raise TemplateRuntimeError("the document becomes too large")
                kept.append(part)
            return "".join(kept)

    closed = Closed(autoescape=True, undefined=StrictUndefined)
    closed.globals.clear()
    closed.tests.clear()
    for name in set(closed.filters) - set(_FILTERS):
        del closed.filters[name]
    return closed
