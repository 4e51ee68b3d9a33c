"""One deadline over all that is asked of a store for one answer, however many look-ups that takes."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends: ContextVar[float] = ContextVar("ends", default=math.inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything that is asked of a store in here has to be answered within so many seconds together."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def deadline() -> float:
    """When the answer under way has to be there, in the time of `time.monotonic`; infinite when nobody waits."""
    return _ends.get()
