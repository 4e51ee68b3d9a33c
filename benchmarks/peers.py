"""The bare engines and pySHACL on the same files and shapes, each as a process of its own: `python -m benchmarks.peers ENGINE FOLDER OUTPUT`.

A peer reads the files with the fastest parser there is (pyoxigraph), so that only the engine is compared; it gives no places and no words.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from phkg.records.knowledge import Knowledge, find_knowledge

_SEVERITIES = {"Violation": "violation", "Warning": "warning", "Info": "info"}
Row = tuple[str, str, str, str, str]


def ntriples(knowledge: Knowledge) -> bytes:
    """All records and the vocabulary as N-Triples, literals as written."""
    files = [*sorted(knowledge.core.rglob("*.ttl")), *sorted(knowledge.registry.rglob("*.ttl"))]
    return b"".join(ox.serialize(ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) for file in files)


def results(engine: str, knowledge: Knowledge, folder: Path) -> list[Row]:
    """What a peer finds: severity, rule, record, property, value. Raises KeyError for an engine that is not known."""
    graph = folder / f"graph-{engine}.nt"
    graph.write_bytes(ntriples(knowledge))
    return list(_ENGINES[engine](graph, knowledge))


def _row(severity: str, shape: str, focus: str, path: str, value: str) -> Row:
    kept = "" if value == focus else value
    return _SEVERITIES[severity.rpartition("#")[2]], shape.strip("<>"), focus[1:-1], path.strip("<>"), kept


def _pyshacl(graph: Path, knowledge: Knowledge) -> Iterable[Row]:
    from phkg.validation.judge import validate_with_pyshacl
    from phkg.validation.run import load_shapes

    for result in validate_with_pyshacl(graph, load_shapes(knowledge)):
        yield _row(result.severity, result.shape, result.focus, result.path, result.value)


def _shacl(graph: Path, knowledge: Knowledge) -> Iterable[Row]:
    import shacl

    shapes = shacl.Shapes.from_text(_shapes(knowledge), format="ntriples")
    for result in shapes.validate_file(str(graph)).results:
        value = result.value or ""
        yield _row(result.severity_iri, result.source_shape or "", result.focus_node, result.path or "", value)


def _shacl_rust(graph: Path, knowledge: Knowledge) -> Iterable[Row]:
    import shacl_rust

    report = shacl_rust.validate(graph.read_text(encoding="utf-8"), _shapes(knowledge), data_format="nt", shapes_format="nt", experimental_index=True)
    for result in report["results"]:
        severity, shape, focus, path, value = (result.get(key) or "" for key in ("severity", "sourceShape", "focusNode", "resultPath", "value"))
        yield _row(severity.strip("<>"), shape, focus, path, value)


def _shapes(knowledge: Knowledge) -> str:
    from phkg.validation.run import load_shapes

    return load_shapes(knowledge).ntriples().decode()


_ENGINES = {"pyshacl": _pyshacl, "shacl": _shacl, "shacl-rust": _shacl_rust}


def main() -> None:
    """The command line."""
    engine, folder, output = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    found = Counter(results(engine, find_knowledge(folder), output.parent))
    output.write_text(json.dumps(sorted(found.elements()), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
