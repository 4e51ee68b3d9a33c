"""The start page, the vocabulary, the queries, lists and plain records."""

import pytest

from phkg.records.queries import read_queries
from phkg.views.home import home_page
from phkg.views.lists import list_page
from phkg.views.queries import queries_page
from phkg.views.reader import Reader, Text
from phkg.views.records import record_page
from phkg.views.site import Kind
from phkg.views.standings import Standings
from phkg.views.vocabulary import vocabulary_page


@pytest.fixture(scope="module")
def kind(sv: Reader):
    return lambda folder: sv.site.kind_of_folder(folder)


def test_the_start_page_adds_up_to_methods_times_regions(sv: Reader, table: Standings, methods: Kind) -> None:
    page = home_page(sv, methods, table)
    counts = [(count.state.label.value if count.state else None, count.regions) for count in page.counts]
    assert counts == [("vanligt", 5), ("prövas", 1), (None, 6)]
    assert page.pairs == 12 == sum(count.regions for count in page.counts)
    assert (page.contradictions, page.statements) == (1, 12)  # Thirteen were said, and one of them replaced.
    assert (page.title, page.description) == (Text("Eklands register", "sv"), Text("Om Ekland.", "sv"))
    assert [one.place.label.value for one in page.regions] == ["Region Boda", "Region Älvik", "Region Ösby"]


def test_the_start_page_counts_what_there_is_of_each_kind(sv: Reader, table: Standings, methods: Kind) -> None:
    held = {kind.path: kind.count for kind in home_page(sv, methods, table).kinds}
    assert held["/sv/metoder/"] == 4 and held["/sv/organisationer/"] == 4 and held["/sv/kallor/"] == 3
    assert all(held.values())


def test_the_vocabulary_holds_this_registrys_schemes_in_the_readers_language(en: Reader) -> None:
    page = vocabulary_page(en)
    assert [(scheme.label.value, scheme.name) for scheme in page.schemes] == [
        ("Field", "field"), ("House", "house"), ("Kind of speech", "speech"), ("Origin", "origin"),
        ("Reach", "reach"), ("Role", "role"), ("Stage", "stage"), ("Surety", "surety"),
    ]  # fmt: skip
    stage = next(scheme for scheme in page.schemes if scheme.name == "stage")
    assert [concept.label.value for concept in stage.concepts] == ["none", "meant", "tried", "usual", "ended"]


def test_the_vocabulary_explains_every_term_of_the_core(sv: Reader) -> None:
    page = vocabulary_page(sv)
    statement = next(term for term in page.classes if term.name == "ImplementationStatement")
    assert statement.label.language == "sv" and statement.definition
    assert len({term.iri for term in page.properties}) == len(page.properties) > 50
    method = next(term for term in page.properties if term.name == "statementKind")
    assert [link.iri.rsplit("#", 1)[-1] for link in method.domain] == ["ImplementationStatement"]
    names = [term.name.casefold() for term in page.classes]
    assert names == sorted(names)


def test_queries_come_by_topic_in_the_readers_language(sv: Reader, en: Reader, town_knowledge) -> None:
    named = read_queries(town_knowledge.ontology / "queries")
    groups = queries_page(sv, named, "").groups
    assert [(group.topic, [line.title for line in group.queries]) for group in groups] == [
        (Text("Läget", "sv"), [Text("Var är det vanligt?", "sv")]),
        (None, [Text("All there is", "en")]),
    ]
    page = queries_page(en, named, "where")
    assert page.chosen is not None and page.chosen.title == Text("Where is it usual?", "en")
    assert page.chosen.description == Text("Regioner.", "sv")
    assert page.chosen.text.startswith("SELECT ?region")


def test_an_unknown_query_names_the_known(sv: Reader, town_knowledge) -> None:
    with pytest.raises(ValueError, match="name=nope: allt, where"):
        queries_page(sv, read_queries(town_knowledge.ontology / "queries"), "nope")


def test_a_list_holds_what_there_is_by_name(sv: Reader, kind) -> None:
    page = list_page(sv, kind("methods"))
    assert [entry.link.label.value for entry in page.entries] == ["frågor", "lyssning", "tvätt", "ånga"]
    assert list_page(sv, kind("drugs")).entries == ()


def test_a_plain_record_says_who_refers_to_it(sv: Reader, kind, iri) -> None:
    page = record_page(sv, iri("sources/law-2018"), kind("sources"))
    (use,) = page.uses
    assert use.inverse_of.endswith("#statedBy")
    assert [link.label.value for link in use.links] == ["lyssning", "Region Älvik", "Rådet", "tvätt", "ånga"]


def test_the_parts_of_a_plain_record_stand_on_its_page(sv: Reader, kind, iri) -> None:
    page = record_page(sv, iri("indicators/people"), kind("indicators"))
    assert [part.anchor for part in page.parts] == ["indicators-people-alvik", "indicators-people-boda", "indicators-people-ekland", "indicators-people-osby"]


def test_a_list_of_methods_says_how_far_each_has_come(sv: Reader, kind, table) -> None:
    page = list_page(sv, kind("methods"), table=table)
    reach = {entry.link.label.value: (entry.reach.access, entry.reach.known, entry.reach.regions) for entry in page.entries if entry.reach}
    # Älvik has lyssning for some only, Ösby by contradicting words.
    assert reach == {"lyssning": (2, 3, 3), "tvätt": (2, 2, 3), "ånga": (0, 1, 3), "frågor": (0, 0, 3)}
