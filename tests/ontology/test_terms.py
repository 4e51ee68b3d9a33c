"""Every class and property is explained, in both languages, and used as what it is."""

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

BASE = "https://w3id.org/phkg/"
PH = BASE + "ontology#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
KINDS = {OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
# These two files speak of terms of others, so the rule that a file's path begins its identifiers cannot hold there.
ABOUT_OTHERS = {"reused.ttl", "alignments.ttl"}
ROOT = Path(__file__).parents[2] / "ontology"


@pytest.fixture(scope="module")
def described(triples):
    """Subject → predicate → objects over the whole ontology."""
    found = defaultdict(lambda: defaultdict(list))
    for _, triple in triples:
        found[triple.subject.value][triple.predicate.value].append(triple.object)
    return found


@pytest.fixture(scope="module")
def kinds(described):
    """Term → the OWL kinds that it is declared as."""
    return {term: {kind.value for kind in says[RDF_TYPE]} & KINDS for term, says in described.items()}


def own(described):
    return [term for term in described if term.startswith(PH)]


def test_there_is_a_vocabulary(described):
    assert len(own(described)) > 150


def test_no_blank_nodes(triples):
    nameless = [str(path) for path, triple in triples if BlankNode in (type(triple.subject), type(triple.object))]
    assert nameless == []


@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "definition"])
def test_every_term_is_labelled_and_defined_in_both_languages(described, predicate):
    wrong = [term for term in own(described) if sorted(v.language or "" for v in described[term][predicate]) != ["en", "sv"]]
    assert wrong == []


def test_every_term_has_an_example_and_says_where_it_is_defined(described):
    home = [NamedNode(BASE + "ontology")]
    assert [term for term in own(described) if not described[term][SKOS + "example"]] == []
    assert [term for term in own(described) if described[term][RDFS + "isDefinedBy"] != home] == []


def test_definitions_are_sentences(described):
    loose = [text.value for term in own(described) for text in described[term][SKOS + "definition"] if not text.value.endswith(".") or text.value[0].islower()]
    assert loose == []


def test_no_two_classes_bear_one_label(described, kinds):
    """A curator must be able to tell two classes apart by their names."""
    names = defaultdict(set)
    for term in own(described):
        if OWL + "Class" in kinds[term]:
            for label in described[term][RDFS + "label"]:
                names[label].add(term)
    assert {str(label): terms for label, terms in names.items() if len(terms) > 1} == {}


def test_every_term_is_one_kind_of_thing(described, kinds):
    assert {term: kinds[term] for term in own(described) if len(kinds[term]) != 1} == {}


def test_properties_are_used_as_declared(triples, kinds):
    wrong = []
    for path, triple in triples:
        declared = kinds.get(triple.predicate.value, set())
        if OWL + "ObjectProperty" in declared and isinstance(triple.object, Literal):
            wrong.append((path.name, str(triple)))
        if OWL + "DatatypeProperty" in declared and not isinstance(triple.object, Literal):
            wrong.append((path.name, str(triple)))
    assert wrong == []


def test_domains_are_classes_and_ranges_fit(described, kinds):
    wrong = []
    for term in own(described):
        for domain in described[term][RDFS + "domain"] + described[term]["https://schema.org/domainIncludes"]:
            if OWL + "Class" not in kinds.get(domain.value, set()):
                wrong.append((term, domain.value))
        for target in described[term][RDFS + "range"]:
            if (OWL + "Class" in kinds.get(target.value, set())) != (OWL + "ObjectProperty" in kinds[term]):
                wrong.append((term, target.value))
    assert wrong == []


def test_classes_are_not_also_individuals(described, kinds):
    """A thing typed with one of our classes is an individual, and so must not be a class or property itself."""
    punned = [term for term, says in described.items() if kinds[term] and any(kind.value.startswith(PH) for kind in says[RDF_TYPE])]
    assert punned == []


def test_path_of_a_file_begins_its_identifiers(triples):
    wrong = []
    for path, triple in triples:
        if path.name in ABOUT_OTHERS:
            continue
        inside = path.relative_to(ROOT)
        start = BASE + (inside.with_suffix("").as_posix() if inside.parts[0] == "concepts" else "ontology")
        rest = triple.subject.value.removeprefix(start)
        if rest == triple.subject.value or (rest and rest[0] not in "/#"):
            wrong.append((inside.as_posix(), triple.subject.value))
    assert wrong == []


def test_addresses_are_written_as_literals(triples, described):
    """Outward links are text, never identifiers, but for mappings, the alignments and the terms that are declared."""
    outward = [
        (path.name, triple.object.value)
        for path, triple in triples
        if path.name != "alignments.ttl"
        and not triple.predicate.value.endswith("Match")
        and isinstance(triple.object, NamedNode)
        and triple.object.value not in described
        and not triple.object.value.startswith(("http://www.w3.org/", BASE))
    ]
    assert outward == []


def test_every_term_that_is_used_is_defined(used_terms, described):
    own_names = (PH, BASE + "concepts/")
    undefined = {term: files for term, files in used_terms.items() if term.startswith(own_names) and term not in described}
    assert undefined == {}


def test_each_folder_belongs_to_one_class_with_a_word_in_both_languages(described):
    folders = [(says[PH + "folder"][0].value, term) for term, says in described.items() if says[PH + "folder"]]
    assert sorted(folder for folder, _ in folders) == [
        "allocation-models", "drugs", "genes", "implementations", "indications", "indicators", "methods", "objections", "organisations", "programmes",
        "recommendations", "regions", "sources",
    ]  # fmt: skip
    for _, term in folders:
        for predicate in ("pathSegment", "plural"):
            assert sorted(v.language for v in described[term][PH + predicate]) == ["en", "sv"], (term, predicate)
    for language in ("sv", "en"):
        words = [v.value for _, term in folders for v in described[term][PH + "pathSegment"] if v.language == language]
        assert len(set(words)) == len(words)
        assert all(word.isascii() and word.islower() for word in words)
