"""Where knowledge lies, in what languages, and the heads of its queries."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.records.knowledge import Knowledge, KnowledgeNotFound, find_knowledge, own_root
from phkg.records.languages import languages_of
from phkg.records.queries import parse_query, read_queries


def test_the_program_has_a_registry_of_its_own(real_knowledge: Knowledge) -> None:
    assert (real_knowledge.registry / "registry.ttl").is_file()
    assert real_knowledge.core == real_knowledge.ontology == own_root() / "ontology"


def test_a_room_that_another_registry_lacks_is_the_programs(knowledge: Knowledge, root: Path) -> None:
    assert knowledge.registry == root / "registry"
    assert (knowledge.ontology, knowledge.shapes, knowledge.web) == tuple(own_root() / room for room in ("ontology", "shapes", "web"))


@pytest.mark.parametrize("room", ["ontology", "shapes", "web"])
def test_a_room_that_another_registry_has_is_its_own(root: Path, room: str) -> None:
    (root / room).mkdir()
    knowledge = find_knowledge(root)
    assert getattr(knowledge, room) == root / room
    assert knowledge.core == own_root() / "ontology"


def test_a_folder_without_registry_is_refused_in_words(tmp_path: Path) -> None:
    for wrong in (tmp_path, tmp_path / "no-such-folder"):
        with pytest.raises(KnowledgeNotFound) as caught:
            find_knowledge(wrong)
        assert str(wrong) in str(caught.value) and "registry/" in str(caught.value)


def test_a_relative_root_is_understood(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    assert find_knowledge(Path("isle")).registry == root / "registry"


def test_languages_come_in_the_registrys_order(knowledge: Knowledge) -> None:
    assert languages_of(knowledge) == ("nb", "en")


@pytest.mark.parametrize("data", [b"", b"this is no Turtle", b"\xff\xfe", b"@prefix ph: <https://w3id.org/phkg/ontology#> .\n"])
def test_a_registry_that_cannot_be_read_says_no_language(knowledge: Knowledge, root: Path, data: bytes) -> None:
    (root / "registry" / "registry.ttl").write_bytes(data)
    assert languages_of(knowledge) == ()
    (root / "registry" / "registry.ttl").unlink()
    assert languages_of(knowledge) == ()


def test_the_head_of_a_query_is_read_and_cut_off() -> None:
    query = parse_query(
        "where",
        "# title@sv: Var är det?\n# title@en-GB: Where is it: here?\n#description@en:  What it does \n"
        "# answers: one row\n# A remark of no kind\n\n# unknown: x\nSELECT * WHERE { ?s ?p ?o } # not: head\n\n# tail: kept\n",
    )
    assert query.name == "where"
    assert query.title == {"sv": "Var är det?", "en-GB": "Where is it: here?"}
    assert query.description == {"en": "What it does"}
    assert query.answers == "one row"
    assert query.text == "SELECT * WHERE { ?s ?p ?o } # not: head\n\n# tail: kept\n"


def test_a_query_without_head_is_a_query() -> None:
    query = parse_query("bare", "ASK { }")
    assert (query.title, query.description, query.answers, query.text) == ({}, {}, "", "ASK { }\n")


@given(st.text())
def test_no_text_is_too_odd_to_be_read_as_a_query(text: str) -> None:
    query = parse_query("odd", text)
    assert query.text.endswith("\n") and not query.text.startswith("#")


def test_queries_come_by_name(tmp_path: Path) -> None:
    for name in ("b.rq", "a.rq", "c.txt"):
        (tmp_path / name).write_text(f"# answers: {name}\nASK {{}}\n", encoding="utf-8")
    assert [(query.name, query.answers) for query in read_queries(tmp_path)] == [("a", "a.rq"), ("b", "b.rq")]
    assert read_queries(tmp_path / "none") == ()


def test_every_query_of_the_registry_has_a_head_in_its_languages(real_knowledge: Knowledge) -> None:
    languages = set(languages_of(real_knowledge))
    for query in read_queries(real_knowledge.ontology / "queries"):
        assert set(query.title) == set(query.description) == languages, query.name
        assert query.answers, query.name
