"""Reports of invented bodies as JSON files: for what is measured on many documents.

Usage: python benchmarks/synthetic.py FOLDER COUNT [YEARS]

The same arguments give the same bytes. Bodies are counties times bureaus, each with YEARS reports
in a row (2 by default) whose stocks continue; texts are put together from a large stock of
sentences so that bodies differ; the figures in the text are those of the tables. About one report
in eight has a planted slip, one in twenty a printed blank; folders hold 1,000 files.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

SAMPLE = (
    Path(__file__).resolve().parent.parent
    / "reports_in"
    / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
)


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


FIRST, SECOND = (
    "云青石柳松桂兰竹梅枫桐榆枣杏桃荷莲菊芦苇禾麦谷粟白金玉银铜双三大小长清明永安",
    "溪岭河湖泉塘湾洲屿坪垭坝沟浦渚洋",
)
BUREAUS = words(
    "教育局 民政局 司法局 财政局 水利局 统计局 审计局 商务局 林业局 气象局 农业农村局 卫生健康局 "
    "交通运输局 自然资源局 生态环境局 应急管理局 城市管理局 医疗保障局 市场监督管理局 发展和改革局 "
    "住房和城乡建设局 文化和旅游局 人力资源和社会保障局 退役军人事务局 科学技术局 民族宗教事务局 "
    "信访局 体育局 粮食和物资储备局 乡村振兴局 行政审批局 数据局 园林绿化局 "
    "地方金融监管局 机关事务局"
)
COLUMNS = (
    "natural_person", "commercial_enterprise", "research_institution",
    "public_welfare_organization", "legal_service_organization", "other",
)  # fmt: skip
SUBJECTS = words(
    "办事指南 栏目设置 台账登记 政策解读 公示清单 网站检索 信息审查 答复文书 档案移交 目录编制 "
    "意见征集 会议记录 数据校核 窗口咨询 基层培训 群众来信 热线工单 监督检查 项目进度 资金去向 "
    "招标结果 许可条件 处罚依据 检查频次 服务时限 投诉渠道 应急预案 规划文本 土地征收 住房保障"
)
VERBS = words(
    "逐项梳理 重新编排 集中清理 按月核对 分级审核 当面听取 公开征询 抽样检查 统一登记 提前告知 "
    "限期改正 对照清单完善 结合实际细化 会同有关股室核实 邀请群众代表评议 委托第三方评估"
)
RESULTS = words(
    "当年见效 已全部完成 群众反映较好 差错明显减少 查找时间缩短 答复质量提高 责任到人 形成制度 "
    "列入考核 写进了工作细则 得到上级肯定 效果仍待观察"
)

Cells = dict[str, Any]


def bodies(count: int) -> Iterator[tuple[str, str]]:
    """(county, bureau), every pair once, counties first so that any number mixes bureaus."""
    counties = [f"{a}{b}县" for a, b in product(FIRST, SECOND)]
    pairs = ((c, b) for b in BUREAUS for c in counties)
    for _, pair in zip(range(count), pairs, strict=False):
        yield pair


def sentences(chance: random.Random, many: int) -> str:
    """Sentences about work, no two bodies with the same ones in the same order."""
    said = []
    for _ in range(many):
        one, two = chance.sample(SUBJECTS, 2)
        verb, way = chance.choice(VERBS), chance.choice(RESULTS)
        figure = chance.choice(
            ("", f"，涉及{chance.randint(2, 90)}个村组", "，由专人负责", "，每季度通报一次")
        )
        said.append(f"对{one}{verb}{figure}，并就{two}{chance.choice(VERBS)}，{way}。")
    return "".join(said)


def table(chance: random.Random, carried: Sequence[int]) -> tuple[Cells, list[int]]:
    """Table three, all sums right; what is carried out, by column."""
    rows = ("granted", "partly_granted", "denied.third_party_rights", "denied.enforcement_files",
            "unavailable.not_held", "not_processed.petition", "other.overdue_correction",
            )  # fmt: skip
    counts: dict[str, list[int]] = {row: [] for row in (*rows, "new", "total", "carried_out")}
    for number in range(len(COLUMNS)):
        busy = number < 2 or chance.random() < 0.05
        done = [chance.choice((0, 0, 1, 2, chance.randint(0, 12))) if busy else 0 for _ in rows]
        left = chance.randint(0, 2) if busy else 0
        new = sum(done) + left - carried[number]
        if new < 0:
            done[0] += -new
            new = 0
        for row, value in zip(rows, done, strict=True):
            counts[row].append(value)
        counts["new"].append(new)
        counts["total"].append(sum(done))
        counts["carried_out"].append(left)
    counts["carried_in"] = list(carried)
    return counts, counts["carried_out"]


def fill(data: Cells, counts: Cells) -> None:
    """The counts into the table, with the column of totals."""
    for path, values in counts.items():
        row = data["applications"]
        for part in path.split("."):
            row = row[part]
        row |= dict(zip(COLUMNS, values, strict=True)) | {"total": sum(values)}


def zeroed(node: Any) -> Any:
    """All counts 0."""
    if isinstance(node, dict):
        return {key: zeroed(value) for key, value in node.items()}
    return 0 if isinstance(node, int) else node


def report(
    name: str, year: int, sample: Cells, chance: random.Random, carried: list[int], stock: int
) -> tuple[Cells, list[int], int]:
    """One report, what it carries over, and its stock of documents."""
    data = zeroed(sample)
    counts, left = table(chance, carried)
    fill(data, counts)
    made = chance.choice((0, 0, 1, 2))
    repealed = chance.choice((0, 0, 0, 1))
    data["disclosure"]["normative_documents"] |= {
        "made": made,
        "repealed": repealed,
        "in_force": stock + made - repealed,
    }
    data["disclosure"]["licences"]["decisions"] = chance.randint(0, 4000)
    data["disclosure"]["penalties"]["decisions"] = chance.randint(0, 300)
    data["disclosure"]["fees"]["amount"] = "0"
    upheld = chance.choice((0, 0, 0, 1, 2))
    data["disputes"]["review"] |= {"upheld": upheld, "total": upheld}
    data |= {"period": year, "published": f"{year + 1}-01-{chance.randint(10, 30)}"}
    data["subject"] = {"name": name, "kind": "department", "level": "county"}
    data["title"] = f"{name}{year}年政府信息公开工作年度报告"
    data["covers"] = {"from": f"{year}-01-01", "to": f"{year}-12-31"}
    data["opening"] = (
        f"根据《中华人民共和国政府信息公开条例》，现公布{name}{year}年政府信息公开工作年度报告。"
        f"全文共六个部分：总体情况，主动公开政府信息情况，收到和处理政府信息公开申请情况，"
        f"政府信息公开行政复议、行政诉讼情况，存在的主要问题及改进情况，其他需要报告的事项。"
        f"统计期限为{year}年1月1日至12月31日。联系电话：0399-555{chance.randint(1000, 9999)}。"
    )
    new, done = sum(counts["new"]), sum(counts["total"])
    data["overview"]["text"] = (
        f"{year}年，本局按照要求推进公开工作。\n"
        f"（一）主动公开。通过县政府网站发布信息{chance.randint(40, 900)}条。"
        f"{sentences(chance, 5)}\n"
        f"（二）依申请公开。新收政府信息公开申请{new}件，上年结转{sum(carried)}件，"
        f"全年办结{done}件，结转下年度{sum(left)}件。{sentences(chance, 3)}\n"
        f"（三）政府信息管理。{sentences(chance, 5)}"
        f"\n（四）平台建设。{sentences(chance, 4)}\n（五）监督保障。{sentences(chance, 4)}"
        + (f"\n发生行政复议{upheld}件，结果维持。" if upheld else "")
    )
    data["problems"]["text"] = (
        f"（一）存在的主要问题。一是{sentences(chance, 2)}二是{sentences(chance, 2)}"
        f"\n（二）改进情况。一是{sentences(chance, 2)}二是{sentences(chance, 2)}"
    )
    return data, left, stock + made - repealed


def spoiled(data: Cells, chance: random.Random) -> None:
    """A slip in one report of eight, a printed blank in one of twenty."""
    if chance.random() < 1 / 8:
        row = data["applications"][chance.choice(("new", "total", "carried_out", "granted"))]
        row[chance.choice((*COLUMNS[:2], "total"))] += chance.choice((1, 2, 10))
    if chance.random() < 1 / 20:
        data["applications"]["carried_in"]["research_institution"] = None


def reports(count: int, years: int = 2) -> Iterator[tuple[str, Cells]]:
    """(file name, data) of so many reports."""
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    made = 0
    for county, bureau in bodies(count // years + 1):
        chance = random.Random(f"{county}{bureau}")
        carried = [chance.randint(0, 2), *[0] * 5]
        stock = chance.randint(4, 12)
        for year in range(2024 - years, 2024):
            if made == count:
                return
            data, carried, stock = report(county + bureau, year, sample, chance, carried, stock)
            spoiled(data, chance)
            yield f"{made // 1000:03}/{county}{bureau}{year}.json", data
            made += 1


def write(folder: Path, count: int, years: int = 2) -> None:
    """The files, a thousand to a folder."""
    for name, data in reports(count, years):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2)
