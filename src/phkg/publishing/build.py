"""The static site: the application is asked for every address that it knows of, and what it answers becomes a file.

So a built page is the served one, but for what must differ: the addresses (`build_links`), the policy that a host without headers cannot
send, and what takes a server (`built` in the templates).
"""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import NamedNode

from phkg.graph.reading import VERSION, Watched
from phkg.graph.snapshot import Snapshot
from phkg.publishing.app import Further, create_app, static_folder
from phkg.publishing.build_files import BuildFault, Outcome, SiteFolder
from phkg.publishing.build_journal import Circumstances, journal_of, still_good, told_of, write_journal
from phkg.publishing.build_links import Links, file_of
from phkg.publishing.build_making import NOT_FOUND, Maker, Piece
from phkg.publishing.build_search import NamesFiles
from phkg.publishing.build_workers import Workers
from phkg.publishing.described import DERIVED
from phkg.publishing.downloads import DUMPS
from phkg.publishing.dumps import Dump, Dumps
from phkg.publishing.headers import face
from phkg.publishing.linked import Linked
from phkg.publishing.provenance import HISTORY
from phkg.publishing.rdf_formats import SUFFIXES
from phkg.publishing.rendering import Language
from phkg.publishing.site import CHANGES, Published
from phkg.records.knowledge import Knowledge, own_root
from phkg.views.site import TYPE

REDIRECTS = "_redirects"
"""The file in which several hosts look for redirects; one without that gives the small pages instead."""
AT_ONCE = 20
"""Addresses that a process is given at a time."""
LITTLE = 1_500
"""Addresses that are made in this process: others begin as copies of which every page that is touched is copied, and each works out for itself what pages share.

Two processes took twice the processor time for 1,400 addresses, and were done no sooner."""
MUCH = 200
"""Addresses of a language of which another process makes some, too, although it has to work out for itself what they share."""
MOST_NAMED = 10

Progress = Callable[[int, int], None]


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is made in here stays until the end, so that looking for its garbage would only cost time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
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
    watched = Watched(snapshot.store)
    watched_snapshot = replace(snapshot, store=watched)
    with watched.reading() as common:
        app = create_app(knowledge, lambda: watched_snapshot, built=True, further=further)
        published: Published = app.state.publisher.current()
        linked = app.state.linked_of(published)
        _ = linked.licence, linked.context, linked.nodes
    app.state.change_log.look()
    languages = app.state.languages
    dump = Dumps().of(published.site, snapshot.path, linked.licence or "")
    sorries = {code: one.templates.get_template("built/needs_server.html").render().strip() for code, one in languages.items()}
    with_script = [f"/{code}/{one.word(name)}/" for code, one in languages.items() for name in ("search", "queries")]
    links = Links(origin, base_path, tuple(languages), with_script, lambda code: sorries.get(code, ""))
    now = Circumstances(_stamp(knowledge, snapshot, origin + base_path), _beside(published, linked, dump), frozenset(common))
    folder, journal = SiteFolder(into), journal_of(snapshot, into)
    names = NamesFiles(published, languages)
    with folder.at_work():
        apart = published.apart() | names.apart()
        before = still_good(journal, snapshot, now, folder, watched, apart)
        good = before.good
        if not good:
            # Read once here, shared by all processes.
            for make in (*apart.values(), lambda: published.spread, lambda: published.names):
                make()
            linked.provenance.of_all(subject.value for subject, _ in published.site.graph.pairs(TYPE))
        files = _static_files(knowledge, folder)
        seeds = [*_fixed(published, languages), *names.first, *(f"/data/latest/{one.name}" for one in dump.files), *_iris(published)]
        maker = Maker(app, links, folder, watched, names, good)
        pieces = _all(maker, _Known(list(dict.fromkeys(seeds)), good, files, languages), progress, at_start)
        redirects = set()
        for piece in pieces.values():
            files |= piece.files
            redirects.update(piece.redirects)
        for piece in pieces.values():
            for name, source in piece.copies.items():
                files[name] = folder.copy(name, file_of(source), files[file_of(source)], piece.address in good)
        lines = "".join(f"{source} {target} {status}\n" for source, target, status in sorted(redirects))
        files[REDIRECTS] = folder.keep(REDIRECTS, lines.encode())
        outcome = folder.finish(files)
        told = {name: before.apart.get(name) or told_of(watched.apart[name]) for name in apart}
        write_journal(journal, snapshot, now, pieces, folder, before, told)
        return replace(outcome, made=sum(good.get(address) is not piece for address, piece in pieces.items()))


def _stamp(knowledge: Knowledge, snapshot: Snapshot, address: str) -> str:
    """What every page follows from: the program and what it is built of, templates and words, shapes, queries, the day and the address."""
    folders = (knowledge.web, own_root() / "web", knowledge.shapes, knowledge.ontology / "queries")
    packages = [f"{name} {version(name)}" for name in ("babel", "jinja2", "markdown-it-py", "pyoxigraph", "rdflib", "starlette")]
    return "\n".join((face(*folders), sys.version, *packages, snapshot.date.isoformat(), str(snapshot.manifest.get("known_on")), address))


def _beside(published: Published, linked: Linked, dump: Dump) -> dict[str, str]:
    """The state of what pages read beside the graph, by the names under which they note it."""
    log, history = published.log(), linked.history
    files = {f"{HISTORY} {name}": "\n".join(f"{one.change.commit} {one.blob}" for one in versions) for name, versions in history.versions.items()}
    sums = {name: blake2b(told.encode(), digest_size=16).hexdigest() for name, told in files.items()}
    dumps = sorted(path.name for path in dump.folder.parent.iterdir())
    return {**sums, VERSION: published.site.version, HISTORY: history.tip, CHANGES: f"{log.state} {log.tip}", DUMPS: " ".join(dumps)}


def _static_files(knowledge: Knowledge, folder: SiteFolder) -> dict[str, str]:
    """The files that pages use, with their sums; those in `built` take the place of the served site's."""
    own_web = own_root() / "web"
    found: dict[str, Path] = {}
    for source in (static_folder(knowledge.web, own_web), own_web / "built"):
        found |= {path.relative_to(source).as_posix(): path for path in source.rglob("*") if path.is_file()}
    return {f"static/{name}": folder.keep(f"static/{name}", path.read_bytes()) for name, path in found.items()}


def _fixed(published: Published, languages: Mapping[str, Language]) -> Iterator[str]:
    """Addresses that no page needs to name: what programs and hosts look for; the site map names all pages."""
    yield from ("/", f"/{NOT_FOUND}", "/robots.txt", "/sitemap.xml", "/context.jsonld", "/api/", "/api/openapi.json", "/data/")
    yield from ("/ontology", "/registry", "/catalogue")
    for name in ("ontology", "registry", "catalogue", "void", "shapes"):
        yield from (f"/{name}{suffix}" for suffix in SUFFIXES)
    for code, language in languages.items():
        yield f"/{code}/{NOT_FOUND}"
        yield f"/{code}/{language.word('search')}/"
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


class _Known:
    """The addresses that are known of, with one that leads to each; what is to be made of them, and what has been."""

    def __init__(self, seeds: list[str], good: Mapping[str, Piece], there: Iterable[str], codes: Iterable[str]) -> None:
        """`there` are files that nothing has to be asked for; `codes` are the languages in which there are pages."""
        self.good = good
        self.led_from = dict.fromkeys([*seeds, *(f"/{name}" for name in there)], "")
        self._codes = list(codes)
        # Of each language the pages and the others; at the end those of no language.
        self._queues = [(deque[str](), deque[str]()) for _ in (*self._codes, "")]
        self.pieces: dict[str, Piece] = {}
        self._look_at = list(seeds)

    def take(self, pieces: Iterable[Piece]) -> None:
        """What has been made, and all that it leads to and that need not be made."""
        for piece in pieces:
            self._add(piece)
        while self._look_at:
            address = self._look_at.pop()
            if address in self.good and address not in self.pieces:
                self._add(self.good[address])
            elif address not in self.pieces:
                pages, others = self._queue_of(address)
                (others if "." in address.rpartition("/")[2] else pages).append(address)

    def left(self) -> int:
        """How many addresses, as far as is known, are left to be made."""
        return sum(len(pages) + len(others) for pages, others in self._queues)

    def next(self, worker: int, workers: int) -> list[str]:
        """Some addresses for one of so many processes to make, pages first, since a page's twins are made with it; none when all are made or
        soon will be.

        It is given what is of its own languages, then what is of none; of another one only where much is left.
        """
        found: list[str] = []
        none = len(self._codes)
        own = [place for place in range(none) if place % workers == worker % none]
        much = [place for place in range(none) if place not in own and sum(map(len, self._queues[place])) > MUCH]
        for place in (*own, none, *much):
            found += self._from(*self._queues[place], AT_ONCE - len(found))
        return found

    def _from(self, pages: deque[str], others: deque[str], most: int) -> list[str]:
        found: list[str] = []
        while len(found) < most and (pages or others):
            address = (pages or others).popleft()
            if address not in self.pieces:
                found.append(address)
        return found

    def _queue_of(self, address: str) -> tuple[deque[str], deque[str]]:
        code = address.split("/", 2)[1]
        return self._queues[self._codes.index(code) if code in self._codes else -1]

    def _add(self, piece: Piece) -> None:
        self.pieces[piece.address] = piece
        for link in (*piece.links, *piece.copies.values()):
            if link not in self.led_from:
                self.led_from[link] = piece.address
                self._look_at.append(link)


def _all(maker: Maker, known: _Known, progress: Progress, at_start: Callable[[], None]) -> dict[str, Piece]:
    """The pieces of what is known and of all that this leads to, made where they are not good: some here, many on all cores.

    Raises BuildFault for an address without an answer.
    """
    known.take(())
    # What is in memory by now is not to be copied for each process only because its garbage is looked for.
    gc.freeze()
    try:
        here = LITTLE if known.left() <= LITTLE else 0
        while here > 0 and (part := known.next(0, 1)):
            made = maker.make(part)
            here -= len(made)
            known.take(made)
            progress(len(known.pieces), len(known.led_from))
        if known.left():
            with Workers(maker.make, at_start) as workers:
                making = True
                while making:
                    while given := [(one, part) for one in workers.free() if (part := known.next(one, len(workers)))]:
                        for one, part in given:
                            workers.give(one, part)
                    making = bool(made := workers.take())
                    known.take(made)
                    progress(len(known.pieces), len(known.led_from))
        progress(len(known.pieces), len(known.led_from))
    finally:
        gc.unfreeze()
    broken = [piece for _, piece in sorted(known.pieces.items()) if piece.broken]
    if broken:
        where = [f"{one.address} ({one.broken}{', linked from ' + known.led_from[one.address] if known.led_from[one.address] else ''})" for one in broken]
        raise BuildFault(f"{len(where)} addresses have no answer, so nothing was changed: {'; '.join(where[:MOST_NAMED])}")
    return known.pieces
