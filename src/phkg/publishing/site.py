"""What answers need of one snapshot: the site, one reader a language, the standings and the names to search in.

Everything here is read once when a snapshot is taken into use; requests that began on an older one keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode

from phkg.graph.change_log import NONE, ChangeLog
from phkg.graph.snapshot import Snapshot
from phkg.records.queries import NamedQuery, read_queries
from phkg.views.adoption import Spread, read_spread
from phkg.views.advice import Advice
from phkg.views.allocation_model import ModelRecord, read_models
from phkg.views.change_list import ChangesPage, changes_page
from phkg.views.reader import Reader
from phkg.views.search import Names, read_names
from phkg.views.site import Kind, Site, read_site
from phkg.views.source_list import SourceRow, source_rows
from phkg.views.standings import Standings, read_standings
from phkg.views.waits import Waits, read_waits
from phkg.vocabulary import ph


LogOf = Callable[[], ChangeLog]
KEPT_LISTS = 256
"""Lists of changes that are kept ready."""


@dataclass(frozen=True)
class Published:
    """A snapshot made ready for pages. `log` gives the changes of the registry as far as they are known."""

    snapshot: Snapshot
    site: Site
    readers: dict[str, Reader]
    queries: tuple[NamedQuery, ...]
    log: LogOf = lambda: NONE
    _lists: dict[tuple[str, NamedNode | None, int | None], tuple[ChangeLog, ChangesPage]] = field(default_factory=dict, repr=False)
    _sources: dict[str, tuple[SourceRow, ...]] = field(default_factory=dict, repr=False)
    _advice: dict[str, Advice] = field(default_factory=dict, repr=False)

    def changes(self, code: str, about: NamedNode | None = None, most: int | None = None) -> ChangesPage:
        """The latest changes in one language, at most so many; of the whole registry or about one record."""
        log, key = self.log(), (code, about, most)
        kept = self._lists.get(key)
        if kept is None or kept[0] is not log:
            if len(self._lists) >= KEPT_LISTS:
                self._lists.clear()
            kept = self._lists[key] = (log, changes_page(self.readers[code], log, about, most))
        return kept[1]

    def sources(self, code: str, kind: Kind) -> tuple[SourceRow, ...]:
        """Every source with what rests on it, in one language."""
        if code not in self._sources:
            self._sources[code] = source_rows(self.readers[code], kind)
        return self._sources[code]

    def advice(self, code: str) -> Advice:
        """The recommendations in one language."""
        return self._advice.setdefault(code, Advice(self.readers[code], self.standings))

    @cached_property
    def standings(self) -> Standings:
        """All standings; the same for every language."""
        return read_standings(next(iter(self.readers.values())))

    @cached_property
    def spread(self) -> Spread:
        """What the adoption of every method is worked out of; the same for every language."""
        return read_spread(self.site.graph, self.snapshot.date)

    @cached_property
    def waits(self) -> Waits | None:
        """Who has access to every method and who has waited for it; None for a registry that follows no methods."""
        methods = self.methods
        return read_waits(self.site.graph, self.snapshot.date, self.site.records(methods)) if methods else None

    @cached_property
    def names(self) -> Names:
        """All names that search looks at."""
        return read_names(self.site)

    @cached_property
    def allocation_models(self) -> dict[str, tuple[ModelRecord, ...]]:
        """The models by which a sum can be shared, by language."""
        return {code: read_models(reader) for code, reader in self.readers.items()}

    @cached_property
    def methods(self) -> Kind | None:
        """The kind of record whose introduction the registry follows."""
        return next((kind for kind in self.site.kinds if kind.iri == ph.Method), None)

    @cached_property
    def outlines(self) -> dict[str, str]:
        """The ISO 3166-2 code of each region, by its IRI."""
        graph = self.site.graph
        return {region.value: graph.text(region, ph.iso3166_2) or "" for region in self.site.regions}


def publish(snapshot: Snapshot, queries: tuple[NamedQuery, ...], question: str = "", log: LogOf = lambda: NONE) -> Published:
    """Make a snapshot ready for pages; `question` ends the addresses of the pages that these link to.

    Raises LookupError when the registry does not describe itself.
    """
    site = read_site(snapshot)
    return Published(snapshot, site, {code: Reader(site, code, question) for code in site.languages}, queries, log)


class Publisher:
    """The published form of whatever snapshot is current; a new snapshot is published at its first request."""

    def __init__(self, current: Callable[[], Snapshot], queries: Path, log: LogOf = lambda: NONE) -> None:
        self._current = current
        self._queries = queries
        self._log = log
        self._published = publish(current(), read_queries(queries), log=log)

    def current(self) -> Published:
        """The published current snapshot."""
        snapshot = self._current()
        published = self._published
        if published.snapshot.name != snapshot.name:
            published = publish(snapshot, read_queries(self._queries), log=self._log)
            self._published = published
        return published
