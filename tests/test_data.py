"""JSON and YAML are taken as they are: complete, typed, and with known members only."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from auditor.binding import bind, validate
from auditor.errors import DocumentError
from auditor.model import Document, Refusal, Report
from tests.grids import ANCIENT, NEW, OLD, document

FORMS = (NEW, OLD, ANCIENT)


def bound(data: dict[str, Any]) -> Report:
    report = bind(Document("a.json", "json", data=data), FORMS, lambda form: ())
    assert isinstance(report, Report)
    return report


def noted(report: Report) -> list[tuple[str, str]]:
    return [(o.kind, o.path) for o in report.observations]


@pytest.fixture
def clean() -> dict[str, Any]:
    report = bind(document(), FORMS, lambda form: ())
    assert isinstance(report, Report)
    return copy.deepcopy(dict(report.data))


def test_data_comes_back_as_it_was(clean: dict[str, Any]) -> None:
    report = bound(clean)
    assert report.data == clean
    assert report.form == "ogi-2021"
    assert report.observations == ()
    assert report.coverage.cells_read == 200
    assert report.subject.kind == "department"
    assert report.locations["disputes.review.total"].label == "表四 · 复议 · 总计"
    assert validate(report, NEW) == ()


def test_a_whole_report_keeps_its_observations(clean: dict[str, Any]) -> None:
    clean["applications"]["new"]["total"] = None
    clean["applications"]["new"]["other"] = None
    seen = {"kind": "unreadable", "label": "x", "path": "applications.new.total", "detail": "?"}
    around = {"form": "ogi-2021", "period": 2023, "source": "b.docx", "observations": [seen]}
    report = bound({**around, "data": clean})
    assert noted(report) == [
        ("unreadable", "applications.new.total"),
        ("blank-cell", "applications.new.other"),
    ]
    assert report.coverage.cells_read == 199


def test_what_is_absent_is_noted_and_null(clean: dict[str, Any]) -> None:
    del clean["applications"]["granted"]
    del clean["applications"]["denied"]
    del clean["disputes"]["review"]["other"]
    del clean["disclosure"]
    del clean["problems"]
    report = bound(clean)
    kinds = {k for k, _ in noted(report)}
    assert kinds == {"row-missing", "cell-missing", "table-missing", "section-missing"}
    assert noted(report).count(("row-missing", "applications.granted")) == 1
    assert len([p for k, p in noted(report) if p.startswith("applications.denied.")]) == 8
    assert report.data["applications"]["granted"]["total"] is None
    assert report.data["problems"] == {"heading": None, "text": None}
    assert validate(report, NEW) == ()


def test_numbers(clean: dict[str, Any]) -> None:
    review = clean["disputes"]["review"]
    review["upheld"], review["other"], review["total"] = -1, Decimal("1.5"), Decimal("3.0")
    clean["disclosure"]["fees"]["amount"] = Decimal("12.50")
    report = bound(clean)
    assert noted(report) == [
        ("not-a-count", "disputes.review.upheld"),
        ("not-a-count", "disputes.review.other"),
    ]
    assert report.data["disputes"]["review"]["total"] == 3
    assert report.data["disclosure"]["fees"]["amount"] == "12.50"
    clean["disclosure"]["fees"]["amount"] = 12
    assert bound(clean).data["disclosure"]["fees"]["amount"] == "12"


def test_texts(clean: dict[str, Any]) -> None:
    clean["others"]["text"] = ""
    clean["problems"]["text"] = None
    report = bound(clean)
    assert report.data["others"]["text"] == ""
    assert noted(report) == [("section-unread", "problems")]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("disputes.review.upheld", "5", "disputes.review.upheld"),
        ("disputes.review.upheld", True, "True"),
        ("disputes.review.upheld", [], "disputes.review.upheld"),
        ("disputes.review", 5, "an object"),
        ("disputes.review.uphelt", 5, "upheld"),
        ("disputs", {}, "disputes"),
        ("disclosure.fees.amount", "12,5", "decimal"),
        ("disclosure.fees.amount", False, "amount"),
        ("overview.text", 5, "a text"),
        ("cited", "x", "a list"),
        ("published", "2023-13-01", "published"),
        ("subject.kind", "departmnt", "department"),
        ("period", "2023", "whole number"),
        ("period", 1200, "period"),
        ("title", "x" * 1000, "title"),
    ],
)
def test_what_is_wrong_is_refused(
    clean: dict[str, Any], path: str, value: object, told: str
) -> None:
    *way, last = path.split(".")
    at = clean
    for key in way:
        at = at[key]
    at[last] = value
    with pytest.raises(DocumentError) as caught:
        bound(clean)
    assert caught.value.kind == "broken"
    assert told in caught.value.said.en


@pytest.mark.parametrize("data", [{}, {"x": 1}, {"data": {}}, {"form": 5}])
def test_what_is_no_report_is_set_apart(data: dict[str, Any]) -> None:
    verdict = bind(Document("a.json", "json", data=data), FORMS, lambda form: ())
    assert isinstance(verdict, Refusal)
    assert verdict.kind == "not-a-report"


def test_a_form_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DocumentError):
        bound({"form": "ogi-2020"})


def test_the_form_is_told_by_its_members(clean: dict[str, Any]) -> None:
    old = bind(document(OLD), FORMS, lambda form: ())
    assert isinstance(old, Report)
    assert bound(dict(old.data)).form == "ogi-2019"
    assert bound({"form": "ogi-2019"}).form == "ogi-2019"


def test_null_is_a_blank(clean: dict[str, Any]) -> None:
    clean["applications"]["new"]["total"] = None
    report = bound(clean)
    assert noted(report) == [("blank-cell", "applications.new.total")]
    assert report.coverage.cells_read == 200
