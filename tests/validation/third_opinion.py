"""shacl-rust as an engine of the adapter's form: it runs in a process of its own, since bad shapes can end its process."""

from __future__ import annotations

import json
import subprocess
import sys

from phkg.validation.data_graph import DataGraph
from phkg.validation.results import EngineResult, canonical
from phkg.validation.shapes_graph import ShapesGraph

_CHILD = """
import json, sys, shacl_rust
print(json.dumps(shacl_rust.validate_file(sys.argv[1], sys.argv[2], data_format="nt", shapes_format="nt", experimental_index=True), default=str))
"""


def engine(shapes: ShapesGraph):
    """An engine: takes the path of an N-Triples file, gives results; messages and constraints are left out."""

    def validate(graph: DataGraph) -> list[EngineResult]:
        shapes_path = graph.path.with_name("shapes.nt")
        shapes_path.write_bytes(shapes.ntriples())
        done = subprocess.run([sys.executable, "-c", _CHILD, str(graph.path), str(shapes_path)], capture_output=True, check=True, timeout=300)
        return sorted(_result(result) for result in json.loads(done.stdout)["results"])

    return validate


def _result(raw: dict) -> EngineResult:
    return EngineResult(
        focus=canonical(raw["focusNode"]),
        path=raw.get("resultPath") or "",
        value=canonical(raw.get("value") or ""),
        severity=raw["severity"].strip("<>"),
        shape=raw["sourceShape"].strip("<>"),
        component=raw["sourceConstraintComponent"].strip("<>"),
    )
