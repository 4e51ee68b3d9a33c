"""An objection stands beside the statement that it contests, wherever that is shown, in both languages, until it is settled: an invented country, asked over HTTP."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import httpx
import lxml.html
import pytest
from town import TOWN

from phkg.graph.changes import compare
from phkg.graph.compared import Compared
from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import Snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import find_knowledge
from phkg.views.changes import ChangeReader, changes_view, gone_of
from phkg.views.reader import Reader
from phkg.views.site import read_site

BASE = "https://example.org/ekland/"
HEAD = """@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ph: <https://w3id.org/phkg/ontology#> .
@prefix e: <https://example.org/ekland/> .
"""


def objection(number: int, statement: str, rest: str) -> str:
    return f"""<{BASE}objections/osby/{number}> a ph:Objection ; ph:contests <{BASE}implementations/{statement}> ;
    ph:contestedBy <{BASE}regions/osby> ; ph:statedBy <{BASE}sources/news-2020> ; {rest} .\n"""


OBJECTIONS = HEAD + "".join(
    (
        objection(1, "boda/lyssna/2", 'ph:since "2020-05"^^xsd:gYearMonth ; ph:objectionReason "De lyssnar <b>inte</b>."@sv, "They do <b>not</b> listen."@en'),
        objection(
            2,
            "boda/anga/1",
            'ph:since "2019"^^xsd:gYear ; ph:until "2020-02"^^xsd:gYearMonth ; ph:objectionReason "Ingen ånga."@sv ; ph:settlement "Den står fast."@sv',
        ),
        objection(3, "boda/tvatta/1", 'ph:since "2021-12"^^xsd:gYearMonth ; ph:objectionReason "Kommer senare."@sv'),
    )
)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot, Snapshot]:
    """Ekland with three objections of Ösby (open, settled, not made yet), where it lies, and the snapshots before and after they came."""
    root = Path(shutil.copytree(TOWN, tmp_path_factory.mktemp("contested") / "town"))
    before = compile_snapshot(find_knowledge(root), date(2021, 6, 1), root / "snapshots")
    (root / "registry/objections").mkdir()
    (root / "registry/objections/osby.ttl").write_text(OBJECTIONS, encoding="utf-8")
    return root, before, compile_snapshot(find_knowledge(root), date(2021, 6, 1), root / "snapshots")


@pytest.fixture(scope="module")
def get(snapshots: tuple[Path, Snapshot, Snapshot]):
    root, _, snapshot = snapshots
    app = create_app(find_knowledge(root), lambda: snapshot)

    def ask(path: str) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ekland.example") as client:
                return await client.get(path)

        return asyncio.run(asked())

    return ask


def shown(get, path: str) -> list[str]:
    """What the objections on a page say, with single spaces."""
    answer = get(path)
    assert answer.status_code == 200, path
    return [" ".join(one.text_content().split()) for one in lxml.html.document_fromstring(answer.text).find_class("objection")]


@pytest.mark.parametrize(
    ("path", "who", "why"),
    [
        ("/sv/metoder/lyssna/", "bestrids av Region Ösby", "De lyssnar <b>inte</b>."),
        ("/en/methods/lyssna/", "contested by Region Ösby", "They do <b>not</b> listen."),
        ("/sv/regioner/boda/", "bestrids av Region Ösby", "De lyssnar <b>inte</b>."),
        ("/en/implementations/?place=boda", "contested by Region Ösby", "They do <b>not</b> listen."),
    ],
)
def test_it_stands_beside_the_statement_with_its_source(get, path: str, who: str, why: str) -> None:
    (said,) = set(shown(get, path))
    assert said.startswith(who) and why in said and "2020" in said and "All listen" in said


def test_what_is_settled_or_not_yet_made_stands_beside_nothing(get) -> None:
    assert shown(get, "/sv/metoder/anga/") == [] and shown(get, "/sv/metoder/tvatta/") == []


def test_on_a_day_before_it_was_settled_it_was_open(get) -> None:
    assert "Ingen ånga." in "".join(shown(get, "/sv/metoder/anga/?as-of=2019-06-01"))
    assert shown(get, "/sv/metoder/lyssna/?as-of=2019-06-01") == []


def test_the_state_of_the_region_is_marked_and_stays(get) -> None:
    table = lxml.html.document_fromstring(get("/sv/metoder/lyssna/").text).get_element_by_id("boda")
    assert "bestrids" in table.text_content()
    standing = next(row for row in csv.DictReader(io.StringIO(get("/sv/metoder/lyssna.csv").text)) if row["region"] == "Region Boda")
    assert (standing["contested"], standing["state_iri"]) == ("true", f"{BASE}concepts/stage/usual")


def test_the_list_has_the_open_ones_first_and_says_how_others_were_settled(get) -> None:
    first, second = shown(get, "/sv/invandningar/")
    assert (
        first.startswith("bestrids av Region Ösby")
        and second.startswith("avgjord av Region Ösby")
        and "Så avgjordes den (februari 2020): Den står fast." in second
    )
    rows = list(csv.DictReader(io.StringIO(get("/en/objections.csv").text)))
    assert [(row["statement_iri"].removeprefix(BASE), row["open"], row["until"]) for row in rows] == [
        ("implementations/boda/lyssna/2", "true", ""),
        ("implementations/boda/anga/1", "false", "2020-02"),
    ]


def test_the_twins_of_the_statements_name_it(get) -> None:
    rows = {row["statement_iri"]: row for row in csv.DictReader(io.StringIO(get("/sv/inforanden.csv").text))}
    assert rows[f"{BASE}implementations/boda/lyssna/2"]["objection_iris"] == f"{BASE}objections/osby/1"
    assert rows[f"{BASE}implementations/boda/anga/1"]["contested_by"] == ""
    lines = json.loads(get("/en/implementations.json").text)["page"]["lines"]
    (told,) = [line["objections"][0] for line in lines if line["objections"]]
    assert (told["by"]["label"]["value"], told["reason"]["value"], told["since"], told["is_open"]) == (
        "Region Ösby",
        "They do <b>not</b> listen.",
        "2020-05",
        True,
    )


def test_its_identifier_leads_to_the_statement(get) -> None:
    answer = get("/objections/osby/1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sv/metoder/lyssna/#boda-lyssna-2")
    assert "objectionReason" in get("/objections/osby/1.ttl").text


def test_what_changed_is_told_in_words(snapshots: tuple[Path, Snapshot, Snapshot]) -> None:
    _, before, after = snapshots
    changes = compare(before.store, after.store)
    reader = ChangeReader(Reader(read_site(after), "en"), gone_of(changes))
    (group,) = (kind for kind in changes_view(reader, Compared(changes, None, "")).kinds if kind.label and kind.label.value == "Objections")
    line = next(line for line in group.lines if line.iri.endswith("/osby/1"))
    assert (line.sort, line.record.label.value, line.part) == ("new", "Boda: listening", None)
    assert line.objection and line.objection.by.label.value == "Region Ösby" and line.objection.reason.value == "They do <b>not</b> listen."


def test_the_columns_of_the_table_hold_each_what_it_says_in_the_readers_language(get) -> None:
    first, second = csv.DictReader(io.StringIO(get("/en/objections.csv").text))
    assert first == {
        "objection_iri": f"{BASE}objections/osby/1",
        "statement_iri": f"{BASE}implementations/boda/lyssna/2",
        "statement": "Boda: listening",
        "contested_by_iri": f"{BASE}regions/osby",
        "contested_by": "Region Ösby",
        "reason": "They do <b>not</b> listen.",
        "since": "2020-05",
        "until": "",
        "open": "true",
        "settlement": "",
        "source_iris": f"{BASE}sources/news-2020",
        "source_addresses": first["source_addresses"],
    }
    assert second["settlement"] == "Den står fast." and second["reason"] == "Ingen ånga."
    swedish, _ = csv.DictReader(io.StringIO(get("/sv/invandningar.csv").text))
    assert swedish["reason"] == "De lyssnar <b>inte</b>." and list(swedish) == list(first)
