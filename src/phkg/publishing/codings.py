"""Content codings of answers: which one the client wants (RFC 9110, section 12.5.3), and how it is made."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

import brotli

from phkg.publishing.negotiation import weighted

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEAST = 1_000
"""Bytes; what is shorter is not worth compressing and goes as it is."""

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda data: zstd.compress(data, 3),
    "br": lambda data: brotli.compress(data, quality=4),
    "gzip": lambda data: gzip.compress(data, 1, mtime=0),
}
"""The codings, the most wanted first: at these levels each takes about as long as a tenth of the query it follows, or less."""


class Stream(Protocol):
    """Makes a coding of a body that comes in parts."""

    def part(self, data: bytes) -> bytes:
        """The coding of the next part, whole: nothing that was given waits for what comes later."""
        ...

    def end(self) -> bytes:
        """The last bytes."""
        ...


class _Zstd:
    def __init__(self) -> None:
        self._maker = zstd.ZstdCompressor(3)

    def part(self, data: bytes) -> bytes:
        return self._maker.compress(data, zstd.ZstdCompressor.FLUSH_BLOCK)

    def end(self) -> bytes:
        return self._maker.flush()


class _Brotli:
    def __init__(self) -> None:
        self._maker = brotli.Compressor(quality=4)

    def part(self, data: bytes) -> bytes:
        return self._maker.process(data) + self._maker.flush()

    def end(self) -> bytes:
        return self._maker.finish()


class _Gzip:
    def __init__(self) -> None:
        self._maker = zlib.compressobj(1, wbits=31)

    def part(self, data: bytes) -> bytes:
        return self._maker.compress(data) + self._maker.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._maker.flush()


STREAMS: dict[str, Callable[[], Stream]] = {"zstd": _Zstd, "br": _Brotli, "gzip": _Gzip}
"""The same codings at the same levels, for bodies that come in parts."""

DECODINGS: dict[str, Callable[[bytes], bytes]] = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}


@lru_cache(256)
def best_coding(accept_encoding: str) -> str | None:
    """The coding the client likes best, the most wanted of ours at equal weights; None for the bytes as they are."""
    weights = {name.removeprefix("x-"): weight for name, weight in weighted(accept_encoding)}
    best = max(CODINGS, key=lambda coding: weights.get(coding, weights.get("*", 0.0)))
    weight = weights.get(best, weights.get("*", 0.0))
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


def encode(body: bytes, coding: str | None) -> tuple[bytes, str | None]:
    """A body in a coding, and the coding it is really in: None when it is too short to gain by it."""
    if coding is None or len(body) < LEAST:
        return body, None
    return CODINGS[coding](body), coding


def decode(body: bytes, coding: str | None) -> bytes:
    """The body that `encode` was given."""
    return body if coding is None else DECODINGS[coding](body)
