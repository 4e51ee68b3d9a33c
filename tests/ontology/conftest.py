"""The knowledge as written, read once for all tests of the ontology."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology"
PH = "https://w3id.org/phkg/ontology#"


@pytest.fixture(scope="session")
def triples() -> list[tuple[Path, Quad]]:
    """Every triple of ontology/ with the file that says it."""
    return [(path, triple) for path in sorted(ONTOLOGY.rglob("*.ttl")) for triple in parse(path=str(path), format=RdfFormat.TURTLE)]


@pytest.fixture(scope="session")
def used_terms() -> dict[str, set[str]]:
    """The ph: terms and concepts that any Turtle file or query of the knowledge names, with the files that name them."""
    used: dict[str, set[str]] = {}
    for path in sorted(ROOT.glob("*/**/*.ttl")):
        if path.relative_to(ROOT).parts[0] not in ("ontology", "shapes", "registry"):
            continue
        for triple in parse(path=str(path), format=RdfFormat.TURTLE):
            for term in (triple.subject, triple.predicate, triple.object):
                if isinstance(term, NamedNode):
                    used.setdefault(term.value, set()).add(path.name)
    for path in sorted(ROOT.glob("*/**/*.rq")):
        text = re.sub(r"#[^\n>]*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for name in re.findall(r"(?<![\w-])ph:([A-Za-z][\w-]*)", text):
            used.setdefault(PH + name, set()).add(path.name)
    return used
