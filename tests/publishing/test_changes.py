"""The page of changes and its feeds over real HTTP: a country in git, one without, and the page in a browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import httpx
import lxml.etree
import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe
from town import TOWN

from phkg.graph.compile import compile_snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import find_knowledge

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SCHEMA = lxml.etree.RelaxNG(lxml.etree.parse(Path(__file__).parent / "schemas" / "atom.rng"))
EVIL = "<script>alert(1)</script> & \x0b <b>"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def commit(root: Path, message: str, author: str, when: str) -> str:
    people = {
        f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", author), ("EMAIL", "secret@example.org"), ("DATE", when))
    }
    environment = {**os.environ, **people, "GIT_CONFIG_GLOBAL": os.devnull}

    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(root), *arguments], env=environment, capture_output=True, text=True, check=True).stdout.strip()

    if not (root / ".git").exists():
        git("init", "--quiet", "--initial-branch", "main")
    git("add", "--all")
    git("commit", "--quiet", "-m", message)
    return git("rev-parse", "HEAD")[:12]


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Ekland in git: all of it with many sources, then a state in Boda, a name in Ösby, a hostile message; the commits, oldest first."""
    root = Path(shutil.copytree(TOWN, tmp_path_factory.mktemp("changes") / "town"))
    for number in range(120):
        text = (root / "registry/sources/law-2018.ttl").read_text(encoding="utf-8").replace("law-2018", f"book-{number}")
        (root / f"registry/sources/book-{number}.ttl").write_text(text, encoding="utf-8")
    commits = [commit(root, "All of it", "Anna Ek", "2021-03-01T10:00:00+01:00")]
    edit(
        root / "registry/implementations/boda.ttl",
        "ph:state stage:tried ;\n    ph:statedBy source:blank",
        "ph:state stage:usual ;\n    ph:statedBy source:blank",
    )
    commits.append(commit(root, "Boda uses steam", "Bo Ås", "2021-04-02T10:00:00+02:00"))
    edit(root / "registry/regions/osby.ttl", "Region Ösby", "Ösby landsting")
    commits.append(commit(root, EVIL, EVIL, "2021-05-03T10:00:00+02:00"))
    return root, commits


class Town:
    """A country that is served: `get` asks it, `look` takes up what git knows."""

    def __init__(self, root: Path, snapshots: Path, address: str = "") -> None:
        self.knowledge = find_knowledge(root)
        self.snapshot = compile_snapshot(self.knowledge, date(2021, 6, 1), snapshots)
        self.app = create_app(self.knowledge, lambda: self.snapshot)
        self.look = self.app.state.change_log.look
        self.address = address

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.address + path, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def town(land, served_app, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Ekland in git, served, its changes known."""
    town = Town(land[0], tmp_path_factory.mktemp("snapshots"))
    with served_app(town.app) as town.address:
        town.look()
        yield town


def page(answer: httpx.Response):
    assert answer.status_code == 200, answer.text[:300]
    return lxml.html.document_fromstring(answer.text)


def words(node) -> str:
    return " ".join(node.text_content().split())


def test_before_anything_is_worked_out_no_request_waits(land, served_app, tmp_path: Path) -> None:
    waiting = Town(land[0], tmp_path / "snapshots")
    with served_app(waiting.app) as waiting.address:
        assert "Ändringarna räknas ut." in words(page(waiting.get("/sv/andringar/")))
        assert waiting.get("/sv/andringar.json").json()["page"]["state"] == "waiting"
        busy = waiting.get("/sv/andringar.atom")
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
        assert not (tmp_path / "snapshots" / "changes").exists()
        before = waiting.get("/sv/andringar/").headers["etag"]
        waiting.look()
        assert waiting.get("/sv/andringar.atom").status_code == 200
        assert waiting.get("/sv/andringar/", **{"If-None-Match": before}).status_code == 200


def test_the_page_tells_what_each_change_means_who_and_when(town: Town, land) -> None:
    document = page(town.get("/en/changes/"))
    articles = document.xpath("//article")
    assert [article.get("id") for article in articles] == [f"c-{name}" for name in reversed(land[1])]
    told = [words(article) for article in articles]
    assert told[1].startswith(f"Boda Region: ånga, tried → usual 2 April 2021, Bo Ås · {land[1][1]} ”Boda uses steam”")
    assert "ånga: 0 to 50 per cent (2 of 3 regions unknown) → 50 to 100 per cent (2 of 3 regions unknown)" in told[1]
    assert "name: Region Ösby → Ösby landsting" in told[0]
    links = articles[1].xpath(".//a/@href")
    assert {"/en/methods/anga/", "/en/regions/boda/", "/en/sources/blank/"} <= {link.split("#")[0] for link in links}
    assert "secret" not in words(document)


@pytest.mark.parametrize("path", ["/en/equal-access/", "/en/allocation/"])
def test_figures_say_which_version_last_moved_them_and_who_entered_what_they_rest_on(town: Town, land, path: str) -> None:
    document = page(town.get(path))
    terms = {words(term): words(term.getnext()) for term in document.xpath("//dl[@class='facts']/dt")}
    # The last commit only changed the name of a region; the one before it gave Boda steam.
    told = terms["Changed since the last version"]
    assert "2 April 2021" in told and land[1][1] in told and "Bo Ås" in told
    assert "ånga: 0 to 50 per cent (2 of 3 regions unknown) → 50 to 100 per cent (2 of 3 regions unknown)" in told
    entered = terms["Who entered and reviewed it"]
    assert "Bo Ås" in entered and "Anna Ek" in entered and "for 0 who reviewed that change" in entered and "secret" not in entered
    assert town.get(path.rstrip("/") + ".json").json()["page"]["last_change"]["entry"]["commit"] == land[1][1]


def test_figures_say_that_the_history_is_not_known_where_there_is_none(served_app, tmp_path: Path) -> None:
    alone = Town(Path(shutil.copytree(TOWN, tmp_path / "town")), tmp_path / "snapshots")
    with served_app(alone.app) as alone.address:
        alone.look()
        assert "Not known: there is no history of the registry here." in words(page(alone.get("/en/equal-access/")))


def test_the_first_big_commit_is_counted_and_not_listed(town: Town) -> None:
    first = page(town.get("/sv/andringar/")).xpath("//article")[-1]
    told = words(first)
    assert re.match(r"\d+ poster: \d+ nya 1 mars 2021, Anna Ek", told) and "För många poster" in told
    assert len(first.xpath(".//li")) == 0


def test_the_page_has_the_languages_twins_and_feeds_of_its_kind(town: Town) -> None:
    document = page(town.get("/sv/andringar/"))
    assert document.xpath("//link[@rel='alternate'][@hreflang='en']/@href") == [f"{town.address}/en/changes/"]
    feeds = {node.get("type"): node.get("href") for node in document.xpath("//head/link[@rel='alternate'][@type]")}
    assert feeds == {
        "application/json": "/sv/andringar.json",
        "text/csv": "/sv/andringar.csv",
        "application/atom+xml": "/sv/andringar.atom",
        "application/feed+json": "/sv/andringar.feed.json",
    }
    assert "/sv/andringar/" in page(town.get("/sv/")).xpath("//footer//a/@href")
    rows = town.get("/sv/andringar.csv").text.splitlines()
    assert sum(",standing," in row for row in rows) == 1 and any(",record,changed,,https://example.org/ekland/regions/osby," in row for row in rows)


def test_the_start_page_tells_the_latest_in_short(town: Town, land) -> None:
    document = page(town.get("/en/"))
    (section,) = document.xpath("//section[@aria-labelledby='changes']")
    told = [words(item) for item in section.xpath(".//li")]
    assert told[0] == "3 May 2021: Changed: Ösby landsting" and told[1] == "2 April 2021: Boda Region: ånga, tried → usual"
    assert section.xpath(".//li[2]//a/@href") == [f"/en/changes/#c-{land[1][1]}"]
    assert not page(town.get("/en/?as-of=2021-05-01")).xpath("//section[@aria-labelledby='changes']")
    entry = town.get("/en.json").json()["page"]["changes"][1]
    assert entry["commit"] == land[1][1] and len(entry["changes"]["standings"]) == 1


def atom(town: Town, path: str):
    answer = town.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml")
    feed = lxml.etree.fromstring(answer.content)
    assert SCHEMA.validate(feed), SCHEMA.error_log
    return feed


@pytest.mark.parametrize("path", ["/sv/andringar.atom", "/en/changes.atom", "/en/methods/anga.atom", "/sv/regioner/osby.atom"])
def test_a_feed_is_valid_atom(town: Town, path: str) -> None:
    feed = atom(town, path)
    ids = feed.xpath("//a:entry/a:id/text()", namespaces=ATOM)
    assert ids and len(set(ids)) == len(ids)
    times = [datetime.fromisoformat(text) for text in feed.xpath("//a:entry/a:updated/text()", namespaces=ATOM)]
    assert times == sorted(times, reverse=True)
    assert feed.findtext("a:updated", namespaces=ATOM) == feed.findtext("a:entry/a:updated", namespaces=ATOM)
    assert feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == [town.address + path]
    for address in set(feed.xpath("//a:link/@href", namespaces=ATOM)):
        assert town.get(address.removeprefix(town.address)).status_code == 200, address
    for content in feed.xpath("//a:content/text()", namespaces=ATOM):
        inside = lxml.html.fragment_fromstring(content, create_parent=True)
        assert all(link.startswith(("http://", "https://")) for link in inside.xpath(".//a/@href"))
        assert inside.xpath(".//script | .//svg") == []


def test_an_entry_says_what_who_when_and_where(town: Town, land) -> None:
    feed = atom(town, "/en/changes.atom")
    assert feed.findtext("a:title", namespaces=ATOM) == "Changes – Registry of Ekland"
    _, entry, first = feed.findall("a:entry", namespaces=ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Boda Region: ånga, tried → usual"
    assert entry.findtext("a:author/a:name", namespaces=ATOM) == "Bo Ås"
    assert entry.findtext("a:updated", namespaces=ATOM) == "2021-04-02T10:00:00+02:00"
    assert entry.findtext("a:id", namespaces=ATOM) == f"https://example.org/ekland/changes#{land[1][1]}"
    related = entry.xpath("a:link[@rel='related']/@href", namespaces=ATOM)
    assert related == [f"{town.address}/en/methods/anga/", f"{town.address}/en/regions/boda/"]
    assert re.fullmatch(r"\d+ records: \d+ new", first.findtext("a:title", namespaces=ATOM))


def test_a_feed_of_a_method_or_region_holds_only_what_concerns_it(town: Town, land) -> None:
    method = atom(town, "/en/methods/anga.atom")
    assert method.findtext("a:title", namespaces=ATOM) == "Changes: ånga – Registry of Ekland"
    titles = method.xpath("//a:entry/a:title/text()", namespaces=ATOM)
    assert titles[0] == "Boda Region: ånga, tried → usual" and len(titles) == 2
    assert method.xpath("//a:entry/a:id/text()", namespaces=ATOM)[0] == f"https://example.org/ekland/methods/anga#changes-{land[1][1]}"
    osby = atom(town, "/en/regions/osby.atom")
    assert osby.xpath("//a:entry/a:title/text()", namespaces=ATOM)[0] == "Changed: Ösby landsting" and len(osby.findall("a:entry", ATOM)) == 2
    # What is said of a hospital concerns the region that it lies in; the first commit brought all of it.
    assert "Ösby sjukhus" in osby.xpath("//a:entry[last()]/a:content/text()", namespaces=ATOM)[0]
    assert "book-" not in osby.xpath("//a:entry[last()]/a:content/text()", namespaces=ATOM)[0]
    links = page(town.get("/sv/metoder/anga/")).xpath("//head/link[@type='application/atom+xml']/@href")
    assert links == ["/sv/metoder/anga.atom"]
    assert page(town.get("/sv/")).xpath("//head/link[@type='application/atom+xml']/@href") == ["/sv/andringar.atom"]
    assert page(town.get("/sv/kallor/blank/")).xpath("//head/link[@type='application/atom+xml']") == []


def test_a_json_feed_says_the_same_by_its_specification(town: Town, land) -> None:
    answer = town.get("/en/changes.feed.json")
    assert answer.headers["content-type"] == "application/feed+json"
    told = json.loads(answer.content)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert (told["title"], told["feed_url"]) == ("Changes – Registry of Ekland", f"{town.address}/en/changes.feed.json")
    titles = atom(town, "/en/changes.atom").xpath("//a:entry/a:title/text()", namespaces=ATOM)
    assert [item["title"] for item in told["items"]] == titles
    for item in told["items"]:
        assert item["id"] and item["content_html"] and datetime.fromisoformat(item["date_published"]).tzinfo
        assert [set(author) for author in item["authors"]] == [{"name"}]
    assert told["items"][1]["url"] == f"{town.address}/en/changes/#c-{land[1][1]}"


def test_hostile_words_are_only_words(town: Town) -> None:
    document = page(town.get("/sv/andringar/"))
    assert not document.xpath("//main//script | //main//b") and "<script>alert(1)</script>" in words(document.xpath("//article")[0])
    feed = atom(town, "/sv/andringar.atom")
    assert "<script>alert(1)</script>" in feed.findtext("a:entry/a:summary", namespaces=ATOM)
    assert "<script" not in feed.findtext("a:entry/a:content", namespaces=ATOM)


def test_feeds_can_be_asked_for_what_is_new(town: Town) -> None:
    for path in ("/sv/andringar.atom", "/sv/andringar.feed.json", "/sv/andringar/", "/sv/andringar.json"):
        tag = town.get(path).headers["etag"]
        assert town.get(path, **{"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["/sv/kallor.atom", "/sv/kallor/blank.atom", "/sv/metoder/finns-inte.atom", "/xx/changes.atom", "/sv/ingenting.feed.json"])
def test_there_are_no_other_feeds(town: Town, path: str) -> None:
    answer = town.get(path)
    assert answer.status_code == 404


def test_a_country_outside_of_git_has_no_history_and_says_so(served_app, tmp_path: Path) -> None:
    town = Town(Path(shutil.copytree(TOWN, tmp_path / "town")), tmp_path / "snapshots")
    with served_app(town.app) as town.address:
        town.look()
        assert "Det finns ingen historik" in words(page(town.get("/sv/andringar/")))
        assert atom(town, "/sv/andringar.atom").findall("a:entry", ATOM) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page(town: Town, browser, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme=scheme, java_script_enabled=True)
    shown, reached = context.new_page(), []
    shown.on("request", lambda request: reached.append(request.url))
    shown.goto(f"{town.address}/sv/andringar/")
    results = Axe().run(shown, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}})
    assert results.violations_count == 0, results.generate_report()
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    assert all(url.startswith(town.address) for url in reached)
    context.close()
