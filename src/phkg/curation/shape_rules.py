"""What the shapes say of one property of one class, rule by rule, whatever file or kind of target they say it in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from phkg.validation.results import VIOLATION
from phkg.validation.shapes_graph import Node, ShapesGraph, sh
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import RDFS

AUTHORITY = VIOLATION
"""The severity that blocks a change."""
PLAIN = ("minCount", "maxCount", "class", "datatype", "pattern", "minInclusive", "languageIn", "uniqueLang", "in")
LISTED = re.compile(r"\?path\s+NOT\s+IN\s*\(([^()]*)\)")
BOUND_PATH = re.compile(r"BIND\(\s*(\S+?)\s+AS\s+\?path\s*\)")
PREFIX = re.compile(r"PREFIX\s+(\S*):\s*<([^>]*)>")
FIRST_SENTENCE = re.compile(r"^.*?[.;] (?=\S)", re.DOTALL)


@dataclass(frozen=True)
class Fact:
    """One constraint on one property: its component (such as minCount; `or` and `sparql` too), severity and values.

    `writings` are the (datatype, pattern) pairs of literals that a choice of forms allows; `names` the property's name by language
    (`names_property`: the shape names the property itself, not a rule about it); `advice` what the message says one should do.
    """

    component: str
    severity: str
    shape: str
    values: tuple[str, ...] = ()
    writings: tuple[tuple[str, str], ...] = ()
    group: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    names_property: bool = False
    advice: Mapping[str, str] = field(default_factory=dict)
    example: str = ""


class Rules:
    """Look-ups in a shapes graph by class and property."""

    def __init__(self, shapes: ShapesGraph) -> None:
        self._shapes = shapes
        self._of_class: dict[str, list[Node]] = {}
        self._of_property: dict[str, list[Node]] = {}
        self._facts: dict[Node, dict[str, list[Fact]]] = {}
        for triple in shapes.triples:
            if triple.predicate == sh("targetClass"):
                self._of_class.setdefault(triple.object.value, []).append(triple.subject)
            elif triple.predicate == sh("targetSubjectsOf"):
                self._of_property.setdefault(triple.object.value, []).append(triple.subject)

    def groups(self) -> dict[str, dict[str, str]]:
        """The headings in their order: IRI → label by language."""
        found = self._shapes.subjects(NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), sh("PropertyGroup"))
        ordered = sorted(found, key=lambda group: int(getattr(self._shapes.one(group, sh("order")), "value", "0")))
        return {group.value: texts(self._shapes.objects(group, NamedNode(RDFS + "label"))) for group in ordered}

    def listed(self, classes: Iterable[str]) -> tuple[str, ...]:
        """The properties that a record of the nearest of these classes with such a rule may have, in the order of the rule."""
        for class_ in classes:
            for shape in self._of_class.get(class_, ()):
                allowed = self._shapes.one(shape, sh("ignoredProperties"))
                if allowed is not None:
                    return tuple(one.value for one in self._shapes.members(allowed))
                for constraint in self._shapes.objects(shape, sh("sparql")):
                    query = getattr(self._shapes.one(constraint, sh("select")), "value", "")
                    if match := LISTED.search(query):
                        prefixes = self._prefixes(constraint)
                        return tuple(_expand(name.strip(), prefixes) for name in match[1].split(",") if name.strip())
        return ()

    def facts(self, iri: str, classes: Iterable[str]) -> list[Fact]:
        """Every constraint on a property for records of these classes; those of the class itself before those of all subjects of it."""
        shapes = [shape for class_ in classes for shape in self._of_class.get(class_, ())]
        found = [fact for shape in shapes for fact in self._of_shape(shape).get(iri, ())]
        # A rule over all subjects of a property asks nothing of records that do not have it.
        general = [fact for shape in self._of_property.get(iri, ()) for fact in self._of_shape(shape).get(iri, ())]
        return found + [fact for fact in general if fact.component != "sparql"]

    def examples(self, iri: str, facts: Iterable[Fact]) -> tuple[tuple[str, ...], bool]:
        """Right values of a property as one would type them, from the examples of its rules; and whether they have a language."""
        name = re.escape(local_name(iri))
        written = re.compile(rf'(?:^|[\s;]){_PREFIX}:{name}\s+((?:(?:"(?:[^"\\]|\\.)*"\S*|<[^>]*>|[^\s;,]+)(?:\s*,\s*)?)+)')
        for fact in facts:
            if match := written.search(fact.example):
                values = [_typed(one) for one in _VALUE.findall(match[1])]
                return tuple(value for value, _ in values), any(language for _, language in values)
        return (), False

    def _of_shape(self, shape: Node) -> dict[str, list[Fact]]:
        """The constraints of a node shape, by the property that each is about."""
        found = self._facts.get(shape)
        if found is None:
            found = self._facts[shape] = {}
            for iri, fact in self._about(shape):
                found.setdefault(iri, []).append(fact)
        return found

    def _about(self, shape: Node) -> Iterator[tuple[str, Fact]]:
        for property_ in self._shapes.objects(shape, sh("property")):
            path = self._shapes.one(property_, sh("path"))
            if isinstance(path, NamedNode):
                for fact in (*self._plain(property_), *self._alternatives(property_)):
                    yield path.value, fact
        for member in self._members(shape, "or"):
            # One way out of several: the property is asked for, but a record without it can be right.
            path = self._shapes.one(member, sh("path"))
            if isinstance(path, NamedNode) and self._shapes.one(member, sh("minCount")) is not None:
                yield path.value, self._fact(shape, "sparql")
        for constraint in self._shapes.objects(shape, sh("sparql")):
            query = getattr(self._shapes.one(constraint, sh("select")), "value", "")
            bound = BOUND_PATH.search(query)
            if bound and re.search(rf"NOT EXISTS\s*{{\s*\$this {re.escape(bound[1])} \?\w+", query):
                yield _expand(bound[1], self._prefixes(constraint)), self._fact(shape, "sparql")

    def _prefixes(self, constraint: Node) -> dict[str, str]:
        return dict(PREFIX.findall(self._shapes.prefixes(constraint)))

    def _plain(self, shape: Node) -> Iterator[Fact]:
        for component in PLAIN:
            for value in self._shapes.objects(shape, sh(component)):
                listed = component in ("languageIn", "in")
                values = tuple(one.value for one in self._shapes.members(value)) if listed else (value.value,)
                yield self._fact(shape, component, values, names_property=True)

    def _alternatives(self, shape: Node) -> Iterator[Fact]:
        """A property whose value may be of one of several classes, or written in one of several ways."""
        members = self._members(shape, "or")
        classes = [one.value for member in members for one in self._shapes.objects(member, sh("class"))]
        writings = [
            (datatype.value, getattr(self._shapes.one(member, sh("pattern")), "value", ""))
            for member in members
            for datatype in self._shapes.objects(member, sh("datatype"))
        ]
        if classes:
            yield self._fact(shape, "class", tuple(classes), names_property=True)
        if writings:
            yield self._fact(shape, "or", (), tuple(writings), names_property=True)

    def _members(self, shape: Node, name: str) -> list[Node]:
        return [member for head in self._shapes.objects(shape, sh(name)) for member in self._shapes.members(head)]

    def _fact(
        self,
        shape: Node,
        component: str,
        values: tuple[str, ...] = (),
        writings: tuple[tuple[str, str], ...] = (),
        names_property: bool = False,
    ) -> Fact:
        messages = texts(self._shapes.objects(shape, sh("message")))
        return Fact(
            component=component,
            severity=self._shapes.severity(shape),
            shape=shape.value if isinstance(shape, NamedNode) else "",
            values=values,
            writings=writings,
            group=getattr(self._shapes.one(shape, sh("group")), "value", ""),
            names=texts(self._shapes.objects(shape, sh("name"))),
            names_property=names_property,
            advice={language: FIRST_SENTENCE.sub("", text) for language, text in messages.items()},
            example=getattr(self._shapes.one(shape, ph.rightExample), "value", ""),
        )


_PREFIX = "[a-z]+"
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"[^\s;,]*|<[^>]*>|[^\s;,]+')
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z-]+))?(?:\^\^\S+)?')


def _typed(written: str) -> tuple[str, str]:
    """A value of an example as one types it in a form, and its language."""
    if match := _LITERAL.fullmatch(written):
        return match[1].replace('\\"', '"'), match[2] or ""
    return local_name(written.strip("<>").replace(":", "/") if not written.startswith("<") else written.strip("<>")), ""


def texts(values: Iterable[object]) -> dict[str, str]:
    """Literals by language; one without a language has the key ''."""
    return {value.language or "": value.value for value in values if isinstance(value, Literal)}


def local_name(iri: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[/#]", iri)[-1]


def _expand(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return name.strip("<>") if name.startswith("<") else prefixes.get(prefix, f"{prefix}:") + local
