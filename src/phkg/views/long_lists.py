"""Lists on a page that may be long: whole where they are short, else their beginning there and all of them, page by page, alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Line = TypeVar("Line")

LINES = 60
"""Lines of a list that a page shows whole, and of each page of a list alone."""
NAMES = 300
"""The same where a line is no more than a name."""
FIRST = 10
"""Lines that a page shows of a longer list."""


@dataclass(frozen=True)
class ListPart:
    """One of the lists of a page: `shown` of its `total` lines, those from `begin` on (counted from 0). `name` is the value of `show` that asks for it alone."""

    name: str
    total: int
    begin: int
    shown: int

    @property
    def is_cut(self) -> bool:
        """Whether some of its lines are not on the page."""
        return self.shown < self.total


class Lists:
    """Which lines of each of its lists a page shows: the list `show` alone, after the line `after`, or of every list as much as there is room for.

    `shown` are the lists in the order in which they were asked for; `after` is what the last line is known by when more follow on further pages.
    """

    def __init__(self, show: str = "", after: str = "") -> None:
        """Without `show` there is no list that `after` could be in, so it says nothing."""
        self.show = show
        self.shown: list[ListPart] = []
        self.after: str | None = None
        self._last = after

    def of(self, name: str, lines: Sequence[Line], known_by: Callable[[Line], str], most: int = LINES, beside: int = 0) -> Sequence[Line]:
        """The lines of one list that are shown, each with what it is `known_by` in addresses; `beside` counts the lines with which it shares its room.

        Raises ValueError when the page begins after a line that there is not.
        """
        if not self.show:
            part = lines if len(lines) + beside <= most else lines[:FIRST]
            begin = 0
        elif self.show == name:
            begin = self._begin(lines, known_by)
            part = lines[begin : begin + most]
            self.after = known_by(part[-1]) if begin + len(part) < len(lines) else None
        else:
            begin, part = 0, lines[:0]
        self.shown.append(ListPart(name, len(lines), begin, len(part)))
        return part

    def _begin(self, lines: Sequence[Line], known_by: Callable[[Line], str]) -> int:
        if not self._last:
            return 0
        for at, line in enumerate(lines, 1):
            if known_by(line) == self._last:
                return at
        raise ValueError(self._last)
