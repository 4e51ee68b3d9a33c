"""The endpoint over HTTP: a raw ASGI application for one address, GET, HEAD, POST and OPTIONS."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from pyoxigraph import NamedNode

from phkg.publishing.negotiation import best_media_type
from phkg.sparql import problems
from phkg.sparql.description import DESCRIPTIONS, describe
from phkg.sparql.formats import content_type
from phkg.sparql.frames import Question
from phkg.sparql.limits import Limits
from phkg.sparql.pool import Busy, Overdue, Pool, Result, WorkerEnded
from phkg.sparql.problems import READ_ONLY, Problem
from phkg.sparql.protocol import read_request
from phkg.sparql.service import find_service, is_update, may_change

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Reply = tuple[int, dict[str, str], bytes]

METHODS = "GET, HEAD, POST, OPTIONS"
COMMON = {
    # An answer is data and never a page: nothing in it may run, wherever it is shown.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class _Gone(Exception):
    """The client has gone; there is nobody to answer."""


def create_endpoint(pool: Pool, snapshot_name: Callable[[], str], human_page: str) -> Application:
    """The ASGI application for the endpoint, to be mounted at its address.

    `snapshot_name` tells the name of the snapshot that is answered from now; `human_page` is the address of the page with the
    query form, to which a browser that comes without a query is sent.
    """
    endpoint = _Endpoint(pool, snapshot_name, human_page)
    return endpoint.serve


class _Endpoint:
    def __init__(self, pool: Pool, snapshot_name: Callable[[], str], human_page: str) -> None:
        self.pool = pool
        self.snapshot_name = snapshot_name
        self.human_page = human_page

    async def serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            status, headers, body = await self._reply(scope, receive)
        except _Gone:
            return
        except Problem as problem:
            status, body = problem.status, problem.body()
            headers = {"Content-Type": problems.MEDIA_TYPE, "Cache-Control": "no-store", **problem.headers}
        if status not in (204, 304):
            headers["Content-Length"] = str(len(body))
        sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in {**COMMON, **headers}.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _reply(self, scope: MutableMapping[str, Any], receive: Receive) -> Reply:
        method: str = scope["method"]
        if method == "OPTIONS":
            return 204, {"Allow": METHODS, **PREFLIGHT}, b""
        if method not in ("GET", "HEAD", "POST"):
            raise Problem(405, "method", f"{method} is not answered here; use GET or POST.", headers={"Allow": METHODS})
        headers = _headers(scope)
        url = _address(scope, headers)
        body = await _body(headers, receive, self.pool.limits) if method == "POST" else b""
        asked = read_request(method, headers, scope["query_string"], body, url, self.pool.limits)
        if asked.question is None:
            return self._description(headers.get("accept", ""), url)
        return await self._answer(asked.question, asked.seconds, method, headers, receive)

    def _description(self, accept: str, url: str) -> Reply:
        media_type = best_media_type(accept, (*DESCRIPTIONS, "text/html"))
        if media_type == "text/html":
            return 303, {"Location": self.human_page, "Cache-Control": "no-cache"}, b""
        if media_type is None:
            raise problems.not_acceptable("the service description", dict.fromkeys(DESCRIPTIONS))
        return 200, {"Content-Type": content_type(media_type), "Cache-Control": "no-cache"}, describe(url, media_type)

    async def _answer(self, question: Question, seconds: float, method: str, headers: Mapping[str, str], receive: Receive) -> Reply:
        if place := find_service(question.query):
            raise problems.service_refused(place)
        keeps = not may_change(question.query)
        if keeps and method != "POST":
            tag = _etag(self.snapshot_name(), question)
            if _knows(headers.get("if-none-match", ""), tag):
                return 304, {"ETag": tag, "Cache-Control": "no-cache"}, b""
        result = await self._run(question, seconds, receive)
        if result.answer.code:
            if result.answer.code == "syntax" and is_update(question.query):
                raise Problem(400, "read-only", READ_ONLY)
            raise problems.of_answer(result.answer, self.pool.limits)
        # The name is the worker's own: it may have answered from the snapshot before the newest.
        kept = {"ETag": _etag(result.snapshot, question), "Cache-Control": "no-cache"} if keeps else {"Cache-Control": "no-store"}
        return 200, {"Content-Type": content_type(str(result.answer.media_type)), **kept}, result.body

    async def _run(self, question: Question, seconds: float, receive: Receive) -> Result:
        query = asyncio.ensure_future(self.pool.run(question, seconds))
        leaving = asyncio.ensure_future(_until_gone(receive))
        try:
            await asyncio.wait((query, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not query.done():
                raise _Gone
            return query.result()
        except Busy:
            raise problems.busy(self.pool.limits) from None
        except Overdue as overdue:
            raise problems.overdue(overdue.args[0]) from None
        except WorkerEnded as ended:
            raise problems.worker_ended(str(ended)) from None
        finally:
            for task in (query, leaving):
                task.cancel()


def _headers(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """The headers by name in lower case; a header that came in several lines is one list."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _address(scope: MutableMapping[str, Any], headers: Mapping[str, str]) -> str:
    url = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}{quote(scope['path'])}"
    try:
        return NamedNode(url).value
    except ValueError:
        raise Problem(400, "host", "The Host header is no name of a host.") from None


async def _body(headers: Mapping[str, str], receive: Receive, limits: Limits) -> bytes:
    too_long = Problem(413, "query-too-long", f"The body is longer than {limits.form:,} bytes.", headers={"Connection": "close"})
    declared = headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit() or int(declared[:20]) > limits.form:
        raise too_long
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _Gone
                part = message.get("body", b"")
                parts.append(part)
                size += len(part)
                if size > limits.form:
                    raise too_long
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        detail = f"The body did not arrive within {limits.body_seconds:g} seconds."
        raise Problem(408, "body-slow", detail, headers={"Connection": "close"}) from None


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _etag(snapshot: str, question: Question) -> str:
    """The strong ETag of an answer: the snapshot and everything in the question that decides its bytes."""
    parts = (question.query, question.base_iri, question.default_graphs, question.named_graphs, question.table_type, question.graph_type)
    return f'"{snapshot[:16]}-{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def _knows(if_none_match: str, tag: str) -> bool:
    known = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return tag in known or known == ["*"]
