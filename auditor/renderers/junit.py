"""JUnit XML: one suite a report, one case a rule, for every CI that draws test results.

A failing rule is a failure, a rule that could not be judged an error, one that does not apply, is
for a person to review, was waived or was known to the baseline is skipped, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from auditor.model import Audit, Batch, Outcome, Refusal, Result
from auditor.refusals import MISSING
from auditor.renderers import Options
from auditor.renderers._plain import clean
from auditor.renderers._rows import Row, agency, letter, path_of, rows, set_aside
from auditor.renderers.words import Words, load

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "junit"
SUFFIX = ".xml"

_COUNTS = ("tests", "failures", "errors", "skipped")
_PIECE = 1 << 20


def render(batch: Batch, options: Options) -> bytes:
    """A `testsuites` document, UTF-8."""
    return b"".join(parts(batch, options))


def parts(batch: Batch, options: Options) -> Iterator[bytes]:
    """The same in pieces. The counts of all stand before all: suites wait in a file for them."""
    from tempfile import TemporaryFile
    from xml.etree.ElementTree import Element, indent, tostring

    root = Element("testsuites", name="auditor")
    sums = dict.fromkeys(_COUNTS, 0)
    with TemporaryFile() as waiting:
        for suite in _suites(batch, options):
            for key in sums:
                sums[key] += int(suite.get(key, "0"))
            indent(suite, " ", 1)
            waiting.write(b"\n " + tostring(suite, encoding="utf-8"))
        for key, count in sums.items():
            root.set(key, str(count))
        empty = waiting.tell() == 0
        head = tostring(root, encoding="utf-8", xml_declaration=True)
        yield head if empty else head.removesuffix(b" />") + b">"
        waiting.seek(0)
        yield from iter(partial(waiting.read, _PIECE), b"")
        yield b"\n" if empty else b"\n</testsuites>\n"


def _suites(batch: Batch, options: Options) -> Iterator[Element]:
    words = load(options.lang)
    for number, audit in enumerate(batch.audits):
        yield _suite(audit, number, words)
    if set_aside(batch):
        yield _aside(set_aside(batch), len(batch.audits), options, words)


def _suite(audit: Audit, number: int, words: Words) -> Element:
    from xml.etree.ElementTree import SubElement

    report = audit.report
    name = f"{agency(audit, words)} {report.period or ''}".strip()
    suite = _empty(name, number, audit.as_of)
    told = {
        "file": path_of(report.source),
        "form": report.form,
        "grade": letter(audit, words),
        "rules": f"{audit.rules.id} {audit.rules.version} {audit.rules.digest[:12]}",
    }
    properties = SubElement(suite, "properties")
    for key, value in told.items():
        SubElement(properties, "property", name=key, value=clean(value))
    of_rule: dict[str, list[Row]] = {}
    for row in rows(audit, words):
        of_rule.setdefault(row.result.rule, []).append(row)
    for result in audit.results:
        _case(suite, result, of_rule.get(result.rule, []), audit, name, words)
    return _counted(suite, [clean(p.message.inside(words.lang)) for p in audit.past], words)


def _empty(name: str, number: int, as_of: str) -> Element:
    from xml.etree.ElementTree import Element

    return Element(
        "testsuite",
        name=name,
        package="auditor",
        id=str(number),
        timestamp=f"{as_of or '1970-01-01'}T00:00:00",
        hostname="localhost",
        time="0",
    )


def _counted(suite: Element, past: Sequence[str], words: Words) -> Element:
    """The counts, and the two texts that end a suite."""
    from xml.etree.ElementTree import SubElement

    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    told = f"{words('section.past')}\n" + "\n".join(past) if past else ""
    SubElement(suite, "system-out").text = told
    SubElement(suite, "system-err")
    return suite


def _case(
    suite: Element, result: Result, found: Sequence[Row], audit: Audit, name: str, words: Words
) -> None:
    from xml.etree.ElementTree import SubElement

    info = audit.rules.rules.get(result.rule)
    title = clean(info.title.inside(words.lang)) if info else ""
    label = f"{clean(result.rule)} {title}".strip()
    case = SubElement(suite, "testcase", name=label, classname=name, time="0")
    tag, shown = _tag(result, found)
    if not tag:
        return
    first = shown[0].line if shown else ""
    reason = clean(result.reason.inside(words.lang)) if result.reason else ""
    message = first or reason or words(f"outcome.{result.outcome.value}")
    child = SubElement(case, tag, message=message, type=result.severity.key)
    child.text = "\n".join(row.line for row in found)


def _tag(result: Result, found: Sequence[Row]) -> tuple[str, list[Row]]:
    """failure, error, skipped or nothing, and the findings that decided it."""
    failing = [r for r in found if r.fails]
    if failing:
        return "failure", failing
    unread = [r for r in found if r.finding.outcome is Outcome.OPEN]
    if unread or result.outcome is Outcome.OPEN:
        return "error", unread
    if found or result.outcome is Outcome.NOT_APPLICABLE:
        return "skipped", list(found)
    return "", []


def _aside(refusals: Sequence[Refusal], number: int, options: Options, words: Words) -> Element:
    """Files that were not audited: an error where something could not be read."""
    from xml.etree.ElementTree import SubElement

    suite = _empty(words("section.refused"), number, options.as_of)
    SubElement(suite, "properties")
    for refusal in refusals:
        name = clean(path_of(refusal.source))
        case = SubElement(suite, "testcase", name=name, classname=refusal.kind, time="0")
        absent = refusal.kind == MISSING
        tag = "error" if refusal.unread else "failure" if absent else "skipped"
        message = clean(refusal.said.inside(options.lang))
        child = SubElement(case, tag, message=message, type=refusal.kind)
        child.text = "\n".join(clean(line) for line in refusal.trace.splitlines())
    return _counted(suite, (), words)
