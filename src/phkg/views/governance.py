"""Who asked whom for what, when and with what money: all acts in the order of time, with sums, and the page of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.analysis.sums import sum_range
from phkg.views.choices import Choice
from phkg.views.facts import Fact, facts
from phkg.views.reader import Link, Reader, Text, slug, sort_key
from phkg.views.records import Head, Part, Uses, class_label, head, parts, uses
from phkg.views.site import RETIREMENT, TYPE, Kind, subclasses
from phkg.views.source_lines import SourceLine, sources
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS

PART_OF = NamedNode(DCTERMS + "isPartOf")
SHOWN_APART = (ph.fromOrganisation, ph.toOrganisation, ph.since, ph.until, ph.amount, ph.currency, PART_OF, ph.overlapsWith, ph.concerns)


@dataclass(frozen=True)
class ActLine:
    """An act of governance; `amount` is None where no sum is known. `wholes` and `overlaps` say what it must not be added to."""

    act: Link
    kind: Text
    from_whom: tuple[Link, ...]
    to_whom: tuple[Link, ...]
    since: str
    until: str
    amount: int | None
    currency: str
    wholes: tuple[Link, ...]
    overlaps: tuple[Link, ...]
    concerns: tuple[Link, ...]


@dataclass(frozen=True)
class SumLine:
    """What the acts from one giver (None: whoever gave) make together in a currency, at least and at most.

    `counted` acts were added; `left_out` have an amount that their whole holds already.
    """

    giver: Link | None
    currency: str
    low: int
    high: int
    counted: int
    left_out: int


@dataclass(frozen=True)
class GovernancePage:
    """The acts, the latest first, all or those of one class; the sums are of the acts shown.

    There is no sum over givers: what one receiver passes on to the next would be counted with both.
    """

    acts: tuple[ActLine, ...]
    sums: tuple[SumLine, ...]
    without_amount: int
    kinds: tuple[Choice, ...]


@dataclass(frozen=True)
class ActPage:
    """A record of governance: an act with its parts and what they make together, or a group, for which `line` is None."""

    head: Head
    line: ActLine | None
    has_parts: tuple[ActLine, ...]
    sums: tuple[SumLine, ...]
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]


def act_kinds(reader: Reader, chosen: str = "") -> tuple[Choice, ...]:
    """The classes of acts that there are any of, with the one that is chosen by its slug."""
    graph = reader.graph
    return tuple(Choice(slug(one), reader.label(one), slug(one) == chosen) for one in subclasses(graph, ph.Act) if graph.subjects(TYPE, one))


def governance_page(reader: Reader, kind: str = "") -> GovernancePage:
    """All acts, or those of the class with this slug."""
    graph = reader.graph
    classes = [one for one in subclasses(graph, ph.Act) if kind in ("", slug(one))]
    acts = dict.fromkeys(act for class_ in classes for act in graph.subjects(TYPE, class_) if not graph.is_retired(act))
    lines = _latest_first(act_line(reader, act) for act in acts)
    return GovernancePage(lines, _sums(reader, lines), sum(line.amount is None for line in lines), act_kinds(reader, kind))


def act_page(reader: Reader, record: NamedNode, kind: Kind) -> ActPage:
    """The page of one record of governance."""
    graph = reader.graph
    is_act = graph.object(record, TYPE) in subclasses(graph, ph.Act)
    inside = _latest_first(act_line(reader, one) for one in graph.subjects(PART_OF, record) if not graph.is_retired(one))
    return ActPage(
        head=head(reader, record, kind),
        line=act_line(reader, record) if is_act else None,
        has_parts=inside,
        sums=_sums(reader, inside, by_giver=False),
        facts=facts(reader, record, without=(ph.statedBy, *RETIREMENT, *(SHOWN_APART if is_act else ()))),
        parts=parts(reader, record),
        uses=uses(reader, record, without=(PART_OF, ph.overlapsWith)),
        sources=sources(reader, record),
    )


def act_line(reader: Reader, act: NamedNode) -> ActLine:
    """One act; an overlap holds in both directions, whichever of the two says it."""
    graph = reader.graph
    overlaps = dict.fromkeys((*graph.objects(act, ph.overlapsWith), *graph.subjects(ph.overlapsWith, act)))
    return ActLine(
        act=reader.link(act),
        kind=class_label(reader, act),
        from_whom=_links(reader, graph.objects(act, ph.fromOrganisation)),
        to_whom=_links(reader, graph.objects(act, ph.toOrganisation)),
        since=graph.text(act, ph.since) or "",
        until=graph.text(act, ph.until) or "",
        amount=graph.integer(act, ph.amount),
        currency=graph.text(act, ph.currency) or "",
        wholes=_links(reader, graph.objects(act, PART_OF)),
        overlaps=_links(reader, overlaps),
        concerns=_links(reader, graph.objects(act, ph.concerns)),
    )


def _sums(reader: Reader, lines: tuple[ActLine, ...], by_giver: bool = True) -> tuple[SumLine, ...]:
    """The sum of each currency by giver, the largest first, or of all. Wholes are followed beyond the lines that are shown."""
    groups: dict[tuple[str, Link | None], list[ActLine]] = defaultdict(list)
    for line in lines:
        if line.amount is not None:
            for giver in line.from_whom if by_giver else (None,):
                groups[line.currency, giver].append(line)
    wholes: dict[str, list[str]] = defaultdict(list)
    for part, whole in reader.graph.pairs(PART_OF):
        wholes[part.value].append(whole.value)
    found = []
    for (currency, giver), members in groups.items():
        amounts = {line.act.iri: line.amount for line in members if line.amount is not None}
        overlaps = [(line.act.iri, other.iri) for line in members for other in line.overlaps]
        total = sum_range(amounts, wholes, overlaps)
        found.append(SumLine(giver, currency, total.low, total.high, len(total.counted), len(amounts) - len(total.counted)))
    return tuple(sorted(found, key=lambda one: (-one.high, sort_key(one.giver.label.value if one.giver else ""))))


def _latest_first(lines: Iterable[ActLine]) -> tuple[ActLine, ...]:
    return tuple(sorted(lines, key=lambda line: (line.since, line.act.iri), reverse=True))


def _links(reader: Reader, values: Iterable[object]) -> tuple[Link, ...]:
    return tuple(reader.link(value) for value in values if isinstance(value, NamedNode))
