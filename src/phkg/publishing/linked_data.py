"""Every IRI of the registry answers: with its page in the reader's language, or with its triples."""

from __future__ import annotations

import pyoxigraph
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pyoxigraph import NamedNode, RdfFormat, Triple

from phkg.publishing.headers import etag, not_modified
from phkg.publishing.negotiation import best_language, best_media_type
from phkg.publishing.site import Published, Publisher
from phkg.vocabulary import namespaces, ph

FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}
OFFERED = ("text/html", *FORMATS)
VARY = {"Vary": "Accept, Accept-Language"}


class LinkedData:
    """Answers for the IRIs of records, concepts and the vocabulary."""

    def __init__(self, publisher: Publisher, vocabulary_paths: dict[str, str]) -> None:
        self._publisher = publisher
        self._vocabulary_paths = vocabulary_paths

    def router(self) -> APIRouter:
        """Routes for the vocabulary's namespace, for concepts, and for each folder of records."""
        router = APIRouter()
        site = self._publisher.current().site
        router.add_api_route("/ontology", self.vocabulary, methods=["GET", "HEAD"])
        for folder in ("concepts", *(kind.folder for kind in site.kinds)):
            router.add_api_route(f"/{folder}/{{rest:path}}", self._resource(folder), methods=["GET", "HEAD"])
        return router

    def vocabulary(self, request: Request) -> Response:
        """The namespace address: the vocabulary's page, or all its terms as RDF."""
        published = self._publisher.current()
        media_type = _media_type(request)
        if media_type == "text/html":
            return _see_other(self._vocabulary_paths[_language(published, request)])
        graph = published.site.graph
        subjects = {
            subject
            for subject, _ in graph.pairs(NamedNode(namespaces.RDF + "type"))
            if subject.value.startswith(ph.NAMESPACE) or subject.value == ph.NAMESPACE.rstrip("#")
        }
        return _describe(request, published, sorted(subjects, key=lambda iri: iri.value), media_type)

    def _resource(self, folder: str):
        def resource(request: Request, rest: str) -> Response:
            published = self._publisher.current()
            iri = NamedNode(f"{published.site.base}{folder}/{rest}") if _is_path(rest) else None
            if iri is None or not published.site.graph.about(iri):
                raise HTTPException(404)
            media_type = _media_type(request)
            if media_type != "text/html":
                return _describe(request, published, [iri], media_type)
            code = _language(published, request)
            if folder == "concepts":
                return _see_other(f"{self._vocabulary_paths[code]}#concept-{rest.replace('/', '-')}")
            return _see_other(published.readers[code].path(iri) or f"/{code}/")

        return resource


def _is_path(rest: str) -> bool:
    """Whether what a client sent can be the rest of a record's IRI at all."""
    return bool(rest) and all(character.isascii() and (character.isalnum() or character in "-/") for character in rest)


def _media_type(request: Request) -> str:
    chosen = best_media_type(request.headers.get("accept", ""), OFFERED)
    if chosen is None:
        raise HTTPException(406, f"This address answers as {', '.join(OFFERED)}.", VARY)
    return chosen


def _see_other(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers=VARY)


def _language(published: Published, request: Request) -> str:
    return best_language(request.headers.get("accept-language", ""), published.site.languages)


def _describe(request: Request, published: Published, subjects: list[NamedNode], media_type: str) -> Response:
    """What the registry says of some subjects and of their parts, by the library's own writer."""
    tag = etag(published.site.snapshot, request)[:-1] + f'-{FORMATS[media_type].file_extension}"'
    unchanged = not_modified(request, tag)
    if unchanged:
        return unchanged
    graph = published.site.graph
    wanted = list(subjects)
    for subject in subjects:
        wanted += [one for one, _ in graph.pointing_at(subject) if one.value.startswith(subject.value + "/")]
    triples = [Triple(subject, *pair) for subject in dict.fromkeys(wanted) for pair in graph.about(subject)]
    body = pyoxigraph.serialize(triples, format=FORMATS[media_type], prefixes=namespaces.PREFIXES)
    return Response(body, media_type=media_type, headers={"ETag": tag, "Cache-Control": "no-cache", **VARY})
