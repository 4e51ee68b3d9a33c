"""How the same method differs between regions: for whom, how and by whom it is done, as the words that hold say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.facts import Value
from phkg.views.reader import Link, Reader, Text
from phkg.views.statements import StandingLine
from phkg.vocabulary import ph


@dataclass(frozen=True)
class DifferenceRow:
    """A region with what its words say under each heading of the table; an empty cell is something that nobody has said."""

    place: Link
    short_name: Text
    cells: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Differences:
    """A table of regions by properties; `headings` are the properties of which at least one region's words say something."""

    headings: tuple[Text, ...]
    rows: tuple[DifferenceRow, ...]


COMPARED = (
    ph.eligibility,
    ph.offerMode,
    ph.pathwayPlace,
    ph.provision,
    ph.performedBy,
    ph.payment,
    ph.pilotKind,
    ph.volumePerYear,
)
"""What is compared, in the order of the columns."""


def differences(reader: Reader, lines: Iterable[StandingLine]) -> Differences | None:
    """The regions whose words say more than a state, side by side; None when there are none."""
    said = [(line, _said(line)) for line in lines]
    told = [(line, values) for line, values in said if values]
    shown = [predicate for predicate in COMPARED if any(predicate.value in values for _, values in told)]
    if not shown:
        return None
    return Differences(
        headings=tuple(reader.label(predicate) for predicate in shown),
        rows=tuple(DifferenceRow(line.place, line.short_name, tuple(values.get(predicate.value, ()) for predicate in shown)) for line, values in told),
    )


def _said(line: StandingLine) -> dict[str, tuple[Value, ...]]:
    found: dict[str, dict[Value, None]] = {}
    for word in line.rests_on:
        if word.eligibility:
            found.setdefault(ph.eligibility.value, {})[word.eligibility] = None
        for fact in word.qualifiers:
            if NamedNode(fact.property) in COMPARED:
                found.setdefault(fact.property, {}).update(dict.fromkeys(fact.values))
    return {name: tuple(values) for name, values in found.items()}
