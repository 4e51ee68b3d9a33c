"""What a stranger's query may take. Every number of the endpoint stands here, with its unit."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from math import ceil


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """The limits of one endpoint; all times are in seconds, all sizes in bytes."""

    workers: int = field(default_factory=lambda: cores() + 1)
    """Processes that run queries: one more than one client may take, so that a client never waits for another alone."""

    client_workers: int = field(default_factory=cores)
    """Processes that one client may take at once; more than there are cores gains it nothing."""

    seconds: float = 10.0
    """How long one query may run before its process is killed; `timeout=` may ask for less."""

    queue: int = 16
    """Requests that may wait for a free process; the next one is turned away at once."""

    share: int = 8
    """Requests of one client that may wait; its next one is turned away at once."""

    patience: float = 2.0
    """How long a query may run while cheaper clients wait and no worker is free; then it gives way and may come again."""

    half_life: float = 60.0
    """Time after which what a client has cost counts half as much."""

    wait_seconds: float = 10.0
    """How long a request waits for a free process before it is turned away."""

    retry_seconds: int = 5
    """Seconds after which a client that was turned away may try again (Retry-After)."""

    memory: int = 1_500_000_000
    """Bytes of address space that one query may add to what its process begins with."""

    answer: int = 32_000_000
    """Bytes of the longest answer; a longer one is refused whole, never cut."""

    rows: int = 100_000
    """Rows (SELECT) or triples (CONSTRUCT, DESCRIBE) of the longest answer; a longer one is refused whole, never cut."""

    query: int = 64 * 1024
    """Bytes of the longest query text, in UTF-8."""

    address: int = 16 * 1024
    """Bytes of the longest query string in an address, as sent; a longer query has to come by POST."""

    form: int = 256 * 1024
    """Bytes of the longest body, as sent (percent-encoding makes a form up to three times as long as its query)."""

    drained: int = 4 * 1024 * 1024
    """Bytes of the longest body that is read, though refused, to its end; a longer one ends the connection."""

    body_seconds: float = 10.0
    """How long a client may take to send its body."""

    parameters: int = 200
    """Parameters that one request may have."""

    served: int = 10_000
    """Queries after which a process is replaced."""

    grown: int = 200_000_000
    """Bytes of memory that a process may hold after an answer beyond what it began with, before it is replaced (on Linux, which tells)."""

    cache: int = 64_000_000
    """Bytes of answers that are kept to be given again."""

    cache_entries: int = 5_000
    """Answers that are kept to be given again."""

    def divided(self, servers: int) -> Limits:
        """The limits of one of several servers that share this machine: together they run about as many queries as one alone would."""
        if servers == 1:
            return self
        workers = max(2, ceil(self.workers / servers))
        return replace(self, workers=workers, client_workers=workers - 1, cache=self.cache // servers)


STACK = 512 * 1024 * 1024
"""Bytes of stack for the thread that runs queries: address space, touched only by deeply nested queries (8 MB dies of 5 kB text)."""

NICENESS = 5
"""How far the processes for queries stand back behind those that make pages: about a third of the weight, on a busy machine only."""

PROCESSOR_SLACK = 2
"""Seconds of processor time past the deadline, after which the kernel ends a process that nobody has killed."""

STATISTICS_SECONDS = 120
"""Seconds that counting a snapshot for its description may take."""

NURSERY_SECONDS = 300
"""Seconds that opening a snapshot may take."""
