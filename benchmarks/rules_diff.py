"""rules diff over many JSON reports: seconds for one edited rule, and for an edit of all.

    python benchmarks/rules_diff.py [REPORTS]

The reports are invented: one that is in order, with other names, years, numbers and sentences; one
in ten has a sum that does not hold. Target: 1,000 reports in at most 10 s for an edited rule.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from auditor.gather import inputs
from auditor.pipeline import Settings
from auditor.readers import known_suffixes
from auditor.session import load_the_forms
from auditor.workbench.comparing import compare
from auditor.workbench.revisions import edition

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "reports_in" / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"


def main() -> None:
    """Print a line for each kind of edit."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        corpus, rules = Path(folder) / "corpus", Path(folder) / "ogi"
        corpus.mkdir()
        write(corpus, many)
        shutil.copytree(ROOT / "rules" / "ogi", rules)
        path = rules / "arithmetic.yaml"
        text = path.read_text("utf-8")
        path.write_text(text.replace("上年结转 = 办理", "上年结转 >= 办理", 1), "utf-8")
        measure("one rule", rules, corpus)
        for path in rules.glob("*.yaml"):
            text = path.read_text("utf-8")
            path.write_text(re.sub(r"(?m)^  依据:", "  止: 2998\n  依据:", text), "utf-8")
        measure("every rule", rules, corpus)


def measure(name: str, rules: Path, corpus: Path) -> None:
    """Compare and print what it took."""
    start, used = time.perf_counter(), time.process_time()
    forms = load_the_forms(None)
    old, new = edition(str(ROOT / "rules" / "ogi"), forms), edition(str(rules), forms)
    settings = Settings(forms, old.rules, "2024-02-01")
    found = compare(old, new, inputs([corpus], known_suffixes()), settings)
    wall, cpu = time.perf_counter() - start, time.process_time() - used
    print(f"{name}: {found.reports} reports, {len(found.changed)} rules differ, "
          f"{len(found.bodies)} reports change: {cpu:.1f} s CPU, {wall:.1f} s wall")  # fmt: skip


def write(folder: Path, many: int) -> None:
    """That many reports."""
    chance = random.Random(20240131)
    letters = [chr(0x4E00 + n) for n in range(2500)]
    stock = ["".join(chance.choices(letters, k=chance.randint(15, 60))) for _ in range(20_000)]
    source = json.loads(SOURCE.read_text("utf-8"))
    for number in range(many):
        data = json.loads(json.dumps(source))
        vary(data, number, chance, stock)
        text = json.dumps(data, ensure_ascii=False)
        (folder / f"{number:05d}.json").write_text(text, "utf-8")


def vary(data: dict, number: int, chance: random.Random, stock: list[str]) -> None:
    """Another body, year, and other figures that agree with each other."""
    year, more = 2021 + number % 3, chance.randint(0, 9)
    data["subject"]["name"] = f"示例县第{number:05d}局"
    data["title"] = f"示例县第{number:05d}局{year}年政府信息公开工作年度报告"
    data["period"], data["published"] = year, f"{year + 1}-01-{chance.randint(10, 31):02d}"
    data["covers"] = {"from": f"{year}-01-01", "to": f"{year}-12-31"}
    for row in ("new", "granted", "total"):
        for column in ("natural_person", "total"):
            data["applications"][row][column] += more
    if number % 10 == 0:
        data["applications"]["new"]["total"] += 1
    text = data["overview"]["text"].replace("2023", str(year))
    for phrase, told in (("申请20件", 20), ("办结21件", 21), ("自然人17", 17)):
        text = text.replace(phrase, phrase.replace(str(told), str(told + more)))
    data["overview"]["text"] = "。".join(chance.choices(stock, k=10)) + "。" + text
    data["problems"]["text"] = (
        "存在的问题：" + "。".join(chance.choices(stock, k=4)) + "。改进措施："
    )
    data["problems"]["text"] += "。".join(chance.choices(stock, k=4)) + "。"


if __name__ == "__main__":
    main()
