"""The form model says what the shapes say: compared with the shapes themselves, read another way, and with the records that are there."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from phkg.curation.filled import address
from phkg.curation.shape_rules import LISTED
from phkg.records.knowledge import find_knowledge

from .making import there

FORMS, KNOWN, STORE = there()
PH = "https://w3id.org/phkg/ontology#"
SHAPES = rdflib.Graph()
for _path in find_knowledge().shapes.glob("*.ttl"):
    SHAPES.parse(_path)
TYPE = ox.NamedNode(str(RDF.type))
KINDS = {kind.name: kind for kind in FORMS.kinds}
NAMED_BY_HAND = {
    # Their identifiers were made by hand before there was a pattern.
    *("assignment", "decision", "diagnostic-method", "grant", "indicator", "programme", "project", "source", "steering-group", "strategy"),
    *(
        "organization",
        "treatment",
        "working-group",
        "way-of-working",
        "indication",
        "healthcare-region",
        "allele",
        "level-statement",
        "recommendation",
        "observation",
    ),
}

RETIREMENT = ("https://w3id.org/phkg/ontology#retiredOn", "https://w3id.org/phkg/ontology#retirementReason")


def test_every_class_that_has_records_has_a_form() -> None:
    records = {
        quad.object.value
        for quad in STORE.quads_for_pattern(None, TYPE, None, None)
        if re.match(r"https://w3id\.org/phkg/(?!concepts/|ontology|registry$)", quad.subject.value)
    }
    assert records <= {kind.iri for kind in FORMS.kinds}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_form_asks_for_what_a_record_may_say_and_nothing_else(name: str) -> None:
    kind = KINDS[name]
    allowed: set[str] = set()
    for shape in SHAPES.subjects(SH.closed, rdflib.Literal(True)):
        if set(map(str, SHAPES.objects(shape, SH.targetClass))) & set(kind.classes):
            allowed |= {str(iri) for head in SHAPES.objects(shape, SH.ignoredProperties) for iri in Collection(SHAPES, head)}
    asked = {field.iri for field in kind.fields}
    if allowed:
        assert asked == allowed - {str(RDF.type), "http://purl.org/dc/terms/isReplacedBy", *RETIREMENT, "http://www.w3.org/2004/02/skos/core#note"}
    else:  # The rule on organisations is a query, since classes below it have more.
        assert LISTED.search(str(next(o for o in SHAPES.objects(None, SH.select) if "?path NOT IN" in str(o))))
        assert {"prefLabel", "classification", "ror", "founded"} <= {field.name for field in kind.fields}
    assert all(set(field.labels) == {"sv", "en"} for field in kind.fields)
    assert len({field.name for field in kind.fields}) == len(kind.fields)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_a_form_demands_is_what_blocks_when_it_is_missing(name: str) -> None:
    kind = KINDS[name]
    demanded = {
        str(SHAPES.value(property_, SH.path))
        for shape, class_ in SHAPES.subject_objects(SH.targetClass)
        if str(class_) in kind.classes
        for property_ in SHAPES.objects(shape, SH.property)
        if SHAPES.value(property_, SH.minCount) and SHAPES.value(property_, SH.severity) == SH.Violation
    }
    assert {field.iri for field in kind.fields if field.need == "required"} == demanded


def test_the_form_of_a_statement() -> None:
    kind = KINDS["implementation-statement"]
    assert [field.name for field in kind.fields if field.need == "required"] == ["method", "statementKind", "place", "statedBy", "confidence"]
    assert {field.name for field in kind.fields if field.need == "depends"} == {"state", "reason"}
    state = kind.field("state")
    assert state and state.value == "choice" and not state.many and state.label("sv") == "tillstånd"
    assert [choice.name for choice in state.choices] == [
        "not-offered",
        "planned",
        "pilot",
        "being-introduced",
        "routine",
        "discontinued",
        "not-applicable",
        "withheld",
    ]
    since = kind.field("since")
    assert since and since.value == "date" and [one.datatype.rpartition("#")[2] for one in since.writings] == ["gYear", "gYearMonth", "date"]
    whom = kind.field("eligibility")
    assert whom and whom.keys == ("eligibility@sv", "eligibility@en")
    volume = kind.field("volumePerYear")
    assert volume and (volume.value, volume.least, volume.examples) == ("integer", "0", ("12000",))
    assert [group.labels["sv"] for group, _ in kind.grouped()][:3] == ["Vad posten heter", "Vad", "Var"]


def test_parts_know_their_owner() -> None:
    owners = {kind.name: kind.owner for kind in FORMS.kinds if kind.owner and kind.owner != "ofModel"}
    assert owners == {
        "allele": "gene",
        "evidence": "method",
        "gene-role": "method",
        "intended-use": "method",
        "level-statement": "recommendation",
        "membership": "organization",
        "observation": "dataSet",
    }
    assert [part.name for part in FORMS.parts_of(KINDS["diagnostic-method"])] == ["evidence", "gene-role", "intended-use"]
    assert [part.name for part in FORMS.parts_of(KINDS["steering-group"])] == ["membership"]


@pytest.mark.parametrize(
    "name",
    sorted(
        set(KINDS)
        - NAMED_BY_HAND
        - {kind.name for kind in FORMS.kinds if kind.address.startswith(("allocation-models/", "objections/")) or kind.owner == "ofModel"}
    ),
)
def test_the_pattern_gives_the_identifiers_that_are_there(name: str) -> None:
    """With the number aside, the address that a record would get is the one that it has."""
    kind, wrong, seen = KINDS[name], [], 0
    for quad in STORE.quads_for_pattern(None, None, None, None):
        if quad.predicate == TYPE and quad.object.value == kind.iri:
            terms: dict[str, list] = {}
            for property_, value in KNOWN.graph.about(quad.subject):
                terms.setdefault(property_.value, []).append(value)
            has = re.sub(r"/\d+$", "/1", quad.subject.value) if "{#}" in kind.address else quad.subject.value
            seen += 1
            if address(kind, terms, KNOWN, lambda iri: False) != has:
                wrong.append(quad.subject.value)
    assert seen and wrong == []


def test_a_kind_is_found_by_its_name_and_its_labels() -> None:
    assert FORMS.kind("källa") == FORMS.kind("Sources") == FORMS.kind("source") == KINDS["source"]
    assert FORMS.kind("no such thing") is None
