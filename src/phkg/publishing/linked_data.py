"""Every IRI of the registry answers: with its page in the reader's language, or with its triples in the form asked for.

A form is asked for by the Accept header or, without negotiation, by the ending of the address (`.ttl .nt .rdf .jsonld`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import NamedNode
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from phkg.graph.reading import Kept
from phkg.publishing.described import DERIVED, Description, describe, describe_shapes, describe_vocabulary
from phkg.publishing.headers import not_modified, strong_tag
from phkg.publishing.history import file_of
from phkg.publishing.linked import Linked, LinkedOf
from phkg.publishing.negotiation import best_language, best_media_type
from phkg.publishing.problems import Problem, say
from phkg.publishing.rdf_formats import FORMATS, JSON_LD, SUFFIXES, split_suffix, write
from phkg.publishing.site import Published, Publisher
from phkg.vocabulary import ph

HTML = "text/html"
VARY = {"Vary": "Accept, Accept-Language"}
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, Content-Location"}
CONTEXT = "/context.jsonld"

Find = Callable[[Published], Description | None]


class LinkedData:
    """Answers for the IRIs of records, concepts, derived facts, shapes and the vocabulary."""

    def __init__(
        self,
        publisher: Publisher,
        linked_of: LinkedOf,
        shapes: Path,
        vocabulary_paths: dict[str, str],
        rules_path: Callable[[str, str | None], str],
    ) -> None:
        self._publisher = publisher
        self._linked = linked_of
        self._shapes = shapes
        self._vocabulary_paths = vocabulary_paths
        self._rules_path = rules_path
        self._last: tuple[Published | None, Linked | None, str, Kept[Description | None] | None] = (None, None, "", None)

    def routes(self) -> list[Route]:
        """Routes for the vocabulary's namespace, the registry itself, shapes, concepts, derived facts and each folder of records."""
        routes: list[Route] = []
        site = self._publisher.current().site

        def add(path: str, endpoint: Callable) -> None:
            routes.append(Route(path, endpoint, methods=["GET", "HEAD"]))

        add(CONTEXT, self.context)
        for suffix in ("", *SUFFIXES):
            add(f"/ontology{suffix}", self.vocabulary)
            add(f"/registry{suffix}", self.registry)
            add(f"/shapes{suffix}", self.shapes)
        add("/shapes/{rest:path}", self.shapes)
        for folder in dict.fromkeys(("concepts", *DERIVED, *(kind.folder for kind in site.kinds))):
            add(f"/{folder}/{{rest:path}}", self._resource(folder))
        return routes

    def context(self, request: Request) -> Response:
        """The context that all JSON-LD of this registry names."""
        terms = self._linked(self._publisher.current()).context
        body = json.dumps(terms, ensure_ascii=False, indent=2).encode() + b"\n"
        headers = {"ETag": strong_tag(body), "Cache-Control": "no-cache", **OPEN}
        return not_modified(request, headers["ETag"]) or Response(body, media_type=JSON_LD, headers=headers)

    def vocabulary(self, request: Request) -> Response:
        """The namespace address: the vocabulary's page, or all its terms."""
        return self.answer(request, lambda published: describe_vocabulary(published.site), self._vocabulary_page)

    def registry(self, request: Request) -> Response:
        """The registry itself: the start page, or what it says of itself."""

        def find(published: Published) -> Description | None:
            return self._described(published, published.site.registry)

        return self.answer(request, find, lambda published, code: f"/{code}/")

    def shapes(self, request: Request) -> Response:
        """The shapes that records must satisfy, all of them or one document."""
        rest = request.path_params.get("rest")
        name = None if rest is None else split_suffix(rest)[0]
        if name is not None and ("/" in name or not _is_path(name)):
            raise HTTPException(404)
        return self.answer(request, lambda published: describe_shapes(self._shapes, name), lambda published, code: self._rules_path(code, name))

    def _resource(self, folder: str) -> Callable[[Request], Response]:
        def resource(request: Request) -> Response:
            path = split_suffix(request.path_params["rest"])[0]
            if not _is_path(path):
                raise HTTPException(404)

            def find(published: Published) -> Description | None:
                return self._described(published, NamedNode(f"{published.site.base}{folder}/{path}"))

            def page(published: Published, code: str) -> str:
                return self._page(published, code, folder, path)

            return self.answer(request, find, page, lambda published: self._gone(published, folder, path))

        return resource

    def answer(
        self,
        request: Request,
        find: Find,
        page: Callable[[Published, str], str] | None,
        gone: Callable[[Published], bool] = lambda _: False,
    ) -> Response:
        """What `find` finds, in the form asked for; as HTML the page that `page` names for a language (None: there is none).

        Raises HTTPException (404) and Problem: 410 where `gone` says that it was there once, 406.
        """
        published = self._publisher.current()
        plain, media_type = split_suffix(request.url.path)
        description = find(published)
        if description is None:
            if gone(published):
                raise Problem(410, "gone", say("gone"))
            raise HTTPException(404)
        negotiated = media_type is None
        if media_type is None:
            media_type = _media_type(request, (HTML, *FORMATS) if page else tuple(FORMATS))
        if media_type == HTML and page:
            code = best_language(request.headers.get("accept-language", ""), published.site.languages)
            return RedirectResponse(page(published, code), status_code=303, headers=VARY)
        origin = str(request.base_url).rstrip("/")
        linked = self._linked(published)
        body = _body(linked, description, media_type, origin + CONTEXT)
        suffix = next(suffix for suffix, one in SUFFIXES.items() if one == media_type)
        links = _links(published.site.base, linked.licence, origin, plain, suffix, description)
        headers = {"ETag": strong_tag(body), "Cache-Control": "no-cache", "Link": links, **OPEN}
        if negotiated:
            headers |= {**VARY, "Content-Location": plain + suffix}
        unchanged = not_modified(request, headers["ETag"])
        if unchanged:
            unchanged.headers.update(headers)
            return unchanged
        return Response(body, media_type=media_type, headers=headers)

    def _described(self, published: Published, iri: NamedNode) -> Description | None:
        """What is served under an IRI; the last one is kept, since who asks for all forms asks for one after another."""
        linked = self._linked(published)
        of, by, about, kept = self._last
        if kept is None or of is not published or by is not linked or about != iri.value:
            kept = published.site.graph.kept()
            self._last = (published, linked, iri.value, kept)
        return kept.get(iri, lambda: describe(published.site, linked.provenance, iri))

    def _vocabulary_page(self, published: Published, code: str) -> str:
        return self._vocabulary_paths[code]

    def _page(self, published: Published, code: str, folder: str, path: str) -> str:
        reader, site = published.readers[code], published.site
        if folder == "concepts":
            kind = "concept" if "/" in path else "scheme"
            return f"{self._vocabulary_paths[code]}#{kind}-{path.replace('/', '-')}"
        iri = NamedNode(f"{site.base}{folder}/{path}")
        if folder in DERIVED:
            method = site.graph.object(iri, ph.method)
            found = reader.path(method) if isinstance(method, NamedNode) else None
            place = f"#{path.split('/')[0]}" if "/" in path else ""
            return f"{found}{place}" if found else f"/{code}/"
        return reader.path(iri) or f"/{code}/"

    def _gone(self, published: Published, folder: str, path: str) -> bool:
        base = published.site.base
        return file_of(base, f"{base}{folder}/{path}") in self._linked(published).history.gone


def _body(linked: Linked, description: Description, media_type: str, context_address: str) -> bytes:
    if media_type != JSON_LD:
        return write(description.triples, media_type)
    return linked.nodes.record(description.subjects, context_address)


def _links(base: str, licence: str | None, origin: str, plain: str, suffix: str, description: Description) -> str:
    links = [f'<{base.rstrip("/")}{plain}>; rel="describes"', f'<{origin}{plain}{suffix}>; rel="canonical"']
    links += [f'<{plain}{other}>; rel="alternate"; type="{one}"' for other, one in SUFFIXES.items() if other != suffix]
    if description.successor is not None:
        links.append(f'<{description.successor.value}>; rel="successor-version"')
    if licence:
        links.append(f'<{licence}>; rel="license"')
    return ", ".join(links)


def _is_path(rest: str) -> bool:
    """Whether what a client sent can be the rest of a record's IRI at all."""
    return bool(rest) and all(character.isascii() and (character.isalnum() or character in "-/") for character in rest)


def _media_type(request: Request, offered: tuple[str, ...]) -> str:
    chosen = best_media_type(request.headers.get("accept", ""), offered)
    if chosen is None:
        raise Problem(406, "not-acceptable", say("not-acceptable", offered=", ".join(offered)), headers=VARY)
    return chosen
