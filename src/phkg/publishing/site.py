"""What answers need of one snapshot: the site, one reader a language, the standings and the names to search in.

Everything here is read once when a snapshot is taken into use; requests that began on an older one keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from phkg.graph.change_log import NONE, ChangeLog
from phkg.graph.reading import Kept
from phkg.graph.snapshot import Snapshot
from phkg.publishing.parameters import Parameter
from phkg.records.queries import NamedQuery, read_queries
from phkg.views.access import AccessPage, access_page
from phkg.views.adoption import Spread, read_spread
from phkg.views.advice import Advice
from phkg.views.allocation_model import ModelRecord, read_models
from phkg.views.change_list import ChangesPage, changes_page
from phkg.views.gaps import GapsPage, gaps_page
from phkg.views.home import HomePage, home_page
from phkg.views.lists import by_name, order_name
from phkg.views.places import PlacesPage, places_page
from phkg.views.reader import Reader
from phkg.views.search import Names, read_names
from phkg.views.site import Kind, Site, read_site
from phkg.views.source_list import Sources, read_sources
from phkg.views.standings import Standings, read_standings
from phkg.views.statement_list import Listed, read_listed
from phkg.views.todo import TaskParts, in_parts
from phkg.views.usage import Usage, read_usage
from phkg.views.waits import Waits, narrowed, read_waits
from phkg.vocabulary import ph

LogOf = Callable[[], ChangeLog]
CHANGES = "changes"
"""The name under which is noted that the changes of the registry have been read."""
KEPT_LISTS = 256
"""Lists of changes that are kept ready."""


@dataclass(frozen=True)
class Published:
    """A snapshot made ready for pages. `log` gives the changes of the registry as far as they are known; `version` is what answers state as theirs."""

    snapshot: Snapshot
    site: Site
    readers: dict[str, Reader]
    queries: tuple[NamedQuery, ...]
    log: LogOf
    version: str
    _kept: Kept[Any] = field(repr=False)
    _lists: dict[tuple[str, NamedNode | None, int | None], tuple[ChangeLog, Kept[ChangesPage]]] = field(default_factory=dict, repr=False)

    def changes(self, code: str, about: NamedNode | None = None, most: int | None = None) -> ChangesPage:
        """The latest changes in one language, at most so many; of the whole registry or about one record."""
        log, key = self.log(), (code, about, most)
        kept = self._lists.get(key)
        if kept is None or kept[0] is not log:
            if len(self._lists) >= KEPT_LISTS:
                self._lists.clear()
            kept = self._lists[key] = (log, self.site.graph.kept())
        self.site.graph.note(CHANGES)
        return kept[1].get(key, lambda: changes_page(self.readers[code], log, about, most))

    def frame(self, code: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What stands around every page in one language."""
        return self._kept.get(("frame", code), make)

    def parameters(self, code: str, view: str, kind: Kind | None, make: Callable[[], tuple[Parameter, ...]]) -> tuple[Parameter, ...]:
        """What the addresses of one view of one kind take, in one language."""
        return self._kept.get(("parameters", code, view, kind and kind.iri), make)

    def query_terms(self, code: str, make: Callable[[], bytes]) -> bytes:
        """The words for queries in one language, as their file."""
        return self._kept.get(("query terms", code), make)

    def home(self, code: str) -> HomePage:
        """The start page in one language, without the changes, which come without a new snapshot."""
        return self._kept.get(("home", code), lambda: home_page(self.readers[code], self.methods, self.standings))

    def gaps(self, code: str, methods: Kind) -> GapsPage:
        """What is not known, in one language."""
        return self._kept.get(("gaps", code), lambda: gaps_page(self.readers[code], methods, self.standings))

    def places(self, code: str, kind: Kind) -> PlacesPage:
        """All places, in one language."""
        return self._kept.get(("places", code), lambda: places_page(self.readers[code], kind, self.methods, self.standings))

    def sources(self, code: str, kind: Kind) -> Sources:
        """Every source with what rests on it, in one language."""
        return self._kept.apart(name := f"sources {code}", lambda: read_sources(name, self.readers[code], kind))

    def tasks(self, code: str) -> tuple[TaskParts, ...]:
        """What there is to do, in one language."""
        return tuple(self._task(code, query) for query in self.queries if query.task)

    def _task(self, code: str, query: NamedQuery) -> TaskParts:
        name = _task_name(code, query)
        return self._kept.apart(name, lambda: in_parts(name, query, self.readers[code]))

    def statements(self, code: str, kind: Kind) -> Listed:
        """Every statement in the order of their lists, in one language."""
        return self._kept.get(("statements", code), lambda: read_listed(self.readers[code], kind))

    def advice(self, code: str) -> Advice:
        """The recommendations in one language."""
        return self._kept.get(("advice", code), lambda: Advice(self.readers[code], self.standings))

    @property
    def standings(self) -> Standings:
        """All standings; the same for every language."""
        return self._kept.apart("standings", lambda: read_standings(next(iter(self.readers.values()))))

    @property
    def usage(self) -> Usage:
        """Which classes and properties all triples use."""
        return self._kept.apart("usage", lambda: read_usage(self.site.graph))

    @property
    def spread(self) -> Spread:
        """What the adoption of every method is worked out of; the same for every language."""
        return self._kept.get("spread", lambda: read_spread(self.site.graph, self.snapshot.date))

    @property
    def waits(self) -> Waits | None:
        """Who has access to every method and who has waited for it; None for a registry that follows no methods."""
        return self._kept.apart("waits", lambda: self.site.graph.table("waits", {"": self._read_waits()}))[""]

    def waits_in(self, area: NamedNode) -> Waits | None:
        """The same over the methods of one area only."""
        everywhere = self.waits
        graph = self.site.graph
        methods = {one.value for one in graph.subjects(ph.clinicalArea, area)}
        return everywhere and self._kept.get(("waits", area.value), lambda: narrowed(everywhere, methods, self.snapshot.date))

    def access(self, code: str, area: NamedNode | None) -> AccessPage:
        """Equal access with all its lines, of all methods or of those of one area, in one language. Raises LookupError where no methods are followed."""
        waits = self.waits_in(area) if area else self.waits
        if waits is None:
            raise LookupError("access")
        return self._kept.get(("access", code, area), lambda: access_page(self.readers[code], waits, self.standings, area))

    def _read_waits(self) -> Waits | None:
        methods = self.methods
        return read_waits(self.site.graph, self.snapshot.date, self.site.records(methods)) if methods else None

    @property
    def names(self) -> Names:
        """All names that search looks at."""
        return self._kept.get("names", lambda: read_names(self.site))

    def matching(self, query: str) -> set[NamedNode]:
        """The records that a query finds; none for no word, and then no name is looked at."""
        return self.names.matching(query) if query.strip() else set()

    def apart(self) -> dict[str, Callable[[], object]]:
        """What is worked out for many pages and read in parts (`Kept.apart`), by its name; each rests at most on those before it."""
        readers, kinds = self.readers, self.site.kinds
        return {
            "standings": lambda: self.standings,
            "waits": lambda: self.waits,
            "usage": lambda: self.usage,
            **{_task_name(code, one): lambda code=code, one=one: self._task(code, one) for code in readers for one in self.queries if one.task},  # type: ignore[misc]
            **{order_name(one, kind): lambda one=one, kind=kind: by_name(one, kind) for one in readers.values() for kind in kinds},  # type: ignore[misc]
            **{f"sources {code}": lambda code=code, kind=kind: self.sources(code, kind) for code in readers for kind in kinds if kind.iri == ph.Source},  # type: ignore[misc]
        }

    @property
    def allocation_models(self) -> dict[str, tuple[ModelRecord, ...]]:
        """The models by which a sum can be shared, by language."""
        return self._kept.get("allocation models", lambda: {code: read_models(reader) for code, reader in self.readers.items()})

    @cached_property
    def methods(self) -> Kind | None:
        """The kind of record whose introduction the registry follows."""
        return next((kind for kind in self.site.kinds if kind.iri == ph.Method), None)

    @property
    def outlines(self) -> dict[str, str]:
        """The ISO 3166-2 code of each region, by its IRI."""
        graph = self.site.graph
        return self._kept.get("outlines", lambda: {region.value: graph.text(region, ph.iso3166_2) or "" for region in self.site.regions})


def _task_name(code: str, query: NamedQuery) -> str:
    return f"task {code} {query.name}"


def publish(snapshot: Snapshot, queries: tuple[NamedQuery, ...], question: str = "", log: LogOf = lambda: NONE, version: str = "") -> Published:
    """Make a snapshot ready for pages; `question` ends the addresses of the pages that these link to, `version` is stated as their version.

    Raises LookupError when the registry does not describe itself.
    """
    site = read_site(snapshot)
    return Published(snapshot, site, {code: Reader(site, code, question) for code in site.languages}, queries, log, version or snapshot.name, site.graph.kept())


class Publisher:
    """The published form of whatever snapshot is current; a new snapshot is published at its first request."""

    def __init__(self, current: Callable[[], Snapshot], queries: Path, log: LogOf = lambda: NONE, version: str = "") -> None:
        self._current = current
        self._queries = queries
        self._log = log
        self._version = version
        self._published = publish(current(), read_queries(queries), log=log, version=version)

    def current(self) -> Published:
        """The published current snapshot."""
        snapshot = self._current()
        published = self._published
        if published.snapshot.name != snapshot.name:
            published = publish(snapshot, read_queries(self._queries), log=self._log, version=self._version)
            self._published = published
        return published
