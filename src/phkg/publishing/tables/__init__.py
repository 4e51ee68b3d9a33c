"""A view as a table: rows of the facts that its page shows as one, an IRI beside each label, as CSV (RFC 4180).

Columns are named alike in every language; labels are in the page's. Several values of one cell are parted by a space where they
are IRIs or addresses, by ` | ` where they are texts.
"""

from __future__ import annotations

from typing import Any

from phkg.views.records import RecordPage

from . import access, allocation, guidance, organisations, records, standings
from .rows import Table, as_csv, table

__all__ = ("Table", "access", "allocation", "as_csv", "guidance", "has_table", "organisations", "records", "standings", "table")


def has_table(page: Any) -> bool:
    """Whether a view has a table, without making it."""
    return bool(page.parts) if isinstance(page, RecordPage) else table.dispatch(type(page)) is not table.dispatch(object)
