"""What a table of methods can be narrowed to: one list of choices for each property, all from the vocabulary and the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from phkg.views.reader import Reader, Text, slug, sort_key
from phkg.vocabulary import ph

NARROWED_BY = (
    ("area", ph.ClinicalArea, ph.clinicalArea),
    ("purpose", ph.Purpose, ph.purpose),
    ("technology", ph.Technology, ph.technology),
)
"""Properties of a method by which a table can be narrowed: the name in the address, the class of the values, the property."""


@dataclass(frozen=True)
class Choice:
    """A value that can be asked for."""

    slug: str
    label: Text
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """A parameter of the address with its heading and the values that it takes."""

    name: str
    label: Text
    choices: tuple[Choice, ...]


def filters(reader: Reader, kinds: list[NamedNode], asked: Mapping[str, str]) -> tuple[Filter, ...]:
    """All lists of choices of the table of methods, with what the reader has chosen."""
    return with_chosen(reader.pieces.get(("filters", tuple(kinds)), lambda: _offered(reader, kinds)), asked)


def with_chosen(offered: tuple[Filter, ...], asked: Mapping[str, str]) -> tuple[Filter, ...]:
    """Lists of choices with nothing chosen, with what the reader has chosen; the same lists serve all pages."""

    def chosen(one: Filter) -> Filter:
        choices = (replace(choice, chosen=True) if choice.slug == asked[one.name] else choice for choice in one.choices)
        return replace(one, choices=tuple(choices))

    return tuple(chosen(one) if asked.get(one.name) else one for one in offered)


def _offered(reader: Reader, kinds: list[NamedNode]) -> tuple[Filter, ...]:
    """The lists with nothing chosen, which are the same on every page of a language."""
    named = [(name, reader.label(predicate), concepts_of(reader, class_)) for name, class_, predicate in NARROWED_BY]
    named.append(("kind", reader.label(ph.Method), kinds))
    named.append(("state", reader.label(ph.State), concepts_of(reader, ph.State)))
    named.append(("within", reader.label(ph.HealthcareRegion), wider_places(reader)))
    return tuple(Filter(name, label, tuple(Choice(slug(iri), reader.label(iri), False) for iri in iris)) for name, label, iris in named if iris)


def allowed(reader: Reader, kinds: list[NamedNode]) -> dict[str, tuple[str, ...]]:
    """The values that each list of choices takes, by its name."""
    return {one.name: tuple(choice.slug for choice in one.choices) for one in filters(reader, kinds, {})}


def concepts_of(reader: Reader, class_: NamedNode) -> list[NamedNode]:
    """The concepts of a class: by their rank where they have one, else by name."""
    found = reader.concepts(class_)
    ranked = any(concept.rank for concept in found)
    ordered = found if ranked else sorted(found, key=lambda concept: sort_key(concept.label.value))
    return [NamedNode(concept.iri) for concept in ordered]


def wider_places(reader: Reader) -> list[NamedNode]:
    """The places that regions lie within, in the order of the regions."""
    found: dict[NamedNode, None] = {}
    for region in reader.site.regions:
        found.update((place, None) for place in reader.graph.objects(region, ph.within) if isinstance(place, NamedNode))
    return list(found)
