"""The facts about all records as one named graph in a file beside the snapshots, for the SPARQL endpoint to load.

Nothing of it is in the snapshot: a snapshot follows from the files alone, and this from the history of the files.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from phkg.publishing.linked import LinkedOf
from phkg.publishing.provenance import Provenance, commit_triples, record_triples
from phkg.publishing.site import Publisher
from phkg.views.site import TYPE, Site

FOLDER = "records"
GRAPH = "#records"
"""What is put behind the IRI of the registry to name the graph."""
KEPT = 3
"""Files that are kept: the newest, and those that a process may just be loading."""


class RecordGraph:
    """Writes the graph of whatever snapshot is current."""

    def __init__(self, publisher: Publisher, linked_of: LinkedOf) -> None:
        self._publisher = publisher
        self._linked = linked_of

    def file(self) -> Path | None:
        """The file (N-Quads) that goes with the current snapshot and the newest commit; None where git knows nothing.

        Takes a second or so when it is not there yet: for a thread that nobody waits for. Raises OSError when it cannot be written.
        """
        published = self._publisher.current()
        provenance = self._linked(published).provenance
        if not provenance.history.tip:
            return None
        made_of = f"{published.snapshot.name}\n{provenance.history.tip}"
        name = blake2b(made_of.encode(), digest_size=16).hexdigest()
        file = published.snapshot.path.parent / FOLDER / f"{name}.nq"
        if not file.is_file():
            quads = (Quad(*triple, _graph(published.site)) for triple in record_facts(published.site, provenance))
            _write(file, bytes(serialize(quads, format=RdfFormat.N_QUADS) or b""))
        return file


def record_facts(site: Site, provenance: Provenance) -> Iterator[Triple]:
    """The facts about the records of all things that a file of the registry holds, and about all commits."""
    things = dict.fromkeys(subject.value for subject, _ in site.graph.pairs(TYPE) if subject.value.startswith(site.base))
    home = site.registry.value
    for iri, entry in provenance.of_all(things).items():
        yield from record_triples(NamedNode(iri), entry, home)
    yield from commit_triples(provenance.commits, home)


def _graph(site: Site) -> NamedNode:
    return NamedNode(site.registry.value + GRAPH)


def _write(file: Path, data: bytes) -> None:
    """Write a file in one step, and remove the oldest beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".draft-", dir=file.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    os.replace(draft, file)
    by_age = sorted(file.parent.glob("*.nq"), key=lambda path: path.stat().st_mtime_ns)
    for old in by_age[:-KEPT]:
        old.unlink(missing_ok=True)
