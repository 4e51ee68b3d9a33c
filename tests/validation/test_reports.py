"""Each report format is valid by its own schema and says the same findings."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pyoxigraph as ox
import pytest
from lxml import etree

import phkg.validation.reports as reports
from phkg.validation.findings import Finding, Report
from phkg.vocabulary.namespaces import SH

SCHEMAS = Path(__file__).parent / "schemas"
NASTY = 'a "b" <c> & ]]> 100% , : \x1b[31m \x00 åäö \U0001f9ec\r\nnext'


@pytest.fixture
def report(workshop) -> Report:
    """A report with every severity, files of every fault, and one finding whose texts try to break each format."""
    workshop.write("registry/notes.txt", "x")
    workshop.write("registry/methods/å,b:c%.ttl", "x:y a x:z .")
    workshop.replace("registry/implementations/south.ttl", "region:south", "region:nowhere")
    workshop.replace("registry/implementations/south.ttl", '"2025"^^xsd:gYear', '"förr, 100%: \\"då\\""@sv')
    found = workshop.check()
    nasty = Finding("violation", "nasty", {"sv": NASTY, "en": NASTY}, file=NASTY, hint={"sv": NASTY}, snippet=NASTY, example=NASTY)
    assert {finding.severity for finding in found.findings} == {"violation", "warning", "info"}
    return Report((*found.findings, nasty), found.files, found.triples, found.unread, False, found.languages, found.seconds)


def _empty() -> Report:
    return Report((), 3, 1234567, (), False, ("sv", "en"), 0.25)


def _unchecked() -> Report:
    return Report((), 3, 10, ("ontology/a.ttl",), True, ("sv", "en"), 0.25)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_json_is_valid(report: Report, language: str) -> None:
    schema = json.loads((Path(reports.__file__).parent / "report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for each in (report, _empty(), _unchecked()):
        document = json.loads(reports.render(each, "json", language))
        jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
        assert len(document["findings"]) == len(each.findings) == sum(document["counts"].values())
    assert json.loads(reports.render(report, "json", language))["findings"][-1]["message"]["sv"] == NASTY


@pytest.mark.parametrize("language", ["sv", "en"])
def test_sarif_is_valid(report: Report, language: str) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    for each in (report, _empty(), _unchecked()):
        document = json.loads(reports.render(each, "sarif", language))
        jsonschema.validate(document, schema, cls=jsonschema.Draft7Validator)
        run = document["runs"][0]
        assert [result["ruleId"] for result in run["results"]] == [finding.rule for finding in each.findings]
        for result in run["results"]:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            assert "%" in result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] or result["ruleId"] not in ("nasty", "file-name")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_junit_is_valid(report: Report, language: str) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit-10.xsd")))
    for each in (report, _empty(), _unchecked()):
        document = etree.fromstring(reports.render(each, "junit", language).encode())
        schema.assertValid(document)
        assert len(document.findall(".//failure")) == each.count("violation") == int(document.get("failures"))
        assert len(document.findall(".//testcase")) == int(document.get("tests"))


def test_shacl_report_says_the_findings(report: Report) -> None:
    graph = {quad.triple for quad in ox.parse(reports.render(report, "shacl", "sv").encode(), format=ox.RdfFormat.TURTLE)}

    def objects(name: str) -> list:
        return [triple.object for triple in graph if triple.predicate == ox.NamedNode(SH + name)]

    assert len(objects("result")) == len(objects("resultSeverity")) == len(objects("focusNode")) == len(report.findings)
    assert [value.value for value in objects("conforms")] == ["false"]
    assert {message.language for message in objects("resultMessage")} == {"sv", "en"}
    assert ox.NamedNode("https://example.org/shapes#place") in objects("sourceShape")
    assert len(objects("resultMessage")) == 2 * len(report.findings)


def test_github_commands_are_one_line_each_and_escaped_as_its_toolkit_does(report: Report) -> None:
    lines = reports.render(report, "github", "sv").split("\n")
    assert lines[-1] == "" and len(lines) == len(report.findings) + 1
    nasty = next(line for line in lines if "title=nasty" in line)
    properties, _, data = nasty.removeprefix("::error ").partition("::")
    assert data.startswith('a "b" <c> & ]]> 100%25 , : ') and data.count("%0D%0Anext") == 2
    assert properties.startswith('file=a "b" <c> & ]]> 100%25 %2C %3A ')
    kinds = [line.split(" ")[0] for line in lines[:-1]]
    assert kinds == sorted(kinds, key=["::error", "::warning", "::notice"].index)


def test_text_has_colours_only_when_asked_and_nothing_that_steers_a_terminal(report: Report) -> None:
    plain, coloured = (reports.render(report, "text", "sv", colour) for colour in (False, True))
    assert "\x1b" not in plain and "\x00" not in plain
    assert "\x1b[31m" in coloured
    assert "registry/implementations/south.ttl:10:14: fel: Uppgiften ska gälla en plats." in plain
    assert "Kunde inte läsas helt: registry/methods/å,b:c%.ttl." in plain


def test_text_of_nothing_wrong_is_one_line_in_the_readers_language() -> None:
    assert reports.render(_empty(), "text", "sv") == "Inga fel. 3 filer och 1\u202f234\u202f567 påståenden kontrollerade på 0,2 s.\n"
    assert reports.render(_empty(), "text", "en") == "No errors. 3 files and 1\u202f234\u202f567 statements checked in 0.2 s.\n"
    assert "SHACL" in reports.render(_unchecked(), "text", "en")


def test_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="text, json"):
        reports.render(_empty(), "yaml", "sv")
