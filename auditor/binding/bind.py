"""Document → Report, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from auditor.binding.data import bind_data, form_of_data
from auditor.errors import Said, UsageError
from auditor.form import Form
from auditor.model import Document, Identity, Refusal, Report

Identities = Callable[[Form], Sequence[Identity]]


def bind(
    document: Document,
    forms: Sequence[Form],
    identities: Identities,
    *,
    form: str | None = None,
    period: int | None = None,
    kind: str | None = None,
) -> Report | Refusal:
    """Fill in the form that a document follows.

    `identities` gives the linear equalities of a form, by which glued numbers may be split.
    `form`, `period` and `kind` overrule what is recognised or read. Raises UsageError for a form
    that does not exist, DocumentError where JSON or YAML is no report.
    """
    chosen = _named(forms, form)
    if document.data is not None:
        of = chosen or form_of_data(document, [f for f in forms if f.refuse is None])
        if of is None:
            return Refusal(document.source, "not-a-report", _NO_DATA)
        return bind_data(document, of, period=period, kind=kind)
    # Imported here: a JSON report needs nothing of it, and start-up is part of the product.
    from auditor.binding.papers import bind_papers

    return bind_papers(document, forms, identities, chosen, period=period, kind=kind)


_NO_DATA = Said(
    "文件里没有任何一种表式的成员，不是报告数据。",
    "The file has no member of any known form: it is no report data.",
)


def _named(forms: Sequence[Form], name: str | None) -> Form | None:
    """The form that was asked for; UsageError if there is none of that name."""
    if name is None:
        return None
    for form in forms:
        if form.id == name and form.refuse is None:
            return form
    known = "、".join(f.id for f in forms if f.refuse is None)
    raise UsageError(
        Said(f"没有表式 {name}；现有：{known}。", f"There is no form {name}; there are: {known}.")
    )
