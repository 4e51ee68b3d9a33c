"""All that curators meet over HTTP, as routes for the application of the pages."""

from __future__ import annotations

from fastapi import APIRouter

from phkg.curation.web.contribute import Contribute
from phkg.curation.web.door import Door
from phkg.curation.web.seal import Seal
from phkg.curation.web.submissions import Submissions
from phkg.publishing.app import Further, Parts


def contributing(door: Door | None = None, key: bytes = b"") -> Further:
    """Makes the routes. Without a door nothing is checked or taken, and the pages tell of other ways; `key` seals forms."""

    def make(parts: Parts) -> APIRouter:
        router = APIRouter()
        contribute = Contribute(parts, door, Seal(key))
        router.include_router(contribute.router())
        router.include_router(Submissions(parts, door, contribute).router())
        return router

    return make
