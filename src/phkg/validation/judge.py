"""pySHACL as an engine: slow, the oldest, by other authors; loaded only when it is asked for."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.namespace import SH

from .results import EngineResult, canonical
from .shapes_graph import ShapesGraph

# rdflib logs a stack trace for each ill-formed literal; the shapes are there to report those.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


def validate_with_pyshacl(path: Path, shapes: ShapesGraph) -> Iterator[EngineResult]:
    """The results of pySHACL for the N-Triples at `path`. Raises RuntimeError when it refuses the shapes."""
    with path.open("rb") as stream:
        data = _graph(ox.parse(stream, format=ox.RdfFormat.N_TRIPLES))
    shape_graph = _graph(shapes.triples)
    for line in {line for triple in shapes.triples if triple.predicate.value == str(SH.sparql) for line in shapes.prefixes(triple.object).splitlines()}:
        _, prefix, namespace = line.split(" ", 2)
        shape_graph.bind(prefix.rstrip(":"), namespace[1:-1], replace=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inference="none", advanced=False, inplace=True)
    except Exception as error:  # rdflib raises bare Exception for a query it cannot use
        raise RuntimeError(str(error)) from error
    if not isinstance(report, rdflib.Graph):
        raise RuntimeError(str(report))
    top = set(report.objects(None, SH.result))
    for result in top:
        shape = report.value(result, SH.sourceShape)
        stated_path = report.value(result, SH.resultPath)
        constraint = report.value(result, SH.sourceConstraint)
        value = report.value(result, SH.value)
        if isinstance(stated_path, rdflib.URIRef):
            shown = f"<{stated_path}>"
        elif stated_path is None:
            shown = ""
        else:
            shown = _report_path(report, stated_path)
        yield EngineResult(
            focus=canonical(_ntriples(report.value(result, SH.focusNode))),
            path=shown,
            value="" if value is None else canonical(_ntriples(value)),
            severity=str(report.value(result, SH.resultSeverity)),
            shape=str(shape) if isinstance(shape, rdflib.URIRef) else f"_:{shape}",
            component=str(report.value(result, SH.sourceConstraintComponent)),
            constraint=str(constraint) if isinstance(constraint, rdflib.URIRef) else "",
        )


def _report_path(report: rdflib.Graph, node: rdflib.term.Node) -> str:
    """A path that the report copied from the shapes, as the adapter writes paths."""
    reached, waiting = [], [node]
    while waiting:
        current = waiting.pop()
        for triple in report.triples((current, None, None)):
            if triple not in reached:
                reached.append(triple)
                waiting.append(triple[2])
    copied = ShapesGraph(ox.parse("".join(f"{' '.join(map(_ntriples, t))} .\n" for t in reached), format=ox.RdfFormat.N_TRIPLES))
    return copied.render_path(ox.BlankNode(str(node)))


def _ntriples(node: rdflib.term.Node) -> str:
    if isinstance(node, rdflib.Literal):
        return str(
            ox.Literal(str(node), language=node.language)
            if node.language
            else ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)) if node.datatype else None)
        )
    return f"<{node}>" if isinstance(node, rdflib.URIRef) else f"_:{node}"


def _graph(triples: Iterable[ox.Triple | ox.Quad]) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    known: dict[object, rdflib.term.Node] = {}

    def convert(node: ox.NamedNode | ox.BlankNode | ox.Literal) -> rdflib.term.Node:
        if isinstance(node, ox.Literal):
            if node.language:
                return rdflib.Literal(node.value, lang=node.language)
            datatype = node.datatype.value
            plain = datatype.endswith("XMLSchema#string")
            return rdflib.Literal(node.value, datatype=None if plain else rdflib.URIRef(datatype), normalize=False)
        if node not in known:
            known[node] = rdflib.URIRef(node.value) if isinstance(node, ox.NamedNode) else rdflib.BNode(node.value)
        return known[node]

    for triple in triples:
        graph.add((convert(triple.subject), convert(triple.predicate), convert(triple.object)))
    return graph
