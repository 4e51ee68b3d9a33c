"""Sources with what rests on them: orders, choices and pages, in the real registry against its files."""

import re

import pytest

from phkg.records.knowledge import own_root
from phkg.views.reader import Reader
from phkg.views.site import read_site
from phkg.views.source_list import MOST_ROWS, ORDERS, SourceRow, Sources, read_sources, sources_page
from phkg.vocabulary import ph


@pytest.fixture(scope="module")
def reader(real_snapshot) -> Reader:
    return Reader(read_site(real_snapshot), "sv")


@pytest.fixture(scope="module")
def sources(reader: Reader) -> Sources:
    return read_sources("sources", reader, next(kind for kind in reader.site.kinds if kind.iri == ph.Source))


@pytest.fixture(scope="module")
def rows(sources: Sources) -> list[SourceRow]:
    return [SourceRow(sources.lines[one.iri], one.rests_on_it) for one in sources.placed[""]]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_put_together_hold_every_source_once(reader: Reader, sources: Sources, rows: list[SourceRow], order: str) -> None:
    found, after = [], ""
    while after is not None:
        page = sources_page(reader, sources, sort=order, after=after)
        assert 0 < len(page.rows) <= MOST_ROWS and page.total == len(rows)
        found += page.rows
        after = page.after
    assert len({row.source.link.iri for row in found}) == len(found) == len(rows)
    dates = [row.source.date for row in found]
    if order == "use":
        assert [row.rests_on_it for row in found] == sorted((row.rests_on_it for row in rows), reverse=True)
    if order in ("oldest", "newest"):
        dated = [date for date in dates if date]
        assert dated == sorted(dated, reverse=order == "newest") and "" not in dates[: len(dated)]


def test_what_rests_on_a_source_is_what_names_it(rows: list[SourceRow]) -> None:
    name = "source:bmcpregnancychildbirth-bmc-pregnancy-and-childbirth-2016-uptake-of"
    files = (own_root() / "registry").rglob("*.ttl")
    # Once for each record: a record names a source once under ph:statedBy.
    said = 0
    for file in files:
        for record in re.split(r"\n(?=\S)", file.read_text(encoding="utf-8")):
            stated = re.search(r"ph:statedBy ([^;]*?) [;.]\n", record + "\n")
            said += bool(stated and name in stated[1].replace(",", " ").split())
    (row,) = (row for row in rows if row.source.link.iri.endswith(name.split(":")[1]))
    assert row.rests_on_it == said > 1


def test_those_wanting_a_better_one_can_be_asked_for(reader: Reader, sources: Sources, rows: list[SourceRow]) -> None:
    page = sources_page(reader, sources, only_wanting=True)
    assert page.total == page.wanting == sum(row.source.needs_better for row in rows) > 0
    assert all(row.source.needs_better for row in page.rows)


def test_an_unknown_place_in_the_list_is_refused(reader: Reader, sources: Sources) -> None:
    with pytest.raises(ValueError, match="no-such"):
        sources_page(reader, sources, after="no-such")
