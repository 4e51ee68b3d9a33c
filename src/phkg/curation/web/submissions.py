"""`POST /submissions` for programs, and the address of each submission: what became of it, as a page and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from phkg.curation.branches import ID, Kept
from phkg.curation.submitted import JSON_LD, TURTLE
from phkg.curation.web.answers import refusal, status, taken
from phkg.curation.web.body import FORMS, media_type_of, read_body
from phkg.curation.web.contribute import Contribute
from phkg.curation.web.described import components, explaining, looking, sending
from phkg.curation.web.door import Refused, say
from phkg.curation.web.frame import Frame
from phkg.publishing.api import DescribedRoute
from phkg.publishing.negotiation import best_language
from phkg.publishing.pages import READ
from phkg.publishing.problems import not_found
from phkg.records.git import GitFault

PATH = "/submissions"
TYPES = (TURTLE, JSON_LD)
OTHER_NAMES = {"application/x-turtle": TURTLE, "application/json": JSON_LD}
"""Media types that mean one of those taken."""


class Submissions:
    """The routes."""

    def __init__(self, frame: Frame, contribute: Contribute) -> None:
        self._frame = frame
        self._parts = frame.parts
        self._door = frame.door
        self._contribute = contribute

    def routes(self) -> list[Route]:
        """The routes; mount them before the pages."""
        routes: list[Route] = []
        # What is not taken here is not described: a program that reads the description can use all that it finds there.
        described = partial(DescribedRoute, components=components()) if self._frame.takes else _plain
        # One route for both, so that a refused method is told of both.
        routes.append(described(PATH, self.submit_or_about, [*READ, "POST"], {"get": explaining, "post": sending}))
        routes.append(Route(f"{PATH}/", self.about, methods=READ))
        routes.append(described(f"{PATH}/{{id}}.json", self.state, READ, {"get": looking}))
        routes.append(Route(f"{PATH}/{{id}}", self.found, methods=READ))
        for code in self._parts.languages:
            routes.append(Route(self._frame.submission(code, "{id}"), self._page(code), methods=READ))
        return routes

    async def submit_or_about(self, request: Request) -> Response:
        """The address where submissions come in."""
        return await self.submit(request) if request.method == "POST" else self.about(request)

    async def submit(self, request: Request) -> Response:
        """Take a submission: Turtle or JSON-LD with the token as `Authorization: Bearer`, or a form of this site."""
        media_type = media_type_of(request)
        if media_type in FORMS:
            return await self._contribute.post(request)
        try:
            if self._door is None:
                raise Refused(501, "not-taken-here", say("not-taken-here"))
            data = await read_body(request, self._door.limits)
            kind = OTHER_NAMES.get(media_type, media_type)
            if kind not in TYPES:
                taken_types = ", ".join(TYPES)
                detail = say("unknown-type", taken=taken_types, given=media_type[:80]) if media_type else say("no-type", taken=taken_types)
                raise Refused(415, "unknown-type", detail, headers={"Accept-Post": ", ".join(TYPES)})
            scheme, _, secret = request.headers.get("authorization", "").partition(" ")
            secret = secret.strip() if scheme.lower() == "bearer" else ""
            outcome = await self._door.submit(request.client.host if request.client else "", secret, data, kind)
        except Refused as refused:
            return refusal(refused, request)
        return taken(outcome, f"{PATH}/{outcome.kept.id}")

    def about(self, request: Request) -> Response:
        """Whoever comes here with a browser is told how to contribute."""
        return RedirectResponse(self._frame.path(self._language(request)), 303, headers={"Vary": "Accept-Language"})

    async def found(self, request: Request) -> Response:
        """A submission in the form that is asked for: a page for browsers, else JSON."""
        if "text/html" not in request.headers.get("accept", ""):
            return await self.state(request)
        id = request.path_params["id"]
        headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-store"}
        return RedirectResponse(self._frame.submission(self._language(request), id) if ID.fullmatch(id) else f"{PATH}/", 303, headers=headers)

    async def state(self, request: Request) -> Response:
        """A submission as JSON. Raises Problem when there is none."""
        kept = await self._kept(request.path_params["id"])
        if kept is None:
            raise not_found(request.url.path)
        return status(kept, f"{PATH}/{kept.id}")

    def _page(self, code: str):
        async def page(request: Request) -> Response:
            kept = await self._kept(request.path_params["id"])
            if kept is None:
                return await run_in_threadpool(self._parts.pages.not_found, request, code)
            return await run_in_threadpool(self._shown, request, code, kept)

        return page

    def _shown(self, request: Request, code: str, kept: Kept) -> Response:
        published = self._parts.publisher.current()
        context = {"page": kept, "data": f"{PATH}/{kept.id}.json"}
        alternates = {one: self._frame.submission(one, kept.id) for one in self._parts.languages}
        answer = self._parts.pages.render(request, published, code, "submission.html", context, alternates, None)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    async def _kept(self, id: str) -> Kept | None:
        repository = self._door.repository if self._door else None
        if repository is None or not ID.fullmatch(id):
            return None
        try:
            return await run_in_threadpool(repository.kept, id)
        except GitFault:
            return None

    def _language(self, request: Request) -> str:
        return best_language(request.headers.get("accept-language", ""), tuple(self._parts.languages))


def _plain(path: str, endpoint: Callable[..., Any], methods: list[str], operations: object) -> Route:
    return Route(path, endpoint, methods=methods)
