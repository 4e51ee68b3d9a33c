"""The shapes themselves: engines ignore a misspelt term or a bad pattern in silence, so they are checked here."""

import re

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import shacl
from rdflib.namespace import SH as SHACL

from .shapes_graph import RDF_TYPE, SH, SHAPES, constrained_shapes, leaned_on_shapes, sh, shapes_text, shapes_triples
from .test_agreement import shapes_for_the_judge

BASE = "https://w3id.org/phkg/shapes/"
PH = "https://w3id.org/phkg/ontology#"
LANGUAGES = {"sv", "en"}
TRIPLES = shapes_triples()
OBJECTS: dict[tuple, list] = {}
for _triple in TRIPLES:
    OBJECTS.setdefault((_triple.subject, _triple.predicate), []).append(_triple.object)
SHAPE_NODES = sorted({t.subject for t in TRIPLES if t.predicate == RDF_TYPE and t.object in (sh("NodeShape"), sh("PropertyShape"))}, key=str)
FILES = sorted(SHAPES.glob("*.ttl"))


def objects(subject, predicate: ox.NamedNode) -> list:
    """Objects of `subject predicate ?`."""
    return OBJECTS.get((subject, predicate), [])


def texts_by_language(subject, predicate: ox.NamedNode) -> dict[str, str]:
    """The texts of a property by language."""
    return {value.language: value.value for value in objects(subject, predicate)}


def selects() -> list[tuple[str, str]]:
    """(shape, query) of every SPARQL constraint."""
    return [(t.subject.value, objects(t.object, sh("select"))[0].value) for t in TRIPLES if t.predicate == sh("sparql")]


def test_every_shacl_term_is_one_of_the_standard():
    used = {n.value for t in TRIPLES for n in (t.predicate, t.object) if isinstance(n, ox.NamedNode) and n.value.startswith(SH)}
    assert {term for term in used if term not in SHACL} == set()
    assert SH + "maxcount" not in SHACL


def test_every_shape_has_an_iri_of_its_own_file():
    for path in FILES:
        subjects = {q.subject for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE) if isinstance(q.subject, ox.NamedNode)}
        assert [s.value for s in subjects if not re.fullmatch(re.escape(f"{BASE}{path.stem}#") + "[a-z0-9]+(-[a-z0-9]+)*", s.value)] == []
    referred = {t.object for t in TRIPLES if t.predicate == sh("property")} | {ox.NamedNode(iri) for iri in leaned_on_shapes(TRIPLES)}
    assert referred <= set(SHAPE_NODES)
    assert all(isinstance(shape, ox.NamedNode) for shape in SHAPE_NODES)


def test_every_shape_has_a_name_in_each_language():
    assert [s.value for s in SHAPE_NODES if set(texts_by_language(s, sh("name"))) != LANGUAGES] == []


@pytest.mark.parametrize("iri", sorted(constrained_shapes(TRIPLES)))
def test_a_constraint_says_what_is_wrong_and_what_to_do(iri):
    shape = ox.NamedNode(iri)
    messages = texts_by_language(shape, sh("message"))
    assert set(messages) == LANGUAGES
    for text in messages.values():
        assert re.search(r"[.;] \S", text) and text.endswith(".") and "{" not in text
    assert objects(shape, sh("severity"))[0] in (sh("Violation"), sh("Warning"), sh("Info"))
    assert len(objects(shape, sh("order"))) == 1
    hints = texts_by_language(shape, ox.NamedNode(PH + "hint"))
    assert set(hints) in (set(), LANGUAGES)


def test_one_constraint_in_each_shape():
    assert {iri: names for iri, names in constrained_shapes(TRIPLES).items() if len(names) != 1} == {}


def test_a_property_shape_has_exactly_one_path_and_it_is_a_property():
    for shape in SHAPE_NODES:
        is_property = sh("PropertyShape") in objects(shape, RDF_TYPE)
        paths = objects(shape, sh("path"))
        assert len(paths) == is_property and all(isinstance(path, ox.NamedNode) for path in paths), shape


def test_every_property_shape_is_reached_from_a_target():
    reached = {t.object for t in TRIPLES if t.predicate == sh("property")} | {ox.NamedNode(iri) for iri in leaned_on_shapes(TRIPLES)}
    aimed = {t.subject for t in TRIPLES if t.predicate in (sh("targetClass"), sh("targetSubjectsOf"))}
    assert [shape.value for shape in SHAPE_NODES if shape not in reached | aimed] == []


def test_no_shape_leads_back_to_itself():
    leads = {}
    for t in TRIPLES:
        if t.predicate == sh("property"):
            leads.setdefault(t.subject, []).append(t.object)
        if t.predicate in (sh("or"), sh("and"), sh("xone"), sh("not"), sh("node"), sh("qualifiedValueShape")):
            leads.setdefault(t.subject, []).extend(ox.NamedNode(iri) for iri in leaned_on_shapes([t, *TRIPLES], only=t))

    def walk(shape, way):
        assert shape not in way, shape
        for following in leads.get(shape, ()):
            walk(following, {*way, shape})

    for shape in leads:
        walk(shape, set())


def test_patterns_stay_in_the_subset_that_all_engines_share():
    patterns = [t.object.value for t in TRIPLES if t.predicate == sh("pattern")]
    for pattern in patterns:
        re.compile(pattern)
        assert pattern.startswith("^") and pattern.endswith("$")
        assert "(?" not in pattern and not re.search(r"\\[^.]", pattern), pattern


def test_a_code_has_one_pattern_in_the_ontology_and_in_the_shapes():
    told = {}
    for path in (SHAPES.parent / "ontology").glob("*.ttl"):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value == PH + "pattern":
                told[quad.subject] = quad.object.value
    patterns = [t for t in TRIPLES if t.predicate == sh("pattern")]
    demanded = {path: t.object.value for t in patterns for path in objects(t.subject, sh("path"))}
    assert told and {code.value: demanded.get(code) for code in told} == {code.value: pattern for code, pattern in told.items()}


@pytest.mark.parametrize("shape, select", selects(), ids=lambda text: text.rsplit("/", 1)[-1][:60])
def test_a_query_gives_the_same_answers_with_this_left_free(shape, select):
    assert re.match(r"\s*SELECT (DISTINCT )?\$this (\?path )?(\?value|\(SUM\(\?\w+\) AS \?value\)) WHERE \{", select)
    words = re.sub(r'"[^"]*"', "", select)
    assert not re.search(r"\b(MINUS|SERVICE|VALUES|UNION|GRAPH|LIMIT|OFFSET)\b|\$(PATH|shapesGraph|currentShape)\b", words)
    assert words.count("SELECT") == 1
    optional = re.findall(r"OPTIONAL \{([^}]*)\}", words)
    assert not any("FILTER" in group for group in optional)
    triples = re.sub(r"FILTER( NOT)? EXISTS \{.*?\}\n|FILTER\(.*\)\n|OPTIONAL \{[^}]*\}", "", words.split("{", 1)[1], flags=re.S)
    assert "$this" in triples


def test_examples_are_turtle():
    examples = [t.object.value for t in TRIPLES if t.predicate.value == PH + "rightExample"]
    assert examples
    for example in examples:
        names = sorted(set(re.findall(r"([a-z-]+):(?!//)", example)))
        prefixes = "".join(f"@prefix {name}: <urn:{name}:> .\n" for name in names)
        assert list(ox.parse(f"{prefixes}<urn:s> {example} .".encode(), format=ox.RdfFormat.TURTLE)), example


def test_both_engines_accept_the_shapes():
    assert len(shacl.Shapes.from_text(shapes_text(), format="ntriples")) >= len(constrained_shapes(TRIPLES))
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes_for_the_judge(), meta_shacl=True)
    assert conforms, text
