"""A snapshot read in one language: texts with their fallback marked, links to pages, concepts, dates."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pyoxigraph import Literal, NamedNode

from phkg.graph.reading import Kept
from phkg.views.site import ALT_LABEL, DEFINITION, LABEL, PREF_LABEL, TITLE, TYPE, Site
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import SCHEMA

NAMES = (PREF_LABEL, TITLE, LABEL)
ADDRESS = NamedNode(SCHEMA + "url")
MOST_RECENT = 1 << 13
"""Things that are kept ready where there may be more than memory should hold."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Text:
    """A text and the language it is written in (empty for language-less values such as codes)."""

    value: str
    language: str = ""


@dataclass(frozen=True)
class Link:
    """A thing with its name; `path` is its page on this site, None when it has none."""

    iri: str
    label: Text
    path: str | None


@dataclass(frozen=True)
class Concept:
    """A concept of a scheme. `fill` (0 to 4) says how full its mark is drawn; `rank` orders it in its scheme.

    `mark` is the name of its drawing: the fill, or the form that the vocabulary gives it or the kind of absence that it is (ph:mark), or `ended`.
    """

    iri: str
    label: Text
    definition: Text | None
    rank: int
    fill: int | None
    mark: str


class Reader:
    """Reads one snapshot for readers of one language; what is immutable is looked up once."""

    def __init__(self, site: Site, language: str, question: str = "") -> None:
        """`question` ends the address of every page that is linked to (`?as-of=2020-01-01`; none: the pages of today).

        `pieces` keeps what pages of this language share, by a name and what it is about.
        """
        self.site = site
        self.question = question
        self.graph = site.graph
        self.language = language
        self._preference = (language, *(other for other in site.languages if other != language))
        self._links: Kept[Link] = self.graph.kept()
        self._concepts: Kept[Concept] = self.graph.kept()
        self._short_names: Kept[Text] = self.graph.kept()
        self.pieces: Kept[Any] = self.graph.kept()
        self._recent: Kept[Any] = self.graph.kept()
        self._made = 0

    def recent(self, key: object, make: Callable[[], Value]) -> Value:
        """As `pieces`, for what there may be too many of to keep them all; what a key is of belongs to it."""
        if self._made >= MOST_RECENT:
            self._recent, self._made = self.graph.kept(), 0

        def counted() -> Value:
            self._made += 1
            return make()

        return self._recent.get(key, counted)

    def choose(self, values: list) -> Text | None:
        """The text in the reader's language, else in the registry's next language, else any."""
        literals = [value for value in values if isinstance(value, Literal)]
        for code in (*self._preference, None):
            for value in literals:
                if value.language == code:
                    return Text(value.value, value.language or "")
        return Text(literals[0].value, literals[0].language or "") if literals else None

    def text(self, subject: NamedNode, predicate: NamedNode) -> Text | None:
        """A property's text in the reader's language, with fallback."""
        return self.choose(self.graph.in_language(subject, predicate, self._preference))

    def texts(self, subject: NamedNode, predicate: NamedNode) -> tuple[Text, ...]:
        """All texts of a property in the reader's language; in the next when it has none there."""
        literals = self.spoken(self.graph.objects(subject, predicate))
        return tuple(Text(value.value, value.language or "") for value in literals)

    def spoken(self, values: list) -> list[Literal]:
        """Of the literals those without language and those in the first language that there are any in."""
        literals = [value for value in values if isinstance(value, Literal)]
        there = {value.language for value in literals if value.language}
        first = next((code for code in self._preference if code in there), min(there, default=None))
        return [value for value in literals if value.language in (None, first)]

    def label(self, iri: NamedNode) -> Text:
        """The name of a thing; the end of its IRI when it has none."""
        for predicate in NAMES:
            name = self.text(iri, predicate)
            if name:
                return name
        return Text(iri.value.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1])

    def other_names(self, iri: NamedNode) -> tuple[Text, ...]:
        """Alternative names in every language, each once."""
        seen: dict[str, Text] = {}
        for value in self.graph.objects(iri, ALT_LABEL):
            if isinstance(value, Literal):
                seen.setdefault(value.value, Text(value.value, value.language or ""))
        return tuple(seen.values())

    def short_name(self, iri: NamedNode) -> Text:
        """The short name of a place, else its name."""
        return self._short_names.get(iri, lambda: self.text(iri, ph.shortName) or self.label(iri))

    def link(self, iri: NamedNode) -> Link:
        """A thing with its name and page."""
        return self._links.get(iri, lambda: Link(iri.value, self.label(iri), self.path(iri)))

    def path(self, iri: NamedNode) -> str | None:
        """The address of the page that shows this thing (a part of a record: its place on the record's page)."""
        if not iri.value.startswith(self.site.base):
            return None
        parts = iri.value[len(self.site.base) :].split("/")
        kind = self.site.kind_of_folder(parts[0])
        if kind is None or len(parts) < 2:
            return None
        if kind.iri == ph.Objection:
            statement = self.graph.object(iri, ph.contests)
            is_statement = isinstance(statement, NamedNode) and self.graph.object(statement, TYPE) == ph.ImplementationStatement
            return self.path(statement) if is_statement else None
        if kind.iri == ph.ImplementationStatement:
            method = self.graph.object(iri, ph.method)
            page = self.path(method) if isinstance(method, NamedNode) else None
            return f"{page}#{anchor(iri.value)}" if page else None
        page = f"/{self.language}/{kind.segments[self.language]}/{parts[1]}/{self.question}"
        return page if len(parts) == 2 else f"{page}#{anchor(iri.value)}"

    def kind_path(self, folder: str) -> str | None:
        """The address of the list of a kind of record."""
        kind = self.site.kind_of_folder(folder)
        return f"/{self.language}/{kind.segments[self.language]}/{self.question}" if kind else None

    def concept(self, iri: NamedNode) -> Concept:
        """A concept with its definition and drawing."""
        return self._concepts.get(iri, lambda: self._concept(iri))

    def _concept(self, iri: NamedNode) -> Concept:
        fill = self.graph.integer(iri, ph.fill)
        return Concept(
            iri=iri.value,
            label=self.label(iri),
            definition=self.text(iri, DEFINITION),
            rank=self.graph.integer(iri, ph.rank) or 0,
            fill=fill,
            mark=self._mark(iri) or ("ended" if fill is None else str(fill)),
        )

    def _mark(self, iri: NamedNode) -> str | None:
        """The form that the vocabulary gives a concept, itself or through the kind of absence that it is."""
        kind = self.graph.object(iri, ph.absence)
        return self.graph.text(iri, ph.mark) or (self.graph.text(kind, ph.mark) if isinstance(kind, NamedNode) else None)

    def concepts(self, class_: NamedNode) -> tuple[Concept, ...]:
        """All concepts of a class, in the order of their scheme."""
        found = (self.concept(iri) for iri in self.graph.subjects(TYPE, class_))
        return tuple(sorted(found, key=lambda concept: (concept.rank, concept.iri)))


def anchor(iri: str) -> str:
    """The fragment under which a part of a record stands on a page: its last three steps joined by hyphens."""
    return "-".join(iri.rstrip("/").split("/")[-3:])


def slug(iri: NamedNode) -> str:
    """The end of an IRI, by which it is named in addresses."""
    return iri.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


@lru_cache(maxsize=1 << 16)
def sort_key(text: str) -> tuple[tuple[int, int], ...]:
    """A key that sorts names as Swedish does: a–z, then å, ä, ö; case and other accents do not matter.

    Source: the order of the Swedish alphabet; accents other than å, ä and ö do not make letters of their own.
    """
    key = []
    for character in unicodedata.normalize("NFC", text).casefold():
        after_z = "åäö".find(character)
        key.append((1, after_z) if after_z >= 0 else (0, ord(unicodedata.normalize("NFD", character)[0])))
    return tuple(key)
