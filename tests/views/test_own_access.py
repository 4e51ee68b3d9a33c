"""One region's side of equal access: Ekland by hand, the real registry against a query."""

import pytest

from phkg.graph.snapshot import Snapshot
from phkg.publishing.tables import table as as_table
from phkg.views.access import access_page
from phkg.views.long_lists import Lists
from phkg.views.own_access import OwnAccess, own_access
from phkg.views.reader import Reader
from phkg.views.region import region_page
from phkg.views.site import Kind, Site, read_site
from phkg.views.standings import Standings, read_standings
from phkg.views.waits import Waits, read_waits
from phkg.vocabulary import ph

PLAIN_NO = """
PREFIX ph: <https://w3id.org/phkg/ontology#>
SELECT DISTINCT ?place ?method WHERE {
  ?standing a ph:Standing ; ph:place ?place ; ph:method ?method ; ph:state ?state .
  FILTER NOT EXISTS { ?state ph:givesAccess true }
  FILTER NOT EXISTS { ?state ph:isLeftOut true }
  FILTER NOT EXISTS { ?state ph:isUnknown true }
  ?other a ph:Standing ; ph:method ?method ; ph:place ?elsewhere ; ph:state ?has .
  ?has ph:givesAccess true .
  FILTER(?elsewhere != ?place)
  FILTER NOT EXISTS { ?other ph:extent ?extent . ?extent ph:isPart true }
}
"""
"""Where a method is known not to give access while another region gives it to all."""


@pytest.fixture(scope="module")
def waits(town: Snapshot, site: Site, methods: Kind) -> Waits:
    return read_waits(site.graph, town.date, site.records(methods))


@pytest.fixture(scope="module")
def own(sv: Reader, waits: Waits, table: Standings, iri):
    return lambda slug: own_access(sv, iri(f"regions/{slug}"), waits, table, Lists())


def test_methods_are_counted_by_access(own) -> None:
    def counts(found: OwnAccess) -> tuple[int, ...]:
        return (found.with_access, found.for_a_part, found.without_access, found.unknown)

    # Boda: listening and washing; steam is only tried; nobody has spoken of asking.
    assert counts(own("boda")) == (2, 0, 1, 1)
    assert counts(own("alvik")) == (1, 1, 0, 2)
    assert counts(own("osby")) == (1, 0, 0, 3)


def test_what_others_have_and_nobody_has_said_here_is_open_and_no_lack(own) -> None:
    alvik, osby = own("alvik"), own("osby")
    assert alvik.lacking == osby.lacking == ()
    (listening,) = alvik.open
    assert (listening.method.label.value, listening.part, listening.elsewhere) == ("lyssning", True, 2)
    assert (listening.since_last, listening.years_low, listening.years_high) == ("2019-03-31", 0.0, round(793 / 365.25, 2))
    assert listening.people_high == round(793 * 300 / 365.25, 1)
    (washing,) = osby.open
    assert (washing.method.label.value, washing.state, washing.elsewhere, washing.years_high) == ("tvätt", None, 2, round(517 / 365.25, 2))


def test_what_nobody_else_has_is_no_lack(own) -> None:
    # Steam is tried in Boda and given nowhere.
    assert own("boda").lacking == own("boda").open == ()


def test_it_says_what_the_page_of_the_nation_says_of_the_region(sv: Reader, waits: Waits, table: Standings, own) -> None:
    page = access_page(sv, waits, table)
    for line in page.by_region:
        found = own(line.place.iri.rpartition("/")[2])
        assert (found.line, found.agreement) == (line, page.agreement)


def test_the_table_of_the_region_has_the_waits(sv: Reader, waits: Waits, table: Standings, site: Site, iri) -> None:
    kind = next(kind for kind in site.kinds if kind.iri == ph.Place)
    page = region_page(sv, iri("regions/osby"), kind, table, waits)
    rows = {row["method"]: row for row in as_table(page).rows}
    assert (rows["tvätt"]["other_regions_with_access"], rows["tvätt"]["waited_since_last"]) == (2, "2020-01-01")
    assert "other_regions_with_access" not in rows["ånga"]


def test_the_real_registry_lacks_what_a_query_says(real_snapshot) -> None:
    reader = Reader(read_site(real_snapshot), "sv")
    table, kind = read_standings(reader), next(kind for kind in reader.site.kinds if kind.iri == ph.Method)
    waits = read_waits(reader.graph, real_snapshot.date, reader.site.records(kind))
    wanted = {(row["place"].value, row["method"].value) for row in real_snapshot.store.query(PLAIN_NO)}
    current = {one.value for one in reader.site.records(kind)}
    found = {(region.value, line.method.iri) for region in reader.site.regions for line in own_access(reader, region, waits, table, Lists()).lacking}
    assert found == {(place, method) for place, method in wanted if method in current} and found
