"""The pages of the real registry agree with what was derived: no number on a page is worked out twice and differently."""

import pytest
from pyoxigraph import NamedNode

from phkg.views.adoption import read_spread
from phkg.views.home import home_page
from phkg.views.lists import Narrowing, list_page
from phkg.views.matrix import matrix_page
from phkg.views.method import MethodPage, method_page
from phkg.views.places import places_page
from phkg.views.reader import Reader
from phkg.views.region import region_page
from phkg.views.search import read_names, suggestions
from phkg.views.site import TYPE, Kind, read_site
from phkg.views.standings import Standings, read_standings
from phkg.vocabulary import ph


@pytest.fixture(scope="module")
def reader(real_snapshot) -> Reader:
    return Reader(read_site(real_snapshot), "sv")


@pytest.fixture(scope="module")
def table(reader: Reader) -> Standings:
    return read_standings(reader)


@pytest.fixture(scope="module")
def kind(reader: Reader) -> Kind:
    return next(kind for kind in reader.site.kinds if kind.iri == ph.Method)


@pytest.fixture(scope="module")
def every(reader: Reader, table: Standings, kind: Kind, real_snapshot) -> dict[NamedNode, MethodPage]:
    spread = read_spread(reader.graph, real_snapshot.date)
    return {method: method_page(reader, method, kind, table, spread) for method in reader.site.records(kind)}


def test_access_and_coverage_are_the_derived_ones(reader: Reader, every) -> None:
    graph = reader.graph
    coverage = {graph.object(iri, ph.method): iri for iri in graph.subjects(TYPE, ph.Coverage)}
    assert set(coverage) == set(every) and len(every) > 100
    for method, page in every.items():
        iri = coverage[method]
        assert page.with_access == graph.integer(iri, ph.regionsWithAccess), method
        assert page.coverage is not None
        assert (page.coverage.low, page.coverage.high) == (
            float(graph.text(iri, ph.coverageLow) or -1),
            float(graph.text(iri, ph.coverageHigh) or -1),
        )
        silent = sum(count.regions for count in page.counts if count.state is None)
        assert silent == graph.integer(iri, ph.regionsUnknown), method


def test_every_region_is_counted_once(reader: Reader, every) -> None:
    assert len(reader.site.regions) == 21
    for method, page in every.items():
        assert sum(count.regions for count in page.counts) == page.regions == len(page.standings) == 21, method
        assert page.with_access + page.for_a_part <= 21


def test_a_standing_shows_the_date_of_a_word_that_it_rests_on(every) -> None:
    wrong = [
        (page.head.iri, line.place.iri)
        for page in every.values()
        for line in page.standings
        if line.rests_on and line.word_date not in {word.word_date for word in line.rests_on}
    ]
    assert wrong == []


def test_no_word_is_shown_twice_beside_one_standing(every) -> None:
    for page in every.values():
        for line in page.standings:
            words = [word.iri for word in (*line.rests_on, *line.disagrees, *line.plans, *line.also)]
            assert len(words) == len(set(words)), (page.head.iri, line.place.iri)
            assert line.contradiction == bool(line.disagrees)


def test_the_table_and_the_pages_say_the_same(reader: Reader, table: Standings, kind: Kind, every) -> None:
    first = part = matrix_page(reader, kind, table, {})
    matrix = [*first.rows]
    while part.after:
        part = matrix_page(reader, kind, table, {"after": part.after})
        matrix += part.rows
    assert len(matrix) == first.total and first.total + first.left_out == len(every)
    for row in matrix:
        page = every[NamedNode(row.method.iri)]
        assert row.with_access == page.with_access
        assert [cell.state for cell in row.cells] == [line.state for line in page.standings]
        assert [cell.parts for cell in row.cells] == [not line.state and bool(line.of_parts) for line in page.standings]


def test_the_start_page_adds_up(reader: Reader, table: Standings, kind: Kind, every) -> None:
    page = home_page(reader, kind, table)
    assert page.pairs == 21 * len(every) == sum(count.regions for count in page.counts)
    assert page.statements == len({line.iri for page in every.values() for line in page.history})


def test_relations_are_told_on_both_sides(every) -> None:
    told = {method.value: page.relations for method, page in every.items()}
    narrower = [(one, wide.iri) for one, to in told.items() for wide in to.broader]
    assert len(narrower) > 10
    for one, wide in narrower:
        assert one in [link.iri for link in told[wide].narrower]
    for one, to in told.items():
        assert all(one in [link.iri for link in told[other.iri].same_question] for other in to.same_question)


def test_the_spread_ends_where_the_standings_are(every) -> None:
    """Two ways to the same number: the curve from the words of the sources, the page from the derived standings."""
    known = [page for page in every.values() if page.adoption]
    assert len(known) > 30
    for page in known:
        assert (page.adoption.now.low, page.adoption.now.high) == (
            page.with_access, page.with_access + page.for_a_part + page.unknown,
        ), page.head.iri  # fmt: skip


def test_the_lists_say_of_methods_and_regions_what_their_own_pages_say(reader: Reader, table: Standings, kind: Kind, every) -> None:
    listed = {entry.link.iri: entry.reach for entry in list_page(reader, kind, table=table).entries}
    assert {iri: reach and (reach.access, reach.regions) for iri, reach in listed.items()} == {
        method.value: (page.with_access, page.regions) for method, page in every.items()
    }
    places = next(one for one in reader.site.kinds if one.iri == ph.Place)
    for line in places_page(reader, places, kind, table).regions:
        own = region_page(reader, NamedNode(line.place.iri), places, table)
        assert (line.known, line.methods) == (own.known, own.methods)
        assert tuple(one for one in line.counts if one.regions) == tuple(one for one in own.counts if one.regions)


@pytest.mark.parametrize("folder", ["methods", "organisations", "programmes"])
def test_a_list_offers_only_what_leaves_some_and_not_all(reader: Reader, folder: str) -> None:
    of = reader.site.kind_of_folder(folder)
    whole = list_page(reader, of)
    assert whole.filters
    for offered in whole.filters:
        for one in offered.choices:
            narrowed = list_page(reader, of, None, Narrowing(**{offered.name: one.slug}))
            assert narrowed.total == len(narrowed.entries) == one.count and 0 < one.count < whole.total
            assert [other.slug for same in narrowed.filters for other in same.choices if other.chosen] == [one.slug]


def test_an_address_that_names_nothing_suggests_its_own_kind_first(reader: Reader) -> None:
    names = read_names(reader.site)
    (method, *_), (source, *_) = (suggestions(reader, names, f"/sv/{word}/nipt/") for word in ("metoder", "kallor"))
    assert "/methods/" in method.link.iri and "/sources/" in source.link.iri
