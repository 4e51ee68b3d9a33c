"""What linked data needs of a snapshot besides what pages need: the history of its files, its licence, the JSON-LD context."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from subprocess import SubprocessError
from threading import Lock
from typing import Any

from pyoxigraph import NamedNode

from phkg.publishing import json_ld
from phkg.publishing.history import History, git, read_history
from phkg.publishing.json_ld_nodes import Nodes
from phkg.publishing.provenance import Provenance
from phkg.publishing.site import Published
from phkg.records.knowledge import Knowledge
from phkg.views.site import Site
from phkg.vocabulary.namespaces import DCTERMS

LICENCE = NamedNode(DCTERMS + "license")
KNOWN = "known"
"""In the manifest of a snapshot of what was known at some time: the commit that it was made of."""
MOST_KEPT = 8
"""Snapshots whose histories are kept ready."""


class Linked:
    """One snapshot's history, licence and context; JSON-LD written with it."""

    def __init__(self, site: Site, history: History) -> None:
        self.history = history
        self.provenance = Provenance(site.base, history, site.graph.note)
        self._site = site

    @cached_property
    def licence(self) -> str | None:
        """The address of the licence of all records, if the registry names one."""
        named = self._site.graph.text(self._site.registry, LICENCE) or ""
        return named if named.startswith(("https://", "http://")) else None

    @cached_property
    def context(self) -> dict[str, Any]:
        """The context of all JSON-LD of the registry."""
        return json_ld.context(self._site.graph)

    @cached_property
    def nodes(self) -> Nodes:
        """Writes JSON-LD with that context."""
        return Nodes(self.context)


class LinkedOf:
    """Gives what belongs to a published snapshot; git is read once for each, and again when a commit has come."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._log = _log_of(knowledge)
        self._kept: OrderedDict[tuple[str, str, int], Linked] = OrderedDict()
        self._touch = Lock()

    def __call__(self, published: Published) -> Linked:
        """The history, licence and context that go with a snapshot (pictures of other days by what is known now share it with today's)."""
        known = published.snapshot.manifest.get(KNOWN, "HEAD")
        key = (str(published.snapshot.path), known, self.moved_at())
        with self._touch:
            if key not in self._kept:
                self._kept[key] = Linked(published.site, read_history(self._knowledge, known))
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def moved_at(self) -> int:
        """When git last moved its head, in nanoseconds; 0 where that cannot be known."""
        try:
            return self._log.stat().st_mtime_ns if self._log else 0
        except OSError:
            return 0


def _log_of(knowledge: Knowledge) -> Path | None:
    """The file in which git notes every move of its head."""
    try:
        return knowledge.registry / git(knowledge.registry, "rev-parse", "--git-path", "logs/HEAD").strip()
    except (OSError, SubprocessError):
        return None
