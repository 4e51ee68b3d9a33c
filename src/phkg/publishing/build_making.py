"""Makes the files of a built site, address by address, and knows of each what it was made of."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

import numpy as np
from starlette.applications import Starlette

from phkg.graph.reading import Watched
from phkg.publishing.build_asking import Asking
from phkg.publishing.build_files import SiteFolder
from phkg.publishing.build_links import ORIGIN, Links, Made, file_of, plain_path
from phkg.publishing.build_search import NamesFiles

WASM = "'wasm-unsafe-eval'"
"""What the page of queries needs its policy to allow, since there the engine runs in the browser."""
NOT_FOUND = "404.html"
MOVED = (301, 308)
TWIN = re.compile(r"\.(json|csv|svg)(?=$|\?)")
"""The ending of a twin in its address; its page has a slash there."""
FIGURE = re.compile(r"[^/.?]+\.svg")
"""The address of a figure behind that of its page."""


@dataclass
class Piece:
    """What came of one address: files with their sums, the addresses it leads to, redirects, a file that is the same as that of another
    address, or the status that no file can be made of; and the numbers of what it was made of (`graph.reading`)."""

    address: str
    files: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    redirects: list[tuple[str, str, int]] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    broken: int = 0
    read: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint32))


class Maker:
    """Makes the files of one site."""

    def __init__(self, app: Starlette, links: Links, folder: SiteFolder, watched: Watched, names: NamesFiles, good: Collection[str]) -> None:
        """`good` are the addresses of which nothing has to be made."""
        self._good = good
        self._asking = Asking(app)
        self._links = links
        self._folder = folder
        self._watched = watched
        self._languages = app.state.languages
        self._names = names
        self._queries = tuple(f"/{code}/{one.word('queries')}/" for code, one in self._languages.items())

    def make(self, addresses: list[str]) -> list[Piece]:
        """Make the files of some addresses, each page with its twins, since what it says is at hand then and they say the same."""
        pieces: list[Piece] = []
        for address in addresses:
            pieces.append(self._one(address))
            if address.partition("?")[0].endswith("/"):
                pieces += [self._one(link) for link in sorted(set(pieces[-1].links)) if link not in self._good and _is_of(link, address)]
        return pieces

    def _one(self, address: str) -> Piece:
        piece = Piece(address)
        with self._watched.reading() as read:
            self._fill(piece)
        piece.read = np.fromiter(read, np.uint32, len(read))
        return piece

    def _fill(self, piece: Piece) -> None:
        address = piece.address
        path = plain_path(address) or address
        body = self._names.get(address)
        if body is not None:
            self._keep(path, self._links.data(body, "application/json"), piece)
            piece.links += self._names.beside(address)
            return
        missing = path.endswith(f"/{NOT_FOUND}")
        status, headers, body = self._asking.ask(f"{address.removesuffix('.html')}/" if missing else address)
        if 300 <= status < 400:
            self._redirect(path, headers["location"], status, piece)
        elif status >= 400 and not (missing and status == 404):
            piece.broken = status
        else:
            self._keep(path, self._converted(path, headers, body), piece)

    def _redirect(self, path: str, location: str, status: int, piece: Piece) -> None:
        address, hash_sign, fragment = location.partition("#")
        if "." in path.rpartition("/")[2]:
            # A file cannot lead on: it is there twice.
            piece.copies[file_of(path)] = address
            return
        code = location.split("/")[1]
        language = self._languages.get(code) or next(iter(self._languages.values()))
        target = (self._links.target(address) or address) + hash_sign + fragment
        text = language.templates.get_template("built/redirect.html").render(target=target, whole=f"{ORIGIN}{target}")
        self._keep(path if path.endswith("/") else f"{path}/", self._links.page(text.encode(), location), piece)
        piece.links.append(address)
        if status in MOVED or path == "/":
            piece.redirects.append((self._links.address(path), self._links.address(target), status))

    def _converted(self, path: str, headers: dict[str, str], body: bytes) -> Made:
        media_type = headers["content-type"].split(";")[0]
        if media_type == "text/html":
            return self._links.page(body, path, WASM if path.startswith(self._queries) else "")
        return Made(body) if media_type == "application/gzip" else self._links.data(body, media_type)

    def _keep(self, path: str, made: Made, piece: Piece) -> None:
        name = file_of(path)
        piece.files[name] = self._folder.keep(name, made.body)
        piece.links += sorted({_within(link) for link in made.links})


def _is_of(link: str, page: str) -> bool:
    """Whether an address is that of a twin or a figure of a page."""
    if link.startswith(page):
        return FIGURE.fullmatch(link, len(page)) is not None
    return TWIN.search(link) is not None and TWIN.sub("/", link) == page


@lru_cache(1 << 16)
def _within(link: str) -> str:
    """An address of this site without scheme and host."""
    return urlsplit(link)._replace(scheme="", netloc="").geturl()
