"""Organisations and what they decide, as rows: memberships, acts of governance."""

from __future__ import annotations

from typing import Any

from phkg.views.governance import ActLine, ActPage, GovernancePage
from phkg.views.organisation import MembershipLine, OrganisationPage
from phkg.views.reader import Link

from .rows import Row, Table, named, rows_table, sources, table


@table.register
def _governance(page: GovernancePage) -> Table | None:
    return rows_table((_act(line) for line in page.acts), ACT_COLUMNS)


@table.register
def _act_page(page: ActPage) -> Table | None:
    return rows_table((_act(line) for line in (*((page.line,) if page.line else ()), *page.has_parts)), ACT_COLUMNS)


def _act(line: ActLine) -> Row:
    def all_of(name: str, links: tuple[Link, ...]) -> Row:
        return {f"{name}_iri": " ".join(one.iri for one in links), name: " | ".join(one.label.value for one in links)}

    return {
        **named("act", line.act),
        "kind": line.kind.value,
        **all_of("from", line.from_whom),
        **all_of("to", line.to_whom),
        "since": line.since,
        "until": line.until,
        "amount": "" if line.amount is None else line.amount,
        "currency": line.currency,
        **all_of("part_of", line.wholes),
        **all_of("overlaps_with", line.overlaps),
        **all_of("concerns", line.concerns),
    }


@table.register
def _organisation(page: OrganisationPage) -> Table | None:
    return rows_table(
        (
            *(_membership(page.head, one.other, one) for one in page.members),
            *(_membership(one.other, page.head, one) for one in page.member_of),
        ),
        MEMBERSHIP_COLUMNS,
    )


def _membership(whole: Any, member: Any, line: MembershipLine) -> Row:
    return {
        **named("organisation", whole),
        **named("member", member),
        **named("role", line.role),
        "role_text": line.role_text.value if line.role_text else "",
        "since": line.since,
        "until": line.until,
        **sources(line.sources),
    }


ACT_COLUMNS = (
    "act_iri", "act", "kind", "from_iri", "from", "to_iri", "to", "since", "until", "amount", "currency", "part_of_iri", "part_of",
    "overlaps_with_iri", "overlaps_with", "concerns_iri", "concerns",
)  # fmt: skip
MEMBERSHIP_COLUMNS = (
    "organisation_iri", "organisation", "member_iri", "member", "role_iri", "role", "role_text", "since", "until", "source_iris",
    "source_addresses",
)  # fmt: skip
