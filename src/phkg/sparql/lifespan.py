"""The endpoint as the server holds it: started with a snapshot, moved to the next one, stopped."""

from __future__ import annotations

from pathlib import Path

from phkg.graph.snapshot import Snapshot
from phkg.sparql.endpoint import Application, create_endpoint
from phkg.sparql.limits import Limits
from phkg.sparql.pool import Pool


class SparqlService:
    """The public SPARQL endpoint with its processes. `app` is to be mounted at the endpoint's address."""

    def __init__(self, snapshot: Snapshot, human_page: str, limits: Limits = Limits()) -> None:
        """`human_page` is the address of the page with the query form."""
        self._first = snapshot
        self._pool = Pool(limits)
        self.app: Application = create_endpoint(self._pool, lambda: self._pool.snapshot, human_page)

    async def start(self) -> None:
        """Open the snapshot in a process of its own and start the workers. Raises StoreFault when that fails."""
        await self.use(self._first)

    async def use(self, snapshot: Snapshot, beside: Path | None = None) -> None:
        """Answer from another snapshot from now on; no request fails over it. Raises StoreFault and keeps the old one.

        `beside` is a file of named graphs (N-Quads), called by what it holds.
        """
        await self._pool.use(beside.stem if beside else snapshot.name, snapshot.path, beside)

    async def stop(self) -> None:
        """End all processes of the endpoint."""
        await self._pool.stop()
