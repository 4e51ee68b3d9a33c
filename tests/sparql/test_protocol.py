"""The SPARQL 1.1 Protocol and HTTP around it, over real HTTP."""

import json
import socket

import httpx
import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, parse, parse_query_results

from phkg.sparql.limits import Limits

SELECT = "SELECT ?l { <https://example.org/thing/7> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } { VALUES ?s { <https://example.org/thing/7> } ?s ?p ?o }"
ASK = "ASK { ?s ?p ?o }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def kind(answer: httpx.Response) -> str:
    """The media type of an answer without its parameters."""
    return answer.headers["content-type"].split(";")[0]


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict:
    """A problem in JSON that no cache keeps and that shows no trace."""
    assert answer.status_code == status, answer.text
    assert kind(answer) == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert "Traceback" not in answer.text
    told = answer.json()
    assert told["status"] == status and told["code"] == code and told["detail"]
    return told


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; Charset="UTF-8"'])
def test_three_ways_to_ask(endpoint, charset):
    direct = endpoint.client.post("/sparql", content=SELECT, headers={"Content-Type": "application/sparql-query" + charset})
    form = endpoint.client.post(
        "/sparql", content=str(httpx.QueryParams({"query": SELECT})), headers={"Content-Type": "application/x-www-form-urlencoded" + charset}
    )
    for answer in (endpoint.query(SELECT), direct, form):
        assert answer.status_code == 200
        assert answer.json()["results"]["bindings"] == [{"l": {"type": "literal", "value": "första å 7", "xml:lang": "sv"}}]


@pytest.mark.parametrize("format, media_type", [("json", QueryResultsFormat.JSON), ("xml", QueryResultsFormat.XML), ("tsv", QueryResultsFormat.TSV)])
def test_tables_in_every_format(endpoint, format, media_type):
    answer = endpoint.query(SELECT, format=format)
    assert answer.headers["content-type"] == media_type.media_type.replace("; ", ";").replace(";", "; ")
    assert [row["l"].value for row in parse_query_results(answer.content, format=media_type)] == ["första å 7"]
    assert endpoint.query(ASK, format=format).status_code == 200


def test_csv(endpoint):
    answer = endpoint.query(SELECT, format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content == "l\r\nförsta å 7\r\n".encode()


@pytest.mark.parametrize("accept", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD], ids=str)
def test_graphs_in_every_format(endpoint, accept):
    for query in (CONSTRUCT, "DESCRIBE <https://example.org/thing/7>"):
        answer = endpoint.client.get("/sparql", params={"query": query}, headers={"Accept": accept.media_type})
        assert kind(answer) == accept.media_type
        triples = {quad.triple for quad in parse(answer.content, format=accept)}
        assert len(triples) == 4
        assert any(triple.object == NamedNode("https://example.org/thing/8") for triple in triples)


@pytest.mark.parametrize(
    "accept, table, graph",
    [
        (None, "application/sparql-results+json", "text/turtle"),
        ("*/*", "application/sparql-results+json", "text/turtle"),
        ("text/*", "text/csv", "text/turtle"),
        ("application/*", "application/sparql-results+json", "application/n-triples"),
        ("application/json", "application/json", "application/json"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.9", "application/sparql-results+xml", None),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml", "text/turtle"),
        ("*/*, application/sparql-results+json;q=0.2, text/turtle;q=0.2", "application/sparql-results+xml", "application/n-triples"),
        ("TEXT/CSV ; Q=1", "text/csv", None),
        ("text/csv;q=banana, text/tab-separated-values;q=0.1", "text/tab-separated-values", None),
        ("text/turtle", None, "text/turtle"),
        ("application/sparql-results+json", "application/sparql-results+json", None),
        ("image/png", None, None),
        (BROWSER, "application/xml", "application/xml"),
    ],
)
def test_the_client_chooses_the_format(endpoint, accept, table, graph):
    for query, expected in ((SELECT, table), (CONSTRUCT, graph)):
        request = endpoint.client.build_request("GET", "/sparql", params={"query": query})
        request.headers.pop("Accept")
        if accept is not None:
            request.headers["Accept"] = accept
        answer = endpoint.client.send(request)
        if expected is None:
            assert "application/n-triples" in assert_problem(answer, 406, "not-acceptable")["detail"] or "text/csv" in answer.json()["detail"]
        else:
            assert (answer.status_code, kind(answer)) == (200, expected)
        assert "Accept" in answer.headers["vary"]


def test_several_accept_lines_are_one_list(endpoint):
    headers = [("Accept", "text/csv;q=0.2"), ("Accept", "text/tab-separated-values")]
    assert kind(httpx.get(f"{endpoint.client.base_url}/sparql", params={"query": SELECT}, headers=headers)) == "text/tab-separated-values"


def test_a_format_by_name_goes_before_accept_and_has_to_be_one(endpoint):
    assert kind(endpoint.client.get("/sparql", params={"query": SELECT, "format": "csv"}, headers={"Accept": "text/turtle"})) == "text/csv"
    assert kind(endpoint.query(SELECT, format="application/sparql-results+xml")) == "application/sparql-results+xml"
    assert "json" in assert_problem(endpoint.query(SELECT, format="pdf"), 400, "format")["detail"]
    assert_problem(endpoint.query(CONSTRUCT, format="csv"), 406, "not-acceptable")


def test_a_syntax_error_tells_its_place(endpoint):
    told = assert_problem(endpoint.query("SELECT * {\n  ?s ?p ?o\n  FILTER(?s\n}"), 400, "syntax")
    assert told["line"] == 4 and told["column"] >= 1
    assert "Line 4" in told["detail"]


@pytest.mark.parametrize("query", ["INSERT DATA { <x:a> <x:b> 1 }", "PREFIX a: <x:> # no\n delete where { ?s ?p ?o }", "LOAD <http://127.0.0.1/>", "CLEAR ALL"])
def test_an_update_is_refused_as_such(endpoint, query):
    for answer in (
        endpoint.query(query),
        endpoint.post(query),
        endpoint.client.post("/sparql", data={"update": query}),
        endpoint.client.get("/sparql", params={"update": query}),
    ):
        assert "read-only" in assert_problem(answer, 400, "read-only")["detail"]
    direct = endpoint.client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-update"})
    assert_problem(direct, 415, "read-only")


@pytest.mark.parametrize(
    "parameters, code",
    [
        ([("query", ASK), ("query", ASK)], "repeated"),
        ([("query", "")], "no-query"),
        ([("query", ASK), ("timeout", "soon")], "timeout"),
        ([("query", ASK), ("timeout", "-1")], "timeout"),
        ([("query", ASK), ("timeout", "nan")], "timeout"),
        ([("query", ASK), ("default-graph-uri", "not an iri")], "graph-iri"),
        ([("query", ASK), ("named-graph-uri", "relative")], "graph-iri"),
        ([("query", ASK), *[("x", "1")] * 300], "too-many-parameters"),
    ],
)
def test_parameters_that_say_nothing_sensible(endpoint, parameters, code):
    assert_problem(endpoint.client.get("/sparql", params=parameters), 400, code)


def test_bodies_that_are_no_query(endpoint):
    def post(content: bytes, content_type: str | None, **headers: str) -> httpx.Response:
        return endpoint.client.post("/sparql", content=content, headers={**({"Content-Type": content_type} if content_type else {}), **headers})

    assert_problem(post(ASK.encode(), None), 415, "body-type")
    assert_problem(post(ASK.encode(), "text/plain"), 415, "body-type")
    assert_problem(post(ASK.encode("utf-16"), "application/sparql-query; charset=utf-16"), 415, "body-type")
    assert_problem(post(ASK.encode(), "application/sparql-query", **{"Content-Encoding": "gzip"}), 415, "body-type")
    assert_problem(post(b"ASK { ?s ?p '\xff' }", "application/sparql-query"), 400, "not-utf-8")
    assert_problem(post(b"query=%ff", "application/x-www-form-urlencoded"), 400, "not-utf-8")
    assert_problem(post(b"", "application/sparql-query"), 400, "no-query")
    assert_problem(post(b"a=b", "application/x-www-form-urlencoded"), 400, "no-query")
    assert_problem(endpoint.client.get("/sparql?query=%ff"), 400, "not-utf-8")


def test_queries_that_are_too_long(endpoint):
    comment = "#" + "a" * 70_000 + "\n"
    assert_problem(endpoint.post(comment + ASK), 413, "query-too-long")
    assert_problem(endpoint.post("#" * 2_000_000), 413, "query-too-long")
    assert "POST" in assert_problem(endpoint.query("#" + "a" * 20_000 + "\n" + ASK), 413, "query-too-long")["detail"]
    assert endpoint.post("#" + "a" * 60_000 + "\n" + ASK).json()["boolean"] is True


def test_methods(endpoint):
    for method in ("PUT", "DELETE", "PATCH"):
        answer = endpoint.client.request(method, "/sparql", params={"query": ASK})
        assert_problem(answer, 405, "method")
        assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    for parameters in ({"query": SELECT}, {}, {"query": "nonsense"}):
        head, get = endpoint.client.head("/sparql", params=parameters), endpoint.client.get("/sparql", params=parameters)
        assert head.content == b"" and head.status_code == get.status_code
        assert head.headers["content-length"] == str(len(get.content)) and head.headers["content-type"] == get.headers["content-type"]


def test_other_sites_may_ask(endpoint):
    origin = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = endpoint.client.options("/sparql", headers=origin)
    assert preflight.status_code == 204 and preflight.content == b""
    assert preflight.headers["allow"] == preflight.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    for answer in (endpoint.query(ASK), endpoint.query("nonsense"), preflight):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_relative_iris_are_resolved_against_the_endpoint(endpoint):
    answer = endpoint.query("CONSTRUCT { <s> <p> 1 } {}", format="nt")
    base = str(endpoint.client.base_url)
    assert answer.text.startswith(f"<{base}/s> <{base}/p> ")


def test_data_sets_named_in_the_request(endpoint):
    label = "ASK { <https://example.org/thing/7> ?p ?o }"
    assert endpoint.query(label).json()["boolean"] is True
    for name in ("default-graph-uri", "named-graph-uri"):
        # Nothing is fetched: a graph that is not here is empty, and a named graph alone leaves the default graph empty.
        assert endpoint.query(label, **{name: "https://example.org/unknown"}).json()["boolean"] is False


def test_an_answer_that_the_client_has_is_not_made_again(endpoint):
    first = endpoint.query(SELECT)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = endpoint.client.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": known})
        assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
        assert "Accept" in again.headers["vary"]
    others = [
        endpoint.query(SELECT, format="csv"),
        endpoint.query(SELECT + " LIMIT 1"),
        endpoint.query(SELECT, **{"default-graph-uri": "https://example.org/g"}),
    ]
    assert tag not in {answer.headers["etag"] for answer in others}
    assert endpoint.client.get("/sparql", params={"query": SELECT + " "}, headers={"If-None-Match": tag}).status_code == 200


def test_no_query_runs_for_an_answer_the_client_has(endpoint):
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with pytest.raises(httpx.ReadTimeout):
        endpoint.client.get("/sparql", params={"query": slow}, timeout=0.2)
    assert endpoint.client.get("/sparql", params={"query": slow}, headers={"If-None-Match": "*"}, timeout=0.2).status_code == 304


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?n) {}", "SELECT (rand() AS ?n) {}", "SELECT (UUID() AS ?n) {}", "CONSTRUCT { [] <x:p> 1 } {}"])
def test_an_answer_by_time_or_chance_is_not_kept(endpoint, query):
    answer = endpoint.query(query)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers


def test_without_a_query_the_endpoint_describes_itself(endpoint):
    for accept in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD):
        answer = endpoint.client.get("/sparql", headers={"Accept": accept.media_type})
        assert (answer.status_code, kind(answer)) == (200, accept.media_type)
        triples = [quad.triple for quad in parse(answer.content, format=accept)]
        addresses = [t.object for t in triples if t.predicate.value.endswith("#endpoint")]
        assert addresses == [NamedNode(f"{endpoint.client.base_url}/sparql")]
        assert not any("Federated" in str(t.object) for t in triples)
    page = endpoint.client.get("/sparql", headers={"Accept": BROWSER})
    assert (page.status_code, page.headers["location"]) == (303, "/en/queries")
    assert_problem(endpoint.client.get("/sparql", headers={"Accept": "image/png"}), 406, "not-acceptable")


def test_a_host_that_is_none(endpoint):
    assert_problem(endpoint.client.get("/sparql", headers={"Host": "a b<c>"}), 400, "host")


def test_problems_are_written_for_people(endpoint):
    answer = endpoint.query("SELECT ?å {} }")
    assert json.loads(answer.content)["title"] == "Bad Request"
    assert set(answer.json()) == {"type", "title", "status", "code", "detail", "line", "column"}


@pytest.mark.parametrize("size, kept_open", [(300_000, True), (3_000_000, True), (6_000_000, False)])
def test_a_body_too_long_is_refused_and_the_client_hears_it(endpoint, size, kept_open):
    with socket.create_connection((endpoint.client.base_url.host, endpoint.client.base_url.port), timeout=30) as client:
        head = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: {size}\r\n\r\n"
        client.sendall(head.encode())
        if kept_open:
            # A client that writes to the end before it reads must not find the connection reset.
            client.sendall(b"#" * size)
        assert client.recv(12) == b"HTTP/1.1 413"


def test_problems_speak_the_readers_language_and_keep_their_code(endpoint):
    query = "SELECT * {\n ?s ?p"
    for accept, language, words in (("", "en", "is not SPARQL 1.1"), ("sv", "sv", "frågan är inte SPARQL 1.1"), ("fr", "en", "is not SPARQL 1.1")):
        answer = endpoint.client.get("/sparql", params={"query": query}, headers={"Accept-Language": accept})
        told = assert_problem(answer, 400, "syntax")
        assert answer.headers["content-language"] == language and words in told["detail"] and told["line"] == 2
        assert {"accept", "accept-encoding", "accept-language"} <= {one.strip().lower() for one in answer.headers["vary"].split(",")}
    ok = endpoint.client.get("/sparql", params={"query": SELECT}, headers={"Accept-Language": "sv"})
    assert ok.headers["etag"] == endpoint.query(SELECT).headers["etag"] and "content-language" not in ok.headers


def test_numbers_are_written_as_the_language_writes_them(endpoint):
    answer = endpoint.client.get("/sparql", params={"query": "#" + "a" * 20_000 + "\n" + ASK}, headers={"Accept-Language": "sv"})
    assert f"{Limits().address:,}".replace(",", "\u202f") in assert_problem(answer, 413, "query-too-long")["detail"]
