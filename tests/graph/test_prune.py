"""Old snapshots go, those in use stay."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from phkg.graph.prune import hold, prune
from phkg.graph.snapshot import write_snapshot

HOLDER = "import sys; from pathlib import Path; from phkg.graph.prune import hold; held = hold(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def snapshots(tmp_path: Path) -> list[Path]:
    """Six snapshots, the oldest first."""
    made = [write_snapshot(tmp_path, f"s{number}", b"", {}) for number in range(6)]
    for number, folder in enumerate(made):
        os.utime(folder, (1_000_000 + number, 1_000_000 + number))
    return made


def there(snapshots: list[Path]) -> list[str]:
    return [folder.name for folder in snapshots if folder.exists()]


def test_the_newest_stay(snapshots: list[Path]) -> None:
    assert sorted(prune(snapshots[0].parent)) == snapshots[:3]
    assert there(snapshots) == ["s3", "s4", "s5"]
    assert sorted(path.name for path in snapshots[0].parent.iterdir()) == ["s3", "s4", "s5"]
    assert prune(snapshots[0].parent) == []


def test_what_is_used_again_is_new(snapshots: list[Path]) -> None:
    hold(snapshots[0]).close()
    prune(snapshots[0].parent)
    assert there(snapshots) == ["s0", "s4", "s5"]


def test_one_that_another_process_holds_stays_until_that_ends(snapshots: list[Path]) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(snapshots[1])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout and holder.stdout.readline() == "held\n"
    # Held, though as old as ever.
    os.utime(snapshots[1], (1_000_001, 1_000_001))
    prune(snapshots[0].parent)
    assert there(snapshots) == ["s1", "s3", "s4", "s5"]
    holder.kill()
    holder.communicate()
    prune(snapshots[0].parent)
    assert there(snapshots) == ["s3", "s4", "s5"]


def test_what_was_never_finished_goes_in_time(tmp_path: Path) -> None:
    for name, age in ((".draft-old", 0), (".draft-new", None)):
        (tmp_path / name).mkdir()
        if age is not None:
            os.utime(tmp_path / name, (age, age))
    prune(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".draft-new"]
