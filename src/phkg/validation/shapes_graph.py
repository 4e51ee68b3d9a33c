"""The shapes: an index over their triples that keeps every literal as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox

from phkg.vocabulary.namespaces import OWL, RDF, SH

from .results import VIOLATION

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal


def sh(name: str) -> ox.NamedNode:
    """The term `name` of the SHACL vocabulary."""
    return ox.NamedNode(SH + name)


TYPE = ox.NamedNode(RDF + "type")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
# A shape behind one of these is evaluated for values, not for the targets of its own.
NESTING = (sh("node"), sh("not"), sh("qualifiedValueShape"))
NESTING_LISTS = (sh("and"), sh("or"), sh("xone"))


class ShapesGraph:
    """Triples of shapes with look-up by subject and predicate, and by predicate and object."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.triples: tuple[ox.Triple, ...] = tuple(triples)
        self._objects: dict[tuple[Node, ox.NamedNode], list[Term]] = {}
        self._subjects: dict[tuple[ox.NamedNode, Term], list[Node]] = {}
        self._about: dict[Node, list[ox.Triple]] = {}
        for triple in self.triples:
            self._about.setdefault(triple.subject, []).append(triple)
            self._objects.setdefault((triple.subject, triple.predicate), []).append(triple.object)
            self._subjects.setdefault((triple.predicate, triple.object), []).append(triple.subject)

    def triples_of(self, subject: Node) -> list[ox.Triple]:
        """Everything that is said of `subject`, in order of the files."""
        return self._about.get(subject, [])

    def objects(self, subject: Node, predicate: ox.NamedNode) -> list[Term]:
        """Objects of `subject predicate ?`, in order of the files."""
        return self._objects.get((subject, predicate), [])

    def subjects(self, predicate: ox.NamedNode, value: Term) -> list[Node]:
        """Subjects of `? predicate value`, in order of the files."""
        return self._subjects.get((predicate, value), [])

    def one(self, subject: Node, predicate: ox.NamedNode) -> Term | None:
        """The first object of `subject predicate ?`, or None."""
        return next(iter(self.objects(subject, predicate)), None)

    def members(self, head: Term) -> Iterator[Term]:
        """Members of the RDF list at `head`; stops at a loop or a broken end."""
        seen: set[Term] = set()
        while head != _NIL and head not in seen and not isinstance(head, ox.Literal):
            seen.add(head)
            yield from self.objects(head, _FIRST)[:1]
            head = self.one(head, _REST) or _NIL

    def deactivated(self, node: Node) -> bool:
        """True when `node sh:deactivated true`."""
        return any(isinstance(value, ox.Literal) and value.value in ("true", "1") for value in self.objects(node, sh("deactivated")))

    def severity(self, shape: Node) -> str:
        """IRI of the severity of `shape`; sh:Violation where it states none."""
        value = self.one(shape, sh("severity"))
        return value.value if isinstance(value, ox.NamedNode) else VIOLATION

    def is_nested(self, shape: Node) -> bool:
        """True when another shape refers to `shape` by sh:node, sh:not, a qualified shape or a logical list."""
        return shape in self._nested

    @cached_property
    def _nested(self) -> frozenset[Term]:
        found: set[Term] = set()
        for triple in self.triples:
            if triple.predicate in NESTING:
                found.add(triple.object)
            elif triple.predicate in NESTING_LISTS:
                found.update(self.members(triple.object))
        return frozenset(found)

    def path(self, shape: Node) -> str:
        """The path of a property shape in SPARQL's syntax with full IRIs, empty for a node shape."""
        value = self.one(shape, sh("path"))
        return "" if value is None else self.render_path(value)

    def render_path(self, path: Term, depth: int = 0) -> str:
        """A SHACL path as a SPARQL property path, bracketed as the main engine brackets it."""
        if isinstance(path, ox.NamedNode) or depth > 20:
            return str(path)
        for name, before, after in (
            ("inversePath", "^", ""),
            ("zeroOrMorePath", "", "*"),
            ("oneOrMorePath", "", "+"),
            ("zeroOrOnePath", "", "?"),
        ):
            inner = self.one(path, sh(name))
            if inner is not None:
                text = self.render_path(inner, depth + 1)
                return f"^{text}" if before else f"({text}){after}"
        alternatives = self.one(path, sh("alternativePath"))
        steps, joint = (self.members(alternatives), "|") if alternatives is not None else (self.members(path), "/")
        return "(" + joint.join(self.render_path(step, depth + 1) for step in steps) + ")"

    def prefixes(self, constraint: Node) -> str:
        """The PREFIX lines that `sh:prefixes` (with owl:imports) gives a SPARQL constraint."""
        waiting, seen, lines = list(self.objects(constraint, sh("prefixes"))), set(), {}
        while waiting:
            source = waiting.pop(0)
            if source in seen or isinstance(source, ox.Literal):
                continue
            seen.add(source)
            waiting.extend(self.objects(source, ox.NamedNode(OWL + "imports")))
            for declaration in self.objects(source, sh("declare")):
                prefix, namespace = self.one(declaration, sh("prefix")), self.one(declaration, sh("namespace"))
                if prefix is not None and namespace is not None:
                    lines.setdefault(prefix.value, namespace.value)
        return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(lines.items()))

    def ntriples(self, without: frozenset[ox.Triple] = frozenset()) -> bytes:
        """The shapes as N-Triples, less the triples of `without`."""
        return ox.serialize((t for t in self.triples if t not in without), format=ox.RdfFormat.N_TRIPLES)


def read_shapes(files: Iterable[bytes]) -> ShapesGraph:
    """The shapes graph of Turtle `files`. Raises SyntaxError with the position when one cannot be read."""
    triples: list[ox.Triple] = []
    for data in files:
        for quad in ox.parse(data, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            triples.append(quad.triple)
    return ShapesGraph(triples)
