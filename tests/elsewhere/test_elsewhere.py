"""Another country: its own regions, states, rules and languages, served by the same program without a change in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import lxml.html
import pytest
from served import Served, run

INSULO = Path(__file__).parent / "insulo"
STATE_OF_THE_NORTH = """
PREFIX ph: <https://w3id.org/phkg/ontology#>
SELECT ?state WHERE {
  <https://example.net/insulo/standings/norda/kantado> ph:state ?state
}"""


@pytest.fixture
def insulo(tmp_path: Path) -> Path:
    return shutil.copytree(INSULO, tmp_path / "insulo")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory):
    with Served(INSULO, tmp_path_factory.mktemp("cache")) as running:
        yield running


def page(served: Served, path: str) -> lxml.html.HtmlElement:
    answer = httpx.get(served.address + path)
    assert answer.status_code == 200, path
    return lxml.html.document_fromstring(answer.text)


def test_its_records_conform(tmp_path: Path) -> None:
    checked = run("validate", "--root", str(INSULO), cache=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_its_files_are_canonical(tmp_path: Path) -> None:
    assert run("fmt", "--check", "--root", str(INSULO), str(INSULO), cache=tmp_path).returncode == 0


@pytest.mark.parametrize("language, sentence", [("eo", "Mankas fonto."), ("la", "Fons deest.")])
def test_its_own_rule_speaks_its_own_language(insulo: Path, tmp_path: Path, language: str, sentence: str) -> None:
    file = insulo / "registry" / "implementations" / "suda.ttl"
    file.write_text(file.read_text().replace("    ph:statedBy source:gazeto-2030 ;\n", ""))
    checked = run("validate", "--root", str(insulo), "--lang", language, cache=tmp_path)
    assert checked.returncode == 1
    assert sentence in checked.stdout and "registry/implementations/suda.ttl:" in checked.stdout


def test_its_pages_speak_its_languages(served: Served) -> None:
    assert httpx.get(served.address + "/", headers={"Accept-Language": "sv"}).headers["location"] == "/eo/"
    assert page(served, "/eo/").get("lang") == "eo"
    matrix = page(served, "/eo/superrigardo/")
    assert matrix.findtext(".//h1") == "Metodoj kaj regionoj"
    # In the order of its own ranks: north, south, east; the east is silent.
    (row,) = matrix.xpath("//table//tbody/tr[1]")
    assert row.xpath("td/a/@aria-label") == ["ofta uzata", "neniam", "neniu diris"]
    assert row.xpath("string(td[last()])") == "1"


def test_a_name_missing_in_the_readers_language_is_marked(served: Served) -> None:
    region = page(served, "/la/regions/orienta/")
    (shown,) = region.xpath("//h1/span")
    assert (shown.get("lang"), shown.text) == ("eo", "Orienta bordo")


def test_its_standing_is_in_the_graph(served: Served) -> None:
    assert served.select(STATE_OF_THE_NORTH) == [["https://example.net/insulo/concepts/etapo/ofta"]]


def test_no_state_of_another_country_is_in_it(served: Served) -> None:
    asked = "SELECT DISTINCT ?s WHERE { ?s ?p ?o . FILTER(STRSTARTS(STR(?s), 'https://w3id.org/phkg/concepts/')) }"
    assert served.select(asked) == []
