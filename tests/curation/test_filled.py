"""From what is typed to a record, and from records to files: the right ones come through, and every other one is told of."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.curation.filing import CannotFile, check, draft, file_of, write
from phkg.curation.filled import fill, slug
from phkg.records.knowledge import find_knowledge
from phkg.turtle.files import formatted

from .making import a_statement, there

FORMS, KNOWN, _ = there()
STATEMENT = FORMS.kind("implementation-statement")
ORGANISATION = FORMS.kind("organization")
BASE = "https://w3id.org/phkg/"


def written(values: dict[str, list[str]], kind=STATEMENT) -> set[tuple[str, str]]:
    """(end of the property, value as in N-Triples) of what the values mean; fails where there are faults."""
    filled = fill(kind, values, KNOWN, "sv")
    assert [fault.sentence("sv") for fault in filled.faults] == []
    return {(re.split("[/#]", triple.predicate.value)[-1], str(triple.object)) for triple in filled.triples}


def faults(values: dict[str, list[str]], kind=STATEMENT, language: str = "sv") -> list[str]:
    return [fault.sentence(language) for fault in fill(kind, values, KNOWN, language).faults]


def test_a_right_statement() -> None:
    filled = fill(STATEMENT, a_statement(**{"since": ["2021-09"], "eligibility@sv": ["alla gravida"]}), KNOWN, "sv")
    assert filled.iri.startswith(f"{BASE}implementations/skane/nipt-trisomies/") and not KNOWN.has(filled.iri)
    said = written(a_statement(**{"since": ["2021-09"], "eligibility@sv": ["alla gravida"]}))
    assert ("since", '"2021-09"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>') in said
    assert ("eligibility", '"alla gravida"@sv') in said
    assert ("state", f"<{BASE}concepts/state/routine>") in said


@pytest.mark.parametrize(
    ("key", "typed", "means"),
    [
        ("place", "skåne", f"<{BASE}regions/skane>"),
        ("place", "region:skane", f"<{BASE}regions/skane>"),
        ("place", f"{BASE}regions/skane", f"<{BASE}regions/skane>"),
        ("method", "fit-colorectal-screening", f"<{BASE}methods/fit-colorectal-screening>"),
        ("state", "In Routine Care", f"<{BASE}concepts/state/routine>"),
        ("since", "2021", '"2021"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ("since", " 2021-09-01 ", '"2021-09-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("volumePerYear", "12 000", '"12000"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("holdsInAll", "Ja", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("url", "https://www.skane.se/", '"https://www.skane.se/"^^<http://www.w3.org/2001/XMLSchema#anyURI>'),
    ],
)
def test_values_as_people_write_them(key: str, typed: str, means: str) -> None:
    assert (key, means) in written(a_statement(**{key: [typed]}))


@pytest.mark.parametrize(("typed", "means"), [("2,9", "2.9"), ("59", "59.0"), ("1 234,5", "1234.5"), ("0.50", "0.50")])
def test_decimals_with_point_or_comma(typed: str, means: str) -> None:
    indicator = KNOWN.choices(FORMS.kind("observation").field("dataSet"))[0].name
    said = {"dataSet": [indicator], "place": ["skane"], "value": [typed], "statedBy": a_statement()["statedBy"]}
    assert ("value", f'"{means}"^^<http://www.w3.org/2001/XMLSchema#decimal>') in written(said, FORMS.kind("observation"))


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        ("state", "rutin", "tillstånd: ”rutin” finns inte. Välj ett värde ur listan. (rätt: erbjuds inte, planerat, pilot,"),
        ("place", "Region Skane", "plats: ”Region Skane” finns inte. Skriv namnet eller identifieraren på en post som finns i registret. (kanske Region Skåne"),
        ("since", "2021-13", "från och med: ”2021-13” har inte rätt form. Skriv datum så noga som källan: 2021, 2021-09 eller 2021-09-01."),
        ("since", "2021-02-30", "från och med: ”2021-02-30” har inte rätt form."),
        ("volumePerYear", "-1", "antal per år: ”-1” är för litet; det minsta är 0."),
        ("volumePerYear", "många", "antal per år: ”många” har inte rätt form. Skriv ett helt tal, 0 eller mer. (rätt: 12000)"),
        ("url", "javascript:alert(1)", "webbadress: ”javascript:alert(1)” har inte rätt form. Skriv hela adressen, med https://."),
        ("url", "https://a.se/ b", "webbadress: ”https://a.se/ b” har inte rätt form."),
        ("eligibility@sv", "alla \u202egravida", "för vem: ”alla �gravida” innehåller osynliga styrtecken. Skriv om värdet utan dem."),
        ("eligibility", "alla", "för vem: ”alla” måste ange sitt språk."),
        ("stat", "pilot", "stat: ”pilot” är inget fält här. (rätt: state"),
        ("method", "", "metod: saknas."),
    ],
)
def test_a_value_that_cannot_be_read_is_told_with_what_would_be_right(key: str, typed: str, says: str) -> None:
    told = faults(a_statement(**{key: [typed]}))
    assert len(told) == 1 and told[0].startswith(says)


def test_two_values_where_one_may_stand() -> None:
    assert faults(a_statement(state=["pilot", "planned"]), language="en") == ["state: “pilot; planned” is given more than once; it may have one value."]


def test_a_new_name_never_takes_a_name_that_is_there() -> None:
    taken = set()
    for expected in ("provsjukhuset-norr", "provsjukhuset-norr-2", "provsjukhuset-norr-3"):
        iri = fill(ORGANISATION, {"prefLabel@sv": ["Provsjukhuset Norr"]}, KNOWN, "sv", taken.__contains__).iri
        assert iri == f"{BASE}organisations/{expected}"
        taken.add(iri)


@given(st.text(max_size=300))
def test_a_part_of_an_identifier_is_plain(text: str) -> None:
    assert re.fullmatch("([a-z0-9]+(-[a-z0-9]+)*)?", slug(text)) and len(slug(text)) <= 60
    assert slug(slug(text)) == slug(text)


def test_swedish_names_keep_their_letters_without_marks() -> None:
    assert slug("Sjöbo Vårdcentral & Ägare") == "sjobo-vardcentral-agare"


@given(st.dictionaries(st.sampled_from([key for one in STATEMENT.fields for key in one.keys]), st.lists(st.text(max_size=30), max_size=3)))
def test_whatever_is_typed_is_taken_or_told(values: dict[str, list[str]]) -> None:
    filled = fill(STATEMENT, values, KNOWN, "sv")
    assert bool(filled.triples) != bool(filled.faults)
    assert all(fault.sentence(language).strip() for fault in filled.faults for language in ("sv", "en"))


def test_a_draft_is_canonical_and_keeps_what_was_there() -> None:
    filled = fill(STATEMENT, a_statement(), KNOWN, "sv")
    drafted = draft(find_knowledge(), [filled.triples], BASE, FORMS.languages)
    ((name, data),) = drafted.files.items()
    assert name == "registry/implementations/skane.ttl" == file_of(filled.iri, BASE)
    assert not formatted(data, FORMS.languages).changed
    there_before = set(ox.parse(path=str(find_knowledge().registry / "implementations" / "skane.ttl"), format=ox.RdfFormat.TURTLE))
    now = set(ox.parse(data, format=ox.RdfFormat.TURTLE))
    assert {quad.triple for quad in now - there_before} == set(filled.triples) and there_before <= now


def test_the_check_speaks_of_the_new_record_alone() -> None:
    filled = fill(STATEMENT, a_statement(state=[], reasonNotOffered=["not-yet-decided"]), KNOWN, "sv")
    verdict = check(find_knowledge(), draft(find_knowledge(), [filled.triples], BASE, FORMS.languages))
    assert {finding.rule.partition("#")[2] for finding in verdict.blocking} == {"statement-state-missing", "statement-reason-without-no"}
    assert {finding.record for finding in verdict.blocking + verdict.remarks} == {filled.iri}


@pytest.mark.parametrize("iri", ["https://elsewhere.example/x/y", f"{BASE}../../etc/passwd", f"{BASE}methods", f"{BASE}methods/Ö"])
def test_a_record_with_a_strange_identifier_gets_no_file(iri: str) -> None:
    with pytest.raises(CannotFile):
        file_of(iri, BASE)


def test_all_files_are_written_or_none(tmp_path) -> None:
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "one.ttl").write_text("before")
    (tmp_path / "registry" / "two.ttl").mkdir()  # Nothing can take the place of a folder.
    with pytest.raises(CannotFile, match="Nothing has been written"):
        write(tmp_path, {"registry/one.ttl": b"after", "registry/new.ttl": b"new", "registry/two.ttl": b"after"})
    assert (tmp_path / "registry" / "one.ttl").read_text() == "before"
    assert sorted(path.name for path in (tmp_path / "registry").iterdir()) == ["one.ttl", "two.ttl"]


def test_written_records_are_there(tmp_path) -> None:
    registry = tmp_path / "registry"
    shutil.copytree(find_knowledge().registry / "implementations", registry / "implementations")
    knowledge = replace(find_knowledge(), registry=registry)
    filled = fill(STATEMENT, a_statement(), KNOWN, "sv")
    write(tmp_path, draft(knowledge, [filled.triples], BASE, FORMS.languages).files)
    assert filled.iri in (registry / "implementations" / "skane.ttl").read_text(encoding="utf-8")
