"""Rules whose examples were found right before: after an edit only those that it touches are tried.

What an example comes to depends on its rule, on what all rules of the set share, on the forms and
on the engine; a rule is known by the digest of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from auditor.corpus.kept import Kept, default_path
from auditor.corpus.keys import digest, engine_key, rules_frame
from auditor.form import Form
from auditor.rulebook.rule import Rule, RuleSet

_ASIDE = frozenset(("origin", "marks", "basis", "fix", "examples", "exceptions"))
"""Of a rule what its examples do not depend on, or what is taken without its place in the file."""


class Sound:
    """Rules that are known to be sound on these forms. What was tried anew is kept by `keep`."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = [(form.id, form.schema) for form in forms]
        self._kept = Kept(default_path())
        self._known: dict[int, Mapping[str, bytes]] = {}
        self._found: set[bytes] = set()

    def holds(self, rules: RuleSet, rule: Rule) -> bool:
        """Whether the examples of this rule were found right before, all else being as it is."""
        if id(rules) not in self._known:
            keys = self._known[id(rules)] = self._keys(rules)
            self._found |= self._kept.fetch(list(keys.values())).keys()
        return self._known[id(rules)].get(rule.id) in self._found

    def keep(self) -> None:
        """Keep all that were asked about: they were found sound now."""
        asked = {key for keys in self._known.values() for key in keys.values()}
        self._kept.keep(dict.fromkeys(asked - self._found, b""))
        self._kept.close()

    def _keys(self, rules: RuleSet) -> Mapping[str, bytes]:
        """The keys of a set's own rules; none for a rule of values that have no digest."""
        shared = digest(b"sound", engine_key(), self._forms, rules_frame(rules))
        found = {}
        for rule in rules.own:
            try:
                found[rule.id] = digest(shared, *_told(rule))
            except TypeError:
                continue
        return found


def _told(rule: Rule) -> list[object]:
    named = [(f.name, getattr(rule, f.name)) for f in fields(rule) if f.name not in _ASIDE]
    lawful = [(one.when, one.say) for one in rule.exceptions]
    return [named, lawful, [(one.edits, one.expects) for one in rule.examples]]
