"""What the pages are written from: the files of a registry, read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from phkg.records.files import FileEntry, entries
from phkg.records.knowledge import Knowledge
from phkg.records.queries import NamedQuery, read_queries
from phkg.validation.shapes_graph import ShapesGraph, read_shapes
from phkg.views.graph import Graph
from phkg.vocabulary import namespaces, ph

TYPE = NamedNode(namespaces.RDF + "type")


@dataclass(frozen=True)
class ShapesFile:
    """One file of rules: its name without ending, the sentence at its head, the shapes it describes."""

    name: str
    says: str
    described: frozenset[str]


@dataclass(frozen=True)
class Written:
    """All that is read: `base` is the beginning of the records' IRIs; `records` are (folder, class) of each record as it is typed."""

    base: str
    languages: tuple[str, ...]
    vocabulary: Graph
    records: tuple[tuple[str, str], ...]
    shapes: ShapesGraph
    shapes_files: tuple[ShapesFile, ...]
    queries: tuple[NamedQuery, ...]


def read_sources(knowledge: Knowledge) -> Written:
    """Read a registry's files. Raises SyntaxError when one is no Turtle, LookupError when the registry does not describe itself."""
    vocabulary, registry = _files(knowledge, "ontology"), _files(knowledge, "registry")
    store = Store()
    store.extend(quad for _, quads in vocabulary for quad in quads)
    shapes_paths = sorted(knowledge.shapes.glob("*.ttl"))
    typed = tuple((_folder(entry.name), quad.object.value) for entry, quads in registry for quad in quads if quad.predicate == TYPE)
    return Written(
        base=_one(registry, ph.recordNamespace),
        languages=tuple(_one(registry, ph.languages).split()),
        vocabulary=Graph(store),
        records=typed,
        shapes=read_shapes(path.read_bytes() for path in shapes_paths),
        shapes_files=tuple(shapes_file(path) for path in shapes_paths),
        queries=read_queries(knowledge.ontology / "queries"),
    )


def compact(iri: str) -> str:
    """An IRI with the prefix that files use for it, or in full."""
    for prefix, namespace in namespaces.PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def text_in(texts: Iterable[object], language: str) -> str:
    """The text in a language, else the one without; empty where there is none."""
    found = {value.language or "": value.value for value in texts if isinstance(value, Literal)}
    return found.get(language) or found.get("", "")


def head_comment(data: str) -> str:
    """The words of the comment at the head of a Turtle file."""
    lines = []
    for line in data.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines)


def _files(knowledge: Knowledge, room: str) -> list[tuple[FileEntry, list[Quad]]]:
    found = (entry for entry in entries(knowledge, (room,)) if isinstance(entry, FileEntry))
    return [(entry, list(parse(entry.path.read_bytes(), format=RdfFormat.TURTLE))) for entry in found]


def _folder(name: str) -> str:
    parts = name.split("/")
    return parts[1] if len(parts) > 2 else ""


def _one(files: Iterable[tuple[FileEntry, list[Quad]]], predicate: NamedNode) -> str:
    for _, quads in files:
        for quad in quads:
            if quad.predicate == predicate:
                return quad.object.value
    raise LookupError(f"registry/registry.ttl does not say {compact(predicate.value)}.")


def shapes_file(path: Path) -> ShapesFile:
    """What one file of rules holds. Raises SyntaxError when it is no Turtle."""
    data = path.read_bytes()
    described = frozenset(quad.subject.value for quad in parse(data, format=RdfFormat.TURTLE))
    return ShapesFile(path.stem, head_comment(data.decode("utf-8")), described)
