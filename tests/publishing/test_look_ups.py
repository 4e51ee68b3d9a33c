"""What pages ask of the graph.

A look-up by one pattern costs some microseconds of a store in memory, and a page does some for each of its rows. A SPARQL query costs milliseconds. So what is held here is
that a page, once what all pages share is at hand, asks no query at all, not one a row nor one a page. The number of look-ups is not held: it would say which things were kept by
chance before. What a page costs is measured in `benchmarks/pages.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from page_kinds import KINDS
from pyoxigraph import Quad

from phkg.graph.snapshot import Snapshot, Triples
from phkg.publishing.app import create_app
from phkg.publishing.build_asking import Asking
from phkg.records.knowledge import Knowledge


class Counting:
    """A store that counts the queries it is asked."""

    def __init__(self, store: Triples) -> None:
        self._store = store
        self.queries = 0

    def __iter__(self) -> Iterator[Quad]:
        return iter(self._store)

    def quads_for_pattern(self, *pattern: Any) -> Iterator[Quad]:
        return self._store.quads_for_pattern(*pattern)

    def query(self, query: str) -> Iterable[Any]:
        self.queries += 1
        return self._store.query(query)


@pytest.fixture(scope="module")
def asked(real_knowledge: Knowledge, real_snapshot: Snapshot) -> tuple[Asking, Counting]:
    store = Counting(real_snapshot.store)
    snapshot = replace(real_snapshot, store=store)
    asking = Asking(create_app(real_knowledge, lambda: snapshot))
    for address in KINDS["todo"].values():
        assert asking.ask(address)[0] == 200
    assert store.queries, "The tasks are read by queries, and the store counts these."
    return asking, store


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["sv", "en"])
def test_a_page_asks_no_query_of_its_own(asked: tuple[Asking, Counting], kind: str, code: str) -> None:
    asking, store = asked
    before = store.queries
    assert asking.ask(KINDS[kind][code])[0] == 200
    assert store.queries == before
