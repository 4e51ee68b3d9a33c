"""How much a page weighs: nobody should need a fast line to read what the registry says."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest
from page_kinds import KINDS

MOST_OF_A_METHOD = 60_000
MOST_OF_SCRIPTS = 20_000
"""Bytes; of the page as a server sends it compressed, and of its scripts as they are."""
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


@pytest.fixture(scope="module")
def client(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


def scripts_of(client: httpx.Client, page: str) -> dict[str, int]:
    """The scripts that a page loads, those that they import too, with their bytes."""
    todo, found = re.findall(r'<script[^>]*\ssrc="([^"]+)"', client.get(page).raise_for_status().text), {}
    while todo:
        address = todo.pop()
        if address not in found:
            text = client.get(address).raise_for_status().text
            found[address] = len(text.encode())
            todo += [urljoin(address, one) for one in IMPORT.findall(text)]
    return found


def test_the_page_of_every_method_is_light(client: httpx.Client, real_snapshot) -> None:
    methods = {quad.subject.value.split("/")[-1] for quad in real_snapshot.store if quad.subject.value.startswith("https://w3id.org/phkg/methods/")}
    addresses = [f"/sv/metoder/{slug}/" for slug in sorted(methods) if client.head(f"/sv/metoder/{slug}/").status_code == 200]
    assert len(addresses) > 150
    weights = {address: len(gzip.compress(client.get(address).content, 9)) for address in addresses}
    assert {address: weight for address, weight in weights.items() if weight > MOST_OF_A_METHOD} == {}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "queries"])
def test_the_scripts_of_a_page_are_light(client: httpx.Client, kind: str) -> None:
    assert sum(scripts_of(client, KINDS[kind]["sv"]).values()) <= MOST_OF_SCRIPTS


def test_scripts_are_found_where_there_are_some(client: httpx.Client) -> None:
    assert len(scripts_of(client, KINDS["queries"]["sv"])) > 5 and scripts_of(client, KINDS["method"]["sv"])
