"""A whole graph as compacted JSON-LD in one pass: what PyLD would take ten seconds for, since the context is our own and simple.

A value stands under its term where the context gives it back exactly, and else, written out with its type, under the IRI of the
property. Tests read it back with strangers' readers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from phkg.publishing.json_ld import INTEROPERABLE, TYPE
from phkg.vocabulary.namespaces import XSD

STRING, BOOLEAN, INTEGER = XSD + "string", XSD + "boolean", XSD + "integer"


def compacted(triples: Iterable[Triple], terms: dict[str, Any]) -> bytes:
    """Triples, ordered by subject, as JSON-LD with the context `terms` (as `json_ld.context` makes it) and one `@graph`."""
    by_property = {(term["@id"] if isinstance(term, dict) else term): (name, term) for name, term in _terms(terms["@context"])}
    nodes: list[dict[str, Any]] = []
    for triple in triples:
        if not nodes or nodes[-1]["id"] != _name(triple.subject):
            nodes.append({"id": _name(triple.subject)})
        if triple.predicate == TYPE:
            nodes[-1].setdefault("type", []).append(_name(triple.object).removeprefix(terms["@context"]["@vocab"]))
        else:
            _add(nodes[-1], triple, *by_property.get(triple.predicate.value, ("", "")))
    lines = ",\n".join(json.dumps({name: _single(values) for name, values in node.items()}, ensure_ascii=False) for node in nodes)
    return f'{{"@context": {json.dumps(terms["@context"], ensure_ascii=False)},\n"@graph": [\n{lines}\n]}}\n'.encode()


def _terms(context: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    """The terms that name properties: a prefix or a keyword would not."""
    for name, term in context.items():
        iri = term.get("@id", "") if isinstance(term, dict) else term
        if isinstance(iri, str) and not name.startswith("@") and not iri.startswith("@") and not iri.endswith(("#", "/", ":")):
            yield name, term


def _add(node: dict[str, Any], triple: Triple, name: str, term: Any) -> None:
    value, definition = triple.object, term if isinstance(term, dict) else {}
    form, by_language = definition.get("@type"), definition.get("@container") == "@language"
    if by_language and isinstance(value, Literal) and value.language:
        texts = node.setdefault(name, {})
        before = texts.get(value.language)
        texts[value.language] = value.value if before is None else [*(before if isinstance(before, list) else [before]), value.value]
    elif name and form == "@id" and not isinstance(value, Literal):
        node.setdefault(name, []).append(_name(value))
    elif name and isinstance(value, Literal) and form == value.datatype.value:
        node.setdefault(name, []).append(value.value)
    elif name and not definition and isinstance(value, Literal):
        node.setdefault(name, []).append(_native(value))
    else:
        node.setdefault(triple.predicate.value, []).append(_native(value) if isinstance(value, Literal) else {"id": _name(value)})


def _single(values: Any) -> Any:
    """A value that is alone stands without an array, as in the answer for one record."""
    return values[0] if isinstance(values, list) and len(values) == 1 else values


def _native(value: Literal) -> Any:
    text, datatype = value.value, value.datatype.value
    if value.language:
        return {"@value": text, "@language": value.language}
    if datatype == STRING:
        return text
    if datatype == BOOLEAN and text in ("true", "false"):
        return text == "true"
    if datatype == INTEGER and text.lstrip("-").isdecimal() and abs(int(text)) < INTEROPERABLE and str(int(text)) == text:
        return int(text)
    return {"@value": text, "@type": datatype}


def _name(node: Any) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else node.value if isinstance(node, NamedNode) else str(node)
