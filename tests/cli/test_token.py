"""`phkg token`: the token is printed once, the file holds its hash, and what it may write is read off the records."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from phkg.cli import main

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(INSULO, tmp_path / "insulo")


def run(root: Path, *arguments: str):
    return CliRunner().invoke(main, ["token", *arguments, "--root", str(root)])


def test_a_place_gives_its_file_and_new_sources(root: Path) -> None:
    made = run(root, "new", "suda-1", "--holder", "Suda kuracisto", "--place", "suda")
    assert made.exit_code == 0, made.output
    secret = made.stdout.strip()
    kept = (root / "curators.toml").read_text(encoding="utf-8")
    (token,) = tomllib.loads(kept)["token"]
    assert (token["writes"], token["adds"]) == (["registry/implementations/suda.ttl", "registry/objections/suda.ttl"], ["registry/sources/"])
    assert secret.startswith("phkg_suda-1_") and secret not in kept
    assert (token["expires"] - token["created"]).days == 365


def test_the_list_tells_names_and_scopes_and_no_hash(root: Path) -> None:
    run(root, "new", "suda-1", "--holder", "Suda", "--place", "suda")
    run(root, "new", "metodoj-1", "--holder", "Metodoj", "--writes", "registry/methods/")
    listed = run(root, "list")
    assert listed.stdout.splitlines()[0].split("\t")[0] == "suda-1" and "registry/methods/" in listed.stdout
    assert "sha256" not in listed.output and "2 tokens" in listed.stderr


def test_revoking_is_written_and_shown(root: Path) -> None:
    run(root, "new", "suda-1", "--holder", "Suda", "--place", "suda")
    assert run(root, "revoke", "suda-1").exit_code == 0
    assert "revoked" in run(root, "list").stdout
    assert run(root, "revoke", "norda-1").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("new", "Suda", "--holder", "S", "--place", "suda"), "small letters"),
        (("new", "x", "--holder", "S", "--place", "nowhere"), "norda, suda"),
        (("new", "x", "--holder", "S", "--writes", "../x/"), "no place"),
        (("new", "x", "--holder", "S", "--writes", "registry/nothing/"), "no folder"),
        (("new", "x", "--holder", "S"), "no right"),
        (("new", "x", "--holder", "S", "--place", "suda", "--days", "0"), "days"),
    ],
)
def test_what_cannot_be_is_said(root: Path, arguments: tuple[str, ...], told: str) -> None:
    answer = run(root, *arguments)
    assert answer.exit_code == 2 and told in answer.output
    assert not (root / "curators.toml").exists()


def test_a_name_is_never_used_again(root: Path) -> None:
    run(root, "new", "suda-1", "--holder", "Suda", "--place", "suda")
    run(root, "revoke", "suda-1")
    assert run(root, "new", "suda-1", "--holder", "Suda", "--place", "suda").exit_code == 2


def test_a_broken_file_is_said_and_left_alone(root: Path) -> None:
    (root / "curators.toml").write_text("[[token")
    assert run(root, "new", "suda-1", "--holder", "Suda", "--place", "suda").exit_code == 2
    assert (root / "curators.toml").read_text() == "[[token"
