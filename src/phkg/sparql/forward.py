"""Queries sent on to a store elsewhere, behind the same limits as those that run here.

Each is first run by a worker process over an empty store. That is where it is found out whether it is SPARQL 1.1 and of which form,
where SERVICE and updates are refused, and where what takes long by itself ends; and what names a data set of which nothing is here
has there its whole answer. Only then it is made fit (`isolation`) and sent, with the published snapshot's graph as its data set, and the
graph with the facts about its records as the only named one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from phkg.graph.remote.catalogue import shown_graph, snapshot_graph
from phkg.graph.remote.circuit import Circuit
from phkg.graph.remote.faults import StoreOverdue, StoreUnavailable
from phkg.graph.remote.http import LATER, Credentials, Reply, TooLarge, connect, exchange
from phkg.graph.snapshot import Snapshot, write_snapshot
from phkg.publishing.codings import encode
from phkg.sparql.endpoint import Application, create_endpoint
from phkg.sparql.fairness import FairQueue, QueueFull, ShareFull
from phkg.sparql.formats import GRAPHS, TABLES
from phkg.sparql.frames import Answer, Question
from phkg.sparql.isolation import Named, isolate
from phkg.sparql.limits import STATISTICS_SECONDS, Limits
from phkg.sparql.pool import Busy, Overdue, Pool, Result, TooMany
from phkg.sparql.problems import Problem, say
from phkg.sparql.rows import count_rows
from phkg.sparql.statistics import Statistics, count

log = logging.getLogger(__name__)
NOTHING = "nothing"
"""The name of the empty snapshot over which queries are read."""


@dataclass(frozen=True)
class Elsewhere:
    """Where the store takes queries, who we are there, and what the IRIs of the registry's records begin with."""

    query: str
    credentials: Credentials
    base: str


class ForwardingPool:
    """Answers questions as `Pool` does, from a snapshot in a store elsewhere. Belongs to the event loop it is first used in."""

    def __init__(self, elsewhere: Elsewhere, limits: Limits = Limits()) -> None:
        self.limits = limits
        self.snapshot = ""
        self._name = ""
        self._graph: Named | None = None
        self._elsewhere = elsewhere
        self._readers = Pool(limits)
        self._folder = TemporaryDirectory(prefix="phkg-")
        # Its own, and told only of what no query can bring about: no stranger's query shall cut the pages off.
        self._circuit = Circuit()
        self._running: Counter[str] = Counter()
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue(limits.queue, limits.share, lambda client: float(self._running[client]))
        self._http: httpx.AsyncClient | None = None
        self._counted: asyncio.Task[Statistics | None] | None = None

    async def start(self) -> None:
        """Start the processes that read queries. Raises StoreFault (of the processes) when that fails."""
        folder = write_snapshot(Path(self._folder.name), NOTHING, b"", {})
        await self._readers.use(NOTHING, folder)
        self._http = connect(self._elsewhere.credentials, self.limits.workers)

    def use(self, name: str, records: str = "") -> None:
        """Answer from the snapshot of this name from now on; questions under way are finished over the old one.

        `records` is the graph in the store with the facts about the snapshot's records; empty: there is none.
        """
        same = name == self._name
        self._name, self._graph = name, Named(shown_graph(records), records) if records else None
        # Answers are called by all that they are made of.
        self.snapshot = blake2b(f"{name}\n{records}".encode(), digest_size=16).hexdigest() if records else name
        if same:
            return
        if self._counted:
            self._counted.cancel()
        self._counted = asyncio.get_running_loop().create_task(self._count())

    async def stop(self) -> None:
        """End the processes and the connections; questions under way are turned away."""
        if self._counted:
            self._counted.cancel()
        while waiting := self._queue.take(lambda client: True):
            if not waiting[1].done():
                waiting[1].set_exception(Busy())
        await self._readers.stop()
        if self._http:
            await self._http.aclose()
        self._folder.cleanup()

    async def statistics(self) -> Statistics | None:
        """What is in the snapshot, once it is counted; None when it could not be counted."""
        return await asyncio.shield(self._counted) if self._counted else None

    async def run(self, question: Question, seconds: float, client: str = "") -> Result:
        """Have a question of a client answered within some seconds. Raises as Pool.run does, and Problem."""
        name, graph, made_of = self._name, self._graph, self.snapshot
        ends = asyncio.get_running_loop().time() + seconds
        own = replace(question, table_type=_own_name(question.table_type, TABLES), graph_type=_own_name(question.graph_type, GRAPHS))
        read = await self._readers.run(own, seconds, client)
        wanted = read.answer.media_type
        if wanted is None:
            return replace(read, snapshot=made_of)
        media_type = question.table_type if wanted == own.table_type else question.graph_type
        fit = isolate(question.query, question.base_iri, graph)
        if question.default_graphs is None:
            # The protocol's data set goes before the query's own (SPARQL 1.1 Protocol, section 2.1.4).
            question = replace(question, default_graphs=fit.default_graphs, named_graphs=fit.named_graphs)
        dataset = _dataset(question, snapshot_graph(self._elsewhere.base, name), graph)
        if not dataset:
            return replace(read, snapshot=made_of, answer=replace(read.answer, media_type=media_type))
        await self._enter(client)
        try:
            answer, body = await self._ask(fit.text, dataset, wanted, ends, seconds, self.limits.answer, self.limits.rows)
        finally:
            self._leave(client)
        if answer.code is None and question.coding:
            body, coding = await asyncio.to_thread(encode, body, question.coding)
            answer = replace(answer, coding=coding)
        return Result(replace(answer, media_type=media_type), body, made_of)

    async def _ask(
        self, query: str, dataset: Mapping[str, str], wanted: str, ends: float, seconds: float, most_bytes: int, most_rows: int
    ) -> tuple[Answer, bytes]:
        if self._http is None:
            raise Busy
        form = {"query": query, **dataset}
        request = self._http.build_request("POST", self._elsewhere.query, data=form, headers={"Accept": wanted})
        try:
            self._circuit.admit()
            reply = await self._exchange(request, ends, most_bytes)
        except StoreOverdue:
            raise Overdue(seconds) from None
        except StoreUnavailable as fault:
            log.warning("%s", fault)
            raise out_of_reach(fault.retry_after) from None
        except TooLarge:
            return Answer(code="answer-bytes"), b""
        _check(reply, wanted)
        if wanted in TABLES and count_rows(reply.body, TABLES[wanted], most_rows) > most_rows:
            return Answer(code="answer-rows"), b""
        return Answer(media_type=wanted), reply.body

    async def _exchange(self, request: httpx.Request, ends: float, most_bytes: int) -> Reply:
        assert self._http is not None
        failed = True
        try:
            reply = await exchange(self._http, request, max(0.01, ends - asyncio.get_running_loop().time()), most_bytes)
            failed = reply.status in LATER - {500, 504, 408}
            return reply
        except (StoreOverdue, TooLarge, asyncio.CancelledError):
            failed = False
            raise
        finally:
            (self._circuit.failed if failed else self._circuit.succeeded)()

    async def _count(self) -> Statistics | None:
        """Count the snapshot by asking the store."""

        async def ask(question: Question, seconds: float, most_bytes: int, most_rows: int) -> tuple[Answer, bytes]:
            ends = asyncio.get_running_loop().time() + seconds
            dataset = {"default-graph-uri": snapshot_graph(self._elsewhere.base, self._name)}
            return await self._ask(question.query, dataset, str(question.table_type), ends, seconds, most_bytes, most_rows)

        try:
            async with asyncio.timeout(STATISTICS_SECONDS):
                return await count(ask)
        except (TimeoutError, Problem, Overdue, Busy, ValueError) as fault:
            log.warning("The snapshot could not be counted: %s", fault)
            return None

    async def _enter(self, client: str) -> None:
        """Wait for a place among the questions that are with the store. Raises Busy or TooMany."""
        limits = self.limits
        if self._running.total() < limits.workers and self._running[client] < limits.client_workers:
            self._running[client] += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            gone = self._queue.add(client, place)
        except QueueFull:
            raise Busy from None
        except ShareFull:
            raise TooMany from None
        if gone is not None and not gone.done():
            gone.set_exception(TooMany())
        try:
            async with asyncio.timeout(limits.wait_seconds):
                await place
        except BaseException as error:
            self._queue.remove(client, place)
            if place.done() and not place.cancelled() and not place.exception():
                # The place came in the same moment as the end of the wait: it goes to the next.
                self._leave(client)
            if isinstance(error, TimeoutError):
                raise Busy from None
            raise

    def _leave(self, client: str) -> None:
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        while found := self._queue.take(lambda one: self._running[one] < self.limits.client_workers):
            if not found[1].done():
                self._running[found[0]] += 1
                found[1].set_result(None)
                return


class ForwardingService:
    """The public SPARQL endpoint in front of a store elsewhere; as SparqlService otherwise."""

    def __init__(self, elsewhere: Elsewhere, snapshot: Snapshot, human_page: str, limits: Limits = Limits()) -> None:
        """`human_page` is the address of the page with the query form."""
        self._first = snapshot
        self._pool = ForwardingPool(elsewhere, limits)
        self.app: Application = create_endpoint(self._pool, lambda: self._pool.snapshot, human_page)

    async def start(self) -> None:
        """Start the processes that read queries. Raises StoreFault when that fails."""
        await self._pool.start()
        await self.use(self._first)

    async def use(self, snapshot: Snapshot, beside: Path | None = None) -> None:
        """Answer from another snapshot from now on; no request fails over it. What lies `beside` it here is not in the store, which has its own."""
        self._pool.use(snapshot.name, getattr(snapshot, "records", ""))

    async def stop(self) -> None:
        """End all processes and connections."""
        await self._pool.stop()


def out_of_reach(seconds: int) -> Problem:
    """The store that holds the data does not answer."""
    return Problem(503, "out-of-reach", say("out-of-reach", seconds=seconds), headers={"Retry-After": str(seconds)})


def _dataset(question: Question, snapshot: str, graph: Named | None) -> dict[str, str]:
    """The data set of a question as the protocol names it to the store; empty when nothing of it is there."""
    if question.default_graphs is None:
        return {"default-graph-uri": snapshot} | ({"named-graph-uri": graph.stored} if graph else {})
    if graph is None:
        return {}
    asked = {"default-graph-uri": question.default_graphs, "named-graph-uri": question.named_graphs or ()}
    return {name: graph.stored for name, graphs in asked.items() if graph.shown in graphs}


def _own_name(media_type: str | None, formats: Mapping[str, object]) -> str | None:
    """The name that a format has for itself, of those that stand for it: the one that no other kind of answer has too."""
    return next((one for one, format in formats.items() if media_type in formats and format == formats[media_type]), None)


def _check(reply: Reply, wanted: str) -> None:
    """Raises Problem for an answer that is none in the media type that was asked for."""
    if reply.status == 200 and reply.media_type == wanted:
        return
    if reply.status == 200 or reply.status == 406:
        raise Problem(406, "not-acceptable", say("store-type", wanted=wanted))
    log.warning("The store answers a query with %d: %s", reply.status, reply.body[:300].decode("utf-8", "replace"))
    if reply.status in (408, 504):
        raise Problem(504, "deadline", say("store-deadline"))
    if reply.status in (429, 502, 503):
        raise out_of_reach(5)
    if reply.status in (400, 500):
        raise Problem(500, "store", say("store"))
    raise out_of_reach(30)
