"""Where a method is offered, in one line: the regions that give access, those of which nobody has spoken, and who does it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.graph.reading import Kept
from phkg.views.reader import Link, Reader, Text, sort_key
from phkg.views.records import class_label
from phkg.views.standings import Standings
from phkg.vocabulary import ph


@dataclass(frozen=True)
class OfferPlace:
    """A region that gives access to a method; `part`: to a part of those whom it is meant for."""

    place: Link
    short_name: Text
    part: bool


@dataclass(frozen=True)
class Offer:
    """A method and where it is offered. Of `regions` regions, `known` have a known state; `performers` are named as doing it."""

    method: Link
    kind: Text
    places: tuple[OfferPlace, ...]
    known: int
    regions: int
    performers: tuple[Link, ...]


class Offers:
    """The offers of methods, each worked out once however many lines show it."""

    def __init__(self, reader: Reader, table: Standings) -> None:
        self._reader = reader
        self._table = table
        self._known: Kept[Offer] = reader.graph.kept()

    def __getitem__(self, method: NamedNode) -> Offer:
        return self._known.get(method, lambda: self._made(method))

    def _made(self, method: NamedNode) -> Offer:
        reader, held = self._reader, [(region, self._table.of(method, region)) for region in self._reader.site.regions]
        return Offer(
            method=reader.link(method),
            kind=class_label(reader, method),
            places=tuple(OfferPlace(reader.link(region), reader.short_name(region), one.part) for region, one in held if one and one.gives_access),
            known=sum(one is not None and one.known for _, one in held),
            regions=self._table.concerned(method, reader.site.regions),
            performers=self._performers(method),
        )

    def of(self, methods: set[NamedNode]) -> tuple[Offer, ...]:
        """The offers of some methods, those with access in most regions first; replaced methods are left out."""
        found = [self[one] for one in methods if not self._reader.graph.is_retired(one)]
        return tuple(sorted(found, key=lambda one: (-len(one.places), -one.known, sort_key(one.method.label.value), one.method.iri)))

    def _performers(self, method: NamedNode) -> tuple[Link, ...]:
        """Who is named as doing it: by the method itself, or by a word that is about it or about what is done at a place."""
        reader, graph = self._reader, self._reader.graph
        said = [word for place in self._table.places.get(method, ()) for word in self._table.statements.get((method, place), ())]
        found = {one for subject in (method, *said) for one in graph.objects(subject, ph.performedBy)}
        found |= {place for word in said for place in graph.objects(word, ph.place) if graph.object(place, ph.inRegion) is not None}
        links = [reader.link(one) for one in found if isinstance(one, NamedNode)]
        return tuple(sorted(links, key=lambda link: sort_key(link.label.value)))
