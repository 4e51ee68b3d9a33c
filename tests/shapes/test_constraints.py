"""Every rule has a record set that satisfies it (valid.ttl) and one that breaks it and nothing else (cases/)."""

from functools import cache

import pyoxigraph as ox
import pytest
import shacl

from .shapes_graph import VALID_TEXT, as_ntriples, constrained_shapes, load_cases, parse, sh, shapes_triples, term


@cache
def core_shapes() -> shacl.Shapes:
    """The shapes without their SPARQL constraints, which run as whole-graph queries."""
    triples = [triple for triple in shapes_triples() if triple.predicate != sh("sparql")]
    return shacl.Shapes.from_text(as_ntriples(triples), format="ntriples")


@cache
def queries() -> tuple[tuple[str, str], ...]:
    """(shape IRI, whole SELECT with its prefixes) of every SPARQL constraint."""
    triples = shapes_triples()
    objects = {}
    for triple in triples:
        objects.setdefault((triple.subject, triple.predicate), []).append(triple.object)
    declared = [
        (objects[node, sh("prefix")][0].value, objects[node, sh("namespace")][0].value)
        for (subject, predicate), nodes in objects.items()
        if predicate == sh("declare")
        for node in nodes
    ]
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared)
    return tuple(
        (subject.value, head + objects[constraint, sh("select")][0].value)
        for (subject, predicate), constraints in objects.items()
        if predicate == sh("sparql")
        for constraint in constraints
    )


def findings(triples: list[ox.Triple]) -> list[tuple[str, str, str | None]]:
    """(source shape, focus, value) of every finding in the triples, sorted."""
    text = as_ntriples(triples)
    found = [(result.source_shape.strip("<>"), result.focus_node, result.value) for result in core_shapes().validate_text(text, format="ntriples").results]
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.N_TRIPLES)
    for shape, query in queries():
        for row in store.query(query):
            found.append((shape, str(row["this"]), str(row["value"])))
    return sorted(found, key=str)


def test_every_constraint_has_a_case_and_every_case_a_constraint():
    tried = [case.shape for case in load_cases()]
    assert len(tried) == len(set(tried))
    assert set(tried) == set(constrained_shapes(shapes_triples()))


def test_the_valid_records_break_no_rule():
    assert findings(parse(VALID_TEXT)) == []


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case.shape.rsplit("/", 1)[1])
def test_one_change_breaks_one_rule(case):
    expected = sorted((case.shape, str(term(focus))) for focus in case.focus)
    found = findings(case.data())
    assert [(shape, focus) for shape, focus, _ in found] == expected
    if case.value is not None:
        assert {value for _, _, value in found} == {str(term(case.value))}
