"""The generator, and through it the whole of validation: what it puts in is exactly what must come out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from benchmarks.comparison import by_rules, difference, read_expected
from benchmarks.faults import FAULTS, PAIRS, Expected
from benchmarks.generator import Registry, generate, write
from benchmarks.turtle_text import file_text
from phkg.records.knowledge import find_knowledge
from phkg.validation.engines import engine_for, results_of
from phkg.validation.run import load_shapes, validate
from phkg.vocabulary.namespaces import DCTERMS, RDF, SKOS

TYPE, ISSUED = RDF + "type", DCTERMS + "issued"


def texts(registry: Registry) -> dict[str, str]:
    return {name: file_text(records) for name, records in registry.files.items()}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    write(generate(5_000, seed=4), folder)
    return folder


def test_the_same_seed_gives_the_same_bytes_and_findings():
    first, second = generate(10_000, seed=7), generate(10_000, seed=7)
    assert texts(first) == texts(second)
    assert first.expected == second.expected


def test_another_seed_gives_another_registry():
    assert texts(generate(10_000, seed=7)) != texts(generate(10_000, seed=8))


@pytest.mark.parametrize(("triples", "regions"), [(5_000, 21), (10_000, 21), (60_000, 100), (60_000, 300)])
def test_the_size_is_as_asked_and_counted_as_a_parser_counts(triples: int, regions: int):
    registry = generate(triples, seed=1, regions=regions)
    assert registry.triples == pytest.approx(triples, rel=0.03)
    parsed = sum(1 for text in texts(registry).values() for _ in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    assert parsed == registry.triples


def test_a_record_has_eight_to_ten_triples_and_about_one_in_a_hundred_a_fault():
    registry = generate(100_000, seed=1)
    records = [record for found in registry.files.values() for record in found]
    assert 8 <= registry.triples / len(records) <= 10
    assert 0.008 <= len({row.record for row in registry.expected}) / len(records) <= 0.015


def test_every_kind_of_fault_is_made():
    rules = {row.rule for row in generate(10_000, seed=1).expected}
    assert len(FAULTS) + len(PAIRS) >= 12
    assert len(rules) >= len(FAULTS) + len(PAIRS)


@pytest.mark.parametrize("regions", [20, 301])
def test_a_number_of_regions_outside_what_codes_allow_is_refused(regions: int):
    with pytest.raises(ValueError, match=str(regions)):
        generate(10_000, regions=regions)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_validation_finds_exactly_what_was_put_in(seed: int, tmp_path: Path):
    write(generate(10_000, seed), tmp_path)
    report = validate(find_knowledge(tmp_path))
    found = Counter(Expected(f.severity, f.rule, f.record, f.property, f.value, f.file) for f in report.findings)
    assert difference(found, read_expected(tmp_path)) == {"missing": [], "unexpected": []}


def test_what_blocks_is_the_same_when_nothing_else_is_asked_for(small: Path):
    knowledge = find_knowledge(small)
    everything = validate(knowledge).findings
    blocking = tuple(finding for finding in everything if finding.severity == "violation")
    assert 0 < len(blocking) < len(everything)
    assert validate(knowledge, gravest_only=True).findings == blocking


def test_a_registry_without_faults_has_no_findings(tmp_path: Path):
    write(generate(5_000, seed=5, faults=False), tmp_path)
    assert validate(find_knowledge(tmp_path)).findings == ()


def test_every_finding_points_at_the_line_that_holds_its_value(small: Path):
    report = validate(find_knowledge(small))
    for finding in report.findings:
        line = (small / finding.file).read_text(encoding="utf-8").splitlines()[finding.line - 1]
        pointed = line[finding.column - 1 : finding.end_column - 1]
        last = finding.value[1:].split('"')[0] if finding.value.startswith('"') else finding.value.strip("<>").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        direct = finding.value and not any(word in finding.rule for word in ("-missing", "-shared", "-contradiction"))
        assert last in pointed if direct else pointed.strip(), finding


def test_another_engine_by_other_authors_finds_the_same_of_the_records_at_fault(small: Path):
    """pySHACL takes minutes for the whole: it gets the records at fault, the kinds of what they point to, and the vocabulary without texts and rules for concepts."""
    knowledge = find_knowledge(small)
    expected = by_rules(read_expected(small))
    about = {row[2] for row in expected}
    registry = [quad.triple for file in sorted(knowledge.registry.rglob("*.ttl")) for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE)]
    kept = about | {triple.object.value for triple in registry if triple.subject.value in about and isinstance(triple.object, ox.NamedNode)}
    vocabulary = [quad.triple for file in sorted(knowledge.core.rglob("*.ttl")) for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE)]
    graph = [triple for triple in registry if triple.subject.value in about or (triple.subject.value in kept and triple.predicate.value in (TYPE, ISSUED))]
    graph += [triple for triple in vocabulary if not getattr(triple.object, "language", None) and not triple.object.value.startswith(SKOS)]
    severities = {"Violation": "violation", "Warning": "warning", "Info": "info"}
    found = Counter(
        (
            severities[result.severity.rpartition("#")[2]],
            result.shape,
            result.focus[1:-1],
            result.path[1:-1],
            result.value if result.value != result.focus else "",
        )
        for result in results_of(engine_for("pyshacl", load_shapes(knowledge)), ox.serialize(set(graph), format=ox.RdfFormat.N_TRIPLES))
        if result.focus[1:-1] in about
    )
    assert difference(found, expected) == {"missing": [], "unexpected": []}
