"""`phkg compile`: the same records on the same day make the same snapshot; what cannot be compiled leaves nothing behind."""

import json
from pathlib import Path

import pytest


def test_the_same_records_on_the_same_day_have_the_same_name(phkg, root: Path, tmp_path: Path) -> None:
    one, two = (phkg("compile", tmp_path / into, "--root", root, "--on", "2021-06-01") for into in ("a", "b"))
    assert one.returncode == two.returncode == 0
    first, second = Path(one.stdout.strip()), Path(two.stdout.strip())
    assert first.name == second.name and first.parent == tmp_path / "a"
    assert (first / "graph.nt").read_bytes() == (second / "graph.nt").read_bytes()
    assert json.loads((first / "manifest.json").read_text(encoding="utf-8"))["date"] == "2021-06-01"


def test_another_day_is_another_snapshot(phkg, root: Path, tmp_path: Path) -> None:
    names = {Path(phkg("compile", tmp_path / "a", "--root", root, "--on", day).stdout.strip()).name for day in ("2021-06-01", "2021-06-02")}
    assert len(names) == 2


@pytest.mark.parametrize(
    "data, told",
    [
        (b"@prefix ph: <https://w3id.org/phkg/ontology#> .\n\n<https://example.org/x> a ph:Method\n  ph:since 5 .\n", "registry/methods/x.ttl:4:"),
        (b"# tv\xe5\n", "registry/methods/x.ttl:1:5: "),
        (b"", "registry/methods/x.ttl:1:1: registry/methods/x.ttl is empty"),
        (b"<https://example.org/x> <https://example.org/y> [] .\n", "registry/methods/x.ttl:1:1: A node without a name"),
    ],
)
def test_a_broken_file_is_named_with_its_place_and_nothing_is_written(phkg, root: Path, tmp_path: Path, data: bytes, told: str) -> None:
    (root / "registry" / "methods" / "x.ttl").write_bytes(data)
    done = phkg("compile", tmp_path / "into", "--root", root, "--on", "2021-06-01")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not (tmp_path / "into").exists() or list((tmp_path / "into").iterdir()) == []


def test_a_date_that_is_none_is_named_by_its_file(phkg, root: Path, tmp_path: Path) -> None:
    path = root / "registry" / "implementations" / "alvik.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"2017"^^xsd:gYear', '"sommaren"^^xsd:gYear'), encoding="utf-8")
    done = phkg("compile", tmp_path / "into", "--root", root)
    assert done.returncode == 2
    assert done.stderr.startswith("registry/implementations/alvik.ttl:") and "sommaren" in done.stderr


def test_a_folder_that_cannot_be_made_is_named(phkg, root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert phkg("compile", tmp_path / "file", "--root", root).returncode == 2
    below = phkg("compile", tmp_path / "file" / "into", "--root", root)
    assert below.returncode == 2 and "file" in below.stderr


@pytest.mark.parametrize("day", ["2021-13-01", "1 juni", "2021-02-30"])
def test_a_day_that_is_none_is_refused(phkg, root: Path, tmp_path: Path, day: str) -> None:
    done = phkg("compile", tmp_path / "into", "--root", root, "--on", day)
    assert done.returncode == 2 and "%Y-%m-%d" in done.stderr


def test_a_root_without_registry_is_refused(phkg, tmp_path: Path) -> None:
    done = phkg("compile", tmp_path / "into", "--root", tmp_path)
    assert done.returncode == 2 and "registry/" in done.stderr
