"""What a store says of the snapshots in it: a graph of its own with each one's name, day and size, and which is the current one.

The catalogue of a registry is the graph `<namespace>snapshots`, a snapshot's triples are the graph `<namespace>snapshots/<name>`:

    <…snapshots>        dcat:hasVersion <…snapshots/1f…>, <…snapshots/9c…> ;  dcat:hasCurrentVersion <…snapshots/9c…> .
    <…snapshots/9c…>    dcterms:identifier "9c…" ;  dcterms:date "2026-11-22"^^xsd:date ;
                        dcterms:created "…" (loading began) ;  dcterms:issued "…" (it was published) ;  void:triples 70011 .

    <…snapshots/9c…>    prov:has_provenance <…registry#records/4d…> .

`void:triples` is there when the graph is whole, and goes before anything is taken out of it again. `prov:has_provenance` names the graph
with the facts about the records, where git knew them: readers are shown it under its name without the last step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from phkg.graph.remote.store import Store
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCAT, DCTERMS, PROV, VOID, XSD

PART = f"{DCAT}hasVersion"
CURRENT = f"{DCAT}hasCurrentVersion"
IDENTIFIER, DATE, CREATED, ISSUED = (f"{DCTERMS}{name}" for name in ("identifier", "date", "created", "issued"))
SIZE = f"{VOID}triples"
RECORDS = f"{PROV}has_provenance"


@dataclass(frozen=True)
class Entry:
    """A snapshot in a store. `size` is its number of triples, None as long as it is not whole; times are ISO 8601, empty when unknown.

    `replaced` is what has to go when it is published anew, as `<property> value` in SPARQL; `records` the graph with the facts about its
    records, empty when there is none.
    """

    graph: str
    name: str
    date: str
    created: str
    issued: str
    size: int | None
    replaced: tuple[str, ...]
    records: str


@dataclass(frozen=True)
class Catalogue:
    """The snapshots of one registry in a store; `current` is the one that is to be read, None when there is none.

    `pointers` are the graphs that are called current: one, or two where two have published at the same moment.
    """

    entries: tuple[Entry, ...]
    current: Entry | None
    pointers: tuple[str, ...]


def record_namespace(triples: Iterable[Quad]) -> str | None:
    """What the IRIs of a registry's records begin with, as its own record says; None where none does."""
    found = (triple.object.value for triple in triples if triple.predicate == ph.recordNamespace)
    return min(found, default=None)


def catalogue_graph(base: str) -> str:
    """The IRI of the graph with the catalogue; `base` begins the IRIs of the registry's records."""
    return NamedNode(f"{base}snapshots").value


def snapshot_graph(base: str, name: str) -> str:
    """The IRI of the graph with the triples of a snapshot."""
    return NamedNode(f"{base}snapshots/{name}").value


def records_graph(graph: str, name: str) -> str:
    """The IRI of the graph with a version of the facts about the records, which readers know as `graph`."""
    return NamedNode(f"{graph}/{name}").value


def shown_graph(records: str) -> str:
    """The name under which readers know such a graph."""
    return records.rpartition("/")[0]


def read_catalogue(store: Store, base: str, seconds: float) -> Catalogue:
    """The catalogue as it is now, within so many seconds. Raises StoreFault."""
    home = catalogue_graph(base)
    said: dict[str, dict[str, list[NamedNode | Literal]]] = {}
    for row in store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{home}> {{ ?s ?p ?o }} }}", seconds):
        said.setdefault(row["s"].value, {}).setdefault(row["p"].value, []).append(row["o"])
    entries = tuple(sorted((_entry(graph, values) for graph, values in said.items() if graph != home), key=lambda one: one.graph))
    pointers = tuple(sorted(term.value for term in said.get(home, {}).get(CURRENT, ())))
    whole = (one for one in entries if one.graph in pointers and one.size is not None)
    return Catalogue(entries, max(whole, key=lambda one: one.issued, default=None), pointers)


def _entry(graph: str, said: dict[str, list[NamedNode | Literal]]) -> Entry:
    def one(predicate: str) -> str:
        return max((term.value for term in said.get(predicate, ())), default="")

    size = one(SIZE)
    replaced = tuple(f"<{predicate}> {term}" for predicate in (ISSUED, SIZE, RECORDS) for term in said.get(predicate, ()))
    return Entry(graph, one(IDENTIFIER), one(DATE)[:10], one(CREATED), one(ISSUED), int(size) if size.isdigit() else None, replaced, one(RECORDS))


def begun(base: str, name: str, date: str, now: str) -> str:
    """The update by which a snapshot is entered before it is loaded; `now` as xsd:dateTime."""
    home, graph = catalogue_graph(base), snapshot_graph(base, name)
    return (
        f'INSERT DATA {{ GRAPH <{home}> {{ <{home}> <{PART}> <{graph}> . <{graph}> <{IDENTIFIER}> "{name}" . '
        f'<{graph}> <{DATE}> "{date}"^^<{XSD}date> . <{graph}> <{CREATED}> "{now}"^^<{XSD}dateTime> }} }}'
    )


def switched(catalogue: Catalogue, base: str, name: str, size: int, records: str, now: str) -> str:
    """The one update by which a snapshot that is whole becomes the current one, after the catalogue as it was read.

    What goes is named and not looked for: Virtuoso leaves the whole update out where an OPTIONAL finds nothing. Should two publish
    at the same moment, both pointers stay, and the later publication counts.
    """
    home, graph = catalogue_graph(base), snapshot_graph(base, name)
    entry = next((one for one in catalogue.entries if one.graph == graph), None)
    gone = [f"<{home}> <{CURRENT}> <{pointed}>" for pointed in catalogue.pointers if pointed != graph]
    gone += [f"<{graph}> {said}" for said in entry.replaced] if entry else []
    come = (
        f"<{home}> <{CURRENT}> <{graph}>",
        f'<{graph}> <{ISSUED}> "{now}"^^<{XSD}dateTime>',
        f"<{graph}> <{SIZE}> {size}",
        *([f"<{graph}> <{RECORDS}> <{records}>"] if records else []),
    )
    deleted = f"DELETE {{ GRAPH <{home}> {{ {' . '.join(gone)} }} }} " if gone else ""
    return f"{deleted}INSERT {{ GRAPH <{home}> {{ {' . '.join(come)} }} }} WHERE {{ GRAPH <{home}> {{ <{home}> <{PART}> <{graph}> }} }}"


def removal(base: str, graph: str) -> tuple[str, str, str]:
    """The updates by which a snapshot goes: it is called unfinished, so that nobody reads a part of it; emptied; struck out."""
    home = catalogue_graph(base)
    return (
        f"DELETE WHERE {{ GRAPH <{home}> {{ <{graph}> <{SIZE}> ?size }} }}",
        f"DROP SILENT GRAPH <{graph}>",
        f"DELETE {{ GRAPH <{home}> {{ <{home}> <{PART}> <{graph}> . <{graph}> ?p ?o }} }} WHERE {{ GRAPH <{home}> {{ <{graph}> ?p ?o }} }}",
    )
