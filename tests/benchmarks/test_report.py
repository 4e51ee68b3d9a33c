"""The measurements run, and the report says what the results files say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.__main__ import goals, measure
from benchmarks.processes import ROOT, run
from benchmarks.report import render


def test_a_quick_measurement_of_validation_finds_exactly_the_expected(tmp_path: Path):
    # In a small process, as benchmarks are: a peak is at least what the parent held, and pytest may hold much.
    asked = f"from pathlib import Path; from benchmarks.__main__ import measure; measure('validation', True, Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    (row,) = json.loads((tmp_path / "validation.json").read_text(encoding="utf-8"))["rows"]
    assert (row["who"], row["finished"], row["missing"], row["unexpected"]) == ("phkg validate", True, 0, 0)
    assert 0 < row["wall_s"] and 0 < row["cpu_s"] and 20 < row["peak_mib"] < 1000
    assert f"| {row['wall_s']} |" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_a_command_past_its_limit_is_stopped_and_said_to_be():
    stopped = run([sys.executable, "-c", "while True: pass"], limit=0.3)
    assert not stopped.finished and 0.3 <= stopped.wall < 5
    assert run([sys.executable, "-c", "raise SystemExit(3)"]).code == 3


def test_memory_and_processor_time_are_those_of_the_command():
    held = "held = bytearray(150 * 2**20); print(sum(range(3_000_000)))"
    asked = f"from benchmarks.processes import run; import sys; spent = run([sys.executable, '-c', {held!r}]); print(spent.peak, spent.cpu)"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    peak, cpu = map(float, told.stdout.split())
    assert 150 <= peak < 300
    assert 0.01 < cpu


def test_a_missed_goal_and_a_stopped_peer_are_said_plainly(tmp_path: Path):
    rows = [
        {"who": "phkg validate", "triples": 10_000, "finished": True, "wall_s": 2.0, "cpu_s": 2.0, "missing": 0, "unexpected": 1},
        {"who": "pyshacl", "triples": 10_000, "finished": False, "wall_s": 600.0, "cpu_s": 590.0, "missing": None, "unexpected": None},
    ]
    ratios = [{"who": "pyshacl", "triples": 10_000, "at_least": True, "wall": 300.0, "cpu": 295.0}]
    result = {"rows": rows, "ratios": ratios, "growth": []}
    held = goals("validation", result)
    assert [goal["met"] for goal in held] == [False, True]
    about = {"date": "2026-01-02", "cores": 2, "system": "Linux", "load": 0.1, "versions": {"phkg": "0"}}
    (tmp_path / "validation.json").write_text(json.dumps({"what": "A trial", "measured_on": about, **result, "goals": held}), encoding="utf-8")
    text = render(tmp_path)
    assert "**missed**: exactly the expected" in text and "> 600, stopped" in text and "> 300.0" in text


def test_results_name_no_machine_and_no_path(tmp_path: Path):
    measure("turtle", quick=True, results=tmp_path)
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert str(Path.home()) not in text and str(Path.cwd()) not in text and "/tmp" not in text
