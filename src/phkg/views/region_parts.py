"""What lies in a region and what it has to do with others: organisations, analyses made elsewhere or for others, money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Link, Reader, Text, sort_key
from phkg.views.site import CLASSIFICATION, TYPE
from phkg.views.standings import Standings
from phkg.views.statements import StatementLine, StatementLines, newest_first
from phkg.vocabulary import ph


@dataclass(frozen=True)
class OrganisationGroup:
    """The organisations of one kind in a region; `kind` is None where none is given."""

    kind: Text | None
    organisations: tuple[Link, ...]


@dataclass(frozen=True)
class Agreements:
    """Words by which a method is done for the region by an organisation elsewhere, and by one of the region for others."""

    done_elsewhere: tuple[StatementLine, ...]
    done_for_others: tuple[StatementLine, ...]


@dataclass(frozen=True)
class MoneyLine:
    """A decision, an assignment or a grant from or to a region or an organisation in it; `amount` is None where no sum is known."""

    act: Link
    from_whom: tuple[Link, ...]
    to_whom: tuple[Link, ...]
    amount: int | None
    currency: str
    since: str


def organisations_in(reader: Reader, region: NamedNode) -> list[NamedNode]:
    """The organisations that lie in a region, without replaced ones."""
    graph = reader.graph
    return [one for one in graph.subjects(ph.inRegion, region) if not graph.is_retired(one)]


def by_kind(reader: Reader, organisations: Iterable[NamedNode]) -> tuple[OrganisationGroup, ...]:
    """Organisations under their kinds, both by name, those of no kind last."""
    groups: dict[NamedNode | None, list[Link]] = {}
    for one in organisations:
        kind = reader.graph.object(one, CLASSIFICATION)
        groups.setdefault(kind if isinstance(kind, NamedNode) else None, []).append(reader.link(one))
    found = [
        OrganisationGroup(reader.label(kind) if kind else None, tuple(sorted(links, key=lambda link: sort_key(link.label.value))))
        for kind, links in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: (group.kind is None, sort_key(group.kind.value if group.kind else ""))))


def agreements(reader: Reader, region: NamedNode, organisations: Iterable[NamedNode], table: Standings, words: StatementLines) -> Agreements:
    """What is done for a region elsewhere, and what its organisations do for other places."""
    graph, here = reader.graph, {region, *organisations}
    elsewhere = [
        word
        for method in table.methods.get(region, ())
        for word in table.statements[method, region]
        if any(performer not in here for performer in table.performers.get(word, ()))
    ]
    for_others = [
        word
        for one in here
        for word in graph.subjects(ph.performedBy, one)
        if graph.object(word, TYPE) == ph.ImplementationStatement and graph.object(word, ph.place) not in here and not graph.is_retired(word)
    ]
    return Agreements(newest_first([words[one] for one in elsewhere]), newest_first([words[one] for one in for_others]))


def money(reader: Reader, region: NamedNode, organisations: Iterable[NamedNode]) -> tuple[MoneyLine, ...]:
    """The acts from or to a region or an organisation in it, the latest first. They are listed and never summed."""
    graph = reader.graph
    acts: dict[NamedNode, None] = {}
    for one in (region, *organisations):
        for predicate in (ph.fromOrganisation, ph.toOrganisation):
            acts.update(dict.fromkeys(graph.subjects(predicate, one)))
    current = [act for act in acts if not graph.is_retired(act)]
    lines = [
        MoneyLine(
            act=reader.link(act),
            from_whom=_links(reader, act, ph.fromOrganisation),
            to_whom=_links(reader, act, ph.toOrganisation),
            amount=graph.integer(act, ph.amount),
            currency=graph.text(act, ph.currency) or "",
            since=graph.text(act, ph.since) or "",
        )
        for act in current
    ]
    return tuple(sorted(lines, key=lambda line: (line.since, line.act.iri), reverse=True))


def _links(reader: Reader, subject: NamedNode, predicate: NamedNode) -> tuple[Link, ...]:
    return tuple(reader.link(value) for value in reader.graph.objects(subject, predicate) if isinstance(value, NamedNode))
