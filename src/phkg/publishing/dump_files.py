"""What stands in the files of a dump. Parts that the dump before holds just so are taken from it, since they follow from their triples alone."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from phkg.graph.inputs import rooms_digest
from phkg.publishing import json_ld
from phkg.publishing.dump_tables import rows_as_csv
from phkg.publishing.json_ld_nodes import Nodes
from phkg.publishing.rdf_formats import TURTLE, write
from phkg.views.graph import natural
from phkg.views.site import TYPE, Site, subclasses

WHOLE = "registry"
"""The name of the files that hold everything."""
N_TRIPLES, N_QUADS, CSV = "application/n-triples", "application/n-quads", "text/csv"
ROOMS = ("vocabulary", "graph", "views", "publishing")
"""The rooms of the program that decide what stands in a dump."""
ID = '{"id": "'
"""How the line of a subject begins in the JSON-LD of everything."""


@dataclass(frozen=True)
class Content:
    """One file. `part` is the folder of the records it holds (empty: everything); `count` counts triples, in tables rows; `data` is not yet compressed."""

    name: str
    media_type: str
    part: str
    count: int
    data: bytes


@dataclass(frozen=True)
class Earlier:
    """A dump that the same program made of a registry of the same kinds: its files by the names of their parts, and the lines of all its triples."""

    folder: Path
    parts: Mapping[str, tuple[tuple[str, str, int], ...]]
    lines: Collection[bytes]


def made_by(site: Site) -> str:
    """The hash of all that the files of a part follow from beside its triples: the program, the context and the kinds of record."""
    kinds = [(kind.folder, [one.value for one in subclasses(site.graph, kind.iri)]) for kind in site.kinds]
    told = (rooms_digest(ROOMS), version("pyoxigraph"), site.base, kinds, json_ld.context(site.graph))
    return blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()


def part_of(base: str, line: bytes) -> str:
    """The part of a dump that a line of N-Triples belongs to: the first step of the subject's IRI, else the vocabulary."""
    subject = line[1 : line.find(b">")].decode()
    if not subject.startswith(base):
        return "ontology"
    return subject[len(base) :].split("/", 1)[0].split("#", 1)[0]


def contents(site: Site, data: bytes, earlier: Earlier | None) -> Iterator[Content]:
    """Every file of the dump of a graph, given as sorted N-Triples. Raises OSError when those of the dump before cannot be read."""
    lines = data.splitlines()
    parts: dict[bytes, str] = {}
    graphs: dict[str, bytes] = {}
    quads = []
    for line in lines:
        subject = line[: line.find(b" ")]
        part = parts.get(subject)
        if part is None:
            part = parts[subject] = part_of(site.base, subject)
            graphs[part] = f"<{site.base}data/{part}> .\n".encode()
        quads.append(line[:-1] + graphs[part])
    yield Content(f"{WHOLE}.nt.gz", N_TRIPLES, "", len(lines), data)
    yield Content(f"{WHOLE}.nq.gz", N_QUADS, "", len(lines), b"".join(quads))
    same = earlier.parts.keys() - {part_of(site.base, line) for line in earlier.lines ^ set(lines)} if earlier else set()
    triples = [quad.triple for quad in parse(b"\n".join(line for line in lines if parts[line[: line.find(b" ")]] not in same), format=RdfFormat.N_TRIPLES)]
    triples.sort(key=lambda triple: (natural(triple.subject.value), triple.predicate.value, str(triple.object)))
    nodes = Nodes(json_ld.context(site.graph))
    written = nodes.lines(triples)
    if earlier and same:
        had = gzip.decompress((earlier.folder / f"{WHOLE}.jsonld.gz").read_bytes()).decode().split("\n")
        written += [line.removesuffix(",") for line in had if line.startswith(ID) and parts.get(_subject(line)) in same]
        written.sort(key=lambda line: natural(_subject(line)[1:-1].decode()))
    yield Content(f"{WHOLE}.jsonld.gz", "application/ld+json", "", len(lines), nodes.document(written))
    made: dict[str, dict[str, list[Triple]]] = {}
    for triple in triples:
        made.setdefault(parts[str(triple.subject).encode()], {}).setdefault(triple.subject.value, []).append(triple)
    for part in sorted(made.keys() | same):
        if earlier and part in same:
            for name, media_type, count in earlier.parts[part]:
                yield Content(name, media_type, part, count, (earlier.folder / name).read_bytes())
        else:
            yield from _part(site, part, list(made[part].values()))


def _part(site: Site, part: str, subjects: list[list[Triple]]) -> Iterator[Content]:
    ordered = [triple for group in subjects for triple in group]
    yield Content(f"{part}.ttl", TURTLE, part, len(ordered), write(ordered, TURTLE))
    for name, rows in _tables(site, part, subjects):
        yield Content(f"{name}.csv", CSV, part, len(rows), rows_as_csv(rows))


def _subject(line: str) -> bytes:
    """The subject of a line of the JSON-LD of everything, as it stands in N-Triples."""
    end = line.index('"', len(ID))
    return f"<{line[len(ID) : end]}>".encode()


def _tables(site: Site, part: str, subjects: list[list[Triple]]) -> Iterator[tuple[str, list[list[Triple]]]]:
    """The tables of a part: the records themselves, and each class of their parts apart."""
    kind = site.kind_of_folder(part)
    own = set(subclasses(site.graph, kind.iri)) if kind else set()
    tables: dict[str, list[list[Triple]]] = {}
    for triples in subjects:
        classes = [triple.object for triple in triples if triple.predicate == TYPE]
        other = kind and classes and not own.intersection(classes)
        tables.setdefault(f"{part}-{_word(classes[0])}" if other else part, []).append(triples)
    return iter(sorted(tables.items()))


def _word(class_: object) -> str:
    """The local name of a class as a word of a file's name: `IntendedUse` is `intended-use`."""
    name = class_.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1] if isinstance(class_, NamedNode) else ""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).strip("-")
