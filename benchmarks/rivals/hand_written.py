"""python-jsonschema and sums by hand: python hand_written.py SCHEMA CHECKS FOLDER BLANK.

Stands alone; prints a line of JSON for each error. BLANK says what a blank is: `zero` counts it
as 0, `skip` leaves its sums out, `any` lets it be any number from 0 (the lines marked so).
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator


def cell(report, path):
    """The number at a dotted path, None for a blank; KeyError where the table is missing."""
    for part in path.split("."):
        report = report[part]
    return report


def side(paths, values):
    """One side of a sum, written out."""
    return " + ".join(f"{path} ({values[path]})" for path in paths)


def sums(report, checks, blank):
    """(check, message) of every sum that does not hold."""
    for check in checks:
        try:
            values = {p: cell(report, p) for p in (*check["left"], *check["right"])}
        except KeyError:
            continue  # the schema has told that it is missing
        if blank == "skip" and None in values.values():
            continue
        left = sum(values[p] or 0 for p in check["left"])
        right = sum(values[p] or 0 for p in check["right"])
        short = check["left"] if left < right else check["right"]  # any
        if blank == "any" and None in [values[p] for p in short]:  # any
            continue  # any
        if left != right:
            told = f"{side(check['left'], values)} = {left}, but "
            yield check["id"], told + f"{side(check['right'], values)} = {right}"


def main(schema, checks, folder, blank):
    """Print the errors of a folder of reports."""
    validator = Draft202012Validator(json.loads(Path(schema).read_text(encoding="utf-8")))
    checks = json.loads(Path(checks).read_text(encoding="utf-8"))
    for file in sorted(Path(folder).glob("*.json")):
        report = json.loads(file.read_text(encoding="utf-8"))
        found = [("schema", f"{e.json_path}: {e.message}") for e in validator.iter_errors(report)]
        for check, message in (*found, *sums(report, checks, blank)):
            told = {"file": file.name, "check": check, "message": message}
            print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
