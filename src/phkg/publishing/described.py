"""What the registry says under one IRI: the thing itself, its parts, the vocabulary, a document of shapes; as lists of triples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from phkg.publishing.provenance import Provenance, commit_triples, record_triples
from phkg.views.graph import natural
from phkg.views.site import REPLACED_BY, TYPE, Site
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import SKOS

DERIVED = {"standings": ph.Standing, "coverages": ph.Coverage}
"""Folders of IRIs that no file holds: what the program derives, by class."""

SCHEME = NamedNode(SKOS + "ConceptScheme")
IN_SCHEME = NamedNode(SKOS + "inScheme")


@dataclass(frozen=True)
class Description:
    """The triples to be served under one IRI, subject by subject, the thing itself first; `successor` is what replaces it."""

    subjects: tuple[tuple[Triple, ...], ...]
    successor: NamedNode | None = None

    @cached_property
    def triples(self) -> list[Triple]:
        """All triples in order, each once."""
        return list(dict.fromkeys(triple for subject in self.subjects for triple in subject))


def describe(site: Site, provenance: Provenance, iri: NamedNode) -> Description | None:
    """A record, concept or derived fact with its parts (a scheme with its concepts) and the facts about the record; None when unknown.

    The registry itself comes with all commits, since theirs are IRIs of its own.
    """
    about = site.graph.about(iri)
    if not about:
        return None
    subjects = [iri]
    for subject, predicate in site.graph.pointing_at(iri):
        if subject.value.startswith(iri.value + "/") or predicate == IN_SCHEME:
            subjects.append(subject)
    subjects[1:] = sorted(dict.fromkeys(subjects[1:]), key=lambda subject: natural(subject.value))
    groups = [tuple(Triple(subject, *pair) for pair in site.graph.about(subject)) for subject in subjects]
    entry = None if iri.value[len(site.base) :].split("/")[0] in DERIVED else provenance.of(iri.value)
    if entry:
        home = site.registry.value
        changes = provenance.commits if iri == site.registry else entry.changes
        groups += _by_subject(record_triples(iri, entry, home) + commit_triples(changes, home))
    successor = site.graph.object(iri, REPLACED_BY)
    return Description(tuple(groups), successor if isinstance(successor, NamedNode) else None)


def describe_vocabulary(site: Site) -> Description:
    """All classes and properties of the core vocabulary, and what it says of itself."""
    home = ph.NAMESPACE.rstrip("#")
    subjects = {subject for subject, _ in site.graph.pairs(TYPE) if subject.value.startswith(ph.NAMESPACE) or subject.value == home}
    ordered = sorted(subjects, key=lambda subject: subject.value)
    return Description(tuple(tuple(Triple(subject, *pair) for pair in site.graph.about(subject)) for subject in ordered))


def describe_shapes(folder: Path, name: str | None) -> Description | None:
    """One document of shapes as it lies in the folder, or all of them when no name is given; None when there is no such document."""
    files = sorted(folder.glob("*.ttl")) if name is None else [folder / f"{name}.ttl"]
    if not files or not all(file.is_file() for file in files):
        return None
    return Description(tuple(_named(file) for file in files))


def _named(file: Path) -> tuple[Triple, ...]:
    """The triples of a file, its nodes without a name called by their order, so that the same file always gives the same answer."""
    names: dict[str, BlankNode] = {}

    def renamed(term):
        if isinstance(term, BlankNode):
            return names.setdefault(term.value, BlankNode(f"{file.stem.replace('-', '')}{len(names)}"))
        return term

    found = parse(file.read_bytes(), format=RdfFormat.TURTLE)
    return tuple(Triple(renamed(quad.subject), quad.predicate, renamed(quad.object)) for quad in found)


def _by_subject(triples: list[Triple]) -> list[tuple[Triple, ...]]:
    groups: dict[object, list[Triple]] = {}
    for triple in triples:
        groups.setdefault(triple.subject, []).append(triple)
    return [tuple(group) for group in groups.values()]
