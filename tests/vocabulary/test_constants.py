"""Every constant names a term that the ontology defines, and every term that the ontology defines has a constant."""

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from phkg.vocabulary import namespaces, ph

ONTOLOGY = Path(__file__).parents[2] / "ontology"
DEFINED_BY = "http://www.w3.org/2000/01/rdf-schema#isDefinedBy"
CONSTANTS = {name: value for name, value in vars(ph).items() if isinstance(value, NamedNode) and value.value.startswith(ph.NAMESPACE)}


def defined() -> set[str]:
    return {
        triple.subject.value
        for path in ONTOLOGY.glob("*.ttl")
        for triple in parse(path=str(path), format=RdfFormat.TURTLE)
        if triple.predicate.value == DEFINED_BY
    }


def test_constants_and_ontology_hold_the_same_terms():
    assert {value.value for value in CONSTANTS.values()} == defined()


def test_a_constant_is_named_as_its_term():
    assert [n for n, v in CONSTANTS.items() if v.value.removeprefix(ph.NAMESPACE).replace("-", "_") != n] == []


def test_date_bounds_come_in_pairs():
    names = sorted(term.value.removeprefix(ph.NAMESPACE) for term in ph.DATE_BOUNDS)
    firsts = [name.removesuffix("Earliest") for name in names if name.endswith("Earliest")]
    assert names == sorted(first + end for first in firsts for end in ("Earliest", "Latest"))


def test_namespaces_are_those_that_the_ontology_declares():
    declared = {
        line.split("<")[1].split(">")[0]
        for path in ONTOLOGY.glob("*.ttl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("@prefix") and "/concepts/" not in line
    }
    known = {value for name, value in vars(namespaces).items() if name.isupper() and isinstance(value, str)}
    assert declared <= known
