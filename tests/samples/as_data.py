"""Samples as bare data, with the keys of the form's schema."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from sample import Sample, read

CITED = re.compile(r"国[^〔，。]{1,10}〔20\d\d〕\d+号")


def as_json(sample: Sample) -> bytes:
    """The data as JSON."""
    return (json.dumps(_data(sample), ensure_ascii=False, indent=2) + "\n").encode()


def as_yaml(sample: Sample) -> bytes:
    """The data as YAML, texts of several paragraphs as blocks."""
    text: str = yaml.dump(
        _data(sample), Dumper=_Blocks, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text.encode()


class _Blocks(yaml.SafeDumper):
    """Writes strings of several lines as literal blocks."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """One string."""
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Blocks.add_representer(str, _Blocks.represent_str)


def _data(sample: Sample) -> dict[str, Any]:
    source, year = sample.source, sample.source["period"]
    data: dict[str, Any] = {
        "subject": {
            "name": source["subject"],
            "kind": source["kind"],
            "level": source["level"],
        },
        "period": year,
        "title": sample.title,
        "published": sample.published.isoformat(),
        "covers": {"from": f"{year}-01-01", "to": f"{year}-12-31"},
        "opening": "\n".join(sample.opening),
        "cited": CITED.findall("".join(sample.opening)),
    }
    for key in sample.sections:
        data[key] = {"heading": sample.heading(key)}
        if sample.text(key):
            data[key]["text"] = "\n".join(sample.text(key))
    for path, text in sample.cells.items():
        _put(data, path.split("."), read(text, path))
    return data


def _put(data: dict[str, Any], keys: list[str], value: int | str | None) -> None:
    for key in keys[:-1]:
        data = data.setdefault(key, {})
    data[keys[-1]] = value
