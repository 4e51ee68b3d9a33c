"""The pages to contribute with: what can be done, and a place to have records checked and sent in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from phkg.curation.submitted import JSON_LD, TURTLE
from phkg.curation.web.answers import Shown, shown
from phkg.curation.web.body import FORMS, Filled, media_type_of, read_form
from phkg.curation.web.door import Door, Refused
from phkg.curation.web.seal import FIELD, Seal
from phkg.publishing.app import Parts
from phkg.publishing.pages import READ
from phkg.publishing.parameters import Parameter, check
from phkg.publishing.problems import Problem

CHECK, SEND = "check", "send"


@dataclass(frozen=True)
class Pasted:
    """What was pasted or uploaded, and what came of it: `checked` when it was looked at, `code` and `detail` when it was refused (see Refused)."""

    text: str = ""
    checked: bool = False
    found: Shown | None = None
    code: str = ""
    detail: str = ""
    allowed: tuple[str, ...] = ()
    changes: tuple[Any, ...] = ()


class Contribute:
    """The pages; `door` is None where nothing is checked or taken, as on a static site."""

    def __init__(self, parts: Parts, door: Door | None, seal: Seal) -> None:
        self._parts = parts
        # What is built has no server behind it.
        self._door = None if parts.built else door
        self._seal = seal

    def routes(self) -> list[Route]:
        """The routes; mount them before the pages."""
        routes: list[Route] = []
        for code in self._parts.languages:
            routes.append(Route(self.path(code), self._get(code), methods=READ))
            routes.append(Route(self.path(code), self.post, methods=["POST"]))
        return routes

    def path(self, code: str) -> str:
        """The address of the first page."""
        return f"/{code}/{self._parts.languages[code].word('contribute')}/"

    def _get(self, code: str):
        async def page(request: Request) -> Response:
            try:
                check(request.query_params, ())
            except Problem as problem:
                return await run_in_threadpool(self._parts.pages.problem, request, code, problem)
            return await self._page(request, code, Pasted())

        return page

    async def post(self, request: Request) -> Response:
        """What was filled in: checked, or sent in. A form of this site says its language itself."""
        if self._door is None:
            return await self._page(request, self._first, Pasted(code="not-taken-here"), 501)
        try:
            if media_type_of(request) not in FORMS:
                raise Refused(415, "unknown-type", "Send a form.")
            filled = await read_form(request, self._door.limits)
        except Refused as refused:
            return await self._page(request, self._language_of(request), Pasted(code=refused.code, detail=refused.detail), refused.status)
        code = filled.one("language") if filled.one("language") in self._parts.languages else self._language_of(request)
        return await self._act(request, code, filled)

    async def _act(self, request: Request, code: str, filled: Filled) -> Response:
        assert self._door is not None
        data = filled.file or filled.one("text").encode()
        media_type = JSON_LD if data.lstrip()[:1] in (b"{", b"[") else TURTLE
        client = request.client.host if request.client else ""
        text = data.decode("utf-8", "replace")
        try:
            if filled.one("do") != SEND:
                judged = await self._door.check(client, data, media_type)
                found = shown(judged.findings, judged.submitted.text, code)
                return await self._page(request, code, Pasted(text, True, found, changes=judged.submitted.changes))
            if not self._seal.fits(request, filled.one(FIELD)):
                raise Refused(403, "seal", "The form is too old, or was not opened on this site. It is filled in again here; send it once more.")
            outcome = await self._door.submit(client, filled.one("token").strip(), data, media_type)
        except Refused as refused:
            found = shown(refused.findings, refused.text, code) if refused.findings else None
            pasted = Pasted(text, bool(found), found, refused.code, refused.detail, refused.allowed)
            answer = await self._page(request, code, pasted, refused.status)
            answer.headers.update(refused.headers)
            return answer
        word = self._parts.languages[code].word("submissions")
        return RedirectResponse(f"/{code}/{word}/{outcome.kept.id}/", 303, headers={"Cache-Control": "no-store"})

    async def _page(self, request: Request, code: str, pasted: Pasted, status: int = 200) -> Response:
        nonce, sealed = self._seal.give(request)
        context = {"page": None, "pasted": pasted, "checks": self._door is not None, "takes": self._takes, "seal": sealed}
        alternates = {one: self.path(one) for one in self._parts.languages}
        published = self._parts.publisher.current()
        render = self._parts.pages.render
        answer = await run_in_threadpool(render, request, published, code, "contribute.html", context, alternates, None, status)
        answer.headers["Cache-Control"] = "no-store"
        if self._takes:
            self._seal.keep(request, answer, nonce)
            # So that a browser names the origin of a form that it sends, which it does not with no-referrer.
            answer.headers["Referrer-Policy"] = "same-origin"
        return answer

    @property
    def _takes(self) -> bool:
        return self._door is not None and self._door.repository is not None

    @property
    def _first(self) -> str:
        return next(iter(self._parts.languages))

    def _language_of(self, request: Request) -> str:
        code = request.url.path.strip("/").partition("/")[0]
        return code if code in self._parts.languages else self._first
