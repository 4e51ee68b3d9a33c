"""The map of a method as a picture of its own: all regions, in colours that any program can read, and nothing that acts."""

import re
from collections.abc import Iterator

import httpx
import lxml.etree
import pytest
from page_kinds import KINDS

SVG = "{http://www.w3.org/2000/svg}"
ADDRESS = KINDS["method"]["sv"].rstrip("/") + ".svg"


@pytest.fixture(scope="module")
def client(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def picture(client: httpx.Client) -> lxml.etree._Element:
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    return lxml.etree.fromstring(answer.content)


def test_every_region_is_drawn_and_named_with_its_state(client: httpx.Client, picture) -> None:
    standings = client.get(KINDS["method"]["sv"].rstrip("/") + ".json").json()["page"]["standings"]
    titles = [path.findtext(f"{SVG}title") for path in picture.iter(f"{SVG}path") if path.find(f"{SVG}title") is not None]
    wanted = [f"{line['short_name']['value']}: {line['state']['label']['value'] if line['state'] else 'ingen uppgift'}" for line in standings]
    assert sorted(titles) == sorted(wanted) and len(titles) == 21


def test_colours_are_written_out(client: httpx.Client) -> None:
    text = client.get(ADDRESS).text
    assert "var(" not in text and "class=" not in text and "currentColor" not in text
    assert re.search(r'fill="#[0-9a-f]{6}"', text)


def test_it_holds_no_script_style_link_or_outside_address(picture) -> None:
    names = {str(element.tag).removeprefix(SVG) for element in picture.iter()}
    assert names <= {"svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "text", "g"}
    assert not [name for element in picture.iter() for name in element.attrib if name.startswith("on") or "href" in name]


def test_it_says_of_what_day_it_is_and_follows_the_day_asked_for(client: httpx.Client, picture) -> None:
    assert "22 november 2026" in "".join(picture.itertext())
    assert "1 januari 2020" in "".join(lxml.etree.fromstring(client.get(f"{ADDRESS}?as-of=2020-01-01").content).itertext())


def test_the_page_links_to_it(client: httpx.Client) -> None:
    assert f'href="{ADDRESS}" download' in client.get(KINDS["method"]["sv"]).text


@pytest.mark.parametrize("path", ["/sv/regioner/skane.svg", "/sv/metoder/finns-inte.svg", "/xx/metoder/opt-psa-mri.svg"])
def test_nothing_else_is_a_map(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_parameter_is_told(client: httpx.Client) -> None:
    answer = client.get(f"{ADDRESS}?colour=red")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "colour")
