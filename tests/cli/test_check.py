"""`phkg check` as a person and a build service run it: how it ends, what it writes, and what it says when it cannot."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from .editing import edit

SARIF = Path(__file__).parents[1] / "validation" / "schemas" / "sarif-2.1.0.json"


@pytest.fixture
def git(git: Callable[..., str]) -> Callable[..., str]:
    """As everywhere, on a branch beside main."""
    git("checkout", "--quiet", "-b", "topic")
    return git


@pytest.fixture
def check(phkg, root: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess]:
    return lambda *arguments: phkg("check", "--base", "main", "--root", root, "--lang", "en", "--cache", tmp_path / "cache", *arguments)


def test_nothing_changed_and_a_change_that_is_good(check, root: Path, git) -> None:
    done = check()
    assert (done.returncode, done.stderr) == (0, "") and "Nothing in meaning." in done.stdout
    edit(root / "registry/regions/osby.ttl", '"Region Ösby"@sv', '"Ösby landsting"@sv')
    done = check()
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing stands in the way of this change\n") and "changed: " in done.stdout


def test_a_change_is_held_against_where_it_parted(check, root: Path, git) -> None:
    """What came to main meanwhile is neither missing nor to blame."""
    git("checkout", "--quiet", "main")
    shutil.copy(root / "registry/methods/fraga.ttl", root / "registry/methods/senare.ttl")
    edit(root / "registry/methods/senare.ttl", "method:fraga", "method:senare")
    git("add", "--all")
    git("commit", "--quiet", "-m", "Meanwhile")
    git("checkout", "--quiet", "topic")
    done = check()
    assert done.returncode == 0 and "Nothing in meaning." in done.stdout


def test_every_report_of_one_run(check, root: Path, git, tmp_path: Path) -> None:
    """An error blocks; annotations go to the log, the others to files, and SARIF is what its schema says."""
    edit(root / "registry/implementations/boda.ttl", "ph:state stage:usual", "ph:state stage:nowhere")
    (root / "registry/methods/fraga.ttl").unlink()
    files = {form: tmp_path / f"check.{form}" for form in ("sarif", "markdown", "html", "json")}
    also = [part for form, path in files.items() for part in ("--also", form, path)]
    done = check("--format", "github", *also)
    assert done.returncode == 1
    assert any(line.startswith("::error file=registry/implementations/boda.ttl,line=") for line in done.stdout.splitlines())
    assert any("file=registry/methods/fraga.ttl" in line and "has been removed" in line for line in done.stdout.splitlines())
    jsonschema.validate(json.loads(files["sarif"].read_text(encoding="utf-8")), json.loads(SARIF.read_text(encoding="utf-8")))
    assert json.loads(files["json"].read_text(encoding="utf-8"))["passes"] is False
    assert files["markdown"].read_text(encoding="utf-8").startswith("<!-- phkg check -->\n# This change has ")
    assert "<h1>This change has " in files["html"].read_text(encoding="utf-8")


def test_paths_are_from_the_top_of_the_repository(phkg, root: Path, tmp_path: Path) -> None:
    """A registry in a folder of a repository: a forge shows a finding only where its path is the repository's."""
    whole = tmp_path / "whole"
    shutil.move(root, whole / "data")
    git = ["git", "-C", str(whole), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "All"]):
        subprocess.run([*git, *arguments], check=True)
    edit(whole / "data/registry/implementations/boda.ttl", "ph:state stage:usual", "ph:state stage:nowhere")
    done = phkg("check", "--base", "HEAD", "--root", whole / "data", "--format", "github", "--cache", tmp_path / "cache")
    assert done.returncode == 1 and "file=data/registry/implementations/boda.ttl,line=" in done.stdout


def test_without_a_cache_that_can_be_written_it_works_all_the_same(phkg, root: Path, git, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = phkg("check", "--base", "main", "--root", root, "--cache", tmp_path / "file" / "cache")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--base", "nowhere"), "nowhere is no revision of "),
        (("--base", "-q"), "-q is no revision of "),
        (("--base", "main", "--also", "pdf", "x.pdf"), "pdf is no form of a report"),
    ],
)
def test_what_cannot_be_checked_is_said(phkg, root: Path, git, arguments: tuple[str, ...], said: str) -> None:
    done = phkg("check", *arguments, "--root", root)
    assert done.returncode == 2 and said in done.stderr


def test_no_repository(phkg, root: Path) -> None:
    done = phkg("check", "--base", "main", "--root", root)
    assert done.returncode == 2 and "lies in no git repository" in done.stderr
