"""The empty workbook that curators fill in, as a file to take from the first page to contribute with."""

from __future__ import annotations

from threading import Lock

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phkg.curation.exporting import common_kinds, export
from phkg.curation.from_table import XLSX
from phkg.curation.web.frame import Frame
from phkg.curation.web.record_forms import Ready, RecordForms
from phkg.publishing.pages import READ


class Template:
    """The routes of the workbook, one for each language. It is made once for a snapshot, with what can be chosen then."""

    def __init__(self, frame: Frame, forms: RecordForms) -> None:
        self._frame = frame
        self._forms = forms
        self._made: tuple[Ready | None, dict[str, bytes]] = (None, {})
        self._one_at_a_time = Lock()

    def routes(self) -> list[Route]:
        """The routes; they stand before those of the pages."""
        return [Route(self._frame.workbook(code), self._get(code), methods=READ) for code in self._frame.parts.languages]

    def _get(self, code: str):
        def file(request: Request) -> Response:
            try:
                ready = self._forms.ready()
            except LookupError:
                return self._frame.parts.pages.not_found(request, code)
            name = self._frame.workbook(code).rpartition("/")[2]
            headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}
            return Response(self._workbook(ready, code), media_type=XLSX, headers=headers)

        return file

    def _workbook(self, ready: Ready, code: str) -> bytes:
        with self._one_at_a_time:
            if self._made[0] is not ready:
                self._made = (ready, {})
            made = self._made[1]
            if code not in made:
                made[code] = export(common_kinds(ready.forms), ready.forms, ready.known, (), "xlsx", code).data
            return made[code]
