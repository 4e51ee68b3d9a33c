"""A page that was made once is given again, and only to whom it is right for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from served import Served

from phkg.server.kept_pages import KeptPages

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"
HTML = (b"content-type", b"text/html; charset=utf-8")
TAG = (b"etag", b'"a"')


def test_the_second_answer_is_the_first(tmp_path: Path) -> None:
    with Served(INSULO, tmp_path) as served:
        address = f"{served.address}/eo/regions/suda/"
        first, second = httpx.get(address), httpx.get(address)
        assert first.status_code == second.status_code == 200
        assert second.content == first.content and "default-src 'none'" in second.headers["content-security-policy"]
        same = [{**answer.headers, "date": ""} for answer in (first, second)]
        assert same[0] == same[1]
        assert httpx.head(address).headers["content-length"] == first.headers["content-length"]
        assert httpx.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
        elsewhere = httpx.get(address, headers={"Host": "registry.example"}).text
        assert "http://registry.example/eo/regions/suda/" in elsewhere and served.address not in elsewhere


class Counted:
    """An ASGI application that tells with each answer how many it has given."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status
        self.headers = headers
        self.count = 0

    async def __call__(self, scope, receive, send) -> None:
        self.count += 1
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"page ", "more_body": True})
        await send({"type": "http.response.body", "body": str(self.count).encode()})


def ask(application: KeptPages, query: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = ()) -> bytes:
    scope = {"type": "http", "method": "GET", "scheme": "http", "raw_path": b"/a/", "query_string": query, "headers": [(b"host", b"x"), *headers]}
    told = []

    async def send(message) -> None:
        told.append(message.get("body", b""))

    asyncio.run(application(scope, None, send))
    return b"".join(told)


def test_another_snapshot_is_another_page() -> None:
    names = ["one"]
    pages = KeptPages(Counted(200, [HTML, TAG]), lambda: names[-1])
    assert [ask(pages), ask(pages)] == [b"page 1", b"page 1"]
    names.append("two")
    assert [ask(pages), ask(pages)] == [b"page 2", b"page 2"]


@pytest.mark.parametrize(
    "status, headers",
    [(200, [HTML]), (404, [HTML, TAG]), (200, [HTML, TAG, (b"vary", b"Accept")]), (200, [(b"content-type", b"text/turtle"), TAG])],
)
def test_what_may_differ_is_made_anew(status: int, headers: list[tuple[bytes, bytes]]) -> None:
    pages = KeptPages(Counted(status, headers), lambda: "one")
    assert [ask(pages), ask(pages)] == [b"page 1", b"page 2"]


def test_questions_and_conditions_go_through() -> None:
    pages = KeptPages(Counted(200, [HTML, TAG]), lambda: "one")
    assert [ask(pages, query=b"q=1"), ask(pages, query=b"q=1")] == [b"page 1", b"page 2"]
    assert [ask(pages, headers=((b"if-none-match", b'"a"'),)), ask(pages)] == [b"page 3", b"page 4"]


def test_a_page_that_was_made_while_the_snapshot_changed_is_not_kept() -> None:
    names = iter(["one", "two", "one", "one"])
    pages = KeptPages(Counted(200, [HTML, TAG]), lambda: next(names))
    assert [ask(pages), ask(pages)] == [b"page 1", b"page 2"]
