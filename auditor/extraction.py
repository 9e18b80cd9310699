"""A bound report as a file that a person can correct and audit again."""

from __future__ import annotations

from pathlib import Path

from auditor.json_text import to_bytes
from auditor.model import Report
from auditor.renderers.json import report_content


def target(folder: Path, name: str, *, as_yaml: bool) -> Path:
    """Where the report of a document goes: its own name, parts of an archive's joined."""
    parts = Path(name).parts
    inside = next((n for n, part in enumerate(parts) if part.lower().endswith(".zip")), -1)
    plain = "stdin" if name == "-" else "__".join(parts[inside:])
    return folder / f"{plain}.report.{'yaml' if as_yaml else 'json'}"


def report_bytes(report: Report, *, as_yaml: bool) -> bytes:
    """The whole report: data, places, observations, coverage."""
    content = to_bytes(report_content(report))
    if not as_yaml:
        return content
    import json

    return to_yaml(json.loads(content))


def to_yaml(content: object) -> bytes:
    """Plain data as YAML that our own strict loader gives back as it was."""
    import yaml

    from auditor.rulebook.scalars import strict_scalar

    class Dumper(yaml.SafeDumper):
        """Quotes every text that is more than a word to some reader of YAML, such as 0501."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
        quote = None if value and strict_scalar(value) == value else "'"
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=quote)

    Dumper.add_representer(str, text)
    dumped: str = yaml.dump(content, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100)
    return dumped.encode("utf-8")
