"""Pages that nobody has asked for before, by kind: of the real registry and of an invented one, from a running `phkg serve`, compressed as a browser asks.

What a kind is says the site map: a page that is no record is a kind of its own, and the records of one folder are one.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import psutil

from benchmarks.processes import PHKG, ROOT, make_registry

GOALS = {"the real registry": 30.0, "a million triples": 100.0}
"""Milliseconds within which 95 of 100 pages have to be there."""
PATIENCE = 300.0
"""Seconds that the server may take to its first page: it checks all records before."""
KIND_SECONDS, AT_LEAST = 6.0, 20
"""Seconds after which no more pages of a kind are asked for, where that many have been: a slow kind must not make the whole take an hour."""
RECORDS = 30
"""Records of a kind that are asked for, each in every language."""
LOCATION = re.compile(r"<loc>([^<]+)</loc>")
SEARCH = re.compile(r'role="search" action="([^"]+)"')
SEARCHED = ("region", "me", "1", "rapport")
"""What is searched for: words and beginnings that many names have."""
ANEW = {"Accept-Encoding": "gzip, deflate, br, zstd", "If-None-Match": '"none"'}
"""Headers of a request that no kept page answers, since it names a condition."""


def measure(folder: Path, triples: int, rounds: int) -> dict:
    """Milliseconds to the last byte of a page, at the median and the 95th percentile, and of the server's processor, by registry and kind."""
    invented = folder / "invented"
    made = make_registry(invented, triples, faults=False)["triples"]
    name = "a million triples" if triples == 1_000_000 else f"{triples} triples"
    rows = [{"registry": "the real registry", **row} for row in _of(folder, ROOT, rounds)]
    rows += [{"registry": name, **row} for row in _of(folder, invented, rounds)]
    return {"triples": made, "rows": sorted(rows, key=lambda row: (row["registry"] != "the real registry", -row["p95_ms"]))}


def goals(result: dict) -> Iterator[tuple[str, float, bool]]:
    """Each goal with the slowest kind's milliseconds, and whether that meets it."""
    for registry, most in GOALS.items():
        slowest = max((row for row in result["rows"] if row["registry"] == registry), key=lambda row: row["p95_ms"], default=None)
        if slowest:
            yield f"{registry}: 95 of 100 pages of every kind within {most:g} ms (slowest: {slowest['kind']})", slowest["p95_ms"], slowest["p95_ms"] <= most


def _of(folder: Path, root: Path, rounds: int) -> Iterator[dict]:
    with _served(folder, root) as (connection, process):
        for kind, addresses in _kinds(connection).items():
            yield {"kind": kind, **_timed(connection, process, addresses, rounds)}


def _timed(connection: http.client.HTTPConnection, process: psutil.Process, addresses: list[str], rounds: int) -> dict:
    # What pages of a kind share is made with the first; it is not a page's time.
    for address in addresses[:2]:
        _get(connection, address, ANEW)
    # One view is kept by the application, for the twins of a page: two addresses in turn are both made anew.
    asked = [address for _ in range(max(1, rounds // len(addresses))) for address in addresses]
    taken, sizes, before, end = [], [], _processor(process), time.perf_counter() + KIND_SECONDS
    for address in asked:
        begun = time.perf_counter()
        if begun > end and len(taken) >= AT_LEAST:
            break
        sizes.append(len(_get(connection, address, ANEW)))
        taken.append((time.perf_counter() - begun) * 1000)
    cpu = (_processor(process) - before) * 1000 / len(taken)
    return {
        "pages": len(taken),
        "sent_kB": round(max(sizes) / 1000, 1),
        "cpu_ms": round(cpu, 1),
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


def _kinds(connection: http.client.HTTPConnection) -> dict[str, list[str]]:
    """The addresses of each kind of page in all languages, of records a sample; a kind goes by its address in the first language."""
    chance, kinds = Random(1), defaultdict(list)
    for part in _locations(connection, "/sitemap.xml"):
        alike: dict[str, list[str]] = defaultdict(list)
        for address in _locations(connection, part):
            alike[address.strip("/").partition("/")[0]].append(address)
        several = list(zip(*alike.values(), strict=True))
        if part.endswith("/pages.xml"):
            kinds.update({others[0]: list(others) for others in several})
        else:
            sample = chance.sample(several, min(RECORDS, len(several)))
            kinds[f"{several[0][0].rsplit('/', 2)[0]}/…"] = [address for others in sample for address in others]
    search = SEARCH.search(_get(connection, next(iter(kinds)), {}).decode())
    if search:
        kinds[f"{search[1]}?q=…"] = [f"{search[1]}?q={letters}" for letters in SEARCHED]
    return dict(kinds)


def _locations(connection: http.client.HTTPConnection, address: str) -> list[str]:
    return [urlsplit(found).path for found in LOCATION.findall(_get(connection, address, {}).decode())]


def _get(connection: http.client.HTTPConnection, address: str, headers: dict[str, str]) -> bytes:
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address} was answered with {answer.status}.")
    return body


@contextmanager
def _served(folder: Path, root: Path) -> Iterator[tuple[http.client.HTTPConnection, psutil.Process]]:
    """A running server and a connection to it that stays open."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / f"cache-{port}")}
    server = subprocess.Popen(
        [*PHKG, "serve", "--root", str(root), "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                _get(connection, "/health", {})
                break
            except ConnectionError:
                connection.close()
                if server.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("phkg serve gave no page.") from None
                time.sleep(0.1)
        yield connection, psutil.Process(server.pid)
    finally:
        connection.close()
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(PATIENCE)


def _processor(process: psutil.Process) -> float:
    """Seconds of the process that makes pages, without those that answer queries."""
    used = process.cpu_times()
    return used.user + used.system
