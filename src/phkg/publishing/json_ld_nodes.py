"""Triples as compacted JSON-LD: the context is our own and simple, so each value needs one look at the term of its property.

A value stands under its term where the context gives it back exactly, and else, written out with its type, under the name of the
property. Tests hold it against what a processor of JSON-LD makes of the same, which takes a hundred times as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from phkg.publishing.json_ld import INTEROPERABLE, PARTS, TYPE
from phkg.publishing.rdf_formats import PREFIXES
from phkg.vocabulary.namespaces import XSD

STRING, BOOLEAN, INTEGER = XSD + "string", XSD + "boolean", XSD + "integer"
FIRST = ("id", "type", "prefLabel", "title", "label")
"""What stands first in a node, in this order: what a thing is and is called."""

Node = dict[str, Any]


class Nodes:
    """Makes nodes of triples with a context, as `json_ld.context` makes it."""

    def __init__(self, terms: dict[str, Any]) -> None:
        self._context = terms["@context"]
        self._vocab: str = self._context["@vocab"]
        self._terms = {(term["@id"] if isinstance(term, dict) else term): (name, term) for name, term in _terms(self._context)}
        self._short = lru_cache(None)(self._name_of)

    def record(self, subjects: Iterable[Iterable[Triple]], address: str) -> bytes:
        """One record, the first, with all others as its parts; the context is named by its address. Each is the triples of one subject."""
        nodes = [node for triples in subjects for node in self.of(dict.fromkeys(triples))]
        whole = {"@context": address, **(nodes[0] if nodes else {})}
        if len(nodes) > 1:
            whole[PARTS] = _single(nodes[1:])
        return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"

    def lines(self, triples: Iterable[Triple]) -> list[str]:
        """Triples, ordered by subject, as a line for each subject."""
        return [json.dumps(node, ensure_ascii=False) for node in self.of(triples)]

    def document(self, lines: Iterable[str]) -> bytes:
        """One graph of such lines, which carries its context with it."""
        joined = ",\n".join(lines)
        return f'{{"@context": {json.dumps(self._context, ensure_ascii=False)},\n"@graph": [\n{joined}\n]}}\n'.encode()

    def of(self, triples: Iterable[Triple]) -> list[Node]:
        """The nodes of triples that are ordered by subject."""
        nodes: list[Node] = []
        for triple in triples:
            name = _name(triple.subject)
            if not nodes or nodes[-1]["id"] != name:
                nodes.append({"id": name})
            if triple.predicate == TYPE:
                nodes[-1].setdefault("type", []).append(self._short(_name(triple.object)))
            else:
                self._add(nodes[-1], triple, *self._terms.get(triple.predicate.value, ("", "")))
        return [self._arranged(node) for node in nodes]

    def _add(self, node: Node, triple: Triple, name: str, term: Any) -> None:
        value, definition = triple.object, term if isinstance(term, dict) else {}
        form, by_language = definition.get("@type"), definition.get("@container") == "@language"
        if by_language and isinstance(value, Literal) and value.language:
            node.setdefault(name, {}).setdefault(value.language, []).append(value.value)
        elif name and form == "@id" and not isinstance(value, Literal):
            node.setdefault(name, []).append(_name(value))
        elif name and isinstance(value, Literal) and form == value.datatype.value:
            node.setdefault(name, []).append(value.value)
        else:
            # Under a term that gives its values a form, others would be read in that form.
            there = name if name and not definition else self._short(triple.predicate.value)
            node.setdefault(there, []).append(self._native(value) if isinstance(value, Literal) else {"id": _name(value)})

    def _name_of(self, iri: str) -> str:
        """A property or a class as the context lets it be written: by its own term, in the vocabulary, with a prefix, or whole."""
        if iri.startswith(self._vocab) and iri[len(self._vocab) :] not in self._context:
            return iri[len(self._vocab) :]
        for prefix, start in PREFIXES.items():
            if iri.startswith(start) and f"{prefix}:{iri[len(start) :]}" not in self._context:
                return f"{prefix}:{iri[len(start) :]}"
        return iri

    def _native(self, value: Literal) -> Any:
        text, datatype = value.value, value.datatype.value
        if value.language:
            return {"@language": value.language, "@value": text}
        if datatype == STRING:
            return text
        if datatype == BOOLEAN and text in ("true", "false"):
            return text == "true"
        if datatype == INTEGER and text.lstrip("-").isdecimal() and abs(int(text)) < INTEROPERABLE and str(int(text)) == text:
            return int(text)
        return {"type": self._short(datatype), "@value": text}

    @staticmethod
    def _arranged(node: Node) -> Node:
        names = [name for name in FIRST if name in node] + sorted(name for name in node if name not in FIRST)
        return {name: _by_language(node[name]) if isinstance(node[name], dict) else _single(node[name]) for name in names}


def _terms(context: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    """The terms that name properties: a prefix or a keyword would not."""
    for name, term in context.items():
        iri = term.get("@id", "") if isinstance(term, dict) else term
        if isinstance(iri, str) and not name.startswith("@") and not iri.startswith("@") and not iri.endswith(("#", "/", ":")):
            yield name, term


def _by_language(texts: dict[str, list[str]]) -> dict[str, Any]:
    return {language: _single(texts[language]) for language in sorted(texts)}


def _single(values: Any) -> Any:
    """A value that is alone stands without an array."""
    return values[0] if isinstance(values, list) and len(values) == 1 else values


def _name(node: Any) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else node.value if isinstance(node, NamedNode) else str(node)
