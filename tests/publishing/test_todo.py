"""The page of what there is to do: tasks of an invented registry, asked over HTTP; expected values were read off its records by hand."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import date
from pathlib import Path

import httpx
import lxml.html
import pytest

from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import Snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import find_knowledge
from phkg.records.queries import read_queries
from phkg.views.graph import Graph

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "ontology" / "queries" / "fixture"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return compile_snapshot(find_knowledge(FIXTURE), date(2026, 11, 1), tmp_path_factory.mktemp("todo"))


@pytest.fixture(scope="module")
def get(snapshot: Snapshot):
    app = create_app(find_knowledge(FIXTURE), lambda: snapshot)

    def ask(path: str) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://example.org") as client:
                return await client.get(path)

        return asyncio.run(asked())

    return ask


def page(get, path: str) -> lxml.html.HtmlElement:
    answer = get(path)
    assert answer.status_code == 200, path
    return lxml.html.document_fromstring(answer.text)


def heads(found: lxml.html.HtmlElement) -> dict[str, int]:
    """The tasks on a page with their counts."""
    return {
        section.get("aria-labelledby"): int(section.find("h2/small").text.strip("()"))
        for section in found.iter("section")
        if section.find("ul[@class='todo']") is not None
    }


def test_it_has_every_task_with_its_count(get) -> None:
    told = heads(page(get, "/sv/att-gora/"))
    assert told["silent-pairs"] == 21 and told["undated-statements"] == 1 and told["contested-statements"] == 1
    assert told == heads(page(get, "/en/to-do/"))


def test_a_region_is_narrowed_to_by_a_plain_link(get) -> None:
    whole = page(get, "/sv/att-gora/")
    links = {link.get("href") for link in whole.iter("a")}
    assert "/sv/att-gora/?region=norrbotten" in links and "/sv/att-gora/?task=silent-pairs" in links
    assert heads(page(get, "/sv/att-gora/?region=norrbotten"))["silent-pairs"] == 7
    assert set(heads(page(get, "/sv/att-gora/?task=silent-pairs"))) == {"silent-pairs"}


def test_each_thing_leads_to_its_record_and_to_the_form_with_it_filled_in(get) -> None:
    found = page(get, "/en/to-do/?task=undated-statements")
    links = [link.get("href") for link in found.xpath("//ul[@class='todo']//a")]
    assert "/en/methods/stockholm3-prostate/" in links
    assert any(link.endswith("?record=implementations/stockholm/stockholm3-prostate/1") for link in links)
    (form,) = {link.partition("/?")[0] for link in page(get, "/en/to-do/?task=silent-pairs").xpath("//ul[@class='todo']//a/@href") if "place=" in link}
    assert form.endswith("/implementation-statement")


def test_the_twins_hold_everything(get) -> None:
    rows = list(csv.DictReader(io.StringIO(get("/en/to-do.csv").text)))
    told = json.loads(get("/en/to-do.json").text)["page"]
    assert len(rows) == told["count"] == sum(task["count"] for task in told["tasks_of_all"])
    contested = next(row for row in rows if row["query"] == "contested-statements")
    assert contested["task"] == "Settle the objection" and contested["place"] == "Region Halland" and "The region offers the test." in contested["told"]
    narrowed = list(csv.DictReader(io.StringIO(get("/en/to-do.csv?region=norrbotten").text)))
    assert {row["place"] for row in narrowed} == {"Region Norrbotten"}


def test_the_text_of_an_issue_has_a_box_for_each(get) -> None:
    text = page(get, "/en/to-do/?region=norrbotten").findtext(".//pre")
    assert text is not None and text.count("- [ ] ") == len(list(csv.DictReader(io.StringIO(get("/en/to-do.csv?region=norrbotten").text))))


@pytest.mark.parametrize("question", ["region=nowhere", "task=grants", "as-of=2020-01-01"])
def test_what_it_does_not_take_is_said(get, question: str) -> None:
    assert get(f"/sv/att-gora/?{question}").status_code == 400


def test_columns_have_the_names_that_the_engine_gives_them(snapshot: Snapshot) -> None:
    for query in read_queries(ROOT / "ontology" / "queries"):
        solutions = snapshot.store.query(query.text)
        names = [variable.value for variable in solutions.variables]
        expected = [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in solutions]
        assert list(Graph(snapshot.store).solutions(query.text)) == expected, query.name
