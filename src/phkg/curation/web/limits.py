"""What a stranger may ask of submissions. Every number stands here, with its unit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

MOST_KNOWN = 10_000
"""Names of which a rate is remembered."""


@dataclass(frozen=True)
class Limits:
    """The limits of one server; times in seconds, sizes in bytes."""

    body: int = 1024 * 1024
    """The longest body, as sent."""

    drained: int = 8 * 1024 * 1024
    """The longest body that is read, though refused, to its end; a longer one ends the connection."""

    body_seconds: float = 10.0
    """How long a client may take to send its body."""

    attempts: int = 60
    """Requests of one client in a minute that are read at all."""

    wrong_tokens: int = 10
    """Wrong tokens of one client in ten minutes, after which it is asked to wait."""

    accepted: int = 60
    """Submissions with one token in an hour."""

    waiting: int = 200
    """Submissions of one token that may wait to be merged or removed."""

    queue: int = 8
    """Submissions that may wait to be checked."""

    judge_seconds: float = 60.0
    """How long one may take to be read and checked, once the registry has been."""

    memory: int = 4_000_000_000
    """Address space that the process may have that reads and checks."""

    retry: int = 15
    """After how long a client that was turned away may try again, where no other time is known."""

    def divided(self, servers: int) -> Limits:
        """The limits of one of several servers at one address: together they allow about as much as one alone would."""
        share = lambda number: ceil(number / servers)  # noqa: E731
        return replace(self, attempts=share(self.attempts), wrong_tokens=share(self.wrong_tokens), accepted=share(self.accepted))


class Rate:
    """How often something has been done by name within a time; what is older counts no more."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._done: dict[str, deque[float]] = {}

    def wait(self, name: str) -> int:
        """Seconds until it may be done again by this name; 0 when it may be done now."""
        done = self._recent(name)
        return ceil(done[0] + self._seconds - self._now()) or 1 if len(done) >= self._most else 0

    def add(self, name: str) -> None:
        """It has been done once more."""
        self._recent(name).append(self._now())
        if len(self._done) > MOST_KNOWN:
            # Those longest silent are forgotten first; a crowd of new names cannot free one that keeps trying.
            for one in sorted(self._done, key=lambda one: self._done[one][-1] if self._done[one] else 0.0)[: MOST_KNOWN // 2]:
                del self._done[one]

    def _recent(self, name: str) -> deque[float]:
        done = self._done.setdefault(name, deque())
        while done and done[0] <= self._now() - self._seconds:
            done.popleft()
        return done
