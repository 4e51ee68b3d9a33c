"""Pages that were made, kept to be given again as long as what they were made of is in use: that and the address decide a page wholly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from phkg.server.compressed import coding_of
from phkg.sparql.cache import Cache

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

SIZE = 64_000_000
"""Bytes of pages that are kept."""
PAGES = 10_000
"""Pages that are kept."""
CODING = b"Accept-Encoding"


@dataclass(frozen=True)
class Page:
    """A whole page with its headers. The tag is made of all that decides it."""

    tag: str
    headers: list[tuple[bytes, bytes]]
    body: bytes


class KeptPages:
    """An ASGI application before another one: gives again what that one has answered, where that is sure to be right.

    Only pages are kept, and only such as promise by a strong ETag that nothing decides their bytes but what Vary names: the coding, in which
    they are kept, so that a page is coded once. What has a query part goes through, since there is no end of such addresses.
    """

    def __init__(self, pages: Application, made_of: Callable[[], str]) -> None:
        """`made_of` names what pages are made of now; another name, other pages."""
        self._pages = pages
        self._made_of = made_of
        self._kept: Cache[Page] = Cache(SIZE, PAGES)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        host = _host(scope) if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"] else None
        if host is None:
            await self._pages(scope, receive, send)
            return
        name = self._made_of()
        tag = f"{name} {scope['scheme']} {host!r} {scope['raw_path']!r} {coding_of(scope['headers'])}"
        page = self._kept.get(tag)
        if page:
            await send({"type": "http.response.start", "status": 200, "headers": page.headers})
            await send({"type": "http.response.body", "body": page.body})
        else:
            await self._pages(scope, receive, self._listening(send, tag, name))

    def _listening(self, send: Send, tag: str, name: str) -> Send:
        """Sends on, and keeps what can be kept."""
        headers: list[tuple[bytes, bytes]] = []
        parts: list[bytes] = []

        async def hear(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Other data may have come into use since the beginning, and the page may be made of those.
                if message["status"] == 200 and _may_be_kept(dict(message["headers"])) and self._made_of() == name:
                    headers.extend(message["headers"])
            elif headers:
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    self._kept.put(Page(tag, headers, b"".join(parts)))
            await send(message)

        return hear


def _host(scope: Message) -> bytes | None:
    """The Host header; None for a request that asks by a condition for what it has already."""
    host = b""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            return None
        if name == b"host":
            host = value
    return host


def _may_be_kept(headers: dict[bytes, bytes]) -> bool:
    whole = headers.get(b"etag", b"").startswith(b'"') and headers.get(b"vary", CODING) == CODING
    return whole and headers.get(b"content-type", b"").startswith(b"text/html")
