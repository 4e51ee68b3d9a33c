"""The page of queries: the form, the worked examples and, where there is an endpoint to ask, the answer; the words for the editor.

A permanent link is the page's own address with `query=` or `name=`, so that it gives an answer to a reader without script, too.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phkg.publishing.addresses import find, parameters_of
from phkg.publishing.headers import not_modified, strong_tag
from phkg.publishing.pages import READ, Pages
from phkg.publishing.parameters import Parameter, check
from phkg.publishing.problems import Problem
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published, Publisher
from phkg.publishing.twins import plain
from phkg.views.queries import queries_page
from phkg.views.query_answer import RESULTS_JSON, Answer, read_answer
from phkg.views.query_terms import query_terms, read_prefixes

WANTED = f"{RESULTS_JSON}, text/turtle"
"""The media types that the page can show."""

MOST_BYTES = 4_000_000
"""Bytes of the longest answer that is read for a page, so that no answer holds up other pages; a longer one is to be downloaded."""

TABLE_FORMATS = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"}
GRAPH_FORMATS = {"turtle": "Turtle", "n-triples": "N-Triples", "rdf": "RDF/XML", "json-ld": "JSON-LD"}
"""The formats of the downloads: values of the endpoint's `format=` with the names that people know."""

QUERY = Parameter("query", "text", "A query in SPARQL; the page shows its answer.", "ASK {}")


@dataclass(frozen=True)
class Reply:
    """What the endpoint said over HTTP; names of headers are in lower case, the body has no content coding."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Ask = Callable[[Request, str, str], Awaitable[Reply]]
"""Runs a query for the client of a request, with an Accept header, under the same limits as every query from outside."""


@dataclass(frozen=True)
class QueryFault:
    """Why there is no answer. `code` and `detail` are the endpoint's; the place is in the query's text, from 1 (0: unknown)."""

    code: str
    detail: str
    line: int = 0
    column: int = 0
    written: str = ""
    """The line of the query that the place is in."""
    language: str = "en"
    """The language of `detail`."""


@dataclass(frozen=True)
class Asked:
    """A query with what came of it: an answer, a fault, or neither when nobody was asked or the answer is too long to show."""

    query: str
    status: int = 200
    answer: Answer | None = None
    fault: QueryFault | None = None
    too_long: bool = False
    is_graph: bool = False
    retry_after: str = ""

    @property
    def downloads(self) -> tuple[tuple[str, str], ...]:
        """Names and addresses of the whole answer in each format."""
        formats = GRAPH_FORMATS if self.is_graph else TABLE_FORMATS
        return tuple((name, f"/sparql?{urlencode({'query': self.query, 'format': format})}") for format, name in formats.items())


class QueryPage:
    """Answers for the page in every language; mount it before the other pages, of which it takes one."""

    def __init__(self, publisher: Publisher, languages: dict[str, Language], pages: Pages, drawing: dict[str, Any], ask: Ask | None) -> None:
        """`ask` runs queries; without it the page shows the form, and a script may ask."""
        self._publisher = publisher
        self._languages = languages
        self._pages = pages
        self._ask = ask
        self._paths = pages.fixed_paths("queries")
        self._drawing = json.dumps(drawing, separators=(",", ":")).encode()

    def routes(self) -> list[Route]:
        """The routes of the page and of what its script needs."""
        routes: list[Route] = []
        for code, path in self._paths.items():
            routes.append(Route(path, self._page(code), methods=READ))
            routes.append(Route(f"{path}terms.json", self._words(code), methods=READ))
            routes.append(Route(f"{path}map.json", self.map, methods=READ))
        return routes

    def map(self, request: Request) -> Response:
        """The outlines of the regions, by their ISO 3166-2 code, with the code of each region that has one."""
        drawn = json.loads(self._drawing) | {"outlines": self._publisher.current().outlines}
        return _as_json(request, json.dumps(drawn, separators=(",", ":")).encode())

    def _words(self, code: str) -> Callable[[Request], Response]:
        def words(request: Request) -> Response:
            published = self._publisher.current()
            return _as_json(request, published.query_terms(code, lambda: self._make_terms(published, code)))

        return words

    def _make_terms(self, published: Published, code: str) -> bytes:
        found = query_terms(published.readers[code], published.queries, published.usage, self._pages.fixed_paths("vocabulary")[code])
        return json.dumps(plain(found), ensure_ascii=False, separators=(",", ":")).encode()

    def _page(self, code: str) -> Callable[[Request], Awaitable[Response]]:
        async def page(request: Request) -> Response:
            published = self._publisher.current()
            address = find(published, self._languages, code, self._languages[code].word("queries"))
            parameters = (*parameters_of(published, code, address), QUERY) if address else (QUERY,)
            try:
                check(request.query_params, parameters)
            except Problem as problem:
                return self._pages.problem(request, code, problem)
            named = request.query_params.get("name", "")
            view = queries_page(published.readers[code], published.queries, named)
            query = request.query_params.get("query", "") or (view.chosen.text if view.chosen else "")
            # A browser sends the lines of a form with carriage returns, which no query needs.
            asked = Asked(query.replace("\r\n", "\n"))
            reply = await self._ask(request, asked.query, WANTED) if self._ask and asked.query.strip() else None
            return await run_in_threadpool(self._answer, request, published, code, view, asked, reply)

        return page

    def _answer(self, request: Request, published: Published, code: str, view: Any, asked: Asked, reply: Reply | None) -> Response:
        if reply:
            asked = self._read(published, code, asked, reply)
        own = request.query_params.get("query")
        question = f"?{request.url.query}" if request.url.query else ""
        # The twin is of the worked examples and knows nothing of queries of others.
        twins = {"json": f"{self._paths[code].rstrip('/')}.json" + ("" if own else question)}
        formats = {"table_formats": TABLE_FORMATS, "graph_formats": GRAPH_FORMATS, "formats": TABLE_FORMATS | GRAPH_FORMATS}
        shown = {"page": view, "asked": asked, "twins": twins, **formats}
        alternates = {one: path + question for one, path in self._paths.items()}
        answer = self._pages.render(request, published, code, "queries.html", shown, alternates, None, asked.status)
        if asked.retry_after:
            answer.headers["Retry-After"] = asked.retry_after
        if asked.status != 200:
            answer.headers["Cache-Control"] = "no-store"
            return answer
        # Made of its bytes: the answer may be another at each time, and the limits it was made under are not the page's.
        tag = strong_tag(bytes(answer.body))
        answer.headers["ETag"] = tag
        return not_modified(request, tag) or answer

    def _read(self, published: Published, code: str, asked: Asked, reply: Reply) -> Asked:
        if reply.status != 200:
            fault = _fault(asked.query, reply)
            return replace(asked, status=reply.status, fault=fault, retry_after=reply.headers.get("retry-after", ""))
        media_type = reply.headers.get("content-type", "").split(";")[0]
        asked = replace(asked, is_graph=media_type != RESULTS_JSON)
        if len(reply.body) > MOST_BYTES:
            return replace(asked, too_long=True)
        prefixes = read_prefixes(published.site, published.queries)
        vocabulary = self._pages.fixed_paths("vocabulary")[code]
        return replace(asked, answer=read_answer(published.readers[code], media_type, reply.body, prefixes, vocabulary))


def _fault(query: str, reply: Reply) -> QueryFault:
    try:
        told = json.loads(reply.body)
    except ValueError:
        told = {}
    line, column = told.get("line", 0), told.get("column", 0)
    lines = query.split("\n")
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    return QueryFault(told.get("code", ""), told.get("detail", ""), line, column, written, reply.headers.get("content-language", "en"))


def _as_json(request: Request, body: bytes) -> Response:
    headers = {"ETag": strong_tag(body), "Cache-Control": "no-cache"}
    return not_modified(request, headers["ETag"]) or Response(body, media_type="application/json", headers=headers)
