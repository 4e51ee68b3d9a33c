"""What there is to do: rows of queries as things to do, filtered and written; expected values were read off the invented registry by hand."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from phkg.curation.reviewers import Reviewers, belonging
from phkg.curation.todo import COLUMNS, Task, chosen, tasks, written
from phkg.graph.compile import compile_snapshot
from phkg.records.knowledge import Knowledge, find_knowledge
from phkg.records.queries import parse_query, read_queries
from phkg.views.reader import Reader
from phkg.views.site import read_site

QUERIES = Path(__file__).parents[1] / "ontology" / "queries"
ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return find_knowledge(QUERIES / "fixture")


@pytest.fixture(scope="module")
def found(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> tuple[Task, ...]:
    snapshot = compile_snapshot(knowledge, DAY, tmp_path_factory.mktemp("snapshot"))
    reviewers = Reviewers({"places": {"stockholm": ["@ek"]}, "default": {"reviewers": ["@all"]}})
    return tasks(read_queries(ROOT / "ontology" / "queries"), Reader(read_site(snapshot), "en"), reviewers, belonging(knowledge))


def only(found: tuple[Task, ...], name: str) -> Task:
    (task,) = (task for task in found if task.query == name)
    return task


def test_a_task_has_its_rows_with_name_place_and_file(found: tuple[Task, ...]) -> None:
    task = only(found, "undated-statements")
    (item,) = task.items
    assert (item.name, item.place, item.place_slug) == ("Stockholm3", "Karolinska", "karolinska-universitetssjukhuset")
    assert item.record.endswith("/implementations/stockholm/stockholm3-prostate/1")
    assert item.file == "registry/implementations/stockholm.ttl"
    assert item.reviewers == ("@ek",)
    assert task.title == "Find the date of the statement"


def test_a_row_with_a_region_is_about_it(found: tuple[Task, ...]) -> None:
    task = only(found, "silent-pairs")
    assert len(task.items) == 21
    assert sum(one.place_slug == "norrbotten" for one in task.items) == 7


def test_texts_are_missing_in_each_language(found: tuple[Task, ...]) -> None:
    told = {one.told for one in only(found, "texts-missing-in-a-language").items}
    assert any(text.endswith(" – sv") for text in told)
    assert any("Only in English." in text for text in told)


def test_values_that_are_set_are_said(found: tuple[Task, ...]) -> None:
    assert "more than 5 years" in only(found, "stale-statements").why


def test_choosing_by_region_task_and_reviewer(found: tuple[Task, ...]) -> None:
    assert {one.place_slug for task in chosen(found, place="skane") for one in task.items} == {"skane"}
    assert [task.query for task in chosen(found, ["silent-pairs"])] == ["silent-pairs"]
    assert {who for task in chosen(found, reviewer="@ek") for one in task.items for who in one.reviewers} == {"@ek"}
    assert chosen(found, place="skane", reviewer="@nobody") == ()


def test_as_csv_nothing_is_cut(found: tuple[Task, ...]) -> None:
    rows = list(csv.reader(io.StringIO(written(found, "csv", "en").lstrip("\ufeff")), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) - 1 == sum(len(task.items) for task in found)


def test_as_json(found: tuple[Task, ...]) -> None:
    told = json.loads(written(found, "json", "en"))
    assert {task["query"] for task in told} == {task.query for task in found}


def test_long_lists_are_cut_with_a_count(found: tuple[Task, ...]) -> None:
    silent = chosen(found, ["silent-pairs"])
    assert "… and 1 more (show all with --all)" in written(silent, "text", "en")
    assert "more (show" not in written(silent, "text", "en", whole=True)


def test_markdown_is_a_list_of_boxes_and_takes_no_markup_from_data(found: tuple[Task, ...]) -> None:
    hostile = Task("x", "Title", "why", (only(found, "undated-statements").items[0].__class__("i", "<b>*x*</b>", "", "", "a\u202eb", "", ()),))
    text = written((hostile,), "markdown", "en")
    assert "- [ ] \\<b\\>\\*x\\*\\</b\\>, a b" in text


def test_nothing_to_do_is_said() -> None:
    assert written((), "text", "sv") == "Här finns inget att göra.\n"


def test_only_queries_with_a_task_are_asked(found: tuple[Task, ...]) -> None:
    assert "grants" not in {task.query for task in found}
    assert parse_query("x", "# task@sv: Gör\nSELECT * {}").task == {"sv": "Gör"}
