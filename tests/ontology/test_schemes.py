"""The concept schemes: complete, in order, and with the behaviour that the derivations rest on."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

BASE = "https://w3id.org/phkg/concepts/"
PH = "https://w3id.org/phkg/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SUB_CLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
FILES = sorted(path.stem for path in (Path(__file__).parents[2] / "ontology" / "concepts").glob("*.ttl"))


@pytest.fixture(scope="module")
def says(triples):
    found = defaultdict(lambda: defaultdict(list))
    for path, triple in triples:
        if path.parent.name == "concepts":
            found[triple.subject.value][triple.predicate.value].append(triple.object)
    return found


@pytest.fixture(scope="module")
def concepts(says):
    return {iri: facts for iri, facts in says.items() if any(t.value == SKOS + "Concept" for t in facts[RDF_TYPE])}


def values(concepts, scheme: str, name: str) -> dict[str, str]:
    """Slug → value of a behaviour property, for the concepts of a scheme that have it."""
    return {
        iri.removeprefix(f"{BASE}{scheme}/"): facts[PH + name][0].value
        for iri, facts in concepts.items()
        if iri.startswith(f"{BASE}{scheme}/") and facts[PH + name]
    }


@pytest.mark.parametrize("scheme", FILES)
def test_a_file_holds_its_scheme_and_at_least_two_concepts(says, concepts, scheme):
    assert [kind.value for kind in says[BASE + scheme][RDF_TYPE]] == [SKOS + "ConceptScheme"]
    assert sum(iri.startswith(f"{BASE}{scheme}/") for iri in concepts) >= 2


def test_each_concept_is_in_the_scheme_of_its_file_only(concepts):
    wrong = [iri for iri, facts in concepts.items() if [s.value for s in facts[SKOS + "inScheme"]] != [iri.rsplit("/", 1)[0]]]
    assert wrong == []


def test_all_concepts_of_a_scheme_are_of_one_class_of_ours(triples, concepts):
    sub_classes = {t.subject.value for _, t in triples if t.predicate.value == SUB_CLASS_OF and t.object.value == SKOS + "Concept"}
    classes = defaultdict(set)
    for iri, facts in concepts.items():
        classes[iri.rsplit("/", 1)[0]] |= {kind.value for kind in facts[RDF_TYPE]} - {SKOS + "Concept"}
    assert {scheme: found for scheme, found in classes.items() if len(found) != 1 or not found <= sub_classes} == {}
    used = [next(iter(found)) for found in classes.values()]
    assert sorted(used) == sorted(sub_classes)


@pytest.mark.parametrize("predicate", ["prefLabel", "definition"])
def test_named_and_defined_once_in_each_language(says, predicate):
    wrong = [iri for iri, facts in says.items() if sorted(v.language or "" for v in facts[SKOS + predicate]) != ["en", "sv"]]
    assert wrong == []


def test_no_two_concepts_of_a_scheme_have_one_name_or_notation(concepts):
    names = Counter()
    for iri, facts in concepts.items():
        scheme = iri.rsplit("/", 1)[0]
        names.update((scheme, label.language, label.value.casefold()) for label in facts[SKOS + "prefLabel"])
        names.update((scheme, "notation", code.value) for code in facts[SKOS + "notation"])
    assert [name for name, count in names.items() if count > 1] == []


def test_ranks_are_unique_and_given_to_all_or_none(concepts):
    ranks = defaultdict(list)
    for iri, facts in concepts.items():
        ranks[iri.rsplit("/", 1)[0]].append(facts[PH + "rank"][0].value if facts[PH + "rank"] else None)
    for scheme, given in ranks.items():
        if any(given):
            assert None not in given and len(set(given)) == len(given), scheme


def test_broader_stays_in_the_scheme_and_comes_to_an_end(concepts):
    for start, facts in concepts.items():
        top = [s.value for s in facts[SKOS + "topConceptOf"]]
        assert bool(top) != bool(facts[SKOS + "broader"]), start
        met, here = {start}, facts
        while here[SKOS + "broader"]:
            (above,) = (node.value for node in here[SKOS + "broader"])
            assert above in concepts and above.rsplit("/", 1)[0] == start.rsplit("/", 1)[0], start
            assert above not in met, start
            met.add(above)
            here = concepts[above]


def test_state_symbols_fill_in_order_of_progress(concepts):
    assert values(concepts, "state", "fill") == {
        "not-offered": "0", "planned": "1", "pilot": "2", "being-introduced": "3", "routine": "4",
    }  # fmt: skip


def test_behaviour_that_derivations_rest_on(concepts):
    assert values(concepts, "state", "givesAccess") == {"routine": "true"}
    assert values(concepts, "state", "isIntention") == {"planned": "true"}
    assert values(concepts, "state", "isAbsence") == {"discontinued": "true", "not-offered": "true"}
    assert values(concepts, "statement-kind", "saysState") == {"introduction": "true"}
    assert values(concepts, "extent", "isPart") == {"part": "true"}
    assert values(concepts, "confidence", "needsReason") == {"inferred": "true"}


def test_precedence_of_sources_follows_the_design(concepts):
    ranks = values(concepts, "source-kind", "rank")
    in_order = ["decision", "authority", "register", "region", "article", "news", "company"]
    assert sorted(in_order, key=lambda slug: int(ranks[slug])) == in_order
    assert int(ranks["company"]) == max(map(int, ranks.values()))
    assert int(values(concepts, "confidence", "rank")["stated"]) == 1


def test_phenotypes_carry_the_standard_terms(concepts):
    """Terms of Caudle et al. 2017 (doi 10.1038/gim.2016.87), table 2, for drug-metabolising enzymes and transporters."""
    terms = {facts[SKOS + "notation"][0].value for iri, facts in concepts.items() if iri.startswith(BASE + "phenotype/")}
    assert terms >= {
        "Ultrarapid Metabolizer", "Rapid Metabolizer", "Normal Metabolizer", "Intermediate Metabolizer",
        "Poor Metabolizer", "Increased Function", "Normal Function", "Decreased Function", "Poor Function",
    }  # fmt: skip
