"""What forges are told to run: valid by the published schemas, safe for changes by strangers, and its own steps run here as they stand.

Not tried here: the forges themselves.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from town import TOWN

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = Path(__file__).parent / "schemas"
ACTION = ".github/actions/check/action.yml"
WORKFLOWS = tuple(file.relative_to(ROOT).as_posix() for forge in (".github", ".forgejo") for file in sorted((ROOT / forge / "workflows").iterdir()))
PINNED = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40}\Z")


def told(name: str) -> Any:
    """A file of YAML; the word `on` is a key and no truth value."""
    found = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in found.items()} if isinstance(found, dict) else found


def steps(name: str) -> Iterator[dict[str, Any]]:
    found = told(name)
    for job in [found["runs"]] if "runs" in found else found["jobs"].values():
        yield from job["steps"]


def step(name: str, wanted: str) -> dict[str, Any]:
    return next(one for one in steps(name) if one.get("name") == wanted)


@pytest.mark.parametrize(("name", "schema"), [*((name, "github-workflows") for name in WORKFLOWS), (ACTION, "github-actions"), (".gitlab-ci.yml", "gitlab-ci")])
def test_it_is_what_the_published_schema_says(name: str, schema: str) -> None:
    rules = json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(rules)(rules).validate(told(name))


def linted(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    """What the linter says of the workflows and actions of a folder; without shellcheck, so that it is the same everywhere."""
    command = [sys.executable, "-m", "jactionlint", "--strict-exit", "--no-hints", "--shellcheck=", "--pyflakes=", "--no-color", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)


def test_the_linter_finds_nothing() -> None:
    """Of Forgejo's only what makes a run fail: it has runners and images of its own."""
    for arguments in ((), ("--profile", "correctness", "--ignore", "unknown-runner-label", ".forgejo/workflows/check.yml")):
        done = linted(ROOT, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "right", "wrong", "said"),
    [
        (ACTION, "steps.check.outputs.status", "steps.chek.outputs.status", '"chek" is not defined'),
        (".github/workflows/check.yml", "permissions: {}", "permissions: {content: read}", "content"),
        (".github/workflows/comment.yml", 'echo "The check left no report."', 'echo "${{ github.event.workflow_run.head_branch }}"', "untrusted"),
    ],
)
def test_the_linter_looks_at_each(tmp_path: Path, name: str, right: str, wrong: str, said: str) -> None:
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    file = tmp_path / name
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    done = linted(tmp_path)
    assert done.returncode == 1 and name in done.stdout and said in done.stdout, done.stdout


@pytest.mark.parametrize("name", [*WORKFLOWS, ACTION])
def test_actions_are_pinned_by_hash_and_no_step_is_made_of_what_strangers_write(name: str) -> None:
    for one in steps(name):
        if "uses" in one:
            assert one["uses"].startswith("./") or PINNED.match(one["uses"]), one["uses"]
        assert "${{" not in one.get("run", "")
        if "checkout" in one.get("uses", ""):
            assert one["with"]["persist-credentials"] is False
    if name != ACTION:
        assert told(name)["permissions"] == {}
        assert "pull_request_target" not in told(name)["on"]


def test_what_may_write_runs_no_code_of_a_change() -> None:
    for name in WORKFLOWS:
        for job in told(name)["jobs"].values():
            if "write" in (job.get("permissions") or {}).values():
                uses = [one["uses"] for one in job["steps"] if "uses" in one]
                assert not any("checkout" in one or one.startswith("./") for one in uses)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository of a registry with a change that brings an error, and the program where the steps look for it."""
    root = tmp_path / "work"
    shutil.copytree(TOWN, root)
    for folder in (root / ".venv/bin", tmp_path / "runner/phkg/bin", tmp_path / "bin"):
        folder.mkdir(parents=True)
        program = folder / "phkg"
        program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT / "src"))} exec {shlex.quote(sys.executable)} -m phkg "$@"\n')
        program.chmod(0o755)
    (root / ".gitignore").write_text(".venv/\nreport/\ncheck.*\n")
    git = ["git", "-C", str(root), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["init", "--quiet", "--initial-branch", "main"], ["add", "--all"], ["commit", "--quiet", "-m", "All"]):
        subprocess.run([*git, *arguments], check=True)
    file = root / "registry/implementations/boda.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("ph:state stage:usual", "ph:state stage:nowhere"), encoding="utf-8")
    return root


def run(script: str, place: Path, **environment: str) -> subprocess.CompletedProcess:
    """Runs a script as a runner does: bash that stops at the first command that fails."""
    given = {**os.environ, "RUNNER_TEMP": str(place.parent / "runner"), "XDG_CACHE_HOME": str(place.parent / "cache"), **environment}
    given["PATH"] = f"{place.parent / 'bin'}{os.pathsep}{given['PATH']}"
    return subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=place, env=given, capture_output=True, text=True, timeout=120)


def test_the_action_annotates_writes_its_reports_and_tells_how_it_ended(place: Path) -> None:
    output, summary = place.parent / "output", place.parent / "summary"
    done = run(step(ACTION, "Check")["run"], place, BASE="main", ROOT=".", LANGUAGE_OF_WORDS="en", GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stderr
    assert "::error file=registry/implementations/boda.ttl,line=" in done.stdout
    given = dict(line.split("=", 1) for line in output.read_text().splitlines())
    assert given["status"] == "1"
    assert {file.name for file in Path(given["report"]).iterdir()} == {"check.sarif", "check.md", "check.html"}
    assert summary.read_text(encoding="utf-8").startswith("<!-- phkg check -->\n# This change has ")
    again = run(
        step(ACTION, "Check")["run"], place, BASE="nowhere", ROOT=".", LANGUAGE_OF_WORDS="", GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary)
    )
    assert again.returncode != 0 and "nowhere is no revision" in again.stderr


def test_the_other_forges_end_as_the_check_does(place: Path) -> None:
    lines = [line.replace(" check --base", " check --root . --base") for line in told(".gitlab-ci.yml")["check"]["script"] if not line.startswith("make")]
    done = run("\n".join(lines), place, CI_MERGE_REQUEST_DIFF_BASE_SHA="main")
    assert done.returncode == 1, done.stderr
    assert {file.name for file in (place / "report").iterdir()} == {"check.sarif", "check.md", "check.html"}
    script = step(".forgejo/workflows/check.yml", "Check")["run"].replace(" check --base", " check --root . --base")
    assert run(script, place, BASE="main").returncode == 1 and (place / "check.md").is_file()


def test_who_has_read_what_was_pushed_is_told_on_the_main_line_only(place: Path) -> None:
    """A change that its author has pushed: each forge's own step says so and fails, and runs for no pull request."""
    subprocess.run(["git", "-C", str(place), "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-am", "Pushed"], check=True)
    output = place.parent / "output"
    own = step(ACTION, "Reviewed")
    done = run(own["run"], place, BASE="main~1", ROOT=".", LANGUAGE_OF_WORDS="en", GITHUB_OUTPUT=str(output))
    assert done.returncode == 0 and "::error::" in done.stdout and "nobody else has read the change" in done.stdout
    assert output.read_text() == "status=1\n"
    assert run(own["run"], place, BASE="nowhere", ROOT=".", LANGUAGE_OF_WORDS="", GITHUB_OUTPUT=str(output)).returncode != 0
    other = step(".forgejo/workflows/check.yml", "Reviewed")
    for one in (own, other):
        assert "github.event_name == 'push'" in one["if"]
    assert run(f"{other['run']} --root .", place, BASE="main~1").returncode == 1
    job = told(".gitlab-ci.yml")["reviewed"]
    assert job["rules"] == [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}] and job["variables"]["GIT_DEPTH"] == "0"
    assert run(f"{job['script'][-1]} --root .", place, CI_COMMIT_BEFORE_SHA="main~1").returncode == 1
    github = told(".github/workflows/check.yml")
    assert "steps.check.outputs.reviewed == '1'" in step(".github/workflows/check.yml", "Result")["if"]
    assert "github.sha" in github["concurrency"]["group"], "a second push would cancel the run that looks at the first"


def test_forgejo_fetches_what_is_to_be_checked(place: Path, tmp_path: Path) -> None:
    target = tmp_path / "fetched" / "work"
    target.mkdir(parents=True)
    done = run(step(".forgejo/workflows/check.yml", "Fetch")["run"], target, ADDRESS=str(place), REF="refs/heads/main")
    assert done.returncode == 0 and (target / "registry/registry.ttl").is_file()


@pytest.mark.parametrize("there", ["", "41"])
def test_the_comment_is_made_once_and_then_replaced(place: Path, there: str) -> None:
    """A stand-in for GitHub's program `gh` notes what it is asked; the report calls people and is too long."""
    calls = place.parent / "calls"
    gh = place.parent / "bin" / "gh"
    gh.write_text(f'#!/bin/sh\necho "$@" >> {calls}\ncase "$*" in *pulls/7*) echo abc;; *--paginate*) printf "%s" "{there}";; esac\n')
    gh.chmod(0o755)
    (place / "report").mkdir()
    (place / "report/number").write_text("7; rm -rf /\n")
    (place / "report/check.md").write_text("<!-- phkg check -->\n# @everybody\n" + "å" * 60_000, encoding="utf-8")
    script = step(".github/workflows/comment.yml", "Comment")["run"]
    done = run(script, place, REPOSITORY="o/r", CHECKED="abc", GH_TOKEN="x")
    assert done.returncode == 0, done.stderr
    method = "PATCH repos/o/r/issues/comments/41" if there else "POST repos/o/r/issues/7/comments"
    assert calls.read_text().splitlines()[-1].endswith(f"--method {method} -F body=@body.md")
    body = (place / "body.md").read_text(encoding="utf-8")
    assert "@everybody" not in body and len(body) < 65_536
    calls.unlink()
    other = run(script, place, REPOSITORY="o/r", CHECKED="def", GH_TOKEN="x")
    assert other.returncode == 0 and "is not of what" in other.stdout and "issues" not in calls.read_text()


def test_the_hooks_of_pre_commit_run_the_commands_that_there_are(place: Path) -> None:
    """Those for other registries on a registry with an error, those of this repository by the same words."""
    ended = {}
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        files = ["registry/regions/osby.ttl"] if hook.get("pass_filenames", True) else []
        entry = hook["entry"].replace("origin/main", "main")
        done = run(shlex.join([*shlex.split(entry), *files]), place)
        ended[hook["id"]] = done.returncode
        assert "Usage:" not in done.stderr
    assert ended == {"phkg-fmt": 0, "phkg-validate": 1, "phkg-check": 1}
    (own,) = told(".pre-commit-config.yaml")["repos"]
    assert [hook["entry"].split()[:2] for hook in own["hooks"]] == [[".venv/bin/phkg", name] for name in ("fmt", "validate", "check")]
