"""The command as people and build services call it: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = "from phkg.cli.validate import command; command()"


def _run(*arguments: object, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", CODE, *map(str, arguments)], capture_output=True, text=True, env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    )


@pytest.fixture
def root(workshop) -> Path:
    """The copy, as `--root` takes it; the core vocabulary is then the program's own."""
    return workshop.root


def test_ends_with_nought_when_nothing_blocks(root: Path) -> None:
    done = _run("--root", root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Inga fel.")


def test_ends_with_one_and_a_report_when_something_does(root: Path, workshop) -> None:
    workshop.replace("registry/implementations/south.ttl", "region:south", "region:nowhere")
    done = _run("--root", root, "--lang", "en", "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["counts"]["violation"] == 2


def test_report_goes_to_a_file(root: Path, tmp_path: Path) -> None:
    done = _run("--root", root, "--output", tmp_path / "report.xml", "--format", "junit")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "report.xml").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--root", "{tmp}/nowhere"], "registry"),
        (["--root", "{root}", "{tmp}/nothing.ttl"], "nothing.ttl"),
        (["--root", "{root}", "--output", "{tmp}/no/such/folder/r.txt"], "report could not be written"),
        (["--root", "{root}", "--engine", "topbraid"], "topbraid"),
    ],
)
def test_ends_with_two_and_a_sentence_when_it_cannot_run(root: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = _run(*(argument.format(tmp=tmp_path, root=root) for argument in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S a",
        '@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetClass <urn:c> ; sh:property <urn:p> . <urn:p> sh:path <urn:q> ; sh:minCount "x" .',
    ],
)
def test_shapes_that_cannot_be_used_end_it_with_two(root: Path, workshop, shapes: str) -> None:
    workshop.write("shapes/shapes.ttl", shapes)
    done = _run("--root", root)
    assert done.returncode == 2 and "shapes" in done.stderr and "Traceback" not in done.stderr


def test_two_runs_print_the_same(root: Path, workshop) -> None:
    workshop.replace("registry/implementations/south.ttl", "region:south", "region:nowhere")
    first, second = (_run("--root", root, "--format", "github", PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first.stdout == second.stdout != ""


def test_fast_way_loads_no_slow_engine(root: Path) -> None:
    probe = "import sys; from phkg.cli.validate import command; command(standalone_mode=False)"
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", probe, "--root", str(root)], capture_output=True, text=True)
    assert "phkg.validation.run" in done.stderr
    assert "rdflib" not in done.stderr and "pyshacl" not in done.stderr


def test_help_says_what_the_endings_mean() -> None:
    done = _run("--help")
    assert done.returncode == 0 and "2  the check could not be run" in done.stdout
