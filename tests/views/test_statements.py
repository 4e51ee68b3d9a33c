"""Statements and standings as lines: what holds, on whose word, what disagrees, and what else has been said."""

from phkg.views.facts import Web
from phkg.views.reader import Reader, Text
from phkg.views.source_lines import source_line
from phkg.views.standings import Standings
from phkg.views.statements import StandingLine, StatementLine, newest_first, standing_line, statement_line


def line(reader: Reader, table: Standings, iri, region: str, method: str) -> StandingLine:
    pair = (iri(f"methods/{method}"), iri(f"regions/{region}"))
    return standing_line(reader, pair[1], pair[0], table.standing.get(pair), table.statements.get(pair, []))


def ends(lines: tuple[StatementLine, ...]) -> list[str]:
    return [one.anchor for one in lines]


def test_a_statement_says_everything_that_its_source_says(en: Reader, iri) -> None:
    said = statement_line(en, iri("implementations/boda/lyssna/2"))
    assert (said.state.label.value, said.kind.label.value, said.confidence.label.value) == ("usual", "deed", "said")
    assert (said.since, said.until, said.planned_start) == ("2019-03", "", "")
    assert said.eligibility == Text("all above 60", "en")
    assert [source.title.value for source in said.sources] == ["Lagen om lyssning", "All listen"]


def test_a_word_without_date_of_its_own_has_that_of_its_newest_source(en: Reader, iri) -> None:
    assert statement_line(en, iri("implementations/boda/lyssna/2")).word_date == "2020-02-10"
    assert statement_line(en, iri("implementations/boda/lyssna/10")).word_date == "2020-06"
    assert statement_line(en, iri("implementations/boda/anga/1")).word_date == ""


def test_what_has_no_place_of_its_own_follows_as_a_qualifier(en: Reader, iri) -> None:
    said = statement_line(en, iri("implementations/alvik/lyssna/1"))
    assert [(fact.property.rsplit("#", 1)[-1], fact.values[0].label.value) for fact in said.qualifiers] == [("extent", "some")]


def test_a_source_links_outwards_only_to_the_web(sv: Reader, iri) -> None:
    assert source_line(sv, iri("sources/news-2020")).address == Web("http://news.example/a?b=c", "news.example/a?b=c")
    blank = source_line(sv, iri("sources/blank"))
    assert (blank.address, blank.date, blank.publisher) == (None, "", "")


def test_a_source_comes_with_publisher_date_and_kind(sv: Reader, iri) -> None:
    law = source_line(sv, iri("sources/law-2018"))
    assert (law.publisher, law.date, law.kind.label.value, law.needs_better) == ("Rådet", "2018-05", "lag", False)
    assert source_line(sv, iri("sources/news-2020")).needs_better


def test_a_plan_beyond_stands_beside_what_is(sv: Reader, table: Standings, iri) -> None:
    found = line(sv, table, iri, "boda", "lyssna")
    assert found.state.label.value == "vanligt" and found.since == "2019-03" and found.word_date == "2020-02-10"
    assert (ends(found.rests_on), ends(found.plans), ends(found.also)) == (["boda-lyssna-2"], ["boda-lyssna-10"], ["boda-lyssna-1"])
    assert (found.contradiction, found.undated, found.part, found.said_at) == (False, False, False, None)


def test_a_contradiction_names_both_sides(sv: Reader, table: Standings, iri) -> None:
    found = line(sv, table, iri, "osby", "lyssna")
    assert found.contradiction and found.state.label.value == "vanligt"  # A law goes before news.
    assert (ends(found.rests_on), ends(found.disagrees)) == (["osby-lyssna-1"], ["osby-lyssna-2"])


def test_a_word_for_some_is_a_part(sv: Reader, table: Standings, iri) -> None:
    assert line(sv, table, iri, "alvik", "lyssna").part


def test_a_wider_places_word_says_whose_it_is(sv: Reader, table: Standings, iri) -> None:
    found = line(sv, table, iri, "alvik", "tvatta")
    assert found.said_at is not None and found.said_at.label == Text("Norra vården", "sv")
    assert ends(found.rests_on) == ["norr-tvatta-1"]
    assert ends(found.also) == ends(found.of_parts) == ["alvik-tvatta-1"]


def test_a_part_that_has_spoken_makes_no_standing(sv: Reader, table: Standings, iri) -> None:
    found = line(sv, table, iri, "osby", "tvatta")
    assert found.state is None and found.since == "" and found.rests_on == ()
    assert ends(found.of_parts) == ["osby-tvatta-1"]


def test_a_regions_own_word_without_a_state_is_no_word_of_a_part(sv: Reader, table: Standings, iri) -> None:
    found = line(sv, table, iri, "osby", "anga")
    assert found.state is None
    assert (ends(found.also), ends(found.of_parts)) == (["osby-anga-1"], [])


def test_an_undated_word_is_marked_and_a_replaced_one_is_gone(sv: Reader, table: Standings, iri) -> None:
    found = line(sv, table, iri, "boda", "anga")
    assert found.undated and ends(found.rests_on) == ["boda-anga-1"] and found.also == ()
    assert [notes.value for notes in found.rests_on[0].notes] == ["Hört sägas."]


def test_silence_is_a_line_with_nothing_on_it(sv: Reader, table: Standings, iri) -> None:
    found = line(sv, table, iri, "alvik", "fraga")
    assert (found.state, found.also, found.since, found.word_date, found.contradiction) == (None, (), "", "", False)


def test_the_newest_word_comes_first_and_the_undated_last(sv: Reader, iri) -> None:
    paths = ("boda/lyssna/1", "boda/anga/1", "boda/lyssna/10", "boda/lyssna/2")
    said = [statement_line(sv, iri(f"implementations/{path}")) for path in paths]
    assert ends(newest_first(said)) == ["boda-lyssna-10", "boda-lyssna-2", "boda-lyssna-1", "boda-anga-1"]
