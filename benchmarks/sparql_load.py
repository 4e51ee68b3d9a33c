"""A client that puts a server under load, as a process of its own: `python -m benchmarks.sparql_load < JSON`.

One connection for each simulated client, each from an address of its own (127.1.x.y) so that shares by client hold; a request follows
as soon as the one before it is answered. Prints what was measured as JSON.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvloop

from benchmarks.sparql_queries import LIGHT, QUERIES, query

RECIPES = Path(__file__).parent.parent / "tests" / "sparql" / "hostile"
ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"
RETRIED = {429, 503}


@dataclass
class Measured:
    """What one client, or all of them together, has seen. Times in seconds."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Codes of the problems that were told with a status from 500."""
    wrong: int = 0
    lost: int = 0

    def count(self, status: int, body: bytes) -> None:
        """An answer has come."""
        self.statuses[status] += 1
        if status >= 500:
            self.reasons[json.loads(body).get("code", "none") if body[:1] == b"{" else "none"] += 1


class Connection(asyncio.Protocol):
    """One connection of HTTP/1.1; reads only what the measurement needs."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.answer: asyncio.Future[tuple[int, bytes, bytes]] | None = None
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or self.answer is None or self.answer.done():
            return
        head = bytes(self.buffer[:end]).lower()
        at = head.find(b"content-length:")
        if at >= 0:
            length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            if len(self.buffer) < end + 4 + length:
                return
            body = bytes(self.buffer[end + 4 : end + 4 + length])
        elif b"transfer-encoding: chunked" in head:
            if not self.buffer.endswith(b"0\r\n\r\n"):
                return
            body = unchunk(bytes(self.buffer[end + 4 :]))
            if body is None:
                return
        else:
            body = b""
        self.buffer.clear()
        self.answer.set_result((int(head[9:12]), head, body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer and not self.answer.done():
            self.answer.set_exception(ConnectionResetError())

    async def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer to a request. Raises ConnectionError when there is none."""
        self.answer = asyncio.get_running_loop().create_future()
        if self.transport.is_closing():
            raise ConnectionResetError
        self.transport.write(request)
        return await self.answer


def unchunk(data: bytes) -> bytes | None:
    """The body of chunks; None when the last one has not come."""
    parts, at = [], 0
    while True:
        line = data.find(b"\r\n", at)
        if line < 0:
            return None
        size = int(data[at:line], 16)
        if not size:
            return b"".join(parts)
        parts.append(data[line + 2 : line + 2 + size])
        at = line + 4 + size


def get(path: str, text: str) -> bytes:
    """A query by GET."""
    return f"GET {path}?query={quote(text)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {ACCEPT}\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """A query by POST."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def sorted_digest(body: bytes) -> str:
    """What an answer says, in whatever order its rows come."""
    if body[:1] == b"{":
        read = json.loads(body)
        said = sorted(json.dumps(row, sort_keys=True) for row in read.get("results", {}).get("bindings", [])) or [str(read.get("boolean"))]
    else:
        said = sorted(part.strip(" .;\t").encode().hex() for part in body.decode().splitlines())
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


async def connect(port: int, client: int) -> Connection:
    """A connection from an address that is the client's own."""
    loop = asyncio.get_running_loop()
    address = (f"127.1.{client // 250}.{client % 250 + 1}", 0)
    _, connection = await loop.create_connection(Connection, "127.0.0.1", port, local_addr=address)
    return connection


async def steadily(asked: dict, client: int, until: float, all_seen: Measured) -> None:
    """One client of a measurement of speed. It asks all queries equally often: what it has begun when the time is over, it brings to an end."""
    connection = await connect(asked["port"], client)
    names = LIGHT if asked["mix"] == "light" else tuple(QUERIES)
    number = asked["first"] + client * 20_000
    turn = client
    while time.perf_counter() < until or (turn - client) % len(names):
        name = names[turn % len(names)]
        text = query(name, 1 if asked["repeated"] else number)
        turn, number = turn + 1, number + 1
        begun = time.perf_counter()
        try:
            status, _, body = await asyncio.wait_for(connection.ask(get(asked["path"], text)), asked["limit"])
        except (TimeoutError, ConnectionError):
            all_seen.lost += 1
            connection = await connect(asked["port"], client)
            continue
        all_seen.times.append(time.perf_counter() - begun)
        all_seen.count(status, body)


async def honestly(asked: dict, client: int, until: float, answers: dict[tuple[str, int], dict[bytes, bytes]], all_seen: Measured) -> None:
    """An honest client of the load test; when it is turned away it comes again as it was told.

    What it was answered is put to `answers` by what was asked, each different answer once: to read them all here would hold up the load.
    """
    connection = await connect(asked["port"], client)
    names = tuple(QUERIES)
    turn = client
    while time.perf_counter() < until:
        name, number = names[turn % len(names)], turn % asked["numbers"]
        turn += 1
        begun = time.perf_counter()
        while True:
            try:
                # A comment makes the text another one: no kept answer is given.
                text = f"{query(name, number)} # {client} {turn} {begun}"
                if connection.transport.is_closing():
                    connection = await connect(asked["port"], client)
                status, head, body = await asyncio.wait_for(connection.ask(get(asked["path"], text)), asked["limit"])
            except (TimeoutError, ConnectionError):
                all_seen.lost += 1
                connection = await connect(asked["port"], client)
                break
            all_seen.count(status, body)
            if status in RETRIED and b"retry-after:" in head:
                # Nobody keeps a connection open over so long a wait.
                connection.transport.close()
                await asyncio.sleep(float(head.split(b"retry-after:")[1].split(b"\r\n")[0]))
                continue
            all_seen.times.append(time.perf_counter() - begun)
            if status == 200:
                answers.setdefault((name, number), {}).setdefault(hashlib.sha256(body).digest(), body)
            else:
                all_seen.wrong += 1
            break


async def hostilely(asked: dict, client: int, until: float, queries: list[bytes], all_seen: Measured) -> None:
    """A hostile client: one query after another, however it is answered."""
    turn = client
    connection = await connect(asked["port"], client)
    while time.perf_counter() < until:
        turn += 7
        begun = time.perf_counter()
        try:
            status, _, body = await asyncio.wait_for(connection.ask(post(asked["path"], queries[turn % len(queries)])), asked["limit"])
        except (TimeoutError, ConnectionError):
            all_seen.lost += 1
            connection = await connect(asked["port"], client)
            await asyncio.sleep(0.1)
            continue
        all_seen.times.append(time.perf_counter() - begun)
        all_seen.count(status, body)


def hostile_queries() -> list[bytes]:
    """The hostile queries of the tests."""
    spec = importlib.util.spec_from_file_location("recipes", RECIPES / "recipes.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [path.read_bytes() for path in sorted(RECIPES.glob("*.rq"))] + [text for text, _ in module.RECIPES.values()]


def summary(seen: Measured, seconds: float) -> dict:
    """The figures for a results file; times in milliseconds."""
    times = sorted(seen.times)

    def at(share: float) -> float | None:
        return round(times[min(len(times) - 1, int(share * len(times)))] * 1000, 2) if times else None

    statuses = {str(status): count for status, count in sorted(seen.statuses.items())}
    reasons = ", ".join(f"{count} {code}" for code, count in sorted(seen.reasons.items()))
    return {
        "per_s": round(len(times) / seconds, 1),
        "p50_ms": at(0.5),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
        "statuses": statuses,
        "reasons": reasons,
        "lost": seen.lost,
        "wrong": seen.wrong,
    }


async def speed(asked: dict) -> dict:
    """Requests for some seconds from some clients."""
    seen = Measured()
    begun = time.perf_counter()
    until = begun + asked["seconds"]
    await asyncio.gather(*(steadily(asked, client, until, seen) for client in range(asked["clients"])))
    return summary(seen, time.perf_counter() - begun)


async def mixed(asked: dict) -> dict:
    """Honest and hostile clients together."""
    expected = {}
    connection = await connect(asked["port"], 9_999)
    for name in QUERIES:
        for number in range(asked["numbers"]):
            status, _, body = await connection.ask(get(asked["path"], query(name, number)))
            if status != 200:
                raise RuntimeError(f"{name} {number} is answered with {status} by a server at rest.")
            expected[name, number] = sorted_digest(body)
    answers: dict[tuple[str, int], dict[bytes, bytes]] = {}
    honest, hostile = Measured(), Measured()
    queries = hostile_queries()
    begun = time.perf_counter()
    until = begun + asked["seconds"]
    await asyncio.gather(
        *(honestly(asked, client, until, answers, honest) for client in range(asked["clients"])),
        *(hostilely(asked, 1_000 + client, until, queries, hostile) for client in range(asked["hostile"])),
    )
    seconds = time.perf_counter() - begun
    honest.wrong += sum(sorted_digest(body) != expected[asked_for] for asked_for, given in answers.items() for body in given.values())
    return {"honest": summary(honest, seconds), "hostile": summary(hostile, seconds)}


async def pages(asked: dict) -> dict:
    """Page after page for some seconds, while many hostile queries come at once, each from an address of its own."""
    seen, hostile = Measured(), Measured()
    queries = hostile_queries()
    begun = time.perf_counter()
    until = begun + asked["seconds"]

    async def read(client: int) -> None:
        connection = await connect(asked["port"], client)
        turn = client
        while time.perf_counter() < until:
            page = asked["pages"][turn % len(asked["pages"])]
            turn += asked["clients"]  # No page is asked for twice before all have been.
            start = time.perf_counter()
            status, _, body = await asyncio.wait_for(connection.ask(f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()), asked["limit"])
            seen.times.append(time.perf_counter() - start)
            seen.count(status, body)
            await asyncio.sleep(0.05)

    attack = (hostilely(asked, 1_000 + client, begun + 0.5, queries, hostile) for client in range(asked["hostile"]))
    await asyncio.gather(*(read(client) for client in range(asked["clients"])), *attack)
    seconds = time.perf_counter() - begun
    return {"pages": summary(seen, seconds), "hostile": summary(hostile, seconds)}


KINDS = {"speed": speed, "mixed": mixed, "pages": pages}


def main() -> None:
    """The command line: what is asked for comes in JSON on standard input."""
    asked = json.load(sys.stdin)
    print(json.dumps(uvloop.run(KINDS[asked["kind"]](asked))))


if __name__ == "__main__":
    main()
