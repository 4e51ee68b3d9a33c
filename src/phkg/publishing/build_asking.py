"""Ask the routes of the application without a server around them: what an address gives a browser that has no wishes as to languages.

What a server does for each request (threads, limits, headers of safety) costs more than most of the answers, and a file needs none of it.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Match, Route

from phkg.publishing.build_links import ORIGIN
from phkg.publishing.problems import Problem

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers with their names in small letters, body."""


class Asking:
    """Gives what the routes of an application answer, in the same order of routes as a server tries them."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self._routes = [route for route in app.routes if isinstance(route, Route)]
        self._of: dict[str, list[Route]] = {}
        self._host = urlsplit(ORIGIN)

    def ask(self, address: str) -> Answer:
        """What an address (path and question) is answered with; 500 where the application fails, with a word in the log."""
        try:
            return self.answer(address)
        except (HTTPException, Problem) as refusal:
            return refusal.status_code if isinstance(refusal, HTTPException) else refusal.status, {}, b""
        except Exception as error:  # noqa: BLE001 - the address is named at the end with all others that failed.
            logging.getLogger(__name__).error("%s: %s: %s", address, type(error).__name__, error)
            return 500, {}, b""

    def answer(self, address: str) -> Answer:
        """As `ask`. Raises HTTPException or Problem where the application refuses, and whatever it fails with."""
        path, _, question = address.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": self._host.scheme,
            "root_path": "",
            "app": self._app,
            "path": path,
            "raw_path": path.encode(),
            "query_string": question.encode(),
            "server": (self._host.netloc, 443),
            "client": None,
            "headers": [(b"host", self._host.netloc.encode()), (b"accept", b"text/html, */*;q=0.1")],
        }
        for route in self._that_may(path.split("/", 2)[1]):
            match, found = route.matches(scope)
            if match == Match.FULL:
                answer = route.endpoint(Request(scope | found))
                return _read(asyncio.run(answer) if inspect.isawaitable(answer) else answer)
        return 404, {}, b""

    def _that_may(self, first: str) -> list[Route]:
        """The routes of which one may take an address with this first step."""
        if first not in self._of:
            self._of[first] = [route for route in self._routes if _begins(route, first)]
        return self._of[first]


def _begins(route: Route, first: str) -> bool:
    step = route.path.split("/", 2)[1]
    return "{" in step or step == first


def _read(response: Response) -> Answer:
    body = Path(response.path).read_bytes() if isinstance(response, FileResponse) else bytes(response.body)
    return response.status_code, dict(response.headers), body
