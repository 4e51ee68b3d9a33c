"""The forms to contribute with, over the real registry: what they ask, what comes back beside the fields, what they save and send, and how they look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from types import SimpleNamespace

import httpx
import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook, load_workbook
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from phkg.curation.audit import Audit
from phkg.curation.fields import TYPE, read_forms
from phkg.curation.known import Known
from phkg.curation.web.door import Door
from phkg.curation.web.form_view import values_of
from phkg.curation.web.limits import Limits
from phkg.curation.web.record_forms import Ready, record_as_turtle
from phkg.curation.web.routes import contributing
from phkg.publishing.app import create_app
from phkg.records.knowledge import own_root
from phkg.validation.run import load_shapes
from phkg.views.site import read_site
from phkg.vocabulary import ph

from .repository import Repository

GOTLAND = "registry/implementations/gotland.ttl"
BASE = "https://w3id.org/phkg/"
RECORD = "implementations/gotland/opt-psa-mri/1"
FORM = "/sv/bidra/implementation-statement/"
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


@pytest.fixture(scope="module")
def site(served_app, real_knowledge, real_snapshot, tmp_path_factory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("contribute")
    repository = Repository(folder, root=own_root(), writes=(GOTLAND,))
    log = folder / "log"
    complaints: list[str] = []
    door = Door(repository.root, Audit(log, complaints.append), "sv", Limits(attempts=10_000), complaints.append)
    with served_app(create_app(real_knowledge, lambda: real_snapshot, further=(contributing(door, b"key"),))) as address:
        yield SimpleNamespace(address=address, repository=repository)
    assert complaints == []


@pytest.fixture
def client(site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.address, timeout=90) as one:
        yield one


def page(answer: httpx.Response, status: int = 200) -> lxml.html.HtmlElement:
    assert answer.status_code == status, answer.text[:500]
    return lxml.html.document_fromstring(answer.text)


def filled_in(document: lxml.html.HtmlElement) -> dict[str, list[str]]:
    """What the form would send as it stands."""
    form = document.xpath("//form[@method='post']")[0]
    found: dict[str, list[str]] = {}
    for key, value in form.form_values():
        # The first line end of a text is none, says HTML.
        found.setdefault(key, []).append(value.removeprefix("\n"))
    return found


def test_each_fault_is_said_on_top_and_beside_its_field(client: httpx.Client) -> None:
    found = page(client.post(FORM, data={"do": "check", "method": "opt-psa-mri", "state": "nonsense"}), 422)
    causes = found.xpath("//section[contains(@class, 'summary')]//a")
    assert len(causes) >= 4
    for cause in causes:
        (field,) = found.xpath(f"//*[@id='{cause.get('href')[1:]}']")
        assert field.get("aria-invalid") == "true"
        described = [found.get_element_by_id(one) for one in field.get("aria-describedby").split()]
        assert any(cause.text in one.text_content() for one in described)
    assert filled_in(found)["method"] == ["opt-psa-mri"] and filled_in(found)["state"] == ["nonsense"]
    assert found.findtext(".//title").startswith("Fel")


@pytest.mark.parametrize("path", ["/sv/bidra/", "/en/contribute/"])
def test_every_kind_of_record_has_a_form_in_each_language(client: httpx.Client, path: str) -> None:
    forms = page(client.get(path)).xpath("//section[@aria-labelledby='form']//a/@href")
    assert len(forms) > 12
    for form in forms:
        found = page(client.get(form))
        assert found.xpath("//fieldset") and not found.xpath("//script[not(@type='application/ld+json')]")
        for field in found.xpath("//form[@method='post']//*[self::input or self::select or self::textarea][not(@type='hidden')]"):
            named = found.xpath(f"//label[@for='{field.get('id')}']") if field.get("id") else []
            assert named or field.get("aria-label"), (form, field.get("name"))


def test_suggest_a_correction_leads_to_the_record_filled_in(client: httpx.Client) -> None:
    link = page(client.get("/sv/indikationer/prostate-cancer/")).xpath("//a[normalize-space()='Föreslå en rättelse']/@href")[0]
    found = page(client.get(link, follow_redirects=True))
    assert "Prostatacancer" in filled_in(found)["prefLabel@sv"]
    page(client.get("/sv/bidra/", params={"record": "methods/no-such"}), 404)
    assert client.get("/sv/bidra/", params={"record": "../../etc"}).status_code in (400, 404)


def test_a_form_that_is_not_touched_says_nothing_new(real_knowledge, real_snapshot) -> None:
    """For one record in seven, of every kind: filled in, and made to Turtle again, it says what it said."""
    registry = read_site(real_snapshot)
    forms = read_forms(load_shapes(real_knowledge), registry.graph, registry.languages)
    ready = Ready(forms, Known(registry.graph, registry.base), {})
    tried = 0
    for kind in forms.kinds:
        for subject in registry.graph.subjects(TYPE, NamedNode(kind.iri))[::7]:
            record = subject.value.removeprefix(BASE)
            turtle, iri, faults = record_as_turtle(ready, kind, values_of(kind, subject.value, ready.known, "sv"), record, "sv")
            if any(fault.code == "no-such-choice" for fault in faults):
                continue  # It points to a record that was retired, which a form does not offer.
            assert faults == (), (iri, [fault.sentence("en") for fault in faults])
            # In a store, as the snapshot is: 59.0 and 59 are the same number there.
            store = Store()
            store.load(turtle.encode(), format=RdfFormat.TURTLE)
            said = {(one.predicate, one.object) for one in store}
            assert said == {pair for pair in registry.graph.about(subject) if pair[0] not in ph.DATE_BOUNDS}, iri
            tried += 1
    assert tried > 150


def test_what_is_saved_is_valid_turtle_of_the_record(client: httpx.Client) -> None:
    values = filled_in(page(client.get(FORM, params={"record": RECORD})))
    values |= {"do": ["download"], "note@sv": ["Ny anmärkning."]}
    saved = client.post(FORM, data=values)
    assert saved.status_code == 200 and saved.headers["content-type"].startswith("text/turtle")
    assert saved.headers["content-disposition"] == 'attachment; filename="gotland.ttl"'
    triples = {one.triple for one in parse(saved.content, format=RdfFormat.TURTLE)}
    assert {one.subject.value for one in triples} == {BASE + RECORD} and "Ny anmärkning." in saved.text


def test_a_correction_sent_in_is_a_branch_and_the_token_is_never_shown_again(site, client: httpx.Client) -> None:
    values = filled_in(page(client.get(FORM, params={"record": RECORD})))
    values |= {"do": ["send"], "note@en": ["A remark <script>alert(1)</script>"], "token": [site.repository.secret]}
    before = len(site.repository.branches())
    answer = client.post(FORM, data=values)
    assert answer.status_code == 303, answer.text[:500]
    shown = client.get(answer.headers["location"])
    assert site.repository.secret not in shown.text and "väntar" in page(shown).text_content()
    assert len(site.repository.branches()) == before + 1
    wrong = client.post(FORM, data=values | {"token": ["phkg_suda-1_wrong"]})
    assert wrong.status_code == 401 and "phkg_suda-1_wrong" not in wrong.text and "A remark &lt;script&gt;" in wrong.text


def test_a_record_is_taken_out_of_use_by_its_form_and_stays(site, client: httpx.Client) -> None:
    opened = page(client.get(FORM, params={"record": RECORD}))
    values = filled_in(opened)
    assert {"retire-reason@sv", "retire-reason@en", "retire-successor"} <= set(values)
    assert "retire-successor" not in filled_in(page(client.get(FORM)))
    half = page(client.post(FORM, data=values | {"do": ["check"], "retire-reason@sv": ["Källan säger inte detta."]}), 422)
    assert "Skälet till att posten tas ur bruk saknas på: en." in half.text_content() and half.xpath("//details[@open]//textarea[@id='f-retire-reason-sv']")
    both = {"retire-reason@sv": ["Nej."], "retire-reason@en": ["No."], "retire-successor": ["methods/nipt-trisomies"]}
    assert "inte båda" in page(client.post(FORM, data=values | {"do": ["check"]} | both), 422).text_content()
    for wrong in (RECORD, "methods/no-such", "https://elsewhere.example/x", "<script>alert(1)</script>"):
        refused = client.post(FORM, data=values | {"do": ["check"], "retire-successor": [wrong]})
        assert "är ingen annan post i registret" in page(refused, 422).text_content() and "<script>alert" not in refused.text
    right = {"retire-reason@sv": ["Källan säger inte detta."], "retire-reason@en": ["The source does not say this."]}
    before = set(site.repository.branches())
    answer = client.post(FORM, data=values | {"do": ["send"], "token": [site.repository.secret]} | right)
    assert answer.status_code == 303, answer.text[:500]
    # Two submissions of one second cannot be told apart by their dates.
    (newest,) = set(site.repository.branches()) - before
    added = [line for line in site.repository.git("diff", "-U0", "main", newest).splitlines() if line.startswith("+") and not line.startswith("+++")]
    assert sum("ph:retiredOn" in line for line in added) == 1 and any("The source does not say this." in line for line in added)
    assert not [line for line in site.repository.git("diff", "-U0", "main", newest).splitlines() if line.startswith("-<")]


def test_a_value_that_is_emptied_in_the_form_goes(client: httpx.Client) -> None:
    values = filled_in(page(client.get(FORM, params={"record": RECORD})))
    key = next(key for key in values if key.startswith(("eligibility@", "note@")) and values[key][0])
    text = values[key][0]
    assert text in client.post(FORM, data=values | {"do": ["download"]}).text
    saved = client.post(FORM, data=values | {"do": ["download"], key: [""]})
    assert saved.status_code == 200 and text not in saved.text


@pytest.mark.parametrize(
    ("headers", "change"),
    [
        ({"Origin": "https://elsewhere.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Cookie": ""}, {}),
        ({"Cookie": "phkg-form=" + 32 * "a"}, {}),
        ({}, {"seal": [""]}),
        ({}, {"seal": ["1-" + 64 * "0"]}),
    ],
)
def test_a_form_from_elsewhere_sends_nothing(site, headers: dict[str, str], change: dict[str, list[str]]) -> None:
    with httpx.Client(base_url=site.address, timeout=90) as client:
        values = filled_in(page(client.get("/sv/bidra/")))
        before = site.repository.branches()
        values |= {"do": ["send"], "token": [site.repository.secret], "text": ["<a:b> <a:c> <a:d> ."]} | change
        if "Cookie" in headers:
            client.cookies.clear()
        answer = client.post("/sv/bidra/", data=values, headers={key: value for key, value in headers.items() if value})
        assert answer.status_code == 403 and site.repository.secret not in answer.text
        assert site.repository.branches() == before


def test_the_cookie_is_for_this_site_alone(client: httpx.Client) -> None:
    cookie = client.get("/sv/bidra/").headers["set-cookie"].lower()
    assert "samesite=strict" in cookie and "httponly" in cookie and "expires" not in cookie


def test_pasted_records_are_checked_beside_their_lines(client: httpx.Client) -> None:
    text = f"# Mine\n\n<{BASE}{RECORD}> a <{BASE}ontology#ImplementationStatement> ;\n  <{BASE}ontology#state> <{BASE}concepts/state/rutine> ."
    found = page(client.post("/sv/bidra/", files={"file": ("a.ttl", text.encode())}, data={"do": "check", "text": ""}), 422)
    shown = {line.get("value"): line.text_content() for line in found.xpath("//ol[@class='written']/li")}
    assert "inte finns" in shown["4"] and "rutine" in shown["4"]
    assert filled_in(found)["text"][0].strip() == text


def as_table(rows: list[list[str]], form: str) -> bytes:
    if form == "csv":
        return "\n".join(",".join(one) for one in rows).encode()
    book = Workbook()
    for one in rows:
        book.active.append(one)
    book.save(kept := BytesIO())
    return kept.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_spreadsheet_is_read_like_the_command_reads_it(client: httpx.Client, form: str) -> None:
    heads = ["metod", "plats", "slag av uppgift", "tillstånd", "säkerhet", "källa"]
    row = ["opt-psa-mri", "gotland", "införande", "rutin!", "sagt av källan", "helagotland-helagotland-men-on-gotland-in-large-pilot"]

    def checked(state: str) -> httpx.Response:
        data = as_table([heads, [state if one == "rutin!" else one for one in row]], form)
        return client.post("/sv/bidra/", files={"file": (f"tabell.{form}", data)}, data={"do": "check"})

    wrong = page(checked("rutin!"), 422).text_content()
    assert "D2" in wrong and "rutin!" in wrong
    right = page(checked("i rutinsjukvård"))
    assert "implementations/gotland/opt-psa-mri/" in filled_in(right)["text"][0]


@pytest.mark.parametrize(("path", "sheet", "row"), [
    ("/sv/bidra/", "Uppgifter om införande", {"metod": "opt-psa-mri", "plats": "Region Gotland", "slag av uppgift": "införande", "tillstånd": "i rutinsjukvård", "säkerhet": "sagt av källan"}),
    ("/en/contribute/", "Implementation statements", {"method": "opt-psa-mri", "place": "Region Gotland", "kind of statement": "introduction", "state": "in routine care", "confidence": "stated"}),
])  # fmt: skip
def test_the_workbook_is_there_to_take_and_can_be_sent_back(client: httpx.Client, path: str, sheet: str, row: dict[str, str]) -> None:
    (link,) = page(client.get(path)).xpath("//a[contains(@href, '.xlsx')]/@href")
    answer = client.get(link)
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["content-disposition"] == f'attachment; filename="{link.rpartition("/")[2]}"' and client.get(link).content == answer.content
    book = load_workbook(BytesIO(answer.content))
    heads = {cell.value: cell.column for cell in book[sheet][1]}
    for head, value in {**row, ("källa" if "metod" in row else "source"): "helagotland-helagotland-men-on-gotland-in-large-pilot"}.items():
        book[sheet].cell(2, heads[head]).value = value
    book.save(kept := BytesIO())
    found = page(client.post(path, files={"file": ("x.xlsx", kept.getvalue())}, data={"do": "check", "language": path[1:3]}))
    assert "implementations/gotland/opt-psa-mri/" in filled_in(found)["text"][0]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_row_changes_a_record_only_when_that_is_ticked(site, client: httpx.Client, form: str) -> None:
    """As with `phkg import --update`: what is changed is told with both values, the rest of the record stays, and only that line differs in the branch."""
    heads = ["identifierare", "metod", "plats", "slag av uppgift", "tillstånd", "säkerhet", "källa"]
    rows = [
        heads,
        [RECORD, "opt-psa-mri", "gotland", "införande", "i rutinsjukvård", "sagt av källan", "helagotland-helagotland-men-on-gotland-in-large-pilot"],
    ]
    files = {"file": (f"tabell.{form}", as_table(rows, form))}
    refused = page(client.post("/sv/bidra/", files=files, data={"do": "check"}), 422)
    assert "≠" in refused.text_content() and not refused.xpath("//input[@name='update']/@checked")
    told = page(client.post("/sv/bidra/", files=files, data={"do": "check", "update": "yes"}))
    words = " ".join(told.text_content().split())
    assert re.search(f"{RECORD}: tillstånd: .{{3,20}} → i rutinsjukvård", words) and "1 post skulle ändras eller läggas till" in words
    assert told.xpath("//input[@name='update']/@checked")
    whole = filled_in(told)["text"][0]
    assert "state:routine" in whole and "Part of the joint Stockholm-Gotland pilot" in whole and "50-åriga män" in whole
    sent = client.post(
        "/sv/bidra/",
        files=files,
        data={
            **{key: value[0] for key, value in filled_in(told).items() if key in ("seal", "language")},
            "do": "send",
            "update": "yes",
            "token": site.repository.secret,
        },
    )
    assert sent.status_code == 303, sent.text[:500]
    branch = "submission/" + sent.headers["location"].rstrip("/").rpartition("/")[2]
    lines = [line for line in site.repository.git("diff", "-U0", "main", branch).splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert [line.split() for line in lines] == [["-", "ph:state", "state:pilot", ";"], ["+", "ph:state", "state:routine", ";"]]
    assert "→" in site.repository.git("log", "-1", "--format=%B", branch)


def test_more_empty_fields_come_without_a_script(client: httpx.Client) -> None:
    first = page(client.get(FORM))
    more = page(client.post(FORM, data=filled_in(first) | {"do": ["more"]}))
    assert len(filled_in(more)["statedBy"]) == len(filled_in(first)["statedBy"]) + 2


FACES = {"start": "/sv/bidra/", "form": FORM, "correction": f"/en/contribute/implementation-statement/?record={RECORD}"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("face", [*FACES, "errors"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(site, browser, face: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme=scheme, java_script_enabled=True)
    said: list[str] = []
    tab = context.new_page()
    tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    tab.goto(site.address + FACES.get(face, FORM))
    if face == "errors":
        tab.click("button[value=check]")
        tab.wait_for_selector(".summary")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    results = Axe().run(tab, options=AXE)
    assert results.violations_count == 0, results.generate_report()
    assert [one for one in said if "422" not in one] == []
    context.close()


def test_a_form_is_filled_in_checked_and_sent_without_a_script(site, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(site.address + FORM + f"?record={RECORD}")
    tab.fill("#f-note-sv", "Ifyllt för hand.")
    tab.click("button[value=check]")
    assert "Inga fel" in tab.inner_text("main")
    tab.fill("#token", site.repository.secret)
    tab.click("button[value=send]")
    assert "/sv/inskickat/" in tab.url and re.search(r"submission/\d{8}-", tab.inner_text("main"))
    context.close()


def test_a_built_site_says_that_the_forms_need_a_server(real_knowledge, real_snapshot, served_app) -> None:
    with served_app(create_app(real_knowledge, lambda: real_snapshot, built=True, further=(contributing(),))) as address:
        for path in ("/sv/bidra/", "/en/contribute/"):
            found = page(httpx.get(address + path))
            assert "pull request" in found.text_content() and not found.xpath("//section[@aria-labelledby='form']")
        assert "Föreslå en rättelse" not in httpx.get(f"{address}/sv/indikationer/prostate-cancer/").text
