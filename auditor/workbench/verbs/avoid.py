"""avoid: words and patterns that must not occur."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Result
from auditor.rulebook.facts import Facts
from auditor.rulebook.looking import EVERYWHERE, HEADINGS, KEYS, Looking, looking
from auditor.rulebook.veil import Veil
from auditor.workbench.ground import Ground, many, members
from auditor.workbench.steps import Step, place_of
from auditor.workbench.verbs._any import findings

NAME = "avoid"


def said(ground: Ground) -> str:
    """`these words must not occur in these texts`."""
    body, words = ground.rule.body, ground.words
    parts = members(body, KEYS) if isinstance(body, dict) else {"words": body}
    texts, what = _texts(ground, parts.get("in")), _what(ground, parts)
    least = parts.get("at_least", 1)
    if isinstance(least, int) and least > 1:
        text = words("sentence.avoid_many", texts=texts, count=least, what=what)
    else:
        text = words("sentence.avoid", texts=texts, what=what)
    return text + "".join(_limits(ground, parts))


def _what(ground: Ground, parts: dict[str, object]) -> str:
    words, wording = ground.words, ground.wording()
    found = []
    if parts.get("words"):
        quoted = [wording.quoted(word) for word in many(parts["words"])]
        found.append(words("sentence.words", words=wording.listed(quoted)))
    if parts.get("patterns"):
        found.append(words("sentence.patterns", count=len(many(parts["patterns"]))))
    if parts.get("lists"):
        names = wording.listed(many(parts["lists"]))
        found.append(words("sentence.lists", names=names))
    return words("sign.list").join(found)


def _texts(ground: Ground, node: object) -> str:
    if node is None:
        return ground.words("sentence.all_texts")
    names = []
    for name in many(node):
        if name in EVERYWHERE:
            names.append(ground.words("sentence.everywhere"))
        elif name in HEADINGS:
            names.append(HEADINGS[0] if ground.words.lang == "en" else HEADINGS[1])
        else:
            names.append(ground.told(name))
    return ground.words("sign.list").join(names)


def _limits(ground: Ground, parts: dict[str, object]) -> Iterator[str]:
    wording = ground.wording()
    for key in ("unless", "near", "not_near"):
        if parts.get(key):
            told = wording.listed([wording.quoted(word) for word in many(parts[key])])
            yield ground.words(f"sentence.{key}", words=told)
    if parts.get("verify"):
        yield ground.words("sentence.verify", check=str(parts["verify"]))


def unfold(ground: Ground, facts: Facts, result: Result) -> Iterator[Step]:
    """Every text that was searched, with all that was found in it; then what became of that."""
    what = looking(ground.job, NAME)
    if what is None:
        return
    for path in what.texts:
        text = facts.values.get(path)
        if isinstance(text, str) and (text or path not in what.optional):
            yield _searched(ground, facts, what, path, text)
    yield from findings(ground.words, result)


def _searched(ground: Ground, facts: Facts, what: Looking, path: str, text: str) -> Step:
    words, veil = ground.words, Veil(ground.rule.mask)
    hits = what.hits(path, text, None)
    shown = [Step(words("step.hit", word=veil.shown(hit))) for hit in hits]
    value = words("step.chars", count=len(text))
    if not hits:
        value += words("sign.list") + words("step.none_hit")
    place = place_of(facts.locations.get(path), words)
    return Step(ground.label(path), value, "", place, "read", path=path, steps=tuple(shown))
