"""The generated pages are fresh and say all there is; the command tells what is stale and mends it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat, parse

from phkg.cli import COMMANDS, main
from phkg.publishing.reference.markdown import cell, code, prose, table

from .markdown import ROOT

REFERENCE = ROOT / "docs" / "reference"
MESSAGE = "http://www.w3.org/ns/shacl#message"
DEFINED_BY = "http://www.w3.org/2000/01/rdf-schema#isDefinedBy"
PH = "https://w3id.org/phkg/ontology#"


def text(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def triples(*patterns: str):
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            yield from parse(path=str(path), format=RdfFormat.TURTLE)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like a checkout, with a copy of the generated pages."""
    for room in ("ontology", "shapes", "registry", "web"):
        (tmp_path / room).symlink_to(ROOT / room)
    shutil.copytree(REFERENCE, tmp_path / "docs" / "reference")
    shutil.copytree(ROOT / ".github" / "ISSUE_TEMPLATE", tmp_path / ".github" / "ISSUE_TEMPLATE")
    monkeypatch.setattr("phkg.records.knowledge.own_root", lambda: tmp_path)
    return tmp_path


def test_every_generated_page_is_fresh() -> None:
    result = CliRunner().invoke(main, ["docs", "--check"])
    assert (result.exit_code, result.output) == (0, ""), "make docs writes the stale pages anew"


def test_a_stale_page_is_named_and_mended(checkout: Path) -> None:
    page = checkout / "docs" / "reference" / "shapes.md"
    fresh = page.read_bytes()
    page.write_bytes(fresh.replace(b"violation", b"suggestion", 1))
    told = CliRunner().invoke(main, ["docs", "--check"])
    assert told.exit_code == 1
    assert "docs/reference/shapes.md" in told.output and "make docs" in told.output
    assert CliRunner().invoke(main, ["docs"]).exit_code == 0
    assert page.read_bytes() == fresh


def test_without_the_folder_docs_it_says_where_it_works(checkout: Path) -> None:
    shutil.rmtree(checkout / "docs")
    result = CliRunner().invoke(main, ["docs"])
    assert result.exit_code == 2 and "checkout" in result.output


def test_every_term_of_the_vocabulary_is_on_its_page() -> None:
    page = text("vocabulary.md")
    terms = {triple.subject.value for triple in triples("ontology/*.ttl") if triple.predicate.value == DEFINED_BY}
    assert [term for term in sorted(terms) if f"`ph:{term.removeprefix(PH)}`" not in page] == []


def test_every_concept_is_on_the_page() -> None:
    page = text("vocabulary.md")
    concepts = {
        triple.subject.value for triple in triples("ontology/concepts/*.ttl") if triple.object == NamedNode("http://www.w3.org/2004/02/skos/core#Concept")
    }
    assert len(concepts) > 200
    assert [iri for iri in sorted(concepts) if f"`{':'.join(iri.split('/')[-2:])}`" not in page] == []


def test_every_rule_that_can_speak_is_on_its_page() -> None:
    """Shapes that only help others (a place, a day …) speak through those that use them."""
    page = text("shapes.md")
    spoken = {triple.subject.value for triple in triples("shapes/*.ttl") if triple.predicate.value == MESSAGE}
    severe = {triple.subject.value for triple in triples("shapes/*.ttl") if triple.predicate.value.endswith("#severity")}
    missing = [iri for iri in spoken & severe if f'<a id="{iri.rsplit("/", 1)[-1].replace("#", "-")}">' not in page]
    assert missing == []


def test_every_command_is_on_its_page() -> None:
    page = text("commands.md")
    assert [name for name in COMMANDS if f"\n## phkg {name}\n" not in page] == []


def test_the_numbered_rules_for_standings_are_all_there() -> None:
    numbers = [line.split(".")[0] for line in text("standing-rules.md").splitlines() if line[:1].isdigit()]
    assert numbers == [str(number) for number in range(1, 23)]


def test_no_text_breaks_a_table() -> None:
    assert table(("a", "b"), [("x | y", "one\ntwo")]) == "| a | b |\n| --- | --- |\n| x \\| y | one two |"
    assert table(("a",), []) == ""
    assert cell("  a  b ") == "a b"


def test_text_of_the_data_is_shown_as_it_stands() -> None:
    assert prose("HLA-B*57:01 <b> [x]") == "HLA-B\\*57:01 &lt;b> \\[x]"
    assert code("a`b") == "`` a`b ``" and code("") == ""


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_message_is_on_its_page_with_a_cause_and_something_to_do(language: str) -> None:
    rows = [line for line in text(f"messages.{language}.md").splitlines() if line.startswith("| ") and "](shapes.md#" in line]
    says = [triple.object.value for triple in triples("shapes/*.ttl") if triple.predicate.value == MESSAGE and triple.object.language == language]
    told = "\n".join(row.split(" ([")[0] for row in rows)
    first = [re.split("(?<=[.;]) ", message)[0] for message in says if re.search("[.;] ", message)]
    assert len(rows) > 400 and [sentence for sentence in first if sentence not in told] == []
    assert all(len(cell) > 5 for row in rows for cell in re.split(r"(?<!\\) \| ", row.strip("|"))[1:3])
