"""What holds for a whole registry: its languages, kinds of record, places and states, read once per snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from phkg.graph.reading import VERSION, Kept
from phkg.graph.snapshot import Snapshot
from phkg.views.graph import Graph
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, ORG, RDF, RDFS, SKOS

TYPE = NamedNode(RDF + "type")
SUB_CLASS_OF = NamedNode(RDFS + "subClassOf")
PREF_LABEL = NamedNode(SKOS + "prefLabel")
ALT_LABEL = NamedNode(SKOS + "altLabel")
LABEL = NamedNode(RDFS + "label")
DEFINITION = NamedNode(SKOS + "definition")
TITLE = NamedNode(DCTERMS + "title")
DESCRIPTION = NamedNode(DCTERMS + "description")
REPLACED_BY = NamedNode(DCTERMS + "isReplacedBy")
RETIREMENT = (REPLACED_BY, ph.retiredOn, ph.retirementReason)
"""What says that a record is no longer in use, since when and why; it stands at the head of its page."""
BROADER = NamedNode(SKOS + "broader")
CLASSIFICATION = NamedNode(ORG + "classification")


@dataclass(frozen=True)
class Kind:
    """A kind of record: its class, the folder under `registry/`, and its word in the addresses of each language."""

    iri: NamedNode
    folder: str
    segments: dict[str, str]


@dataclass(frozen=True)
class Site:
    """One registry as a snapshot holds it. `version` is the snapshot's name; what states it asks for it as `snapshot`. `base` begins every record's IRI; `languages` are in order of preference.

    `regions` are those that have no successor, by their rank.
    """

    version: str
    date: str
    base: str
    registry: NamedNode
    languages: tuple[str, ...]
    kinds: tuple[Kind, ...]
    regions: tuple[NamedNode, ...]
    graph: Graph
    _records: Kept[tuple[NamedNode, ...]] = field(repr=False, compare=False)

    @property
    def snapshot(self) -> str:
        """The version of all data. Whoever asks follows from it, and is made anew when anything has changed."""
        self.graph.note(VERSION)
        return self.version

    def kind_of_segment(self, language: str, segment: str) -> Kind | None:
        """The kind whose pages lie under this word of an address."""
        return next((kind for kind in self.kinds if kind.segments.get(language) == segment), None)

    def kind_of_folder(self, folder: str) -> Kind | None:
        """The kind whose records lie in this folder."""
        return next((kind for kind in self.kinds if kind.folder == folder), None)

    def record(self, folder: str, slug: str) -> NamedNode | None:
        """The record with this folder and slug, or None when the registry has none."""
        iri = NamedNode(f"{self.base}{folder}/{slug}")
        return iri if self.graph.object(iri, TYPE) is not None else None

    def records(self, kind: Kind) -> tuple[NamedNode, ...]:
        """All records of a kind that have no successor (not their sub-records), ordered by IRI; read once."""
        return self._records.get(kind.iri, lambda: self._read(kind))

    def _read(self, kind: Kind) -> tuple[NamedNode, ...]:
        prefix = f"{self.base}{kind.folder}/"
        found = {
            subject
            for class_ in subclasses(self.graph, kind.iri)
            for subject in self.graph.having(TYPE, class_)
            if subject.value.startswith(prefix) and "/" not in subject.value[len(prefix) :] and not self.graph.is_retired(subject)
        }
        return tuple(sorted(found, key=lambda iri: iri.value))


def read_site(snapshot: Snapshot) -> Site:
    """Read what holds for the whole registry.

    Raises LookupError with a sentence when the registry does not describe itself.
    """
    graph = Graph(snapshot.store)
    registry = next(iter(graph.subjects(TYPE, ph.Registry)), None)
    if registry is None:
        raise LookupError("The registry does not describe itself: registry/registry.ttl must hold one ph:Registry.")
    base = graph.text(registry, ph.recordNamespace)
    languages = (graph.text(registry, ph.languages) or "").split()
    if not base or not languages:
        raise LookupError("registry/registry.ttl must give ph:recordNamespace and ph:languages.")
    return Site(
        version=snapshot.name,
        date=snapshot.date.isoformat(),
        base=base,
        registry=registry,
        languages=tuple(languages),
        kinds=tuple(_kinds(graph, languages)),
        regions=tuple(_regions(graph)),
        graph=graph,
        _records=graph.kept(),
    )


def subclasses(graph: Graph, class_: NamedNode) -> list[NamedNode]:
    """A class and everything below it."""
    found = [class_]
    for known in found:
        found += [sub for sub in graph.subjects(SUB_CLASS_OF, known) if sub not in found]
    return found


def _kinds(graph: Graph, languages: list[str]) -> list[Kind]:
    kinds = []
    for class_, folder in graph.pairs(ph.folder):
        segments = {value.language: value.value for value in graph.objects(class_, ph.pathSegment) if isinstance(value, Literal) and value.language}
        kinds.append(Kind(class_, folder.value, {code: segments.get(code, folder.value) for code in languages}))
    return sorted(kinds, key=lambda kind: (graph.integer(kind.iri, ph.rank) or 0, kind.folder))


def _regions(graph: Graph) -> list[NamedNode]:
    current = (iri for iri in graph.subjects(TYPE, ph.Region) if not graph.is_retired(iri))
    return sorted(current, key=lambda iri: (graph.integer(iri, ph.rank) or 0, iri.value))
