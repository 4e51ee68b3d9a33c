"""Figures as pictures of their own: the same numbers as on the page, in colours that any program can read, and nothing that acts."""

import re
from collections.abc import Iterator

import httpx
import lxml.etree
import pytest
from page_kinds import KINDS

SVG = "{http://www.w3.org/2000/svg}"
ADDRESS = KINDS["method"]["sv"].rstrip("/") + ".svg"
FIGURES = {
    "map": ADDRESS,
    "spread": KINDS["method"]["sv"] + "spread.svg",
    "timeline": KINDS["method"]["sv"] + "timeline.svg",
    "network": KINDS["organisation"]["sv"] + "network.svg",
    "funnel": KINDS["indicator"]["sv"] + "compared.svg",
    "counts": KINDS["indicator-counts"]["sv"] + "compared.svg",
    "waiting": KINDS["method"]["sv"] + "waiting.svg",
    "regions": KINDS["access"]["sv"] + "regions.svg",
    "regions-area": KINDS["access"]["sv"] + "regions.svg?area=screening",
}


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
    remarks = {"part": "för en del", "contradiction": "motsägs", "undated": "odaterad"}
    wanted = [
        ", ".join(
            [
                f"{line['short_name']['value']}: {line['state']['label']['value'] if line['state'] else 'ingen uppgift'}",
                *(word for flag, word in remarks.items() if line[flag]),
            ]
        )
        for line in standings
    ]
    assert sorted(titles) == sorted(wanted) and len(titles) == 21 and any(", " in title for title in titles)


def test_a_region_where_it_holds_for_a_part_only_is_dotted(picture) -> None:
    dotted = {pattern.get("id") for pattern in picture.iter(f"{SVG}pattern")} - {"silent"}
    paths = [path for path in picture.iter(f"{SVG}path") if path.find(f"{SVG}title") is not None]
    assert dotted and {path.get("fill") for path in paths if ", för en del" in path.findtext(f"{SVG}title")} == {f"url(#{name})" for name in dotted}
    assert not [path for path in paths if "#dotted" in path.get("fill") and ", för en del" not in path.findtext(f"{SVG}title")]


@pytest.mark.parametrize("name", FIGURES)
def test_colours_are_written_out(client: httpx.Client, name: str) -> None:
    text = client.get(FIGURES[name]).text
    assert "var(" not in text and "class=" not in text and "currentColor" not in text
    assert re.search(r'fill="#[0-9a-f]{6}"', text)
    # They are the colours of the site in light.
    used = set(re.findall(r"#[0-9a-f]{6}", text))
    assert used <= set(re.findall(r"#[0-9a-f]{6}", client.get("/static/site.css").text.split("@media")[0]))


@pytest.mark.parametrize("name", FIGURES)
def test_it_holds_no_script_style_link_or_outside_address(client: httpx.Client, name: str) -> None:
    picture = lxml.etree.fromstring(client.get(FIGURES[name]).content)
    names = {str(element.tag).removeprefix(SVG) for element in picture.iter()}
    assert names <= {"svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "text", "g"}
    assert not [name for element in picture.iter() for name in element.attrib if name.startswith("on") or "href" in name]


@pytest.mark.parametrize("name", FIGURES)
def test_it_says_whence_it_is_and_under_which_licence(client: httpx.Client, name: str) -> None:
    said = "".join(lxml.etree.fromstring(client.get(FIGURES[name]).content).itertext())
    assert "22 november 2026" in said and "CC0 1.0" in said and "https://w3id.org/phkg/" in said


def test_the_figures_say_what_the_page_says(client: httpx.Client) -> None:
    page = client.get(KINDS["method"]["sv"].rstrip("/") + ".json").json()["page"]
    timeline = [one.text for one in lxml.etree.fromstring(client.get(FIGURES["timeline"]).content).iter(f"{SVG}text") if one.text]
    places = [event["place"]["label"]["value"] for event in page["events"]]
    assert [line.rpartition(" · ")[2] for line in timeline if " · " in line] == places
    last = [one.text for one in lxml.etree.fromstring(client.get(FIGURES["spread"]).content).iter(f"{SVG}text")]
    assert str(page["adoption"]["now"]["low"]) in last
    members = client.get(KINDS["organisation"]["sv"].rstrip("/") + ".json").json()["page"]
    named = {one["other"]["iri"] for one in (*members["members"], *members["member_of"])}
    network = lxml.etree.fromstring(client.get(FIGURES["network"]).content)
    assert len(list(network.iter(f"{SVG}circle"))) == len(named) + 1


def test_regions_side_by_side_are_all_drawn_or_named_by_their_code(client: httpx.Client) -> None:
    page = client.get(KINDS["indicator"]["sv"].rstrip("/") + ".json").json()["page"]["comparison"]
    told = [point["short_name"]["value"] for point in page["points"]]
    funnel = lxml.etree.fromstring(client.get(FIGURES["funnel"]).content)
    # Both axes, four lines and the middle; then a mark and a code for each region that has a value, and none for silence.
    codes = [one.text for one in funnel.iter(f"{SVG}text") if one.text and re.fullmatch("[A-Z]{1,2}", one.text)]
    assert len(codes) == page["answering"] < len(told) == 21
    counts = lxml.etree.fromstring(client.get(FIGURES["counts"]).content)
    drawn = [one.text for one in counts.iter(f"{SVG}text") if one.text in told]
    assert drawn == told
    # Who has said nothing is hatched over the whole scale.
    assert len([one for one in counts.iter(f"{SVG}rect") if one.get("fill") == "url(#silent)"]) == 21 - page["answering"]


def test_waits_are_drawn_between_their_bounds(client: httpx.Client) -> None:
    lines = client.get(KINDS["method"]["sv"].rstrip("/") + ".json").json()["page"]["waited"]
    picture = lxml.etree.fromstring(client.get(FIGURES["waiting"]).content)
    bands = [one for one in picture.iter(f"{SVG}rect") if one.get("fill") == "url(#silent)"]
    wide = [line["years_high"] - line["years_low"] for line in lines["regions"] if line["years_low"] is not None and line["years_high"] > line["years_low"]]
    assert [float(one.get("width")) for one in bands] == pytest.approx([415 * span / lines["axis"][-1] for span in wide], abs=0.1)
    assert len(wide) == lines["open"] and len(list(picture.iter(f"{SVG}circle"))) == lines["sure"]


def test_it_says_of_what_day_it_is_and_follows_the_day_asked_for(client: httpx.Client, picture) -> None:
    assert "22 november 2026" in "".join(picture.itertext())
    assert "1 januari 2020" in "".join(lxml.etree.fromstring(client.get(f"{ADDRESS}?as-of=2020-01-01").content).itertext())


def test_the_page_links_to_it(client: httpx.Client) -> None:
    assert f'href="{ADDRESS}" download' in client.get(KINDS["method"]["sv"]).text


@pytest.mark.parametrize(
    "path",
    [
        "/sv/regioner/skane.svg",
        "/sv/metoder/opt-psa-mri/network.svg",
        "/sv/metoder/cftr-analysis/spread.svg",
        "/sv/metoder/opt-psa-mri/no.svg",
        "/sv/jamlik-tillgang/map.svg",
        "/sv/jamfor/regions.svg",
        "/sv/indikatorer/kub-uptake/compared.svg",
        "/sv/jamlik-tillgang.svg",
        "/sv/metoder/finns-inte.svg",
        "/xx/metoder/opt-psa-mri.svg",
    ],
)
def test_nothing_else_is_a_figure(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_parameter_is_told(client: httpx.Client) -> None:
    answer = client.get(f"{ADDRESS}?colour=red")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "colour")
