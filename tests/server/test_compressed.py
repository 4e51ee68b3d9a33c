"""Pages and what belongs to them are compressed as the client wants; what holds a secret is not."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import subprocess
import sys
import zlib

import brotli
import httpx
import pytest

from phkg.server.compressed import Compressed
from phkg.server.kept_pages import KeptPages

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DECODE = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
PAGE = "/sv/metoder/opt-psa-mri/"
TEXTS = {
    PAGE: "text/html",
    "/sv/metoder/opt-psa-mri.json": "application/json",
    "/sv/oversikt.csv": "text/csv",
    "/sv/metoder/opt-psa-mri.svg": "image/svg+xml",
    "/methods/opt-psa-mri.ttl": "text/turtle",
    "/methods/opt-psa-mri.jsonld": "application/ld+json",
    "/static/data.css": "text/css",
    "/static/query/editor.js": "text/javascript",
    "/sv/metoder/finns-inte/": "text/html",
}


def raw(site, path: str, coding: str, method: str = "GET", **headers: str) -> tuple[int, httpx.Headers, bytes]:
    """Status, headers and the bytes as they came, still in their coding."""
    with httpx.stream(method, site.address + path, headers={"Accept-Encoding": coding, **headers}, timeout=60) as answer:
        return answer.status_code, answer.headers, b"".join(answer.iter_raw())


def varies(headers: httpx.Headers) -> bool:
    return "Accept-Encoding" in [name.strip() for name in headers.get("vary", "").split(",")]


@pytest.mark.parametrize("path", TEXTS)
def test_the_same_bytes_in_every_coding(site, path: str) -> None:
    status, headers, plain = raw(site, path, "identity")
    assert headers["content-type"].startswith(TEXTS[path]) and varies(headers) and "content-encoding" not in headers
    tags = {headers.get("etag")}
    for coding, decode in DECODE.items():
        for _ in range(2):
            again, coded, body = raw(site, path, coding)
            assert again == status and coded["content-encoding"] == coding and varies(coded)
            assert decode(body) == plain and len(body) < len(plain) * 2 / 3
            assert "content-length" not in coded or int(coded["content-length"]) == len(body)
            tags.add(coded.get("etag"))
    assert len(tags) == (4 if "etag" in headers else 1)


@pytest.mark.parametrize(
    "wanted, given",
    [("gzip, deflate, br, zstd", "zstd"), ("gzip;q=1.0, br;q=0.5", "gzip"), ("br;q=0.9, zstd;q=0", "br"), ("*;q=0", None), ("deflate", None)],
)
def test_the_client_chooses(site, wanted: str, given: str | None) -> None:
    assert raw(site, PAGE, wanted)[1].get("content-encoding") == given


@pytest.mark.parametrize("path", ["/version.json", "/health", "/static/fonts/source-sans-3.woff2"])
def test_what_gains_nothing_goes_as_it_is(site, path: str) -> None:
    status, headers, _ = raw(site, path, "gzip, br, zstd")
    assert status == 200 and "content-encoding" not in headers and not varies(headers)


@pytest.mark.parametrize("path", [PAGE, "/static/query/editor.js"])
def test_who_has_a_coded_answer_is_told_that_it_holds(site, path: str) -> None:
    tags = {coding: raw(site, path, coding)[1]["etag"] for coding in ("identity", *DECODE)}
    for coding, tag in tags.items():
        for condition in (tag, f"W/{tag}", f'"x", {tag}'):
            status, headers, body = raw(site, path, coding, **{"If-None-Match": condition})
            assert (status, headers["etag"], body) == (304, tag, b"") and varies(headers)
    # What a shared cache keeps in another coding must not be taken for what this client can read.
    assert raw(site, path, "identity", **{"If-None-Match": tags["br"]})[0] == 200
    assert raw(site, path, "gzip", **{"If-None-Match": tags["zstd"]})[0] == 200
    # Bytes as they are can be read by everybody.
    assert raw(site, path, "gzip", **{"If-None-Match": tags["identity"]})[0] == 304


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("coding", DECODE)
def test_head_tells_what_get_would(site, path: str, coding: str) -> None:
    _, got, _ = raw(site, path, coding)
    _, told, body = raw(site, path, coding, "HEAD")
    assert body == b""
    names = ("content-encoding", "content-type", "etag", "vary")
    assert {name: told.get(name) for name in names} == {name: got.get(name) for name in names}
    # How long a file is in a coding is known only when it has been coded; then HEAD may say nothing of it (RFC 9110, section 9.3.2).
    assert told.get("content-length", got.get("content-length")) == got.get("content-length")


def test_a_part_of_a_file_is_of_the_file_itself(site) -> None:
    _, headers, whole = raw(site, "/static/query/editor.js", "identity")
    part = {"Range": "bytes=100-199", "If-Range": headers["etag"]}
    status, headers, body = raw(site, "/static/query/editor.js", "gzip", **part)
    assert (status, body) == (206, whole[100:200]) and "content-encoding" not in headers
    assert "accept-ranges" not in raw(site, "/static/query/editor.js", "gzip")[1]


def test_negotiated_answers_vary_by_more(site) -> None:
    _, headers, _ = raw(site, "/methods/opt-psa-mri", "br", Accept="text/turtle")
    assert headers["content-encoding"] == "br"
    assert {"Accept", "Accept-Language", "Accept-Encoding"} <= {name.strip() for name in headers["vary"].split(",")}


@pytest.mark.parametrize("path", ["/sv/bidra/", "/en/contribute/"])
def test_pages_with_sealed_forms_are_not_compressed(site, path: str) -> None:
    status, headers, body = raw(site, path, "gzip, br, zstd")
    assert status == 200 and b"<form" in body and "content-encoding" not in headers


@pytest.mark.skipif(shutil.which("curl") is None, reason="the program curl is not installed")
def test_curl(site) -> None:
    def curl(*arguments: str) -> bytes:
        return subprocess.run(["curl", "-sS", *arguments, site.address + PAGE], capture_output=True, check=True, timeout=60).stdout

    plain = curl()
    assert b"<html" in plain
    assert curl("--compressed") == plain
    assert gzip.decompress(curl("-H", "Accept-Encoding: gzip")) == plain
    size = json.loads(curl("-H", "Accept-Encoding: gzip", "-o", "/dev/null", "-w", '{"size": %{size_download}}'))["size"]
    assert size < len(plain) / 3


HTML = (b"content-type", b"text/html; charset=utf-8")
LONG = "åäö and so on. ".encode() * 100


def answers(application, coding: str, method: str = "GET") -> list[dict]:
    told: list[dict] = []

    async def send(message) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "raw_path": b"/a/",
        "query_string": b"",
        "headers": [(b"host", b"x"), (b"accept-encoding", coding.encode())],
    }
    asyncio.run(application(scope, None, send))
    return told


class Answering:
    """An ASGI application that answers with headers and parts of a body, and counts how often."""

    def __init__(self, headers: list[tuple[bytes, bytes]], *parts: bytes) -> None:
        self.headers, self.parts, self.count = headers, parts, 0

    async def __call__(self, scope, receive, send) -> None:
        self.count += 1
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        for number, part in enumerate(self.parts, 1):
            await send({"type": "http.response.body", "body": part, "more_body": number < len(self.parts)})


@pytest.mark.parametrize(
    "header",
    [
        (b"set-cookie", b"a=b"),
        (b"cache-control", b"no-store"),
        (b"cache-control", b"no-transform"),
        (b"content-encoding", b"br"),
        (b"content-range", b"bytes 0-1/2"),
    ],
)
def test_secrets_and_what_is_coded_already_pass(header: tuple[bytes, bytes]) -> None:
    start, body = answers(Compressed(Answering([HTML, header], LONG)), "gzip")
    assert start["headers"] == [HTML, header] and body["body"] == LONG


@pytest.mark.parametrize("coding, reader", [("zstd", zstd.ZstdDecompressor), ("br", brotli.Decompressor), ("gzip", lambda: zlib.decompressobj(wbits=31))])
def test_a_part_of_a_stream_can_be_read_before_the_next_comes(coding: str, reader) -> None:
    parts = [LONG, b"short", b"", LONG[::-1]]
    start, *bodies = answers(Compressed(Answering([HTML], *parts)), coding)
    assert (b"content-encoding", coding.encode()) in start["headers"]
    reading = reader()
    read = reading.process if coding == "br" else reading.decompress
    for body, part in zip(bodies, parts, strict=True):
        assert (read(body["body"]) if body["body"] else b"") == part
    assert [body["more_body"] for body in bodies] == [True, True, True, False]


def test_weak_tags_stay_as_they_are() -> None:
    start, _ = answers(Compressed(Answering([HTML, (b"etag", b'W/"a"')], LONG)), "br")
    assert dict(start["headers"])[b"etag"] == b'W/"a"'


def test_a_page_is_kept_in_its_coding() -> None:
    made = Answering([HTML, (b"etag", b'"a"')], LONG)
    kept = KeptPages(Compressed(made), lambda: "one")
    first = {coding: answers(kept, coding) for coding in ("identity", *DECODE)}
    assert made.count == 4
    for coding, (start, body) in first.items():
        again_start, again_body = answers(kept, coding)
        assert (again_start["headers"], again_body["body"]) == (start["headers"], body["body"])
        assert DECODE.get(coding, bytes)(body["body"]) == LONG
    assert made.count == 4
