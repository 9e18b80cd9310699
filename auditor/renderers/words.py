"""The words that renderers print: `auditor/words/<language>.yaml`, the same keys in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "words"


class Words:
    """One language. `words("grade.none")` is a phrase, its `{gaps}` filled by name."""

    def __init__(self, lang: str, phrases: Mapping[str, str]) -> None:
        self.lang = lang
        self.phrases = phrases

    def __call__(self, key: str, **gaps: object) -> str:
        """The phrase with its gaps filled; KeyError for a key that the file does not have."""
        phrase = self.phrases[key]
        return phrase.format(**gaps) if gaps else phrase

    def get(self, key: str, default: str) -> str:
        """The phrase, or `default`: for words that belong to data, such as a letter."""
        return self.phrases.get(key, default)

    def labels(self) -> tuple[str, ...]:
        """The labels that stand before texts, so that all of them get the same room."""
        return tuple(v for k, v in self.phrases.items() if k.startswith("label."))


@lru_cache(maxsize=8)
def load(lang: str, part: str = "") -> Words:
    """The words of one language; Chinese unless `lang` is `en`. `part` is one output's own file."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    name = "en" if lang == "en" else "zh"
    file = f"{part}.{name}.yaml" if part else f"{name}.yaml"
    text = (FOLDER / file).read_text(encoding="utf-8")
    return Words(name, dict(_flat(yaml.load(text, Loader=loader))))  # noqa: S506 - a safe loader


def _flat(tree: Mapping[str, object], lead: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{lead}{key}.")
        else:
            yield f"{lead}{key}", str(value)
