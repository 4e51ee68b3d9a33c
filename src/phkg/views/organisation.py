"""The page of an organisation: who sits in it, where it sits, what it gave and was given, what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.facts import Fact, facts
from phkg.views.reader import Link, Reader, Text, sort_key
from phkg.views.records import Head, Uses, head, uses
from phkg.views.site import RETIREMENT, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.views.statements import StatementLine, StatementLines, newest_first
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import ORG

MEMBER = NamedNode(ORG + "member")
ORGANISATION = NamedNode(ORG + "organization")
ROLE = NamedNode(ORG + "role")
PART_OF = NamedNode(ORG + "subOrganizationOf")


@dataclass(frozen=True)
class MembershipLine:
    """A membership seen from one of its two sides; `other` is the other side."""

    other: Link
    role: Link | None
    role_text: Text | None
    since: str
    until: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class OrganisationPage:
    """An organisation."""

    head: Head
    facts: tuple[Fact, ...]
    inside: tuple[Link, ...]
    members: tuple[MembershipLine, ...]
    member_of: tuple[MembershipLine, ...]
    statements: tuple[StatementLine, ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]


def organisation_page(reader: Reader, organisation: NamedNode, kind: Kind) -> OrganisationPage:
    """The page of one organisation."""
    graph, words = reader.graph, StatementLines(reader)
    about = {*graph.subjects(ph.place, organisation), *graph.subjects(ph.performedBy, organisation)}
    own = {iri for iri in about if graph.object(iri, ph.statementKind)}
    return OrganisationPage(
        head=head(reader, organisation, kind),
        facts=facts(reader, organisation, without=(ph.statedBy, *RETIREMENT)),
        inside=tuple(reader.link(iri) for iri in graph.subjects(PART_OF, organisation)),
        members=memberships(reader, organisation, ORGANISATION, MEMBER),
        member_of=memberships(reader, organisation, MEMBER, ORGANISATION),
        statements=newest_first([words[iri] for iri in own]),
        uses=uses(reader, organisation, without=(MEMBER, ORGANISATION, PART_OF), shown=own),
        sources=sources(reader, organisation),
    )


def memberships(reader: Reader, organisation: NamedNode, this_side: NamedNode, other_side: NamedNode) -> tuple[MembershipLine, ...]:
    """The memberships that have this organisation on one side, by the name of the other side."""
    graph = reader.graph
    lines = []
    for membership in graph.subjects(this_side, organisation):
        other = graph.object(membership, other_side)
        role = graph.object(membership, ROLE)
        if isinstance(other, NamedNode):
            lines.append(
                MembershipLine(
                    other=reader.link(other),
                    role=reader.link(role) if isinstance(role, NamedNode) else None,
                    role_text=reader.text(membership, ph.roleText),
                    since=graph.text(membership, ph.since) or "",
                    until=graph.text(membership, ph.until) or "",
                    sources=sources(reader, membership),
                )
            )
    return tuple(sorted(lines, key=lambda line: sort_key(line.other.label.value)))
