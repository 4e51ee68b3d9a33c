"""The list of statements of introduction: one source's word a line, narrowed to a method, a place and a state, cut into pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from phkg.views.choices import Choice, Filter, concepts_of, with_chosen
from phkg.views.reader import Reader, Text, slug, sort_key
from phkg.views.site import DEFINITION, TYPE, Kind
from phkg.views.statements import StatementLine, StatementLines
from phkg.vocabulary import ph

LINES_OF_A_PAGE = 100
"""Lines of a page that asks for no other number."""

NARROWED_BY = (("method", ph.method, ph.Method), ("place", ph.place, ph.Place), ("state", ph.state, ph.State))
"""What statements are narrowed by: the name in the address, the property of the statement, the class that names the choice."""


@dataclass(frozen=True)
class StatementsPage:
    """The statements that were asked for, ordered by their IRI, so by place and method; those that have a successor too.

    `total` counts all that were asked for; `after` is the end of the last line's IRI when more follow on further pages.
    """

    label: Text
    definition: Text | None
    filters: tuple[Filter, ...]
    lines: tuple[StatementLine, ...]
    total: int
    after: str | None


@dataclass(frozen=True)
class Listed:
    """Every statement in the order of the lists, with the end of its IRI after the folder of the kind, and what narrows them in one language.

    `used` are the methods, places and states that can be chosen, by the name in the address.
    """

    ends: dict[NamedNode, str]
    used: dict[str, tuple[NamedNode, ...]]

    @cached_property
    def places(self) -> dict[str, int]:
        """The place in the order, by the end of the IRI."""
        return {end: place for place, end in enumerate(self.ends.values())}

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The values that each narrowing takes, by its name."""
        return {name: tuple(slug(iri) for iri in values) for name, values in self.used.items()}

    @property
    def first(self) -> str:
        """A value that `after` takes; empty when there is no statement."""
        return next(iter(self.ends.values()), "")


def read_listed(reader: Reader, kind: Kind) -> Listed:
    """All statements in a few bulk reads: what every page of the list is made of."""
    graph, start = reader.graph, len(f"{reader.site.base}{kind.folder}/")
    ends = {iri: iri.value[start:] for iri in graph.subjects(TYPE, kind.iri)}
    used = {}
    for name, predicate, class_ in NARROWED_BY:
        if class_ == ph.State:
            used[name] = tuple(concepts_of(reader, class_))
        else:
            found = {value for quad in graph.triples((predicate,)) if quad.subject in ends and isinstance(value := quad.object, NamedNode)}
            used[name] = tuple(sorted(found, key=lambda iri: sort_key(reader.label(iri).value)))
    return Listed(ends, used)


def statements_page(reader: Reader, kind: Kind, all_: Listed, asked: Mapping[str, str]) -> StatementsPage:
    """The statements that `method`, `place`, `state` (slugs), `limit` and `after` ask for, among all.

    Raises ValueError when there is no statement of which the IRI ends with `after`.
    """
    after = asked.get("after", "")
    if after and after not in all_.places:
        raise ValueError(after)
    found = list(all_.ends)
    for name, predicate, _ in NARROWED_BY:
        if asked.get(name):
            values = [iri for iri in all_.used[name] if slug(iri) == asked[name]]
            fitting = {subject for value in values for subject in reader.graph.subjects(predicate, value)}
            found = [iri for iri in found if iri in fitting]
    first = all_.places[after] + 1 if after else 0
    rest = [iri for iri in found if all_.places[all_.ends[iri]] >= first] if after else found
    words = StatementLines(reader)
    shown = rest[: int(asked.get("limit") or LINES_OF_A_PAGE)]
    return StatementsPage(
        label=reader.text(kind.iri, ph.plural) or reader.label(kind.iri),
        definition=reader.text(kind.iri, DEFINITION),
        filters=with_chosen(reader.pieces.get("filters of statements", lambda: _offered(reader, all_)), asked),
        lines=tuple(words[iri] for iri in shown),
        total=len(found),
        after=all_.ends[shown[-1]] if shown and len(shown) < len(rest) else None,
    )


def _offered(reader: Reader, all_: Listed) -> tuple[Filter, ...]:
    """What the list can be narrowed to, with nothing chosen."""
    return tuple(
        Filter(name, reader.label(predicate), tuple(Choice(slug(iri), reader.link(iri).label, False) for iri in all_.used[name]))
        for name, predicate, _ in NARROWED_BY
    )
