"""Compiling: what the graph holds, worked out by hand for an invented country, and the name of a snapshot."""

import json
from collections import Counter
from datetime import date, timedelta

import pytest

import phkg.graph.inputs as inputs
from phkg.graph.compile import compile_files, compile_snapshot
from phkg.graph.inputs import CompileFault, read_inputs
from phkg.graph.snapshot import open_snapshot

PREFIXES = """PREFIX ph: <https://w3id.org/phkg/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX : <https://example.org/nordland/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> """


def short(term):
    return None if term is None else term.value.removeprefix("https://example.org/nordland/")


def select(snapshot, query):
    return sorted(tuple(short(term) for term in row) for row in snapshot.store.query(PREFIXES + query))


def test_standings_are_as_worked_out_by_hand(country, into, day):
    snapshot = compile_snapshot(country, day, into)
    rows = select(
        snapshot,
        "SELECT ?s ?state ?at ?c ?u ?asOf WHERE { ?s a ph:Standing ; ph:state ?state ; ph:saidAt ?at ; ph:contradiction ?c ; ph:undated ?u "
        'OPTIONAL { ?s ph:asOf ?asOf } ?s ph:onDate "2031-01-01"^^xsd:date }',
    )
    assert rows == [
        ("standings/fell/drumming", "concepts/step/tested", "regions/fell", "true", "false", "2030"),
        ("standings/fell/listening", "concepts/step/common", "organisations/hospital", "true", "false", "2030-02"),
        ("standings/fell/singing", "concepts/step/tested", "regions/fell", "false", "true", None),
        ("standings/fjord/drumming", "concepts/step/intended", "regions/fjord", "false", "false", "2030"),
        ("standings/fjord/listening", "concepts/step/common", "regions/fjord", "false", "false", "2030"),
        ("standings/fjord/singing", "concepts/step/common", "regions/coast", "false", "false", None),
        ("standings/isle/singing", "concepts/step/common", "regions/coast", "false", "false", None),
    ]
    about = select(snapshot, "SELECT ?s ?p ?o WHERE { ?s a ph:Standing ; ?p ?o FILTER(?p IN (ph:restsOn, ph:disagrees, ph:plan, ph:extent)) }")
    term = "https://w3id.org/phkg/ontology#"
    assert about == [
        ("standings/fell/drumming", term + "disagrees", "implementations/fell/drumming/1"),
        ("standings/fell/drumming", term + "restsOn", "implementations/fell/drumming/2"),
        ("standings/fell/listening", term + "disagrees", "implementations/fell/listening/2"),
        ("standings/fell/listening", term + "restsOn", "implementations/fell/listening/1"),
        ("standings/fell/singing", term + "restsOn", "implementations/fell/singing/1"),
        ("standings/fjord/drumming", term + "restsOn", "implementations/fjord/drumming/2"),
        ("standings/fjord/listening", term + "extent", "concepts/word/some"),
        ("standings/fjord/listening", term + "plan", "implementations/fjord/listening/3"),
        ("standings/fjord/listening", term + "restsOn", "implementations/fjord/listening/2"),
        ("standings/fjord/singing", term + "restsOn", "implementations/coast/singing/1"),
        ("standings/isle/singing", term + "restsOn", "implementations/coast/singing/1"),
    ]


def test_coverages_are_as_worked_out_by_hand(country, into, day):
    """Of 200 000 people 100 000 live in the fjord, 50 000 on the fell, and so 50 000 on the isle, which has no number of its own."""
    snapshot = compile_snapshot(country, day, into)
    rows = select(
        snapshot,
        "SELECT ?m ?low ?high ?with ?unknown WHERE { ?c a ph:Coverage ; ph:method ?m ; ph:coverageLow ?low ; ph:coverageHigh ?high ; "
        "ph:regionsWithAccess ?with ; ph:regionsUnknown ?unknown }",
    )
    assert rows == [
        # drumming: nobody surely has it; of the isle nothing is known
        ("methods/drumming", "0", "0.25", "0", "1"),
        # listening: fell has it; the fjord for some; of the isle nothing is known
        ("methods/listening", "0.25", "1", "1", "1"),
        # singing: fjord and isle have it, the fell only tests it
        ("methods/singing", "0.75", "0.75", "2", "0"),
    ]


def test_what_has_ended_is_silence(country, into):
    snapshot = compile_snapshot(country, date(2031, 7, 1), into)
    assert select(snapshot, "SELECT ?s WHERE { ?s a ph:Standing ; ph:method <https://example.org/nordland/methods/singing> }") == [("standings/fell/singing",)]


def test_dates_get_their_first_and_last_day(country, into, day):
    snapshot = compile_snapshot(country, day, into)
    assert select(
        snapshot,
        "SELECT ?s ?from ?to WHERE { { ?s ph:sinceEarliest ?from ; ph:sinceLatest ?to } UNION { ?s ph:untilEarliest ?from ; ph:untilLatest ?to }"
        " UNION { ?s ph:issuedEarliest ?from ; ph:issuedLatest ?to } UNION { ?s ph:plannedStartEarliest ?from ; ph:plannedStartLatest ?to }"
        " UNION { ?s a ph:Standing ; ph:asOfEarliest ?from ; ph:asOfLatest ?to } }",
    ) == [
        ("implementations/coast/singing/1", "2028-11-01", "2028-11-30"),
        ("implementations/coast/singing/1", "2031-06-30", "2031-06-30"),
        ("implementations/fjord/listening/3", "2032-01-01", "2032-12-31"),
        ("sources/law-2029", "2029-03-01", "2029-03-31"),
        ("sources/paper-2030", "2030-01-01", "2030-12-31"),
        ("standings/fell/drumming", "2030-01-01", "2030-12-31"),
        ("standings/fell/listening", "2030-02-01", "2030-02-28"),
        ("standings/fjord/drumming", "2030-01-01", "2030-12-31"),
        ("standings/fjord/listening", "2030-01-01", "2030-12-31"),
    ]


def test_the_graph_is_sorted_whole_and_keeps_literals_as_written(country, into, day):
    snapshot = compile_snapshot(country, day, into)
    lines = (snapshot.path / "graph.nt").read_bytes().splitlines()
    assert lines == sorted(set(lines))
    assert any(b'rank> "01"^^' in line for line in lines)
    assert any(b'value> "100000.0"^^' in line for line in lines)
    assert any(line.startswith(b"<https://w3id.org/phkg/ontology#Standing>") for line in lines), "the core vocabulary is part of it"
    assert snapshot.manifest["counts"] == {
        "files": len(read_inputs(country)),
        "triples": len(lines),
        "statements": 12,
        "standings": 7,
        "coverages": 3,
    }
    assert snapshot.date == day
    assert json.loads((snapshot.path / "manifest.json").read_text()) == snapshot.manifest


def test_the_same_input_gives_the_same_name_and_bytes(country, into, day, tmp_path):
    one = compile_snapshot(country, day, into)
    other = compile_snapshot(country, day, tmp_path / "elsewhere")
    assert one.name == other.name
    assert (one.path / "graph.nt").read_bytes() == (other.path / "graph.nt").read_bytes()


def test_the_order_of_the_files_changes_nothing_in_the_graph(country, into, day, tmp_path):
    files = read_inputs(country)
    one = compile_files(files, day, into, country)
    other = compile_files(files[::-1], day, tmp_path / "elsewhere", country)
    assert (one.path / "graph.nt").read_bytes() == (other.path / "graph.nt").read_bytes()


def test_a_snapshot_that_is_there_is_used_again(country, into, day):
    before = (compile_snapshot(country, day, into).path / "graph.nt").stat().st_mtime_ns
    assert (compile_snapshot(country, day, into).path / "graph.nt").stat().st_mtime_ns == before
    assert Counter(path.name.startswith(".") for path in into.iterdir()) == {False: 1}, "no draft is left behind"


def test_a_byte_a_file_name_a_day_or_the_program_gives_another_name(country, into, day, monkeypatch):
    names = [compile_snapshot(country, day, into).name, compile_snapshot(country, day + timedelta(days=1), into).name]
    path = country.registry / "sources" / "all.ttl"
    path.write_bytes(path.read_bytes() + b"\n")
    names.append(compile_snapshot(country, day, into).name)
    path.rename(path.with_name("every.ttl"))
    names.append(compile_snapshot(country, day, into).name)
    monkeypatch.setattr(inputs.phkg, "__version__", "99")
    names.append(compile_snapshot(country, day, into).name)
    assert len(set(names)) == 5


def test_a_hidden_file_is_no_input(country, into, day):
    before = compile_snapshot(country, day, into).name
    (country.registry / "sources" / ".all.ttl.swp").write_bytes(b"<")
    assert compile_snapshot(country, day, into).name == before


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("sources/all.ttl", b"ph:sourceKind", b"ph:sourceKind ;", r"registry/sources/all\.ttl:9:"),
        ("sources/all.ttl", b'"2029-03"', b'"2029-13"', r"registry/sources/all\.ttl.*law-2029.*in no calendar"),
        ("implementations/all.ttl", b'"2028-11"^^xsd:gYearMonth', b'"2028"', r"registry/implementations/all\.ttl.*singing/1.*xsd:gYear,"),
        ("implementations/all.ttl", b'"2028-11"^^xsd:gYearMonth', b"source:law-2029", r"implementations/all\.ttl.*where a date should be"),
        ("methods/all.ttl", b"method:singing a", b"[] a", r"registry/methods/all\.ttl.*give every record an IRI"),
        ("indicators/people.ttl", b"100000.0", b'"many"', r"registry/indicators/people\.ttl.*fjord-2030.*no number of inhabitants"),
        ("registry.ttl", b"ph:recordNamespace", b"ph:nothing", r"registry/registry\.ttl.*exactly one record of the class ph:Registry"),
        ("sources/all.ttl", b"@prefix xsd", b"\xff@prefix xsd", r"registry/sources/all\.ttl:1:1: .*UTF-8"),
    ],
)
def test_what_cannot_be_compiled_is_told_with_its_file(country, into, day, name, old, new, told):
    path = country.registry / name
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(CompileFault, match=told):
        compile_snapshot(country, day, into)
    assert not into.exists()


def test_every_broken_file_is_told_at_once(country, into, day):
    for name in ("sources/all.ttl", "methods/all.ttl"):
        (country.registry / name).write_bytes(b"<")
    with pytest.raises(CompileFault) as caught:
        compile_snapshot(country, day, into)
    assert [problem.name for problem in caught.value.problems] == ["registry/methods/all.ttl", "registry/sources/all.ttl"]


def test_an_opened_snapshot_is_the_compiled_one(country, into, day):
    compiled = compile_snapshot(country, day, into)
    opened = open_snapshot(compiled.path)
    assert (opened.name, opened.manifest, len(opened.store)) == (compiled.name, compiled.manifest, len(compiled.store))
