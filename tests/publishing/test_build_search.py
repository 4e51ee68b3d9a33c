"""The search of the static site over the real records: the browser finds what the server finds, and fetches little for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from phkg.graph.snapshot import Snapshot
from phkg.publishing.build_search import MOST_BYTES, letters_of, names_files
from phkg.publishing.site import Published, publish
from phkg.views.search import search_page

WEB = Path(__file__).parents[2] / "web"
BUDGET = 250_000
"""Bytes, uncompressed, that a query without typing errors may fetch: a tenth of that as a host sends it compressed."""
TYPED = [
    "prostata",
    "helgenomsekvensering",
    "dpyd",
    "kapecitabin",
    "skåne",
    "skane",
    "region västra",
    "universitetssjukhus",
    "screening",
    "tester",
    "nationella",
]
MISTYPED = ["cancr", "prostattcancer", "genom sekvenserig"]
PAGE = """<!doctype html><meta charset="utf-8"><form><input id="q"></form><div id="found"></div>
<script type="application/json" id="settings">{"language": "sv", "names": "/names/", "words": {"one": "", "many": "{n}", "more": "{n}", "none": "", "unreachable": "failed"}}</script>
<script type="module" src="/static/search.js"></script>"""


@pytest.fixture(scope="module")
def published(real_snapshot: Snapshot) -> Published:
    return publish(real_snapshot, ())


@pytest.fixture(scope="module")
def files(published: Published) -> dict[str, bytes]:
    return names_files(published, "sv", letters_of(published))


@pytest.fixture(scope="module")
def find(files: dict[str, bytes], browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], tuple[list[str], int]]]:
    """What the browser finds, by the names it shows, and the bytes of the index that it has fetched for it."""
    folder = tmp_path_factory.mktemp("search")
    served = {"index.html": PAGE.encode(), "static/search.js": (WEB / "built" / "search.js").read_bytes(), **files}
    served["static/query/elements.js"] = (WEB / "static" / "query" / "elements.js").read_bytes()
    for name, body in served.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def one(query: str) -> tuple[list[str], int]:
            page = browser.new_page()
            fetched: list[str] = []
            page.on("request", lambda request: fetched.append(request.url.split("/", 3)[3]))
            page.goto(f"http://127.0.0.1:{server.server_port}/?q={quote(query)}")
            page.locator("#found [role=status]").wait_for(state="attached")
            shown = page.locator("#found .entries a").all_text_contents()
            page.close()
            return shown, sum(len(files[name]) for name in fetched if name in files)

        yield one
        server.shutdown()


@pytest.mark.parametrize("typed", TYPED)
def test_the_browser_finds_what_the_server_finds_and_fetches_little(find, files: dict[str, bytes], published: Published, typed: str) -> None:
    expected = [hit.link.label.value for group in search_page(published.readers["sv"], published.names, typed).groups for hit in group.hits]
    shown, fetched = find(typed)
    assert expected and shown == expected
    assert fetched <= BUDGET


@pytest.mark.parametrize("typed", MISTYPED)
def test_typing_errors_are_found_as_by_the_server(find, published: Published, typed: str) -> None:
    expected = [hit.link.label.value for group in search_page(published.readers["sv"], published.names, typed).groups for hit in group.hits]
    assert expected and find(typed)[0] == expected


def test_files_of_words_are_small_and_have_every_word_once(files: dict[str, bytes]) -> None:
    first = json.loads(files["names/index.json"])
    for sign in "wt":
        parts = {name: json.loads(body) for name, body in files.items() if name.startswith(f"names/{sign}") and name != "names/words.json"}
        assert len(parts) == len(first["words" if sign == "w" else "tails"]) > 20
        assert [name for name, lines in parts.items() if len(files[name]) > MOST_BYTES + 1000 and len(lines) > 1] == []
        if sign == "w":
            words = [word for lines in parts.values() for word, *_ in lines]
            assert len(words) == len(set(words)) > 2000
