"""The list of statements: all of them in one order, cut into pages without loss, narrowed by slugs. The town's words are the measure."""

import pytest

from phkg.views.reader import Reader
from phkg.views.site import TYPE
from phkg.views.statement_list import read_listed, statements_page
from phkg.vocabulary import ph


@pytest.fixture(scope="module")
def kind(sv: Reader):
    return next(kind for kind in sv.site.kinds if kind.iri == ph.ImplementationStatement)


def test_every_statement_is_listed_once_by_place_method_and_number(sv: Reader, kind) -> None:
    page = statements_page(sv, kind, read_listed(sv, kind), {"limit": "500"})
    iris = [line.iri for line in page.lines]
    assert set(iris) == {iri.value for iri in sv.graph.subjects(TYPE, ph.ImplementationStatement)}
    assert len(iris) == len(set(iris)) == page.total and page.after is None


def test_pages_follow_each_other_without_loss(sv: Reader, kind) -> None:
    whole = [line.iri for line in statements_page(sv, kind, read_listed(sv, kind), {}).lines]
    read, after = [], ""
    while after is not None:
        page = statements_page(sv, kind, read_listed(sv, kind), {"limit": "2", "after": after})
        assert page.total == len(whole)
        read += [line.iri for line in page.lines]
        after = page.after
    assert read == whole


def test_narrowing_keeps_what_is_asked_for(sv: Reader, kind) -> None:
    for name, values in read_listed(sv, kind).choices.items():
        assert values
        totals = 0
        for value in values:
            page = statements_page(sv, kind, read_listed(sv, kind), {name: value, "limit": "500"})
            totals += page.total
            chosen = [choice.slug for one in page.filters if one.name == name for choice in one.choices if choice.chosen]
            assert chosen == [value]
            for line in page.lines:
                told = {"method": line.method, "place": line.place, "state": line.state}[name]
                assert told and told.iri.endswith(value)
        if name != "state":
            assert totals == statements_page(sv, kind, read_listed(sv, kind), {}).total


def test_a_cursor_that_is_none_is_refused(sv: Reader, kind) -> None:
    assert statements_page(sv, kind, read_listed(sv, kind), {"after": read_listed(sv, kind).first}).total
    with pytest.raises(ValueError):
        statements_page(sv, kind, read_listed(sv, kind), {"after": "no/such/1"})
