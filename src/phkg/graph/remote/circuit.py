"""A circuit breaker: who has failed several times in a row is left alone for a while, then tried by one request."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from threading import Lock

from phkg.graph.remote.faults import StoreLeftAlone

FAILURES = 5
"""Failures in a row after which the circuit opens."""
PAUSE = 1.0
"""Seconds that it stays open the first time; twice as long each time that the trial fails too."""
LONGEST_PAUSE = 30.0


class Circuit:
    """Closed: everything passes. Open: nothing does. Half open: one request is let through, and what becomes of it decides."""

    def __init__(self, failures: int = FAILURES, pause: float = PAUSE, now: Callable[[], float] = time.monotonic) -> None:
        """Opens after so many failures in a row, first for `pause` seconds; `now` tells the time in seconds."""
        self._failures = failures
        self._first_pause = pause
        self._now = now
        self._lock = Lock()
        self._failed = 0
        self._pause = pause
        self._until: float | None = None
        self._trying = False

    def admit(self) -> None:
        """Raises StoreLeftAlone at once while the circuit is open; whoever passes tells afterwards what became of it."""
        with self._lock:
            if self._until is None:
                return
            left = self._until - self._now()
            if left > 0 or self._trying:
                text = "The store has not answered several times; it is left alone for a moment before it is asked again."
                raise StoreLeftAlone(text, max(1, ceil(left)))
            self._trying = True

    def succeeded(self) -> None:
        """The store has answered."""
        with self._lock:
            self._failed, self._until, self._trying, self._pause = 0, None, False, self._first_pause

    def failed(self) -> None:
        """The store has not answered, or not as it should."""
        with self._lock:
            self._failed += 1
            if self._trying:
                self._pause = min(2 * self._pause, LONGEST_PAUSE)
            if self._trying or self._failed >= self._failures:
                self._until = self._now() + self._pause
            self._trying = False
