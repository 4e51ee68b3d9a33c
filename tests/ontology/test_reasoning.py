"""The ontology means what it should to a reasoner: no contradiction, no false inference (OWL 2 RL)."""

from pathlib import Path

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef

ONTOLOGY = Path(__file__).parents[2] / "ontology"
PH = Namespace("https://w3id.org/phkg/ontology#")
BASE = "https://w3id.org/phkg/"
# How owlrl reports a contradiction: a node of this type, with the reason as its error text.
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")
ERROR_TEXT = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
RECORDS = """
@prefix ph: <https://w3id.org/phkg/ontology#> .
@prefix state: <https://w3id.org/phkg/concepts/state/> .
@prefix : <https://w3id.org/phkg/> .
<https://w3id.org/phkg/implementations/ostergotland/fit/2> a ph:ImplementationStatement ;
    ph:method <https://w3id.org/phkg/methods/fit> ; ph:place <https://w3id.org/phkg/regions/ostergotland> ;
    ph:state state:being-introduced ; ph:statedBy <https://w3id.org/phkg/sources/rcc> ;
    ph:countsFor <https://w3id.org/phkg/regions/ostergotland> .
<https://w3id.org/phkg/methods/fit> a ph:DiagnosticMethod ; ph:answersSameQuestionAs <https://w3id.org/phkg/methods/other> .
<https://w3id.org/phkg/regions/ostergotland> ph:within <https://w3id.org/phkg/regions/sydostra> .
"""


def closure(extra: str = "") -> Graph:
    graph = Graph()
    for path in [*sorted(ONTOLOGY.glob("*.ttl")), ONTOLOGY / "concepts" / "state.ttl"]:
        graph.parse(path)
    graph.parse(data=RECORDS + extra, format="turtle")
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return graph


def faults(graph: Graph) -> list[str]:
    return [str(text) for node in graph.subjects(RDF.type, ERROR) for text in graph.objects(node, ERROR_TEXT)]


@pytest.fixture(scope="module")
def reasoned() -> Graph:
    return closure()


def kinds(graph: Graph, path: str) -> set[str]:
    """The classes of ours that a thing is inferred to be in."""
    return {str(k).removeprefix(PH) for k in graph.objects(URIRef(BASE + path), RDF.type) if k.startswith(PH)}


def test_nothing_contradicts(reasoned):
    assert faults(reasoned) == []


def test_a_contradiction_would_be_found():
    assert faults(closure("<https://w3id.org/phkg/methods/fit> a ph:Source .")) != []


def test_no_class_is_empty_by_its_definition(reasoned):
    assert [str(c) for c in reasoned.subjects(RDFS.subClassOf, OWL.Nothing) if c.startswith(PH)] == []


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ("methods/fit", {"DiagnosticMethod", "Method"}),
        ("methods/other", {"Method"}),
        ("regions/ostergotland", {"Region", "Place"}),
        ("regions/sydostra", {"Place"}),
        ("sources/rcc", {"Source"}),
        ("implementations/ostergotland/fit/2", {"ImplementationStatement"}),
        ("concepts/state/being-introduced", {"State"}),
    ],
)
def test_things_are_inferred_to_be_what_they_are_and_no_more(reasoned, thing, expected):
    assert kinds(reasoned, thing) == expected


def test_the_same_question_is_asked_both_ways(reasoned):
    one, other = URIRef(BASE + "methods/fit"), URIRef(BASE + "methods/other")
    assert (other, PH.answersSameQuestionAs, one) in reasoned
