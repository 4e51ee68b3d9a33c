"""The folder of a built site: whole at every moment, written once, and never at the cost of what others put there."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.publishing.build_files import MANIFEST, STAGED, BuildFault, Outcome, SiteFolder

OLD = {"index.html": b"old", "a/index.html": b"same", "a.json": b"{}", "b/c/index.html": b"gone soon"}
NEW = {"index.html": b"new", "a/index.html": b"same", "a.json": b"[]", "d/index.html": b"more", "d.csv": b"x"}

Files = dict[str, bytes]


def build(folder: Path, files: Files) -> Outcome:
    site = SiteFolder(folder)
    with site.at_work():
        return site.finish({name: site.keep(name, body) for name, body in files.items()})


def files_in(folder: Path) -> Files:
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: body for name, body in found.items() if name != MANIFEST and not name.startswith(STAGED)}


SITES = st.dictionaries(st.sampled_from(("index.html", "a/index.html", "a/b/index.html", "a.json", "b.csv", "c/index.html")), st.binary(max_size=3), min_size=1)


@settings(max_examples=50, deadline=None)
@given(SITES, SITES)
def test_a_build_over_another_is_the_same_as_a_clean_one(tmp_path_factory: pytest.TempPathFactory, before: Files, after: Files) -> None:
    folder, clean = tmp_path_factory.mktemp("over"), tmp_path_factory.mktemp("clean")
    build(folder, before)
    outcome = build(folder, after)
    build(clean, after)
    assert files_in(folder) == files_in(clean) == after
    assert (folder / MANIFEST).read_bytes() == (clean / MANIFEST).read_bytes()
    assert {path.relative_to(folder) for path in folder.rglob("*")} == {path.relative_to(clean) for path in clean.rglob("*")}
    written = [name for name in after if before.get(name) != after[name]]
    assert outcome == Outcome(len(after), len(written), len(before.keys() - after.keys()))


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(BuildFault, match="letter.txt"):
        build(tmp_path, NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_hidden_files_such_as_those_of_git_do_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    build(tmp_path, NEW)
    assert files_in(tmp_path) == NEW and (tmp_path / ".git").is_dir()


def test_a_foreign_file_where_a_page_belongs_is_refused_before_anything_changes(tmp_path: Path) -> None:
    build(tmp_path, OLD)
    (tmp_path / "d.csv").write_text("mine")
    with pytest.raises(BuildFault, match="d.csv"):
        build(tmp_path, NEW)
    assert files_in(tmp_path) == OLD | {"d.csv": b"mine"}
    assert not (tmp_path / STAGED).exists()


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path)
    with site.at_work(), pytest.raises(BuildFault, match="Another build"), SiteFolder(tmp_path).at_work():
        pass


def test_a_build_that_fails_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    build(tmp_path, OLD)
    site = SiteFolder(tmp_path)
    with pytest.raises(ZeroDivisionError), site.at_work():
        site.keep("index.html", b"half")
        raise ZeroDivisionError
    assert files_in(tmp_path) == OLD
    assert not (tmp_path / STAGED).exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from phkg.publishing.build_files import SiteFolder

folder, moves, files = Path(sys.argv[1]), int(sys.argv[2]), eval(sys.argv[3])

def counted(step):
    def stepping(*arguments, **named):
        global moves
        moves -= 1
        if moves < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*arguments, **named)
    return stepping

os.replace, Path.unlink = counted(os.replace), counted(Path.unlink)
site = SiteFolder(folder)
with site.at_work():
    site.finish({name: site.keep(name, body) for name, body in files.items()})
"""


@pytest.mark.parametrize("steps", range(8))
def test_a_build_killed_at_any_step_leaves_the_old_site_or_is_brought_to_its_end_by_the_next(tmp_path: Path, steps: int) -> None:
    """Step 0 is the one that decides; from then on the next build first finishes this one, whatever it builds itself."""
    folder = tmp_path / "site"
    build(folder, OLD)
    done = subprocess.run([sys.executable, "-c", KILLED, folder, str(steps), repr(NEW)], capture_output=True, text=True)
    if steps == 0:
        assert files_in(folder) == OLD
    # Four files, one removal, the decision and the manifest make seven steps.
    assert done.returncode == (-signal.SIGKILL if steps < 7 else 0), done.stderr
    site = SiteFolder(folder)
    with site.at_work():
        assert files_in(folder) == (OLD if steps == 0 else NEW)
    assert build(folder, NEW).written == (len([name for name in NEW if OLD.get(name) != NEW[name]]) if steps == 0 else 0)
    assert files_in(folder) == NEW
