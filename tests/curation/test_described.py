"""Submissions in the description of the API: there where they are taken, true to the answers, and with examples that run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator

from phkg.curation.audit import Audit
from phkg.curation.web.door import Door
from phkg.curation.web.limits import Limits
from phkg.curation.web.routes import contributing
from phkg.graph.compile import compile_snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import find_knowledge

from .repository import Repository

GENEROUS = Limits(attempts=100_000, wrong_tokens=100_000, accepted=100_000, waiting=100_000)
HOOKS = """
import schemathesis

@schemathesis.serializer("text/turtle")
def turtle(context, value):
    return str(value).encode("utf-8", "replace")
"""


class Site:
    """A served registry that takes submissions, and its description."""

    def __init__(self, address: str, repository: Repository) -> None:
        self.address, self.repository = address, repository
        self.described = httpx.get(f"{address}/api/openapi.json", timeout=60).json()
        self.sending = self.described["paths"]["/submissions"]["post"]

    def send(self, media_type: str, body: bytes, secret: str | None = None) -> httpx.Response:
        """Send a submission with the good token, or another."""
        headers = {"Content-Type": media_type, "Authorization": f"Bearer {secret or self.repository.secret}"}
        return httpx.post(f"{self.address}/submissions", content=body, headers=headers, timeout=90)

    def faults(self, operation: dict, answer: httpx.Response) -> list[str]:
        """What of an answer is not as the description says."""
        told = operation["responses"][str(answer.status_code)]["content"][answer.headers["content-type"].split(";")[0]]
        schema = {**told["schema"], "components": self.described["components"]}
        return [fault.message for fault in Draft202012Validator(schema).iter_errors(answer.json())]


@pytest.fixture(scope="module")
def site(served_app, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, complaints = tmp_path_factory.mktemp("described"), []
    repository = Repository(folder)
    knowledge = find_knowledge(repository.root)
    snapshot = compile_snapshot(knowledge, date(2026, 11, 22), folder / "into")
    door = Door(repository.root, Audit(folder / "audit" / "log", complaints.append), "eo", GENEROUS, complaints.append)
    with served_app(create_app(knowledge, lambda: snapshot, further=(contributing(door, b"key"),))) as address:
        yield Site(address, repository)
    assert complaints == []


def test_they_are_described_only_where_they_are_taken(site: Site, pages: str) -> None:
    assert set(site.described["paths"]["/submissions"]) == {"post", "get"} and "/submissions/{id}.json" in site.described["paths"]
    assert site.sending["security"] == [{"token": []}] and site.described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    elsewhere = httpx.get(f"{pages}/api/openapi.json", timeout=60).json()
    assert not [path for path in elsewhere["paths"] if path.startswith("/submissions")] and "securitySchemes" not in elsewhere["components"]


def test_the_examples_run_and_are_answered_as_described(site: Site) -> None:
    for media_type, body in site.sending["requestBody"]["content"].items():
        sent = body["example"] if isinstance(body["example"], str) else json.dumps(body["example"])
        answer = site.send(media_type, sent.encode())
        assert (answer.status_code, answer.json()["code"]) == (422, "no-change"), answer.text
        assert site.faults(site.sending, answer) == []


def test_what_is_taken_and_what_is_wrong_are_answered_as_described(site: Site) -> None:
    answers = [
        site.send("text/turtle", site.repository.suda().encode()),
        site.send("text/turtle", site.repository.suda().encode()),
        site.send("text/turtle", site.repository.suda(new="etapo:nenio").encode()),
        site.send("text/turtle", b"<a> <b> <c>"),
        site.send("text/turtle", b"x", "wrong"),
        site.send("text/csv", b"x"),
        site.send("text/turtle", b"#" * (GENEROUS.body + 1)),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 422, 422, 401, 415, 413]
    assert [site.faults(site.sending, answer) for answer in answers] == [[]] * 7
    state = httpx.get(f"{site.address}/submissions/{answers[0].json()['id']}.json")
    assert site.faults(site.described["paths"]["/submissions/{id}.json"]["get"], state) == [] and state.json()["state"] == "waiting"


def test_the_page_shows_the_example(site: Site) -> None:
    page = httpx.get(f"{site.address}/api/", timeout=60)
    assert page.status_code == 200 and "POST /submissions" in page.text


@pytest.mark.parametrize("known", [True, False], ids=["with a token", "without"])
def test_a_strangers_tool_finds_nothing(site: Site, known: bool, tmp_path: Path) -> None:
    (tmp_path / "hooks.py").write_text(HOOKS)
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{site.address}/api/openapi.json", "--no-color", "--include-path-regex=^/submissions"]
    settings = ["--phases=examples,coverage,fuzzing,stateful", "--max-examples=10", "--generation-deterministic", "--max-redirects=0"]
    # No schema can say which Turtle and which tokens are right.
    settings += ["--exclude-checks=positive_data_acceptance"]
    token = ["-H", f"Authorization: Bearer {site.repository.secret}"] if known else []
    environment = {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [*command, *settings, *token], cwd=tmp_path, capture_output=True, text=True, timeout=600, env={**environment, "PATH": "/usr/bin:/bin"}
    )
    made = re.search(r"(\d+) generated", done.stdout)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert made and int(made[1]) > 50
