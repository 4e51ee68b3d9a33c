"""The lists of a region and of equal access where they are long: cut on their page, whole on their own pages, the same in HTML, JSON and CSV."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
import lxml.html
import pytest
from crowded import BEFORE, COUNTS, crowd, expected, slugs
from town import TOWN

from phkg.graph.compile import compile_snapshot
from phkg.publishing.app import create_app
from phkg.publishing.build_links import plain_path
from phkg.records.knowledge import find_knowledge
from phkg.views.lists import ENTRIES_OF_A_PAGE
from phkg.views.long_lists import FIRST, LINES, NAMES

REGION, ACCESS = "/sv/regioner/osby/", "/sv/jamlik-tillgang/"
LISTS = expected()
OF_JSON = {"stateless": "stateless", "parts": "parts_only", "silent": "silent", "lacks": "lacks", "indicators": "indicators"}
"""Where the lines of a list stand in the JSON of its page."""


@pytest.fixture(scope="module")
def crowded(served_app, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(shutil.copytree(TOWN, tmp_path_factory.mktemp("crowded") / "town"))
    crowd(folder)
    town = find_knowledge(folder)
    snapshot = compile_snapshot(town, date(2021, 6, 1), tmp_path_factory.mktemp("snapshots"))
    with served_app(create_app(town, lambda: snapshot)) as address:
        yield address


@pytest.fixture(scope="module")
def client(crowded: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=crowded, timeout=60) as client:
        yield client


def slug(address: str) -> str:
    return unescape(address).partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]


def shown(page: str, name: str) -> list[str]:
    """The methods or indicators of the list that a page shows alone, in its order."""
    root = lxml.html.fromstring(page)
    (main,) = root.xpath("//main")
    if name in ("lacking", "open", "indicators", "coverage", "waits"):
        return [slug(one) for one in main.xpath(".//tbody/tr/th/a/@href")]
    path = ".//ul[@class='columns']/li/a[1]/@href" if name == "silent" else ".//ul[@class='standings']/li/a[1]/@href"
    return [slug(one) for one in main.xpath(path)]


def pages_of(client: httpx.Client, address: str) -> Iterator[str]:
    """The pages that follow each other from an address on, by their links."""
    seen = set()
    while address:
        assert address not in seen
        seen.add(address)
        page = client.get(address).raise_for_status().text
        yield page
        found = lxml.html.fromstring(page).xpath("//main//a[@rel='next']/@href")
        address = urljoin(address, found[0]) if found else ""


def link_to(page: str, name: str) -> str:
    """The link of a page to one of its lists."""
    return next(one for one in lxml.html.fromstring(page).xpath("//main//a/@href") if f"show={name}" in one)


@pytest.mark.parametrize("name", LISTS)
def test_the_links_of_a_region_lead_through_every_line_of_a_list_once(client: httpx.Client, name: str) -> None:
    page = client.get(REGION).raise_for_status().text
    # A state that a few methods have stands whole on the page.
    address = link_to(page, name) if name != "state-tried" else f"{REGION}?show={name}"
    read = []
    for one in pages_of(client, address):
        part = shown(one, name)
        assert 0 < len(part) <= (NAMES if name == "silent" else LINES)
        assert f"({len(LISTS[name])})" in re.sub(r"\s|<[^>]*>", "", one.partition("<h1")[2].partition("</h1>")[0])
        read += part
    assert len(read) == len(set(read)) and set(read) == LISTS[name]


def test_the_list_of_all_methods_goes_on_for_as_many_pages_as_it_needs(client: httpx.Client) -> None:
    total = sum(COUNTS.values()) + sum(map(len, BEFORE.values()))
    read, records, rows, after = [], [], [], ""
    for page in pages_of(client, "/sv/metoder/"):
        part = [slug(one) for one in lxml.html.fromstring(page).xpath("//main//ul[@class='entries']/li/p/a/@href")]
        assert 0 < len(part) <= ENTRIES_OF_A_PAGE
        read += part
    while after is not None:
        document = client.get(f"/sv/metoder.json{f'?after={after}' if after else ''}").raise_for_status().json()["page"]
        assert document["total"] == total
        records += [slug(one["link"]["path"]) for one in document["entries"]]
        after = document["after"]
    table = client.get("/sv/metoder.csv").raise_for_status()
    while table:
        rows += list(csv.DictReader(io.StringIO(table.text)))
        table = client.get(urljoin(str(table.url), table.links["next"]["url"])) if "next" in table.links else None
    assert read == records and len(set(read)) == len(read) == len(rows) == total


def test_the_page_of_a_region_stays_short_and_counts_all(client: httpx.Client) -> None:
    page = client.get(REGION).raise_for_status().text
    document = client.get("/sv/regioner/osby.json").raise_for_status().json()["page"]
    sizes = {one["name"]: (one["total"], one["shown"]) for one in document["lists"]}
    assert {name: sizes[name][0] for name in LISTS if name in sizes} == {name: len(lines) for name, lines in LISTS.items() if lines}
    assert all(shown in (total, FIRST) for total, shown in sizes.values())
    assert [(one["state"]["label"]["value"], one["total"], len(one["lines"])) for one in document["groups"]] == [
        ("vanligt", 71, 10),
        ("prövas", 12, 10),
        ("finns inte", 125, 10),
    ]
    # Each line of a standing stands on the page as often as the sizes say, and nowhere a thousandth.
    lines = lxml.html.fromstring(page).xpath("//main//ul[@class='standings']/li")
    assert len(lines) == sum(sizes[name][1] for name in LISTS if name.startswith("state-") or name in ("parts", "stateless", "lacks"))
    assert (
        len([one for one in lxml.html.fromstring(page).xpath("//main//ul[@class='columns']/li/a/@href") if "/metoder/" in one]) == sizes["silent"][1] == FIRST
    )


def test_one_sheet_stays_one_sheet(client: httpx.Client) -> None:
    page = client.get(f"{REGION}?show=brief").raise_for_status().text
    assert len(lxml.html.fromstring(page).xpath("//div[@class='brief']//li")) == 4 * FIRST
    assert "De första 10 av 125." in page and link_to(page, "state-none")


@pytest.mark.parametrize("name", LISTS)
def test_json_and_csv_go_through_the_same_lines(client: httpx.Client, name: str) -> None:
    in_html = [line for page in pages_of(client, f"{REGION}?show={name}") for line in shown(page, name)]
    in_json, after = [], ""
    while after is not None:
        document = client.get("/sv/regioner/osby.json", params={"show": name} | ({"after": after} if after else {})).raise_for_status().json()["page"]
        if name.startswith("state-"):
            lines = [line for group in document["groups"] for line in group["lines"]]
        else:
            lines = document["equal"][name] if name in ("lacking", "open") else document[OF_JSON[name]]
        in_json += [slug((line.get("method") or line.get("indicator") or line.get("line", {}).get("method") or line)["iri"]) for line in lines]
        after = document["after"]
    assert in_json == in_html
    rows, address = [], f"/sv/regioner/osby.csv?show={name}"
    while address:
        answer = client.get(address).raise_for_status()
        rows += csv.DictReader(io.StringIO(answer.text))
        found = answer.links.get("next")
        address = found["url"] if found else ""
    assert [slug(row.get("method_iri") or row["indicator_iri"]) for row in rows] == in_html


def test_a_csv_file_with_the_beginning_of_lists_says_where_they_go_on(client: httpx.Client) -> None:
    answer = client.get("/sv/regioner/osby.csv").raise_for_status()
    told = re.findall(r'<[^>]*[?&]show=([a-z-]+)[^>]*>; rel="section"', answer.headers["link"])
    assert set(told) == {name for name, lines in LISTS.items() if len(lines) > FIRST}
    # What a row says of the waiting is said of every method of the file that others have, whichever list it stands in.
    rows = {slug(row["method_iri"]): row for row in csv.DictReader(io.StringIO(answer.text))}
    waited = {name: row["other_regions_with_access"] for name, row in rows.items()}
    assert {name for name, others in waited.items() if others} == set(rows) & (LISTS["lacking"] | LISTS["open"])
    assert "link" not in client.get("/sv/regioner/boda.csv?show=state-tried").headers


@pytest.mark.parametrize(
    ("name", "query"), [("coverage", ""), ("coverage", "&sort=unknown"), ("coverage", "&area=skin&sort=name"), ("waits", ""), ("waits", "&waits=since")]
)
def test_the_tables_of_equal_access_go_on_in_the_order_asked_for(client: httpx.Client, name: str, query: str) -> None:
    page = client.get(f"{ACCESS}?{query[1:]}").raise_for_status().text
    first = [slug(one) for one in lxml.html.fromstring(page).xpath(f"//section[.//h2[@id='{name}']]//tbody/tr/th/a/@href")]
    address = link_to(page, name)
    read = [line for one in pages_of(client, urljoin(ACCESS, address)) for line in shown(one, name)]
    assert read[:FIRST] == first and len(read) == len(set(read))
    in_json, in_csv, after = [], [], ""
    while after is not None:
        asked = dict(one.split("=") for one in query[1:].split("&") if one) | {"show": name} | ({"after": after} if after else {})
        document = client.get("/sv/jamlik-tillgang.json", params=asked).raise_for_status().json()["page"]
        in_json += [slug(line["method"]["iri"]) for line in document[name]]
        in_csv += [slug(row["record_iri"]) for row in csv.DictReader(io.StringIO(client.get("/sv/jamlik-tillgang.csv", params=asked).text))]
        after = document["after"]
    assert in_json == in_csv == read
    # Somebody has spoken of all but the silent ones and those of which only Ösby's hospital has.
    spoken = set().union(*(lines for name, lines in LISTS.items() if name not in ("silent", "indicators"))) - set(slugs("parts"))
    assert set(read) == (spoken - {"lyssna"} if "area" in query else spoken) if name == "coverage" else set(read) >= LISTS["lacking"]


def test_a_page_after_no_line_is_refused_and_one_without_a_list_is_the_page(client: httpx.Client) -> None:
    for address in (f"{REGION}?show=stateless&after=usual-001", f"{ACCESS}?show=waits&after=silent-001"):
        assert client.get(address).status_code == 400
    assert client.get(f"{REGION}?after=usual-001").text.count("<h2") == client.get(REGION).text.count("<h2")


def test_a_built_site_has_the_pages_of_lists_as_folders() -> None:
    assert plain_path(f"{REGION}?show=state-none&after=none-011") == f"{REGION}show/state-none/after/none-011/"
    assert plain_path(f"{ACCESS}?show=waits&after=none-011") == f"{ACCESS}show/waits/after/none-011/"


@pytest.mark.parametrize("code", ["sv", "en"])
def test_on_a_phone_nothing_is_too_wide(browser, crowded: str, code: str) -> None:
    words = {"sv": ("regioner", "jamlik-tillgang"), "en": ("regions", "equal-access")}[code]
    complaints: list[str] = []
    titles: set[str] = set()
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith(crowded) else complaints.append(request.url))
    for path in (
        f"{words[0]}/osby/",
        *(f"{words[0]}/osby/?show={name}" for name in LISTS),
        f"{words[0]}/osby/?show=brief",
        f"{words[1]}/",
        f"{words[1]}/?show=coverage",
        f"{words[1]}/?show=waits",
    ):
        page.goto(f"{crowded}/{code}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        # A tab tells which of the lists it shows.
        titles.add(page.title())
    assert len(titles) == len(LISTS) + 4
    # From the page of the region to the second page of a list and back, by clicks.
    page.goto(f"{crowded}/{code}/{words[0]}/osby/")
    page.locator("section", has=page.locator("#stateless")).get_by_role("link", name=re.compile("Visa alla|Show all")).click()
    page.locator("main a[rel=next]").click()
    assert page.locator("ul.standings > li").count() == len(LISTS["stateless"]) - LINES
    page.locator("nav.crumbs a").click()
    assert page.url == f"{crowded}/{code}/{words[0]}/osby/"
    context.close()
    assert complaints == []
