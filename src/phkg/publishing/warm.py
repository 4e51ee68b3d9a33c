"""Have at hand what most pages need, before the first reader asks: for a snapshot that is fetched piece by piece."""

from __future__ import annotations

from contextlib import suppress

from phkg.graph.snapshot import Snapshot
from phkg.publishing.addresses import FIXED, Address, build, list_view_of, view_of
from phkg.publishing.problems import Problem
from phkg.publishing.site import publish


def warm(snapshot: Snapshot) -> None:
    """Build the pages that every registry has, and of each kind of record the list and one page, and throw them away.

    Raises LookupError when the registry does not describe itself, and what look-ups in the snapshot raise.
    """
    published = publish(snapshot, ())
    code = published.site.languages[0]
    addresses = [Address(name, {}) for name in ("home", *FIXED)]
    for kind in published.site.kinds:
        addresses.append(Address(list_view_of(kind), {}, kind))
        addresses += [Address(view_of(kind), {}, kind, record) for record in published.site.records(kind)[:1]]
    for address in addresses:
        with suppress(Problem):
            build(published, code, address, {})
