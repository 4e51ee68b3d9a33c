"""What is wrong with a request, in one shape for every data address (RFC 9457, `application/problem+json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, Retry-After"}
"""Data may be read by scripts of any site: it is public and nobody is logged in."""


@dataclass(eq=False)
class Problem(Exception):
    """A request that is not answered. `code` is stable for programs, `detail` a sentence for people.

    `parameter` names what is wrong in the address and `allowed` what would be right there, where either is known.
    """

    status: int
    code: str
    detail: str
    parameter: str = ""
    allowed: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Response:
        """The problem as JSON."""
        title = HTTPStatus(self.status).phrase
        told: dict[str, object] = {"type": "about:blank", "title": title, "status": self.status}
        told |= {"code": self.code, "detail": self.detail}
        if self.parameter:
            told["parameter"] = self.parameter
        if self.allowed:
            told["allowed"] = list(self.allowed)
        body = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        headers = {**OPEN_TO_ALL, "Cache-Control": "no-store", **self.headers}
        return Response(body, self.status, headers, media_type=MEDIA_TYPE)


SCHEMA = {
    "type": "object",
    "description": "What is wrong, in the form of RFC 9457.",
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
    return Problem(404, "not-found", f"Nothing in the registry has the address {address}; /api/ describes the addresses there are.")


def of_status(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Problem:
    """A problem of which only the status of HTTP is known."""
    phrase = HTTPStatus(status).phrase
    return Problem(status, phrase.lower().replace(" ", "-"), detail or phrase, headers=headers or {})
