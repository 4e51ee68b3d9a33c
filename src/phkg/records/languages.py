"""The languages of a registry, as its own record says them; needed before anything is compiled."""

from __future__ import annotations

from pyoxigraph import Literal, RdfFormat, parse

from phkg.records.knowledge import Knowledge
from phkg.vocabulary import ph


def languages_of(knowledge: Knowledge) -> tuple[str, ...]:
    """The language tags of the registry in their order; empty when its record cannot be read or says none."""
    try:
        data = (knowledge.registry / "registry.ttl").read_bytes()
        for quad in parse(data, format=RdfFormat.TURTLE):
            if quad.predicate == ph.languages and isinstance(quad.object, Literal):
                return tuple(quad.object.value.split())
    except (OSError, SyntaxError):
        pass
    return ()
