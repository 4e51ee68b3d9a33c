"""`phkg allocate`: a model made of components in Turtle alone shares a sum; what is missing or cannot be is said.

The country of the tests has Älvik with 300 inhabitants, Boda with 500 and Osby with 200.
"""

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

PH = "https://w3id.org/phkg/ontology#"
OWN = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ph: <https://w3id.org/phkg/ontology#> .
@prefix own: <https://example.org/ekland/allocation-models/own> .
@prefix model: <https://example.org/ekland/allocation-models/> .

model:own a ph:AllocationModel ;
    skos:prefLabel "Egen"@sv, "Own"@en .
<https://example.org/ekland/allocation-models/own/component/base> a ph:EqualShare ;
    ph:ofModel model:own ; ph:rank 1 ;
    ph:shareWeight <https://example.org/ekland/allocation-models/own/weight/base> .
<https://example.org/ekland/allocation-models/own/component/heads> a ph:PerHeadShare ;
    ph:ofModel model:own ; ph:rank 2 .
<https://example.org/ekland/allocation-models/own/weight/base> a ph:Weight ;
    ph:ofModel model:own ; ph:defaultValue 0.4 ; ph:least 0.0 ; ph:most 1.0 .
"""
NEED = """
<https://example.org/ekland/allocation-models/own/component/need> a ph:Factor ;
    ph:ofModel model:own ; ph:rank 3 ; ph:least 0.5 ; ph:most 2.0 ;
    ph:ofComponent <https://example.org/ekland/allocation-models/own/component/heads> .
"""


@pytest.fixture
def own(root: Path) -> Path:
    """The country with a model of its own: two fifths equally, the rest by population."""
    (root / "registry" / "allocation-models").mkdir()
    (root / "registry" / "allocation-models" / "own.ttl").write_text(OWN, encoding="utf-8")
    return root


def _rows(text: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        found.setdefault(row["region_iri"].rsplit("/", 1)[-1] or row["region"], []).append(int(row["amount"]))
    return found


def test_a_new_model_is_turtle_alone(phkg, own: Path) -> None:
    """3,001 kronor: 400.13 each and 540.18, 900.3, 360.12 by population; the krona over goes to the largest remainder."""
    done = phkg("allocate", "own", "--budget", 3001, "--years", 2, "--root", own, "--on", "2021-06-01", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert _rows(done.stdout) == {"alvik": [940, 940], "boda": [1301, 1301], "osby": [760, 760]}


def test_a_weight_is_set_with_its_model_or_without(phkg, own: Path) -> None:
    for name in ("base", "own.base"):
        done = phkg("allocate", "own", "--budget", 3000, "--years", 1, "--set", f"{name}=1", "--root", own, "--on", "2021-06-01", "--format", "csv")
        assert _rows(done.stdout) == {"alvik": [1000], "boda": [1000], "osby": [1000]}


def test_figures_by_region_come_from_a_file(phkg, own: Path, tmp_path: Path) -> None:
    """Base 0: weights 300 × 2, 500 × 1 and 200 × 0.5 of 1,200; Osby is silent and counts as the least."""
    (own / "registry" / "allocation-models" / "own.ttl").write_text(OWN + NEED, encoding="utf-8")
    figures = tmp_path / "need.txt"
    figures.write_text("Älvik 2\nboda: 1,0\n", encoding="utf-8")
    asked = ("allocate", "own", "--budget", 1200, "--years", 1, "--set", "base=0", "--root", own, "--on", "2021-06-01", "--format", "csv")
    done = phkg(*asked, "--values", f"need={figures}")
    assert _rows(done.stdout) == {"alvik": [600], "boda": [500], "osby": [100]}
    rows = {row["region_iri"].rsplit("/", 1)[-1]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert (rows["osby"]["low"], rows["osby"]["high"]) == ("100", "320"), "400 of 1,500 where its index is 2"
    without = phkg(*asked)
    assert without.returncode == 1
    assert "missing" in without.stdout


def test_the_turtle_says_of_which_data_it_is(phkg, own: Path) -> None:
    done = phkg("allocate", "own", "--budget", 3001, "--years", 2, "--root", own, "--on", "2021-06-01", "--format", "turtle")
    store = ox.Store()
    store.load(done.stdout.encode(), format=ox.RdfFormat.TURTLE)
    row = next(iter(store.query(f"SELECT ?day ?data ?model (SUM(?amount) AS ?all) WHERE {{ ?a a <{PH}Allocation> ; <{PH}onDate> ?day ; <http://purl.org/dc/terms/hasVersion> ?data ; "
                                f"<http://www.w3.org/ns/prov#wasDerivedFrom> ?model . ?one <{PH}ofAllocation> ?a ; <{PH}yearNumber> 2 ; <{PH}amount> ?amount }} GROUP BY ?day ?data ?model")))  # fmt: skip
    assert (row["day"].value, row["model"].value, row["all"].value) == ("2021-06-01", "https://example.org/ekland/allocation-models/own", "3001")
    assert len(row["data"].value) >= 32


def test_the_json_holds_the_page_and_the_text_a_table(phkg, own: Path) -> None:
    asked = ("allocate", "own", "--budget", 3001, "--root", own, "--on", "2021-06-01", "--lang", "en")
    told = json.loads(phkg(*asked, "--format", "json").stdout)
    assert [line["amount"] for line in told["page"]["results"][0]["lines"]] == [1301, 940, 760]
    assert told["day"] == "2021-06-01"
    text = phkg(*asked).stdout
    assert "A worked example, not a decision." in text
    assert "own.base = 0.4" in text
    assert text.count("1 301") == 5


@pytest.mark.parametrize(
    "wrong, told",
    [
        (("other",), "There is no model other. The models are own."),
        (("own", "--set", "base=2"), "base is from 0 to 1, not 2."),
        (("own", "--set", "base=much"), "base takes a number from 0 to 1"),
        (("own", "--set", "floor=1"), "The models have nothing called floor. What can be set: own.base."),
        (("own", "--values", "need=nowhere.txt"), "nowhere.txt cannot be read"),
        (("own", "--lang", "de"), "The registry has no language de"),
    ],
)
def test_wrong_input_says_what_would_be_right(phkg, own: Path, wrong: tuple[str, ...], told: str) -> None:
    done = phkg("allocate", *wrong, "--budget", 100, "--root", own, "--on", "2021-06-01")
    assert done.returncode == 2
    assert told in done.stderr
