"""The page of the language: verbs, keys, functions, kinds, thresholds, each from its own home."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from auditor.form import Form
from auditor.observations import OBSERVATIONS
from auditor.renderers.words import load
from auditor.rulebook.entry import KEYS
from auditor.rulebook.functions import FUNCTIONS
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.schema import MEANINGS
from auditor.rulebook.verbs import verbs
from auditor.text import written
from auditor.workbench.site.rules import source


def language_page(rules: RuleSet, forms: tuple[Form, ...], lang: str) -> dict[str, Any]:
    """What the template of the language needs."""
    english = lang == "en"
    return {
        "sample": _sample(rules),
        "verbs": [_verb(name, rules, lang) for name in verbs()],
        "keys": [
            {"name": key if english else zh, "other": zh if english else key,
             "meaning": _meaning(MEANINGS[key], lang)}
            for key, zh in KEYS.items()
        ],
        "functions": _functions(lang),
        "kinds": [kind if english else said.zh for kind, said in OBSERVATIONS.items()],
        "thresholds": [
            {"name": name, "value": ", ".join(f"{y}: {written(v)}" for y, v in held.values),
             "basis": held.basis}
            for name, held in rules.thresholds.items()
        ],
    }  # fmt: skip


def _sample(rules: RuleSet) -> str:
    """The shortest rule that shows a table, a message and examples."""
    fit = (r for r in rules.rules if r.verb == "assert" and r.for_each and r.message)
    return min((source(rules, rule) for rule in fit), key=len, default="")


def _verb(name: str, rules: RuleSet, lang: str) -> dict[str, Any]:
    verb = verbs()[name]
    rule = min((r for r in rules.rules if r.verb == name), key=lambda r: len(source(rules, r)))
    english = lang == "en"
    return {
        "name": verb.NAME if english else verb.ALIAS,
        "other": verb.ALIAS if english else verb.NAME,
        "meaning": load(lang, "site")(f"language.verb.{name}"),
        "rule": rule.id,
        "below": _below(name, lang),
    }


def _below(name: str, lang: str) -> list[tuple[str, str]]:
    """The keys of the body of a verb with what they mean; none where it is one expression."""
    module: Any = import_module(verbs()[name].prepare.__module__)
    keys: dict[str, str] = getattr(module, "KEYS", {})
    words = load(lang, "site")
    written_ = {key: key for key in keys.values()} | {
        meaning: key for key, meaning in keys.items() if not key.isascii()
    }
    return [
        (key if lang == "en" else written_[key], words(f"below.{name}.{key}"))
        for key in dict.fromkeys(keys.values())
    ]


def _meaning(text: str, lang: str) -> str:
    """One half of `Chinese · English`."""
    zh, _, en = text.partition(" · ")
    return en if lang == "en" and en else zh


def _functions(lang: str) -> list[dict[str, str]]:
    words = load(lang, "workbench")
    english = lang == "en"
    found = []
    for function in FUNCTIONS.values():
        phrase = words.get(f"function.{function.name}", "")
        letters = {
            "all": "x",
            "first": "x",
            "rest": "y",
            "any": "y",
            "most": "x",
            "last": "y",
            "second": "y",
            "others": "z",
        }
        found.append({
            "name": function.name if english else function.chinese,
            "other": function.chinese if english else function.name,
            "meaning": phrase.format(**letters),
        })  # fmt: skip
    return found
