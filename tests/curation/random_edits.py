"""Seeded random changes of the small registry of the tests of validation: of records, of vocabulary, of shapes; deletions and moved references too."""

from __future__ import annotations

from pathlib import Path
from random import Random

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

BASE = "https://example.org/registry/"
PH = "https://w3id.org/phkg/ontology#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
DAY = NamedNode("http://www.w3.org/2001/XMLSchema#date")
RECORDS = ("registry/implementations/*.ttl", "registry/methods/*.ttl", "registry/regions/*.ttl", "registry/sources/*.ttl", "ontology/concepts/*.ttl")
SHAPE_EDITS = (
    ("sh:minCount 2", "sh:minCount 3"),
    ("sh:minCount 1 ; sh:maxCount 1 ; sh:class ph:State", "sh:class ph:State"),
    ("sh:severity sh:Info", "sh:severity sh:Violation"),
    ("sh:class ph:Method", "sh:class ph:DiagnosticMethod"),
    ('sh:pattern "^https?://"', 'sh:pattern "^https://example[.]com/"'),
    ("?state != ?value", "?other != ?value"),
    ("sh:targetClass ph:Region", "sh:targetClass ph:Place"),
    ("shape:since,", ""),
)
CORE_EDITS = (
    ("ph:DiagnosticMethod a owl:Class ; rdfs:subClassOf ph:Method ;", "ph:DiagnosticMethod a owl:Class ;"),
    ("ph:Region a owl:Class ; rdfs:subClassOf ph:Place ;", "ph:Region a owl:Class ; rdfs:subClassOf ph:State ;"),
    ("ph:until a rdf:Property", "ph:fill a rdf:Property"),
    ("ph:rank a rdf:Property", "ph:ranks a rdf:Property"),
)


def triples(file: Path) -> list[Triple]:
    """What a file says."""
    return [quad.triple for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE)]


def write(file: Path, said: list[Triple], random: Random) -> None:
    """Writes triples, record by record, with some empty lines so that everything else moves; a file that says nothing goes."""
    if not said:
        file.unlink()
        return
    by_subject: dict[NamedNode, list[Triple]] = {}
    for triple in said:
        by_subject.setdefault(triple.subject, []).append(triple)
    text = "\n".join("\n" * random.randrange(3) + serialize(group, format=RdfFormat.N_TRIPLES).decode() for group in by_subject.values())
    file.write_text("\n" * random.randrange(3) + text, encoding="utf-8")


def edit(root: Path, random: Random, vocabulary: bool = True) -> None:
    """One to four random edits; without `vocabulary` only of records."""
    for _ in range(random.randint(1, 4)):
        if vocabulary and random.random() < 0.25:
            file, edits = random.choice([(root / "shapes/shapes.ttl", SHAPE_EDITS), (root / "core/core.ttl", CORE_EDITS)])
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(*random.choice(edits)), encoding="utf-8")
        else:
            _edit_records(root, random)


def _edit_records(root: Path, random: Random) -> None:
    rooms = RECORDS if random.random() < 0.2 else RECORDS[:4]
    files = sorted(file for pattern in rooms for file in root.glob(pattern))
    if not files:
        return
    file = random.choice(files)
    said = triples(file)
    subject = random.choice(sorted({triple.subject for triple in said}, key=str))
    about = [triple for triple in said if triple.subject == subject]
    one = random.choice(about)
    known = sorted({triple.subject for other in files for triple in triples(other)}, key=str)
    what = random.randrange(10)
    if what == 0:
        said = [triple for triple in said if triple.subject != subject]
    elif what == 1:
        said = []
    elif what == 2:
        said.remove(one)
    elif what == 3:
        said[said.index(one)] = Triple(one.subject, one.predicate, random.choice(known))
    elif what == 4:
        said.append(Triple(one.subject, one.predicate, random.choice([*known, Literal("2026-02-30", datatype=DAY), Literal("07")])))
    elif what == 5:
        said[said.index(one)] = Triple(one.subject, one.predicate, NamedNode(BASE + "methods/nowhere"))
    elif what == 6:
        new = NamedNode(f"{subject.value.rsplit('/', 1)[0]}/{random.randrange(2, 5)}")
        said += [Triple(new, triple.predicate, triple.object) for triple in about]
    elif what == 7:
        said.append(Triple(subject, NamedNode(PH + random.choice(["until", "since", "unheard"])), Literal("2025-01-01", datatype=DAY)))
    elif what == 8:
        target = random.choice(files)
        write(target, triples(target) + about, random)
        said = triples(file) if target == file else said
    else:
        said = [
            Triple(triple.subject, triple.predicate, random.choice(known)) if triple.predicate == TYPE and triple.subject == subject else triple
            for triple in said
        ]
    write(file, said, random)
