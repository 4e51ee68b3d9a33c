"""Building a site in tests: quietly, for an origin and a prefix."""

from __future__ import annotations

from pathlib import Path

from phkg.curation.web.routes import contributing
from phkg.graph.snapshot import Snapshot
from phkg.publishing.build import build_site
from phkg.publishing.build_files import Outcome
from phkg.records.knowledge import Knowledge

FURTHER = (contributing(),)
"""The routes of other rooms, as `phkg build` has them."""
PREFIX = "/kopior/ekland"
"""The folder of a host in which a site is built."""


def build(knowledge: Knowledge, snapshot: Snapshot, into: Path, origin: str = "https://example.org", base_path: str = "") -> Outcome:
    return build_site(knowledge, snapshot, into, origin, base_path, lambda done, known: None, lambda: None, FURTHER)
