"""The routes of the pages: an address names a language, a kind of record and a record, all words from the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from phkg.publishing.headers import etag, not_modified
from phkg.publishing.negotiation import best_language
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published, Publisher
from phkg.views.home import home_page
from phkg.views.matrix import matrix_page
from phkg.views.method import method_page
from phkg.views.organisation import organisation_page
from phkg.views.queries import queries_page
from phkg.views.records import list_page, record_page
from phkg.views.region import region_page
from phkg.views.search import search_page
from phkg.views.site import Kind
from phkg.views.vocabulary import vocabulary_page
from phkg.vocabulary import ph

FIXED = ("matrix", "search", "vocabulary", "queries")
"""Pages that are not a record; each has a word of its own in every language (context `path` of the translations)."""


class Pages:
    """Renders the pages of whatever snapshot is current."""

    def __init__(self, publisher: Publisher, languages: dict[str, Language], drawing: dict[str, Any]) -> None:
        self._publisher = publisher
        self._languages = languages
        self._drawing = drawing

    def router(self) -> APIRouter:
        """The routes; mount them last, since they take every address that begins with a language."""
        router = APIRouter(default_response_class=HTMLResponse)
        router.add_api_route("/", self.start, methods=["GET", "HEAD"])
        router.add_api_route("/{code}/", self.home, methods=["GET", "HEAD"])
        router.add_api_route("/{code}/{segment}/", self.listing, methods=["GET", "HEAD"])
        router.add_api_route("/{code}/{segment}/{slug}/", self.record, methods=["GET", "HEAD"])
        return router

    def fixed_paths(self, name: str) -> dict[str, str]:
        """The addresses of a fixed page, by language."""
        return {code: f"/{code}/{language.word(name)}/" for code, language in self._languages.items()}

    def start(self, request: Request) -> Response:
        """The only address that looks at the reader's language."""
        offered = tuple(self._languages)
        code = best_language(request.headers.get("accept-language", ""), offered)
        return RedirectResponse(f"/{code}/", status_code=302, headers={"Vary": "Accept-Language"})

    def home(self, request: Request, code: str) -> Response:
        """The start page of a language."""
        published = self._publisher.current()
        if code not in self._languages:
            return self.not_found(request)

        def build() -> dict[str, Any]:
            return {"page": home_page(published.readers[code], published.methods, published.standings)}

        return self._answer(request, published, code, "home.html", build, {one: f"/{one}/" for one in self._languages})

    def listing(self, request: Request, code: str, segment: str) -> Response:
        """A fixed page, or the list of a kind of record."""
        published = self._publisher.current()
        language = self._languages.get(code)
        if language is None:
            return self.not_found(request)
        fixed = next((name for name in FIXED if language.word(name) == segment), None)
        if fixed:
            return self._fixed(request, published, code, fixed)
        kind = published.site.kind_of_segment(code, segment)
        if kind is None:
            return self.not_found(request, code)
        reader = published.readers[code]
        return self._answer(
            request,
            published,
            code,
            "list.html",
            lambda: {"page": list_page(reader, kind)},
            {one: f"/{one}/{kind.segments[one]}/" for one in self._languages},
        )

    def record(self, request: Request, code: str, segment: str, slug: str) -> Response:
        """The page of one record."""
        published = self._publisher.current()
        kind = published.site.kind_of_segment(code, segment) if code in self._languages else None
        record = published.site.record(kind.folder, slug) if kind else None
        if kind is None or record is None:
            return self.not_found(request, code)
        reader = published.readers[code]

        def build() -> tuple[str, Any]:
            if kind.iri == ph.Method:
                return "method.html", method_page(reader, record, kind, published.standings)
            if kind.iri == ph.Place:
                return "region.html", region_page(reader, record, kind, published.standings)
            if kind.iri == ph.ORGANISATION:
                return "organisation.html", organisation_page(reader, record, kind)
            return "record.html", record_page(reader, record, kind)

        tag = etag(published.site.snapshot, request)
        unchanged = not_modified(request, tag)
        if unchanged:
            return unchanged
        template, page = build()
        alternates = {one: f"/{one}/{kind.segments[one]}/{slug}/" for one in self._languages}
        return self._render(request, published, code, template, {"page": page}, alternates, tag)

    def not_found(self, request: Request, code: str | None = None) -> Response:
        """The page for an address that names nothing."""
        published = self._publisher.current()
        if code not in self._languages:
            code = best_language(request.headers.get("accept-language", ""), tuple(self._languages))
        alternates = {one: f"/{one}/" for one in self._languages}
        context = {"page": None, "address": request.url.path, "advice": ""}
        return self._render(request, published, code, "not_found.html", context, alternates, None, status=404)

    def _fixed(self, request: Request, published: Published, code: str, name: str) -> Response:
        reader, query = published.readers[code], request.query_params
        alternates = self.fixed_paths(name)
        if request.url.query:
            alternates = {one: f"{path}?{request.url.query}" for one, path in alternates.items()}

        def build() -> dict[str, Any]:
            if name == "matrix" and published.methods:
                area, kind = query.get("area"), query.get("kind")
                return {"page": matrix_page(reader, published.methods, published.standings, area, kind)}
            if name == "search":
                return {"page": search_page(reader, published.names, query.get("q", ""))}
            if name == "queries":
                return {"page": queries_page(reader, published.queries, query.get("name", ""))}
            return {"page": vocabulary_page(reader)}

        try:
            return self._answer(request, published, code, f"{name}.html", build, alternates)
        except ValueError as error:
            context = {"page": None, "address": str(request.url.query), "advice": str(error)}
            return self._render(request, published, code, "not_found.html", context, alternates, None, status=400)

    def _answer(
        self,
        request: Request,
        published: Published,
        code: str,
        template: str,
        build: Callable[[], dict[str, Any]],
        alternates: dict[str, str],
    ) -> Response:
        tag = etag(published.site.snapshot, request)
        unchanged = not_modified(request, tag)
        if unchanged:
            return unchanged
        return self._render(request, published, code, template, build(), alternates, tag)

    def _render(
        self,
        request: Request,
        published: Published,
        code: str,
        template: str,
        context: dict[str, Any],
        alternates: dict[str, str],
        tag: str | None,
        status: int = 200,
    ) -> Response:
        language, reader = self._languages[code], published.readers[code]
        html = language.templates.get_template(template).render(
            **context,
            site=published.site,
            site_title=reader.label(published.site.registry),
            languages=self._languages,
            alternates=alternates,
            origin=str(request.base_url).rstrip("/"),
            here=request.url.path,
            menu=_menu(published, language),
            words={name: f"/{code}/{language.word(name)}/" for name in FIXED},
            states=reader.concepts(ph.State),
            drawing=self._drawing,
            outlines=published.outlines,
        )
        headers = {"Content-Language": code, "Cache-Control": "no-cache"}
        if tag:
            headers["ETag"] = tag
        return HTMLResponse(html, status_code=status, headers=headers)


def _menu(published: Published, language: Language) -> list[tuple[str, str]]:
    """The main menu: the table, then the kinds of record that have a place in it (ph:menu in the ontology)."""
    reader = published.readers[language.code]

    def entry(kind: Kind) -> tuple[str, str]:
        label = reader.text(kind.iri, ph.plural) or reader.label(kind.iri)
        return label.value[:1].upper() + label.value[1:], reader.kind_path(kind.folder) or ""

    return [entry(kind) for kind in published.site.kinds if reader.graph.is_true(kind.iri, ph.inMenu)]
