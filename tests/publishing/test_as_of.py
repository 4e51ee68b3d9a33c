"""The picture of an earlier day: the same as if the files had been compiled on it, on pages and in twins, and never a trace."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date

import httpx
import lxml.html
import pytest

from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import Snapshot
from phkg.publishing import as_of
from phkg.publishing.problems import Problem
from phkg.publishing.site import Published, publish

DAY = date(2017, 3, 1)
METHOD = "/sv/metoder/opt-psa-mri"


@pytest.fixture(scope="module")
def client(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


@pytest.fixture
def published(real_snapshot: Snapshot) -> Published:
    return publish(real_snapshot, ())


def test_a_redated_snapshot_is_what_the_compiler_makes_of_the_files(real_knowledge, real_snapshot, tmp_path) -> None:
    redated = as_of.redate(real_snapshot, DAY)
    compiled = compile_snapshot(real_knowledge, DAY, tmp_path)
    assert set(redated.store) == set(compiled.store) != set(real_snapshot.store)
    assert (redated.date, redated.name != real_snapshot.name) == (DAY, True)


def begun(client: httpx.Client, question: str) -> list[str]:
    """When each standing began, for those of which it is known."""
    standings = client.get(f"{METHOD}.json{question}").json()["page"]["standings"]
    return [line["since"] for line in standings if line["state"] and line["since"]]


def test_nothing_stands_before_it_began(client: httpx.Client) -> None:
    today, then, before = begun(client, ""), begun(client, "?as-of=2021-12-31"), begun(client, "?as-of=1990-01-01")
    assert before == [] and 0 < len(then) < len(today)
    assert max(then) <= "2021-12-31" < max(today)


def test_page_json_and_csv_show_the_same_day(client: httpx.Client) -> None:
    question = "?as-of=2021-12-31"
    told = client.get(f"{METHOD}.json{question}").json()
    page = lxml.html.document_fromstring(client.get(f"{METHOD}/{question}").text)
    table = client.get(f"{METHOD}.csv{question}").text.strip().split("\r\n")[1:]
    assert told["day"] == "2021-12-31"
    spoken = [line for line in told["page"]["standings"] if line["state"]]
    assert len(page.xpath("//tr[@id]/td[1]//*[starts-with(@class, 'mark') and not(contains(@class, 'silent'))]")) == len(spoken)
    assert len([row for row in table if "/concepts/state/" in row]) == len(spoken)


def test_the_page_says_which_day_it_shows_and_leads_back(client: httpx.Client) -> None:
    page = lxml.html.document_fromstring(client.get("/en/overview/?area=pharmacogenetics&as-of=2017-03-01").text)
    (notice,) = page.xpath("//main/p[@role='status']")
    assert "1 March 2017" in notice.text_content()
    assert notice.xpath("a/@href") == ["/en/overview/?area=pharmacogenetics"]
    assert not lxml.html.document_fromstring(client.get("/en/overview/").text).xpath("//main/p[@role='status']")


def test_links_to_records_and_forms_keep_the_day(client: httpx.Client) -> None:
    for address in ("/en/", "/en/overview/", "/en/methods/opt-psa-mri/", "/en/regions/skane/", "/en/methods/"):
        page = lxml.html.document_fromstring(client.get(f"{address}?as-of=2017-03-01").text)
        kinds = ("/en/methods/", "/en/regions/", "/en/sources/", "/en/organisations/", "/en/overview/", "/en/search/")
        # The ways to other days lead away from this one, and are meant to.
        inside = [link for link in page.xpath("//a[not(ancestor::nav[contains(@class, 'days')])]/@href") if link.startswith(kinds)]
        (back,) = page.xpath("//main/p[@role='status']/a/@href")
        assert len(inside) > 10 and [link for link in inside if "as-of=2017-03-01" not in link and link != back] == []
        assert set(page.xpath("//form//input[@name='as-of']/@value")) == {"2017-03-01"}


def test_the_etag_is_that_of_the_day(client: httpx.Client) -> None:
    tags = {client.get(f"{METHOD}.json{question}").headers["etag"][:17] for question in ("", "?as-of=2017-03-01", "?as-of=2018-03-01")}
    assert len(tags) == 3
    first = client.get(f"{METHOD}/?as-of=2017-03-01")
    again = client.get(f"{METHOD}/?as-of=2017-03-01", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("wrong", ["1989-12-31", "2026-11-23", "2017-02-30", "20170301", "2017", "", "x", "2017-W01-1", "٢٠١٧-٠١-٠١"])
def test_a_day_that_cannot_be_shown_is_refused_with_what_can(client: httpx.Client, wrong: str) -> None:
    told = client.get(f"{METHOD}.json", params={"as-of": wrong})
    assert (told.status_code, told.json()["allowed"]) == (400, ["1990-01-01", "2026-11-22"])
    page = client.get(f"{METHOD}/", params={"as-of": wrong})
    assert page.status_code == 400 and "1990-01-01" in page.text and "2026-11-22" in page.text


def test_a_few_pictures_are_kept_and_the_oldest_go(published: Published) -> None:
    pictures = as_of.Pictures()
    first = pictures.of(published, date(2001, 1, 1))
    assert pictures.of(published, date(2001, 1, 1)) is first
    for year in range(2002, 2002 + as_of.MOST_KEPT):
        pictures.of(published, date(year, 1, 1))
    assert pictures.of(published, date(2001, 1, 1)) is not first


def test_a_picture_that_cannot_be_made_is_said_so_without_a_trace(published: Published, monkeypatch) -> None:
    def broken(*_: object) -> Snapshot:
        raise OSError("/a/path/of/this/machine")

    monkeypatch.setattr(as_of, "redate", broken)
    pictures = as_of.Pictures()
    for _ in range(as_of.MOST_WAITING + 1):
        with pytest.raises(Problem) as caught:
            pictures.of(published, DAY)
        assert (caught.value.status, caught.value.code) == (503, "no-picture")
    assert "machine" not in json.dumps(dict(caught.value.detail))


def test_when_many_wait_the_next_is_refused_at_once(published: Published, monkeypatch) -> None:
    go, began, made = threading.Event(), threading.Semaphore(0), as_of.redate

    def slow(snapshot: Snapshot, on: date) -> Snapshot:
        began.release()
        go.wait(30)
        return made(snapshot, on)

    monkeypatch.setattr(as_of, "redate", slow)
    pictures = as_of.Pictures()
    waiting = [threading.Thread(target=pictures.of, args=(published, date(2000 + n, 1, 1))) for n in range(as_of.MOST_WAITING)]
    for thread in waiting:
        thread.start()
    assert began.acquire(timeout=30)
    try:
        refused = None
        while refused is None or refused.code != "busy":
            if not all(thread.is_alive() for thread in waiting):
                pytest.fail("somebody did not wait")
            if pictures._places._value == 0:
                with pytest.raises(Problem) as caught:
                    pictures.of(published, date(2020, 1, 1))
                refused = caught.value
        assert (refused.status, refused.headers["Retry-After"]) == (503, str(as_of.RETRY_SECONDS))
    finally:
        go.set()
        for thread in waiting:
            thread.join(60)


def test_a_page_leads_to_the_first_day_of_every_year_in_which_something_is_known(client: httpx.Client) -> None:
    page = lxml.html.document_fromstring(client.get("/en/methods/opt-psa-mri/").text)
    ways = page.xpath("//nav[contains(@class, 'days')]//a/@href")
    # The earliest word on it says that it began in 2015 (registry/implementations/varmland.ttl).
    assert ways == [f"/en/methods/opt-psa-mri/?as-of={year}-01-01" for year in range(2015, 2027)]
    assert client.get(ways[0]).status_code == 200
