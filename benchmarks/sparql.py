"""The SPARQL endpoint beside the Rust server and rdflib-endpoint: the same triples, the same twelve queries, one run; and under attack."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.processes import PHKG, ROOT, make_registry
from benchmarks.snapshots import DAY
from benchmarks.sparql_servers import Server, free_port, install_peers, own, oxigraph_disk, oxigraph_memory, rdflib_endpoint, serving

PROGRAM = "phkg"
RUST = "oxigraph serve (memory)"
RUST_DISK = "oxigraph serve-read-only (disk)"
RDFLIB = "rdflib-endpoint"
WORKLOADS = {
    "mix, never seen": {"mix": "all", "repeated": False},
    "look-ups, never seen": {"mix": "light", "repeated": False},
    "mix, repeated": {"mix": "all", "repeated": True},
}
CLIENTS = 16
WARM = 6
"""Seconds for which each server is asked before it is measured."""
PLACE = re.compile(r"<loc>https?://[^/]+([^<]+)</loc>")
"""The path of an address in a site map."""


def measure(folder: Path, quick: bool) -> dict:
    """All of it; the quick form is a small registry, seconds instead of minutes, and no peers."""
    root = folder / "registry-of-queries"
    made = make_registry(root, 10_000 if quick else 1_000_000, faults=False)
    subprocess.run([*PHKG, "compile", str(folder / "compiled"), "--root", str(root), "--on", DAY], cwd=ROOT, check=True, capture_output=True)
    (snapshot,) = (path for path in (folder / "compiled").iterdir() if path.is_dir())
    return beside(snapshot, None if quick else install_peers(folder / "peers"), quick) | {"registry": made["triples"]}


def beside(snapshot: Path, programs: Path | None, quick: bool) -> dict:
    """The measurements over a compiled snapshot, with the peers whose programs are in a folder."""
    graph = snapshot / "graph.nt"
    servers: dict[str, AbstractContextManager[Server]] = {PROGRAM: own(snapshot)}
    if programs:
        servers |= {RUST: oxigraph_memory(programs, graph), RUST_DISK: oxigraph_disk(programs, graph), RDFLIB: rdflib_endpoint(programs, graph)}
    rows = []
    for who, begun in servers.items():
        with begun as server:
            clients = 1 if who == RDFLIB else CLIENTS
            # What a server does once after its start is not its speed; the numbers are others than those that are measured.
            load(
                kind="speed",
                port=server.port,
                path=server.path,
                clients=clients,
                seconds=1 if quick else WARM,
                first=1_000_000,
                limit=120,
                mix="all",
                repeated=False,
            )
            for workload, asked in WORKLOADS.items():
                seconds = 1 if quick else 30 if who == RDFLIB else 12
                found = load(kind="speed", port=server.port, path=server.path, clients=clients, seconds=seconds, first=1, limit=120, **asked)
                rows.append({"who": who, "workload": workload, "clients": clients, **plain(found), "memory_mib": server.memory()})
    return {"rows": rows, "under_attack": [*loaded(snapshot, quick), *pages(quick)], "processes": processes(quick)}


def load(**asked: object) -> dict:
    """What the load client measures."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.sparql_load"], input=json.dumps(asked), cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def plain(found: dict) -> dict:
    """The figures for a table."""
    statuses = ", ".join(f"{count} × {status}" for status, count in found["statuses"].items())
    return {**found, "statuses": statuses}


def loaded(snapshot: Path, quick: bool) -> list[dict]:
    """Sixty-four clients for a minute, a quarter of them hostile; memory of all processes before and after."""
    with own(snapshot) as server:
        before = server.memory()
        clients, hostile = (6, 2) if quick else (48, 16)
        found = load(kind="mixed", port=server.port, path=server.path, clients=clients, hostile=hostile, seconds=3 if quick else 60, numbers=8, limit=60)
        after = server.memory()
    return [
        {"what": "load test, honest", "clients": clients, **plain(found["honest"]), "memory_mib": f"{before} → {after}"},
        {"what": "load test, hostile", "clients": hostile, **plain(found["hostile"])},
    ]


def pages(quick: bool) -> list[dict]:
    """Pages of the program's own registry, at rest and while a hundred hostile queries arrive at once.

    Every page of its site map, in a mixed order, half of them for each row: nearly every page that is asked for is made for the first time.
    """
    rows = []
    with own_registry() as (server, addresses):
        for half, (what, hostile) in enumerate((("pages at rest", 0), ("pages while 100 hostile queries arrive", 100))):
            found = load(
                kind="pages", port=server.port, path="/sparql", clients=4, hostile=hostile, seconds=3 if quick else 20, pages=addresses[half::2], limit=60
            )
            rows.append({"what": what, "clients": 4, **plain(found["pages"]), "memory_mib": server.memory()})
    return rows


def processes(quick: bool) -> list[dict]:
    """Pages that are made for the first time, by one process and by two."""
    rows = []
    for count in (1, 2):
        with own_registry("--workers", str(count)) as (server, addresses):
            found = load(kind="pages", port=server.port, path="/sparql", clients=32, hostile=0, seconds=3 if quick else 10, pages=addresses, limit=60)
            rows.append({"processes": count, "clients": 32, **plain(found["pages"]), "memory_mib": server.memory()})
    return rows


@contextmanager
def own_registry(*options: str) -> Iterator[tuple[Server, list[str]]]:
    """`phkg serve` of the program's own registry, and the addresses of all its pages in a mixed order."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="phkg-bench-") as cache:
        command = [*PHKG, "serve", "--port", str(port), *options]
        with serving(command, port, "/sparql", {**os.environ, "XDG_CACHE_HOME": cache}) as server:
            parts = [places(port, part) for part in places(port, "/sitemap.xml")]
            for page in (page for part in parts for page in part[:2]):
                # What is made once after each start (templates, the history of the records) is not what is measured here.
                urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=60).close()
            addresses = [page for part in parts for page in part[2:]]
            random.Random(1).shuffle(addresses)
            yield server, addresses


def places(port: int, path: str) -> list[str]:
    """The paths that a site map, or its index, names."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return PLACE.findall(answer.read().decode())


def goals(result: dict) -> list[tuple[str, float, bool]]:
    """Each goal of the endpoint with what was measured and whether it is met."""
    rows = {(row["who"], row["workload"]): row for row in result["rows"]}
    mix, light, again = WORKLOADS
    honest, _, _, read = result["under_attack"]
    one, two = result["processes"]
    grown = round(two["per_s"] / max(one["per_s"], 0.01), 2)

    def ratio(workload: str, other: str) -> float:
        return round(rows[PROGRAM, workload]["per_s"] / max(rows[other, workload]["per_s"], 0.01), 2)

    def tail(other: str) -> float:
        return round(rows[PROGRAM, mix]["p99_ms"] / rows[other, mix]["p99_ms"], 2)

    beside_rust = [
        row
        for rust in (RUST_DISK, RUST)
        for row in (
            (f"never-seen mix: at least 0.95 of the requests a second of {rust}", ratio(mix, rust), ratio(mix, rust) >= 0.95),
            (f"never-seen mix: p99 below that of {rust}, as its share", tail(rust), tail(rust) < 1),
            (f"tiny look-ups: at least 0.35 of {rust}", ratio(light, rust), ratio(light, rust) >= 0.35),
            (f"repeated mix: at least 10 times {rust}", ratio(again, rust), ratio(again, rust) >= 10),
        )
    ]
    return [
        *beside_rust,
        ("never-seen mix: at least 50 times rdflib-endpoint's", ratio(mix, RDFLIB), ratio(mix, RDFLIB) >= 50),
        ("pages keep p95 under 100 ms while 100 hostile queries arrive", read["p95_ms"], read["p95_ms"] < 100),
        ("two processes make more pages than one, as a ratio", grown, grown >= 1.3),
        ("load test: no honest request lost or wrong", honest["lost"] + honest["wrong"], honest["lost"] + honest["wrong"] == 0),
    ]
