"""The facts about all records, to be published to a store elsewhere beside the snapshot they belong to."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse, serialize

from phkg.graph.remote.publish import Records
from phkg.graph.snapshot import Snapshot
from phkg.publishing.linked import LinkedOf
from phkg.publishing.record_graph import GRAPH, RecordGraph
from phkg.publishing.site import Publisher
from phkg.records.knowledge import Knowledge


def records_elsewhere(snapshot: Snapshot, knowledge: Knowledge) -> Records | None:
    """What git knows of the records of a snapshot, made of these files; None where it knows nothing. Raises OSError and LookupError."""
    publisher = Publisher(lambda: snapshot, knowledge.ontology / "queries")
    file = RecordGraph(publisher, LinkedOf(knowledge)).file()
    if file is None:
        return None
    triples = dict.fromkeys(quad.triple for quad in parse(file.read_bytes(), format=RdfFormat.N_QUADS))
    lines = bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    return Records(publisher.current().site.registry.value + GRAPH, file.stem, tuple(lines))
