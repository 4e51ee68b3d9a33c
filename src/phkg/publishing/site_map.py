"""What crawlers ask for: `robots.txt` and a site map of all pages in all languages (sitemaps.org, with hreflang alternates)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phkg.publishing import as_known, as_of
from phkg.publishing.addresses import BESIDE, FIXED, TEXTS
from phkg.publishing.headers import not_modified, strong_tag
from phkg.publishing.linked import LinkedOf
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published, Publisher
from phkg.vocabulary import ph

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
PAGES = "pages"
"""The part of the site map with the pages that are no record; the other parts are named by folder, so that none grows too large."""

Paths = Mapping[str, str]


class SiteMap:
    """Serves `robots.txt`, `sitemap.xml` and the site map's parts, one a kind of record."""

    def __init__(self, publisher: Publisher, linked_of: LinkedOf, languages: Mapping[str, Language]) -> None:
        self._publisher = publisher
        self._linked = linked_of
        self._languages = languages

    def routes(self) -> list[Route]:
        """The routes."""
        routes: list[Route] = []
        methods = ["GET", "HEAD"]
        routes.append(Route("/robots.txt", self.robots, methods=methods))
        routes.append(Route("/sitemap.xml", self.index, methods=methods))
        routes.append(Route("/sitemap/{part}.xml", self.part, methods=methods))
        return routes

    def robots(self, request: Request) -> Response:
        """Everything may be read but queries, searches and pictures of other days, which cost work and never end (the star: RFC 9309, section 2.2.3)."""
        searches = [f"Disallow: /{code}/{language.word('search')}/" for code, language in self._languages.items()]
        days = [f"Disallow: /*{name}=" for name in (as_of.NAME, as_known.NAME, "query")]
        lines = ["User-agent: *", "Disallow: /sparql", *searches, *days, "Allow: /", "", f"Sitemap: {_origin(request)}/sitemap.xml", ""]
        return _answer(request, "\n".join(lines).encode(), "text/plain; charset=utf-8")

    def index(self, request: Request) -> Response:
        """The list of the site map's parts."""
        published = self._publisher.current()
        root = ElementTree.Element(f"{{{SITEMAP}}}sitemapindex")
        for name in (PAGES, *(kind.folder for kind in published.site.kinds if self._records(published, kind.folder))):
            entry = ElementTree.SubElement(root, f"{{{SITEMAP}}}sitemap")
            ElementTree.SubElement(entry, f"{{{SITEMAP}}}loc").text = f"{_origin(request)}/sitemap/{name}.xml"
        return _answer(request, _xml(root), "application/xml")

    def part(self, request: Request) -> Response:
        """The pages of one kind of record, or those that are no record, each in all languages."""
        published, part = self._publisher.current(), request.path_params["part"]
        found = list(self._pages(published)) if part == PAGES else self._records(published, part)
        if not found:
            raise HTTPException(404)
        origin = _origin(request)
        root = ElementTree.Element(f"{{{SITEMAP}}}urlset")
        for paths, modified in found:
            for path in paths.values():
                entry = ElementTree.SubElement(root, f"{{{SITEMAP}}}url")
                ElementTree.SubElement(entry, f"{{{SITEMAP}}}loc").text = origin + path
                if modified:
                    ElementTree.SubElement(entry, f"{{{SITEMAP}}}lastmod").text = modified
                for code, other in paths.items():
                    attributes = {"rel": "alternate", "hreflang": code, "href": origin + other}
                    ElementTree.SubElement(entry, f"{{{XHTML}}}link", attributes)
        return _answer(request, _xml(root), "application/xml")

    def _pages(self, published: Published) -> Iterable[tuple[Paths, str]]:
        yield {code: f"/{code}/" for code in self._languages}, ""
        for name in (*FIXED, *BESIDE):
            written = all(name in language.texts for language in self._languages.values())
            # A search has no end, and what has been sent in is only there where something may be.
            if name not in ("search", "submissions") and (written or name not in TEXTS):
                yield {code: f"/{code}/{language.word(name)}/" for code, language in self._languages.items()}, ""
        yield {code: f"/{code}/data/" for code in self._languages}, ""
        for kind in published.site.kinds:
            if self._records(published, kind.folder) or kind.iri == ph.ImplementationStatement:
                yield {code: f"/{code}/{kind.segments[code]}/" for code in self._languages}, ""

    def _records(self, published: Published, folder: str) -> list[tuple[Paths, str]]:
        site, provenance = published.site, self._linked(published).provenance
        kind = site.kind_of_folder(folder)
        found: list[tuple[Paths, str]] = []
        records = site.records(kind) if kind else []
        entries = provenance.of_all(record.value for record in records)
        for record in records:
            paths = {code: published.readers[code].path(record) or "" for code in self._languages}
            entry = entries.get(record.value)
            if all(path and "#" not in path for path in paths.values()):
                found.append((paths, entry.changed.when if entry else ""))
        return found


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _xml(root: ElementTree.Element) -> bytes:
    ElementTree.register_namespace("", SITEMAP)
    ElementTree.register_namespace("xhtml", XHTML)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    tag = strong_tag(body)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    return not_modified(request, tag) or Response(body, media_type=media_type, headers=headers)
