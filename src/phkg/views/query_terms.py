"""The words that a query can be written in: prefixes, classes, properties and concepts, with their names for people and their pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.records.queries import NamedQuery
from phkg.views.reader import Reader, Text
from phkg.views.site import DEFINITION, LABEL, PREF_LABEL, TYPE, Site
from phkg.views.usage import Usage
from phkg.views.vocabulary import CLASS, IN_SCHEME, PROPERTIES, SCHEME
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import PREFIXES

PREFIX_LINE = re.compile(r"^\s*PREFIX\s+([A-Za-z][\w-]*):\s*<([^<>\s]+)>", re.MULTILINE | re.IGNORECASE)
LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?", re.ASCII)
"""Local names that need no escape behind a prefix."""
PATH = re.compile(r"[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*", re.ASCII)
"""What may follow the base in the IRI of a record; anything else is no address of this site."""


@dataclass(frozen=True)
class QueryTerm:
    """A class, property or concept; `name` is how it is written with its prefix, `page` where this site explains it ("" nowhere)."""

    name: str
    iri: str
    kind: str
    label: Text | None
    definition: Text | None
    page: str


@dataclass(frozen=True)
class QueryTerms:
    """All words for queries over one snapshot, in one language.

    `prefixes` are namespaces by prefix; `folders` the addresses of the lists of records by folder; `regions` the short names of the
    regions by IRI.
    """

    base: str
    prefixes: dict[str, str]
    folders: dict[str, str]
    regions: dict[str, str]
    terms: tuple[QueryTerm, ...]


def read_prefixes(site: Site, queries: tuple[NamedQuery, ...]) -> dict[str, str]:
    """The namespaces by prefix: those of the program, those of the named queries, and for what neither names its folder or scheme."""
    found = dict(PREFIXES)
    for query in queries:
        for name, namespace in PREFIX_LINE.findall(query.text):
            found.setdefault(name, namespace)
    schemes = site.graph.subjects(TYPE, SCHEME)
    others = {_end(scheme.value): f"{scheme.value}/" for scheme in schemes}
    others |= {kind.folder: f"{site.base}{kind.folder}/" for kind in site.kinds}
    for name, namespace in others.items():
        if namespace not in found.values():
            found.setdefault(name, namespace)
    return found


def query_terms(reader: Reader, queries: tuple[NamedQuery, ...], used: Usage, vocabulary: str) -> QueryTerms:
    """The words for queries; `vocabulary` is the address of the page that explains the terms."""
    site = reader.site
    prefixes = read_prefixes(site, queries)
    kinds: dict[NamedNode, str] = {}
    for kind, iris in (("class", used.classes), ("property", used.properties)):
        kinds |= dict.fromkeys(map(NamedNode, iris), kind)
    kinds |= dict(_explained(reader))
    terms = [
        QueryTerm(
            name=compact(iri.value, prefixes),
            iri=iri.value,
            kind=kind,
            label=reader.text(iri, LABEL) or reader.text(iri, PREF_LABEL),
            definition=reader.text(iri, DEFINITION),
            page=term_page(site, iri, vocabulary) or "",
        )
        for iri, kind in kinds.items()
    ]
    return QueryTerms(
        base=site.base,
        prefixes=prefixes,
        folders={kind.folder: reader.kind_path(kind.folder) or "" for kind in site.kinds},
        regions={region.value: reader.short_name(region).value for region in site.regions},
        terms=tuple(sorted((term for term in terms if term.name), key=lambda term: term.name.casefold())),
    )


def compact(iri: str, prefixes: dict[str, str]) -> str:
    """An IRI with the prefix of the longest namespace that it begins with; empty when there is none."""
    best = ""
    for name, namespace in prefixes.items():
        if iri.startswith(namespace) and LOCAL.fullmatch(iri[len(namespace) :]) and len(namespace) > len(prefixes.get(best, "")):
            best = name
    return f"{best}:{iri[len(prefixes[best]) :]}" if best else ""


def term_page(site: Site, iri: NamedNode, vocabulary: str) -> str | None:
    """Where the vocabulary's page explains a term, a scheme or a concept; None for what it does not explain."""
    if iri.value.startswith(ph.NAMESPACE) and site.graph.object(iri, TYPE) is not None:
        return f"{vocabulary}#{iri.value[len(ph.NAMESPACE) :]}"
    if site.graph.object(iri, TYPE) == SCHEME:
        return f"{vocabulary}#scheme-{_end(iri.value)}"
    scheme = site.graph.object(iri, IN_SCHEME)
    return f"{vocabulary}#concept-{_end(scheme.value)}-{_end(iri.value)}" if scheme is not None else None


def page_of(reader: Reader, iri: NamedNode, vocabulary: str) -> str | None:
    """The address on this site of anything that the registry knows under an IRI of its own; None for all else."""
    rest = iri.value.removeprefix(reader.site.base)
    found = term_page(reader.site, iri, vocabulary) or reader.path(iri)
    if found or rest == iri.value or not PATH.fullmatch(rest) or reader.graph.object(iri, TYPE) is None:
        return found
    return f"/{rest}"


def _explained(reader: Reader) -> list[tuple[NamedNode, str]]:
    """The terms that the ontology itself declares."""
    graph = reader.graph
    found = [(iri, "class") for iri in graph.subjects(TYPE, CLASS)]
    found += [(iri, "property") for kind in PROPERTIES for iri in graph.subjects(TYPE, kind)]
    found += [(iri, "concept") for iri, _ in graph.pairs(IN_SCHEME)]
    return found


def _end(iri: str) -> str:
    return iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
