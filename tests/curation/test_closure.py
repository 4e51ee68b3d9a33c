"""Checking what a change can affect finds what checking everything finds: over random changes of two registries, and where it does not dare, it checks everything."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
import random_edits
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from phkg.curation.closure import Ground, check_records, ground
from phkg.curation.triple_sides import fan_of
from phkg.graph.compile import compile_snapshot
from phkg.graph.inputs import CompileFault
from phkg.records.knowledge import Knowledge, find_knowledge
from phkg.validation.blame import blame, same
from phkg.validation.findings import Finding
from phkg.validation.patterns import NotSure, Step, chains
from phkg.validation.run import validate

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
FIXTURE = Path(__file__).parents[1] / "validation" / "fixture"
DAY = date(2026, 11, 23)


def rooms(root: Path) -> Knowledge:
    return Knowledge(core=root / "core", ontology=root / "ontology", shapes=root / "shapes", registry=root / "registry", web=root)


def difference(one: Path, other: Path) -> dict[str, bytes | None]:
    """The files of records that differ, as they are to be."""
    files = {file.relative_to(root).as_posix() for root in (one, other) for file in root.glob("registry/**/*.ttl")}
    data = {name: [(root / name).read_bytes() if (root / name).is_file() else None for root in (one, other)] for name in sorted(files)}
    return {name: after for name, (before, after) in data.items() if before != after}


def placed(findings: tuple[Finding, ...]) -> Counter:
    return Counter((same(one), one.file, one.line, one.column, one.message["en"]) for one in findings)


def held(before: Knowledge, after: Knowledge, change: dict[str, bytes | None], on: Ground, *little: int) -> list[bool]:
    """Compares both ways of checking, with as much work as is usual and then with little; whether everything had to be checked for it."""
    expected = blame(validate(before).findings, validate(after).findings, change.keys()).new
    verdicts = [check_records(change, on), *(check_records(change, on, most) for most in little)]
    for verdict in verdicts:
        assert placed(verdict.findings) == placed(expected), verdict.why
    return [verdict.whole for verdict in verdicts]


def test_the_closure_finds_what_the_whole_finds(tmp_path: Path) -> None:
    """Random changes of random bases, deletions and moved references among them; most are decided without checking everything.

    So it is where the work that it may do ends soon: after 200 triples in the midst of some changes, or at once.
    """
    whole, soon, at_once = [], [], []
    for seed in range(40):
        random = Random(seed)
        before, after = tmp_path / f"{seed}-before", tmp_path / f"{seed}-after"
        shutil.copytree(FIXTURE, before)
        random_edits.edit(before, random, vocabulary=False)
        shutil.rmtree(before / "ontology")
        shutil.copytree(FIXTURE / "ontology", before / "ontology")
        shutil.copytree(before, after)
        random_edits.edit(after, random, vocabulary=False)
        change = difference(before, after)
        try:
            snapshot = compile_snapshot(rooms(before), DAY, tmp_path / "snapshots")
        except CompileFault:
            continue  # A registry that cannot be compiled is not served, and so nothing is checked against it.
        shutil.rmtree(after / "ontology")
        shutil.copytree(FIXTURE / "ontology", after / "ontology")
        if change:
            for found, kind in zip(held(rooms(before), rooms(after), change, ground(rooms(before), snapshot), 200, 0), (whole, soon, at_once), strict=True):
                kind.append(found)
    assert len(whole) > 25 and whole.count(False) > len(whole) / 2
    assert whole.count(True) < soon.count(True) < len(soon) and soon.count(True) <= at_once.count(True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Knowledge, Ground]]:
    """A made registry of the program's own kinds, with faults in it, judged by the program's own shapes."""
    from benchmarks.generator import generate, write

    root = tmp_path_factory.mktemp("made")
    write(generate(6_000, seed=3), root)
    for file in root.glob("registry/**/*.ttl"):
        if b"not-a-date" in file.read_bytes():
            file.unlink()
    knowledge = find_knowledge(root)
    try:
        snapshot = compile_snapshot(knowledge, DAY, root / "snapshots")
    except CompileFault:
        shutil.rmtree(root / "registry")
        write(generate(6_000, seed=3, faults=False), root)
        snapshot = compile_snapshot(knowledge, DAY, root / "snapshots")
    yield root, knowledge, ground(knowledge, snapshot)


@pytest.mark.parametrize("seed", range(6))
def test_it_does_so_by_the_programs_own_shapes(made: tuple[Path, Knowledge, Ground], tmp_path: Path, seed: int) -> None:
    """Records changed, retired, doubled and taken away; all rules of the program and their queries are in play."""
    root, knowledge, on = made
    after = tmp_path / "after"
    shutil.copytree(root / "registry", after / "registry")
    random = Random(seed)
    files = sorted(after.glob("registry/*/*.ttl"))
    for _ in range(5):
        file = random.choice(files)
        said = random_edits.triples(file) if file.is_file() else []
        if not said:
            continue
        other = random_edits.triples(random.choice([one for one in files if one.is_file() and one.parent == file.parent]))
        one, another = random.choice(said), random.choice(other)
        what = random.randrange(6)
        if what == 0:
            said = []
        elif what == 1:
            said = [triple for triple in said if triple.subject != one.subject]
        elif what == 2:
            said.remove(one)
        elif what == 3:
            said.append(Triple(one.subject, another.predicate, another.object))
        elif what == 4:
            said += [Triple(one.subject, triple.predicate, triple.object) for triple in other if triple.subject == another.subject]
        else:
            said.append(Triple(one.subject, NamedNode(random_edits.PH + "retiredOn"), Literal("2026-11-23", datatype=random_edits.DAY)))
        random_edits.write(file, said, random)
    assert held(knowledge, find_knowledge(after), difference(root, after), on) == [False]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"registry/methods/x.ttl": b"this is no turtle"}, "faults of syntax"),
        ({"registry/registry.ttl": b""}, "says something of all records"),
        ({"registry/methods/x.ttl": b"<https://example.org/x> a <https://example.org/y> ."}, "belongs in a file of another name"),
        ({"registry/methods/x.ttl": b"[] a <https://example.org/y> ."}, "no name"),
    ],
)
def test_where_it_is_not_sure_everything_is_checked(tmp_path: Path, change: dict[str, bytes | None], why: str) -> None:
    root = Path(shutil.copytree(FIXTURE, tmp_path / "root"))
    verdict = check_records(change, ground(rooms(root), compile_snapshot(rooms(root), DAY, tmp_path / "snapshots")))
    assert verdict.whole and why in verdict.why and verdict.findings
    assert not (root / "registry/methods/x.ttl").exists() and (root / "registry/registry.ttl").read_bytes()


def test_work_without_end_is_given_up(made: tuple[Path, Knowledge, Ground]) -> None:
    """A source that everything rests on: by then everything is checked, and the reason is told."""
    root, _, on = made
    name = "registry/sources/s1.ttl"
    verdict = check_records({name: (root / name).read_bytes().replace(b"Rapport", b"Skrift")}, on, most_work=100)
    assert verdict.whole and "affects too much" in verdict.why and verdict.findings == ()


@pytest.mark.parametrize("name", ["registry/../x.ttl", "/etc/x.ttl", "shapes/x.ttl", "registry//x.ttl", "registry/x"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no path of a file of records"):
        check_records({name: b""}, None)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { $this <x:p> ?a . ?b <x:q> ?c FILTER(?b > ?a) }",
        "SELECT $this WHERE { $this <x:p> ?a . { SELECT ?b WHERE { ?b <x:q> ?a } } }",
        "SELECT $this WHERE { $this <x:p> ?a . SERVICE <x:s> { ?a <x:q> ?b } }",
        "SELECT $this WHERE { $this (<x:p>/<x:q>)* ?a }",
        "SELECT $this WHERE { $this !<x:p> ?a }",
    ],
)
def test_a_query_whose_reads_are_not_sure_is_refused(query: str) -> None:
    with pytest.raises(NotSure):
        chains(query)


@pytest.mark.parametrize(("wide", "way"), [("place", ("method", "^method")), ("method", ("place", "^place"))])
def test_the_way_is_taken_that_few_go(wide: str, way: tuple[str, ...]) -> None:
    """Another record is reached over what few records share, whichever stands first; only from there the other property is read."""

    def fan(step: Step) -> float:
        return 1 if step.forward else 3_000 if step.predicate == f"<x:{wide}>" else 20

    query = "PREFIX x: <x:> SELECT $this WHERE { $this x:method ?m . ?o x:method ?m . $this x:place ?p . ?o x:place ?p . ?o x:state ?s }"
    told = {tuple(f"{'' if step.forward else '^'}{step.predicate[3:-1]}" for step in chain) for chain in chains(query, fan)}
    assert told == {("method",), ("place",), way, (*way, wide), (*way, "state")}


def test_fans_are_counted_in_the_graph() -> None:
    """Three records at one place and one at another: from the end of a record's line one comes to (3·3 + 1·1) ÷ 4 records."""
    store, at = Store(), NamedNode("x:at")
    for record, place in (("a", "one"), ("b", "one"), ("c", "one"), ("d", "other")):
        store.add(Quad(NamedNode(f"x:{record}"), at, NamedNode(f"x:{place}")))
    fan = fan_of(store)
    assert fan(Step("<x:at>", forward=False)) == 2.5
    assert (fan(Step("<x:at>")), fan(Step("<x:at>", forward=False, many=True)), fan(Step("<x:none>"))) == (1, 25, 1)


def test_the_chains_of_a_query_worked_out_by_hand() -> None:
    """Another record with the same label that is not replaced: over the label and back, then what is asked of it."""
    query = "PREFIX x: <x:> SELECT $this WHERE { $this x:l ?n . ?o x:l ?n FILTER NOT EXISTS { ?o x:r|x:d ?z } OPTIONAL { ?z2 x:u $this } }"
    told = {tuple(f"{'' if step.forward else '^'}{step.predicate[3:-1]}" for step in chain) for chain in chains(query)}
    assert told == {("l",), ("l", "^l"), ("l", "^l", "r"), ("l", "^l", "d"), ("^u",)}
