"""`phkg publish` as an operator types it: exit codes, words, and a password that is never shown."""

from __future__ import annotations

import base64
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "remote"))
from served import run
from stores import Oxigraph

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"
SECRET = "öppna-sesam"


class Guarded(BaseHTTPRequestHandler):
    """Lets nobody in, and notes what it was shown."""

    shown: list[str] = []
    asks = 'Basic realm="here"'

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.shown.append(self.headers.get("Authorization", ""))
        self.send_response(401)
        self.send_header("WWW-Authenticate", self.asks)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(params=['Basic realm="here"', 'Digest realm="here", nonce="5e1f", qop="auth", algorithm=MD5'])
def guarded(request: pytest.FixtureRequest) -> Iterator[tuple[str, type[Guarded]]]:
    handler = type("Handler", (Guarded,), {"shown": [], "asks": request.param})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sparql", handler
    server.shutdown()
    server.server_close()


def test_a_registry_is_published_once(tmp_path: Path) -> None:
    server = Oxigraph(tmp_path)
    try:
        command = ("publish", "--root", str(INSULO), "--endpoint", server.addresses.query, "--update", server.addresses.update)
        first, again = run(*command, cache=tmp_path), run(*command, cache=tmp_path)
    finally:
        server.close()
    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert "triples were sent to <https://example.net/insulo/snapshots/" in first.stdout and " of " in first.stderr
    assert "is the current one already" in again.stdout and "triples" not in again.stderr


def test_a_store_that_is_not_there_may_be_tried_again(tmp_path: Path) -> None:
    ended = run("publish", "--root", str(INSULO), "--endpoint", "http://127.0.0.1:9/query", cache=tmp_path)
    assert ended.returncode == 3 and "http://127.0.0.1:9/query" in ended.stderr and "Traceback" not in ended.stderr


def test_the_password_is_shown_to_the_store_alone(tmp_path: Path, guarded: tuple[str, type[Guarded]], monkeypatch: pytest.MonkeyPatch) -> None:
    address, handler = guarded
    monkeypatch.setenv("PHKG_ENDPOINT_PASSWORD", SECRET)
    ended = run("publish", "--root", str(INSULO), "--endpoint", address, "--user", "kuratoro", cache=tmp_path)
    assert ended.returncode == 2 and "PHKG_ENDPOINT_PASSWORD" in ended.stderr and "401" in ended.stderr
    assert SECRET not in ended.stderr + ended.stdout and "Traceback" not in ended.stderr
    wanted, clear = handler.asks.split(" ")[0], base64.b64encode(f"kuratoro:{SECRET}".encode()).decode()
    assert handler.shown[0] == "" and all(one.startswith(f"{wanted} ") for one in handler.shown if one)
    assert any(handler.shown) and (wanted == "Basic") == any(clear in one for one in handler.shown)


def test_a_password_in_the_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    ended = run("publish", "--root", str(INSULO), "--endpoint", f"http://kuratoro:{SECRET}@127.0.0.1:9/query", cache=tmp_path)
    assert ended.returncode == 2 and "--user" in ended.stderr and SECRET not in ended.stderr


def test_a_broken_registry_is_not_published(tmp_path: Path) -> None:
    import shutil

    root = shutil.copytree(INSULO, tmp_path / "insulo")
    statement = root / "registry" / "implementations" / "suda.ttl"
    statement.write_text(statement.read_text().replace("etapo:neniam", "etapo:nenia"))
    ended = run("publish", "--root", str(root), "--endpoint", "http://127.0.0.1:9/query", cache=tmp_path)
    assert ended.returncode == 1 and "registry/implementations/suda.ttl:" in ended.stderr


def test_a_folder_without_a_snapshot_is_named(tmp_path: Path) -> None:
    ended = run("publish", "--snapshot", str(tmp_path), "--endpoint", "http://127.0.0.1:9/query", cache=tmp_path)
    assert ended.returncode == 2 and str(tmp_path) in ended.stderr and "Traceback" not in ended.stderr


def test_a_site_is_built_from_a_store_as_from_the_records(tmp_path: Path) -> None:
    server = Oxigraph(tmp_path)
    build = ("build", "--root", str(INSULO), "--origin", "https://example.net", "--into")
    try:
        addresses = ("--endpoint", server.addresses.query, "--update", server.addresses.update)
        assert run(*build, str(tmp_path / "early"), *addresses[:2], cache=tmp_path / "there").returncode == 2
        assert run("publish", "--root", str(INSULO), *addresses, cache=tmp_path / "here").returncode == 0
        there = run(*build, str(tmp_path / "there-site"), *addresses[:2], cache=tmp_path / "there")
    finally:
        server.close()
    here = run(*build, str(tmp_path / "here-site"), cache=tmp_path / "here")
    assert here.returncode == there.returncode == 0, here.stderr + there.stderr
    sites = [
        {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()} for site in (tmp_path / "here-site", tmp_path / "there-site")
    ]
    assert sites[0].keys() == sites[1].keys() and len(sites[0]) > 100
    # A store may write a number in another form, which only the dumps and what tells their size and sum show.
    different = [name for name, data in sites[0].items() if sites[1][name] != data and name.name != ".phkg-files.sha256"]
    assert [str(name) for name in different if "data" not in name.parts and name.stem != "catalogue"] == []
    assert not (tmp_path / "early").exists() or not list((tmp_path / "early").iterdir())


def test_a_site_is_not_built_from_a_store_that_is_not_there(tmp_path: Path) -> None:
    ended = run(
        "build",
        "--root",
        str(INSULO),
        "--into",
        str(tmp_path / "site"),
        "--origin",
        "https://example.net",
        "--endpoint",
        "http://127.0.0.1:9/query",
        cache=tmp_path,
    )
    assert ended.returncode == 2 and "http://127.0.0.1:9/query" in ended.stderr and "Traceback" not in ended.stderr
