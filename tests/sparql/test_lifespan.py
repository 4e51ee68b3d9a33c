"""The endpoint as the server holds it, in one event loop from start to stop."""

import asyncio

import httpx

from phkg.graph.snapshot import open_snapshot
from phkg.sparql.lifespan import SparqlService
from phkg.sparql.limits import Limits

LABEL = "SELECT ?l { <https://example.org/thing/7> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"


def test_start_use_and_stop(snapshot_of):
    first, second = (open_snapshot(snapshot_of(name, 10, name)) for name in ("ett", "två"))

    async def live() -> list[httpx.Response]:
        service = SparqlService(first, "/sv/fragor", Limits(workers=1, wait_seconds=0.2))
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://registry.example") as client:
            answers = [await client.get("/sparql", params={"query": LABEL, "format": "csv"})]
            await service.start()
            answers.append(await client.get("/sparql", params={"query": LABEL, "format": "csv"}))
            await service.use(second)
            answers.append(await client.get("/sparql", params={"query": LABEL, "format": "csv"}))
            await service.stop()
            answers.append(await client.get("/sparql", params={"query": LABEL, "format": "csv"}))
        return answers

    before, one, two, after = asyncio.run(live())
    assert (before.status_code, after.status_code) == (503, 503)
    assert (one.text, two.text) == ("l\r\nett å 7\r\n", "l\r\ntvå å 7\r\n")
    assert one.headers["etag"] != two.headers["etag"]
