"""What crawlers are told: every page, in every language, at addresses that answer."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import httpx
import pytest
from lxml import etree

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="module")
def client(pages: str):
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


def addresses(client: httpx.Client, path: str) -> list[str]:
    return etree.fromstring(client.get(path).content).xpath("//s:loc/text()", namespaces=NAMES)


def test_a_robot_may_read_all_but_queries_and_searches(client: httpx.Client, pages: str) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    assert robots.can_fetch("any", f"{pages}/sv/metoder/opt-psa-mri/") and robots.can_fetch("any", f"{pages}/methods/opt-psa-mri.ttl")
    assert not robots.can_fetch("any", f"{pages}/sparql?query=x") and not robots.can_fetch("any", f"{pages}/sv/sok/?q=x")
    # The parser of the standard library knows no star (RFC 9309, section 2.2.3), so the lines themselves are looked at.
    assert {"Disallow: /*as-of=", "Disallow: /*as-known=", "Disallow: /*query="} <= set(client.get("/robots.txt").text.splitlines())
    assert robots.site_maps() == [f"{pages}/sitemap.xml"]


def test_every_record_stands_in_the_site_map_in_both_languages(client: httpx.Client, pages: str, real_snapshot) -> None:
    parts = addresses(client, "/sitemap.xml")
    listed = [address for part in parts for address in addresses(client, part.removeprefix(pages))]
    assert len(listed) == len(set(listed)) and all(address.startswith(pages) for address in listed)
    subjects = {quad.subject.value for quad in real_snapshot.store}
    for folder, word in (("methods", "metoder"), ("regions", "regioner"), ("sources", "kallor")):
        slugs = {iri.rsplit("/", 1)[-1] for iri in subjects if iri.startswith(f"https://w3id.org/phkg/{folder}/") and iri.count("/") == 5}
        assert {f"{pages}/sv/{word}/{slug}/" for slug in slugs} <= set(listed)
        assert {f"{pages}/en/{folder}/{slug}/" for slug in slugs} <= set(listed)
    assert f"{pages}/en/data/" in listed and f"{pages}/sv/" in listed
    assert [address for address in listed[::97] if client.get(address).status_code != 200] == []


def test_a_page_names_its_other_languages(client: httpx.Client, pages: str) -> None:
    root = etree.fromstring(client.get("/sitemap/methods.xml").content)
    entry = root.xpath(f"//s:url[s:loc='{pages}/sv/metoder/opt-psa-mri/']", namespaces=NAMES)[0]
    alternates = {one.get("hreflang"): one.get("href") for one in entry.xpath("x:link", namespaces=NAMES)}
    assert alternates == {"sv": f"{pages}/sv/metoder/opt-psa-mri/", "en": f"{pages}/en/methods/opt-psa-mri/"}


def test_what_is_no_part_of_it_is_not_there(client: httpx.Client) -> None:
    assert client.get("/sitemap/nothing.xml").status_code == 404
    assert client.get("/sitemap/implementations.xml").status_code == 404
