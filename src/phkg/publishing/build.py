"""The static site: the application is asked for every address that it knows of, and what it answers becomes a file.

So a built page is the served one, but for what must differ: the addresses (`build_links`), the policy that a host without headers cannot
send, and what takes a server (`built` in the templates).
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import NamedNode
from starlette.applications import Starlette

from phkg.graph.snapshot import Snapshot
from phkg.publishing.app import Further, create_app, static_folder
from phkg.publishing.build_files import BuildFault, Outcome, SiteFolder
from phkg.publishing.build_links import ORIGIN, Links, Made, file_of, plain_path
from phkg.publishing.build_search import NAME, names_file
from phkg.publishing.described import DERIVED
from phkg.publishing.dumps import Dumps
from phkg.publishing.rdf_formats import SUFFIXES
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published
from phkg.records.knowledge import Knowledge, own_root

WASM = "'wasm-unsafe-eval'"
"""What the page of queries needs its policy to allow, since there the engine runs in the browser."""
NOT_FOUND = "404.html"
REDIRECTS = "_redirects"
"""The file in which several hosts look for redirects; one without that gives the small pages instead."""
AT_ONCE = 20
"""Addresses that a process is given at a time."""
MOST_NAMED = 10
MOVED = (301, 308)

Progress = Callable[[int, int], None]


@dataclass
class Result:
    """What came of some addresses: files with their sums, links with the address they stand on, redirects, addresses without an answer."""

    files: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    redirects: list[tuple[str, str, int]] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)


class Maker:
    """Makes the files of one site, address by address."""

    def __init__(self, app: Starlette, links: Links, folder: SiteFolder) -> None:
        self._app = app
        self._links = links
        self._folder = folder
        self._published: Published = app.state.publisher.current()
        self._languages = app.state.languages
        self._names = {f"/{code}/{one.word('search')}/{NAME}": code for code, one in self._languages.items()}
        self._queries = tuple(f"/{code}/{one.word('queries')}/" for code, one in self._languages.items())

    def make(self, addresses: list[str]) -> Result:
        """Make the files of some addresses."""
        return asyncio.run(self._make(addresses))

    async def _make(self, addresses: list[str]) -> Result:
        result = Result()
        for address in addresses:
            await self._one(address, result)
        return result

    async def _one(self, address: str, result: Result) -> None:
        path = plain_path(address) or address
        if address in self._names:
            body = names_file(self._published, self._names[address])
            self._keep(path, self._links.data(body, "application/json"), address, result)
            return
        missing = path.endswith(f"/{NOT_FOUND}")
        status, headers, body = await ask(self._app, f"{address.removesuffix('.html')}/" if missing else address)
        if 300 <= status < 400:
            await self._redirect(address, path, headers["location"], status, result)
        elif status >= 400 and not missing:
            result.broken[address] = status
        else:
            self._keep(path, self._converted(path, headers, body), address, result)

    async def _redirect(self, address: str, path: str, location: str, status: int, result: Result) -> None:
        result.links[location.partition("#")[0]] = address
        if "." in path.rpartition("/")[2]:
            # A file cannot lead on: it is there twice.
            status, headers, body = await ask(self._app, location)
            if status != 200:
                result.broken[location] = status
                return
            self._keep(path, self._converted(path, headers, body), address, result)
            return
        code = location.split("/")[1]
        language = self._languages.get(code) or next(iter(self._languages.values()))
        target = self._links.target(location.partition("#")[0]) or location
        target += location[len(location.partition("#")[0]) :]
        text = language.templates.get_template("built/redirect.html").render(target=target, whole=f"{ORIGIN}{target}")
        self._keep(path if path.endswith("/") else f"{path}/", self._links.page(text.encode(), location), address, result)
        if status in MOVED or path == "/":
            result.redirects.append((self._links.address(path), self._links.address(target), status))

    def _converted(self, path: str, headers: dict[str, str], body: bytes) -> Made:
        media_type = headers["content-type"].split(";")[0]
        if media_type == "text/html":
            return self._links.page(body, path, WASM if path.startswith(self._queries) else "")
        return Made(body) if media_type == "application/gzip" else self._links.data(body, media_type)

    def _keep(self, path: str, made: Made, address: str, result: Result) -> None:
        name = file_of(path)
        result.files[name] = self._folder.keep(name, made.body)
        for link in made.links:
            result.links.setdefault(urlsplit(link)._replace(scheme="", netloc="").geturl(), address)


async def ask(app: Starlette, address: str) -> tuple[int, dict[str, str], bytes]:
    """What the application answers a browser that has no wishes as to languages: status, headers, body."""
    path, _, question = address.partition("?")
    asked = [{"type": "http.request", "body": b"", "more_body": False}]
    told: list = []

    async def receive() -> dict:
        if asked:
            return asked.pop()
        # The reader stays until there is an answer.
        return await asyncio.Future()

    async def send(message: dict) -> None:
        told.append(message)

    parts = urlsplit(ORIGIN)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": parts.scheme, "root_path": "",
        "path": path, "raw_path": path.encode(), "query_string": question.encode(), "server": (parts.netloc, 443), "client": None,
        "headers": [(b"host", parts.netloc.encode()), (b"accept", b"text/html, */*;q=0.1")],
    }
    try:
        await app(scope, receive, send)
    except Exception as error:
        # The application has answered 500 by now and passes on why; the address is named at the end with all others that failed.
        logging.getLogger(__name__).error("%s: %s: %s", address, type(error).__name__, error)
        return 500, {}, b""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in told[0]["headers"]}
    return told[0]["status"], headers, b"".join(message.get("body", b"") for message in told[1:])


def build_site(
    knowledge: Knowledge,
    snapshot: Snapshot,
    into: Path,
    origin: str,
    base_path: str,
    progress: Progress,
    at_start: Callable[[], None],
    further: Sequence[Further] = (),
) -> Outcome:
    """Build the site of a snapshot into a folder, for an origin (`https://…`) and a prefix (empty, or `/…` without a slash at its end).

    `progress` is told how many addresses are done of those known so far; `at_start` is called in each helping process; `further` as in `create_app`. Raises BuildFault when
    it cannot be built, LookupError when the registry does not describe itself, OSError when files cannot be written.
    """
    app = create_app(knowledge, lambda: snapshot, built=True, further=further)
    app.state.change_log.look()
    published: Published = app.state.publisher.current()
    languages = app.state.languages
    dump = Dumps().of(published.site, snapshot.path, app.state.linked_of(published).licence or "")
    # Read once here, shared by all processes.
    _ = published.standings
    sorries = {code: one.templates.get_template("built/needs_server.html").render().strip() for code, one in languages.items()}
    with_script = [f"/{code}/{one.word(name)}/" for code, one in languages.items() for name in ("search", "queries")]
    links = Links(origin, base_path, tuple(languages), with_script, lambda code: sorries.get(code, ""))
    folder = SiteFolder(into)
    with folder.at_work():
        maker = Maker(app, links, folder)
        result = Result()
        _static_files(knowledge, folder, result)
        seeds = [*_fixed(published, languages), *(f"/data/latest/{one.name}" for one in dump.files), *_iris(published)]
        _all(maker, list(dict.fromkeys(seeds)), result, progress, at_start)
        lines = "".join(f"{source} {target} {status}\n" for source, target, status in sorted(set(result.redirects)))
        result.files[REDIRECTS] = folder.keep(REDIRECTS, lines.encode())
        return folder.finish(result.files)


def _static_files(knowledge: Knowledge, folder: SiteFolder, result: Result) -> None:
    """The files that pages use; those in `built` take the place of the served site's."""
    own_web = own_root() / "web"
    found: dict[str, Path] = {}
    for source in (static_folder(knowledge.web, own_web), own_web / "built"):
        found |= {path.relative_to(source).as_posix(): path for path in source.rglob("*") if path.is_file()}
    for name, path in found.items():
        result.files[f"static/{name}"] = folder.keep(f"static/{name}", path.read_bytes())


def _fixed(published: Published, languages: Mapping[str, Language]) -> Iterator[str]:
    """Addresses that no page needs to name: what programs and hosts look for; the site map names all pages."""
    yield from ("/", f"/{NOT_FOUND}", "/robots.txt", "/sitemap.xml", "/context.jsonld", "/api/", "/api/openapi.json", "/data/")
    yield from ("/ontology", "/registry", "/catalogue")
    for name in ("ontology", "registry", "catalogue", "void", "shapes"):
        yield from (f"/{name}{suffix}" for suffix in SUFFIXES)
    for code, language in languages.items():
        yield f"/{code}/{NOT_FOUND}"
        yield f"/{code}/{language.word('search')}/"
        yield f"/{code}/{language.word('search')}/{NAME}"
        for name in ("terms.json", "map.json"):
            yield f"/{code}/{language.word('queries')}/{name}"


def _iris(published: Published) -> Iterator[str]:
    """The paths of all IRIs that lead to a page, and those of records and concepts with the endings of their forms."""
    site = published.site
    kinds = {kind.folder for kind in site.kinds}
    folders = {"concepts", *DERIVED, *kinds}
    subjects = {quad.subject.value for quad in published.snapshot.store if isinstance(quad.subject, NamedNode)}
    for iri in sorted(subjects):
        steps = iri[len(site.base) :].split("/") if iri.startswith(site.base) and "#" not in iri else []
        if len(steps) < 2 or steps[0] not in folders:
            continue
        path = f"/{'/'.join(steps)}"
        yield path
        if steps[0] == "concepts" or (steps[0] in kinds and len(steps) == 2):
            yield from (f"{path}{suffix}" for suffix in SUFFIXES)
        if steps[0] in kinds and len(steps) == 2:
            yield f"{path}.json"


_maker: Maker | None = None
"""What a helping process makes files with; it is there when the process begins, as a copy of this one."""


def _make(addresses: list[str]) -> Result:
    assert _maker is not None
    return _maker.make(addresses)


def _all(maker: Maker, seeds: list[str], result: Result, progress: Progress, at_start: Callable[[], None]) -> None:
    """Make the files of the seeds and of all that these lead to, on all cores. Raises BuildFault for an address without an answer."""
    global _maker
    _maker = maker
    # What is in memory by now is not to be copied for each process only because its garbage is looked for.
    gc.freeze()
    known = dict.fromkeys(seeds, "")
    todo, running, done = list(seeds), set[Future[Result]](), 0
    workers = os.cpu_count() or 1
    try:
        with ProcessPoolExecutor(workers, get_context("fork"), at_start) as others:
            while todo or running:
                while todo and len(running) < 2 * workers:
                    part, todo = todo[:AT_ONCE], todo[AT_ONCE:]
                    running.add(others.submit(_make, part))
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for one in finished:
                    came = one.result()
                    new = {link: where for link, where in came.links.items() if link not in known and link[1:] not in result.files}
                    known |= new
                    todo += new
                    result.files |= came.files
                    result.redirects += came.redirects
                    result.broken |= came.broken
                done = len(known) - len(todo) - AT_ONCE * len(running)
                progress(max(done, 0), len(known))
    except BrokenProcessPool:
        raise BuildFault("The build was ended from outside, most likely by the system for want of memory.") from None
    finally:
        _maker = None
        gc.unfreeze()
    if result.broken:
        named = [f"{address} ({status}{', linked from ' + known[address] if known.get(address) else ''})" for address, status in sorted(result.broken.items())]
        raise BuildFault(f"{len(named)} addresses have no answer, so nothing was changed: {'; '.join(named[:MOST_NAMED])}")
