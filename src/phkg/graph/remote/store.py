"""A SPARQL 1.1 store elsewhere, asked from any thread: queries with retries, updates, the Graph Store Protocol."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Thread
from typing import TypeVar

import httpx
from pyoxigraph import QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results

from phkg.graph.remote.circuit import Circuit
from phkg.graph.remote.deadline import deadline
from phkg.graph.remote.faults import StoreLeftAlone, StoreRefused, StoreUnavailable
from phkg.graph.remote.http import Credentials, Reply, TooLarge, check, connect, exchange

T = TypeVar("T")
TABLE = "application/sparql-results+json"
QUERY_SECONDS = 8.0
"""How long a look-up may take with all its tries."""
TRY_SECONDS = 4.0
"""How long one try of a look-up may take."""
TRIES = 3
PAUSES = (0.1, 0.4)
"""Seconds between the tries, each made up to twice as long by chance, so that many do not come back at once."""
MOST_BYTES = 256_000_000
"""The longest answer that is read."""
AT_ONCE = 8
"""Look-ups at once; further ones wait for SLOT_SECONDS."""
SLOT_SECONDS = 2.0


@dataclass(frozen=True)
class Addresses:
    """Where a store takes queries, updates, and (None: not used) graphs by the Graph Store Protocol."""

    query: str
    update: str
    graphs: str | None = None


class Store:
    """One store. `queries` counts what it was asked, for whoever wants to know."""

    def __init__(self, addresses: Addresses, credentials: Credentials | None = None, circuit: Circuit | None = None) -> None:
        """Without a circuit it is asked however often it has failed."""
        self.addresses = addresses
        self.queries = 0
        self._circuit = circuit
        self._slots = BoundedSemaphore(AT_ONCE)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="store", daemon=True)
        self._thread.start()
        self._http = connect(credentials, AT_ONCE)

    def close(self) -> None:
        """End all connections."""
        asyncio.run_coroutine_threadsafe(self._http.aclose(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def select(self, query: str, seconds: float = QUERY_SECONDS, one_try: float = TRY_SECONDS) -> list[QuerySolution]:
        """The rows of a SELECT query. Raises StoreUnavailable when the store does not answer in time, StoreRefused when it will not."""

        def request() -> httpx.Request:
            # As a form, since not every store takes application/sparql-query.
            return self._http.build_request("POST", self.addresses.query, data={"query": query}, headers={"Accept": TABLE})

        self.queries += 1
        return self._again(request, lambda reply: _rows(reply, self.addresses.query), seconds, one_try)

    def update(self, text: str, seconds: float) -> None:
        """Run an update that does the same when it is run twice. Raises as `select`."""

        def request() -> httpx.Request:
            return self._http.build_request("POST", self.addresses.update, data={"update": text})

        self._again(request, lambda reply: None, seconds, seconds / 2)

    def add(self, graph: str, triples: bytes, seconds: float) -> None:
        """Add triples (N-Triples, without blank nodes) to a graph; what is there already stays. Raises as `select`."""
        address = self.addresses.graphs
        if address is None:
            return self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{triples.decode()}}} }}", seconds)

        def request() -> httpx.Request:
            # Turtle, of which N-Triples are a part: the one format that the protocol's stores all take.
            headers = {"Content-Type": "text/turtle; charset=utf-8"}
            return self._http.build_request("POST", str(address), params={"graph": graph}, content=triples, headers=headers)

        return self._again(request, lambda reply: None, seconds, seconds / 2)

    def _again(self, request: Callable[[], httpx.Request], read: Callable[[Reply], T], seconds: float, one_try: float) -> T:
        """What a request that may be repeated gives in the end."""
        ends = min(time.monotonic() + seconds, deadline())
        if not self._slots.acquire(timeout=max(0.0, min(SLOT_SECONDS, ends - time.monotonic()))):
            raise StoreUnavailable("Many look-ups wait for the store already.")
        try:
            for pause in (*PAUSES, None):
                try:
                    return self._once(request(), read, min(one_try, ends - time.monotonic()))
                except StoreLeftAlone:
                    raise
                except StoreUnavailable:
                    wait = None if pause is None else pause * (1 + random.random())  # Spreads load, no secret.
                    if wait is None or time.monotonic() + wait >= ends:
                        raise
                    time.sleep(wait)
            raise AssertionError("the last try returns or raises")
        finally:
            self._slots.release()

    def _once(self, request: httpx.Request, read: Callable[[Reply], T], seconds: float) -> T:
        if seconds <= 0:
            raise StoreUnavailable("The store was too slow for this page.")
        if self._circuit:
            self._circuit.admit()
        failed = True
        try:
            sent = asyncio.run_coroutine_threadsafe(exchange(self._http, request, seconds, MOST_BYTES), self._loop)
            reply = check(sent.result(), str(request.url.copy_with(query=None)))
            found = read(reply)
            failed = False
            return found
        except TooLarge:
            raise StoreRefused(f"The store's answer is longer than {MOST_BYTES:,} bytes.") from None
        except StoreRefused:
            failed = False
            raise
        finally:
            if self._circuit:
                (self._circuit.failed if failed else self._circuit.succeeded)()


def _rows(reply: Reply, address: str) -> list[QuerySolution]:
    """The rows of an answer, if it is whole."""
    if reply.media_type not in (TABLE, "application/json"):
        raise StoreUnavailable(f"The store at {address} answers with {reply.media_type or 'no media type'} and not with {TABLE}.")
    rows = _table(reply.body)
    if isinstance(rows, str):
        raise StoreUnavailable(f"The store at {address} answers with what is no table of results: {rows[:200]}")
    most = reply.headers.get("x-sparql-maxrows", "")
    if most.isdigit() and len(rows) >= int(most):
        raise StoreRefused(f"The store at {address} cuts answers after {most} rows; let it give more (Virtuoso: ResultSetMaxRows).")
    if reply.headers.get("x-sql-state"):
        raise StoreUnavailable(f"The store at {address} gives a part of an answer only ({reply.headers['x-sql-state']}).")
    return rows


def _table(body: bytes) -> list[QuerySolution] | str:
    """The rows of a table of results, or what is wrong with it.

    A fault is given back and not raised, since what pyoxigraph reads with must not travel to another thread along with it.
    """
    try:
        results = parse_query_results(body, format=QueryResultsFormat.JSON)
        return list(results) if isinstance(results, QuerySolutions) else "it is a truth value"
    except (SyntaxError, ValueError) as error:
        return str(error)
