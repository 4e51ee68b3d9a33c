"""The vocabulary as a page: classes, properties and concept schemes in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Concept, Link, Reader, Text, sort_key
from phkg.views.site import DEFINITION, LABEL, PREF_LABEL, TYPE
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import OWL, RDFS, SKOS

EXAMPLE = NamedNode(SKOS + "example")
DOMAIN = NamedNode(RDFS + "domain")
RANGE = NamedNode(RDFS + "range")
SUB_CLASS_OF = NamedNode(RDFS + "subClassOf")
IN_SCHEME = NamedNode(SKOS + "inScheme")
SCHEME = NamedNode(SKOS + "ConceptScheme")
CLASS = NamedNode(OWL + "Class")
PROPERTIES = (NamedNode(OWL + "ObjectProperty"), NamedNode(OWL + "DatatypeProperty"))


@dataclass(frozen=True)
class Term:
    """A class or property."""

    iri: str
    name: str
    label: Text
    definition: Text | None
    examples: tuple[Text, ...]
    domain: tuple[Link, ...]
    range: tuple[Link, ...]
    wider: tuple[Link, ...]


@dataclass(frozen=True)
class Scheme:
    """A concept scheme with its concepts in order."""

    iri: str
    name: str
    label: Text
    definition: Text | None
    concepts: tuple[Concept, ...]


@dataclass(frozen=True)
class VocabularyPage:
    """The whole vocabulary."""

    namespace: str
    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    schemes: tuple[Scheme, ...]


def vocabulary_page(reader: Reader) -> VocabularyPage:
    """All terms of the core vocabulary and all concept schemes."""
    graph = reader.graph
    classes = [iri for iri in graph.subjects(TYPE, CLASS) if iri.value.startswith(ph.NAMESPACE)]
    properties = [iri for kind in PROPERTIES for iri in graph.subjects(TYPE, kind) if iri.value.startswith(ph.NAMESPACE)]
    return VocabularyPage(
        namespace=ph.NAMESPACE,
        classes=_terms(reader, classes),
        properties=_terms(reader, properties),
        schemes=tuple(
            sorted(
                (_scheme(reader, iri) for iri in graph.subjects(TYPE, SCHEME)),
                key=lambda scheme: sort_key(scheme.label.value),
            )
        ),
    )


def _terms(reader: Reader, iris: list[NamedNode]) -> tuple[Term, ...]:
    terms = [
        Term(
            iri=iri.value,
            name=iri.value[len(ph.NAMESPACE) :],
            label=reader.text(iri, LABEL) or reader.label(iri),
            definition=reader.text(iri, DEFINITION),
            examples=reader.texts(iri, EXAMPLE),
            domain=_links(reader, iri, DOMAIN),
            range=_links(reader, iri, RANGE),
            wider=_links(reader, iri, SUB_CLASS_OF),
        )
        for iri in iris
    ]
    return tuple(sorted(terms, key=lambda term: term.name.casefold()))


def _scheme(reader: Reader, iri: NamedNode) -> Scheme:
    concepts = (reader.concept(concept) for concept in reader.graph.subjects(IN_SCHEME, iri))
    return Scheme(
        iri=iri.value,
        name=iri.value.rsplit("/", 1)[-1],
        label=reader.text(iri, PREF_LABEL) or reader.label(iri),
        definition=reader.text(iri, DEFINITION),
        concepts=tuple(sorted(concepts, key=lambda concept: (concept.rank, sort_key(concept.label.value)))),
    )


def _links(reader: Reader, iri: NamedNode, predicate: NamedNode) -> tuple[Link, ...]:
    return tuple(reader.link(value) for value in reader.graph.objects(iri, predicate) if isinstance(value, NamedNode))
