"""The two commands: what `make` alone says, and what a machine without Python is told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=plain, capture_output=True, text=True, timeout=60)


def test_make_alone_lists_every_target_with_a_sentence() -> None:
    listed = dict(re.findall(r"^make (\S+) +(.+)$", make().stdout, flags=re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert phony and set(listed) == set(phony[1].split())
    assert all(sentence.endswith((".", ")")) or "." in sentence for sentence in listed.values())


def test_a_missing_python_gives_one_sentence(tmp_path: Path) -> None:
    ended = make("serve", "PYTHON=", f"VENV={tmp_path / 'venv'}")
    told = [line for line in ended.stderr.splitlines() if not line.startswith("make")]
    assert ended.returncode == 2 and len(told) == 1
    assert "Python 3.11" in told[0] and not (tmp_path / "venv").exists()


def test_a_second_run_sets_nothing_up_again() -> None:
    """With everything in place, make has nothing to do before the server itself."""
    planned = make("--dry-run", "serve", f"VENV={Path(sys.prefix)}").stdout
    assert "phkg serve" in planned
    if (Path(sys.prefix) / "run.stamp").exists():
        assert "install" not in planned


def test_the_pins_hold_hashes_and_no_download_address() -> None:
    for name in ("run.txt", "test.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        assert "://" not in text and "--index" not in text
        pinned = re.findall(r"^[A-Za-z0-9_.\[\]-]+==\S+.*$", text, flags=re.MULTILINE)
        assert len(pinned) > 20 and all(line.rstrip().endswith("\\") for line in pinned)
        assert text.count("--hash=sha256:") > len(pinned)
