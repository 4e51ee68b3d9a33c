"""The dumps over HTTP: a page that lists them in each language, and every file under an address that never changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from phkg.graph.reading import VERSION
from phkg.publishing.described import DERIVED
from phkg.publishing.dump_files import CSV
from phkg.publishing.dumps import DIFFERENCE, MANIFEST, SUMS, Change, Dump, DumpFile, Dumps, earlier, read_dump
from phkg.publishing.headers import etag, not_modified
from phkg.publishing.linked import LinkedOf
from phkg.publishing.negotiation import best_language
from phkg.publishing.pages import Pages
from phkg.publishing.problems import Problem, say
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published, Publisher
from phkg.views.reader import Reader, Text
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import SKOS

NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)
"""A snapshot's name."""
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Content-Range, Accept-Ranges"}
ABOUT = {MANIFEST: "application/json", DIFFERENCE: "application/json", SUMS: "text/plain; charset=utf-8"}
"""Files of a dump that tell of the others."""
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Part:
    """The files of one kind of record; `label` is None for what has no name in the ontology."""

    name: str
    label: Text | None
    graph: DumpFile
    tables: tuple[DumpFile, ...]


@dataclass(frozen=True)
class Changed:
    """What came and went in one kind of record, with the kind's name."""

    name: str
    label: Text | None
    change: Change


@dataclass(frozen=True)
class DataPage:
    """All downloads of a snapshot, what changed since the dump before, and the dumps that are older."""

    dump: Dump
    whole: tuple[DumpFile, ...]
    parts: tuple[Part, ...]
    changes: tuple[Changed, ...]
    earlier: tuple[Dump, ...]


DUMPS = "dumps"
"""The name under which is noted that it has been read which dumps there are."""


class Downloads:
    """Serves the dumps of the current snapshot and of those before it that are still there."""

    def __init__(self, publisher: Publisher, linked_of: LinkedOf, languages: Mapping[str, Language], pages: Pages, dumps: Dumps) -> None:
        self._publisher = publisher
        self._linked = linked_of
        self._languages = languages
        self._pages = pages
        self._dumps = dumps

    def routes(self) -> list[Route]:
        """The routes; mount them before the pages."""
        routes: list[Route] = []
        methods = ["GET", "HEAD"]
        routes.append(Route("/data/", self.start, methods=methods))
        routes.append(Route("/data/latest/{name}", self.latest, methods=methods))
        routes.append(Route("/data/{snapshot}/{name}", self.file, methods=methods))
        for code in self._languages:
            routes.append(Route(f"/{code}/data/", self._page(code), methods=methods))
        return routes

    def start(self, request: Request) -> Response:
        """The page of the downloads in the reader's language."""
        code = best_language(request.headers.get("accept-language", ""), tuple(self._languages))
        return RedirectResponse(f"/{code}/data/", status_code=303, headers={"Vary": "Accept-Language"})

    def latest(self, request: Request) -> Response:
        """A file of the newest dump, at its lasting address."""
        name = request.path_params["name"]
        dump = self.current()
        if _media_type(dump, name) is None:
            raise HTTPException(404)
        headers = {"Cache-Control": "no-cache", **OPEN}
        return RedirectResponse(f"/data/{dump.snapshot}/{name}", status_code=307, headers=headers)

    def file(self, request: Request) -> Response:
        """A file of a dump, whole or the range that is asked for."""
        snapshot, name = request.path_params["snapshot"], request.path_params["name"]
        current = self._publisher.current().snapshot
        dump = self.current() if snapshot == current.name else None
        if dump is None and NAME.fullmatch(snapshot):
            try:
                dump = read_dump(self.current().folder.parent / snapshot)
            except (OSError, ValueError):
                dump = None
        media_type = _media_type(dump, name) if dump else None
        if dump is None or media_type is None:
            raise HTTPException(404)
        known = next((file.sha256 for file in dump.files if file.name == name), None)
        tag = f'"{known or f"{dump.snapshot}-{name}"}"'
        unchanged = not_modified(request, tag)
        headers = {"ETag": tag, "Cache-Control": FOREVER if known else "no-cache", **OPEN}
        if unchanged:
            unchanged.headers.update(headers)
            return unchanged
        return FileResponse(dump.folder / name, media_type=media_type, headers=headers)

    def current(self) -> Dump:
        """The dump of the current snapshot, made if need be. Raises Problem (503) when it cannot be written."""
        published = self._publisher.current()
        # A dump holds everything and lies under the version's name.
        published.site.graph.note(VERSION)
        published.site.graph.note(DUMPS)
        try:
            published.snapshot.graph_file()
            return self._dumps.of(published.site, published.snapshot.path, self._linked(published).licence or "")
        except OSError as error:
            raise Problem(503, "service-unavailable", say("no-dump", reason=error.strerror or "")) from None

    def _page(self, code: str):
        def page(request: Request) -> Response:
            published = self._publisher.current()
            dump = self.current()
            tag = etag(request, published.site.version, dump.previous)
            unchanged = not_modified(request, tag)
            if unchanged:
                return unchanged
            context: dict[str, Any] = {"page": data_page(published, code, dump)}
            alternates = {one: f"/{one}/data/" for one in self._languages}
            return self._pages.render(request, published, code, "data.html", context, alternates, tag)

        return page


def data_page(published: Published, code: str, dump: Dump) -> DataPage:
    """The page of the downloads in one language."""
    reader = published.readers[code]
    names = [kind.folder for kind in published.site.kinds]
    parts = sorted({file.part for file in dump.files if file.part}, key=lambda part: (part not in names, names.index(part) if part in names else 0, part))
    return DataPage(
        dump=dump,
        whole=tuple(file for file in dump.files if not file.part),
        parts=tuple(
            Part(
                name=part,
                label=_label(reader, part),
                graph=next(file for file in dump.files if file.part == part and file.media_type != CSV),
                tables=tuple(file for file in dump.files if file.part == part and file.media_type == CSV),
            )
            for part in parts
        ),
        changes=tuple(Changed(change.part, _label(reader, change.part), change) for change in dump.changes),
        earlier=tuple(earlier(dump)),
    )


def _label(reader: Reader, part: str) -> Text | None:
    kind = reader.site.kind_of_folder(part)
    others = {**DERIVED, "registry": ph.Registry, "concepts": NamedNode(SKOS + "ConceptScheme")}
    class_ = kind.iri if kind else others.get(part)
    return (reader.text(class_, ph.plural) or reader.label(class_)) if class_ else None


def _media_type(dump: Dump, name: str) -> str | None:
    for file in dump.files:
        if file.name == name:
            return "application/gzip" if file.compressed else f"{file.media_type}; charset=utf-8"
    return ABOUT.get(name)
