"""The words of the program's own checks, read from `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from .findings import Finding


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def rule(code: str) -> dict[str, Any]:
    """What `words.toml` says of the check `code`. Raises KeyError when there is no such check."""
    return _data()["rule"].get(code) or _data()["change"][code]


def codes() -> tuple[str, ...]:
    """The codes of the program's own checks."""
    return tuple(_data()["rule"])


def change_codes() -> tuple[str, ...]:
    """The codes of the checks that compare two states of a registry."""
    return tuple(_data()["change"])


def report_words(key: str, language: str) -> str:
    """The word or sentence `key` of a printed report."""
    words = _data()["report"][key]
    return words.get(language, words["en"])


def languages() -> tuple[str, ...]:
    """The languages that the program's own checks have words in."""
    return tuple(_data()["report"]["record"])


def own_finding(code: str, file: str, *, values: dict[str, object] | None = None, hint: str = "hint", **place: Any) -> Finding:
    """A finding of the check `code`, its words filled in from `values`; `place` are further fields of Finding."""
    words, filled = rule(code), values or {}

    def text(prefix: str) -> dict[str, str]:
        found = {}
        for language in languages():
            by_language = {key: value.get(language, "") if isinstance(value, dict) else value for key, value in filled.items()}
            sentence = words.get(prefix + language, "").format_map(by_language)
            if sentence:
                found[language] = sentence
        return found

    return Finding(severity=words["severity"], rule=code, message=text(""), hint=text(hint + "_"), example=words.get("example", ""), file=file, **place)
