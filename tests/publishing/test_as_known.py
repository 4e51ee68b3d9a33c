"""What the registry said on an earlier day, from a real git: other than what held then, never made up, and cheap to refuse."""

from __future__ import annotations

import shutil
from pathlib import Path

import lxml.html
import pytest
from past import asker, git
from town import TOWN

from phkg.publishing import as_of
from phkg.publishing.problems import MEDIA_TYPE

STATEMENT = """

<https://example.org/ekland/implementations/boda/smorja/1> a ph:ImplementationStatement ;
    ph:confidence surety:said ;
    ph:method method:smorja ;
    ph:place region:boda ;
    ph:since "2016"^^xsd:gYear ;
    ph:state stage:usual ;
    ph:statedBy source:news-2020 ;
    ph:statementKind speech:deed .
"""
"""Entered in 2021: it tells of 2016."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A country in git: broken on 2020-05-31, whole from 2020-06-01, one word more late on 2021-02-03 (UTC), one method less on 2021-04-05."""
    root = shutil.copytree(TOWN, tmp_path_factory.mktemp("past") / "town")
    git(root, "init", "--quiet")
    registry = (root / "registry/registry.ttl").read_text(encoding="utf-8")
    (root / "registry/registry.ttl").write_text("# Nothing yet.\n", encoding="utf-8")

    def commit(when: str) -> None:
        git(root, "add", "--all", when=when)
        git(root, "commit", "--quiet", "-m", when, when=when)

    commit("2020-05-31T12:00:00Z")
    (root / "registry/registry.ttl").write_text(registry, encoding="utf-8")
    commit("2020-06-01T12:00:00Z")
    place = root / "registry/implementations/boda.ttl"
    place.write_text(place.read_text(encoding="utf-8") + STATEMENT, encoding="utf-8")
    commit("2021-02-04T00:30:00+01:00")
    (root / "registry/methods/fraga.ttl").unlink()
    commit("2021-04-05T12:00:00Z")
    return root


@pytest.fixture(scope="module")
def get(root: Path, tmp_path_factory: pytest.TempPathFactory):
    return asker(root, tmp_path_factory.mktemp("snapshots"))


def state(get, question: str) -> str | None:
    """Where the method stands in the place of the late word."""
    standings = get(f"/en/methods/smorja.json{question}").json()["page"]["standings"]
    (line,) = [line for line in standings if line["place"]["iri"].endswith("/boda")]
    return line["state"] and line["state"]["iri"].rsplit("/", 1)[-1]


def test_when_it_was_true_and_when_it_was_known_are_two_questions(get) -> None:
    """The example of docs/explanation/two-times.md: true since 2016, told in a source of 2020, entered on 2021-02-03."""
    assert state(get, "") == "usual"
    assert state(get, "?as-of=2017-01-01") == "usual"
    assert state(get, "?as-known=2021-02-02") is None
    assert state(get, "?as-known=2021-02-03") == "usual"
    assert state(get, "?as-of=2017-01-01&as-known=2021-02-02") is None
    assert state(get, "?as-of=2017-01-01&as-known=2021-02-03") == "usual"
    assert state(get, "?as-of=2015-01-01&as-known=2021-02-03") is None


def test_the_picture_is_what_the_compiler_makes_of_that_commit(get, root: Path, tmp_path: Path) -> None:
    git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "then"), git(root, "rev-list", "-1", "--before=2021-03-01T00:00:00Z", "HEAD"))
    then = asker(tmp_path / "then", tmp_path / "snapshots")
    for path in ("/en/methods/smorja", "/en/regions/boda", "/en/methods"):
        told, expected = (ask.json() for ask in (get(f"{path}.json?as-known=2021-03-01"), then(f"{path}.json?as-of=2021-03-01")))
        assert told["day"] == expected["day"] == told["known"] == "2021-03-01" and expected["known"] is None
        assert str(told["page"]).replace("as-known", "as-of") == str(expected["page"])


def test_page_json_and_csv_tell_the_same_and_keep_the_days(get) -> None:
    question = "?as-of=2017-01-01&as-known=2021-02-03"
    page = lxml.html.document_fromstring(get(f"/en/methods/smorja/{question}").text)
    (notice,) = page.xpath("//main/p[@role='status']")
    assert "1 January 2017" in notice.text_content() and "3 February 2021" in notice.text_content()
    assert notice.xpath("a/@href") == ["/en/methods/smorja/"]
    inside = [link for link in page.xpath("//a/@href") if link.startswith(("/en/methods/", "/en/regions/", "/en/sources/"))]
    assert len(inside) > 5 and [link for link in inside if link != "/en/methods/smorja/" and "as-known=2021-02-03" not in link] == []
    assert set(page.xpath("//form//input[@type='hidden']/@name")) == {"as-of", "as-known"}
    rows = get(f"/en/methods/smorja.csv{question}").text.split("\r\n")
    assert len([row for row in rows if "/boda" in row and "/stage/usual" in row]) == 1


def test_a_record_that_is_gone_now_is_there_when_it_was_known(get) -> None:
    assert get("/en/methods/fraga/").status_code == 410
    assert get("/en/methods/fraga/?as-known=2021-04-04").status_code == 200
    assert get("/methods/fraga.json?as-known=2021-04-04").headers["location"] == "/sv/metoder/fraga.json?as-known=2021-04-04"
    told = get("/en/methods/fraga.json?as-known=2021-04-05")
    assert (told.status_code, told.json()["code"], told.json()["parameter"]) == (404, "not-known-then", "as-known")
    assert "did not know" in get("/en/methods/fraga/?as-known=2021-04-05").text


def test_the_history_shown_is_that_of_then(get) -> None:
    told = get("/en/regions/boda.json?as-known=2020-12-31").json()["records"]
    assert told and {one["changed"]["when"][:10] for one in told} <= {"2020-05-31", "2020-06-01"}


@pytest.mark.parametrize(
    "day, status, code",
    [("2020-05-30", 404, "not-known-then"), ("2020-05-31", 404, "not-readable"), ("1700-01-01", 404, "not-known-then"),
     ("2021-06-02", 400, "unknown-value"), ("2021-02-30", 400, "unknown-value"), ("", 400, "unknown-value"), ("x", 400, "unknown-value")],
)  # fmt: skip
def test_a_day_of_which_nothing_can_be_said_is_refused_with_the_reason(get, day: str, status: int, code: str) -> None:
    told = get(f"/en/methods.json?as-known={day}")
    assert (told.status_code, told.headers["content-type"], told.json()["code"]) == (status, MEDIA_TYPE, code)
    page = get(f"/en/methods/?as-known={day}")
    assert page.status_code == status and "<h1>" in page.text
    if code != "not-readable":
        assert told.json()["allowed"] == ["2020-05-31", "2021-06-01"] and "2020-05-31" in page.text


def test_given_twice_or_where_it_is_not_taken_it_is_refused(get) -> None:
    assert get("/en/methods.json?as-known=2021-01-01&as-known=2021-01-02").json()["code"] == "given-twice"
    assert get("/api/openapi.json?as-known=2021-01-01").json()["code"] == "unknown-parameter"


def test_what_is_only_on_a_branch_was_not_yet_said(root: Path, tmp_path: Path) -> None:
    country = shutil.copytree(root, tmp_path / "town")
    main = git(country, "branch", "--show-current")
    git(country, "switch", "--quiet", "-c", "proposal", when="2021-05-01T00:00:00Z")
    method = country / "registry/methods/anga.ttl"
    method.write_text(method.read_text(encoding="utf-8") + "\n# New.\n", encoding="utf-8")
    (country / "registry/genes/orn1.ttl").unlink()
    git(country, "commit", "--quiet", "--all", "-m", "Away", when="2021-05-01T00:00:00Z")
    git(country, "switch", "--quiet", main)
    git(country, "merge", "--quiet", "--no-ff", "-m", "Merged", "proposal", when="2021-05-20T00:00:00Z")
    get = asker(country, tmp_path / "snapshots")
    assert [get(f"/en/genes/orn1.json?as-known={day}").status_code for day in ("2021-05-19", "2021-05-20")] == [200, 404]


def test_without_git_it_says_that_there_is_no_history(tmp_path: Path) -> None:
    get = asker(shutil.copytree(TOWN, tmp_path / "town"), tmp_path / "snapshots")
    assert (get("/en/methods.json?as-known=2021-01-01").status_code, get("/en/methods.json?as-known=2021-01-01").json()["code"]) == (404, "no-history")
    assert get("/en/methods.json").json()["records"] == []


def test_a_new_commit_is_heard_of_without_a_new_start(root: Path, tmp_path: Path) -> None:
    country = shutil.copytree(root, tmp_path / "town")
    get = asker(country, tmp_path / "snapshots")
    assert get("/en/genes/orn1.json?as-known=2021-05-30").status_code == 200
    (country / "registry/genes/orn1.ttl").unlink()
    git(country, "commit", "--quiet", "--all", "-m", "Away", when="2021-05-30T00:00:00Z")
    assert get("/en/genes/orn1.json?as-known=2021-05-30").status_code == 404


def test_days_past_what_git_knows_cost_no_picture(get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_of.Pictures, "of", lambda *_: pytest.fail("a picture was made"))
    for year in range(1900, 2020):
        assert get(f"/en/methods.json?as-known={year}-01-01").status_code == 404
