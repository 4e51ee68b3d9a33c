"""One ASGI application: `/sparql` goes straight to the query workers, everything else to the pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from phkg.curation.web.door import Door
from phkg.curation.web.routes import contributing
from phkg.graph.change_log import FollowedLog
from phkg.graph.snapshot import Snapshot
from phkg.publishing.app import create_app
from phkg.publishing.build_asking import Asking
from phkg.records.git import GitFault
from phkg.records.knowledge import Knowledge
from phkg.server.asking import asking
from phkg.server.compressed import Compressed
from phkg.server.kept_pages import KeptPages
from phkg.sparql.endpoint import PATH, WELL_KNOWN
from phkg.sparql.lifespan import SparqlService
from phkg.sparql.store_process import StoreFault

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SECONDS_BETWEEN_LOOKS = 0.5
"""How often, in seconds, is looked for a change of the data."""
SECONDS_FOR_PAGES = 1.0
"""How long the query workers leave the processor to the first page, in seconds, as long as nobody queries."""


class Current(Protocol):
    """Holds the snapshot that new requests are answered from."""

    def get(self) -> Snapshot:
        """The snapshot in use now."""
        ...

    def refresh(self) -> bool:
        """Look for a change; whether another snapshot is in use now."""
        ...


class Application:
    """Pages and endpoint on one address, on whatever snapshot is current.

    `started` is called when pages answer; `complain` is told in words what the operator should know. Raises LookupError
    when the registry does not describe itself.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        current: Current,
        started: Callable[[], None],
        complain: Callable[[str], None],
        service: Callable[[Snapshot, str], SparqlService] = SparqlService,
        door: Door | None = None,
        key: bytes = b"",
    ) -> None:
        """`service` makes the endpoint of a snapshot and the address of the page with the query form. `door` checks and takes submissions, `key` seals its forms."""
        self._current = current
        self._started = started
        self._complain = complain
        self._tasks: list[asyncio.Task[None]] = []
        self._answered = asyncio.Event()
        """Set when the first page has been given, or the first query has come."""
        self._told = ""
        self._door = door
        app = create_app(knowledge, current.get, asking(self._answer_query), further=(contributing(door, key),))
        self._records = app.state.records
        self._change_log: FollowedLog = app.state.change_log
        self._first_page = lambda: Asking(app).answer(f"/{next(iter(app.state.languages))}/")
        self._pages = KeptPages(Compressed(app), app.state.made_of)
        self._sparql = service(current.get(), app.state.query_page)

    def make_first_page(self) -> None:
        """Have at hand what pages share, before the first reader asks. Raises whatever making a page can raise."""
        self._first_page()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one connection, or start and stop with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] in (PATH, WELL_KNOWN):
            await self._answer_query(scope, receive, send)
        else:
            await self._pages(scope, receive, send)
            self._answered.set()

    async def _answer_query(self, scope: Message, receive: Receive, send: Send) -> None:
        # The pages do not wait for the query workers; the first queries do.
        self._answered.set()
        if not self._tasks[0].done():
            await asyncio.wait(self._tasks[:1])
        await self._sparql.app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._tasks = [asyncio.create_task(self._start_sparql())]
                self._tasks.append(asyncio.create_task(self._keep_current()))
                self._tasks.append(asyncio.create_task(self._follow_changes()))
                await send({"type": "lifespan.startup.complete"})
                self._started()
            else:
                for task in self._tasks:
                    task.cancel()
                self._change_log.stop()
                if self._door:
                    await self._door.stop()
                await self._sparql.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _start_sparql(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._answered.wait(), SECONDS_FOR_PAGES)
        try:
            await self._sparql.start()
        except StoreFault as fault:
            self._complain(f"Pages are served, but SPARQL is not: {fault}")

    async def _keep_current(self) -> None:
        await asyncio.wait(self._tasks[:1])
        records = None
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if await asyncio.to_thread(self._current.refresh):
                records = None
                await self._use(None)
            found = await asyncio.to_thread(self._record_graph)
            if found and found != records:
                records = found
                await self._use(found)

    async def _use(self, beside: Path | None) -> None:
        try:
            await self._sparql.use(self._current.get(), beside)
        except StoreFault as fault:
            self._complain(f"SPARQL stays on the data before the change: {fault}")

    def _record_graph(self) -> Path | None:
        """The graph of the records in the history; the endpoint does without it where it cannot be had."""
        try:
            return self._records.file()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the task that looks for changes.
            if str(error) != self._told:
                self._told = str(error)
                self._complain(f"SPARQL does without the history of the records: {error}")
            return None

    async def _follow_changes(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if self._change_log.wanted.is_set():
                try:
                    await asyncio.to_thread(self._change_log.look)
                except (GitFault, OSError) as error:
                    self._complain(f"The changes cannot be followed: {error}")
                    return
