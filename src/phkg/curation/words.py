"""The program's own words for filling in, importing and reporting, read from `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def how_to_write(value: str) -> Mapping[str, str]:
    """How values of a sort (see `fields.Field.value`) are written, by language; empty where nothing needs saying."""
    return _data()["value"].get(value, {})


def word(key: str, language: str, **given: object) -> str:
    """The word or sentence `key` in a language (English where it lacks one), filled in. Raises KeyError when there is none."""
    words = _data()["word"][key]
    return words.get(language, words["en"]).format(**given)


def in_all_languages(key: str) -> dict[str, str]:
    """A word by language. Raises KeyError when there is none."""
    return dict(_data()["word"][key])


def faults() -> Mapping[str, Mapping[str, str]]:
    """What can be wrong with a filled-in value: code → language → sentence with places to fill in."""
    return _data()["fault"]


def yes_and_no() -> Mapping[str, str]:
    """The words for true and false in every language, in lower case → `true` or `false`."""
    return {word: meaning for meaning, words in _data()["boolean"].items() for word in words}
