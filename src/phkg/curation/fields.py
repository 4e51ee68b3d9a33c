"""What can be filled in for each kind of record: a form model, read from the shapes and the vocabulary, as plain data.

The terminal, the spreadsheets, the web forms and the issue forms are all made from it. It says what the shapes say of one property of one
kind; rules over several properties or records are left to the check of the whole, which every new record goes through before it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from phkg.curation.shape_rules import AUTHORITY, Fact, Rules, local_name, texts
from phkg.curation.words import how_to_write
from phkg.validation.shapes_graph import ShapesGraph
from phkg.views.graph import Graph
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, OWL, PREFIXES, RDF, RDFS, SKOS, XSD

RANGE = NamedNode(RDFS + "range")
LABEL = NamedNode(RDFS + "label")
PREF_LABEL = NamedNode(SKOS + "prefLabel")
DEFINITION = NamedNode(SKOS + "definition")
SUB_CLASS_OF = NamedNode(RDFS + "subClassOf")
CONCEPT = NamedNode(SKOS + "Concept")
TYPE = NamedNode(RDF + "type")
OBJECT_PROPERTY = NamedNode(OWL + "ObjectProperty")
NOT_ASKED = frozenset({RDF + "type", DCTERMS + "isReplacedBy", ph.retiredOn.value, ph.retirementReason.value})
"""Properties that every kind has and that nobody fills in: the class follows from the kind, a retirement from `phkg retire`."""
CALENDAR = frozenset({XSD + "gYear", XSD + "gYearMonth", XSD + "date"})
BY_DATATYPE = {
    XSD + "boolean": "boolean",
    XSD + "integer": "integer",
    XSD + "decimal": "decimal",
    XSD + "anyURI": "address",
    RDF + "langString": "text",
}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Choice:
    """A concept or record that a value can point to: its IRI, the last part of it as a short name, and its texts by language."""

    iri: str
    name: str
    labels: Mapping[str, str]
    description: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """The label in a language, else in any, else the short name."""
        return self.labels.get(language) or next(iter(self.labels.values()), self.name)


@dataclass(frozen=True)
class Writing:
    """A way in which a literal may be written: the IRI of its datatype, and a regular expression for its text (empty: any)."""

    datatype: str
    pattern: str = ""


@dataclass(frozen=True)
class Group:
    """A heading of the form; `iri` is empty for fields that belong to no group."""

    iri: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One property of one kind of record.

    `name` is its key in filled-in values, unique in the kind (the local name of the property); `value` is one of choice (a concept of `choices`), record (a record of one of
    `classes`; of any, where there are none), text (one per language of `languages`), string, address, integer, decimal, boolean, date. `need` is one of required (a rule
    blocks without it), depends (required or barred by what other fields say), advised (a rule asks for it without blocking), optional. `least` is the
    smallest number, empty for none. `help` says how a value is written, in each language; `examples` are right values as one types them.
    `rules` are the IRIs of the shapes that speak of it.
    """

    name: str
    iri: str
    labels: Mapping[str, str]
    description: Mapping[str, str]
    group: str
    value: str
    need: str
    many: bool
    languages: tuple[str, ...] = ()
    writings: tuple[Writing, ...] = ()
    least: str = ""
    classes: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    help: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which values are given: the name, or one with each language, as `eligibility@sv`."""
        return tuple(f"{self.name}@{language}" for language in self.languages) or (self.name,)

    def label(self, language: str) -> str:
        """The label in a language, else in any."""
        return self.labels.get(language) or next(iter(self.labels.values()), self.name)


@dataclass(frozen=True)
class Kind:
    """A kind of record that can be made: its class, that class and all wider ones, and how its identifier is made
    (`address`, see `ph:addressPattern`).

    `owner` is the name of the field that names the record which this one is a part of, empty for a record that stands alone.
    Fields stand in the order of their groups, and within one in the order in which the kind's own rule lists them.
    """

    name: str
    iri: str
    classes: tuple[str, ...]
    labels: Mapping[str, str]
    plurals: Mapping[str, str]
    description: Mapping[str, str]
    address: str
    owner: str
    fields: tuple[Field, ...]
    groups: tuple[Group, ...]

    def field(self, name: str) -> Field | None:
        """The field of this name, or None."""
        return next((one for one in self.fields if one.name == name), None)

    def grouped(self) -> list[tuple[Group, list[Field]]]:
        """The fields under their headings."""
        return [(group, [one for one in self.fields if one.group == group.iri]) for group in self.groups]

    def label(self, language: str) -> str:
        """The label in a language, else in any."""
        return self.labels.get(language) or next(iter(self.labels.values()), self.name)


@dataclass(frozen=True)
class Forms:
    """Every kind of record that can be made, by its name; `languages` are those of the registry, in order."""

    kinds: tuple[Kind, ...]
    languages: tuple[str, ...]

    def kind(self, name: str) -> Kind | None:
        """The kind of a name, a class's IRI or a label in any language (letter case aside), or None."""
        wanted = name.strip().casefold()
        for one in self.kinds:
            if name == one.iri or wanted in {one.name, *(text.casefold() for text in (*one.labels.values(), *one.plurals.values()))}:
                return one
        return None

    def parts_of(self, kind: Kind) -> tuple[Kind, ...]:
        """The kinds whose records are parts of a record of this kind."""
        return tuple(one for one in self.kinds if one.owner and (owner := one.field(one.owner)) is not None and set(owner.classes) & set(kind.classes))


def read_forms(shapes: ShapesGraph, graph: Graph, languages: Iterable[str]) -> Forms:
    """The forms of a registry, from its shapes and a graph that holds its ontology (a snapshot's does).

    Raises LookupError when the vocabulary names no kind that records can be made of.
    """
    tongues, rules, found = tuple(languages), Rules(shapes), []
    patterns = {subject: value.value for subject, value in graph.pairs(ph.addressPattern) if isinstance(value, Literal)}
    for class_, pattern in patterns.items():
        above = _closure(graph, class_, lambda predicate, value: graph.objects(value, predicate))
        if kind := _kind(rules, graph, class_, tuple(one.value for one in above), pattern, tongues):
            found.append(kind)
    if not found:
        raise LookupError("The vocabulary names no kind of record that can be made (ph:addressPattern).")
    return Forms(tuple(sorted(found, key=lambda one: one.name)), tongues)


def _closure(graph: Graph, start: NamedNode, step) -> list[NamedNode]:
    """A class and all that can be reached by a step along rdfs:subClassOf, the nearest first."""
    found = [start]
    for one in found:
        found += [other for other in step(SUB_CLASS_OF, one) if isinstance(other, NamedNode) and other not in found]
    return found


def _kind(rules: Rules, graph: Graph, class_: NamedNode, above: tuple[str, ...], address: str, languages: tuple[str, ...]) -> Kind | None:
    properties = [iri for iri in rules.listed(above) if iri not in NOT_ASKED]
    if not properties:
        return None
    shared = {local_name(iri) for iri in properties if sum(local_name(other) == local_name(iri) for other in properties) > 1}
    first = PLACEHOLDER.match(address)
    owner = expanded(first[1]) if first and not first.start() else ""
    # Of two properties of one name (a note of the vocabulary's own and one of another's) the vocabulary's own is asked for.
    asked = [iri for iri in properties if local_name(iri) not in shared or iri.startswith(ph.NAMESPACE)]
    fields = [_field(rules, graph, iri, above, languages) for iri in asked]
    headings = rules.groups()
    order = {iri: place for place, iri in enumerate(headings)}
    fields.sort(key=lambda one: order.get(one.group, len(order)))
    used = dict.fromkeys(one.group for one in fields)
    groups = tuple(Group(iri, headings.get(iri, {})) for iri in used)
    return Kind(
        name=_words(local_name(class_.value)),
        iri=class_.value,
        classes=above,
        labels=texts(graph.objects(class_, LABEL)),
        plurals=texts(graph.objects(class_, ph.plural)),
        description=texts(graph.objects(class_, DEFINITION)),
        address=address,
        owner=next((one.name for one in fields if one.iri == owner), ""),
        fields=tuple(fields),
        groups=groups,
    )


def _words(name: str) -> str:
    """`ImplementationStatement` as `implementation-statement`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _field(rules: Rules, graph: Graph, iri: str, above: tuple[str, ...], languages: tuple[str, ...]) -> Field:
    property_ = NamedNode(iri)
    facts = rules.facts(iri, above)
    ranges = [one.value for one in graph.objects(property_, RANGE) if isinstance(one, NamedNode)]
    classes = _gathered(facts, "class") or tuple(one for one in ranges if not one.startswith((XSD, RDF)))
    writings = tuple(dict.fromkeys(Writing(*pair) for fact in facts for pair in fact.writings))
    if not writings:
        datatypes = _gathered(facts, "datatype") or tuple(one for one in ranges if one.startswith((XSD, RDF)))
        patterns = _gathered(facts, "pattern") or ("",)
        writings = tuple(Writing(datatype, patterns[0]) for datatype in datatypes or (XSD + "string",))
    tagged = _gathered(facts, "languageIn")
    examples, example_tagged = rules.examples(iri, facts)
    value = _value(graph, property_, classes, writings, bool(tagged) or example_tagged)
    labels = next((fact.names for fact in facts if fact.names and fact.names_property), None)
    return Field(
        name=local_name(iri),
        iri=iri,
        labels=labels or texts(graph.objects(property_, LABEL)),
        description=texts(graph.objects(property_, DEFINITION)),
        group=next((fact.group for fact in facts if fact.group), ""),
        value=value,
        need=_need(facts),
        many=not any(fact.component in ("maxCount", "uniqueLang") for fact in facts) and value != "boolean",
        languages=(tagged or languages) if value == "text" else (),
        writings=() if value in ("choice", "record", "text") else writings,
        least=next(iter(_gathered(facts, "minInclusive")), ""),
        classes=classes,
        choices=_concepts(graph, classes) if value == "choice" else (),
        help=_help(value, facts),
        examples=examples,
        rules=tuple(dict.fromkeys(fact.shape for fact in facts if fact.shape)),
    )


def _help(value: str, facts: list[Fact]) -> Mapping[str, str]:
    """How a value is written: what the rule on its form says, or what holds for all values of its sort."""
    said = next((fact.advice for fact in facts if fact.component in ("pattern", "minInclusive")), {})
    return said if said and value in ("string", "integer") else how_to_write(value)


def _gathered(facts: list[Fact], component: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for fact in facts if fact.component == component for value in fact.values))


def _need(facts: list[Fact]) -> str:
    """How badly the property is needed: what blocks comes before what a rule over several properties asks, and that before advice."""
    missing = [fact for fact in facts if fact.component == "minCount"]
    if any(fact.severity == AUTHORITY for fact in missing):
        return "required"
    if any(fact.component == "sparql" and fact.severity == AUTHORITY for fact in facts):
        return "depends"
    return "advised" if missing or any(fact.component == "sparql" for fact in facts) else "optional"


def _value(graph: Graph, property_: NamedNode, classes: tuple[str, ...], writings: tuple[Writing, ...], tagged: bool) -> str:
    if not classes and OBJECT_PROPERTY in graph.objects(property_, TYPE):
        return "record"
    if classes:
        concepts = all(CONCEPT in _closure(graph, NamedNode(one), lambda step, of: graph.objects(of, step)) for one in classes)
        return "choice" if concepts else "record"
    if tagged:
        return "text"
    datatypes = {one.datatype for one in writings}
    if datatypes <= CALENDAR:
        return "date"
    return BY_DATATYPE.get(writings[0].datatype, "string")


def _concepts(graph: Graph, classes: tuple[str, ...]) -> tuple[Choice, ...]:
    """The concepts of some classes, by their rank where they have one, then by label."""
    found: dict[NamedNode, tuple[int, Choice]] = {}
    for class_ in classes:
        for concept in graph.subjects(TYPE, NamedNode(class_)):
            labels = texts(graph.objects(concept, PREF_LABEL))
            ranks = [int(one.value) for one in graph.objects(concept, ph.rank) if isinstance(one, Literal) and one.value.isdigit()]
            choice = Choice(concept.value, local_name(concept.value), labels, texts(graph.objects(concept, DEFINITION)))
            found[concept] = (min(ranks, default=10_000), choice)
    ordered = sorted(found.values(), key=lambda pair: (pair[0], next(iter(pair[1].labels.values()), pair[1].name).casefold()))
    return tuple(choice for _, choice in ordered)


def expanded(name: str) -> str:
    """The IRI of a prefixed name of an address pattern; empty when the prefix is none of the standard ones."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else ""
