"""The API's description: valid OpenAPI 3.1, its examples run, its lists page stably, and no request leads out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from page_kinds import KINDS

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def client(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def described(client: httpx.Client) -> dict:
    answer = client.get("/api/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    return answer.json()


def address(path: str, operation: dict) -> str:
    """The address of an operation with the examples of its steps."""
    for one in operation["parameters"]:
        path = path.replace(f"{{{one['name']}}}", quote(str(one["example"]), safe=""))
    return path


def faults(described: dict, operation: dict, answer: httpx.Response) -> list[str]:
    """What of an answer is not as the description says."""
    told = operation["responses"].get(str(answer.status_code))
    if told is None:
        return [f"status {answer.status_code} is not described: {answer.text[:200]}"]
    if "content" not in told:
        return []
    media_type = answer.headers.get("content-type", "").split(";")[0]
    if media_type not in told.get("content", {}):
        return [f"{media_type} is not described for {answer.status_code}"]
    if not media_type.endswith("json"):
        return []
    schema = {**told["content"][media_type]["schema"], "components": described["components"]}
    return [f"{list(fault.path)}: {fault.message[:200]}" for fault in Draft202012Validator(schema).iter_errors(answer.json())][:5]


def test_the_description_is_openapi_and_its_schemas_are_schemas(described: dict) -> None:
    assert described["openapi"].startswith("3.1.")
    names = [operation["get"]["operationId"] for operation in described["paths"].values()]
    assert len(names) == len(set(names)) > 30
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    text = json.dumps(described)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}:
        assert reference in described["components"]["schemas"]


def test_every_example_runs_and_is_as_described(client: httpx.Client, described: dict) -> None:
    wrong = {}
    for path, operations in described["paths"].items():
        operation = operations["get"]
        queries = [one for one in operation["parameters"] if one["in"] == "query" and not one["name"].startswith("as-")]
        for query in ({}, *({one["name"]: one["example"]} for one in queries)):
            answer = client.get(address(path, operation), params=query)
            found = faults(described, operation, answer) or ([] if answer.status_code < 400 else [str(answer.status_code)])
            if found:
                wrong[str(answer.url)] = found
    assert not wrong


def test_the_day_of_the_examples_can_be_asked_for_everywhere(client: httpx.Client, described: dict) -> None:
    asked = 0
    for path, operations in described["paths"].items():
        for one in operations["get"]["parameters"]:
            if one["name"] == "as-of":
                answer = client.get(address(path, operations["get"]), params={"as-of": one["example"]})
                assert (answer.status_code, faults(described, operations["get"], answer)) == (200, [])
                asked += 1
    assert asked > 30


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(data=st.data())
def test_no_request_leads_out_of_the_description(client: httpx.Client, described: dict, data: st.DataObject) -> None:
    """Whatever stands in the steps and parameters: no 5xx, and only answers of the statuses and forms described."""
    path = data.draw(st.sampled_from(sorted(described["paths"])))
    operation = described["paths"][path]["get"]
    text = st.text(st.characters(codec="utf-8"), max_size=30)
    asked: dict[str, str] = {}
    for one in operation["parameters"]:
        schema = one["schema"]
        value = data.draw(st.one_of(st.just(str(one["example"])), st.sampled_from(schema.get("enum", ["0", "-1", "9999999", "a-b"])), text))
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(value.replace("/", "").strip(".") or "x", safe=""))
        elif data.draw(st.booleans()) and not one["name"].startswith("as-"):
            asked[one["name"]] = value
    if data.draw(st.integers(0, 4)) == 0:
        asked[data.draw(text)] = data.draw(text)
    answer = client.get(path, params=asked)
    assert answer.status_code in (200, 307, 400, 404)
    assert faults(described, operation, answer) == []


def test_a_list_is_the_same_in_one_and_in_pages(client: httpx.Client) -> None:
    whole = [entry["link"]["iri"] for entry in client.get("/sv/organisationer.json").json()["page"]["entries"]]
    for limit in (7, 500):
        paged, question = [], f"?limit={limit}"
        while question:
            answer = client.get(f"/sv/organisationer.json{question}")
            page = answer.json()["page"]
            paged += [entry["link"]["iri"] for entry in page["entries"]]
            question = f"?limit={limit}&after={page['after']}" if page["after"] else ""
            assert page["total"] == len(whole)
            assert ("next" in answer.links) == bool(question)
        assert paged == whole and len(whole) > 100


def test_csv_and_page_lead_to_the_next_page_too(client: httpx.Client) -> None:
    table = client.get("/en/genes.csv?limit=2")
    following = client.get(table.links["next"]["url"])
    assert table.text.count("\r\n") == following.text.count("\r\n") == 3 and table.text != following.text
    page = lxml.html.document_fromstring(client.get("/en/genes/?limit=2").text)
    assert page.xpath("//main//a[@rel='next']/@href") == [table.links["next"]["url"].replace(".csv", "/")]


def test_a_list_is_narrowed_by_kind_area_and_words(client: httpx.Client) -> None:
    def count(question: str) -> int:
        return client.get(f"/en/methods.json{question}").json()["page"]["total"]

    parts = [count(f"?kind={kind}") for kind in ("DiagnosticMethod", "Treatment", "WayOfWorking")]
    assert sum(parts) == count("") and all(parts)
    assert 0 < count("?area=pharmacogenetics") < count("?kind=DiagnosticMethod")
    assert count("?q=nipt&kind=Treatment") == 0 < count("?q=NIPT")


@pytest.mark.parametrize(
    "address, parameter, allowed",
    [
        ("/en/methods.json?kind=Spell", "kind", "Treatment"),
        ("/en/overview.csv?area=astrology", "area", "pharmacogenetics"),
        ("/en/methods.json?limit=0", "limit", "500"),
        ("/en/methods.json?limit=501", "limit", "500"),
        ("/en/methods.json?colour=red", "colour", "kind"),
        ("/en/methods/nipt-trisomies.json?limit=1", "limit", "as-known"),
        ("/en/search.json?q=a&q=b", "q", None),
        ("/en/methods.json?after=no-such-method", "after", None),
        ("/en/queries.json?name=nope", "name", "alleles-of-a-gene"),
        ("/api/openapi.json?language=xx", "language", "sv"),
        ("/methods/nipt-trisomies.json?x=1", "x", "as-of"),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_known(client: httpx.Client, described: dict, address: str, parameter: str, allowed: str | None) -> None:
    answer = client.get(address)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"], told["parameter"]) == (400, PROBLEM, parameter)
    if allowed:
        assert allowed in told["allowed"]
    Draft202012Validator(described["components"]["schemas"]["Problem"]).validate(told)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_refuses_what_is_unknown_with_a_page_that_helps(client: httpx.Client, kind: str) -> None:
    answer = client.get(KINDS[kind]["sv"], params={"colour": "red"})
    page = lxml.html.document_fromstring(answer.text)
    assert answer.status_code == 400 and page.get("lang") == "sv"
    assert "colour" in page.find(".//main").text_content()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sv/metoder.json", "/api/openapi.json", "/sv/metoder/nipt-trisomies.csv"])
def test_other_methods_are_refused_in_the_same_shape(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"], answer.json()["status"]) == (405, PROBLEM, 405)
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/sv/metoder.json", "/sv/metoder.csv", "/api/openapi.json", "/sv/metoder.json?x=1", "/sv/nope.json"])
def test_scripts_of_other_sites_may_read(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers={"Origin": "https://example.org"}).headers["access-control-allow-origin"] == "*"
    asked = client.options(path, headers={"Origin": "https://example.org", "Access-Control-Request-Headers": "if-none-match"})
    assert (asked.status_code, asked.headers["access-control-allow-headers"]) == (204, "If-None-Match")


@pytest.mark.parametrize("code", ["sv", "en"])
def test_the_description_is_a_page_that_needs_nothing_else(client: httpx.Client, code: str) -> None:
    page = lxml.html.document_fromstring(client.get(f"/api/?language={code}").text)
    own = client.get(f"/api/openapi.json?language={code}").json()["paths"]
    assert page.get("lang") == code and len(page.findall(".//h1")) == 1
    assert [heading.text_content() for heading in page.xpath("//main//h3")] and len(page.xpath("//main//h3")) == len(own)
    assert not page.xpath("//script[not(@type)]") and not page.xpath("//*[@src[starts-with(., 'http')]]")
    assert [link for link in page.xpath("//main//article//a/@href") if client.get(link).status_code >= 400] == []
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {path.split("/")[1].split(".")[0] for path in own} == {code, "api", "data", "{folder}"}
