"""The web application: static files, linked data, health, pages; every answer carries the same safe headers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from phkg.graph.change_log import FollowedLog
from phkg.graph.remote.deadline import within
from phkg.graph.remote.faults import StoreFault
from phkg.graph.snapshot import Snapshot
from phkg.publishing.api import Api
from phkg.publishing.catalogue import Catalogue
from phkg.publishing.downloads import Downloads
from phkg.publishing.dumps import Dumps
from phkg.publishing.feeds import Feeds
from phkg.publishing.headers import SECURITY, face
from phkg.publishing.linked import LinkedOf
from phkg.publishing.linked_data import LinkedData
from phkg.publishing.pages import TWINS, Pages
from phkg.publishing.problems import Problem, not_found, of_status
from phkg.publishing.query_page import Ask, QueryPage
from phkg.publishing.record_graph import RecordGraph
from phkg.publishing.rendering import Language, load_languages, load_map
from phkg.publishing.rules import Rules
from phkg.publishing.site import Publisher
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


Further = Callable[[Parts], APIRouter]
"""Makes routes of another room, which stand before those of the pages."""


def create_app(
    knowledge: Knowledge, current: Callable[[], Snapshot], ask: Ask | None = None, built: bool = False, further: Sequence[Further] = ()
) -> FastAPI:
    """The application for one registry; `current` gives the snapshot to answer from at each request.

    `ask` runs a reader's query; without it the page of queries shows no answers of its own. `built`: its answers become the files of a
    static site, so pages offer nothing that takes a server; `further` makes routes of rooms after this one. Whoever runs the application calls
    `look` of its `state.change_log` in a thread once that is wanted; until then its changes are waited for.

    Raises LookupError when the registry does not describe itself.
    """
    log = FollowedLog(knowledge, lambda: current().path.parent / "changes")
    publisher = Publisher(current, knowledge.ontology / "queries", log.get)
    own_web = own_root() / "web"
    languages = load_languages(knowledge.web, own_web, publisher.current().site.languages, built)
    linked_of = LinkedOf(knowledge)
    drawing = load_map(knowledge.web)
    pages = Pages(publisher, linked_of, languages, drawing, knowledge)

    app = FastAPI(title="phkg", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.face = face(knowledge.web, own_web)
    # What all pages are made of: as long as it stays the same, an address without a question is the same page.
    app.state.made_of = lambda: f"{current().name} {linked_of.moved_at()} {log.version}"
    app.state.change_log = log
    app.state.publisher, app.state.linked_of, app.state.languages = publisher, linked_of, languages
    app.state.query_page = pages.fixed_paths("queries")[next(iter(languages))]
    app.state.records = RecordGraph(publisher, linked_of)
    app.mount("/static", StaticFiles(directory=static_folder(knowledge.web, own_web)), name="static")
    app.add_api_route("/health", lambda: JSONResponse({"snapshot": current().name}), methods=["GET", "HEAD"])
    app.include_router(pages.iri_router())
    rules = Rules(publisher, languages, pages, knowledge.shapes)
    linked_data = LinkedData(publisher, linked_of, knowledge.shapes, pages.fixed_paths("vocabulary"), rules.path)
    downloads = Downloads(publisher, linked_of, languages, pages, Dumps())
    app.include_router(linked_data.router())
    app.include_router(downloads.router())
    app.include_router(Catalogue(linked_data, downloads).router())
    app.include_router(SiteMap(publisher, linked_of, languages).router())
    app.include_router(rules.router())
    app.include_router(Api(publisher, languages, pages).router())
    app.include_router(QueryPage(publisher, languages, pages, drawing, ask).router())
    app.include_router(Feeds(publisher, languages).router())
    for make in further:
        app.include_router(make(Parts(knowledge, publisher, languages, pages, built)))
    app.include_router(pages.router())

    @app.middleware("http")
    async def safe_headers(request: Request, call_next: Callable) -> Response:
        with within(ANSWER_SECONDS):
            response = await call_next(request)
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code != 404 or request.method not in ("GET", "HEAD"):
            return of_status(error.status_code, error.detail, error.headers).answer()
        code = request.url.path.strip("/").split("/", 1)[0]
        is_data = request.url.path.endswith(tuple(f".{ending}" for ending in TWINS))
        if is_data or (code not in languages and "text/html" not in request.headers.get("accept", "")):
            return not_found(request.url.path).answer()
        return pages.not_found(request, code)

    @app.exception_handler(StoreFault)
    def out_of_reach(request: Request, error: StoreFault) -> Response:
        """The data lie in a store elsewhere, and it does not answer: the operator's concern, not the reader's."""
        logging.getLogger(__name__).warning("%s %s: %s", request.method, request.url.path, error)
        return pages.out_of_reach(request, getattr(error, "retry_after", RETRY_SECONDS))

    @app.exception_handler(Problem)
    def problem(request: Request, error: Problem) -> Response:
        return error.answer()

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> Response:
        return Problem(500, "failed", "The server failed at this; the fault is the program's, not yours.").answer()

    return app


def static_folder(web: Path, own_web: Path) -> Path:
    """The folder of styles, fonts and scripts: the registry's own, else the program's."""
    return web / "static" if (web / "static").is_dir() else own_web / "static"
