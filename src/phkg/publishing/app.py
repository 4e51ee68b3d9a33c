"""The web application: static files, linked data, health, pages; every answer carries the same safe headers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from phkg.graph.change_log import FollowedLog
from phkg.graph.remote.deadline import within
from phkg.graph.remote.faults import StoreFault
from phkg.graph.snapshot import Snapshot
from phkg.publishing.api import Api, DescribedRoute
from phkg.publishing.build_links import PAGE_VERSION
from phkg.publishing.catalogue import Catalogue
from phkg.publishing.downloads import Downloads
from phkg.publishing.dumps import Dumps
from phkg.publishing.feeds import Feeds
from phkg.publishing.headers import SECURITY, face
from phkg.publishing.linked import LinkedOf
from phkg.publishing.linked_data import LinkedData
from phkg.publishing.pages import TWINS, Pages
from phkg.publishing.problems import OPEN_TO_ALL, Problem, not_found, of_status, say
from phkg.publishing.query_page import Ask, QueryPage
from phkg.publishing.record_graph import RecordGraph
from phkg.publishing.rendering import Language, load_languages, load_map
from phkg.publishing.rules import Rules
from phkg.publishing.site import Published, Publisher
from phkg.publishing.site_map import SiteMap
from phkg.records.knowledge import Knowledge, own_root

ANSWER_SECONDS = 15.0
"""How long an answer may wait for a store elsewhere, all look-ups together."""
RETRY_SECONDS = 30


@dataclass(frozen=True)
class Parts:
    """What routes of other rooms are made with. `built`: the answers become the files of a static site."""

    knowledge: Knowledge
    publisher: Publisher
    languages: dict[str, Language]
    pages: Pages
    built: bool


Further = Callable[[Parts], list[Route]]
"""Makes routes of another room, which stand before those of the pages."""


def create_app(
    knowledge: Knowledge, current: Callable[[], Snapshot], ask: Ask | None = None, built: bool = False, further: Sequence[Further] = ()
) -> Starlette:
    """The application for one registry; `current` gives the snapshot to answer from at each request.

    `ask` runs a reader's query; without it the page of queries shows no answers of its own. `built`: its answers become the files of a
    static site, so pages offer nothing that takes a server; `further` makes routes of rooms after this one. Whoever runs the application calls
    `look` of its `state.change_log` in a thread once that is wanted; until then its changes are waited for.

    Raises LookupError when the registry does not describe itself.
    """
    log = FollowedLog(knowledge, lambda: current().path.parent / "changes")
    publisher = Publisher(current, knowledge.ontology / "queries", log.get, PAGE_VERSION if built else "")
    own_web = own_root() / "web"
    languages = load_languages(knowledge.web, own_web, publisher.current().site.languages, built)
    linked_of = LinkedOf(knowledge)
    drawing = load_map(knowledge.web)
    pages = Pages(publisher, linked_of, languages, drawing, knowledge)
    rules = Rules(publisher, languages, pages, knowledge.shapes)
    linked_data = LinkedData(publisher, linked_of, knowledge.shapes, pages.fixed_paths("vocabulary"), rules.path)
    downloads = Downloads(publisher, linked_of, languages, pages, Dumps())
    parts = Parts(knowledge, publisher, languages, pages, built)
    own = [route for make in further for route in make(parts)]
    described = [route for route in own if isinstance(route, DescribedRoute)]
    app = Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=static_folder(knowledge.web, own_web)), name="static"),
            Route("/version.json", lambda request: _version(publisher.current())),
            Route("/health", lambda request: JSONResponse({"snapshot": current().name})),
            *pages.iri_routes(),
            *linked_data.routes(),
            *downloads.routes(),
            *Catalogue(linked_data, downloads).routes(),
            *SiteMap(publisher, linked_of, languages).routes(),
            *rules.routes(),
            *Api(publisher, languages, pages, described).routes(),
            *QueryPage(publisher, languages, pages, drawing, ask).routes(),
            *Feeds(publisher, languages).routes(),
            *own,
            *pages.routes(),
        ],
        middleware=[Middleware(_Safe)],
        exception_handlers=_faults(pages, languages),
    )
    app.state.face = face(knowledge.web, own_web)
    # What all pages are made of: as long as it stays the same, an address without a question is the same page.
    app.state.made_of = lambda: f"{current().name} {linked_of.moved_at()} {log.version}"
    app.state.change_log = log
    app.state.publisher, app.state.linked_of, app.state.languages = publisher, linked_of, languages
    app.state.query_page = pages.fixed_paths("queries")[next(iter(languages))]
    app.state.records = RecordGraph(publisher, linked_of)
    return app


def _version(published: Published) -> Response:
    """Which version of all data the site shows, for programs."""
    told = {"snapshot": published.site.snapshot, "date": published.site.date, "known": published.snapshot.manifest.get("known_on")}
    return JSONResponse(told, headers={"Cache-Control": "no-cache", **OPEN_TO_ALL})


class _Safe:
    """An ASGI application around another one: every answer carries the safe headers, and has to be there in time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        with within(ANSWER_SECONDS):
            await self._app(scope, receive, send_safely)


def _faults(pages: Pages, languages: dict[str, Language]) -> dict[Any, Callable[[Request, Any], Response]]:
    """What is answered to a request that ends with an exception, by the kind of exception."""

    def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code != 404 or request.method not in ("GET", "HEAD"):
            return of_status(error.status_code, error.headers).answer(request)
        code = request.url.path.strip("/").split("/", 1)[0]
        is_data = request.url.path.endswith(tuple(f".{ending}" for ending in TWINS))
        if is_data or (code not in languages and "text/html" not in request.headers.get("accept", "")):
            return not_found(request.url.path).answer(request)
        return pages.not_found(request, code)

    def out_of_reach(request: Request, error: StoreFault) -> Response:
        """The data lie in a store elsewhere, and it does not answer: the operator's concern, not the reader's."""
        logging.getLogger(__name__).warning("%s %s: %s", request.method, request.url.path, error)
        return pages.out_of_reach(request, getattr(error, "retry_after", RETRY_SECONDS))

    def problem(request: Request, error: Problem) -> Response:
        return error.answer(request)

    def failed(request: Request, error: Exception) -> Response:
        # This one is answered outside of what makes answers safe.
        return Problem(500, "failed", say("failed"), headers=SECURITY).answer(request)

    return {HTTPException: refused, StoreFault: out_of_reach, Problem: problem, Exception: failed}


def static_folder(web: Path, own_web: Path) -> Path:
    """The folder of styles, fonts and scripts: the registry's own, else the program's."""
    return web / "static" if (web / "static").is_dir() else own_web / "static"
