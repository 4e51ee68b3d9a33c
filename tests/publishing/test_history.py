"""The history of records, read from a real git; what became of retired and removed records."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date
from pathlib import Path

import httpx
import lxml.html
import pytest
import rdflib
from past import asker, git
from rdflib import DC, DCTERMS, FOAF, PROV, RDF, URIRef
from town import TOWN

from phkg.graph.compile import compile_snapshot
from phkg.publishing import provenance
from phkg.publishing.app import create_app
from phkg.publishing.history import History, blobs, read_history
from phkg.publishing.provenance import Provenance
from phkg.records.knowledge import find_knowledge

BASE = "https://example.org/ekland/"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A country in git: entered by one, changed by another, a record removed, a record with its file renamed; the commits."""
    root = tmp_path_factory.mktemp("history") / "country" / "town"
    shutil.copytree(TOWN, root)
    old, new = root / "registry/methods/lugn.ttl", root / "registry/methods/ro.ttl"
    old.write_text((root / "registry/methods/fraga.ttl").read_text().replace(":fraga", ":lugn"), encoding="utf-8")
    gone = root / "registry/methods/borta.ttl"
    gone.write_text((root / "registry/methods/fraga.ttl").read_text().replace(":fraga", ":borta"), encoding="utf-8")
    top = root.parent
    git(top, "init", "--quiet")
    commits = []

    def commit(message: str, **who: str) -> None:
        git(top, "add", "--all", **who)
        git(top, "commit", "--quiet", "-m", message, **who)
        commits.append(git(top, "rev-parse", "HEAD"))

    commit("All of it")
    method, place = root / "registry/methods/lyssna.ttl", root / "registry/implementations/alvik.ttl"
    method.write_text(method.read_text(encoding="utf-8").replace("Att lyssna.", "Att lyssna noga."), encoding="utf-8")
    place.write_text(place.read_text(encoding="utf-8").replace('"2017"', '"2018"'), encoding="utf-8")
    commit("Said otherwise", author="Bo Ås", when="2021-03-04T05:06:07+00:00")
    for file in (method, place):
        file.write_text(file.read_text(encoding="utf-8").replace(" ;", "  ;") + "\n# Seen again.\n", encoding="utf-8")
    commit("Laid out anew", author="Cy Ek", when="2021-04-01T00:00:00+00:00")
    gone.unlink()
    old.rename(new)
    new.write_text(new.read_text(encoding="utf-8").replace(":lugn", ":ro"), encoding="utf-8")
    commit("Away", when="2021-05-01T00:00:00+00:00")
    return root, commits


@pytest.fixture(scope="module")
def get(town, tmp_path_factory: pytest.TempPathFactory):
    """Asks the application of that country."""
    return asker(town[0], tmp_path_factory.mktemp("snapshots"))


def changes(root: Path, iri: str) -> list[tuple[str, str, str]]:
    entry = Provenance(BASE, read_history(find_knowledge(root))).of(BASE + iri)
    return [(change.commit, change.author, change.when) for change in entry.changes] if entry else []


def test_changes_are_told_oldest_first_with_who_and_when(town) -> None:
    root, commits = town
    first = (commits[0], "Anna Ek", "2020-01-01T10:00:00+01:00")
    assert changes(root, "methods/lyssna") == [first, (commits[1], "Bo Ås", "2021-03-04T05:06:07+00:00")]
    assert changes(root, "concepts/stage/usual") == [first]
    assert read_history(find_knowledge(root)).tip == commits[3]


def test_a_thing_changed_when_its_own_facts_did_and_not_its_neighbour_or_the_layout(town) -> None:
    root, commits = town

    def of(iri: str) -> list[str]:
        return [commit for commit, *_ in changes(root, iri)]

    assert of("methods/lyssna/use/2") == commits[:1]
    assert of("implementations/alvik/lyssna/1") == commits[:2]
    assert of("implementations/alvik/tvatta/1") == commits[:1]
    assert of("implementations/alvik/lyssna/9") == [] == of("methods/nobody")


def test_a_thing_that_went_and_came_again_was_entered_when_it_came_again(tmp_path: Path) -> None:
    file = tmp_path / "registry" / "methods" / "a.ttl"
    file.parent.mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    for text in (
        "<https://example.org/ekland/methods/a/x> <urn:p> 1 .",
        "<https://example.org/ekland/methods/a> <urn:p> 2 .",
        "no turtle <",
        "<https://example.org/ekland/methods/a/x> <urn:p> 1 .",
    ):
        file.write_text(text, encoding="utf-8")
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "-m", text)
    assert [commit for commit, *_ in changes(tmp_path, "methods/a/x")] == [git(tmp_path, "rev-parse", "HEAD")]


def test_git_blame_agrees_where_nothing_but_facts_has_changed(town) -> None:
    """The line of the year was last changed by the commit that changed the statement, before it was laid out anew."""
    root, commits = town
    told = git(root, "blame", "--porcelain", "-L", "/2018/,+1", commits[1], "--", "registry/implementations/alvik.ttl")
    assert told.split()[0] == changes(root, "implementations/alvik/lyssna/1")[-1][0]


def test_git_is_asked_once_for_neighbours_though_pages_read_of_several_folders(town, monkeypatch: pytest.MonkeyPatch) -> None:
    root, _ = town
    history = read_history(find_knowledge(root))
    asked: list[int] = []
    monkeypatch.setattr(provenance, "AHEAD", 4)
    monkeypatch.setattr(provenance, "blobs", lambda top, names: asked.append(len(names)) or blobs(top, names))
    known = Provenance(BASE, history)
    folders = {name: sorted(one for one in history.versions if one.startswith(f"registry/{name}/")) for name in ("regions", "implementations")}
    read = [known.of(f"{BASE}{file.removeprefix('registry/').removesuffix('.ttl')}") for pair in zip(*folders.values(), strict=False) for file in pair]
    assert len(read) == 8 and all(read) and len(asked) <= 2
    whole = Provenance(BASE, history).of_all(one.iri for one in read if one)
    assert {one.iri: one for one in read if one} == whole


def test_a_renamed_file_is_another_record_and_a_removed_one_is_gone(town) -> None:
    root, commits = town
    history = read_history(find_knowledge(root))
    assert [version.change.commit for version in history.versions["registry/methods/ro.ttl"]] == [commits[0], commits[3]]
    assert [commit for commit, *_ in changes(root, "methods/ro")] == [commits[3]]
    assert history.gone == {"registry/methods/borta.ttl", "registry/methods/lugn.ttl"}


def test_without_git_there_is_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(TOWN, tmp_path / "town")
    assert read_history(find_knowledge(tmp_path / "town")) == History()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_history(find_knowledge()) == History()


def test_facts_about_the_record_are_another_resource_than_the_thing(get, town) -> None:
    graph = rdflib.Graph().parse(data=get("/methods/lyssna.ttl").text, format="turtle")
    thing, record = URIRef(f"{BASE}methods/lyssna"), URIRef(f"{BASE}methods/lyssna#record")
    assert graph.value(record, FOAF.primaryTopic) == thing
    assert str(graph.value(record, DCTERMS.created)) == "2020-01-01T10:00:00+01:00"
    assert str(graph.value(record, DCTERMS.modified)) == "2021-03-04T05:06:07+00:00"
    assert {str(name) for name in graph.objects(record, DC.contributor)} == {"Anna Ek", "Bo Ås"}
    assert {str(graph.value(one, DCTERMS.identifier)) for one in graph.objects(record, PROV.wasGeneratedBy)} == set(town[1][:2])
    about_thing = set(graph.predicates(thing))
    assert RDF.type in about_thing and not about_thing & {DCTERMS.created, DCTERMS.modified, DC.contributor, PROV.wasGeneratedBy}


def test_a_statement_has_a_record_of_its_own(get, town) -> None:
    graph = rdflib.Graph().parse(data=get("/implementations/alvik/lyssna/1.ttl").text, format="turtle")
    record = URIRef(f"{BASE}implementations/alvik/lyssna/1#record")
    assert {str(graph.value(one, DCTERMS.identifier)) for one in graph.objects(record, PROV.wasGeneratedBy)} == set(town[1][:2])
    commits = rdflib.Graph().parse(data=get("/registry.ttl").text, format="turtle")
    assert set(graph.objects(record, PROV.wasGeneratedBy)) < set(commits.subjects(RDF.type, PROV.Activity))


def test_the_json_tells_the_records_apart_from_what_they_say(get, town) -> None:
    told = get("/en/methods/lyssna.json").json()
    records = {one["iri"].removeprefix(BASE): one for one in told["records"]}
    assert (records["methods/lyssna"]["entered"]["author"], records["methods/lyssna"]["changed"]["author"]) == ("Anna Ek", "Bo Ås")
    assert records["implementations/alvik/lyssna/1"]["changed"]["commit"] == town[1][1]
    assert "Bo Ås" not in str(told["page"])


def test_the_page_tells_when_a_statement_was_entered_and_changed(get) -> None:
    page = lxml.html.document_fromstring(get("/en/methods/lyssna/").text)
    (statement,) = page.xpath("//article[@id='alvik-lyssna-1']")
    assert statement.xpath("p[last()]/time/@datetime") == ["2020-01-01", "2021-03-04"]


def test_the_page_tells_the_history_and_no_address(get, town) -> None:
    text = get("/en/methods/lyssna/").text
    assert "History of this record" in text and "Bo Ås" in text and town[1][1][:12] in text
    assert "1 January 2020" in text and "secret" not in text
    assert "secret" not in get("/methods/lyssna.jsonld").text


def test_a_retired_record_leads_to_its_successor_and_says_so(get) -> None:
    answer = get("/en/regions/gamla/")
    assert (answer.status_code, answer.headers["location"]) == (308, "/en/regions/alvik/")
    assert "has been replaced by" in answer.text
    assert get("/regions/gamla", Accept="text/html").headers["location"] == "/sv/regioner/gamla/"
    triples = get("/regions/gamla.nt")
    assert triples.status_code == 200 and "isReplacedBy" in triples.text
    assert f'<{BASE}regions/alvik>; rel="successor-version"' in triples.headers["link"]


def test_a_removed_record_is_gone_and_not_merely_unknown(get) -> None:
    for path in ("/methods/borta", "/methods/borta.ttl", "/sv/metoder/borta/"):
        assert get(path, Accept="*/*").status_code == 410
    for path in ("/methods/aldrig", "/methods/aldrig.ttl", "/sv/metoder/aldrig/"):
        assert get(path, Accept="*/*").status_code == 404


def test_an_answer_with_another_history_has_another_tag(tmp_path: Path) -> None:
    root = shutil.copytree(TOWN, tmp_path / "country" / "town")
    knowledge = find_knowledge(root)
    snapshot = compile_snapshot(knowledge, date(2021, 6, 1), tmp_path / "snapshots")
    tags = []
    for step in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "-m", "All")):
        git(root.parent, *step)
    for _ in range(2):
        transport = httpx.ASGITransport(create_app(knowledge, lambda: snapshot))

        async def one() -> str:
            async with httpx.AsyncClient(transport=transport, base_url="http://ekland.example") as client:
                return (await client.get("/en/methods/lyssna/")).headers["etag"]

        tags.append(asyncio.run(one()))
        git(root.parent, "commit", "--quiet", "--amend", "-m", "All, said otherwise")
    assert tags[0] != tags[1]


@pytest.mark.parametrize(
    "file, before, after",
    [
        ("templates/method.html", "{% block content %}", "{% block content %}<!-- new -->"),
        ("translations/en.po", 'msgstr "changed there"', 'msgstr "changed later"'),
        ("static/site.css", "body", "body "),
    ],
)
def test_a_changed_template_translation_or_style_gives_another_tag(town, tmp_path: Path, file: str, before: str, after: str) -> None:
    root = shutil.copytree(TOWN, tmp_path / "town")
    if not (root / "web").exists():
        shutil.copytree(find_knowledge().web, root / "web")
    tags = []
    for _ in range(2):
        knowledge = find_knowledge(root)
        snapshot = compile_snapshot(knowledge, date(2021, 6, 1), tmp_path / "snapshots")
        transport = httpx.ASGITransport(create_app(knowledge, lambda: snapshot))

        async def one() -> list[str]:
            async with httpx.AsyncClient(transport=transport, base_url="http://ekland.example") as client:
                return [(await client.get(path)).headers["etag"] for path in ("/en/methods/lyssna/", "/en/methods/lyssna.json", "/api/")]

        tags.append(asyncio.run(one()))
        changed = root / "web" / file
        text = changed.read_text(encoding="utf-8")
        assert before in text or after in text
        changed.write_text(text.replace(before, after), encoding="utf-8")
    assert not set(tags[0]) & set(tags[1])


def test_who_reviewed_a_change_is_known_by_the_trailers_of_its_commit(tmp_path: Path) -> None:
    file = tmp_path / "registry" / "methods" / "a.ttl"
    file.parent.mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    messages = ("Entered", "Said otherwise\n\nWhy.\n\nReviewed-by: Dag By <secret@example.org>\nReviewed-by: Eva Sjö", "Reviewed-by nobody\n\nReviewed-by:\n")
    for number, message in enumerate(messages):
        file.write_text(f"<https://example.org/ekland/methods/a> <urn:p> {number} .", encoding="utf-8")
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "-m", message)
    versions = read_history(find_knowledge(tmp_path)).versions["registry/methods/a.ttl"]
    assert [version.change.reviewers for version in versions] == [(), ("Dag By", "Eva Sjö"), ()]
    assert [version.change.author for version in versions] == ["Anna Ek"] * 3
