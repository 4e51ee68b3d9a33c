"""The page of an indicator: values by place as their sources give them, few cases marked, no region forgotten."""

import pytest

from phkg.views.indicator import indicator_page, indicators_of
from phkg.views.long_lists import Lists
from phkg.views.reader import Reader, sort_key
from phkg.views.site import read_site
from phkg.vocabulary import ph


@pytest.fixture(scope="module")
def page(real_snapshot):
    reader = Reader(read_site(real_snapshot), "en")
    kind = reader.site.kind_of_folder("indicators")
    return lambda slug: indicator_page(reader, reader.site.record("indicators", slug), kind)


def test_every_region_is_there_with_a_value_or_as_silent(page) -> None:
    found = page("population")
    places = [line.place.iri for line in found.observations if line.is_region]
    assert found.silent == () and len(set(places)) == 21
    # Statistics Sweden, population on 31 December 2023.
    (blekinge,) = (line for line in found.observations if line.place.iri.endswith("/blekinge") and line.since == "2023-12-31")
    assert (blekinge.value, blekinge.few) == (157973.0, False) and blekinge.sources


def test_a_place_has_its_latest_value_first_and_places_are_not_ranked(page) -> None:
    found = page("population")
    values = [line.value for line in found.observations if line.is_region and line.since == "2023-12-31"]
    assert values != sorted(values) and values != sorted(values, reverse=True)
    for place in {line.place.iri for line in found.observations}:
        days = [line.since for line in found.observations if line.place.iri == place]
        assert days == sorted(days, reverse=True)


def test_a_nation_wide_value_leaves_all_regions_silent(page) -> None:
    found = page("amniocentesis-uptake")
    assert [(line.value, line.denominator, line.since, line.until) for line in found.observations] == [(2.6, 284789.0, "2011", "2013")]
    assert len(found.silent) == 21 and found.unit and found.unit.label.value == "per cent"


def test_few_cases_are_marked_where_the_source_tells_them(real_snapshot) -> None:
    reader = Reader(read_site(real_snapshot), "en")
    kind = reader.site.kind_of_folder("indicators")
    lines = [line for record in reader.site.records(kind) for line in indicator_page(reader, record, kind).observations]
    assert {line.few for line in lines if line.numerator is None} == {False}
    assert all(line.few == (line.numerator < 20) for line in lines if line.numerator is not None)


def test_a_region_has_the_latest_value_of_each_indicator(real_snapshot) -> None:
    reader = Reader(read_site(real_snapshot), "en")
    found = {one.indicator.iri.rpartition("/")[2]: one for one in indicators_of(reader, reader.site.record("regions", "blekinge"), Lists())}
    population = found["population"]
    # Statistics Sweden, population of Blekinge: the newest of the published years.
    days = [
        quad.object.value
        for one in real_snapshot.store
        if one.predicate == ph.place and one.object.value.endswith("/regions/blekinge")
        for quad in real_snapshot.store.quads_for_pattern(one.subject, ph.period, None)
        if "/population/" in one.subject.value
    ]
    assert population.latest.since == max(days) and population.observations == len(days)
    names = [one.indicator.label.value for one in indicators_of(reader, reader.site.record("regions", "blekinge"), Lists())]
    assert len(names) == len(set(names)) and names == sorted(names, key=sort_key)
