"""What linked data needs of a snapshot besides what pages need: the history of its files, its licence, the JSON-LD context."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from pyoxigraph import NamedNode, Triple

from phkg.publishing import json_ld
from phkg.publishing.history import History, read_history
from phkg.publishing.site import Published
from phkg.records.knowledge import Knowledge
from phkg.views.site import Site
from phkg.vocabulary.namespaces import DCTERMS

LICENCE = NamedNode(DCTERMS + "license")
KEPT_ANSWERS = 512
"""JSON-LD answers kept ready, since to compact one takes milliseconds."""


class Linked:
    """One snapshot's history, licence and context; JSON-LD written with it."""

    def __init__(self, site: Site, history: History) -> None:
        self.history = history
        self._site = site
        self.compact = lru_cache(KEPT_ANSWERS)(self._compact)

    @cached_property
    def licence(self) -> str | None:
        """The address of the licence of all records, if the registry names one."""
        named = self._site.graph.text(self._site.registry, LICENCE) or ""
        return named if named.startswith(("https://", "http://")) else None

    @cached_property
    def context(self) -> dict[str, Any]:
        """The context of all JSON-LD of the registry."""
        return json_ld.context(self._site.graph)

    def _compact(self, subjects: tuple[tuple[Triple, ...], ...], address: str) -> bytes:
        return json_ld.compact(subjects, self.context, address)


class LinkedOf:
    """Gives what belongs to a published snapshot; git is read once for each."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._last: tuple[str, Linked] | None = None

    def __call__(self, published: Published) -> Linked:
        """The history, licence and context that go with a snapshot (pictures of other days share it with today's)."""
        key = str(published.snapshot.path)
        last = self._last
        if last is None or last[0] != key:
            last = (key, Linked(published.site, read_history(self._knowledge)))
            self._last = last
        return last[1]
