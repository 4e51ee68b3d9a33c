"""Which classes and properties the triples of a registry use, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from phkg.views.graph import Graph

# What is outermost begins a line of its own, as a store elsewhere needs it.
CLASSES = "SELECT ?name (COUNT(?thing) AS ?times)\nWHERE { ?thing a ?name }\nGROUP BY ?name"
PROPERTIES = "SELECT ?name (COUNT(?thing) AS ?times)\nWHERE { ?thing ?name ?value }\nGROUP BY ?name"
THINGS = "SELECT (COUNT(DISTINCT ?thing) AS ?times)\nWHERE { ?thing a ?class }"


@dataclass(frozen=True)
class Usage:
    """How many things are of each class, and how many triples have each property, by their IRIs in order; under `""` how many things have a class."""

    classes: Mapping[str, int]
    properties: Mapping[str, int]
    things: Mapping[str, int]


def read_usage(graph: Graph) -> Usage:
    """What the triples of a graph use; its tables tell apart what a page looks at (`Graph.table`)."""
    return Usage(
        graph.table("used classes", _counted(graph, CLASSES)),
        graph.table("used properties", _counted(graph, PROPERTIES)),
        graph.table("used things", _counted(graph, THINGS)),
    )


def _counted(graph: Graph, query: str) -> dict[str, int]:
    found = {row["name"].value if "name" in row else "": row["times"] for row in graph.solutions(query)}
    return {name: int(found[name].value) for name in sorted(found) if isinstance(found[name], Literal)}
