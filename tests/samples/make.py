"""Write reports_in/ anew from the sources here: python tests/samples/make.py [--into FOLDER]."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import as_data
import as_docx
import as_html
import as_text
import yaml
from sample import HERE, Sample, load, read

REPORTS_IN = HERE.parents[1] / "reports_in"
Made = tuple[str, bytes, dict[str, Any]]


def main() -> None:
    """Write every file and truth.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=REPORTS_IN)
    into: Path = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    truth = {}
    for name, content, facts in sorted([*reports(), *strays()]):
        if name in truth:
            raise ValueError(f"made twice: {name}")
        (into / name).write_bytes(content)
        truth[name] = facts
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    (into / "truth.json").write_text(text, encoding="utf-8", newline="\n")


def reports() -> Iterator[Made]:
    """Each source in each of its formats."""
    for path in sorted((HERE / "sources").glob("*.yaml")):
        sample = load(path)
        for file in sample.source["files"]:
            name = f"{sample.title}.{file['as']}"
            yield name, _written(sample, file), _truth(sample)


def strays() -> Iterator[Made]:
    """What else lies in an inspector's folder: no reports, each with its verdict."""
    for entry in yaml.safe_load((HERE / "strays" / "strays.yaml").read_text(encoding="utf-8")):
        facts = {
            "form": entry.get("form"),
            "period": entry.get("period"),
            "verdict": entry["verdict"],
            "cells": {},
            "defects": [],
        }
        yield entry["name"], _stray(entry), facts


def _written(sample: Sample, file: dict[str, str]) -> bytes:
    options = {key: value for key, value in file.items() if key != "as"}
    match file["as"]:
        case "docx":
            return as_docx.document(sample, **options)
        case "html":
            return as_html.page(sample, options["page"], options.get("encoding", "utf-8"))
        case "txt":
            glued = options["layout"] == "glued"
            return as_text.glued(sample) if glued else as_text.lines(sample)
        case "md":
            return as_text.pdf(sample)
        case "json":
            return as_data.as_json(sample)
        case "yaml":
            return as_data.as_yaml(sample)
    raise ValueError(f"unknown format: {file}")


def _stray(entry: dict[str, Any]) -> bytes:
    source = HERE / "strays" / str(entry["from"])
    if source.suffix == ".txt":
        return source.read_text(encoding="utf-8").encode()
    if "keep" in entry:
        whole = as_docx.document(load(source))
        return whole[: len(whole) * int(entry["keep"]) // 100]
    blank = load(source)
    return as_docx.blank_form(blank, entry["title"], entry["notes"])


def _truth(sample: Sample) -> dict[str, Any]:
    return {
        "form": sample.form,
        "period": sample.source["period"],
        "subject": sample.source["subject"],
        "published": sample.published.isoformat(),
        "source": sample.name,
        "cells": {path: read(text, path) for path, text in sample.cells.items()},
        "defects": sample.source["defects"],
    }


if __name__ == "__main__":
    main()
