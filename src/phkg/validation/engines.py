"""The engines behind one small interface: N-Triples and shapes in, plain results out.

`shacl` is the main engine, pySHACL the judge and the fallback where `shacl` has no wheel. An engine gets the files as written: never what a
store gives back, since a store rewrites literals ("01" to "1") and so hides what is wrong with them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import pyoxigraph as ox

from . import whole_graph
from .data_graph import DataGraph, data_graph
from .results import VIOLATION, EngineResult, canonical
from .shapes_graph import ShapesGraph

Engine = Callable[[DataGraph], list[EngineResult]]
"""Takes a complete graph; gives the results, sorted."""

_AT_ONCE = 4
"""Most queries that run beside each other: each needs memory for the records it compares."""

NAMES = ("auto", "shacl", "pyshacl")


class EngineFailed(Exception):
    """The engine is missing or refuses the shapes; the text says why."""


def engine_for(name: str, shapes: ShapesGraph, gravest_only: bool = False) -> Engine:
    """The engine called `name` (one of NAMES), ready for `shapes`. Raises EngineFailed.

    With `gravest_only` it need not say what does not block: then no query over the whole graph is asked for a warning or a note.
    """
    if name == "auto" and find_spec("shacl") is None:
        return _fallback(shapes, gravest_only)
    if name in ("auto", "shacl"):
        return _main_engine(shapes, gravest_only)
    if name == "pyshacl":
        return _judge(shapes)
    raise EngineFailed(f"There is no engine {name!r}; choose one of {', '.join(NAMES)}.")


def results_of(engine: Engine, ntriples: bytes) -> list[EngineResult]:
    """The results of `engine` for a graph held in memory as N-Triples."""
    with data_graph() as graph:
        graph.add(ntriples)
        graph.complete()
        return engine(graph)


def _main_engine(shapes: ShapesGraph, gravest_only: bool = False, once: bool = True) -> Engine:
    """The Rust engine for everything but the SPARQL constraints that can run once over the whole graph (all with it when `once` is False)."""
    try:
        import shacl
    except ImportError as error:
        raise EngineFailed("The engine shacl is not installed on this machine; use --engine pyshacl.") from error
    queries = whole_graph.plan(shapes) if once else []
    rest = shapes.ntriples(without=frozenset(query.link for query in queries))
    try:
        compiled = shacl.Shapes.from_text(rest.decode(), format="ntriples")
    except ValueError as error:
        raise EngineFailed(f"The shapes cannot be used: {error}") from error

    def core(graph: DataGraph) -> list[EngineResult]:
        try:
            return [
                EngineResult(
                    focus=canonical(result.focus_node),
                    path=result.path or "",
                    value=canonical(result.value or ""),
                    severity=result.severity_iri,
                    shape=_plain(result.source_shape or ""),
                    component=result.component_iri,
                )
                for result in compiled.validate_file(str(graph.path)).results
            ]
        except ValueError as error:
            raise EngineFailed(f"The engine shacl gave up: {error}") from error

    asked = [query for query in queries if query.severity == VIOLATION or not gravest_only]
    return lambda graph: _together(core, asked, shapes, graph)


def _fallback(shapes: ShapesGraph, gravest_only: bool) -> Engine:
    """Where the Rust engine has no wheel: pySHACL for the rest, and the SPARQL constraints once over the whole graph all the same.

    pySHACL's own way with SPARQL, one query a record, would take minutes on the real registry.
    """
    from .judge import validate_with_pyshacl

    queries = whole_graph.plan(shapes)
    without = shapes.ntriples(without=frozenset(query.link for query in queries))
    rest = ShapesGraph(ox.parse(without, format=ox.RdfFormat.N_TRIPLES))

    def core(graph: DataGraph) -> list[EngineResult]:
        try:
            return list(validate_with_pyshacl(graph.path, rest))
        except RuntimeError as error:
            raise EngineFailed(f"The engine pyshacl gave up: {error}") from error

    asked = [query for query in queries if query.severity == VIOLATION or not gravest_only]
    return lambda graph: _together(core, asked, shapes, graph)


def _together(core: Engine, queries: list[whole_graph.WholeGraphQuery], shapes: ShapesGraph, graph: DataGraph) -> list[EngineResult]:
    """The results of `core` and of the queries, worked out beside each other: neither the engine nor pyoxigraph holds up other threads."""

    def ask(query: whole_graph.WholeGraphQuery) -> list[EngineResult]:
        try:
            return whole_graph.run(query, shapes, graph.store)
        except (SyntaxError, ValueError, OSError) as error:
            raise EngineFailed(f"A SPARQL constraint cannot be run: {error}") from error

    with ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1)) as threads:
        under_way = [threads.submit(core, graph), *(threads.submit(ask, query) for query in queries)]
        return sorted(result for done in under_way for result in done.result())


def _judge(shapes: ShapesGraph) -> Engine:
    """pySHACL on an rdflib graph filled from pyoxigraph's parser: rdflib's own would rewrite literals."""
    from .judge import validate_with_pyshacl

    def validate(graph: DataGraph) -> list[EngineResult]:
        try:
            return sorted(validate_with_pyshacl(graph.path, shapes))
        except RuntimeError as error:
            raise EngineFailed(f"The engine pyshacl gave up: {error}") from error

    return validate


def _plain(node: str) -> str:
    return node[1:-1] if node.startswith("<") else node
