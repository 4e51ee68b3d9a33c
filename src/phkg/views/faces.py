"""How the cells of a table of standings look: few looks for many cells, each made once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Concept, Reader, slug
from phkg.views.standings import Standings
from phkg.views.statements import absence_of


@dataclass(frozen=True)
class Face:
    """How cells look: a state (None is silence), the kind of absence, and what is to be said beside.

    `part` says that it holds for some only, `parts` that only a part of the region has spoken.
    """

    state: Concept | None
    absence: Concept | None
    contradiction: bool
    part: bool
    parts: bool


@dataclass(frozen=True)
class Cell(Face):
    """The standing of a method in a region. `look` is the number of its face among the page's; at `path` its words can be read."""

    look: int
    path: str


class Faces:
    """The looks of the cells of one page, numbered in the order in which they come."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._listed: list[Face] = []
        self._slugs: dict[NamedNode, str] = {}
        self._known: dict[tuple[object, ...], int] = {}

    def cells(self, table: Standings, method: NamedNode, regions: Iterable[NamedNode]) -> tuple[Cell, ...]:
        """The cells of a method, one for each of the regions."""
        page = self._reader.link(method).path
        found = []
        for region in regions:
            look = self.of(table, method, region)
            if region not in self._slugs:
                self._slugs[region] = slug(region)
            face = self._listed[look]
            found.append(Cell(face.state, face.absence, face.contradiction, face.part, face.parts, look, f"{page}#{self._slugs[region]}"))
        return tuple(found)

    def of(self, table: Standings, method: NamedNode, region: NamedNode) -> int:
        """The number of the look of a method's standing in a region."""
        holds = table.of(method, region)
        if holds:
            key: tuple[object, ...] = (holds.state, holds.reason, holds.contradiction, holds.part)
        else:
            key = (None, (method, region) in table.partly)
        if key not in self._known:
            state = self._reader.concept(holds.state) if holds and holds.state else None
            absence = absence_of(self._reader, holds.reason, holds.state) if holds else None
            face = Face(state, absence, bool(holds and holds.contradiction), bool(holds and holds.part), not holds and bool(key[1]))
            if face not in self._listed:
                self._listed.append(face)
            self._known[key] = self._listed.index(face)
        return self._known[key]

    def all(self) -> tuple[Face, ...]:
        """The looks, by their numbers."""
        return tuple(self._listed)
