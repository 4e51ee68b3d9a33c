"""SPARQL constraints as one query each over the whole graph, by pyoxigraph.

An engine asks a constraint's query once for each focus node, which grows with the square of the graph. One query with $this left free finds
the same rows (see `eligibility` for when that holds); rows whose $this is no target of the shape are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from phkg.vocabulary.namespaces import OWL, RDFS

from .eligibility import refusal
from .results import SPARQL_COMPONENT, EngineResult
from .shapes_graph import TYPE, Node, ShapesGraph, sh
from .table_joins import with_tables

_SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
_CLASSES = (ox.NamedNode(RDFS + "Class"), ox.NamedNode(OWL + "Class"))
_TARGETS = (sh("targetClass"), sh("targetNode"), sh("targetSubjectsOf"), sh("targetObjectsOf"))


@dataclass(frozen=True)
class WholeGraphQuery:
    """A SPARQL constraint that runs once: its query, the shape it reports for, and the shapes whose targets are its focus nodes."""

    query: str
    shape: Node
    targeted: tuple[Node, ...]
    path: str
    severity: str
    constraint: Node
    link: ox.Triple


def plan(shapes: ShapesGraph) -> list[WholeGraphQuery]:
    """Every constraint of `shapes` that may run once over the whole graph; the rest stays with the engine."""
    found = []
    for link in shapes.triples:
        if link.predicate == sh("sparql") and (query := _plan_one(shapes, link)) is not None:
            found.append(query)
    return found


def run(query: WholeGraphQuery, shapes: ShapesGraph, store: ox.Store) -> list[EngineResult]:
    """The results of `query` on the graph in `store`."""
    found: list[EngineResult] = []
    subclasses: dict[ox.NamedNode, frozenset[Node]] = {}
    focus_nodes: dict[Node, bool] = {}
    solutions = store.query(query.query)
    variables = {variable.value for variable in solutions.variables}
    for row in solutions:
        focus = row["this"]
        if focus not in focus_nodes:
            focus_nodes[focus] = any(_is_target(shape, focus, shapes, store, subclasses) for shape in query.targeted)
        if not focus_nodes[focus]:
            continue
        value = row["value"] if "value" in variables else None
        path = row["path"] if "path" in variables else None
        if value is None and not query.path:
            value = focus
        found.append(
            EngineResult(
                focus=str(focus),
                path=str(path) if path is not None else query.path,
                value="" if value is None else str(value),
                severity=query.severity,
                shape=_name(query.shape),
                component=SPARQL_COMPONENT,
                constraint=_name(query.constraint),
            )
        )
    return found


def _name(node: Node) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _plan_one(shapes: ShapesGraph, link: ox.Triple) -> WholeGraphQuery | None:
    shape, constraint = link.subject, link.object
    select = shapes.one(constraint, sh("select"))
    if select is None or len(shapes.objects(constraint, sh("select"))) != 1 or shapes.deactivated(constraint):
        return None
    targeted = _targeted(shapes, shape)
    if targeted is None:
        return None
    path = shapes.path(shape)
    text = select.value
    if path:
        if not path.startswith("<"):
            return None
        text = text.replace("$PATH", path)
    query = shapes.prefixes(constraint) + text
    if refusal(query) is not None:
        return None
    return WholeGraphQuery(with_tables(query), shape, targeted, path, shapes.severity(shape), constraint, link)


def _targeted(shapes: ShapesGraph, shape: Node) -> tuple[Node, ...] | None:
    """The shapes whose targets are the focus nodes of `shape`, or None when it is also evaluated for values of something."""
    chain = [shape, *shapes.subjects(sh("property"), shape)]
    for node in chain:
        if shapes.is_nested(node) or shapes.deactivated(node) or shapes.objects(node, sh("target")):
            return None
        if node != shape and (shapes.objects(node, sh("path")) or shapes.subjects(sh("property"), node)):
            return None
    return tuple(node for node in chain if _has_target(shapes, node)) or None


def _is_class(shapes: ShapesGraph, shape: Node) -> bool:
    return any(kind in shapes.objects(shape, TYPE) for kind in _CLASSES)


def _has_target(shapes: ShapesGraph, shape: Node) -> bool:
    return _is_class(shapes, shape) or any(shapes.objects(shape, predicate) for predicate in _TARGETS)


def _is_target(shape: Node, focus: Node, shapes: ShapesGraph, store: ox.Store, subclasses: dict) -> bool:
    of_class, node, subjects_of, objects_of = (shapes.objects(shape, predicate) for predicate in _TARGETS)
    if focus in node:
        return True
    classes = [*of_class, *([shape] if _is_class(shapes, shape) else [])]
    if classes:
        types = {quad.object for quad in store.quads_for_pattern(focus, TYPE, None)}
        for wanted in classes:
            if wanted not in subclasses:
                subclasses[wanted] = frozenset(_subclasses(wanted, store))
            if types & subclasses[wanted]:
                return True
    if any(next(store.quads_for_pattern(focus, predicate, None), None) for predicate in subjects_of):
        return True
    return any(next(store.quads_for_pattern(None, predicate, focus), None) for predicate in objects_of)


def _subclasses(wanted: Node, store: ox.Store) -> Iterator[Node]:
    waiting, seen = [wanted], {wanted}
    while waiting:
        current = waiting.pop()
        yield current
        for quad in store.quads_for_pattern(None, _SUBCLASS, current):
            if quad.subject not in seen:
                seen.add(quad.subject)
                waiting.append(quad.subject)
