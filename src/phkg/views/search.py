"""Search by name over all records, in every language: accents do not matter, word beginnings count."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from phkg.views.reader import NAMES, Link, Reader, Text, sort_key
from phkg.views.records import class_label
from phkg.views.site import ALT_LABEL, Site
from phkg.vocabulary import ph

LONGEST_QUERY = 200
"""Characters of a search that are looked at."""

MOST_HITS = 50
"""Hits shown of each kind."""


@dataclass(frozen=True)
class Name:
    """A name of a record as it is written, and folded as it is searched."""

    written: str
    folded: str
    record: NamedNode
    folder: str


@dataclass(frozen=True)
class Hit:
    """A record that was found, and the name that matched when it is not the one shown."""

    link: Link
    kind: Text
    matched: str


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind of record; `more` counts those that are not shown."""

    label: Text
    hits: tuple[Hit, ...]
    more: int


@dataclass(frozen=True)
class SearchPage:
    """What a search found, by kind of record."""

    query: str
    groups: tuple[HitGroup, ...]
    total: int


def fold(text: str) -> str:
    """A text without case and accents, so that `Ärftlig` and `arftlig` meet."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def read_names(site: Site) -> tuple[Name, ...]:
    """Every name of every record: names, other names, short names and identifiers, in all languages."""
    graph = site.graph
    identifiers = [predicate for predicate, _ in graph.pairs(ph.pattern)]
    named = (*NAMES, ALT_LABEL, ph.shortName, ph.symbol, *identifiers)
    folders = {kind.folder for kind in site.kinds}
    names = []
    for predicate in dict.fromkeys(named):
        for record, value in graph.pairs(predicate):
            steps = record.value[len(site.base) :].split("/") if record.value.startswith(site.base) else []
            if len(steps) == 2 and steps[0] in folders and isinstance(value, Literal):
                names.append(Name(value.value, fold(value.value), record, steps[0]))
    return tuple(names)


def search_page(reader: Reader, names: tuple[Name, ...], query: str) -> SearchPage:
    """Records of which one name holds every word of the query; names that begin with it come first."""
    words = fold(query[:LONGEST_QUERY]).split()
    best: dict[NamedNode, tuple[int, Name]] = {}
    if words:
        for name in names:
            score = _score(name.folded, words)
            if score is not None and (name.record not in best or score < best[name.record][0]):
                best[name.record] = (score, name)
    groups = []
    for kind in reader.site.kinds:
        found = [(score, name) for score, name in best.values() if name.folder == kind.folder]
        if found:
            groups.append(_group(reader, reader.text(kind.iri, ph.plural) or reader.label(kind.iri), found))
    return SearchPage(query=query[:LONGEST_QUERY], groups=tuple(groups), total=len(best))


def matching(names: tuple[Name, ...], query: str) -> set[NamedNode]:
    """The records of which one name holds every word of the query, as `search_page` finds them; none for no word."""
    words = fold(query[:LONGEST_QUERY]).split()
    return {name.record for name in names if _score(name.folded, words) is not None} if words else set()


def _score(folded: str, words: list[str]) -> int | None:
    """0 for the very name, 1 for its beginning, 2 for beginnings of its words, 3 for inside; None for no match."""
    if not all(word in folded for word in words):
        return None
    joined = " ".join(words)
    if folded == joined:
        return 0
    if folded.startswith(joined):
        return 1
    starts = folded.replace("-", " ").replace("(", " ").split()
    return 2 if all(any(start.startswith(word) for start in starts) for word in words) else 3


def _group(reader: Reader, label: Text, found: list[tuple[int, Name]]) -> HitGroup:
    links = [(score, name, reader.link(name.record)) for score, name in found]
    links.sort(key=lambda one: (one[0], sort_key(one[2].label.value)))
    hits = tuple(
        Hit(link, class_label(reader, name.record), "" if fold(link.label.value) == name.folded else name.written)
        for _, name, link in links[:MOST_HITS]
    )
    return HitGroup(label, hits, len(links) - len(hits))
