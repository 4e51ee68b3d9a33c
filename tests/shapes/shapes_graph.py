"""The shapes as the tests read them: plain triples, and a reader of valid.ttl and its cases."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

HERE = Path(__file__).parent
SHAPES = HERE.parents[1] / "shapes"
SH = "http://www.w3.org/ns/shacl#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def sh(name: str) -> ox.NamedNode:
    """The SHACL term of that local name."""
    return ox.NamedNode(SH + name)


def parse(text: str) -> list[ox.Triple]:
    """The triples of a Turtle text, with every literal as it was written."""
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def shapes_text() -> str:
    """All shape files as one N-Triples text; blank nodes keep apart, since each file is parsed by itself."""
    return as_ntriples(
        quad.triple for path in sorted(SHAPES.glob("*.ttl")) for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )


def as_ntriples(triples) -> str:
    """N-Triples of triples."""
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()


def shapes_triples() -> list[ox.Triple]:
    """All triples of all shape files."""
    return [quad.triple for quad in ox.parse(shapes_text().encode(), format=ox.RdfFormat.N_TRIPLES)]


CONSTRAINTS = (
    "class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength pattern "
    "languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node qualifiedValueShape closed hasValue in sparql"
).split()
LEANING = ("or", "and", "xone", "not", "node", "qualifiedValueShape")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def leaned_on_shapes(triples: list[ox.Triple], only: ox.Triple | None = None) -> set[str]:
    """Shapes that another shape merely leans on (by sh:or and its like), so that they are never reported themselves.

    With `only`, those that this one triple leans on.
    """
    following = {triple.subject: triple.object for triple in triples if triple.predicate.value == RDF + "rest"}
    first = {triple.subject: triple.object for triple in triples if triple.predicate.value == RDF + "first"}
    found = set()
    for triple in triples if only is None else [only]:
        if triple.predicate in {sh(name) for name in LEANING}:
            node = triple.object
            if node not in first:
                found.add(node.value)
            while node in first:
                found.add(first[node].value)
                node = following[node]
    return found


def constrained_shapes(triples: list[ox.Triple]) -> dict[str, list[str]]:
    """The constraints of every shape that can be reported, by its IRI."""
    leaned_on = leaned_on_shapes(triples)
    terms = {sh(name): name for name in CONSTRAINTS}
    found: dict[str, list[str]] = {}
    for triple in triples:
        if triple.predicate in terms and triple.subject.value not in leaned_on:
            found.setdefault(triple.subject.value, []).append(terms[triple.predicate])
    return found


VALID_TEXT = (HERE / "valid.ttl").read_text(encoding="utf-8")
PREFIXES = "\n".join(re.findall(r"^@prefix .*$", VALID_TEXT, re.M)) + "\n"


def term(text: str) -> ox.NamedNode | ox.Literal:
    """The term written as Turtle, with the prefixes of valid.ttl."""
    return parse(f"{PREFIXES}<urn:s> <urn:p> {text} .")[0].object


@dataclass(frozen=True)
class Case:
    """One rule, the change to valid.ttl that breaks it, and the records that the finding speaks of."""

    shape: str
    remove: tuple[str, ...]
    add: str
    focus: tuple[str, ...]
    value: str | None

    def data(self) -> list[ox.Triple]:
        """The triples of valid.ttl after the change."""
        away = {(line.object, line.predicate) for pair in self.remove for line in parse(f"{PREFIXES}<urn:s> {pair.split()[1]} {pair.split()[0]} .")}
        kept = [triple for triple in parse(VALID_TEXT) if (triple.subject, triple.predicate) not in away]
        return kept + [triple for triple in parse(PREFIXES + self.add) if triple not in kept]


def load_cases() -> list[Case]:
    """All cases of tests/shapes/cases, in the order of the files."""
    cases = []
    for path in sorted((HERE / "cases").glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            cases.append(
                Case(
                    "https://w3id.org/phkg/shapes/" + entry["shape"],
                    tuple(entry.get("remove", ())),
                    entry.get("add", ""),
                    tuple(entry["focus"]),
                    entry.get("value"),
                )
            )
    return cases
