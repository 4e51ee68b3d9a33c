"""What all pages to contribute with share: their addresses, the seal of their forms, and the headers that forms need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from phkg.curation.web.body import Filled
from phkg.curation.web.door import Door
from phkg.curation.web.seal import FIELD, Seal
from phkg.curation.words import word
from phkg.publishing.app import Parts

CHECK, SEND = "check", "send"


class Frame:
    """Renders pages with forms in them. `door` is None where nothing is checked or taken, as on a static site."""

    def __init__(self, parts: Parts, door: Door | None, seal: Seal) -> None:
        self.parts = parts
        # What is built has no server behind it.
        self.door = None if parts.built else door
        self._seal = seal

    @property
    def takes(self) -> bool:
        """Whether submissions are taken, and not only checks made."""
        return self.door is not None and self.door.repository is not None

    @property
    def first(self) -> str:
        """The first language."""
        return next(iter(self.parts.languages))

    def path(self, code: str) -> str:
        """The address of the first page."""
        return f"/{code}/{self.parts.languages[code].word('contribute')}/"

    def workbook(self, code: str) -> str:
        """The address of the empty workbook."""
        return f"{self.path(code)}{word('template', code)}.xlsx"

    def submission(self, code: str, id: str) -> str:
        """The address of the page of a submission."""
        return f"/{code}/{self.parts.languages[code].word('submissions')}/{id}/"

    def fits(self, request: Request, filled: Filled) -> bool:
        """Whether a form was filled in on this site."""
        return self._seal.fits(request, filled.one(FIELD))

    def language_of(self, request: Request) -> str:
        """The language of the address of a request, else the first."""
        code = request.url.path.strip("/").partition("/")[0]
        return code if code in self.parts.languages else self.first

    def page(
        self,
        request: Request,
        code: str,
        template: str,
        context: Mapping[str, Any],
        alternates: dict[str, str],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """A page with forms, sealed for this browser where they can send something in."""
        nonce, sealed = self._seal.give(request)
        shown = {"page": None, "checks": self.door is not None, "takes": self.takes, "seal": sealed, **context}
        answer = self.parts.pages.render(request, self.parts.publisher.current(), code, template, shown, alternates, None, status)
        answer.headers.update(headers or {})
        answer.headers["Cache-Control"] = "no-store"
        # So that a browser names the origin of a form that it sends, which it does not with no-referrer.
        answer.headers["Referrer-Policy"] = "same-origin"
        if self.takes:
            self._seal.keep(request, answer, nonce)
        return answer
