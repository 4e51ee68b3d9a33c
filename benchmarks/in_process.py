"""What is measured inside one process: finding the places of a thousand findings, reading and formatting Turtle, opening a snapshot."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pyoxigraph as ox

from benchmarks.faults import file_of
from benchmarks.generator import generate
from benchmarks.turtle_text import file_text, iri
from phkg.records.knowledge import find_knowledge
from phkg.turtle.format import format_turtle
from phkg.turtle.reader import read
from phkg.validation.explain import explain
from phkg.validation.results import VIOLATION, EngineResult
from phkg.validation.run import load_shapes

FINDINGS = 1000


def timed(work: Callable[[], object], repeats: int) -> dict[str, float]:
    """Median wall and processor seconds of `repeats` calls."""
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {"runs": repeats, "wall_s": round(statistics.median(walls), 3), "cpu_s": round(statistics.median(cpus), 3)}


def locating(repeats: int) -> dict:
    """A thousand findings in as many files, from the engine's results to words and places."""
    registry = generate(FINDINGS * 1000 // 6 + 1000, faults=False)
    sources = [record for name, records in registry.files.items() if name.startswith("registry/sources/") for record in records][:FINDINGS]
    data = {file_of(record): file_text([record]).encode() for record in sources}
    described = {record.iri[1:-1]: file_of(record) for record in sources}
    title = iri("dcterms:title")
    shape = "https://w3id.org/phkg/shapes/sources#source-title-missing"
    results = [EngineResult(record.iri, title, record.values[title][0], VIOLATION, shape, "") for record in sources]
    shapes = load_shapes(find_knowledge())
    found: list = []

    def work() -> None:
        found[:] = explain(results, shapes, described.get, lambda name: read(data[name]), lambda _: {})

    figures = timed(work, repeats)
    right = sum(b"dcterms:title" in data[finding.file].splitlines()[finding.line - 1] for finding in found)
    return {"findings": len(found), "files": len(data), "at_the_right_line": right, **figures}


def reading(triples: int, repeats: int) -> dict:
    """The reader with places and the formatter on the files of one registry, beside pyoxigraph's parser, which knows no places."""
    registry = generate(triples, faults=False)
    files = [file_text(records).encode() for records in registry.files.values()]
    ways: dict[str, Callable[[bytes], object]] = {
        "pyoxigraph.parse": lambda data: list(ox.parse(data, format=ox.RdfFormat.TURTLE)),
        "phkg.turtle.reader": read,
        "phkg.turtle.format": format_turtle,
    }
    rows = []
    for name, way in ways.items():
        figures = timed(lambda way=way: [way(data) for data in files] and None, repeats)
        rows.append({"who": name, "triples": registry.triples, **figures, "microseconds_a_triple": round(figures["cpu_s"] / registry.triples * 1e6, 2)})
    return {"rows": rows}
