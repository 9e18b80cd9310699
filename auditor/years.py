"""Which report year a folder is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

SHARE = 4
"""Of the commonest year's reports one in so many must be of a newer year for that to be meant."""


def year_meant(years: Iterable[int | None]) -> int | None:
    """The newest year of which there is more than a handful; None where no report has a year.

    Last year's reports are complete and lie beside this year's, which still come in: the commonest
    year is often the one that is done with. A few of a later year are misprints.
    """
    known = Counter(year for year in years if year)
    if not known:
        return None
    most = max(known.values())
    return max(year for year, count in known.items() if count * SHARE >= most)
