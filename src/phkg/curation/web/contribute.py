"""The first page to contribute with: a form for each kind of record, and a place to have records checked and sent in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from phkg.curation.from_table import CSV, TABLES, XLSX
from phkg.curation.submitted import JSON_LD, TURTLE
from phkg.curation.web.answers import Shown, shown
from phkg.curation.web.body import FORMS, Filled, media_type_of, read_form
from phkg.curation.web.door import Refused, say
from phkg.curation.web.frame import SEND, Frame
from phkg.curation.web.record_forms import RECORD, RecordForms
from phkg.publishing.pages import READ
from phkg.publishing.parameters import STEPS, Parameter, check
from phkg.publishing.problems import Problem

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
"""How the names of files end that are meant as workbooks, also those that cannot be read."""
CORRECT = Parameter(RECORD, "path", "The end of the IRI of a record to correct; leads to its form.", "")


@dataclass(frozen=True)
class Pasted:
    """What was pasted or uploaded, and what came of it: `checked` when it was looked at, `refused` why nothing came of it; `update` as it was ticked."""

    text: str = ""
    checked: bool = False
    found: Shown | None = None
    refused: Refused | None = None
    changes: tuple[Any, ...] = ()
    update: bool = False


class Contribute:
    """The routes of the page."""

    def __init__(self, frame: Frame, forms: RecordForms) -> None:
        self._frame = frame
        self._forms = forms

    def routes(self) -> list[Route]:
        """The routes; they stand before those of the pages."""
        routes: list[Route] = []
        for code in self._frame.parts.languages:
            routes.append(Route(self._frame.path(code), self._get(code), methods=READ))
            routes.append(Route(self._frame.path(code), self.post, methods=["POST"]))
        return routes

    def _get(self, code: str):
        def page(request: Request) -> Response:
            try:
                check(request.query_params, (CORRECT,))
            except Problem as problem:
                return self._frame.parts.pages.problem(request, code, problem)
            record = request.query_params.get(RECORD, "")
            if not record:
                return self._page(request, code, Pasted())
            path = self._forms.path_of(code, record) if STEPS.fullmatch(record) else None
            return RedirectResponse(path, 303) if path else self._frame.parts.pages.not_found(request, code)

        return page

    async def post(self, request: Request) -> Response:
        """What was pasted or uploaded: checked, or sent in. A form of this site says its language itself."""
        door, code = self._frame.door, self._frame.language_of(request)
        try:
            if door is None:
                raise Refused(501, "not-taken-here", say("not-taken-here"))
            if media_type_of(request) not in FORMS:
                raise Refused(415, "unknown-type", say("no-type", taken=", ".join(FORMS)))
            filled = await read_form(request, door.limits)
        except Refused as refused:
            return await run_in_threadpool(self._page, request, code, Pasted(refused=refused))
        code = filled.one("language") if filled.one("language") in self._frame.parts.languages else code
        return await self._act(request, code, filled)

    async def _act(self, request: Request, code: str, filled: Filled) -> Response:
        door = self._frame.door
        assert door is not None
        data = filled.file or filled.one("text").encode()
        media_type = _media_type(data, filled.file_name)
        client = request.client.host if request.client else ""
        update = bool(filled.one("update"))
        text = "" if media_type in TABLES else data.decode("utf-8", "replace")
        try:
            if filled.one("do") != SEND:
                judged = await door.check(client, data, media_type, update)
                pasted = Pasted(
                    text or judged.submitted.text, True, shown(judged.findings, judged.submitted.text, code), None, judged.submitted.changes, update
                )
                return await run_in_threadpool(self._page, request, code, pasted)
            if not self._frame.fits(request, filled):
                raise Refused(403, "seal", say("seal"))
            taken = await door.submit(client, filled.one("token").strip(), data, media_type, update)
        except Refused as refused:
            found = shown(refused.findings, refused.text, code) if refused.findings else None
            return await run_in_threadpool(self._page, request, code, Pasted(text, bool(found), found, refused, update=update))
        return RedirectResponse(self._frame.submission(code, taken.kept.id), 303, headers={"Cache-Control": "no-store"})

    def _page(self, request: Request, code: str, pasted: Pasted) -> Response:
        status = pasted.refused.status if pasted.refused else 422 if pasted.found and pasted.found.errors else 200
        context = {"pasted": pasted, "kinds": self._forms.kinds(code), "workbook": self._frame.workbook(code)}
        alternates = {one: self._frame.path(one) for one in self._frame.parts.languages}
        headers = dict(pasted.refused.headers) if pasted.refused else {}
        return self._frame.page(request, code, "contribute.html", context, alternates, status, headers)


def _media_type(data: bytes, file_name: str) -> str:
    """What something pasted or uploaded is, by how it begins and what it is called."""
    name = file_name.lower()
    if data.startswith(b"PK\x03\x04") or name.endswith(WORKBOOKS):
        return XLSX
    if name.endswith(".csv"):
        return CSV
    return JSON_LD if data.lstrip()[:1] in (b"{", b"[") else TURTLE
