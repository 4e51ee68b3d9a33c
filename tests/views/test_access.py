"""Equal access in Ekland, worked out by hand from the table in conftest.py, on the first of June 2021."""

from datetime import date

import pytest
from pyoxigraph import NamedNode

from phkg.analysis.dates import Bounds
from phkg.graph.snapshot import Snapshot
from phkg.publishing.tables import table as as_table
from phkg.views.access import COVERAGE_ORDERS, REGION_ORDERS, WAIT_ORDERS, AccessPage, Rests, access_page, arranged
from phkg.views.adoption import Spread
from phkg.views.graph import Graph
from phkg.views.method import method_page
from phkg.views.reader import Reader
from phkg.views.site import Kind, Site
from phkg.views.standings import Standings
from phkg.views.waits import Waits, narrowed, read_waits
from phkg.vocabulary import ph


@pytest.fixture(scope="module")
def waits(town: Snapshot, site: Site, methods: Kind) -> Waits:
    return read_waits(site.graph, town.date, site.records(methods))


@pytest.fixture(scope="module")
def page(sv: Reader, waits: Waits, table: Standings) -> AccessPage:
    return arranged(access_page(sv, waits, table))


def test_coverage_counts_silence_as_no_and_as_yes_and_says_what_it_rests_on(page: AccessPage) -> None:
    # Listening: Boda and Ösby (700 of 1,000), Älvik for some. Washing: Boda and Älvik. Steam: none in Boda, the others are silent.
    found = {line.method.label.value: (line.low, line.high, line.rests) for line in page.coverage}
    assert found == {
        "lyssning": (0.7, 1.0, Rests(3, 3, 1.0)),
        "tvätt": (0.8, 1.0, Rests(2, 3, 0.8)),
        "ånga": (0.0, 0.5, Rests(1, 3, 0.5)),
    }
    assert (page.methods, page.silent, page.questions, page.unknown) == (4, 1, 12, 6)
    # (0.7 + 0.8 + 0 + 0) / 4 and (1 + 1 + 0.5 + 1) / 4
    assert (page.low, page.high) == pytest.approx((0.375, 0.875))


def test_person_years_are_counted_from_the_first_day_on_which_access_is_known(page: AccessPage) -> None:
    # Listening began in Boda in March 2019, so by its last day: 793 days for Älvik's 300, and 396 for Ösby's 200 until its word of April 2020.
    # Washing was said of Norr on the first of January 2020; Ösby may have waited 517 days since.
    found = {line.method.label.value: line for line in page.waits}
    assert (found["lyssning"].since_first, found["lyssning"].since_last) == ("2019-03-31", "2019-03-31")
    assert (found["lyssning"].low, found["lyssning"].high) == (0.0, round((793 * 300 + 396 * 200) / 365.25, 1))
    assert (found["tvätt"].since_last, found["tvätt"].low, found["tvätt"].high) == ("2020-01-01", 0.0, round(517 * 200 / 365.25, 1))
    assert found.keys() == {"lyssning", "tvätt"} and page.undated == 1
    assert page.people_high == round((793 * 300 + 396 * 200 + 517 * 200) / 365.25, 1)


def test_a_region_waits_over_all_methods_and_silence_is_no_shade_of_the_map(page: AccessPage) -> None:
    found = {line.short_name.value: line for line in page.by_region}
    assert (found["Älvik"].low, found["Älvik"].high) == (0.0, 0.5)
    assert found["Region Ösby"].high == pytest.approx((396 / 793 + 1) / 2, abs=1e-6)
    assert found["Region Ösby"].years_high == round((396 + 517) / 365.25, 2)
    assert {name: line.level for name, line in found.items()} == {"Boda": 0, "Älvik": None, "Region Ösby": None}
    assert not page.separate


def test_a_recommendation_starts_the_clock(town: Snapshot, site: Site, methods: Kind) -> None:
    class Recommending(Graph):
        def pairs(self, predicate: NamedNode) -> list:
            if predicate != ph.recommendedSince:
                return site.graph.pairs(predicate)
            day = site.graph.pairs(ph.since)[0][1]
            assert day.value == "2017"
            return [(NamedNode("https://example.org/ekland/methods/lyssna"), day)]

    graph = Recommending(site.graph._store)
    found = next(one for one in read_waits(graph, town.date, site.records(methods)).methods if one.method.endswith("lyssna"))
    assert found.wait is not None and found.wait.recommended
    assert found.wait.since == Bounds(date(2017, 1, 1), date(2017, 12, 31))
    # Boda surely waited from the day its first word was dated, the 31st of May 2018, to the last of February 2019.
    assert found.wait.person_years.low == pytest.approx(274 * 500 / 365.25)


@pytest.mark.parametrize("order", COVERAGE_ORDERS)
def test_methods_stand_in_the_order_asked_for(sv: Reader, waits: Waits, table: Standings, order: str) -> None:
    lines = arranged(access_page(sv, waits, table), order).coverage
    names = [line.method.label.value for line in lines]
    by = {"low": lambda one: one.low, "high": lambda one: one.high, "unknown": lambda one: one.high - one.low, "answering": lambda one: one.rests.answering}
    if order == "name":
        assert names == ["lyssning", "tvätt", "ånga"]
    else:
        values = [by[order](line) for line in lines]
        assert values == sorted(values, reverse=True)


def test_waits_and_regions_stand_in_the_orders_asked_for(sv: Reader, waits: Waits, table: Standings) -> None:
    def names(waits_sort: str, regions_sort: str) -> tuple[list[str], list[str]]:
        page = arranged(access_page(sv, waits, table), "", waits_sort, regions_sort)
        return [one.method.label.value for one in page.waits], [one.short_name.value for one in page.by_region]

    assert {order: names(order, "")[0] for order in WAIT_ORDERS} == {
        "low": ["lyssning", "tvätt"], "high": ["lyssning", "tvätt"], "since": ["lyssning", "tvätt"], "name": ["lyssning", "tvätt"],
    }  # fmt: skip
    orders = {order: names("", order)[1] for order in REGION_ORDERS}
    assert orders["high"] == orders["years"] == ["Region Ösby", "Älvik", "Boda"]
    assert orders["people"] == ["Älvik", "Region Ösby", "Boda"]


def test_the_table_has_every_line_of_the_page(page: AccessPage) -> None:
    found = as_table(page)
    assert found is not None
    assert [row["table"] for row in found.rows] == ["coverage"] * 3 + ["waiting"] * 2 + ["region"] * 3


def test_a_method_page_counts_the_same(page: AccessPage, sv: Reader, table: Standings, spread: Spread, methods: Kind, iri) -> None:
    lines = {line.method.iri: line for line in page.waits}
    for slug in ("lyssna", "tvatta", "anga", "fraga"):
        method = iri(f"methods/{slug}")
        assert method_page(sv, method, methods, table, spread).wait == lines.get(method.value)


def test_an_area_has_only_its_methods_and_nothing_else_changes(sv: Reader, waits: Waits, page: AccessPage, table: Standings, town: Snapshot) -> None:
    one = next(line.method.iri for line in page.waits if line.method.label.value == "lyssning")
    found = arranged(access_page(sv, narrowed(waits, {one}, town.date), table))
    assert list(found.coverage) == [line for line in page.coverage if line.method.iri == one]
    assert list(found.waits) == [line for line in page.waits if line.method.iri == one]
    # Ösby waited at most the 396 of 793 days until its word; Boda had it from the first.
    shares = {line.short_name.value: (line.low, line.high) for line in found.by_region}
    assert shares == {"Boda": (0.0, 0.0), "Älvik": (0.0, 1.0), "Region Ösby": (0.0, pytest.approx(396 / 793, abs=1e-6))}
    assert (found.methods, found.questions) == (1, 3)


def test_narrowed_to_all_methods_it_is_the_whole(waits: Waits, town: Snapshot) -> None:
    assert narrowed(waits, {one.method for one in waits.methods}, town.date) == waits


def test_a_method_has_every_region_in_the_usual_order_with_its_wait(sv: Reader, table: Standings, spread: Spread, methods: Kind, iri) -> None:
    found = method_page(sv, iri("methods/lyssna"), methods, table, spread).waited
    years = {line.short_name.value: (line.years_low, line.years_high) for line in found.regions}
    assert list(years) == ["Boda", "Älvik", "Region Ösby"]
    assert years == {"Boda": (0.0, 0.0), "Älvik": (0.0, round(793 / 365.25, 2)), "Region Ösby": (0.0, round(396 / 365.25, 2))}
    assert (found.sure, found.open, found.axis[-1]) == (1, 2, 2.5)
    assert method_page(sv, iri("methods/anga"), methods, table, spread).waited is None
