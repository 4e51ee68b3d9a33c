"""The wheel works by itself: installed anywhere, run from anywhere, with the knowledge inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds, as an installer lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run_elsewhere(installed: Path, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # The checkout is on the path of the tests' own interpreter; -P and PYTHONPATH put the wheel's content before it.
    environment = {**os.environ, "PYTHONPATH": str(installed), "XDG_CACHE_HOME": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-P", "-m", "phkg", *arguments],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_it_holds_every_knowledge_file(installed: Path) -> None:
    for room in ("ontology", "shapes", "registry", "web"):
        here = {path.relative_to(ROOT) for path in (ROOT / room).rglob("*") if path.is_file()}
        there = {path.relative_to(installed / "phkg" / "knowledge") for path in (installed / "phkg" / "knowledge" / room).rglob("*") if path.is_file()}
        assert here and here == there


def test_it_runs_from_another_folder_on_its_own_knowledge(installed: Path, tmp_path: Path) -> None:
    checked = run_elsewhere(installed, tmp_path, "validate", "--format", "json")
    assert checked.returncode == 0, checked.stderr
    compiled = run_elsewhere(installed, tmp_path, "compile", "snapshots")
    assert compiled.returncode == 0 and Path(tmp_path, compiled.stdout.strip()).is_dir()


def test_it_is_really_the_wheel_that_ran(installed: Path, tmp_path: Path) -> None:
    script = "import phkg.records.knowledge as k; print(k.find_knowledge().registry)"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    found = subprocess.run([sys.executable, "-P", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(installed / "phkg" / "knowledge" / "registry")


def test_its_metadata_names_licence_and_python(installed: Path) -> None:
    (metadata,) = installed.glob("phkg-*.dist-info/METADATA")
    text = metadata.read_text(encoding="utf-8")
    assert "License-Expression: MIT" in text and "Requires-Python: >=3.11" in text
