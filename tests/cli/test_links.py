"""Checking the addresses of sources against a real server with every fault; nothing reaches beyond this machine."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import RdfFormat, parse

from phkg.curation.link_check import Checked, Manners, check_all, is_public
from phkg.curation.links import State, findings, proposed, sources, written
from phkg.records.knowledge import find_knowledge

PAUSE = 0.02
ANSWERS = {
    "/fine": (200, ""), "/gone": (404, ""), "/gone-for-good": (410, ""), "/moved": (301, "/fine"), "/moved-twice": (308, "/moved"), "/for-now": (302, "/fine"),
    "/moved-then-for-now": (301, "/for-now"), "/loop": (302, "/loop"), "/error": (500, ""), "/forbidden": (403, ""), "/front": (301, "/"), "/": (200, ""),
    "/private": (302, "http://127.0.0.2:{port}/fine"), "/file": (302, "file:///etc/passwd"), "/secret/page": (200, ""), "/moved-to-gone": (301, "/gone"),
}  # fmt: skip


@dataclass
class Host:
    """A server that answers as its paths say, and remembers who asked for what, when."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    origin: str = ""

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]


@pytest.fixture
def host() -> Iterator[Host]:
    told, lock, stop = Host(), threading.Lock(), threading.Event()

    class Answering(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            with lock:
                told.asked.append((self.command, self.path, self.headers["User-Agent"]))
                told.at_once += 1
                told.most_at_once = max(told.most_at_once, told.at_once)
            try:
                self._say()
            finally:
                with lock:
                    told.at_once -= 1

        do_GET = do_HEAD

        def _say(self) -> None:
            path = urlsplit(self.path).path
            if path == "/robots.txt":
                body = b"User-agent: *\nDisallow: /secret/\n"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            if path == "/available":
                address = parse_qs(urlsplit(self.path).query)["url"][0]
                copy = {"available": True, "status": "200", "url": f"http://web.archive.org/web/2024/{address}"}
                body = json.dumps({"archived_snapshots": {"closest": copy} if address.endswith("/gone") else {}}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            if path == "/slow":
                stop.wait(20)
                return
            if path == "/only-get" and self.command == "HEAD":
                status, target = 404, ""
            else:
                status, target = ANSWERS.get(path, (200, ""))
            self.send_response(status)
            if target:
                self.send_header("Location", target.format(port=server.server_port))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        told.origin = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield told
        stop.set()
        server.shutdown()


def check(addresses: list[str], **manners) -> dict[str, Checked]:
    usual = {"pause": PAUSE, "seconds": 1.0, "may": lambda ip: ip == "127.0.0.1"}

    async def run() -> list[Checked]:
        return [one async for one in check_all(addresses, Manners(**{**usual, **manners}), "phkg-links/test")]

    return {one.address: one for one in asyncio.run(run())}


def test_each_fault_is_told_for_what_it_is(host: Host) -> None:
    expected = {
        "/fine": "works", "/only-get": "works", "/for-now": "works", "/gone": "dead", "/gone-for-good": "dead", "/moved-to-gone": "dead", "/moved": "moved",
        "/moved-twice": "moved", "/moved-then-for-now": "moved", "/loop": "unreachable", "/error": "unreachable", "/forbidden": "unreachable",
        "/front": "unreachable", "/private": "unreachable", "/file": "unreachable", "/slow": "unreachable", "/secret/page": "not-asked",
    }  # fmt: skip
    found = check([host.origin + path for path in expected])
    assert {address.removeprefix(host.origin): one.outcome for address, one in found.items()} == expected
    assert found[host.origin + "/moved-twice"].new == host.origin + "/fine"
    # What is behind a redirect for now is no new address.
    assert found[host.origin + "/moved-then-for-now"].new == host.origin + "/for-now"
    assert "private network" in found[host.origin + "/private"].why and "no web address" in found[host.origin + "/file"].why
    assert "front page" in found[host.origin + "/front"].why and "1 seconds" in found[host.origin + "/slow"].why
    assert "/secret/page" not in host.paths()


def test_what_cannot_be_reached_is_not_dead() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        found = check([f"http://127.0.0.1:{closed.getsockname()[1]}/x", "http://no-such-host.invalid/x"])
    assert {one.outcome for one in found.values()} == {"unreachable"}


def test_a_host_is_asked_one_at_a_time_with_pauses_by_name(host: Host) -> None:
    began = time.monotonic()
    check([f"{host.origin}/page/{number}" for number in range(8)], pause=0.05)
    assert host.most_at_once == 1 and time.monotonic() - began >= 8 * 0.05
    assert {agent for _, _, agent in host.asked} == {"phkg-links/test"}
    assert host.paths().count("/robots.txt") == 1


def test_a_private_network_is_never_asked(host: Host) -> None:
    (one,) = check([host.origin + "/fine"], may=is_public).values()
    assert one.outcome == "not-asked" and host.asked == []


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1"]
)
def test_private_addresses_are_known(ip: str) -> None:
    assert not is_public(ip)


def test_public_addresses_are_known() -> None:
    assert is_public("193.10.1.1") and is_public("2001:6b0:1::1")


def registry(root: Path, origin: str) -> Path:
    """A registry with three sources: one that works, one that moved, one that is dead."""
    (root / "registry/sources").mkdir(parents=True)
    (root / "registry/registry.ttl").write_text(
        '@prefix ph: <https://w3id.org/phkg/ontology#> .\n<https://example.org/r/registry> a ph:Registry ; ph:languages "sv en" .\n', encoding="utf-8"
    )
    for name in ("fine", "moved", "gone"):
        (root / f"registry/sources/{name}.ttl").write_text(
            f"""# A comment that stays.

@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix ph: <https://w3id.org/phkg/ontology#> .

<https://example.org/r/sources/{name}> a ph:Source ;
    dcterms:title "Sida {name}"@sv ;
    schema:url "{origin}/{name}"^^xsd:anyURI .
""",
            encoding="utf-8",
        )
    return root


def test_a_second_run_goes_on_where_the_first_ended(host: Host, tmp_path: Path) -> None:
    today, path = date(2026, 11, 23), tmp_path / "state.jsonl"
    addresses = [f"{host.origin}/{name}" for name in ("fine", "gone", "error")]
    state = State(path)
    for one in check(addresses[:1]).values():
        state.keep(one, today)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"address": "cut off')
    assert State(path).left(addresses, today, 30) == addresses[1:]
    for one in check(addresses[1:]).values():
        state.keep(one, today)
    assert state.left(addresses, today, 30) == []
    # On another day what was not reached is tried again, and after the days all.
    assert state.left(addresses, date(2026, 11, 24), 30) == [addresses[2]]
    assert state.left(addresses, date(2026, 12, 24), 30) == addresses


def test_the_command_reports_and_proposes(host: Host, tmp_path: Path, phkg) -> None:
    root, state = registry(tmp_path / "r", host.origin), tmp_path / "state.jsonl"
    usual = ("links", "--root", root, "--state", state, "--private", "--pause", "0")
    done = phkg(*usual, "--archive", "--archive-service", f"{host.origin}/available")
    assert done.returncode == 1, done.stderr
    assert f"Dead (1)\n  Sida gone: {host.origin}/gone (HTTP 404) – registry/sources/gone.ttl\n    archived copy: https://web.archive.org" in done.stdout
    assert f"Moved for good (1)\n  Sida moved: {host.origin}/moved → {host.origin}/fine" in done.stdout
    assert "1 of 3 addresses work." in done.stdout
    before = len(host.asked)
    again = phkg(*usual, "--format", "csv", "--write")
    assert again.returncode == 1 and len(host.asked) == before
    rows = list(csv.DictReader(io.StringIO(again.stdout.lstrip("\ufeff")), delimiter=";"))
    assert [row["outcome"] for row in rows] == ["dead", "moved", "works"]
    moved, gone, fine = ((root / f"registry/sources/{name}.ttl").read_text(encoding="utf-8") for name in ("moved", "gone", "fine"))
    assert f'schema:url "{host.origin}/fine"^^xsd:anyURI' in moved and moved.startswith("# A comment that stays.")
    assert "ph:needsBetterSource true" in gone and "HTTP 404" in gone and 'ph:archivedUrl "https://web.archive.org/web/2024/' in gone
    assert "needsBetterSource" not in fine
    assert all(list(parse(text, format=RdfFormat.TURTLE)) for text in (moved, gone))


def test_nothing_is_proposed_twice(host: Host, tmp_path: Path) -> None:
    knowledge = find_knowledge(registry(tmp_path / "r", host.origin))
    state = State(tmp_path / "state.jsonl")
    for one in check([one.address for one in sources(knowledge)]).values():
        state.keep(one, date(2026, 11, 23))
    changed = proposed(knowledge, findings(sources(knowledge), state))
    assert {path.stem for path in changed} == {"moved", "gone"}
    for path, data in changed.items():
        path.write_bytes(data)
    assert proposed(knowledge, findings(sources(knowledge), state)) == {}


def test_as_json(host: Host, tmp_path: Path) -> None:
    knowledge = find_knowledge(registry(tmp_path / "r", host.origin))
    state = State(tmp_path / "state.jsonl")
    state.keep(Checked(f"{host.origin}/fine", "works", 200), date(2026, 11, 23))
    told = json.loads(written(findings(sources(knowledge), state), "json", 2))
    assert told["not_checked"] == 2 and [one["outcome"] for one in told["addresses"]] == ["works"]


def test_a_service_that_does_not_answer_is_told_and_loses_nothing(host: Host, tmp_path: Path, phkg) -> None:
    root = registry(tmp_path / "r", host.origin)
    done = phkg("links", "--root", root, "--state", tmp_path / "s", "--private", "--pause", "0", "--archive", "--archive-service", f"{host.origin}/error")
    assert done.returncode == 1 and "does not answer as it should" in done.stderr and "Dead (1)" in done.stdout
