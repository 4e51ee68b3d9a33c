"""The queue before the workers: bounded, with a share for each client, the cheapest client first."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Generic, TypeVar

T = TypeVar("T")
MOST_KNOWN = 10_000
"""Clients whose costs are known."""

CLEARLY_DEARER = 1.0
"""Seconds by which a client must have cost more than another to lose its place to it."""


class QueueFull(Exception):
    """The queue is full, and nobody in it has more than a newcomer would have."""


class ShareFull(Exception):
    """The client waits for as many answers as one client may."""


class Costs:
    """Seconds that clients have lately had workers for; what is past counts half as much after each half-life."""

    def __init__(self, half_life: float, now: Callable[[], float] = time.monotonic) -> None:
        """`half_life` in seconds."""
        self._half_life = half_life
        self._now = now
        self._known: dict[str, tuple[float, float]] = {}

    def of(self, client: str) -> float:
        """Seconds, 0 for a client that is not known."""
        cost, when = self._known.get(client, (0.0, 0.0))
        return cost * 0.5 ** ((self._now() - when) / self._half_life) if cost else 0.0

    def add(self, client: str, seconds: float) -> None:
        """A client has had a worker for some seconds."""
        self._known[client] = self.of(client) + seconds, self._now()
        if len(self._known) > MOST_KNOWN:
            # Whoever cost least is forgotten: it is treated like a newcomer, which is hardly a difference.
            costs = sorted(self._known, key=self.of)
            for name in costs[: MOST_KNOWN // 2]:
                del self._known[name]


class FairQueue(Generic[T]):
    """What waits, by client. Who has cost least lately goes first; at equal costs clients take turns."""

    def __init__(self, size: int, share: int, cost: Callable[[str], float]) -> None:
        """At most `size` in all, at most `share` for one client; `cost` tells the seconds that a client has cost lately."""
        self._size = size
        self._share = share
        self._cost = cost
        self._waiting: dict[str, deque[T]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, client: str, item: T) -> T | None:
        """Put a client's item at the end of its own line; in a full queue an item of somebody who has or costs more makes room.

        Returns the item that had to go. Raises ShareFull when the client has its share, QueueFull when nobody has to give way to it.
        """
        if len(self._waiting.get(client, ())) >= self._share:
            raise ShareFull
        gone = self._make_room(client) if self._count >= self._size else None
        self._waiting.setdefault(client, deque()).append(item)
        self._count += 1
        return gone

    def take(self, may: Callable[[str], bool]) -> tuple[str, T] | None:
        """The next item of the cheapest client that may have a turn; None when none may."""
        client = self.first(may)
        if client is None:
            return None
        line = self._waiting.pop(client)
        item = line.popleft()
        self._count -= 1
        if line:
            # Behind all others: a dictionary keeps the order in which its keys came.
            self._waiting[client] = line
        return client, item

    def first(self, may: Callable[[str], bool]) -> str | None:
        """The client whose turn it is, of those that may have one."""
        return min(filter(may, self._waiting), key=self._cost, default=None)

    def _make_room(self, client: str) -> T:
        own = len(self._waiting.get(client, ()))
        longest = max(self._waiting, key=lambda name: (len(self._waiting[name]), self._cost(name)), default=client)
        if len(self._waiting.get(longest, ())) <= own + 1:
            longest = max(self._waiting, key=self._cost, default=client)
            if self._cost(longest) <= self._cost(client) + CLEARLY_DEARER:
                raise QueueFull
        item = self._waiting[longest].pop()
        self._count -= 1
        if not self._waiting[longest]:
            del self._waiting[longest]
        return item

    def remove(self, client: str, item: T) -> None:
        """Take out an item that waits no longer; one that is not there is no fault."""
        line = self._waiting.get(client)
        if line is not None and item in line:
            line.remove(item)
            self._count -= 1
            if not line:
                del self._waiting[client]


@lru_cache(1024)
def client_name(address: str) -> str:
    """Who counts as one client: an address, in IPv6 the network of a subscriber (the first 64 bits); text that is none, as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
