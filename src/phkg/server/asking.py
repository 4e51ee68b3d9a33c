"""Queries that the pages ask for a reader: through the public endpoint, in this process, as if the reader had asked it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from phkg.publishing.codings import decode
from phkg.publishing.problems import language_for
from phkg.publishing.query_page import Ask, Reply
from phkg.sparql.endpoint import PATH, Application, Message

FORWARDED = (b"host", b"accept-encoding")
"""Headers of the page's request that decide the bytes of an answer: with the same ones a script that asks again is given them at once."""


def asking(endpoint: Application) -> Ask:
    """What runs queries for pages: with the endpoint's queue, deadline and caps, in the reader's own share of them.

    When the reader leaves, the query is ended.
    """

    async def ask(request: Request, query: str, accept: str) -> Reply:
        body = query.encode()
        headers = [(name, value) for name, value in request.scope["headers"] if name in FORWARDED]
        language = language_for(request.url.path, request.headers.get("accept-language", ""))
        headers += [
            (b"accept-language", language.encode()),
            (b"accept", accept.encode()),
            (b"content-type", b"application/sparql-query"),
            (b"content-length", str(len(body)).encode()),
        ]
        scope = {
            "type": "http",
            "method": "POST",
            "path": PATH,
            "query_string": b"",
            "scheme": request.scope["scheme"],
            "client": request.scope["client"],
            "headers": headers,
        }
        given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            return given.pop() if given else await request.receive()

        async def send(message: Any) -> None:
            sent.append(message)

        await endpoint(scope, receive, send)
        return _reply(sent)

    return ask


def _reply(sent: list[Message]) -> Reply:
    if not sent:
        # The reader has left; nobody will see this.
        return Reply(499, {}, b"")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Reply(sent[0]["status"], headers, decode(body, headers.get("content-encoding")))
