"""The queue before the workers: bounded, with a share for each client, served client by client in turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Generic, TypeVar

T = TypeVar("T")


class QueueFull(Exception):
    """The queue is full, and nobody in it has more than a newcomer would have."""


class ShareFull(Exception):
    """The client waits for as many answers as one client may."""


class FairQueue(Generic[T]):
    """What waits, by client. Clients take turns, so that one with many requests delays another by one of them at most."""

    def __init__(self, size: int, share: int) -> None:
        """At most `size` in all, at most `share` for one client."""
        self._size = size
        self._share = share
        self._waiting: dict[str, deque[T]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, client: str, item: T) -> T | None:
        """Put a client's item at the end of its own line; in a full queue the last item of the longest line makes room.

        Returns the item that had to go. Raises ShareFull when the client has its share, QueueFull when no line is longer than its own would be.
        """
        own = len(self._waiting.get(client, ()))
        if own >= self._share:
            raise ShareFull
        gone = None
        if self._count >= self._size:
            longest = max(self._waiting, key=lambda name: len(self._waiting[name]), default=client)
            if len(self._waiting.get(longest, ())) <= own + 1:
                raise QueueFull
            gone = self._waiting[longest].pop()
            self._count -= 1
        self._waiting.setdefault(client, deque()).append(item)
        self._count += 1
        return gone

    def take(self, may: Callable[[str], bool]) -> tuple[str, T] | None:
        """The next item of the next client that may have a turn; None when none may."""
        for client in self._waiting:
            if may(client):
                line = self._waiting.pop(client)
                item = line.popleft()
                self._count -= 1
                if line:
                    # Behind all others: a dictionary keeps the order in which its keys came.
                    self._waiting[client] = line
                return client, item
        return None

    def remove(self, client: str, item: T) -> None:
        """Take out an item that waits no longer; one that is not there is no fault."""
        line = self._waiting.get(client)
        if line is not None and item in line:
            line.remove(item)
            self._count -= 1
            if not line:
                del self._waiting[client]


def client_name(address: str) -> str:
    """Who counts as one client: an address, in IPv6 the network of a subscriber (the first 64 bits); text that is none, as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
