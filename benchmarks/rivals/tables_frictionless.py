"""frictionless over flattened reports: python tables_frictionless.py CHECKS FOLDER BLANK.

Stands alone; prints a line of JSON for each error. One report is one row, one cell one field; a
table that is not there is a row of blanks. BLANK says what a blank is: `zero` counts it as 0,
`skip` leaves its sums out, `any` lets it be any number from 0 and asks for whole tables in a
field of their own (the lines marked so).
"""

import json
import sys
from pathlib import Path

from frictionless import Checklist, Resource, Schema, checks, fields


def flat(node, prefix=""):
    """A report as one record; formulas may have no dots in names."""
    for key, value in node.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}__")
        else:
            yield prefix + key, value


def formula(check, blank):
    """A sum as a formula over a row."""
    names = {side: [path.replace(".", "__") for path in check[side]] for side in ("left", "right")}
    sums = {side: " + ".join(f"({n} or 0)" for n in names[side]) for side in names}
    blanks = {side: " or ".join(f"{n} is None" for n in names[side]) for side in names}
    same = f"{sums['left']} == {sums['right']}"
    if blank == "skip":
        return f"{blanks['left']} or {blanks['right']} or {same}"
    if blank == "any":  # any
        less = f"{sums['left']} < {sums['right']} and ({blanks['left']})"  # any
        more = f"{sums['left']} > {sums['right']} and ({blanks['right']})"  # any
        return f"{same} or {less} or {more}"  # any
    return same


def resource_of(files, cells, blank):
    """The reports as rows."""
    reports = [json.loads(f.read_text(encoding="utf-8")) for f in files]
    records = [dict(flat(report)) for report in reports]
    rows = [{name: record.get(name) for name in cells} for record in records]
    form = [fields.IntegerField(name=n, constraints={"minimum": 0}) for n in cells]
    if blank == "any":  # any
        for table in sorted({name.split("__")[0] for name in cells}):  # any
            form.append(fields.BooleanField(name=table, constraints={"enum": [True]}))  # any
            for row, report in zip(rows, reports, strict=True):  # any
                row[table] = table in report  # any
    return Resource(data=rows, schema=Schema(fields=form))


def main(sums, folder, blank):
    """Print the errors of a folder of reports."""
    sums = json.loads(Path(sums).read_text(encoding="utf-8"))
    cells = sorted({p.replace(".", "__") for c in sums for p in (*c["left"], *c["right"])})
    files = sorted(Path(folder).glob("*.json"))
    ids = {formula(check, blank): check["id"] for check in sums}
    checklist = Checklist(checks=[checks.row_constraint(formula=text) for text in ids])
    report = resource_of(files, cells, blank).validate(checklist, limit_errors=100_000)
    for row, note, message in report.flatten(["rowNumber", "note", "message"]):
        name = files[row - 2].name if row else ""  # the header is row 1
        check = next((ids[text] for text in ids if f'"{text}"' in note), "schema")
        print(json.dumps({"file": name, "check": check, "message": message}, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
