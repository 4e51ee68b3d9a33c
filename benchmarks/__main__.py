"""Measures and writes the results: `python -m benchmarks [--quick] [--only NAME]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import snapshots, validating
from benchmarks.processes import ROOT
from benchmarks.report import render

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("phkg", "pyoxigraph", "shacl", "shacl-rust", "pyshacl", "rdflib")


def analysis(folder: Path, quick: bool) -> dict:
    """Every measure of equal access: regions × methods × years on one core"""
    from benchmarks import analysis as measured

    return measured.measuring(30 if quick else 300, 100 if quick else 1000, 1 if quick else 3)


def validation(folder: Path, quick: bool) -> dict:
    """phkg validate beside pySHACL and the bare engines"""
    sizes = [10_000] if quick else [10_000, 100_000, 1_000_000]
    return validating.measure(folder, sizes, repeats=1 if quick else 3, peers=not quick)


def building(folder: Path, quick: bool) -> dict:
    """The static site of the real registry and of invented ones, anew and again"""
    from benchmarks import building as build

    return build.measure(folder, build.SIZES[:1] if quick else build.SIZES)


def checking(folder: Path, quick: bool) -> dict:
    """phkg check on the real registry, beside one validation at a million triples, and one record against a loaded snapshot"""
    from benchmarks import checking as check

    return check.measure(folder, 10_000 if quick else 1_000_000, 1 if quick else 3)


def locating(folder: Path, quick: bool) -> dict:
    """Places and words for a thousand findings in as many files"""
    from benchmarks import in_process

    return in_process.locating(1 if quick else 5)


def snapshot(folder: Path, quick: bool) -> dict:
    """Compiling a snapshot and opening it"""
    return snapshots.compiling(folder, 10_000 if quick else 1_000_000, 1 if quick else 3)


def searching(folder: Path, quick: bool) -> dict:
    """Search by name, beside a scan"""
    from benchmarks import searching as search

    return search.measure(10_000 if quick else 100_000)


def pages(folder: Path, quick: bool) -> dict:
    """Every kind of page, made for the first reader who asks for it"""
    from benchmarks import pages as measured

    return measured.measure(folder, 20_000 if quick else 1_000_000, 10 if quick else 60)


def serving(folder: Path, quick: bool) -> dict:
    """From the start of phkg serve to the first page, none of the real registry's records compiled before; and from a changed record to its page"""
    return {"rows": [snapshots.first_page(1 if quick else 5), snapshots.change_shown(folder, 1 if quick else 5)]}


def sparql(folder: Path, quick: bool) -> dict:
    """The SPARQL endpoint beside oxigraph's server and rdflib-endpoint, and under attack"""
    from benchmarks import sparql as endpoint

    return endpoint.measure(folder, quick)


def turtle(folder: Path, quick: bool) -> dict:
    """Reading Turtle with places, and formatting it"""
    from benchmarks import in_process

    return in_process.reading(10_000 if quick else 100_000, 1 if quick else 3)


MEASUREMENTS: dict[str, Callable[[Path, bool], dict]] = {
    "analysis": analysis,
    "building": building,
    "checking": checking,
    "locating": locating,
    "pages": pages,
    "searching": searching,
    "serving": serving,
    "snapshot": snapshot,
    "sparql": sparql,
    "turtle": turtle,
    "validation": validation,
}


def goals(name: str, result: dict) -> list[dict]:
    """The goals that a result can be held against, whether each is met, and by what."""
    found = []

    def hold(goal: str, measured: float, met: bool) -> None:
        found.append({"goal": goal, "measured": measured, "met": met})

    if name == "analysis":
        whole = next(row for row in result["rows"] if row["measures"] == "all")
        hold("all measures over 300 regions, 1,000 methods and 20 years within 10 s on one core (processor time)", whole["cpu_s"], whole["cpu_s"] < 10)
        shared = next(row for row in result["rows"] if row["measures"].startswith("one allocation"))
        hold("one allocation with sensitivity within 200 ms (processor time)", shared["cpu_s"], shared["cpu_s"] < 0.2)
    if name == "building":
        for row in result["rows"]:
            if "pages_per_cpu_s" in row and row["pages"] > 5_000:
                hold(f"{row['build']}: at least 1,000 pages a second and core", row["pages_per_cpu_s"], row["pages_per_cpu_s"] >= 1000)
            if row["build"].endswith("changed"):
                hold(f"{row['build']}: within 2 s of loading", row["wall_s"], row["wall_s"] <= 2)
        for step in result["growth"]:
            hold(f"from {step['from']} to {step['to']} pages no faster than the pages (power of the processor time)", step["cpu_s"], step["cpu_s"] <= 1.05)
    if name == "checking":
        by_name = {row["who"]: row for row in result["rows"]}
        real = by_name["check, real registry, base not kept"]
        hold("the whole check of the real registry as a process within 5 s", real["wall_s"], real["wall_s"] < 5)
        hold("ten changed records at a million triples: at most 1.5 times one validation", result["ratio"]["wall_s"], result["ratio"]["wall_s"] <= 1.5)
        for row in result["rows"]:
            if "slowest_s" in row:
                hold(f"{row['who']}, at a million triples, within 1 s", row["slowest_s"], row["slowest_s"] < 1 and not row.get("checked_whole"))
    if name == "locating":
        hold("a thousand findings located within 2 s", result["wall_s"], result["wall_s"] <= 2)
    if name == "pages":
        from benchmarks.pages import goals as goals_of_pages

        for goal, measured, met in goals_of_pages(result):
            hold(goal, measured, met)
    if name == "searching":
        for row in result["rows"]:
            if row["who"] == "phkg":
                hold(f"{row['query']} among {result['records']} records: 95 of 100 within 5 ms", row["p95_ms"], row["p95_ms"] < 5)
    if name == "serving":
        for row in result["rows"]:
            hold(f"{row['what']} within 2 s", row["wall_s"], row["wall_s"] < 2)
    if name == "sparql":
        from benchmarks.sparql import goals as endpoint_goals

        for goal, measured, met in endpoint_goals(result):
            hold(goal, measured, met)
    if name == "validation":
        own = [row for row in result["rows"] if row["who"] == validating.PROGRAM]
        hold(
            "exactly the expected findings at every size",
            sum(row["missing"] + row["unexpected"] for row in own),
            all(row["missing"] == row["unexpected"] == 0 for row in own),
        )
        for ratio in result["ratios"]:
            if ratio["who"] == "pyshacl" and ratio["triples"] < 500_000:
                hold(f"at least 50 times as fast as pySHACL at {ratio['triples']} triples", ratio["wall"], ratio["wall"] >= 50)
        for row in own:
            if row["triples"] > 900_000:
                hold("a million triples within 15 s", row["wall_s"], row["wall_s"] <= 15)
                hold("a million triples within 1.2 GB", row["peak_mib"], row["peak_mib"] <= 1200)
        for step in result["growth"]:
            hold(f"from {step['from']} to {step['to']} triples no faster than the data (power of the processor time)", step["cpu_s"], step["cpu_s"] <= 1.05)
    return found


def machine() -> dict:
    """Where and with what it was measured: nothing that names the machine."""
    versions = {"Python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    when = datetime.now(UTC).date().isoformat()
    return {"date": when, "cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}", "load": load, "versions": versions}


def measure(name: str, quick: bool, results: Path) -> None:
    """Runs one measurement and writes its results file and the report to the folder `results`."""
    results.mkdir(parents=True, exist_ok=True)
    before = machine()
    with tempfile.TemporaryDirectory(prefix="phkg-bench-") as folder:
        result = MEASUREMENTS[name](Path(folder), quick)
    # Goals are for the full sizes on a machine that does nothing else.
    held = [] if quick else goals(name, result)
    whole = {"what": MEASUREMENTS[name].__doc__, "measured_on": before, **result, "goals": held}
    (results / f"{name}.json").write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (results / "README.md").write_text(render(results), encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory beside peers.")
    parser.add_argument("--quick", action="store_true", help="the smallest size once, without peers")
    parser.add_argument("--only", choices=sorted(MEASUREMENTS), help="one measurement")
    parser.add_argument("--into", type=Path, default=RESULTS, help="folder for the results")
    given = parser.parse_args()
    if given.only:
        measure(given.only, given.quick, given.into)
        return
    for name in MEASUREMENTS:
        # Each in a process of its own, so that none begins with what another left in memory.
        print(f"{name}: {MEASUREMENTS[name].__doc__} ...", flush=True)
        quick = ["--quick"] if given.quick else []
        subprocess.run([sys.executable, "-m", "benchmarks", "--only", name, "--into", str(given.into.resolve()), *quick], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
