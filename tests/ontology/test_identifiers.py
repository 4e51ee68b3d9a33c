"""Patterns of identifiers hold for known identifiers, refuse slips, and stay in the subset on which engines agree."""

import re

import pytest

PH = "https://w3id.org/phkg/ontology#"
# Right: identifiers as their owners publish them. Wrong: slips that people make.
KNOWN = {
    "hgnc": ("HGNC:3012", "3012"),
    "ncbiGene": ("1806", "NCBI:1806"),
    "ensembl": ("ENSG00000188641", "ENST00000370192"),
    "symbol": ("HLA-B", "hla b"),
    "chromosome": ("X", "23"),
    "icd10se": ("G12.0-G12.1", "g12"),
    "orpha": ("ORPHA:716", "716"),
    "mondo": ("MONDO:0018874", "MONDO_0018874"),
    "snomed": ("840539006", "84O539006"),
    "atc": ("L01BC06", "L01BC6"),
    "ror": ("048a87296", "https://ror.org/048a87296"),
    "iso3166-2": ("SE-AB", "SE AB"),
    "nuts3": ("SE110", "SE11"),
    "countyCode": ("01", "1"),
    "organisationNumber": ("202100-5521", "2021005521"),
    "doi": ("10.1186/s13073-021-00855-5", "https://doi.org/10.1186/s13073-021-00855-5"),
    "pmid": ("31694722", "PMID 31694722"),
    "currency": ("SEK", "kr"),
}


@pytest.fixture(scope="module")
def patterns(triples) -> dict[str, str]:
    return {triple.subject.value.removeprefix(PH): triple.object.value for _, triple in triples if triple.predicate.value == PH + "pattern"}


def test_all_patterns_are_tried(patterns):
    assert set(patterns) == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_pattern_tells_right_from_wrong(patterns, name):
    right, wrong = KNOWN[name]
    assert re.search(patterns[name], right)
    assert not re.search(patterns[name], wrong)


def test_patterns_need_nothing_on_which_engines_differ(patterns):
    assert [name for name, pattern in patterns.items() if re.search(r"\(\?|\\[pPdwsb]", pattern)] == []


def test_patterns_hold_whole_values(patterns):
    assert [name for name, pattern in patterns.items() if not (pattern[0] == "^" and pattern[-1] == "$")] == []


def test_look_up_addresses_have_one_place_for_the_value(triples):
    addresses = [t.object.value for _, t in triples if t.predicate.value == PH + "lookupUrl"]
    assert len(addresses) >= 9
    assert all(address.startswith(("https://", "http://snomed.info/")) and address.count("{}") == 1 for address in addresses)
