"""Answers that were given, kept to be given again: bounded in bytes and in number, the least lately used goes first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

OVERHEAD = 1_000
"""Bytes that an entry takes beside its body, counted high."""


class Named(Protocol):
    """An answer that can be kept."""

    @property
    def tag(self) -> str:
        """What the answer is asked for again by."""

    @property
    def body(self) -> bytes:
        """The answer's bytes."""


A = TypeVar("A", bound=Named)


@dataclass(frozen=True)
class Kept:
    """A whole answer. Its ETag is made of all that decides its bytes: snapshot, query, data set, format, coding."""

    tag: str
    media_type: str
    coding: str | None
    """Content coding of the body; None for the bytes as they are."""
    body: bytes


class Cache(Generic[A]):
    """Whole answers by their tags."""

    def __init__(self, size: int, entries: int) -> None:
        """At most so many bytes, in at most so many entries; an answer of more than an eighth of all bytes is not kept."""
        self._size = size
        self._entries = entries
        self._kept: OrderedDict[str, A] = OrderedDict()
        self.used = 0
        """Bytes that the entries take."""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, tag: str) -> A | None:
        """The answer with a tag; None when it is not kept (any more)."""
        found = self._kept.get(tag)
        if found is not None:
            self._kept.move_to_end(tag)
        return found

    def put(self, kept: A) -> None:
        """Keep an answer; others go for it."""
        size = len(kept.body) + OVERHEAD
        if size > self._size // 8 or kept.tag in self._kept:
            return
        self._kept[kept.tag] = kept
        self.used += size
        while self.used > self._size or len(self._kept) > self._entries:
            self.used -= len(self._kept.popitem(last=False)[1].body) + OVERHEAD
