"""The report of a change: what it says word for word in both languages, in every form, at every size, whatever the labels hold."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import edits
import lxml.html
import pytest

from phkg.curation.report import report, site_of
from phkg.curation.sides import graphs, sides
from phkg.graph.compared import Compared
from phkg.records.knowledge import find_knowledge

HERE = Path(__file__).parent
DAY = date(2021, 6, 1)


def compared(before: Path, after: Path) -> Compared:
    return graphs(*sides(str(before), str(after), find_knowledge(before), print)).compare(DAY)


def told(before: Path, after: Path, form: str = "text", language: str = "en", whole: bool = False) -> str:
    knowledge = find_knowledge(before)
    base, head = sides(str(before), str(after), knowledge, lambda _: None)
    both = graphs(base, head)
    text = report(both.compare(DAY), site_of(both), base, head, form, language, knowledge, whole)
    return text.replace(str(before), "before").replace(str(after), "after")


@pytest.fixture
def changed(root: Path, tmp_path: Path) -> Path:
    """The country after one change of every kind."""
    after = Path(shutil.copytree(root, tmp_path / "after"))
    edits.one_of_each(after)
    return after


@pytest.mark.parametrize("language", ["sv", "en"])
def test_one_change_of_every_kind_word_for_word(root: Path, changed: Path, language: str) -> None:
    """Worked out by hand from the files and the rules for standings:

    - Of Boda's word on anga the state, its start and its source are others. It was tried; by rules 10–13 the one word left says usual.
      Boda has 500 of 1,000 people, Älvik and Ösby are silent on anga: 0 to 50 per cent before, 50 to 100 after, two silent both times.
    - In Ösby the law and the news of the same month said different states of lyssna; without the news the law stands alone.
    - Four words and a use of lyssna rest on the news alone, which is withdrawn; the word that rests on the law too does not count.
    - The method fraga goes under another name; nobody names it.
    """
    assert told(root, changed, language=language) == (HERE / f"report.{language}.txt").read_text(encoding="utf-8")


def test_what_only_looks_different_is_nothing(root: Path, tmp_path: Path) -> None:
    after = Path(shutil.copytree(root, tmp_path / "after"))
    edits.noise(after)
    found = compared(root, after)
    assert found.changes.records == () and found.follows is not None and found.follows.standings == ()
    assert told(root, after) == "What changed from before to after\n\nNothing in meaning.\n"
    assert told(root, after, language="sv") == "Vad som ändrats från before till after\n\nInget i sak.\n"


def test_markdown_says_the_same_under_headings(root: Path, changed: Path) -> None:
    lines = told(root, changed, "markdown").splitlines()
    assert lines[0].startswith("# What changed from ")
    assert "## Implementation statements (1 changed, 1 withdrawn)" in lines
    assert "- changed: Boda Region: ånga, tried → usual from September 2020 (source: Ångan i Boda, Rådet, 15 September 2020)" in lines
    assert "  - note: Hört sägas. → nothing" in lines
    assert "- listening `/en/methods/lyssna/`" in lines


def test_html_stands_alone_and_says_the_same(root: Path, changed: Path) -> None:
    page = lxml.html.document_fromstring(told(root, changed, "html", "sv"))
    assert page.get("lang") == "sv"
    assert [node.text_content() for node in page.iter("h1")] == ["Vad som ändrats från before till after"]
    items = [" ".join(node.text_content().split()) for node in page.iter("li")]
    assert "Region Boda: ånga, prövas → vanligt från september 2020 (källa: Ångan i Boda, Rådet, 15 september 2020)" in items
    assert page.xpath("//script | //link | //img | //a") == []


def test_json_holds_all_of_it_with_identifiers(root: Path, changed: Path) -> None:
    found = json.loads(told(root, changed, "json"))
    assert (found["base"], found["head"], found["language"], found["day"]) == ("before", "after", "en", "2021-06-01")
    changes = found["changes"]
    assert changes["counts"] == [{"sort": "new", "count": 1}, {"sort": "changed", "count": 2}, {"sort": "moved", "count": 1}, {"sort": "withdrawn", "count": 2}]
    (standing,) = changes["standings"]
    assert standing["place"]["iri"] == "https://example.org/ekland/regions/boda"
    assert (standing["before"]["label"]["value"], standing["after"]["label"]["value"]) == ("tried", "usual")
    (share,) = changes["coverages"]
    assert share["before"] == {"low": 0.0, "high": 0.5, "unknown": 2, "regions": 3}
    assert share["after"] == {"low": 0.5, "high": 1.0, "unknown": 2, "regions": 3}
    assert [one["contradiction"] for one in changes["contradictions"]] == ["settled"]


def test_two_thousand_changed_records_read_well(root: Path, tmp_path: Path) -> None:
    """Grouped, cut with a count, and the cut can be lifted."""
    after = Path(shutil.copytree(root, tmp_path / "after"))
    for number in range(2000):
        text = edits.REPORT.replace("report", f"report-{number}").replace("Ångan i Boda", f"Bok {number}")
        (after / f"registry/sources/report-{number}.ttl").write_text(text, encoding="utf-8")
    lines = told(root, after).splitlines()
    assert "2,000 records: 2,000 new. What follows is worked out for 1 June 2021." in lines
    assert sum(line.startswith("  new: Bok") for line in lines) == 50
    assert lines.count("  and 1,950 more") == 2 and len(lines) < 120
    assert [line for line in lines if "Bok 1," in line] == ["  new: Bok 1, Rådet, 15 September 2020, https://example.org/report-1/"]
    whole = told(root, after, whole=True).splitlines()
    assert sum(line.startswith("  new: Bok") for line in whole) == 2000
    assert len(json.loads(told(root, after, "json"))["changes"]["kinds"][0]["lines"]) == 2000


def test_a_label_is_only_text_in_every_form(root: Path, tmp_path: Path) -> None:
    after = Path(shutil.copytree(root, tmp_path / "after"))
    evil = "<script>alert(1)</script> [x](javascript:1) @everyone \\u001b[31m\\u202e `code` # x"
    edits.replace(after / "registry/regions/osby.ttl", "Region Ösby", evil)
    text = told(root, after)
    assert "\x1b" not in text and "\u202e" not in text and "<script>alert(1)</script>" in text
    marked = told(root, after, "markdown")
    assert "<script>" not in marked.replace("\\<", "") and "\\[x\\](" in marked and "@everyone" not in marked and "\x1b" not in marked
    page = lxml.html.document_fromstring(told(root, after, "html"))
    assert page.xpath("//script") == [] and "<script>alert(1)</script>" in page.text_content()


def test_a_registry_that_nothing_can_be_derived_from_is_still_compared(root: Path, tmp_path: Path) -> None:
    after = Path(shutil.copytree(root, tmp_path / "after"))
    edits.replace(after / "registry/implementations/boda.ttl", '"2019-03"^^xsd:gYearMonth', '"2019-13"^^xsd:gYearMonth')
    text = told(root, after)
    assert "What follows cannot be worked out: https://example.org/ekland/implementations/boda/lyssna/2" in text
    assert "since: 2019-03 → 2019-13" in text
