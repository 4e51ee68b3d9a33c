"""What an engine says, in plain data that is the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from phkg.vocabulary.namespaces import SH

VIOLATION = SH + "Violation"
WARNING = SH + "Warning"
INFO = SH + "Info"
SPARQL_COMPONENT = SH + "SPARQLConstraintComponent"


@dataclass(frozen=True, order=True, slots=True)
class EngineResult:
    """One validation result.

    `focus` and `value` are terms in N-Triples; `value` is empty where the constraint names none.
    `path` is a property path in SPARQL's syntax with full IRIs ("<http://…>", "(<http://…>)+"), empty for a node shape.
    `shape`, `component` and `severity` are IRIs; `shape` is a blank-node label where the shape has no IRI.
    `constraint` is the IRI of the SPARQL constraint where the engine told, else empty.
    """

    focus: str
    path: str
    value: str
    severity: str
    shape: str
    component: str
    constraint: str = ""


def term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """The term that `text` (N-Triples) writes. Raises SyntaxError when it is not one."""
    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    return next(iter(ox.parse(f"<urn:s> <urn:p> {text} .", format=ox.RdfFormat.N_TRIPLES))).object


def canonical(text: str) -> str:
    """`text` (a term in N-Triples by any engine) as pyoxigraph writes it, so that engines can be compared."""
    return str(term(text)) if text else ""
