"""Sentences for people in every language, read from a file that lies beside the code that says them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

Said = Mapping[str, str]
"""A sentence by the language it is in."""

_SIGNS = str.maketrans(",.", "\u202f,")
"""Swedish, like most languages, parts thousands by a (narrow, unbroken) space and writes decimals after a comma."""


class Sentences:
    """The sentences of a TOML file: a table for each, with its text by language and places in braces to fill in."""

    def __init__(self, file: Path) -> None:
        """Raises OSError and TOMLDecodeError for a file that cannot be read."""
        self._texts: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))

    def __call__(self, key: str, **given: str | int | float) -> Said:
        """A sentence in every language, filled in: numbers as the language writes them, texts as they are. Raises KeyError when there is none."""
        return {language: text.format(**{name: _written(value, language) for name, value in given.items()}) for language, text in self._texts[key].items()}

    def __contains__(self, key: str) -> bool:
        return key in self._texts


def _written(value: str | int | float, language: str) -> str:
    if isinstance(value, str):
        return value
    text = f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return text if language == "en" else text.translate(_SIGNS)
