"""What text has in common: the quick ways give what Unicode gives."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from auditor.text import compact, nfkc, squeeze

_BLANKS = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            "，：\u3000中一a1 \n\x1c\x85\u2028①㈠\u0301\u3099か한\u1100\u1161\u200bﬁ々〇"
        ),
        st.characters(exclude_categories=["Cs"]),
    )
)


def normalized(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@given(TEXTS)
def test_normal_text(text: str) -> None:
    assert nfkc(text) == normalized(text)
    assert squeeze(text) == _BLANKS.sub(" ", normalized(text)).strip()
    assert compact(text) == _BLANKS.sub("", normalized(text))


def test_every_character_beside_common_ones() -> None:
    for number in range(0x10000):
        text = f"中，{chr(number)}a{chr(number)}"
        assert nfkc(text) == normalized(text), hex(number)
