"""The web application: static files, linked data, health, pages; every answer carries the same safe headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from phkg.graph.snapshot import Snapshot
from phkg.publishing.headers import SECURITY
from phkg.publishing.linked import LinkedOf
from phkg.publishing.linked_data import LinkedData
from phkg.publishing.pages import Pages
from phkg.publishing.rendering import load_languages, load_map
from phkg.publishing.site import Publisher
from phkg.records.knowledge import Knowledge, own_root


def create_app(knowledge: Knowledge, current: Callable[[], Snapshot]) -> FastAPI:
    """The application for one registry; `current` gives the snapshot to answer from at each request.

    Raises LookupError when the registry does not describe itself.
    """
    publisher = Publisher(current, knowledge.ontology / "queries")
    own_web = own_root() / "web"
    languages = load_languages(knowledge.web, own_web, publisher.current().site.languages)
    pages = Pages(publisher, languages, load_map(knowledge.web))

    app = FastAPI(title="phkg", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.query_page = pages.fixed_paths("queries")[next(iter(languages))]
    app.mount("/static", StaticFiles(directory=_static(knowledge.web, own_web)), name="static")
    app.add_api_route("/health", lambda: JSONResponse({"snapshot": current().name}), methods=["GET", "HEAD"])
    linked_of = LinkedOf(knowledge)
    app.include_router(LinkedData(publisher, linked_of, knowledge.shapes, pages.fixed_paths("vocabulary")).router())
    app.include_router(pages.router())

    @app.middleware("http")
    async def safe_headers(request: Request, call_next: Callable) -> Response:
        response = await call_next(request)
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(HTTPException)
    async def plain_error(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and request.method in ("GET", "HEAD"):
            return pages.not_found(request, request.url.path.strip("/").split("/", 1)[0])
        return JSONResponse({"status": error.status_code, "error": error.detail}, error.status_code, error.headers)

    return app


def _static(web: Path, own_web: Path) -> Path:
    return web / "static" if (web / "static").is_dir() else own_web / "static"
