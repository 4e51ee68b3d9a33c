"""Five readers come with a question and leave with the answer: from the start page, by clicks alone, at most four.

What they must find is read from the files of the registry, and not through the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from pyoxigraph import NamedNode, RdfFormat, Store

from phkg.records.knowledge import Knowledge

MOST_CLICKS = 4
PH = "https://w3id.org/phkg/ontology#"
LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
CODES = pytest.mark.parametrize("code", ["sv", "en"])


class Records:
    """What the files of the registry and the ontology say, statement by statement."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.store = Store()
        for folder in (knowledge.registry, knowledge.ontology):
            for file in folder.rglob("*.ttl"):
                self.store.bulk_load(path=file, format=RdfFormat.TURTLE)

    def objects(self, subject: NamedNode, word: str) -> list:
        return [quad.object for quad in self.store.quads_for_pattern(subject, NamedNode(PH + word), None)]

    def label(self, subject: NamedNode, code: str) -> str:
        return next(quad.object.value for quad in self.store.quads_for_pattern(subject, LABEL, None) if quad.object.language == code)

    def introductions(self, method: str) -> dict[NamedNode, list[NamedNode]]:
        """By place, the statements that say a state of a method."""
        found: dict[NamedNode, list[NamedNode]] = {}
        for quad in self.store.quads_for_pattern(None, NamedNode(f"{PH}method"), record("methods", method)):
            if self.objects(quad.subject, "state"):
                found.setdefault(self.objects(quad.subject, "place")[0], []).append(quad.subject)
        return found


class Reader:
    """Somebody who reads and clicks, and does nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: Locator) -> None:
        expect(what.first).to_be_visible()
        what.first.click()
        self.clicks += 1

    def link(self, name: str) -> Locator:
        return self.page.locator("main, .menu").get_by_role("link", name=name, exact=True)

    def follow(self, *names: str) -> None:
        """Click one link after the other, each by what it says."""
        for name in names:
            self.click(self.link(name))

    def text(self, where: str) -> str:
        return re.sub(r"\s+", " ", self.page.locator(where).first.inner_text())


def record(folder: str, slug: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/phkg/{folder}/{slug}")


@pytest.fixture(scope="module")
def records(real_knowledge: Knowledge) -> Records:
    return Records(real_knowledge)


@pytest.fixture
def reader(browser, pages: str, code: str) -> Iterator[Reader]:
    """A reader on the start page, who at the end has needed no more clicks than allowed."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{pages}/{code}/")
    reading = Reader(page)
    yield reading
    context.close()
    assert reading.clicks <= MOST_CLICKS


@CODES
def test_is_whole_genome_sequencing_for_rare_disease_offered_where_i_live(reader: Reader, records: Records, code: str) -> None:
    region, method = record("regions", "skane"), record("methods", "wgs-rare-disease")
    words = records.introductions("wgs-rare-disease")[region]
    states = {records.label(state, code) for word in words for state in records.objects(word, "state")}
    assert len(states) == 1  # the region's words agree, so the page has to say just that

    reader.follow({"sv": "Välj din region", "en": "Choose your region"}[code], records.label(region, code), records.label(method, code))

    answer = reader.text("tr:target")
    assert states.pop() in answer
    assert reader.page.locator("tr:target a[href^='#']").count() >= 1  # what it rests on


@CODES
def test_where_nobody_has_spoken_the_page_of_my_region_says_so(reader: Reader, records: Records, code: str) -> None:
    region, method = record("regions", "gotland"), record("methods", "cftr-analysis")
    spoken_of = records.introductions("cftr-analysis")
    assert not spoken_of

    reader.follow({"sv": "Välj din region", "en": "Choose your region"}[code], records.label(region, code))
    reader.click(reader.page.locator("section[aria-labelledby=silent] summary"))
    reader.follow(records.label(method, code))

    assert {"sv": "ingen uppgift", "en": "no statement"}[code] in reader.text("tr:target")


@CODES
def test_which_regions_lack_organised_prostate_testing_and_since_when_do_the_others_have_it(reader: Reader, records: Records, code: str) -> None:
    everything = {"sv": "Se alla metoder och regioner", "en": "See all methods and regions"}[code]
    reader.follow(everything, records.label(record("methods", "opt-psa-mri"), code))
    reader.click(reader.page.locator("summary", has_text={"sv": "Vilka regioner det är", "en": "Which regions these are"}[code]))

    shown = {
        link.get_attribute("href").removeprefix("#"): (line.locator("dt").inner_text(), link.evaluate("link => link.nextElementSibling?.textContent ?? ''"))
        for line in reader.page.locator(".by-state dl > div").all()
        for link in line.locator("dd a").all()
    }
    assert len(shown) == 21
    # Where a region has one word of its own, with a start, there is nothing to weigh: it must stand as it is written, as exactly as the source.
    spoken = records.introductions("opt-psa-mri")
    alone = {slug: spoken[place][0] for slug in shown if len(spoken.get(place := record("regions", slug), ())) == 1}
    dated = {slug: (word, since[0].value) for slug, word in alone.items() if (since := records.objects(word, "since"))}
    assert len(dated) >= 3
    for slug, (word, since) in dated.items():
        assert records.label(records.objects(word, "state")[0], code) in shown[slug][0], slug
        assert since[:4] in shown[slug][1], slug


@CODES
def test_who_decides_on_and_who_pays_for_precision_diagnostics(reader: Reader, records: Records, code: str) -> None:
    programme = record("programmes", "programme-precision-diagnostics-five-years")
    payers = {
        giver for quad in records.store.quads_for_pattern(None, NamedNode(f"{PH}amount"), None) for giver in records.objects(quad.subject, "fromOrganisation")
    }
    assert len(payers) >= 5

    reader.follow({"sv": "Vem som beslutar och vem som betalar", "en": "Who decides and who pays"}[code])
    money = reader.text("section:has(> #sums)")
    assert [records.label(giver, code) for giver in payers if records.label(giver, code) not in money] == []
    assert re.search(r"\d{3}[\s,]\d{3}[\s,]\d{3}", money)

    reader.follow(records.label(programme, code))
    decided = reader.text("main")
    whole = [quad.object for quad in records.store.quads_for_pattern(programme, NamedNode("http://purl.org/dc/terms/isPartOf"), None)]
    for one in (*records.objects(programme, "fromOrganisation"), *whole):
        assert records.label(one, code) in decided

    reader.follow(records.label(whole[0], code))
    assert records.label(records.objects(whole[0], "fromOrganisation")[0], code) in reader.text("main")
    assert reader.page.locator("main .sources a").count() >= 1


@CODES
def test_my_patient_is_to_have_capecitabine_which_test_who_recommends_it_where(reader: Reader, records: Records, code: str) -> None:
    advice, test = record("recommendations", "dpyd-capecitabine"), record("methods", "dpyd-genotyping")
    where = list(records.introductions("dpyd-genotyping")) or [
        place for quad in records.store.quads_for_pattern(None, NamedNode(f"{PH}method"), test) for place in records.objects(quad.subject, "place")
    ]
    assert where

    reader.follow({"sv": "Läkemedel och gener", "en": "Drugs and genes"}[code], records.label(record("drugs", "capecitabine"), code))
    answer = reader.text("main")
    assert records.label(test, code) in answer and records.objects(advice, "action")
    assert [action.value for action in records.objects(advice, "action") if action.language == code and action.value not in answer] == []
    assert [records.label(body, code) for body in records.objects(advice, "guidelineBody") if records.label(body, code) not in answer] == []
    assert any(records.label(place, code) in answer for place in where)

    reader.follow(records.label(test, code))
    assert any(records.label(place, code) in reader.text("main") for place in where)


@CODES
def test_cite_the_state_of_nipt_on_the_first_of_january_2022(reader: Reader, records: Records, code: str) -> None:
    method = record("methods", "nipt-trisomies")
    day = {"sv": "1 januari 2022", "en": "1 January 2022"}[code]
    reader.follow({"sv": "Översikt", "en": "Overview"}[code], records.label(method, code), day)
    assert day in reader.text("main .notice")
    reader.follow({"sv": "Citera och rätta", "en": "Cite and correct"}[code])

    citation = reader.text(".cite")
    assert records.label(method, code) in citation and day in citation and method.value in citation
    # The address in it leads back to the same picture, and what was said to begin later is not in it.
    address = re.search(r"https?://\S+as-of=2022-01-01", citation)
    assert address
    reader.page.goto(address[0])
    assert reader.text(".cite") == citation
    began_later = [
        (place, date.value)
        for place, words in records.introductions("nipt-trisomies").items()
        for word in words
        for date in records.objects(word, "since")
        if date.value[:4] >= "2022"
    ]
    for place, date in began_later:
        row = reader.page.locator(f"tr[id='{place.value.rsplit('/', 1)[-1]}'] td:nth-of-type(2)")
        assert not row.count() or date[:4] not in row.inner_text()
