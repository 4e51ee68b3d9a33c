"""The endpoint over HTTP: a raw ASGI application for one address, GET, HEAD, POST and OPTIONS."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from pyoxigraph import NamedNode

from phkg.publishing.negotiation import best_media_type
from phkg.publishing.problems import MEDIA_TYPE, language_for, language_headers
from phkg.sparql import problems
from phkg.sparql.cache import Cache, Kept
from phkg.sparql.description import DESCRIPTIONS, describe
from phkg.sparql.fairness import client_name
from phkg.sparql.formats import content_type
from phkg.sparql.frames import Question
from phkg.sparql.limits import Limits
from phkg.sparql.pool import Busy, GaveWay, Overdue, Pool, Result, TooMany, WorkerEnded
from phkg.sparql.problems import Problem, say
from phkg.sparql.protocol import read_request
from phkg.sparql.service import may_change

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Reply = tuple[int, dict[str, str], bytes]

PATH = "/sparql"
WELL_KNOWN = "/.well-known/void"
"""Where the description of the data is looked for, by the VoID note of the W3C."""

WATCH_SECONDS = 0.05
"""How long a query runs before its client is watched for leaving."""

DESCRIPTION_SECONDS = 10.0
"""How long a description waits for a snapshot to be counted; then it goes without counts."""

METHODS = "GET, HEAD, POST, OPTIONS"
COMMON = {
    # An answer is data and never a page: nothing in it may run, wherever it is shown.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Encoding, ETag, RateLimit, RateLimit-Policy, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept, Accept-Encoding",
}
COMMON_SENT = [(name.lower().encode(), value.encode()) for name, value in COMMON.items()]
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class _Gone(Exception):
    """The client has gone; there is nobody to answer."""


def create_endpoint(pool: Pool, snapshot_name: Callable[[], str], human_page: str) -> Application:
    """The ASGI application for the endpoint: at PATH, and for its description also at WELL_KNOWN.

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
        self.cache: Cache[Kept] = Cache(pool.limits.cache, pool.limits.cache_entries)
        self.common = [*COMMON_SENT, (b"ratelimit-policy", problems.rate_policy(pool.limits).encode())]

    async def serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            status, headers, body = await self._reply(scope, receive)
        except _Gone:
            return
        except Problem as problem:
            language = language_for("", _headers(scope).get("accept-language", ""))
            status, body = problem.status, problem.body(language)
            headers = {"Content-Type": MEDIA_TYPE, **language_headers(language), **problem.headers}
        if status not in (204, 304):
            headers["Content-Length"] = str(len(body))
        sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent + self.common})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _reply(self, scope: MutableMapping[str, Any], receive: Receive) -> Reply:
        method: str = scope["method"]
        allowed = METHODS if scope["path"] == PATH else "GET, HEAD, OPTIONS"
        if method not in allowed.split(", "):
            raise Problem(405, "method", say("method", method=method, allowed=allowed), headers={"Allow": allowed})
        if method == "OPTIONS":
            return 204, {"Allow": allowed, **PREFLIGHT}, b""
        headers = _headers(scope)
        url = _address(scope.get("scheme", "http"), headers.get("host", "localhost"))
        if scope["path"] == WELL_KNOWN:
            return await self._description(headers, url)
        body = await _body(headers, receive, self.pool.limits) if method == "POST" else b""
        asked = read_request(method, headers, scope["query_string"], body, url, self.pool.limits)
        if asked.question is None:
            return await self._description(headers, url)
        client = client_name(scope["client"][0]) if scope.get("client") else ""
        question, digest = asked.question, _digest(asked.question)
        if may_change(question.query):
            return _of_kept(await self._make(question, digest, asked.seconds, client, receive), keeps=False)
        tag = _etag(self.snapshot_name(), digest)
        if method != "POST" and _knows(headers.get("if-none-match", ""), tag):
            return 304, {"ETag": tag, "Cache-Control": "no-cache"}, b""
        kept = self.cache.get(tag)
        if kept is None:
            kept = await self._make(question, digest, asked.seconds, client, receive)
            self.cache.put(kept)
        return _of_kept(kept, keeps=True)

    async def _description(self, headers: Mapping[str, str], url: str) -> Reply:
        media_type = best_media_type(headers.get("accept", ""), (*DESCRIPTIONS, "text/html"))
        if media_type == "text/html":
            return 303, {"Location": self.human_page, "Cache-Control": "no-cache"}, b""
        if media_type is None:
            raise problems.not_acceptable("no-description-type", dict.fromkeys(DESCRIPTIONS))
        statistics = None
        with suppress(TimeoutError):
            async with asyncio.timeout(DESCRIPTION_SECONDS):
                statistics = await self.pool.statistics()
        body = describe(url, media_type, self.pool.limits, statistics)
        kept = {"ETag": f'"{blake2b(body, digest_size=12).hexdigest()}"', "Cache-Control": "no-cache"}
        if _knows(headers.get("if-none-match", ""), kept["ETag"]):
            return 304, kept, b""
        return 200, {"Content-Type": content_type(media_type), **kept}, body

    async def _make(self, question: Question, digest: str, seconds: float, client: str, receive: Receive) -> Kept:
        result = await self._run(question, seconds, client, receive)
        if result.answer.code:
            raise problems.of_answer(result.answer, self.pool.limits)
        # The name is the worker's own: it may have answered from the snapshot before the newest.
        return Kept(_etag(result.snapshot, digest), str(result.answer.media_type), result.answer.coding, result.body)

    async def _run(self, question: Question, seconds: float, client: str, receive: Receive) -> Result:
        here = asyncio.current_task()
        leaving: list[asyncio.Task[None]] = []

        def watch() -> None:
            leaving.append(asyncio.get_running_loop().create_task(_until_gone(receive, here)))

        # Most answers are made before anybody could have gone.
        begin = asyncio.get_running_loop().call_later(WATCH_SECONDS, watch)
        try:
            return await self.pool.run(question, seconds, client)
        except asyncio.CancelledError:
            if leaving and leaving[0].done():
                raise _Gone from None
            raise
        except Busy:
            raise problems.busy(self.pool.limits) from None
        except TooMany:
            raise problems.too_many(self.pool.limits) from None
        except GaveWay as gave_way:
            raise problems.gave_way(gave_way.args[0], self.pool.limits) from None
        except Overdue as overdue:
            raise problems.overdue(overdue.args[0]) from None
        except WorkerEnded as ended:
            raise problems.worker_ended(str(ended)) from None
        finally:
            begin.cancel()
            for task in leaving:
                task.cancel()


def _headers(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """The headers by name in lower case; a header that came in several lines is one list."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


@lru_cache(256)
def _address(scheme: str, host: str) -> str:
    try:
        return NamedNode(f"{scheme}://{host}{PATH}").value
    except ValueError:
        raise Problem(400, "host", say("host")) from None


async def _body(headers: Mapping[str, str], receive: Receive, limits: Limits) -> bytes:
    declared = headers.get("content-length", "0")
    expected = int(declared[:20]) if declared.isascii() and declared.isdigit() else limits.drained + 1
    too_long = Problem(413, "query-too-long", say("body-too-long", most=limits.form), headers={"Connection": "close"})
    if expected > limits.drained or (expected > limits.form and "expect" in headers):
        raise too_long
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _Gone
                part = message.get("body", b"")
                size += len(part)
                if size <= limits.form:
                    parts.append(part)
                # A client that still sends would lose the answer with the connection, so a body somewhat too long is read to its end.
                if size > limits.drained or (size > limits.form and not message.get("more_body")):
                    raise too_long
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        detail = say("body-slow", seconds=limits.body_seconds)
        raise Problem(408, "body-slow", detail, headers={"Connection": "close"}) from None


async def _until_gone(receive: Receive, waiting: asyncio.Task[Any] | None) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    if waiting:
        waiting.cancel()


def _of_kept(kept: Kept, keeps: bool) -> Reply:
    headers = {"Content-Type": content_type(kept.media_type)}
    headers |= {"ETag": kept.tag, "Cache-Control": "no-cache"} if keeps else {"Cache-Control": "no-store"}
    if kept.coding:
        headers["Content-Encoding"] = kept.coding
    return 200, headers, kept.body


def _digest(question: Question) -> str:
    """Everything in a question that decides the bytes of its answer over the same data."""
    parts = (question.query, question.base_iri, question.default_graphs, question.named_graphs, question.table_type, question.graph_type, question.coding)
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _etag(snapshot: str, digest: str) -> str:
    """The strong ETag of the answer to a question over a snapshot."""
    return f'"{snapshot[:16]}-{digest}"'


def _knows(if_none_match: str, tag: str) -> bool:
    known = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return tag in known or known == ["*"]
