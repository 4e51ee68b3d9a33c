"""Answers of pages in the content coding that the client likes best: what is text, long enough and holds no secret."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from phkg.publishing.codings import LEAST, STREAMS, Stream, best_coding, encode

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

TEXTS = re.compile(rb"text/|application/(json|ld\+json|[a-z.-]+\+json|xml|[a-z.-]+\+xml|yaml|n-triples|n-quads|trig|wasm|javascript|manifest)|image/svg\+xml")
"""Media types that gain by compressing; pictures, fonts and archives are compressed already."""
BARE = (204, 206, 304)
"""Statuses of answers that have no body, or one whose bytes are counted."""


class Compressed:
    """An ASGI application around another one: answers are coded as the client asks by Accept-Encoding (RFC 9110, section 12.5.3).

    A coded answer has an ETag of its own. An answer that sets a cookie or may not be stored can hold a secret, and beside it what a stranger had
    somebody's browser send; its length in a coding would tell of the secret, so it goes as it is.
    """

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        coding = coding_of(scope["headers"])
        conditions = [value for name, value in scope["headers"] if name == b"if-none-match"]
        if coding and conditions:
            scope = {**scope, "headers": [(name, _without(value, coding) if name == b"if-none-match" else value) for name, value in scope["headers"]]}
        await self._app(scope, receive, _Coder(scope["method"], coding, b", ".join(conditions), send).send)


def coding_of(headers: Headers) -> str | None:
    """The coding that a request with these headers is answered in, where the answer can be coded; parts of a file are counted in its own bytes."""
    wanted = []
    for name, value in headers:
        if name == b"range":
            return None
        if name == b"accept-encoding":
            wanted.append(value.decode("latin-1"))
    return best_coding(", ".join(wanted)) if wanted else None


class _Coder:
    """Sends one answer on, coded where that is right."""

    def __init__(self, method: str, coding: str | None, condition: bytes, send: Send) -> None:
        self._method = method
        self._coding = coding
        self._condition = condition
        self._send = send
        self._start: Message | None = None
        self._stream: Stream | None = None

    async def send(self, message: Message) -> None:
        """Take what the application sends."""
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            if message["status"] == 304:
                await self._send({**message, "headers": self._of_unchanged(message["headers"])})
            elif not _gains(message["status"], headers):
                await self._send(message)
            elif self._coding is None:
                await self._send({**message, "headers": _varying(message["headers"])})
            else:
                # How it is coded depends on whether the first part is all.
                self._start = message
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._start is not None:
            await self._begin(self._start, message)
        elif self._stream is not None:
            await self._send({**message, "body": self._part(self._stream, message)})
        else:
            await self._send(message)

    async def _begin(self, start: Message, first: Message) -> None:
        self._start = None
        assert self._coding is not None
        body, more = first.get("body", b""), first.get("more_body", False)
        length: int | None = None
        if more:
            self._stream = STREAMS[self._coding]()
            body = self._part(self._stream, first)
        elif body or self._method != "HEAD":
            body, coded = encode(body, self._coding)
            if coded is None:
                await self._send({**start, "headers": _varying(start["headers"])})
                await self._send({**first, "body": body})
                return
            length = len(body)
        await self._send({**start, "headers": _coded(start["headers"], self._coding, length)})
        await self._send({**first, "body": body})

    def _part(self, stream: Stream, message: Message) -> bytes:
        data = stream.part(message.get("body", b""))
        return data if message.get("more_body") else data + stream.end()

    def _of_unchanged(self, headers: Headers) -> Headers:
        """Headers of a 304 name the answer that the client has: the coded one where it named that."""
        tag = dict(headers).get(b"etag", b"")
        had = self._coding is not None and _tagged(tag, self._coding) in self._condition
        return _varying([(name, _tagged(value, self._coding or "") if had and name == b"etag" else value) for name, value in headers])


def _gains(status: int, headers: dict[bytes, bytes]) -> bool:
    """Whether an answer is better sent in a coding, and may be."""
    length = headers.get(b"content-length")
    return (
        status not in BARE
        and b"content-encoding" not in headers
        and b"content-range" not in headers
        and b"set-cookie" not in headers
        and not re.search(rb"no-store|no-transform", headers.get(b"cache-control", b""))
        and (length is None or int(length) >= LEAST)
        and TEXTS.match(headers.get(b"content-type", b"")) is not None
    )


def _varying(headers: Headers) -> Headers:
    """Headers that say, beside what they say already, that Accept-Encoding decides."""
    values = [value for name, value in headers if name == b"vary"]
    return [(name, value) for name, value in headers if name != b"vary"] + [(b"vary", b", ".join([*values, b"Accept-Encoding"]))]


def _coded(headers: Headers, coding: str, length: int | None) -> Headers:
    changed = []
    for name, value in _varying(headers):
        if name == b"etag":
            changed.append((name, _tagged(value, coding)))
        elif name not in (b"content-length", b"accept-ranges"):
            changed.append((name, value))
    if length is not None:
        changed.append((b"content-length", str(length).encode()))
    return [*changed, (b"content-encoding", coding.encode())]


def _tagged(tag: bytes, coding: str) -> bytes:
    """The strong tag of the coded bytes; a weak tag means all of them."""
    return tag if tag.startswith(b"W/") or not tag.endswith(b'"') else tag[:-1] + f'-{coding}"'.encode()


def _without(condition: bytes, coding: str) -> bytes:
    """The tags of a condition as the application knows them. One of another coding stays, and fits nothing: its bytes are not those of this answer."""
    return condition.replace(f'-{coding}"'.encode(), b'"')
