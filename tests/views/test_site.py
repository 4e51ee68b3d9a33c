"""What holds for a whole registry: languages, kinds of record, regions in their order, nothing that has been replaced."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from phkg.graph.compile import compile_snapshot
from phkg.records.knowledge import Knowledge, find_knowledge
from phkg.views.site import Site, read_site
from phkg.vocabulary import ph


def ends(iris) -> list[str]:
    return [iri.value.rsplit("/", 1)[-1] for iri in iris]


def test_the_registry_says_its_languages_and_base(site: Site) -> None:
    assert site.languages == ("sv", "en", "fi")
    assert site.base == "https://example.org/ekland/"
    assert site.date == "2021-06-01"


def test_regions_come_by_rank_as_a_number_and_without_the_replaced(site: Site) -> None:
    assert ends(site.regions) == ["boda", "alvik", "osby"]  # ranks 3, 10 and 30; gamla (2) is now Älvik


def test_records_are_those_without_successor_and_without_parts(site: Site) -> None:
    of = {kind.folder: ends(site.records(kind)) for kind in site.kinds}
    assert of["methods"] == ["anga", "fraga", "lyssna", "tvatta"]
    assert of["organisations"] == ["alviks-sjukhus", "hjartlab", "osby-sjukhus", "rad"]
    assert of["regions"] == ["alvik", "boda", "ekland", "norr", "osby"]
    assert of["drugs"] == []


def test_a_replaced_record_still_has_its_page(site: Site) -> None:
    assert site.record("methods", "smorja") is not None
    assert site.record("methods", "no-such-thing") is None


def test_the_word_of_an_address_is_the_ontologys_and_else_the_folder(site: Site) -> None:
    kind = site.kind_of_folder("methods")
    assert kind is not None and kind.iri == ph.Method
    assert kind.segments == {"sv": "metoder", "en": "methods", "fi": "methods"}
    assert site.kind_of_segment("sv", "metoder") == kind
    assert site.kind_of_segment("en", "metoder") is None
    assert site.kind_of_folder("concepts") is None


@pytest.mark.parametrize("lost", ["ph:recordNamespace", "ph:languages"])
def test_a_registry_that_does_not_describe_itself_is_refused_in_words(town_knowledge: Knowledge, tmp_path: Path, lost: str) -> None:
    root = shutil.copytree(town_knowledge.registry.parent, tmp_path / "town")
    file = root / "registry" / "registry.ttl"
    lines = file.read_text(encoding="utf-8").splitlines()
    name = "ph:note" if lost == "ph:languages" else lost
    file.write_text("\n".join(line.replace(lost, name) for line in lines), encoding="utf-8")
    if lost == "ph:languages":
        snapshot = compile_snapshot(find_knowledge(root), date(2021, 6, 1), tmp_path / "into")
        with pytest.raises(LookupError, match="registry/registry.ttl must give ph:recordNamespace and ph:languages"):
            read_site(snapshot)
    else:
        file.write_text("\n".join(line for line in lines if lost not in line).rstrip(" ;") + " .\n", encoding="utf-8")
        with pytest.raises(Exception, match="ph:recordNamespace, in registry/registry.ttl"):
            compile_snapshot(find_knowledge(root), date(2021, 6, 1), tmp_path / "into")
