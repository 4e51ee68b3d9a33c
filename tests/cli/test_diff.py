"""`phkg diff` as a person types it: revisions, folders, files and dumps; how it ends, and what it says when it cannot."""

from __future__ import annotations

import gzip
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import GRAPH
from phkg.records.knowledge import find_knowledge

from .editing import edit


def rename_osby(root: Path) -> None:
    edit(root / "registry/regions/osby.ttl", "Region Ösby", "Ösby landsting")


RENAMED = "  changed: Ösby landsting\n      name: Region Ösby → Ösby landsting\n"


def test_a_revision_with_the_files_as_they_lie(phkg, root: Path, git) -> None:
    done = phkg("diff", "HEAD", "--root", root, "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "") and "Nothing in meaning." in done.stdout
    rename_osby(root)
    done = phkg("diff", "HEAD", "--root", root, "--lang", "en")
    assert (done.returncode, done.stderr) == (1, "") and RENAMED in done.stdout


def test_two_revisions_whatever_lies_in_the_folder(phkg, root: Path, git) -> None:
    rename_osby(root)
    git("commit", "--quiet", "--all", "-m", "Another name")
    git("tag", "renamed")
    (root / "registry/methods/half.ttl").write_text("this is no turtle", encoding="utf-8")
    done = phkg("diff", "HEAD~1", "renamed", "--root", root, "--lang", "en")
    assert done.returncode == 1 and RENAMED in done.stdout
    assert done.stdout.startswith("What changed from HEAD~1 to renamed\n")
    back = phkg("diff", "renamed", "HEAD~1", "--root", root, "--lang", "sv")
    assert "  ändrad: Region Ösby\n      namn: Ösby landsting → Region Ösby\n" in back.stdout


def test_what_a_branch_means_since_it_parted(phkg, root: Path, git) -> None:
    git("checkout", "--quiet", "-b", "topic")
    rename_osby(root)
    git("commit", "--quiet", "--all", "-m", "Another name")
    git("checkout", "--quiet", "main")
    edit(root / "registry/regions/boda.ttl", "Region Boda", "Boda landsting")
    git("commit", "--quiet", "--all", "-m", "Meanwhile")
    parted = phkg("diff", "main...topic", "--root", root, "--lang", "en")
    assert parted.returncode == 1 and RENAMED in parted.stdout and "Boda landsting" not in parted.stdout
    straight = phkg("diff", "main", "topic", "--root", root, "--lang", "en")
    assert "Boda landsting → Region Boda" in straight.stdout


def test_two_folders_outside_of_git(phkg, root: Path, tmp_path: Path) -> None:
    other = shutil.copytree(root, tmp_path / "other")
    rename_osby(other)
    done = phkg("diff", root, other, "--root", root, "--lang", "en")
    assert (done.returncode, done.stderr) == (1, "") and RENAMED in done.stdout


def test_a_file_is_compared_as_if_it_lay_in_the_registry(phkg, root: Path, tmp_path: Path) -> None:
    """With its labels and what follows, whatever its name is."""
    draft = tmp_path / "draft.ttl"
    shutil.copy(root / "registry/implementations/boda.ttl", draft)
    edit(draft, "ph:state stage:tried ;\n    ph:statedBy source:blank", "ph:state stage:usual ;\n    ph:statedBy source:blank")
    done = phkg("diff", root / "registry/implementations/boda.ttl", draft, "--root", root, "--lang", "en", "--on", "2021-06-01")
    assert done.returncode == 1
    assert "  changed: Boda Region: ånga, tried → usual (source: Utan dag)\n" in done.stdout
    assert "  ånga: 0 to 50 per cent (2 of 3 regions unknown) → 50 to 100 per cent (2 of 3 regions unknown)\n" in done.stdout
    assert phkg("diff", draft, draft, "--root", root).returncode == 0


def test_a_revision_with_a_file_that_is_not_in_it(phkg, root: Path, git, tmp_path: Path) -> None:
    draft = tmp_path / "draft.ttl"
    shutil.copy(root / "registry/regions/osby.ttl", draft)
    edit(draft, "Region Ösby", "Ösby landsting")
    assert RENAMED in phkg("diff", "HEAD", draft, "--root", root, "--lang", "en").stdout


@pytest.fixture
def dump(root: Path, tmp_path: Path) -> Path:
    """The dump of the registry as it was, as a server offers it."""
    snapshot = compile_snapshot(find_knowledge(root), date(2021, 6, 1), tmp_path / "snapshots")
    target = tmp_path / "served" / "registry.nt.gz"
    target.parent.mkdir()
    target.write_bytes(gzip.compress((snapshot.path / GRAPH).read_bytes()))
    return target


@pytest.fixture
def served(dump: Path) -> Iterator[str]:
    """The address of a server that serves the dump and nothing else."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(dump.parent))

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def test_a_dump_holds_the_same_as_the_files_it_was_made_of(phkg, root: Path, dump: Path) -> None:
    """What is derived is worked out anew on both sides, so that a dump of another day does not differ."""
    assert phkg("diff", dump, root, "--root", root).returncode == 0
    rename_osby(root)
    done = phkg("diff", dump, root, "--root", root, "--lang", "en")
    assert done.returncode == 1 and RENAMED in done.stdout


def test_the_dump_of_a_running_registry_by_its_address(phkg, root: Path, served: str, dump: Path) -> None:
    rename_osby(root)
    done = phkg("diff", f"{served}/registry.nt.gz", root, "--root", root, "--lang", "en")
    assert done.returncode == 1 and RENAMED in done.stdout
    missing = phkg("diff", f"{served}/none.nt", root, "--root", root)
    assert missing.returncode == 2 and "cannot be fetched" in missing.stderr and "404" in missing.stderr


def test_the_report_can_be_written_to_a_file(phkg, root: Path, git, tmp_path: Path) -> None:
    rename_osby(root)
    for form, begins in (("text", "Vad som"), ("markdown", "# Vad som"), ("html", "<!doctype html>"), ("json", "{")):
        target = tmp_path / f"report.{form}"
        done = phkg("diff", "HEAD", "--root", root, "--format", form, "--output", target)
        assert (done.returncode, done.stdout) == (1, "")
        assert target.read_text(encoding="utf-8").lstrip().startswith(begins)
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["changes"]["count"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere",), "nowhere is no file or folder"),
        (("HEAD", "--lang", "xx"), "no language xx; it has sv, en, fi"),
        (("README",), "README is no file or folder"),
        (("HEAD", "--root", "/nowhere"), "no folder registry/"),
        (("--", "--upload-pack=x"), "is no file or folder"),
    ],
)
def test_what_cannot_be_compared_is_said_in_words(phkg, root: Path, arguments: tuple[str, ...], says: str) -> None:
    options = () if "--root" in arguments else ("--root", root)
    done = phkg("diff", *options, *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert says in done.stderr or (arguments[0] == "HEAD" and "no git repository" in done.stderr)


def test_an_unknown_revision_and_language_in_a_repository(phkg, root: Path, git) -> None:
    assert "nothing-like-it is no revision of" in phkg("diff", "nothing-like-it", "--root", root).stderr
    assert "The registry has no language xx; it has sv, en, fi." in phkg("diff", "HEAD", "--lang", "xx", "--root", root).stderr


def test_a_file_that_is_no_turtle_is_named_with_its_line(phkg, root: Path, git, tmp_path: Path) -> None:
    (root / "registry/methods/half.ttl").write_text("\n<a> <b> ;", encoding="utf-8")
    done = phkg("diff", "HEAD", "--root", root)
    assert done.returncode == 2 and "registry/methods/half.ttl:" in done.stderr
    lone = tmp_path / "lone.ttl"
    lone.write_text("no turtle", encoding="utf-8")
    assert f"{lone}:1:" in phkg("diff", root / "registry/regions/osby.ttl", lone, "--root", root).stderr
    assert "is one file; name another" in phkg("diff", lone, "--root", root).stderr
