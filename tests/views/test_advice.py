"""From the drug to the gene, to what changes, to the test, to where it is offered: the real registry against its own files."""

import pytest

from phkg.records.knowledge import own_root
from phkg.views.advice import Advice, guidance_page
from phkg.views.reader import Reader
from phkg.views.search import read_names
from phkg.views.site import read_site
from phkg.views.standings import read_standings
from phkg.views.topic import topic_page


@pytest.fixture(scope="module")
def reader(real_snapshot) -> Reader:
    return Reader(read_site(real_snapshot), "en")


@pytest.fixture(scope="module")
def advice(reader: Reader) -> Advice:
    return Advice(reader, read_standings(reader))


@pytest.fixture(scope="module")
def search(reader: Reader, advice: Advice):
    names = read_names(reader.site)
    return lambda query: guidance_page(reader, advice, names.matching, query)


@pytest.fixture(scope="module")
def topic(reader: Reader, advice: Advice):
    def page(folder: str, slug: str):
        return topic_page(reader, reader.site.record(folder, slug), reader.site.kind_of_folder(folder), advice)

    return page


def ends(links) -> list[str]:
    return [link.iri.rsplit("/", 1)[-1] for link in links]


def test_every_recommendation_is_told_once(search) -> None:
    files = {file.stem for file in (own_root() / "registry" / "recommendations").glob("*.ttl")}
    page = search("")
    told = ends(line.recommendation for line in page.lines)
    assert len(told) == len(set(told)) == page.total and set(told) <= files and len(told) > 100


@pytest.mark.parametrize("query", ["capecitabine", "kapecitabin", "L01BC06"])
def test_a_drug_is_found_by_any_of_its_names(search, query: str) -> None:
    assert ends(line.recommendation for line in search(query).lines) == ["dpyd-capecitabine"]


def test_a_gene_and_a_test_lead_to_the_same_recommendations(search) -> None:
    expected = {"dpyd-tegafur", "dpyd-capecitabine", "dpyd-fluorouracil", "dpyd-flucytosine"}
    assert set(ends(line.recommendation for line in search("DPYD").lines)) == expected
    assert set(ends(line.recommendation for line in search("DPYD genotyping").lines)) == expected
    assert search("no such drug").lines == ()


def test_a_drug_says_what_changes_and_which_test(topic) -> None:
    (line,) = topic("drugs", "capecitabine").advice
    assert ends(line.genes) == ["dpyd"] and line.action and "half the dose" in line.action.value
    assert [body.value for body in line.bodies] == ["CPIC", "DPWG"]
    assert [(one.body.value, one.date) for one in line.levels if one.body] == [("CPIC", "2020-07-27"), ("EMA", "2020-04-30")]
    # Two methods have the gene among theirs; genotyping is said to concern the drug.
    assert ends(test.method for test in line.tests)[0] == "dpyd-genotyping" and len(line.tests) == 2
    assert ends(line.tests[0].performers) == ["akademiska-sjukhuset"]


def test_a_test_of_which_nobody_has_spoken_is_offered_nowhere_for_sure(topic) -> None:
    (line,) = topic("recommendations", "dpyd-capecitabine").advice
    silent = [test for test in line.tests if not test.known]
    assert silent and all(test.places == () and test.regions == 21 for test in silent)


def test_an_indication_names_its_methods(topic) -> None:
    page = topic("indications", "prostate-cancer")
    assert "opt-psa-mri" in ends(offer.method for offer in page.methods) and page.advice == ()
    organised = next(offer for offer in page.methods if offer.method.iri.endswith("/opt-psa-mri"))
    assert organised.known >= len(organised.places) >= 1
