"""Finds the W3C Turtle suite and reads its manifest; graphs are compared as the canonical form of RDFC-1.0."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_RDFT = "http://www.w3.org/ns/rdftest#"
_KINDS = {
    "TestTurtlePositiveSyntax": "positive",
    "TestTurtleNegativeSyntax": "negative",
    "TestTurtleEval": "eval",
    "TestTurtleNegativeEval": "negative",
}
BASE = "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-turtle/"


@dataclass(frozen=True)
class Case:
    """A test of the suite: its name, its kind (positive, negative, eval), its file, and for eval the file of the expected triples."""

    name: str
    kind: str
    action: Path
    result: Path | None

    @property
    def data(self) -> bytes:
        """The file with its address as the base written into it, since the reader takes no base from outside."""
        return f"@base <{BASE}{self.action.name}> . ".encode() + self.action.read_bytes()


def suite_folder() -> Path | None:
    """The folder of the suite, from PHKG_W3C or beside the repository; None when it is absent."""
    root = Path(os.environ.get("PHKG_W3C") or Path(__file__).resolve().parents[3] / "shared" / "w3c")
    folder = root / "rdf" / "rdf11" / "rdf-turtle"
    return folder if (folder / "manifest.ttl").is_file() else None


def cases(folder: Path) -> list[Case]:
    """All tests of the manifest in the order of their names."""
    store = ox.Store()
    store.load(path=str(folder / "manifest.ttl"), format=ox.RdfFormat.TURTLE, base_iri=BASE)

    def value(subject: ox.NamedNode, predicate: str) -> str | None:
        found = [quad.object.value for quad in store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]
        return found[0] if found else None

    found = []
    for quad in store.quads_for_pattern(None, ox.NamedNode(_MF + "action"), None):
        kind = value(quad.subject, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        result = value(quad.subject, _MF + "result")
        found.append(
            Case(
                value(quad.subject, _MF + "name") or "",
                _KINDS[(kind or "").removeprefix(_RDFT)],
                folder / quad.object.value.removeprefix(BASE),
                folder / result.removeprefix(BASE) if result else None,
            )
        )
    return sorted(found, key=lambda case: case.name)


def canonical(triples: Iterable[ox.Triple]) -> frozenset[ox.Quad]:
    """The graph with canonical labels for its blank nodes: equal exactly when the graphs are isomorphic, literals as written."""
    dataset = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(dataset)


def parsed(data: bytes) -> frozenset[ox.Quad]:
    """The canonical graph as pyoxigraph reads it."""
    return canonical(quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE))
