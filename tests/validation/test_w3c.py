"""The adapter against the SHACL working group's own test suite, so that a change of an engine's version cannot pass unseen."""

from __future__ import annotations

import pytest

from phkg.validation.engines import EngineFailed, engine_for, results_of

from . import w3c_suite

pytestmark = pytest.mark.skipif(
    w3c_suite.suite_folder() is None,
    reason="the W3C suite data-shapes-test-suite is not here: set PHKG_W3C to the folder that holds it",
)

# Where an engine is known to differ from the editors' expectation, and why.
KNOWN = {
    ("shacl", "core"): set(),
    ("shacl", "sparql"): {"sparql/pre-binding/unsupported-sparql-004"},  # answers a query that it should refuse
    ("pyshacl", "core"): {"core/property/uniqueLang-002"},  # takes "1"^^xsd:boolean for true, which the test says not to
    ("pyshacl", "sparql"): {
        "sparql/node/prefixes-001",  # prefixes of a graph that the adapter does not bind
        "sparql/pre-binding/shapesGraph-001",  # $shapesGraph, an optional feature
    },
}
COUNTS = {"core": 98, "sparql": 22}


def _without_labels(rows):
    """Rows with blank-node labels made alike, since every engine makes its own."""
    return sorted(tuple("_:" if cell.startswith("_:") else cell for cell in row) for row in rows)


def _passes(engine: str, case: w3c_suite.Case) -> bool:
    try:
        found = results_of(engine_for(engine, case.shapes), case.data.ntriples())
    except EngineFailed:
        return case.expected is None
    rows = [(result.focus, result.path, result.value, result.component) for result in found]
    return case.expected is not None and _without_labels(rows) == _without_labels(case.expected)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("part", ["core", "sparql"])
@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_engine_gives_the_results_that_the_editors_expect(engine: str, part: str) -> None:
    cases = w3c_suite.cases(part)
    assert len(cases) == COUNTS[part]
    failed = {case.name for case in cases if not _passes(engine, case)}
    assert failed == KNOWN[engine, part]
