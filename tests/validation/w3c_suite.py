"""Reads the W3C SHACL test suite: each case's graphs and the results that the editors expect."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from phkg.validation.shapes_graph import ShapesGraph
from phkg.vocabulary.namespaces import SH

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"


@dataclass(frozen=True)
class Case:
    """A test: its name, its data and shapes, and the expected results; None where the engine must refuse."""

    name: str
    data: ShapesGraph
    shapes: ShapesGraph
    expected: tuple[tuple[str, str, str, str], ...] | None


def suite_folder() -> Path | None:
    """The folder of the suite, from PHKG_W3C or beside the repository; None when it is absent."""
    root = Path(os.environ.get("PHKG_W3C") or Path(__file__).resolve().parents[3] / "shared" / "w3c")
    folder = root / "data-shapes-test-suite" / "tests"
    return folder if folder.is_dir() else None


def load(path: Path) -> ShapesGraph:
    """The graph of one file of the suite."""
    return ShapesGraph(q.triple for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri()))


def files_of(manifest: Path) -> list[Path]:
    """The test files that a manifest includes, in order."""
    graph, found = load(manifest), []
    for include in graph.objects(ox.NamedNode(manifest.as_uri()), ox.NamedNode(MF + "include")):
        path = Path(include.value.removeprefix("file://"))
        found += files_of(path) if path.name == "manifest.ttl" else [path]
    return found


def cases(part: str) -> list[Case]:
    """The cases of `part` ("core" or "sparql")."""
    folder = suite_folder()
    if folder is None:
        return []
    found = []
    for path in files_of(folder / part / "manifest.ttl"):
        graph = load(path)
        for head in graph.objects(ox.NamedNode(path.as_uri()), ox.NamedNode(MF + "entries")):
            for entry in graph.members(head):
                action = graph.one(entry, ox.NamedNode(MF + "action"))
                data, shapes = (_graph_of(graph.one(action, ox.NamedNode(SHT + name)), path, graph) for name in ("dataGraph", "shapesGraph"))
                found.append(Case(f"{part}/{path.parent.name}/{path.stem}", data, shapes, _expected(graph, entry)))
    return found


def _graph_of(node: ox.NamedNode, path: Path, graph: ShapesGraph) -> ShapesGraph:
    return graph if node.value == path.as_uri() else load(Path(node.value.removeprefix("file://")))


def _expected(graph: ShapesGraph, entry: ox.NamedNode) -> tuple[tuple[str, str, str, str], ...] | None:
    report = graph.one(entry, ox.NamedNode(MF + "result"))
    if report == ox.NamedNode(SHT + "Failure"):
        return None
    rows = []
    for result in graph.objects(report, ox.NamedNode(SH + "result")):
        focus, path, value, component = (
            graph.one(result, ox.NamedNode(SH + name)) for name in ("focusNode", "resultPath", "value", "sourceConstraintComponent")
        )
        rows.append((str(focus), "" if path is None else graph.render_path(path), "" if value is None else str(value), component.value))
    return tuple(sorted(rows))
