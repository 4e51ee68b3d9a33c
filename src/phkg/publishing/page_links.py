"""What a page carries for programs: links to the record's other forms, the history of records and statements, a block for search engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from phkg.publishing import schema_org
from phkg.publishing.history import Change, file_of
from phkg.publishing.linked import Linked
from phkg.publishing.provenance import HISTORY
from phkg.publishing.rdf_formats import NAMES, SUFFIXES
from phkg.views.reader import Reader
from phkg.views.records import Head


@dataclass(frozen=True)
class Form:
    """A form in which a record is served: what people call it, its media type and its address."""

    name: str
    media_type: str
    path: str


class PageLinks:
    """For the templates of one page: `here` is its address, `origin` the site's, `words` the fixed pages' by name."""

    def __init__(self, reader: Reader, linked: Linked, origin: str, here: str, words: Mapping[str, str]) -> None:
        self._reader = reader
        self._linked = linked
        self.origin = origin
        self._here = here
        self._words = words

    def forms(self, iri: str) -> tuple[Form, ...]:
        """The addresses under which a record's triples are served."""
        path = "/" + iri[len(self._reader.site.base) :]
        return tuple(Form(NAMES[media_type], media_type, path + suffix) for suffix, media_type in SUFFIXES.items())

    def history(self, iri: str) -> tuple[Change, ...]:
        """The changes of a record or a statement, newest first; empty where git knows nothing of it."""
        entry = self._linked.provenance.of(iri)
        return entry.changes[::-1] if entry else ()

    def last(self, iri: str) -> Change | None:
        """The last commit that touched the file of a record; None where git knows nothing of it."""
        file = self.file(iri)
        return self._linked.history.versions[file][-1].change if file else None

    def file(self, iri: str) -> str:
        """The file of the registry that holds a record; empty where the history knows of none."""
        path = file_of(self._reader.site.base, iri)
        self._reader.graph.note(f"{HISTORY} {path}")
        return path if path in self._linked.history.versions else ""

    def correct(self, iri: str) -> str:
        """The address of the form with a record filled in."""
        return f"{self._words['contribute'].partition('?')[0]}?record={iri[len(self._reader.site.base) :]}"

    def is_correctable(self, iri: str) -> bool:
        """Whether something is a record or a part of one, so that a form can correct it."""
        base = self._reader.site.base
        return iri.startswith(base) and self._reader.site.kind_of_folder(iri[len(base) :].split("/")[0]) is not None

    def add_statement(self, method: str, place: str) -> str:
        """The address of the form for a statement of a method in a place, both filled in."""
        method, place = (iri[len(self._reader.site.base) :] for iri in (method, place))
        return f"{self._words['contribute'].partition('?')[0]}implementation-statement/?method={method}&place={place}"

    def contest(self, iri: str = "") -> str:
        """The address of the form for an objection, to a statement where one is given."""
        form = f"{self._words['contribute'].partition('?')[0]}objection/"
        return f"{form}?contests={iri[len(self._reader.site.base) :]}" if iri else form

    def record(self, head: Head) -> Markup:
        """A record's page and thing for search engines."""
        changes = self.history(head.iri)[::-1]
        document = schema_org.record_document(self._reader, head, self.origin, self._here, self._linked.licence, changes)
        return schema_org.as_script(document)

    def registry(self) -> Markup:
        """The site and the registry as a data set, for search engines."""
        words, licence = self._words, self._linked.licence
        return schema_org.as_script(schema_org.site_document(self._reader, self.origin, words["search"], f"/{self._reader.language}/data/", licence))

    def header(self, head: Head) -> str:
        """The Link header of a record's page (RFC 8288)."""
        links = [f'<{form.path}>; rel="alternate"; type="{form.media_type}"' for form in self.forms(head.iri)]
        links += [f'<{self.forms(head.iri)[0].path}>; rel="describedby"; type="text/turtle"', f'<{head.iri}>; rel="describes"']
        if self._linked.licence:
            links.append(f'<{self._linked.licence}>; rel="license"')
        return ", ".join([*links, f'<{self.origin}{self._here}>; rel="canonical"'])
