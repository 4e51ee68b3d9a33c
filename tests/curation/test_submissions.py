"""Submissions over HTTP to a real repository: who may, what comes of it, what git holds afterwards, what the status says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import httpx
import lxml.html
import pytest

from phkg.curation.audit import Audit
from phkg.curation.tokens import FILE, read_tokens, revoked, written
from phkg.curation.web.door import Door
from phkg.curation.web.limits import Limits
from phkg.curation.web.routes import contributing
from phkg.graph.compile import compile_snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import find_knowledge

from .repository import BASE, SUDA, Repository, source


class Site:
    """A served registry that takes submissions."""

    def __init__(self, address: str, repository: Repository, log: Path) -> None:
        self.address, self.repository, self.log = address, repository, log

    def post(self, body: str | bytes, secret: str | None = None, **headers: str) -> httpx.Response:
        """Send a submission, with the good token unless another is given."""
        secret = self.repository.secret if secret is None else secret
        given = {"Content-Type": "text/turtle", **({"Authorization": f"Bearer {secret}"} if secret else {}), **headers}
        return httpx.post(f"{self.address}/submissions", content=body, headers=given, timeout=90)

    def attempts(self) -> list[dict]:
        """What stands in the audit."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("snapshot")
    return compile_snapshot(find_knowledge(Repository(folder).root), date(2026, 11, 22), folder / "into")


@pytest.fixture
def open_site(served_app, snapshot, tmp_path: Path) -> Iterator:
    """Serves a repository; whatever went wrong on the server fails the test."""
    complaints: list[str] = []
    opened = []

    def serve(limits: Limits = Limits(), **parts) -> Site:
        repository = Repository(tmp_path, **parts)
        log = tmp_path / "audit" / "submissions.log"
        door = Door(repository.root, Audit(log, complaints.append), "eo", limits, complaints.append)
        app = create_app(find_knowledge(repository.root), lambda: snapshot, further=(contributing(door, b"key"),))
        running = served_app(app)
        opened.append(running)
        return Site(running.__enter__(), repository, log)

    yield serve
    for running in opened:
        running.__exit__()
    assert complaints == []


@pytest.fixture
def site(open_site) -> Site:
    return open_site()


def test_a_good_submission_is_a_commit_on_a_branch_of_its_own(site: Site) -> None:
    answer = site.post(site.repository.suda())
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert answer.headers["location"] == f"/submissions/{told['id']}" and told["state"] == "waiting"
    git = site.repository.git
    assert site.repository.branches() == [f"submission/{told['id']}"]
    assert git("rev-parse", told["branch"]) == told["commit"]
    assert git("rev-parse", f"{told['commit']}^") == git("rev-parse", "main")
    assert git("diff", "--name-only", "main", told["branch"]) == SUDA
    assert "etapo:provata" in git("show", f"{told['branch']}:{SUDA}")
    assert git("log", "-1", "--format=%an <%ae>", told["branch"]) == "Kuracistoj de Suda <suda-1@submissions.invalid>"
    message = git("log", "-1", "--format=%B", told["branch"])
    assert f"{BASE}implementations/suda/kantado/1" in message and f"{BASE}sources/gazeto-2030" in message
    assert site.repository.untouched()


def test_what_is_sent_is_written_in_canonical_form_and_the_rest_of_the_file_stays(site: Site) -> None:
    statement = f"""PREFIX ph: <https://w3id.org/phkg/ontology#>
    <{BASE}implementations/suda/dancado/7> ph:state <{BASE}concepts/etapo/provata> ; a ph:ImplementationStatement ;
      ph:method <{BASE}methods/dancado> ; ph:place <{BASE}regions/suda>; ph:statedBy <{BASE}sources/lego-2031> ;
      ph:confidence <{BASE}concepts/certeco/dirita> ; ph:statementKind <{BASE}concepts/speco/faro> ."""
    told = site.post(statement).json()
    before, after = (site.repository.git("show", f"{one}:{SUDA}").split("\n\n") for one in ("main", told["branch"]))
    assert set(before[1:]) < set(after[1:]) and len(after) == len(before) + 1
    assert told["records"] == [{"record": f"{BASE}implementations/suda/dancado/7", "new": True}]
    assert "    ph:method method:dancado ;" in site.repository.git("show", f"{told['branch']}:{SUDA}")


def test_a_new_source_comes_with_what_it_says(site: Site) -> None:
    told = site.post(site.repository.suda("source:gazeto-2030", "source:nova") + source("nova")).json()
    assert told["files"] == [SUDA, "registry/sources/nova.ttl"]
    assert site.repository.git("show", f"{told['branch']}:registry/sources/nova.ttl").startswith("@prefix")


@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json"])
def test_what_is_served_of_a_record_says_nothing_new_when_it_is_sent_back(site: Site, media_type: str) -> None:
    for path in ("implementations/suda/kantado/1", "sources/gazeto-2030"):
        served = httpx.get(f"{site.address}/{path}", headers={"Accept": media_type}, follow_redirects=True)
        answer = site.post(served.content, **{"Content-Type": media_type})
        assert (answer.status_code, answer.json()["code"]) == (422, "no-change"), answer.text


def test_a_record_can_be_sent_back_as_json_ld(site: Site) -> None:
    asked = httpx.get(f"{site.address}/implementations/suda/kantado/1", headers={"Accept": "application/ld+json"}, follow_redirects=True)
    record = json.loads(asked.text)
    assert record["@context"].startswith("http")
    same = site.post(json.dumps(record), **{"Content-Type": "application/ld+json"})
    assert (same.status_code, same.json()["code"]) == (422, "no-change")
    record["state"] = (
        record["state"].replace("neniam", "provata") if isinstance(record["state"], str) else {"id": record["state"]["id"].replace("neniam", "provata")}
    )
    answer = site.post(json.dumps(record), **{"Content-Type": "application/ld+json"})
    assert answer.status_code == 201, answer.text
    assert "etapo:provata" in site.repository.git("show", f"{answer.json()['branch']}:{SUDA}")


def test_findings_forbid_it_and_have_their_place_in_what_was_sent(site: Site) -> None:
    sent = "# seen\n\n" + site.repository.suda(new="etapo:provita")
    answer = site.post(sent)
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    (finding,) = answer.json()["findings"]
    line = sent.split("\n")[finding["line"] - 1]
    assert line[finding["column"] - 1 : finding["endColumn"] - 1] == "etapo:provita"
    assert set(finding["message"]) == {"eo", "la"}
    assert site.repository.branches() == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"<a", "syntax"),
        (b"\xff\xfe", "not-utf-8"),
        (b"", "nothing-sent"),
        (b"# only a comment", "nothing-sent"),
        (b"<https://elsewhere.example/x> a <https://elsewhere.example/Y> .", "no-record"),
        (f"<{BASE}registry> a <https://w3id.org/phkg/ontology#Registry> .".encode(), "no-record"),
        (f"<{BASE}concepts/etapo/nova> a <https://w3id.org/phkg/ontology#State> .".encode(), "no-record"),
        (f"<{BASE}unknown/nova> a <https://w3id.org/phkg/ontology#State> .".encode(), "no-record"),
        (f"<{BASE}sources/..%2f..%2fx> a <https://w3id.org/phkg/ontology#Source> .".encode(), "no-record"),
        (f"<{BASE}sources/../x> a <https://w3id.org/phkg/ontology#Source> .".encode(), "no-record"),
        (b"_:a a <https://w3id.org/phkg/ontology#Source> .", "blank-node"),
    ],
)
def test_what_is_no_record_of_the_registry_is_refused_in_words(site: Site, body: bytes, rule: str) -> None:
    answer = site.post(body)
    assert answer.status_code == 422
    assert answer.json()["findings"][0]["rule"] == rule


def test_a_value_goes_when_the_record_comes_without_it(site: Site) -> None:
    without = site.repository.suda("etapo:neniam", "etapo:neniam")
    (site.repository.root / SUDA).write_text(site.repository.suda("    ph:method", '    ph:eligibility "por ĉiuj"@eo ;\n    ph:method'), encoding="utf-8")
    site.repository.commit("For whom")
    answer = site.post(without)
    assert answer.status_code == 201, answer.text
    changed = site.repository.git("diff", "-U0", "main", answer.json()["branch"]).splitlines()[4:]
    assert [line for line in changed if line[:1] in "+-"] == ['-    ph:eligibility "por ĉiuj"@eo ;']
    # What every such record must have cannot go.
    bare = without.replace("    ph:statedBy source:gazeto-2030 ;\n", "", 1)
    assert bare != without
    refused = site.post(bare)
    assert refused.status_code == 422 and refused.json()["findings"][0]["property"].endswith("#statedBy")


RETIRED = 'ph:retiredOn "2031-05-06"^^<http://www.w3.org/2001/XMLSchema#date> ; ph:retirementReason "La fonto ne diras tion."@eo ;'


def test_a_record_is_retired_over_http_and_never_removed_renamed_or_made_into_another(site: Site) -> None:
    retired = site.repository.suda("    ph:confidence", f"    {RETIRED}\n    ph:confidence")
    answer = site.post(retired)
    assert answer.status_code == 201, answer.text
    assert "La fonto ne diras tion." in site.repository.git("show", f"{answer.json()['branch']}:{SUDA}")
    beyond = site.post(retired, secret="phkg_suda-1_wrong")
    assert beyond.status_code == 401
    # A record without its class is no longer what was cited; of one that becomes another kind of thing that is said, as in a pull request.
    refused = site.post(site.repository.suda("a ph:ImplementationStatement ;", ""))
    assert refused.status_code == 422 and "identifier-removed" in {one["rule"] for one in refused.json()["findings"]}, refused.text
    assert len(site.repository.branches()) == 1
    other = site.post(site.repository.suda("a ph:ImplementationStatement ;", "a ph:Objection ;"))
    assert "identifier-reused" in {one["rule"] for one in other.json()["findings"]}, other.text


def test_a_retirement_that_is_undone_is_told_as_in_a_pull_request(site: Site) -> None:
    plain = site.repository.suda("etapo:neniam", "etapo:provata")
    (site.repository.root / SUDA).write_text(site.repository.suda("    ph:confidence", f"    {RETIRED}\n    ph:confidence"), encoding="utf-8")
    site.repository.commit("Retired")
    answer = site.post(plain)
    assert answer.status_code == 201, answer.text
    assert [one["severity"] for one in answer.json()["findings"] if "retirement-undone" in one["rule"]] == ["warning"]


def test_a_token_is_needed_and_must_be_good(site: Site) -> None:
    for secret, code in (("", "token-missing"), ("phkg_suda-1_" + 64 * "0", "token-unknown")):
        answer = site.post(site.repository.suda(), secret)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert site.repository.branches() == []


def test_a_revocation_holds_from_the_commit_on(site: Site) -> None:
    file = site.repository.root / FILE
    file.write_text(written(revoked(read_tokens(file.read_text(encoding="utf-8")), "suda-1", date.today())), encoding="utf-8")
    site.repository.commit("Revoked")
    answer = site.post(site.repository.suda())
    assert (answer.status_code, answer.json()["code"]) == (401, "token-revoked")


def test_the_records_of_others_are_beyond_a_token(site: Site) -> None:
    others = (site.repository.root / "registry/implementations/norda.ttl").read_text(encoding="utf-8").replace("etapo:provata", "etapo:neniam")
    known = source("gazeto-2030", "Alia titolo")
    for body in (others, known, source("bona") + others):
        answer = site.post(body)
        assert (answer.status_code, answer.json()["code"]) == (403, "beyond-scope"), answer.text
        assert answer.json()["allowed"] == [SUDA, "registry/sources/"]
    assert site.repository.branches() == []


def test_what_is_sent_twice_is_one_submission(site: Site) -> None:
    first, again = site.post(site.repository.suda()), site.post(site.repository.suda())
    assert (first.status_code, again.status_code) == (201, 200) and first.json()["id"] == again.json()["id"]
    assert len(site.repository.branches()) == 1


def test_many_at_once_do_not_lose_each_other(site: Site) -> None:
    def send(number: int) -> str:
        answer = site.post(source(f"libro-{number}"))
        assert answer.status_code == 201, answer.text
        return answer.json()["branch"]

    with ThreadPoolExecutor(6) as threads:
        branches = list(threads.map(send, range(6)))
    assert sorted(site.repository.branches()) == sorted(branches) and len(set(branches)) == 6
    for number, branch in enumerate(branches):
        assert site.repository.git("diff", "--name-only", "main", branch) == f"registry/sources/libro-{number}.ttl"


def test_the_audit_has_a_line_for_each_attempt_and_no_secret(site: Site) -> None:
    site.post(site.repository.suda())
    site.post(site.repository.suda(new="etapo:provita"))
    site.post(site.repository.suda(), "phkg_suda-1_wrong")
    assert [(one["status"], one["token"]) for one in site.attempts()] == [(201, "suda-1"), (422, "suda-1"), (401, "")]
    assert site.repository.secret not in site.log.read_text() and "wrong" not in site.log.read_text()
    assert site.log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Type": "text/plain"}, 415), ({"Content-Encoding": "gzip"}, 415), ({"Content-Type": "application/rdf+xml"}, 415)],
)
def test_other_kinds_of_body_are_refused(site: Site, headers: dict[str, str], status: int) -> None:
    assert site.post("x", **headers).status_code == status


def test_what_is_too_large_is_refused_before_it_is_read(open_site) -> None:
    site = open_site(Limits(body=2000))
    answer = site.post(b"#" * 3000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_wrong_tokens_are_slowed_down(open_site) -> None:
    site = open_site(Limits(wrong_tokens=3))
    statuses = [site.post("x", f"phkg_suda-1_{number}").status_code for number in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert int(site.post(site.repository.suda()).headers["retry-after"]) > 0


def test_one_token_cannot_flood_the_registry(open_site) -> None:
    site = open_site(Limits(accepted=1))
    assert site.post(source("unu")).status_code == 201
    assert site.post(source("du")).status_code == 429


def test_submissions_that_wait_are_counted(open_site) -> None:
    site = open_site(Limits(waiting=1))
    assert site.post(source("unu")).status_code == 201
    assert site.post(source("du")).json()["code"] == "too-many-waiting"


def test_what_takes_too_long_is_stopped_and_the_next_is_served(open_site) -> None:
    site = open_site(Limits(judge_seconds=0.01))
    assert site.post(site.repository.suda()).json()["code"] == "not-checkable"


def test_the_status_follows_the_repository(site: Site) -> None:
    git = site.repository.git
    merged, squashed, dropped = (site.post(body).json() for body in (site.repository.suda(), source("unu"), source("du")))
    state = lambda one: httpx.get(f"{site.address}/submissions/{one['id']}.json").json()["state"]  # noqa: E731
    assert {state(one) for one in (merged, squashed, dropped)} == {"waiting"}
    git("merge", "-q", "--no-ff", "-m", "Taken", merged["branch"])
    git("merge", "-q", "--squash", squashed["branch"])
    git("commit", "-qm", "Squashed")
    git("branch", "-D", dropped["branch"])
    assert [state(one) for one in (merged, squashed, dropped)] == ["merged", "merged", "removed"]
    git("branch", "-D", merged["branch"], squashed["branch"])
    assert [state(one) for one in (merged, squashed, dropped)] == ["merged", "merged", "removed"]


def test_the_address_of_a_submission_is_a_page_for_people_and_json_for_programs(site: Site) -> None:
    told = site.post(site.repository.suda()).json()
    address = site.address + told["address"]
    assert httpx.get(address).json()["branch"] == told["branch"]
    for language in ("eo", "la"):
        page = httpx.get(address, headers={"Accept": "text/html", "Accept-Language": language}, follow_redirects=True)
        assert page.status_code == 200 and f"/{language}/" in str(page.url)
        assert told["branch"] in lxml.html.fromstring(page.text).text_content()
    assert httpx.get(f"{site.address}/submissions/20200101-aaaaaaaaaa.json").status_code == 404
    assert httpx.get(f"{site.address}/submissions/..%2f..%2fetc").status_code in (303, 404)


def test_another_names_file_gives_rights_over_methods(open_site) -> None:
    site = open_site(writes=("registry/methods/",), adds=())
    method = (site.repository.root / "registry/methods/kantado.ttl").read_text(encoding="utf-8")
    assert site.post(method.replace('"@eo', ' plu"@eo')).status_code == 201
    assert site.post(site.repository.suda()).status_code == 403


def test_a_file_of_tokens_that_cannot_be_read_gives_no_rights(served_app, snapshot, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    (repository.root / FILE).write_text("[[token", encoding="utf-8")
    repository.commit("Broken")
    told: list[str] = []
    door = Door(repository.root, Audit(tmp_path / "log", told.append), "eo", Limits(), told.append)
    with served_app(create_app(find_knowledge(repository.root), lambda: snapshot, further=(contributing(door, b"key"),))) as address:
        assert Site(address, repository, tmp_path / "log").post(repository.suda()).status_code == 503
    assert len(told) == 1 and FILE in told[0]


def test_where_nothing_is_taken_it_says_so(served_app, snapshot, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    with served_app(create_app(find_knowledge(repository.root), lambda: snapshot, further=(contributing(),))) as address:
        answer = Site(address, repository, tmp_path / "log").post(repository.suda())
        assert (answer.status_code, answer.json()["code"]) == (501, "not-taken-here")
    assert repository.branches() == []


def test_a_repository_without_a_tree_and_one_with_the_registry_deeper_take_submissions(served_app, snapshot, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    bare = tmp_path / "bare.git"
    repository.git("clone", "-q", "--bare", str(repository.root), str(bare))
    deeper = Repository(tmp_path / "deep")
    (deeper.root / "inner").mkdir()
    for name in ("registry", "ontology", "shapes", "web", FILE):
        deeper.git("mv", name, f"inner/{name}")
    deeper.commit("Deeper")
    for folder, one in ((bare, repository), (deeper.root / "inner", deeper)):
        door = Door(folder, Audit(tmp_path / "log", print), "eo", Limits(), print)
        with served_app(create_app(find_knowledge(repository.root), lambda: snapshot, further=(contributing(door, b"key"),))) as address:
            answer = Site(address, one, tmp_path / "log").post(repository.suda())
            assert answer.status_code == 201, answer.text
            assert answer.json()["files"] == [SUDA]


def test_a_refusal_is_told_in_the_language_of_who_sends(site: Site) -> None:
    told = {}
    for accept, language in (("", "en"), ("sv", "sv")):
        answer = site.post(site.repository.suda(), "wrong", **({"Accept-Language": accept} if accept else {}))
        assert (answer.status_code, answer.headers["content-language"]) == (401, language)
        assert answer.headers["cache-control"] == "no-store" and "www-authenticate" in answer.headers
        told[language] = answer.json()
    assert {one["code"] for one in told.values()} == {"token-unknown"}
    assert told["sv"]["detail"].startswith("Nyckeln är inte känd") and told["en"]["detail"].startswith("This token is not known")


def test_a_form_without_a_boundary_is_refused_on_a_page(site: Site) -> None:
    answer = site.post(b"x", **{"Content-Type": "multipart/form-data"})
    assert answer.status_code == 400 and "boundary" in lxml.html.fromstring(answer.text).text_content()
