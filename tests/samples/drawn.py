"""Samples with random figures: the same report in every layout, for the round trip.

What is printed varies as it does in real files: large numbers, blanks of every kind, decimals,
full-width digits, thousands separated by commas. Bodies, addresses and sentences are invented.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sample import COLUMNS, PRINTED, Sample, made

BODIES = ("示例市示例局", "云溪县水务局", "示例市青禾区人民政府", "云溪县柳河镇人民政府",
          "示例县市场监督管理局", "云溪县青石街道办事处")  # fmt: skip
WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
EMPTY = ("", "/", "-", "—", "无")
RESULTS_NOT = ("new", "carried_in", "total", "carried_out")


def drawn(seed: int, form: str | None = None, *, blanks: bool = True) -> Sample:
    """One report; the same seed gives the same report. `blanks` lets some zeros be blank."""
    rng = random.Random(seed)
    form = form or rng.choice(("ogi-2021", "ogi-2021", "ogi-2019"))
    year = rng.randint(2021, 2024) if form == "ogi-2021" else rng.randint(2019, 2020)
    source: dict[str, Any] = {
        "subject": rng.choice(BODIES),
        "form": form,
        "period": year,
        "published": date(year + 1, 1, 4) + timedelta(days=rng.randint(0, 80)),
        "preface": rng.choice(("city", "county", "brief") if form == "ogi-2021" else ("old",)),
        "address": "示例市临江路120号",
        "phone": "0399-5550010",
        "disclosure": _disclosure(form, rng),
        "applications": _applications(form, rng),
        "disputes": {
            kind: [_count(rng, 0.3) for _ in range(4)]
            for kind in ("review", "direct_litigation", "litigation_after_review")
        },
    }
    source |= _narrative(rng, year)
    plain = made(f"drawn-{seed}", source)
    return made(f"drawn-{seed}", {**source, "printed": _printed(plain, rng, blanks)})


def _count(rng: random.Random, busy: float) -> int:
    """Mostly zero, sometimes small, seldom as large as a city's."""
    if rng.random() > busy:
        return 0
    return rng.choice((rng.randint(1, 9), rng.randint(10, 400), rng.randint(1_000, 99_999)))


def _disclosure(form: str, rng: random.Random) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for block in PRINTED["forms"][form]["blocks"]:
        for row in block["rows"]:
            out[row] = [_figure(column, rng) for column in block["columns"]]
    return out


def _figure(column: str, rng: random.Random) -> Any:
    if column == "amount":
        places = rng.choice((0, 1, 2, 4, 6))
        return str(Decimal(rng.randint(0, 10**9)).scaleb(-places)) if rng.random() < 0.6 else "0"
    if column == "change":
        return rng.choice((0, rng.randint(-200, 200)))
    return _count(rng, 0.5)


def _applications(form: str, rng: random.Random) -> dict[str, list[int]]:
    """Results at random; what came in is worked out, so that the form's equation holds."""
    results = _leaves(form)
    people = len(COLUMNS) - 1
    busy = rng.choice((0.02, 0.15, 0.4))
    table = {row: [_count(rng, busy) for _ in range(people)] for row in results}
    sums = [sum(column) for column in zip(*table.values(), strict=True)]
    left = [_count(rng, busy) for _ in range(people)]
    carried = [rng.randint(0, min(60, a + b)) for a, b in zip(sums, left, strict=True)]
    new = [a + b - c for a, b, c in zip(sums, left, carried, strict=True)]
    return {**table, "new": new, "carried_in": carried, "carried_out": left}


def _leaves(form: str) -> list[str]:
    found: list[str] = []
    labels: Mapping[str, Any] = PRINTED["forms"][form]["results"]
    for key, label in labels.items():
        if isinstance(label, str):
            found += [key] if key != "total" else []
        else:
            found += [f"{key}.{child}" for child in label["rows"]]
    return found


def _printed(plain: Sample, rng: random.Random, blanks: bool) -> dict[str, str]:
    """How the cells are printed: one hand for a whole report, as real ones have."""
    empty = rng.choice(EMPTY) if blanks and rng.random() < 0.5 else "0"
    share = rng.choice((0.1, 0.5, 1.0))
    hand = rng.choice(("plain", "plain", "plain", "wide", "commas"))
    out: dict[str, str] = {}
    for path, text in plain.cells.items():
        if text == "0":
            shown = empty if rng.random() < share else text
        elif hand == "wide":
            shown = text.translate(WIDE)
        else:
            shown = f"{Decimal(text):,}" if hand == "commas" else text
        if shown != text:
            out[path] = shown
    return out


def _narrative(rng: random.Random, year: int) -> dict[str, str]:
    """Sentences with numbers that are not the tables': they must not get into cells."""
    items, given, trained = rng.randint(40, 9_000), rng.randint(1, 80), rng.randint(1, 9)
    return {
        "overview": (
            f"{year}年，本单位按时完成各项工作。\n"
            f"（一）主动公开。全年公开信息{items}条，其中行政许可{given}条。\n"
            f"（二）监督保障。全年培训{trained}次，受理来电{given + trained}次。"
        ),
        "problems": (
            "（一）存在的问题。一是部分栏目更新不够及时；二是专业术语解释不足。\n"
            f"（二）改进情况。一是建立按月核对制度；二是{year}年补充说明{trained}条。"
        ),
        "others": "本年度没有其他需要报告的事项。",
    }
