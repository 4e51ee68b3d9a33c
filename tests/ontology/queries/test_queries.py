"""The named queries: each gives what was worked out by hand from a small invented registry, in two engines, and holds on the real one.

The files in `expected/` were checked row by row against `fixture/`. IRIs of records are written there without the base.
"""

import csv
import re
import time
import tomllib
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse

from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import GRAPH, Snapshot
from phkg.records.knowledge import find_knowledge
from phkg.records.queries import NamedQuery, read_queries

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
BASE = "https://w3id.org/phkg/"
PH = BASE + "ontology#"
LANGUAGES = {"sv", "en"}
LANGUAGE_LINE = '  VALUES ?language { "sv" }\n'
DAY = date(2026, 11, 1)
SECONDS = 2
QUERIES = {query.name: query for query in read_queries(ROOT / "ontology" / "queries")}
BOUNDS = tomllib.loads((HERE / "bounds.toml").read_text(encoding="utf-8"))

each_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The invented registry with the concepts of the real one."""
    return compile_snapshot(find_knowledge(HERE / "fixture"), DAY, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def small_rdflib(small: Snapshot) -> rdflib.Graph:
    """The same graph in another engine."""
    return rdflib.Graph().parse(small.path / GRAPH, format="nt")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The registry as it is."""
    return compile_snapshot(find_knowledge(ROOT), DAY, tmp_path_factory.mktemp("real"))


def expected(name: str) -> list[list[str]]:
    """The rows worked out by hand, the names of the columns first."""
    path = HERE / "expected" / f"{name}.csv"
    assert path.is_file(), f"The query {name} has no expected result; work it out from fixture/ and write {path.name}."
    with path.open(encoding="utf-8", newline="") as lines:
        return [[plain(value) for value in row] for row in csv.reader(lines)]


def plain(value: str) -> str:
    """A value as it is compared: without the base of IRIs, and numbers by what they are worth."""
    value = value.removeprefix(BASE)
    try:
        return f"{Decimal(value).normalize():f}" if re.fullmatch(r"-?(0|[1-9][0-9]*)([.][0-9]+)?", value) else value
    except InvalidOperation:
        return value


def uncommented(text: str) -> str:
    """The lines that are no comments."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def test_every_query_has_a_topic_and_topics_are_worded_alike() -> None:
    topics = [query.topic for query in QUERIES.values()]
    assert all(set(topic) == LANGUAGES for topic in topics)
    for language in LANGUAGES:
        assert len({topic[language] for topic in topics}) == len({tuple(sorted(topic.items())) for topic in topics})


@each_query
def test_gives_the_expected_rows_in_order(query: NamedQuery, small: Snapshot) -> None:
    found = small.store.query(query.text)
    rows = [[variable.value for variable in found.variables]]
    rows += [["" if term is None else plain(term.value) for term in row] for row in found]
    assert len(rows) > 1, "The fixture must give every query something to find."
    assert rows == expected(query.name)


@each_query
def test_gives_the_same_in_another_engine(query: NamedQuery, small_rdflib: rdflib.Graph) -> None:
    found = small_rdflib.query(query.text)
    rows = [[str(variable) for variable in found.vars or ()]]
    rows += [["" if term is None else plain(str(term)) for term in row] for row in found]
    assert rows == expected(query.name)


def test_every_expected_result_and_bound_belongs_to_a_query() -> None:
    assert {path.stem for path in (HERE / "expected").glob("*.csv")} == set(QUERIES)
    assert set(BOUNDS) == set(QUERIES)


@each_query
def test_head_is_whole_in_both_languages(query: NamedQuery) -> None:
    assert set(query.title) == LANGUAGES
    assert set(query.description) == LANGUAGES
    assert query.answers
    assert all(query.title.values()) and all(query.description.values())
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", query.name)


def test_no_two_queries_have_the_same_title() -> None:
    for language in LANGUAGES:
        titles = [query.title[language] for query in QUERIES.values()]
        assert len(set(titles)) == len(titles)


@each_query
def test_language_is_asked_for_in_one_line(query: NamedQuery) -> None:
    """The same line everywhere, so that a reader, or a page, changes the language in one place."""
    wanted = 1 if "?language" in query.text else 0
    assert query.text.count(LANGUAGE_LINE) == wanted
    assert "Label" not in query.text or wanted


@each_query
def test_answers_as_much_in_the_other_language(query: NamedQuery, small: Snapshot) -> None:
    if query.name == "texts-missing-in-a-language":
        assert not list(small.store.query(query.text.replace('"sv"', '"en"'))), "Only the Swedish text is missing."
        return
    assert sum(1 for _ in small.store.query(query.text.replace('"sv"', '"en"'))) == len(expected(query.name)) - 1


@each_query
def test_is_plain_and_ordered(query: NamedQuery) -> None:
    assert not re.search(r"\b(SERVICE|GRAPH|FROM|NOW|RAND)\b", uncommented(query.text))
    assert "\nORDER BY " in query.text
    declared = re.findall(r"^PREFIX ([a-z0-9-]+):", query.text, flags=re.MULTILINE)
    for prefix in declared:
        assert len(re.findall(rf"(?<![\w-]){prefix}:", query.text)) > 1, f"{prefix}: is declared and not used."


@each_query
def test_terms_are_defined_in_the_ontology(query: NamedQuery, defined: set[str]) -> None:
    used = set(re.findall(r"(?<![\w-])ph:([A-Za-z][\w-]*)", uncommented(query.text)))
    assert used <= defined


@pytest.fixture(scope="module")
def defined() -> set[str]:
    """The local names of all own terms that the ontology says anything about."""
    subjects = {triple.subject.value for path in (ROOT / "ontology").glob("*.ttl") for triple in parse(path=str(path), format=RdfFormat.TURTLE)}
    return {subject.removeprefix(PH) for subject in subjects if subject.startswith(PH)}


@each_query
def test_holds_on_the_registry(query: NamedQuery, real: Snapshot) -> None:
    """A number of rows that can be true, in a time that a reader can wait (processor time: other work does not count)."""
    start = time.process_time()
    rows = sum(1 for _ in real.store.query(query.text))
    seconds = time.process_time() - start
    low, high = BOUNDS[query.name]
    assert low <= rows <= high
    assert seconds < SECONDS
