"""What is wrong with a request, in one shape for every data address (RFC 9457, `application/problem+json`) and in the reader's language.

An address below `/sv/` or `/en/` has decided its language; elsewhere Accept-Language does. Who names neither is a program, and whoever
reads its log is best served by English, the language of the protocol and of the fixed `code`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from starlette.requests import HTTPConnection
from starlette.responses import Response

from phkg.publishing.negotiation import best_language
from phkg.publishing.sentences import Said, Sentences

MEDIA_TYPE = "application/problem+json"
OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, Retry-After"}
"""Data may be read by scripts of any site: it is public and nobody is logged in."""

LANGUAGES = ("en", "sv")
"""The languages of problems; the first where nothing decides."""

say = Sentences(Path(__file__).parent / "problems.toml")
titles = Sentences(Path(__file__).parent / "problem_titles.toml")


def language_for(path: str, accept: str) -> str:
    """The language for a problem at an address, by the address itself or else by what the client accepts (its Accept-Language)."""
    first = path.strip("/").split("/", 1)[0]
    return first if first in LANGUAGES else best_language(accept, LANGUAGES)


def language_headers(language: str) -> dict[str, str]:
    """What tells caches and readers of the language; a problem is never kept."""
    return {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}


def told(status: int, code: str, detail: Said, language: str, members: Mapping[str, object]) -> bytes:
    """A problem as JSON; `members` are what this one has beyond the members of all."""
    title = titles(str(status))[language] if str(status) in titles else HTTPStatus(status).phrase
    fixed = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail[language]}
    return json.dumps(fixed | dict(members), ensure_ascii=False, indent=1).encode() + b"\n"


@dataclass(eq=False)
class Problem(Exception):
    """A request that is not answered. `code` is stable for programs, `detail` a sentence for people in every language.

    `parameter` names what is wrong in the address and `allowed` what would be right there, where either is known.
    """

    status: int
    code: str
    detail: Said
    parameter: str = ""
    allowed: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, request: HTTPConnection) -> Response:
        """The problem as JSON, in the language for the request."""
        language = language_for(request.url.path, request.headers.get("accept-language", ""))
        members: dict[str, object] = {}
        if self.parameter:
            members["parameter"] = self.parameter
        if self.allowed:
            members["allowed"] = list(self.allowed)
        body = told(self.status, self.code, self.detail, language, members)
        answer = Response(body, self.status, {**OPEN_TO_ALL, **language_headers(language)}, media_type=MEDIA_TYPE)
        for name, value in self.headers.items():
            if name == "Vary":
                answer.headers.add_vary_header(value)
            else:
                answer.headers[name] = value
        return answer


SCHEMA = {
    "type": "object",
    "description": "What is wrong, in the form of RFC 9457; title and detail in the language that is asked for with Accept-Language.",
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string", "description": "The name of the status."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "description": "What is wrong, the same for ever, for programs."},
        "detail": {"type": "string", "description": "What is wrong and what would be right, for people."},
        "parameter": {"type": "string", "description": "The parameter of the address that is wrong."},
        "allowed": {"type": "array", "items": {"type": "string"}, "description": "What would be right in its place."},
    },
    "required": ["type", "title", "status", "code", "detail"],
    "additionalProperties": False,
}
"""The schema of every problem, for the description of the API."""


def not_found(address: str) -> Problem:
    """An address that names nothing."""
    return Problem(404, "not-found", say("not-found", address=address))


def unknown_parameter(name: str, known: Collection[str]) -> Problem:
    """A parameter that an address does not take."""
    detail = say("unknown-parameter", name=name, known=", ".join(known)) if known else say("no-parameters", name=name)
    return Problem(400, "unknown-parameter", detail, name, tuple(known))


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """A problem of which only the status of HTTP is known."""
    phrase = HTTPStatus(status).phrase
    detail = titles(str(status)) if str(status) in titles else dict.fromkeys(LANGUAGES, phrase)
    return Problem(status, phrase.lower().replace(" ", "-"), detail, headers=headers or {})
