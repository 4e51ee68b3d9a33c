"""JSON and CSV twins over real HTTP: they say what their pages say, by one rule, and a program can rely on their form."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import lxml.html
import pytest
from page_kinds import KINDS

from phkg.publishing.tables import Table, as_csv
from phkg.publishing.twins import plain
from phkg.views.reader import Link, Text
from phkg.views.source_lines import SourceLine

WITH_TABLE = [
    kind for kind in KINDS if kind not in ("source", "vocabulary", "queries", "about", "notes", "measures", "sharing", "accessibility", "privacy", "citing")
]


@pytest.fixture(scope="module")
def client(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


def twin(page: str, ending: str) -> str:
    """The address of a page's twin."""
    parts = urlsplit(page)
    return parts.path.rstrip("/") + f".{ending}" + (f"?{parts.query}" if parts.query else "")


def document(client: httpx.Client, page: str) -> dict:
    answer = client.get(twin(page, "json"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text[:300]
    return answer.json()


def rows(client: httpx.Client, page: str) -> list[dict[str, str]]:
    answer = client.get(twin(page, "csv"))
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv"), answer.text[:300]
    return list(csv.DictReader(io.StringIO(answer.text)))


def found(node, *names: str) -> Iterator[object]:
    """Every value under one of these names, however deep."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in names:
                yield value
            yield from found(value, *names)
    elif isinstance(node, list):
        for one in node:
            yield from found(one, *names)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


@pytest.mark.parametrize("code", ["sv", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_has_a_json_twin(client: httpx.Client, kind: str, code: str) -> None:
    told = document(client, KINDS[kind][code])
    assert list(told) == ["view", "language", "day", "known", "snapshot", "page_address", "page", "records"]
    assert (told["language"], told["day"], told["page_address"]) == (code, "2026-11-22", KINDS[kind][code])


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_links_to_its_twins(client: httpx.Client, kind: str) -> None:
    page = lxml.html.document_fromstring(client.get(KINDS[kind]["sv"]).text)
    types = {"json": "application/json", "csv": "text/csv"}
    for ending, media_type in types.items():
        address = twin(KINDS[kind]["sv"], ending)
        linked = page.xpath(f"//head/link[@rel='alternate'][@type='{media_type}']/@href")
        shown = [link for link in page.xpath("//footer//a/@href") if link == address]
        expected = [address] if ending == "json" or kind in WITH_TABLE else []
        assert (linked, shown) == (expected, expected)


@pytest.mark.parametrize("kind", ["method", "treatment", "organisation", "gene", "source", "region"])
def test_what_the_json_says_stands_on_the_page(client: httpx.Client, kind: str) -> None:
    """Every state, date, source address and text of the twin is on the page; nothing is known to one of them only."""
    told = document(client, KINDS[kind]["sv"])["page"]
    page = lxml.html.document_fromstring(client.get(KINDS[kind]["sv"]).text)
    shown = words(page.find(".//main").text_content())
    days, links = set(page.xpath("//main//time/@datetime")), set(page.xpath("//main//a/@href"))
    said = [state["label"]["value"] for state in found(told, "state") if state]
    said.append(told["head"]["label"]["value"])
    said += [text["value"] for text in found(told, "eligibility", "reason", "title", "description") if isinstance(text, dict)]
    assert [text for text in said if words(text) not in shown] == []
    dates = {date for date in found(told, "since", "until", "planned_start", "date", "first_since") if date}
    assert dates <= days | {"2026-11-22"}, dates - days
    addresses = {address for address in found(told, "address") if isinstance(address, str)}
    assert addresses <= links, addresses - links


@pytest.mark.parametrize("code", ["sv", "en"])
def test_the_rows_of_a_method_are_those_of_its_page_and_json(client: httpx.Client, code: str) -> None:
    address = KINDS["method"][code]
    told, table = document(client, address)["page"]["standings"], rows(client, address)
    page = lxml.html.document_fromstring(client.get(address).text)
    assert len(table) == len(told) == len(page.xpath("//tr[@id]")) == 21
    for line, row in zip(told, table, strict=True):
        state = line["state"] or {"iri": "", "label": {"value": ""}}
        assert (row["region_iri"], row["state_iri"], row["state"]) == (line["place"]["iri"], state["iri"], state["label"]["value"])
        assert (row["since"], row["contradiction"]) == (line["since"] or "", str(line["contradiction"]).lower())


def test_the_cells_of_the_matrix_are_those_of_its_page_and_json(client: httpx.Client) -> None:
    address = KINDS["matrix-narrowed"]["en"]
    told, table = document(client, address)["page"], rows(client, address)
    page = lxml.html.document_fromstring(client.get(address).text)
    cells = [cell for row in told["rows"] for cell in row["cells"]]
    marks = page.xpath("//table[@class='matrix']/tbody//td[not(@class='count')]")
    assert len(table) == len(cells) == len(marks) > 100
    for row, cell, mark in zip(table, cells, marks, strict=True):
        assert row["state"] == (cell["state"]["label"]["value"] if cell["state"] else "")
        assert (row["state"] or "no statement") in mark.find("a").get("aria-label")


def test_the_table_of_regions_has_the_counts_of_its_page(client: httpx.Client) -> None:
    address = KINDS["regions"]["sv"]
    told, table = document(client, address)["page"], rows(client, address)
    page = lxml.html.document_fromstring(client.get(address).text)
    shown = [[cell.text_content().strip() for cell in row.xpath("./*")] for row in page.xpath("//main//table//tbody/tr")]
    assert len(shown) == len(told["regions"]) == 21
    for cells, line in zip(shown, told["regions"], strict=True):
        counts = [row for row in table if row["place_iri"] == line["place"]["iri"]]
        assert [int(row["count"]) for row in counts] == [*map(int, cells[1 : len(told["states"]) + 1]), int(cells[-2])]
        assert {row["known"] for row in counts} == {cells[-4]} and sum(int(row["for_a_part"]) for row in counts) == int(cells[-3])
    assert [row["place_iri"] for row in table if not row["known"]] == [one["place"]["iri"] for one in told["wider"]]


@pytest.mark.parametrize("kind", ["list", "search", "region", "organisation"])
def test_other_tables_have_the_rows_of_their_pages(client: httpx.Client, kind: str) -> None:
    address = KINDS[kind]["sv"]
    told, table = document(client, address)["page"], rows(client, address)
    page = lxml.html.document_fromstring(client.get(address).text)
    if kind in ("list", "search"):
        listed = [link.text_content() for link in page.xpath("//main//ul[@class='entries']/li/p[1]/a")]
        assert [row["record"] for row in table] == listed and len(listed) > 3
    elif kind == "region":
        (method_count,) = {one["total"] for one in [document(client, "/sv/metoder/")["page"]]}
        assert len(table) == len({row["method_iri"] for row in table}) == method_count
        assert [row["method"] for row in table if not row["statement_iris"]] == [one["label"]["value"] for one in told["silent"]]
    else:
        assert len(table) == len(told["members"]) + len(told["member_of"]) > 20
        assert len(page.xpath("//main//table//tbody/tr")) == len(table)


def test_the_observations_of_an_indicator_are_a_table(client: httpx.Client) -> None:
    table = {(row["place"], row["period"]): row for row in rows(client, "/sv/indikatorer/population/")}
    # Statistics Sweden, population on 31 December 2023.
    assert table["Region Blekinge", "2023-12-31"]["value"] == "157973"
    assert table["Region Blekinge", "2023-12-31"]["place_iri"].endswith("/regions/blekinge")


def test_a_page_that_is_no_table_says_where_its_facts_are(client: httpx.Client) -> None:
    answer = client.get("/sv/vokabular.csv")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-table")
    assert "/sv/vokabular.json" in answer.json()["detail"]


def test_the_iri_of_a_record_with_an_ending_leads_to_its_twin(client: httpx.Client) -> None:
    for ending in ("json", "csv"):
        answer = client.get(f"/methods/nipt-trisomies.{ending}?as-of=2020-01-01", headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/en/methods/nipt-trisomies.{ending}?as-of=2020-01-01")
        assert answer.headers["vary"] == "Accept-Language"
    assert client.get("/methods/no-such-thing.json").json()["status"] == 404


def test_a_twin_that_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    for ending in ("json", "csv"):
        address = f"/sv/metoder/nipt-trisomies.{ending}"
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["access-control-allow-origin"] == "*"


def test_nothing_known_is_null_and_keys_keep_their_order() -> None:
    line = SourceLine(Link("https://a.example/1", Text("ett", "sv"), None), Text(""), "", "2021-09", None, None, True)
    assert list(plain(line).items()) == [
        ("link", {"iri": "https://a.example/1", "label": {"value": "ett", "language": "sv"}, "path": None}),
        ("title", {"value": "", "language": None}),
        ("publisher", None),
        ("date", "2021-09"),
        ("kind", None),
        ("address", None),
        ("needs_better", True),
    ]


@pytest.mark.parametrize(
    "text, written",
    [("=1+1", "'=1+1"), ("@cmd", "'@cmd"), ("+46", "'+46"), ("-3.5", "-3.5"), ("-x", "'-x"), ('a"b,c', '"a""b,c"'), ("ja", "ja")],
)
def test_no_cell_is_a_formula(text: str, written: str) -> None:
    assert as_csv(Table(("name",), ({"name": text},))) == f"name\r\n{written}\r\n".encode()
