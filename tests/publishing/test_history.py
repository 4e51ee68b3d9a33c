"""The history of records, read from a real git; what became of retired and removed records."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib import DC, DCTERMS, FOAF, PROV, RDF, URIRef

from phkg.graph.compile import compile_snapshot
from phkg.publishing.app import create_app
from phkg.publishing.history import History, read_history
from phkg.records.knowledge import find_knowledge

TOWN = Path(__file__).resolve().parents[1] / "views" / "town"
BASE = "https://example.org/ekland/"


def git(folder: Path, *arguments: str, author: str = "Anna Ek", when: str = "2020-01-01T10:00:00+01:00") -> str:
    people = {"GIT_AUTHOR_NAME": author, "GIT_COMMITTER_NAME": author, "GIT_AUTHOR_EMAIL": "secret@example.org", "GIT_COMMITTER_EMAIL": "secret@example.org"}
    environment = {**os.environ, **people, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["git", "-C", str(folder), *arguments], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


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
    method = root / "registry/methods/lyssna.ttl"
    method.write_text(method.read_text(encoding="utf-8") + "\n# Seen again.\n", encoding="utf-8")
    commit("Seen again", author="Bo Ås", when="2021-03-04T05:06:07+00:00")
    gone.unlink()
    old.rename(new)
    new.write_text(new.read_text(encoding="utf-8").replace(":lugn", ":ro"), encoding="utf-8")
    commit("Away", when="2021-05-01T00:00:00+00:00")
    return root, commits


@pytest.fixture(scope="module")
def get(town, tmp_path_factory: pytest.TempPathFactory):
    """Asks the application of that country without a network between."""
    knowledge = find_knowledge(town[0])
    snapshot = compile_snapshot(knowledge, date(2021, 6, 1), tmp_path_factory.mktemp("snapshots"))
    transport = httpx.ASGITransport(create_app(knowledge, lambda: snapshot))

    def ask(path: str, **headers: str) -> httpx.Response:
        async def one() -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url="http://ekland.example") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(one())

    return ask


def test_changes_are_told_oldest_first_with_who_and_when(town) -> None:
    root, commits = town
    history = read_history(find_knowledge(root))
    changes = history.of(BASE, f"{BASE}methods/lyssna/use/2")
    assert [(change.commit, change.author, change.when) for change in changes] == [
        (commits[0], "Anna Ek", "2020-01-01T10:00:00+01:00"),
        (commits[1], "Bo Ås", "2021-03-04T05:06:07+00:00"),
    ]
    assert [change.commit for change in history.of(BASE, f"{BASE}concepts/stage/usual")] == commits[:1]
    assert history.tip == commits[2]


def test_a_renamed_file_keeps_its_history_and_a_removed_one_is_gone(town) -> None:
    root, commits = town
    history = read_history(find_knowledge(root))
    assert [change.commit for change in history.of(BASE, f"{BASE}methods/ro")] == [commits[0], commits[2]]
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
