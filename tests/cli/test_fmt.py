"""`phkg fmt`: one canonical form, written in one step, and nothing touched that it does not understand."""

import os
from pathlib import Path

import pytest

UNTIDY = """@prefix ph: <https://w3id.org/phkg/ontology#> .
@prefix unused: <https://example.org/> .
<https://example.org/ekland/methods/x>   ph:since 5 ; a ph:Method . # kept
"""
TIDY = """@prefix ph: <https://w3id.org/phkg/ontology#> .

<https://example.org/ekland/methods/x> a ph:Method ; # kept
    ph:since 5 .
"""


@pytest.fixture
def untidy(root: Path) -> Path:
    path = root / "registry" / "methods" / "x.ttl"
    path.write_text(UNTIDY, encoding="utf-8")
    return path


def test_a_registry_in_its_form_is_left_alone(phkg, root: Path) -> None:
    done = phkg("fmt", "--check", "--root", root)
    assert (done.returncode, done.stdout) == (0, "")


def test_check_names_the_files_and_changes_nothing(phkg, root: Path, untidy: Path) -> None:
    done = phkg("fmt", "--check", "--root", root)
    assert (done.returncode, done.stdout) == (1, "registry/methods/x.ttl\n")
    assert done.stderr.startswith("1 of ") and "phkg fmt writes them so" in done.stderr
    assert untidy.read_text(encoding="utf-8") == UNTIDY


def test_what_is_written_stays_as_it_is(phkg, root: Path, untidy: Path) -> None:
    first = phkg("fmt", "--root", root)
    assert (first.returncode, first.stdout) == (0, "registry/methods/x.ttl\n")
    assert untidy.read_text(encoding="utf-8") == TIDY
    assert sorted(os.listdir(untidy.parent)) == sorted({*os.listdir(untidy.parent)} - {".x.ttl.draft"})
    second = phkg("fmt", "--root", root)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_only_the_paths_named_are_written(phkg, root: Path, untidy: Path) -> None:
    other = untidy.with_name("y.ttl")
    other.write_text(UNTIDY, encoding="utf-8")
    done = phkg("fmt", "--root", root, other)
    assert (done.returncode, done.stdout) == (0, f"{other}\n")
    assert untidy.read_text(encoding="utf-8") == UNTIDY


def test_a_fault_of_syntax_has_its_place_and_the_file_is_left(phkg, root: Path, untidy: Path) -> None:
    broken = untidy.with_name("broken.ttl")
    text = "@prefix ph: <https://w3id.org/phkg/ontology#> .\n\n<https://example.org/ekland/methods/å> a ph:Method\n    ph:since 5 .\n"
    broken.write_text(text, encoding="utf-8")
    for language, words in (("sv", "Det saknas"), ("en", "missing"), ("xx", "missing")):
        done = phkg("fmt", "--check", "--root", root, "--lang", language)
        assert done.returncode == 2
        assert "registry/methods/broken.ttl:3:51: " in done.stderr and words in done.stderr
    phkg("fmt", "--root", root)
    assert broken.read_text(encoding="utf-8") == text
    assert untidy.read_text(encoding="utf-8") == TIDY  # A broken file does not stop the others.


def test_what_is_not_utf8_is_named_with_its_place_in_the_readers_language(phkg, root: Path, untidy: Path) -> None:
    untidy.write_bytes(b"# ett\n# tv" + b"\xe5\n")
    done = phkg("fmt", "--root", root, "--lang", "sv")
    assert done.returncode == 2
    assert "registry/methods/x.ttl:2:5: Filen är inte UTF-8" in done.stderr
    assert untidy.read_bytes().endswith(b"\xe5\n")


def test_a_path_that_is_not_there_is_refused(phkg, root: Path) -> None:
    done = phkg("fmt", "--root", root, root / "registry" / "nope.ttl")
    assert done.returncode == 2 and "nope.ttl" in done.stderr


def test_a_root_without_registry_is_refused(phkg, tmp_path: Path) -> None:
    done = phkg("fmt", "--root", tmp_path)
    assert done.returncode == 2 and "registry/" in done.stderr and "--root" in done.stderr


def test_a_file_is_put_in_its_place_in_one_step(untidy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is whole, old or new, at every moment: what is written is another file that then takes its name."""
    from phkg.cli.fmt import write_file

    seen = []
    replace = os.replace

    def watch(source, target):
        seen.append((Path(source).read_text(encoding="utf-8"), Path(target).read_text(encoding="utf-8"), Path(source).parent))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watch)
    assert write_file(untidy, TIDY.encode())
    assert seen == [(TIDY, UNTIDY, untidy.parent)]
    assert untidy.read_text(encoding="utf-8") == TIDY


def test_a_disk_that_refuses_leaves_the_file_and_no_draft(untidy: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from phkg.cli.fmt import write_file

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert not write_file(untidy, TIDY.encode())
    assert untidy.read_text(encoding="utf-8") == UNTIDY
    assert not untidy.with_name(".x.ttl.draft").exists()
    assert "No space left on device" in capsys.readouterr().err
