"""A finding points at the very token: line, first column, first column after it."""

from __future__ import annotations

import pytest

SOUTH = "registry/implementations/south.ttl"
PLACE = "registry/regions/south.ttl"
SHAPE = "https://example.org/shapes#"


def _one(report, rule: str):
    found = [finding for finding in report.findings if finding.rule == rule]
    assert len(found) == 1, [(f.rule, f.file, f.line) for f in report.findings]
    return found[0]


def test_fixture_conforms(workshop) -> None:
    report = workshop.check()
    assert (report.findings, report.conforms, report.languages, report.unread) == ((), True, ("sv", "en"), ())


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_value_of_the_wrong_kind_is_pointed_at(workshop, engine: str) -> None:
    workshop.replace(SOUTH, "ph:method method:exome", "ph:method method:exom")
    finding = _one(workshop.check(engine=engine), SHAPE + "method")
    assert (finding.file, finding.line, finding.column, finding.end_column) == (SOUTH, 16, 15, 26)
    assert finding.snippet == "    ph:method method:exom ;\n              ^^^^^^^^^^^"
    assert finding.record == "https://example.org/registry/implementations/south/exome/1"
    assert (finding.property, finding.property_label) == ("https://w3id.org/phkg/ontology#method", {"sv": "metod", "en": "method"})
    assert finding.value == "<https://example.org/registry/methods/exom>"
    assert finding.message["en"] == "The statement must be about a method that exists; https://example.org/registry/methods/exom does not."
    assert finding.message["sv"].startswith("Uppgiften ska gälla en metod som finns;")


def test_missing_value_points_at_the_head_of_the_record(workshop) -> None:
    workshop.replace(PLACE, '"Söder"@sv, "South"@en', '"Söder"@sv')
    finding = _one(workshop.check(), SHAPE + "label")
    # The predicate is there, with one value too few: it is what to mend.
    assert (finding.file, finding.line, finding.column, finding.end_column) == (PLACE, 6, 5, 19)
    assert finding.record_label == {"sv": "Söder"}
    assert finding.hint == {"sv": "Lägg till skos:prefLabel.", "en": "Add skos:prefLabel."}
    assert finding.example == 'skos:prefLabel "Namn"@sv, "Name"@en ;'


def test_missing_property_points_at_the_head_of_the_record(workshop) -> None:
    workshop.replace(
        "registry/sources/report-2024.ttl", '"Rapport 2024"@sv ;\n    schema:url "https://example.org/report"^^xsd:anyURI .', '"Rapport 2024"@sv .'
    )
    finding = _one(workshop.check(), SHAPE + "address")
    assert (finding.line, finding.column, finding.end_column) == (7, 1, 19)
    assert finding.record_label == {"sv": "Rapport 2024"}


def test_one_value_too_many_points_at_the_second(workshop) -> None:
    workshop.replace(SOUTH, "ph:state state:planned ;", "ph:state state:planned, state:routine ;")
    finding = _one(workshop.check(), SHAPE + "state")
    assert (finding.line, finding.column, finding.end_column) == (18, 29, 42)


def test_literal_is_found_as_written(workshop) -> None:
    workshop.replace(SOUTH, '"2025"^^xsd:gYear', "02025")
    finding = _one(workshop.check(), SHAPE + "since")
    assert (finding.line, finding.column, finding.end_column) == (19, 14, 19)
    assert finding.value == '"02025"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_constraint_in_sparql_points_at_its_value(workshop) -> None:
    text = workshop.path(SOUTH).read_text()
    second = text[text.index("<https://example.org/registry/implementations/south/exome/1>") :].replace("exome/1>", "exome/2>").replace("planned", "routine")
    workshop.write(SOUTH, text + "\n" + second)
    found = [f for f in workshop.check().findings if f.rule == SHAPE + "Statement"]
    assert [(f.line, f.column, f.end_column) for f in found] == [(18, 14, 27), (25, 14, 27)]
    assert found[0].message["en"] == "Two states without end for one method and place."


def test_inverse_path_points_at_the_record_and_only_informs(workshop) -> None:
    workshop.path(SOUTH).unlink()
    report = workshop.check()
    finding = _one(report, SHAPE + "used")
    assert (finding.severity, finding.file, finding.line, finding.column, finding.end_column) == ("info", PLACE, 5, 1, 13)
    assert report.conforms


def test_term_that_does_not_exist_is_pointed_at_with_a_likely_one(workshop) -> None:
    workshop.replace(SOUTH, 'ph:since "2025"', 'ph:sinse "2025"')
    finding = _one(workshop.check(), "unknown-term")
    assert (finding.line, finding.column, finding.end_column) == (19, 5, 13)
    assert finding.hint == {"sv": "Menade du ph:since?", "en": "Did you mean ph:since?"}


def test_two_runs_say_the_same_in_the_same_order(workshop) -> None:
    workshop.replace(SOUTH, "ph:place region:south", "ph:plats region:south")
    workshop.replace("registry/implementations/north.ttl", "ph:state state:routine ;", "")
    workshop.write("registry/methods/z.ttl", "x:y a x:z .")
    first, second = workshop.check(), workshop.check()
    assert first.findings == second.findings
    assert [f.order() for f in first.findings] == sorted(f.order() for f in first.findings)
    assert len(first.findings) >= 6
