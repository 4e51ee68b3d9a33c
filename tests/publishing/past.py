"""A country in a real git, asked without a network between."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx

from phkg.graph.compile import compile_snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import find_knowledge


def git(folder: Path, *arguments: str, author: str = "Anna Ek", when: str = "2020-01-01T10:00:00+01:00") -> str:
    """What git answers; commits are by this author at this time."""
    people = {
        f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in (("NAME", author), ("EMAIL", "secret@example.org"), ("DATE", when))
    }
    environment = {**os.environ, **people, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["git", "-C", str(folder), *arguments], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def asker(root: Path, into: Path) -> Callable[..., httpx.Response]:
    """Asks the application of a country; today is 2021-06-01 there."""
    knowledge = find_knowledge(root)
    snapshot = compile_snapshot(knowledge, date(2021, 6, 1), into)
    transport = httpx.ASGITransport(create_app(knowledge, lambda: snapshot))

    def ask(path: str, **headers: str) -> httpx.Response:
        async def one() -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url="http://ekland.example") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(one())

    return ask
