"""The report as SHACL defines it: a sh:ValidationReport in Turtle, messages in every language."""

from __future__ import annotations

import pyoxigraph as ox

from phkg.vocabulary.namespaces import RDF, SH, XSD

from ..findings import SEVERITIES, Finding, Report
from ..results import term

_TYPE = ox.NamedNode(RDF + "type")
_PROGRAM = "https://w3id.org/phkg/checks/"


def render(report: Report, language: str) -> str:
    """The findings of the rules and of the program's own checks; the latter have an IRI of the program as their constraint component."""
    head = ox.BlankNode("report")
    boolean = ox.NamedNode(XSD + "boolean")
    triples = [
        ox.Triple(head, _TYPE, _sh("ValidationReport")),
        ox.Triple(head, _sh("conforms"), ox.Literal(str(report.conforms).lower(), datatype=boolean)),
    ]
    for number, finding in enumerate(report.findings, 1):
        result = ox.BlankNode(f"result{number}")
        triples.append(ox.Triple(head, _sh("result"), result))
        triples += _result(result, finding)
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"sh": SH, "xsd": XSD}).decode()


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def _result(node: ox.BlankNode, finding: Finding) -> list[ox.Triple]:
    own = not finding.component
    stated: list[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal]] = [
        ("focusNode", ox.NamedNode(finding.record) if finding.record else ox.Literal(finding.file)),
        ("resultSeverity", ox.NamedNode(SEVERITIES[finding.severity])),
        ("sourceConstraintComponent", ox.NamedNode(_PROGRAM + finding.rule if own else finding.component)),
    ]
    if not own:
        stated.append(("sourceShape", ox.BlankNode(finding.rule[2:]) if finding.rule.startswith("_:") else ox.NamedNode(finding.rule)))
    if finding.property and not finding.property.startswith(("(", "^")):
        stated.append(("resultPath", ox.NamedNode(finding.property)))
    if finding.value:
        stated.append(("value", term(finding.value)))
    stated += [("resultMessage", ox.Literal(text, language=language)) for language, text in sorted(finding.message.items())]
    return [ox.Triple(node, _TYPE, _sh("ValidationResult")), *(ox.Triple(node, _sh(name), value) for name, value in stated)]
