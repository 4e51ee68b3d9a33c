"""What each shape reads from its focus nodes, as chains of steps: so that what a change can affect is found by walking them backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from phkg.vocabulary.namespaces import OWL, RDFS, SH

from .patterns import TYPE, Chain, Fan, NotSure, Step, chains, properties, roughly
from .shapes_graph import TYPE as TYPE_NODE
from .shapes_graph import Node, ShapesGraph, Term, sh

_OF_VALUES = frozenset(
    "datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength pattern flags languageIn uniqueLang "
    "in hasValue ignoredProperties qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint".split()
)
_SAID = frozenset("name description message severity order group defaultValue deactivated targetClass targetNode targetSubjectsOf targetObjectsOf path".split())
_COMPARED = frozenset("equals disjoint lessThan lessThanOrEquals".split())
_NESTED = frozenset("property node not qualifiedValueShape".split())
_LISTS = frozenset("and or xone".split())
_CLASSES = tuple(f"{space}Class" for space in (OWL, RDFS))


@dataclass(frozen=True)
class Target:
    """A shape with targets: of which classes (and what lies below), which nodes, what has or is the value of which properties; and what it reads.

    All are terms in N-Triples. `unsure` are constraints whose reads are not known: the shape that reports them, with the properties they may read
    (None: any).
    """

    shape: str
    classes: frozenset[str]
    nodes: frozenset[str]
    subjects_of: frozenset[str]
    objects_of: frozenset[str]
    chains: frozenset[Chain]
    unsure: tuple[tuple[str, frozenset[str] | None], ...]


def targets(shapes: ShapesGraph, fan: Fan = roughly) -> tuple[Target, ...]:
    """Every shape with targets; by `fan` the cheapest of several ways to the same triples is taken.

    Raises NotSure for shapes that refer to themselves and for terms that are not known.
    """
    return tuple(_targets(shapes, fan))


def _targets(shapes: ShapesGraph, fan: Fan) -> Iterator[Target]:
    for shape in dict.fromkeys(triple.subject for triple in shapes.triples):
        if shapes.objects(shape, sh("target")):
            raise NotSure("a target is found by a query")
        of_class, nodes, subjects_of, objects_of = (
            frozenset(map(str, shapes.objects(shape, sh(name)))) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
        )
        is_class = any(str(kind)[1:-1] in _CLASSES for kind in shapes.objects(shape, TYPE_NODE))
        if is_class and shapes.objects(shape, sh("property")):
            of_class |= {str(shape)}
        if not (of_class or nodes or subjects_of or objects_of) or shapes.deactivated(shape):
            continue
        found: set[Chain] = {(Step(TYPE),)}
        found |= {(Step(one),) for one in subjects_of} | {(Step(one, forward=False),) for one in objects_of}
        unsure: list[tuple[str, frozenset[str] | None]] = []
        _walk(shapes, shape, (), (), found, unsure, fan)
        yield Target(str(shape), of_class, nodes, subjects_of, objects_of, frozenset(found), tuple(unsure))


def _walk(
    shapes: ShapesGraph, shape: Node, before: Chain, within: tuple[Node, ...], found: set[Chain], unsure: list[tuple[str, frozenset[str] | None]], fan: Fan
) -> None:
    if shape in within:
        raise NotSure("a shape refers to itself")
    if shapes.deactivated(shape):
        return
    path = shapes.one(shape, sh("path"))
    reached = [before + one for one in _paths(shapes, path)] if path is not None else [before]
    for chain in reached:
        found |= {chain[:length] for length in range(1, len(chain) + 1)}
    for triple in (triple for triple in shapes.triples_of(shape) if triple.predicate.value.startswith(SH)):
        name, value = triple.predicate.value.removeprefix(SH), triple.object
        if name in _OF_VALUES or name in _SAID:
            continue
        if name == "closed":
            found |= {chain + (Step(None),) for chain in reached}
        elif name == "class":
            found |= {chain + (Step(TYPE),) for chain in reached}
        elif name in _COMPARED:
            found.add(before + (Step(str(value)),))
        elif name in _NESTED or name in _LISTS:
            for inner in shapes.members(value) if name in _LISTS else (value,):
                for chain in reached:
                    _walk(shapes, inner, chain, (*within, shape), found, unsure, fan)
        elif name == "sparql":
            if not shapes.deactivated(value):
                _read_query(shapes, shape, value, before, found, unsure, fan)
        else:
            raise NotSure(f"sh:{name} is used")


def _read_query(
    shapes: ShapesGraph, shape: Node, constraint: Term, before: Chain, found: set[Chain], unsure: list[tuple[str, frozenset[str] | None]], fan: Fan
) -> None:
    select = shapes.one(constraint, sh("select"))
    if select is None:
        raise NotSure("a constraint has no query")
    query = shapes.prefixes(constraint) + select.value.replace("$PATH", shapes.path(shape))
    try:
        found |= {before + chain for chain in chains(query, fan)}
    except NotSure:
        name = str(shape)
        unsure.append((name[1:-1] if name.startswith("<") else name, properties(query)))


def _paths(shapes: ShapesGraph, path: Term, depth: int = 0) -> list[Chain]:
    """A path of a shape as chains, one for each way that it may take."""
    if str(path).startswith("<"):
        return [(Step(str(path)),)]
    if depth > 20:
        raise NotSure("a path has no end")
    for name in ("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "inversePath"):
        inner = shapes.one(path, sh(name))
        if inner is None:
            continue
        ways = _paths(shapes, inner, depth + 1)
        if name == "inversePath":
            return [tuple(step.back() for step in reversed(way)) for way in ways]
        if len(ways) != 1 or len(ways[0]) != 1:
            raise NotSure("a path of several properties is repeated")
        return [(ways[0][0]._replace(many=True),)]
    alternatives = shapes.one(path, sh("alternativePath"))
    if alternatives is not None:
        return [way for one in shapes.members(alternatives) for way in _paths(shapes, one, depth + 1)]
    found: list[Chain] = [()]
    for one in shapes.members(path):
        found = [before + way for before in found for way in _paths(shapes, one, depth + 1)]
    return found
