"""The default Word templates of the papers for people, and the script that makes them."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def default(paper: str, lang: str) -> Path:
    """The template of a paper in one language."""
    return FOLDER / f"{paper}.{'en' if lang == 'en' else 'zh'}.docx"
