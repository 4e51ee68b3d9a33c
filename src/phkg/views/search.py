"""Search by name over all records, in every language: words in any order, their stems and beginnings, small typing errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlencode

from pyoxigraph import Literal, NamedNode

from phkg.views.reader import NAMES, Link, Reader, Text, sort_key
from phkg.views.records import class_label
from phkg.views.search_index import Entry, Found, SearchIndex, fold, words_of
from phkg.views.site import ALT_LABEL, Site
from phkg.vocabulary import ph

LONGEST_QUERY = 200
"""Characters of a search that are looked at."""

MOST_SUGGESTIONS = 6
"""Records suggested in place of a page that does not exist."""

MOST_HITS = 200
"""Hits shown, of all kinds together."""


@dataclass(frozen=True)
class Named:
    """A record with all its names: names, other names, short names and identifiers, in all languages."""

    record: NamedNode
    folder: str
    names: tuple[Literal, ...]


@dataclass(frozen=True)
class Names:
    """All records with their names; `languages` are those of the registry. To search in them takes an index, which is made when somebody does."""

    records: tuple[Named, ...]
    languages: tuple[str, ...]

    @cached_property
    def index(self) -> SearchIndex:
        """All names, ready to be searched; a record's number is its place in `records`."""
        return SearchIndex((Entry(number, one.folder, tuple(name.value for name in one.names)) for number, one in enumerate(self.records)), self.languages)

    def matching(self, query: str) -> set[NamedNode]:
        """The records that a query finds, as `search_page` shows them; none for no word."""
        return {self.records[number].record for number in self.index.matching(query[:LONGEST_QUERY])}


@dataclass(frozen=True)
class Hit:
    """A record that was found, and the name that matched when it is not the one shown."""

    link: Link
    kind: Text
    matched: str


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind of record; `more` counts those that are not shown here, all are in the list at `path`."""

    label: Text
    path: str
    hits: tuple[Hit, ...]
    more: int


@dataclass(frozen=True)
class SearchPage:
    """What a search found, by kind of record."""

    query: str
    groups: tuple[HitGroup, ...]
    total: int


def read_names(site: Site) -> Names:
    """Every record with a name, ordered by the name in the registry's first language."""
    graph = site.graph
    identifiers = [predicate for predicate, _ in graph.pairs(ph.pattern)]
    folders = {kind.folder for kind in site.kinds}
    names: dict[NamedNode, list[Literal]] = {}
    for predicate in dict.fromkeys((*NAMES, ALT_LABEL, ph.shortName, ph.symbol, *identifiers)):
        for record, value in graph.pairs(predicate):
            steps = record.value[len(site.base) :].split("/") if record.value.startswith(site.base) else []
            if len(steps) == 2 and steps[0] in folders and isinstance(value, Literal):
                names.setdefault(record, []).append(value)

    def place(one: Named) -> tuple:
        first = next((name for name in one.names if name.language == site.languages[0]), one.names[0])
        return sort_key(first.value), one.record.value

    found = (Named(record, record.value[len(site.base) :].split("/")[0], tuple(values)) for record, values in names.items())
    return Names(tuple(sorted(found, key=place)), site.languages)


def search_page(reader: Reader, names: Names, query: str) -> SearchPage:
    """Records of which the names hold every word of the query; the kind with the best hit comes first."""
    asked = query[:LONGEST_QUERY]
    found = names.index.search(asked, MOST_HITS) if words_of(asked) else []
    return SearchPage(asked, tuple(_groups(reader, names, asked, found)), sum(group.total for group in found))


def suggestions(reader: Reader, names: Names, address: str) -> tuple[Hit, ...]:
    """Records whose names hold the words of the last step of an address that names nothing; if none holds all, one of the words.

    Those of the kind that a step before it names come first.
    """
    named = {kind.folder for step in address.split("/") if (kind := reader.site.kind_of_segment(reader.language, step))}
    step = unquote(address)[:LONGEST_QUERY].rstrip("/").rsplit("/", 1)[-1].replace("-", " ")
    tried = (step, *sorted((word for word in words_of(step) if len(word) > 2), key=len, reverse=True))
    numbers: dict[int, None] = {}
    for words in tried:
        if len(numbers) < MOST_SUGGESTIONS:
            found = sorted(names.index.search(words, MOST_SUGGESTIONS), key=lambda group: group.group not in named)
            numbers.update((number, None) for group in found for _, number in group.hits)
    records = [names.records[number].record for number in list(numbers)[:MOST_SUGGESTIONS]]
    return tuple(Hit(reader.link(record), class_label(reader, record), "") for record in records)


def _groups(reader: Reader, names: Names, query: str, found: list[Found]) -> Iterator[HitGroup]:
    for group in found:
        kind = reader.site.kind_of_folder(group.group)
        assert kind is not None  # Only records in the folder of a kind are indexed.
        label = reader.text(kind.iri, ph.plural) or reader.label(kind.iri)
        hits = tuple(_hit(reader, names.records[number], query) for _, number in group.hits)
        path = reader.kind_path(group.group) or ""
        more = f"{path}{'&' if '?' in path else '?'}{urlencode({'q': query})}"
        yield HitGroup(label, more, hits, group.total - len(hits))


def _hit(reader: Reader, found: Named, query: str) -> Hit:
    """A hit with the name that fits the query best, unless that is the name which is shown anyway."""
    link = reader.link(found.record)
    written = [link.label.value, *(name.value for name in found.names)]
    words = [fold(word) for word in words_of(query)]
    best = max(written, key=lambda name: sum(_fits(fold(name), word) for word in words))
    return Hit(link, class_label(reader, found.record), "" if fold(best) == fold(link.label.value) else best)


def _fits(name: str, word: str) -> int:
    parts = words_of(name)
    return 3 if word in parts else 2 if any(part.startswith(word) for part in parts) else int(word in name)
