"""The drawing of memberships says what the tables beside it say."""

import httpx
import lxml.html


def test_every_member_and_whole_is_drawn_once_and_leads_to_its_page(pages: str) -> None:
    told = httpx.get(f"{pages}/en/organisations/gms.json", timeout=60).json()["page"]
    page = lxml.html.document_fromstring(httpx.get(f"{pages}/en/organisations/gms/", timeout=60).text)
    drawn = page.xpath("//figure[contains(@class, 'network')]//*[local-name()='svg']//a/@href")
    named = {line["other"]["path"] for side in ("members", "member_of") for line in told[side]}
    assert set(drawn) == named and len(named) > 5
    assert len(page.xpath("//figure[contains(@class, 'network')]//path")) == len(drawn)


def test_nothing_is_drawn_where_nobody_is_named(pages: str) -> None:
    organisations = [f"{pages}/en/organisations/{slug}" for slug in ("akademiska-sjukhuset", "vinnova", "regeringen")]
    bare = [one for one in organisations if not any(httpx.get(f"{one}.json", timeout=60).json()["page"][side] for side in ("members", "member_of"))]
    assert bare and all("network" not in httpx.get(f"{one}/", timeout=60).text for one in bare)
