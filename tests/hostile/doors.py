"""A registry in git that is served with its pages to contribute and its submissions, for what strangers send."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx

from phkg.curation.audit import Audit
from phkg.curation.web.door import Door
from phkg.curation.web.limits import Limits
from phkg.curation.web.routes import contributing
from phkg.graph.compile import compile_snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import find_knowledge

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "curation"))
from repository import Repository


class Site:
    """Where the registry is served, and its repository with a token's secret."""

    def __init__(self, address: str, repository: Repository) -> None:
        self.address, self.repository = address, repository

    def submit(self, body: bytes, media_type: str = "text/turtle") -> httpx.Response:
        headers = {"Content-Type": media_type, "Authorization": f"Bearer {self.repository.secret}"}
        return httpx.post(f"{self.address}/submissions", content=body, headers=headers, timeout=120)

    def upload(self, name: str, body: bytes) -> httpx.Response:
        return httpx.post(f"{self.address}/en/contribute/", files={"file": (name, body)}, data={"do": "check", "language": "en"}, timeout=120)


@contextmanager
def serving(served_app: Callable, folder: Path, root: Path, writes: tuple[str, ...], adds: tuple[str, ...]) -> Iterator[Site]:
    """Serves a copy of a registry; in the end the server must have complained of nothing, and the repository be sound and its main branch untouched."""
    repository = Repository(folder, root=root, writes=writes, adds=adds)
    knowledge = find_knowledge(repository.root)
    snapshot = compile_snapshot(knowledge, date(2026, 11, 22), folder / "into")
    told: list[str] = []
    door = Door(repository.root, Audit(folder / "log", told.append), "sv", Limits(attempts=10_000, accepted=10_000, waiting=10_000), told.append)
    with served_app(create_app(knowledge, lambda: snapshot, further=(contributing(door, b"key"),))) as address:
        yield Site(address, repository)
    assert told == [] and repository.untouched()
    repository.git("fsck", "--strict", "--no-dangling")
