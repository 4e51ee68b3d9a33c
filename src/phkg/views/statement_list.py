"""The list of statements of introduction: one source's word a line, narrowed to a method, a place and a state, cut into pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.choices import Choice, Filter, concepts_of
from phkg.views.graph import natural
from phkg.views.lists import slug
from phkg.views.reader import Reader, Text, sort_key
from phkg.views.site import DEFINITION, TYPE, Kind
from phkg.views.statements import StatementLine, statement_line
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


def choices_of(reader: Reader) -> dict[str, tuple[str, ...]]:
    """The values that each narrowing takes, by its name: of methods and places those of which there is a statement."""
    return {one.name: tuple(choice.slug for choice in one.choices) for one in _filters(reader, {})}


def first_cursor(reader: Reader, kind: Kind) -> str:
    """A value that `after` takes; empty when there is no statement."""
    found = _ordered(reader, kind)
    return found[0][1] if found else ""


def statements_page(reader: Reader, kind: Kind, asked: Mapping[str, str]) -> StatementsPage:
    """The statements that `method`, `place`, `state` (slugs), `limit` and `after` ask for.

    Raises ValueError when there is no statement of which the IRI ends with `after`.
    """
    graph = reader.graph
    listed = _ordered(reader, kind)
    after = asked.get("after", "")
    if after and after not in {end for _, end in listed}:
        raise ValueError(after)
    for name, predicate, _ in NARROWED_BY:
        if asked.get(name):
            listed = [(iri, end) for iri, end in listed if asked[name] in [slug(one) for one in graph.objects(iri, predicate) if isinstance(one, NamedNode)]]
    rest = [(iri, end) for iri, end in listed if not after or natural(end) > natural(after)]
    shown = rest[: int(asked.get("limit") or LINES_OF_A_PAGE)]
    return StatementsPage(
        label=reader.text(kind.iri, ph.plural) or reader.label(kind.iri),
        definition=reader.text(kind.iri, DEFINITION),
        filters=_filters(reader, asked),
        lines=tuple(statement_line(reader, iri) for iri, _ in shown),
        total=len(listed),
        after=shown[-1][1] if shown and len(shown) < len(rest) else None,
    )


def _ordered(reader: Reader, kind: Kind) -> list[tuple[NamedNode, str]]:
    """Every statement with the end of its IRI after the folder of the kind."""
    start = len(f"{reader.site.base}{kind.folder}/")
    return [(iri, iri.value[start:]) for iri in reader.graph.subjects(TYPE, kind.iri)]


def _filters(reader: Reader, asked: Mapping[str, str]) -> tuple[Filter, ...]:
    graph = reader.graph
    spoken = set(graph.subjects(TYPE, ph.ImplementationStatement))
    found = []
    for name, predicate, class_ in NARROWED_BY:
        if class_ == ph.State:
            values = concepts_of(reader, class_)
        else:
            used = {value for subject, value in graph.pairs(predicate) if subject in spoken and isinstance(value, NamedNode)}
            values = sorted(used, key=lambda iri: sort_key(reader.label(iri).value))
        choices = tuple(Choice(slug(iri), reader.label(iri), slug(iri) == asked.get(name)) for iri in values)
        found.append(Filter(name, reader.label(predicate), choices))
    return tuple(found)
