"""Queries made to hurt: each ends in time with the right status, and an ordinary query is answered after it."""

import time

import pytest

from phkg.sparql.limits import Limits

from .conftest import serve

NESTED = {
    "groups": "SELECT * { " + "{" * 2_300 + "}" * 2_300 + " }",
    "parentheses": "SELECT (" + "(" * 5_000 + "1" + ")" * 5_000 + " AS ?x) {}",
    "negations": "ASK { FILTER(" + "!" * 10_000 + "true) }",
    "sub-selects": "SELECT * { " + "{ SELECT * {" * 1_100 + "}}" * 1_100 + " }",
    "sum": "SELECT (" + "+".join(["1"] * 7_500) + " AS ?x) {}",
    "path parentheses": "ASK { ?s " + "(" * 14_000 + "<x:y>" + ")" * 14_000 + " ?o }",
}
LONG = {
    "cartesian count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cartesian ordered": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?c",
    "path bomb": "SELECT (COUNT(*) AS ?n) { ?a ((<https://example.org/next>*)*)* ?b }",
    "negated path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)* ?b . ?c (!<x:y>)* ?d }",
    "values": "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(100)))} }}" for i in range(6)) + " }",
    "nested list": "ASK { ?s ?p " + "(" * 152 + ")" * 152 + " }",
}
LARGE = {
    "replace": "SELECT (STRLEN(?d) AS ?n) { BIND('" + "a" * 2_000 + "' AS ?a) BIND(REPLACE(?a, 'a', ?a) AS ?b) BIND(REPLACE(?b, 'a', ?a) AS ?d) }",
    "concat": "SELECT (STRLEN(?x16) AS ?n) { BIND('" + "a" * 200 + "' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}, ?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(16)) + " }",
}
SLACK = 1.0


def assert_answers(endpoint) -> None:
    """An ordinary query is answered, at once."""
    begun = time.monotonic()
    answer = endpoint.query(f"ASK {{ <https://example.org/thing/7> <https://example.org/number> 7 }} # {begun}")
    assert answer.status_code == 200 and answer.json()["boolean"] is True
    assert time.monotonic() - begun < SLACK


@pytest.mark.parametrize("query", NESTED.values(), ids=NESTED)
def test_deep_nesting_does_not_end_a_worker(hurried, query):
    answer = hurried.post(query)
    assert answer.status_code in (200, 504), answer.text
    assert_answers(hurried)


@pytest.mark.parametrize("query", LONG.values(), ids=LONG)
def test_a_query_past_the_deadline_is_ended(hurried, query):
    begun = time.monotonic()
    answer = hurried.post(query)
    assert time.monotonic() - begun < hurried.pool.limits.seconds + SLACK
    # A cartesian product may meet the wall of memory before that of time.
    assert answer.json()["code"] == "deadline" and answer.status_code == 504 or answer.json()["code"] == "ended" and answer.status_code == 500
    assert_answers(hurried)


@pytest.mark.parametrize("query", LARGE.values(), ids=LARGE)
def test_a_query_that_wants_too_much_memory_is_ended(hurried, query):
    begun = time.monotonic()
    answer = hurried.post(query)
    assert time.monotonic() - begun < hurried.pool.limits.seconds + SLACK
    assert (answer.status_code, answer.json()["code"]) in {(500, "ended"), (504, "deadline")}
    assert_answers(hurried)


def test_the_wall_of_memory_is_named(folder):
    with serve(folder, Limits(workers=1, seconds=10, memory=300_000_000)) as endpoint:
        answer = endpoint.post(LARGE["concat"])
        assert (answer.status_code, answer.json()["code"]) == (500, "ended")
        assert "300 MB of memory" in answer.json()["detail"]
        assert_answers(endpoint)


def test_a_shorter_time_may_be_asked_for_and_never_a_longer_one(hurried):
    begun = time.monotonic()
    answer = hurried.post(LONG["values"], timeout="0.3")
    assert answer.status_code == 504 and "0.3 seconds" in answer.json()["detail"]
    assert time.monotonic() - begun < 0.3 + SLACK
    answer = hurried.post(LONG["values"], timeout="3600")
    assert answer.status_code == 504 and "1.5 seconds" in answer.json()["detail"]


def test_an_answer_past_a_cap_is_refused_whole(hurried):
    for query in ("SELECT ?s { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"):
        answer = hurried.query(query)
        assert answer.status_code == 413
        assert answer.json()["code"] == "answer-too-large"
        assert "1,000 rows" in answer.json()["detail"] and "LIMIT" in answer.json()["detail"] and "dump" in answer.json()["detail"]
    assert len(hurried.query("SELECT ?s { ?s ?p ?o } LIMIT 1000").json()["results"]["bindings"]) == 1_000
    answer = hurried.query("SELECT (GROUP_CONCAT(?big; separator='') AS ?x) { { SELECT (CONCAT(?l, '" + "a" * 7_000 + "') AS ?big) { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } } }")
    assert answer.status_code == 413 and "32,000,000 bytes" in answer.json()["detail"]


def test_a_client_with_its_share_of_the_queue_is_turned_away_at_once(hurried):
    slow = LONG["values"]
    begun = time.monotonic()
    answers = hurried.meanwhile(*[slow] * 12)
    codes = sorted(answer.status_code for answer in answers)
    # Two run, two wait; what waited runs after, all others have gone home before.
    assert codes == [429] * 8 + [504] * 4
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status_code == 429)
    assert all(answer.elapsed.total_seconds() < SLACK for answer in answers if answer.status_code == 429)
    assert time.monotonic() - begun < 2 * hurried.pool.limits.seconds + SLACK
    assert_answers(hurried)
