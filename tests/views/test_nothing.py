"""A method that does not apply in a region, and a state that is withheld: what standings, coverage and pages make of them.

To Ekland is added of `fraga`, of which nobody had spoken: it does not concern Boda (500 people), Älvik (300) knows and does not tell,
and in Ösby (200) it is usual.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from phkg.graph.compile import compile_snapshot
from phkg.records.knowledge import find_knowledge
from phkg.views.adoption import read_spread
from phkg.views.compare import compare_page
from phkg.views.gaps import gaps_page
from phkg.views.home import home_page
from phkg.views.matrix import matrix_page
from phkg.views.method import method_page
from phkg.views.reader import Reader
from phkg.views.region import region_page
from phkg.views.site import Kind, Site, read_site
from phkg.views.standings import Standings, read_standings
from phkg.views.statements import shown_states
from phkg.vocabulary import ph

BASE = "https://example.org/ekland/"
FRAGA = NamedNode(f"{BASE}methods/fraga")
PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ph: <https://w3id.org/phkg/ontology#> .
@prefix method: <https://example.org/ekland/methods/> .
@prefix region: <https://example.org/ekland/regions/> .
@prefix source: <https://example.org/ekland/sources/> .
@prefix speech: <https://example.org/ekland/concepts/speech/> .
@prefix stage: <https://example.org/ekland/concepts/stage/> .
@prefix gap: <https://example.org/ekland/concepts/gap/> .
"""
CONCEPTS = """
gap:beside a ph:Absence ; skos:prefLabel "utanför"@sv , "beside"@en ; ph:mark "dash" ; ph:rank 1 .
gap:hidden a ph:Absence ; skos:prefLabel "dolt"@sv , "hidden"@en ; ph:mark "dots" ; ph:rank 2 .
stage:moot a ph:State ; skos:prefLabel "utanför"@sv , "beside"@en ; ph:absence gap:beside ; ph:isLeftOut true ; ph:rank 8 .
stage:secret a ph:State ; skos:prefLabel "dolt"@sv , "hidden"@en ; ph:absence gap:hidden ; ph:isUnknown true ; ph:rank 9 .
"""


def word(region: str, state: str) -> str:
    return f"""
<https://example.org/ekland/implementations/{region}/fraga/1> a ph:ImplementationStatement ;
    ph:method method:fraga ; ph:place region:{region} ; ph:state stage:{state} ; ph:statedBy source:news-2020 ; ph:statementKind speech:deed .
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = shutil.copytree(Path(__file__).parent / "town", tmp_path_factory.mktemp("nothing") / "town")
    (folder / "ontology" / "concepts" / "gap.ttl").write_text(PREFIXES + CONCEPTS, encoding="utf-8")
    said = word("boda", "moot") + word("alvik", "secret") + word("osby", "usual")
    (folder / "registry" / "implementations" / "fraga.ttl").write_text(PREFIXES + said, encoding="utf-8")
    return read_site(compile_snapshot(find_knowledge(folder), date(2021, 6, 1), tmp_path_factory.mktemp("snapshots")))


@pytest.fixture(scope="module")
def reader(site: Site) -> Reader:
    return Reader(site, "en")


@pytest.fixture(scope="module")
def table(reader: Reader) -> Standings:
    return read_standings(reader)


@pytest.fixture(scope="module")
def methods(site: Site) -> Kind:
    return next(kind for kind in site.kinds if kind.iri == ph.Method)


def region(slug: str) -> NamedNode:
    return NamedNode(f"{BASE}regions/{slug}")


def test_coverage_leaves_the_one_out_and_counts_the_other_as_unknown(reader: Reader, table: Standings, methods: Kind, site: Site) -> None:
    page = method_page(reader, FRAGA, methods, table, read_spread(site.graph, date(2021, 6, 1)))
    # 200 of the 500 people in Älvik and Ösby surely have it, and all 500 may.
    assert page.coverage and (page.coverage.low, page.coverage.high) == (0.4, 1.0)
    assert (page.with_access, page.unknown, page.regions) == (1, 1, 2)
    # Before anybody spoke, Boda might have had it as well: the scale of the curve has room for all three.
    assert page.adoption and (page.adoption.now.low, page.adoption.now.high, page.adoption.regions) == (1, 2, 3)
    assert sum(count.regions for count in page.counts) == 3


def test_both_stand_in_the_table_with_marks_of_their_own(reader: Reader, table: Standings, methods: Kind) -> None:
    row = next(row for row in matrix_page(reader, methods, table, {}).rows if row.method.iri == FRAGA.value)
    shown = {cell.path.rpartition("#")[2]: (cell.state.mark, cell.absence.mark) if cell.state and cell.absence else None for cell in row.cells}
    assert shown == {"boda": ("dash", "dash"), "alvik": ("dots", "dots"), "osby": None}
    assert {"moot", "secret"}.isdisjoint(state.iri.rpartition("/")[2] for state in shown_states(reader))


def test_a_gap_between_regions_needs_a_region_that_lacks_it_and_could_have_it(reader: Reader, table: Standings, methods: Kind) -> None:
    gaps = matrix_page(reader, methods, table, {"only": "gaps"})
    assert FRAGA.value in {row.method.iri for row in gaps.rows}  # Älvik may lack it
    assert table.concerned(FRAGA, reader.site.regions) == 2
    compared = compare_page(reader, methods, table, ("boda", "osby"), True)
    assert FRAGA.value in {row.method.iri for row in compared.rows}


def test_numbers_of_what_is_known_ask_only_where_the_question_can_be_asked(reader: Reader, table: Standings, methods: Kind) -> None:
    home = home_page(reader, methods, table)
    gaps = gaps_page(reader, methods, table)
    assert home.pairs == gaps.total.questions == home.methods * 3 - 1
    assert home.pairs - home.known == gaps.total.silent
    assert sum(count.regions for count in home.counts) == home.methods * 3
    lines = {line.about.iri.rpartition("/")[2]: line.gaps for line in gaps.by_method}
    assert (lines["fraga"].questions, lines["fraga"].silent) == (2, 1)


def test_the_page_of_a_region_neither_counts_nor_misses_what_does_not_concern_it(reader: Reader, table: Standings, site: Site) -> None:
    kind = next(kind for kind in site.kinds if kind.iri == ph.Place)
    boda, alvik = (region_page(reader, region(one), kind, table) for one in ("boda", "alvik"))
    everything = len(site.records(next(kind for kind in site.kinds if kind.iri == ph.Method)))
    assert (boda.methods, alvik.methods) == (everything - 1, everything)
    assert FRAGA.value not in {lack.line.method.iri for lack in boda.lacks}
    assert FRAGA.value not in {link.iri for link in (*boda.silent, *alvik.silent)}
    # Both are shown among the states, since somebody has spoken; neither is known in the sense of an answer.
    for page in (boda, alvik):
        group = next(group for group in page.groups if any(line.method.iri == FRAGA.value for line in group.lines))
        assert group.state.mark in ("dash", "dots") and page.known < sum(len(one.lines) for one in page.groups)
