"""The description of the API (OpenAPI 3.1), made of the same views, parameters and kinds of record as the answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phkg.publishing.addresses import FIXED, VIEWS, Address, find, parameters_of, view_of
from phkg.publishing.dumps import MANIFEST
from phkg.publishing.headers import etag, not_modified
from phkg.publishing.pages import READ, TWINS, Pages, preflight
from phkg.publishing.parameters import SLUG, Parameter, check
from phkg.publishing.problems import MEDIA_TYPE, OPEN_TO_ALL, SCHEMA, Problem
from phkg.publishing.rdf_formats import FORMATS, JSON_LD, SUFFIXES
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published, Publisher
from phkg.publishing.tables import table
from phkg.publishing.twins import Schemas
from phkg.views.reader import slug
from phkg.views.site import Kind
from phkg.vocabulary import ph

PAGE, DESCRIPTION = "/api/", "/api/openapi.json"
INTRODUCTION = (
    "Every page of this site has a twin in JSON, and where it is a table one in CSV: put `.json` or `.csv` in place of the slash "
    "at the end of its address. A twin is made of the same view as its page, takes the same parameters and says the same.\n\n"
    "Labels are in the language of the address; `language=` of this description gives the addresses of another. What is not known "
    "is null in JSON and empty in CSV, never a guess. Dates are ISO 8601 and as precise as their source: a year, a month or a day. "
    "IRIs are stable; addresses of pages and twins may change, so start from the IRI of a record with `.json` behind it.\n\n"
    "Long lists come in pages, of as many entries as `limit` says: as long as `after` in the answer is not null, ask for the next page with it (CSV: "
    "follow the Link header, rel=next). The page of a region and that of equal access hold the first lines of a long list only: `lists` says how many there are, "
    "and `show=` with the name of the list gives it whole, in pages (CSV: the Link header, rel=section). `as-of=` gives the picture of an earlier day by what is known now, `as-known=` what the registry said on a day, and both together what it said on the one of the other. "
    "What has changed is told in Atom and JSON Feed: `.atom` or `.feed.json` behind the address of the page of changes, of a method or of a place. "
    "Answers carry an ETag; ask again with If-None-Match and what has not changed is not sent. Everything may be read by scripts "
    "of other sites. There is no limit of requests on these addresses, so no header tells of one. SPARQL is at `/sparql`, "
    "describes itself there, and tells its limit in the fields RateLimit-Policy and, once it is reached, RateLimit."
)
IRI, NEWEST = "/{folder}/{slug}.{form}", f"/data/latest/{MANIFEST}"
SLUG_SCHEMA = {"type": "string", "pattern": f"^{SLUG.pattern}$"}
CSV_RULE = (
    "Comma-separated (RFC 4180), UTF-8, one line of column names, an IRI beside each label. A text that a spreadsheet would take "
    "for a formula has an apostrophe before it."
)


class DescribedRoute(Route):
    """A route of another room that stands in the description, under its own path.

    `operations` make what OpenAPI calls so, by method in lower case; `components` are the schemas and security schemes that they name.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        methods: list[str],
        operations: Mapping[str, Callable[[Published], dict[str, Any]]],
        components: Mapping[str, Mapping[str, Any]],
    ) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.operations, self.components = operations, components


class Api:
    """The description for programs and as a page; `further` are addresses of other rooms."""

    def __init__(self, publisher: Publisher, languages: dict[str, Language], pages: Pages, further: Sequence[DescribedRoute] = ()) -> None:
        self._publisher = publisher
        self._languages = languages
        self._pages = pages
        self._further = further
        self._names = " ".join(route.path for route in further)

    def routes(self) -> list[Route]:
        """The routes of the description."""
        routes: list[Route] = []
        routes.append(Route(PAGE, self.page, methods=READ))
        routes.append(Route(DESCRIPTION, self.description, methods=READ))
        routes.append(Route(DESCRIPTION, preflight, methods=["OPTIONS"]))
        return routes

    def description(self, request: Request) -> Response:
        """The description as JSON."""
        code = self._code(request)
        published = self._publisher.current()
        tag = etag(request, published.site.version, self._names)
        headers = {"ETag": tag, "Cache-Control": "no-cache", **OPEN_TO_ALL}
        unchanged = not_modified(request, tag)
        if unchanged:
            unchanged.headers.update(headers)
            return unchanged
        body = json.dumps(describe(published, self._languages, code, self._further), ensure_ascii=False, indent=1).encode()
        return Response(body, media_type="application/json", headers=headers)

    def page(self, request: Request) -> Response:
        """The description as a page."""
        try:
            code = self._code(request)
        except Problem as problem:
            return self._pages.problem(request, None, problem)
        published = self._publisher.current()
        tag = etag(request, published.site.version, self._names)
        unchanged = not_modified(request, tag)
        if unchanged:
            return unchanged
        told = describe(published, self._languages, code, self._further)
        groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
        for path, operations in told["paths"].items():
            for method, operation in operations.items():
                groups.setdefault(operation["tags"][0], []).append((path, method, operation))
        shown = {"page": None, "told": told, "groups": groups, "description_address": f"{DESCRIPTION}?language={code}"}
        alternates = {one: f"{PAGE}?language={one}" for one in self._languages}
        return self._pages.render(request, published, code, "api.html", shown, alternates, tag)

    def _code(self, request: Request) -> str:
        """The language whose addresses are described: the one asked for, else English, in which it is written, else the first."""
        check(request.query_params, (_language(self._languages),))
        usual = "en" if "en" in self._languages else next(iter(self._languages))
        return request.query_params.get("language") or usual


def describe(published: Published, languages: Mapping[str, Language], code: str, further: Sequence[DescribedRoute] = ()) -> dict[str, Any]:
    """The description of all addresses of one language, and of those of other rooms."""
    schemas, paths = Schemas(), {}
    schemas.found["Problem"] = SCHEMA
    reader = published.readers[code]
    fixed = [((), "home"), *(((languages[code].word(name),), name) for name in FIXED)]
    for steps, name in fixed:
        address = find(published, languages, code, *steps)
        if address:
            paths |= _operations(published, code, address, address.paths[code], name, {}, schemas)
    for kind in published.site.kinds:
        records = published.site.records(kind)
        listed = find(published, languages, code, kind.segments[code])
        example = _example(published, kind, records) if records else None
        shown = find(published, languages, code, kind.segments[code], example) if example else None
        label = (reader.text(kind.iri, ph.plural) or reader.label(kind.iri)).value
        if listed and listed.view == "statements":
            paths |= _operations(published, code, listed, listed.paths[code], label, {}, schemas)
        elif listed and example and shown:
            paths |= _operations(published, code, listed, listed.paths[code], label, {}, schemas)
            paths |= _operations(published, code, shown, f"{listed.paths[code]}{{slug}}/", label, {"slug": example}, schemas)
    paths[IRI] = {"get": _of_iris(published)}
    paths[NEWEST] = {"get": _of_dumps()}
    paths[DESCRIPTION] = {"get": _of_itself(languages)}
    components: dict[str, dict[str, Any]] = {"schemas": schemas.found}
    for route in further:
        paths[route.path] = {method: make(published) for method, make in route.operations.items()}
        for name, found in route.components.items():
            components.setdefault(name, {}).update(found)
    return {
        "openapi": "3.1.0",
        "info": {"title": reader.label(published.site.registry).value, "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": components,
    }


def _operations(published: Published, code: str, address: Address, page: str, tag: str, examples: dict[str, str], schemas: Schemas) -> dict[str, Any]:
    """The operations of the twins of one address; `page` may hold the name of a step in braces."""
    view = VIEWS[address.view]
    steps = [in_path(name, "The end of the record's IRI.", SLUG_SCHEMA, example) for name, example in examples.items()]
    parameters = steps + [_described(one) for one in parameters_of(published, code, address)]
    about = " ".join((view.__doc__ or "").split())
    what = {"list": "the list", "home": "the start page"}.get(address.view, f"{address.view}")
    found = {}
    for ending, media_type in TWINS.items():
        if ending == "csv" and not _is_table(published, address):
            continue
        content: dict[str, Any] = {"schema": schemas.document(view) if ending == "json" else {"type": "string"}}
        found[f"{page.rstrip('/')}.{ending}"] = {
            "get": {
                "operationId": "-".join([*page.strip("/").replace("{", "").replace("}", "").split("/"), ending]),
                "tags": [tag],
                "summary": f"{tag}: {what} as {ending.upper()}",
                "description": about if ending == "json" else f"{about} {CSV_RULE}",
                "parameters": parameters,
                "responses": _responses(media_type, content, missing=bool(steps) or ending == "csv"),
            }
        }
    return found


def _example(published: Published, kind: Kind, records: list[NamedNode]) -> str:
    """The slug of a record to show: where a record's parts are its table, of one that has some."""
    with_parts = (record for record in records if view_of(kind) == "record" and _has_parts(published, record))
    return slug(next(with_parts, records[0]))


def _is_table(published: Published, address: Address) -> bool:
    if address.view == "record" and address.record:
        return _has_parts(published, address.record)
    return table.dispatch(VIEWS[address.view]) is not table.dispatch(object)


def _has_parts(published: Published, record: NamedNode) -> bool:
    return any(subject.value.startswith(f"{record.value}/") for subject, _ in published.site.graph.pointing_at(record))


def _of_itself(languages: Mapping[str, Language]) -> dict[str, Any]:
    return {
        "operationId": "description",
        "tags": ["API"],
        "summary": "This description",
        "description": "What you are reading, for programs.",
        "parameters": [_described(_language(languages))],
        "responses": _responses("application/json", {"schema": {"type": "object"}}, missing=False),
    }


def _of_iris(published: Published) -> dict[str, Any]:
    """The IRIs of records: the same path on this site, with the ending of a form."""
    kind = next(kind for kind in published.site.kinds if published.site.records(kind))
    folder = {"type": "string", "enum": [one.folder for one in published.site.kinds if published.site.records(one)]}
    forms = {"type": "string", "enum": [suffix[1:] for suffix in SUFFIXES]}
    steps = [
        in_path("folder", "The kind of record.", folder, kind.folder),
        in_path("slug", "The end of the record's IRI.", SLUG_SCHEMA, slug(published.site.records(kind)[0])),
        in_path("form", "The ending of a form of RDF.", forms, next(iter(forms["enum"]))),
    ]
    told = {
        "200": {"description": "The record and its parts.", "content": {one: {"schema": {"type": "string"}} for one in FORMATS if one != JSON_LD}},
        "304": {"description": "It has not changed since the ETag that was sent."},
        "404": problem("There is no such record."),
        "410": problem("There was such a record once."),
    }
    told["200"]["content"][JSON_LD] = {"schema": {"type": "object", "required": ["@context", "id"]}}
    return {
        "operationId": "record-as-rdf",
        "tags": ["Linked data"],
        "summary": "A record as RDF",
        "description": "The IRI of a record, on this site, with an ending; without one the Accept header decides.",
        "parameters": steps,
        "responses": told,
    }


def _of_dumps() -> dict[str, Any]:
    """The dumps, whole, at an address that always leads to the newest."""
    return {
        "operationId": "newest-dump",
        "tags": ["Linked data"],
        "summary": "What the newest dump holds",
        "description": "Names, media types, sizes and checksums of all files; each lies beside this one under its name.",
        "parameters": [],
        "responses": {"307": {"description": "The address of this very dump, which never changes."}, "503": problem("The dump cannot be written now.")},
    }


def _language(languages: Mapping[str, Language]) -> Parameter:
    codes = tuple(languages)
    return Parameter("language", "choice", "The language whose addresses are described.", codes[0], codes)


def _described(parameter: Parameter) -> dict[str, Any]:
    told = {"name": parameter.name, "in": "query", "required": False, "description": parameter.description}
    example = int(parameter.example) if parameter.form == "number" else parameter.example
    return told | {"schema": parameter.schema(), "example": example}


def in_path(name: str, description: str, schema: dict[str, Any], example: str) -> dict[str, Any]:
    """A parameter that is a step of the path."""
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema, "example": example}


def problem(text: str) -> dict[str, Any]:
    """The response of an operation that is a problem."""
    return {"description": text, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _responses(media_type: str, content: dict[str, Any], missing: bool) -> dict[str, Any]:
    responses = {
        "200": {"description": "The answer.", "content": {media_type.split(";")[0]: content}},
        "304": {"description": "It has not changed since the ETag that was sent."},
        "400": problem("A parameter, or its value, is unknown; `allowed` says what is known."),
        "503": problem("The picture of an earlier day cannot be made now; Retry-After says when to ask again."),
    }
    absent = "There is no such record, it has no table" if missing else "There is nothing of it"
    return responses | {"404": problem(f"{absent}, or the registry did not know it on the day of as-known.")}
