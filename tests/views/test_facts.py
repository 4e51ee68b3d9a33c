"""A record as named facts: in the ontology's order, without what is derived, and with safe links only."""

import pytest
from pyoxigraph import Literal, NamedNode

from phkg.views.facts import Truth, Web, facts, web
from phkg.views.reader import Link, Reader, Text


def shown(reader: Reader, record: NamedNode) -> dict[str, tuple]:
    return {fact.property.rsplit("#", 1)[-1].rsplit("/", 1)[-1]: fact.values for fact in facts(reader, record)}


def test_facts_come_in_the_order_of_the_ontology(sv: Reader, iri) -> None:
    """The order of ph:rank in ontology/properties-*.ttl: technology 2 … clinicalArea, firstUsed, turnaroundDays."""
    found = facts(sv, iri("methods/lyssna"))
    ranks = [sv.graph.integer(NamedNode(fact.property), NamedNode("https://w3id.org/phkg/ontology#rank")) for fact in found]
    assert {fact.property.rsplit("#", 1)[-1] for fact in found} == {"clinicalArea", "firstUsed", "turnaroundDays", "statedBy"}
    assert [rank for rank in ranks if rank is not None] == sorted(rank for rank in ranks if rank is not None)
    assert all(fact.label.language == "sv" and fact.definition for fact in found)


def test_the_head_and_the_bounds_of_dates_are_not_facts(sv: Reader, iri) -> None:
    assert shown(sv, iri("methods/lyssna"))["firstUsed"] == (Text("1816"),)
    since = shown(sv, iri("implementations/boda/lyssna/2"))
    assert since["since"] == (Text("2019-03"),)
    assert not {name for name in since if name.endswith(("Earliest", "Latest"))}


def test_a_region_says_within_what_it_lies(sv: Reader, iri) -> None:
    found = shown(sv, iri("regions/alvik"))
    assert found["within"] == (Link(iri("regions/norr").value, Text("Norra vården", "sv"), "/sv/regioner/norr/"),)
    assert found["hasUniversityHealthcare"] == (Truth(True),)
    assert found["url"] == (Web("https://alvik.example/", "alvik.example"),)


def test_texts_come_in_one_language(sv: Reader, en: Reader, fi: Reader, iri) -> None:
    membership = iri("organisations/rad/membership/alvik")
    assert [shown(reader, membership)["roleText"] for reader in (sv, en, fi)] == [
        (Text("leder arbetet", "sv"),), (Text("leads the work", "en"),), (Text("leder arbetet", "sv"),),
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example", " https://x.example", "file:///x"])
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    assert web(Literal(address)) is None


def test_an_address_that_is_not_of_the_web_is_shown_as_text(sv: Reader, iri) -> None:
    assert shown(sv, iri("organisations/osby-sjukhus"))["url"] == (Text("javascript:alert(1)"),)


def test_an_identifier_leads_to_its_register(en: Reader, iri) -> None:
    assert shown(en, iri("genes/orn1"))["hgnc"] == (Web("https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:4321", "HGNC:4321"),)
    assert shown(en, iri("indications/hes"))["mondo"] == (Web("https://bioregistry.io/MONDO:0001234", "MONDO:0001234"),)


def test_an_identifier_is_put_into_an_address_whole_and_encoded(en: Reader, iri) -> None:
    assert shown(en, iri("sources/law-2018"))["doi"] == (Web("https://doi.org/10.1234/a%3Cb:c%3Ed", "10.1234/a<b:c>d"),)


def test_properties_can_be_left_out(sv: Reader, iri) -> None:
    left = facts(sv, iri("methods/lyssna"), without=(NamedNode("https://w3id.org/phkg/ontology#statedBy"),))
    assert "statedBy" not in {fact.property.rsplit("#", 1)[-1] for fact in left}
