"""What a method is connected with: wider and narrower methods, other answers to the same question, treatments, laboratories, events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Concept, Link, Reader, sort_key
from phkg.views.site import BROADER
from phkg.views.statements import StatementLine
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Relations:
    """Other methods by how they are related; `guides` are treatments that this one guides, `guided_by` what guides this one."""

    broader: tuple[Link, ...]
    narrower: tuple[Link, ...]
    same_question: tuple[Link, ...]
    guides: tuple[Link, ...]
    guided_by: tuple[Link, ...]


@dataclass(frozen=True)
class Event:
    """Something that began or ended somewhere, by one statement. `ends` says that its state ended then."""

    date: str
    place: Link
    state: Concept | None
    kind: Concept | None
    ends: bool
    anchor: str


SHOWN_APART = (BROADER, ph.answersSameQuestionAs, ph.guidesTreatment)
"""Properties that a page shows as relations and not among the facts."""


def relations(reader: Reader, method: NamedNode) -> Relations:
    """The relations of a method, those that other records say of it as well, without replaced records."""
    graph = reader.graph
    same = [*graph.objects(method, ph.answersSameQuestionAs), *graph.subjects(ph.answersSameQuestionAs, method)]
    return Relations(
        broader=_links(reader, graph.objects(method, BROADER)),
        narrower=_links(reader, graph.subjects(BROADER, method)),
        same_question=_links(reader, same),
        guides=_links(reader, graph.objects(method, ph.guidesTreatment)),
        guided_by=_links(reader, graph.subjects(ph.guidesTreatment, method)),
    )


def events(lines: Iterable[StatementLine]) -> tuple[Event, ...]:
    """What began or ended when, by dated statements, the oldest first. A plan is no event."""
    found = []
    for line in lines:
        for date, ends in ((line.since, False), (line.until, True)):
            if date and (line.state or line.kind):
                found.append(Event(date, line.place, line.state, line.kind, ends, line.anchor))
    return tuple(sorted(found, key=lambda event: (event.date, event.ends, event.anchor)))


def laboratories(reader: Reader, lines: Iterable[StatementLine]) -> tuple[StatementLine, ...]:
    """The statements in which an organisation itself offers or does something, by the name of the organisation."""
    of_organisations = [line for line in lines if NamedNode(line.place.iri) not in reader.site.regions and _in_region(reader, line)]
    return tuple(sorted(of_organisations, key=lambda line: (sort_key(line.place.label.value), line.iri)))


def _in_region(reader: Reader, line: StatementLine) -> bool:
    return reader.graph.object(NamedNode(line.place.iri), ph.inRegion) is not None


def _links(reader: Reader, found: Iterable[object]) -> tuple[Link, ...]:
    records = dict.fromkeys(one for one in found if isinstance(one, NamedNode))
    links = [reader.link(one) for one in records if not reader.graph.is_retired(one)]
    return tuple(sorted(links, key=lambda link: sort_key(link.label.value)))
