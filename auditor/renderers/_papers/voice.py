"""How a paper speaks: its language, its words, and values as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from auditor.errors import Said
from auditor.model import Audit, Basis, Severity, Value
from auditor.renderers._papers.plain import clean
from auditor.renderers.words import Words, load
from auditor.text import written


@dataclass(frozen=True, slots=True)
class Voice:
    """`words` are those of the papers, `common` those that every output has."""

    words: Words
    common: Words

    def say(self, said: Said | None) -> str:
        """A sentence in the reader's language, clean; nothing for none."""
        return clean(said.inside(self.words.lang)) if said is not None else ""

    def value(self, value: Value | None, *, signed: bool = False) -> str:
        """A value as people write it; the word for a blank where there is none."""
        if value is None:
            return self.common("finding.blank")
        sign = "+" if signed and isinstance(value, (int, Decimal)) and value > 0 else ""
        return sign + clean(written(value))

    def join(self, parts: Iterable[str]) -> str:
        """A list as people write it."""
        return self.common("joint.list").join(parts)

    def sentences(self, parts: Iterable[str]) -> str:
        """Several remarks one after the other."""
        told = [part for part in parts if part]
        ended = [part.rstrip("。.") for part in told[:-1]]
        return self.common("joint.stop").join([*ended, *told[-1:]])

    def severity(self, severity: Severity) -> str:
        """The severity's word."""
        return self.common(f"severity.{severity.key}")

    def letter(self, letter: str | None) -> str:
        """The grade in the reader's language."""
        if letter is None:
            return self.common("grade.ungraded")
        return self.common.get(f"letter.{letter}", clean(letter))

    def title(self, audit: Audit, rule: str) -> str:
        """What a rule is called; its id where the rule set does not say."""
        info = audit.rules.rules.get(rule)
        return self.say(info.title) if info else clean(rule)

    def family(self, audit: Audit, rule: str) -> str:
        """What the family of a rule is called."""
        info = audit.rules.rules.get(rule)
        key = info.family if info else ""
        said = audit.rules.families.get(key)
        return self.say(said) if said else clean(key)

    def basis(self, audit: Audit, rule: str) -> str:
        """What a rule rests on; what nobody has seen in print is said to be so."""
        return self.sentences(self.laws(audit, rule)) or self.common("finding.no_law")

    def laws(self, audit: Audit, rule: str) -> list[str]:
        """The citations of a rule, one by one."""
        info = audit.rules.rules.get(rule)
        return [self._law(b) for b in info.basis] if info else []

    def fix(self, audit: Audit, rule: str) -> str:
        """The mend that the rule suggests."""
        info = audit.rules.rules.get(rule)
        return self.say(info.fix) if info else ""

    def body(self, audit: Audit) -> str:
        """Who reports; the report's own title, or the word for none, where it was not read."""
        title = audit.report.data.get("title")
        name = audit.report.subject.name or (title if isinstance(title, str) else "")
        return clean(name, 200) or self.common("head.no_name")

    def report(self, audit: Audit) -> str:
        """What the report is called: its title, else its year."""
        title = audit.report.data.get("title")
        if isinstance(title, str) and clean(title, 200):
            return clean(title, 200)
        return self.words("paper.untitled", year=self.year(audit))

    def year(self, audit: Audit) -> str:
        """The report year."""
        return str(audit.report.period) if audit.report.period else self.words("paper.no_year")

    def day(self, iso: str) -> str:
        """A date as a letter writes it; what is no date is left as it is."""
        try:
            day = date.fromisoformat(iso)
        except ValueError:
            return clean(iso, 40)
        return self.words("paper.day", year=day.year, month=day.month, day=day.day)

    def numeral(self, number: int) -> str:
        """一, 二 … in Chinese, figures otherwise: as the headings of a letter are numbered."""
        digits = self.words("paper.digits")
        if not digits or not 0 < number < 100:
            return str(number)
        ten, one = divmod(number, 10)
        tens = "" if not ten else ("" if ten == 1 else digits[ten - 1]) + digits[9]
        return tens + (digits[one - 1] if one else "")

    def _law(self, basis: Basis) -> str:
        said = self.say(basis.text)
        return said if basis.sourced else said + self.common("finding.unsourced")


def voice(lang: str) -> Voice:
    """The papers' voice in one language."""
    return Voice(load(lang, "papers"), load(lang))
