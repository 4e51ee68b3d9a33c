"""How old the words are that a page rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ages:
    """The dates of the newest and the oldest word, as precise as they are given, and how many words have none."""

    newest: str
    oldest: str
    undated: int


def ages(dates: Iterable[str]) -> Ages:
    """The ages of words by their dates (ISO 8601: a year, a month or a day; empty for an undated word).

    A year counts as older than its months and days as the oldest, and as newer than none of them.
    """
    listed = list(dates)
    dated = [date for date in listed if date]
    return Ages(max(dated, default=""), min(dated, default=""), len(listed) - len(dated))
