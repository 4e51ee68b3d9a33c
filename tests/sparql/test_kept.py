"""Answers are compressed as the client wants, and kept to be given again."""

import gzip
import sys
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.publishing.codings import CODINGS, best_coding
from phkg.sparql.cache import OVERHEAD, Cache, Kept
from phkg.sparql.limits import Limits

from .conftest import serve

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DECODE = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
MANY = "SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } LIMIT 500"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.parametrize(
    "header, coding",
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP, Br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0.5, zstd;q=0.1", "gzip"),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=0", None),
        ("*", "zstd"),
        ("*, zstd;q=0, br;q=0.2", "gzip"),
        ("*;q=0", None),
        ("identity;q=0, br", "br"),
        ("compress, deflate", None),
        ("gzip;q=banana", None),
        (";;,,q=", None),
    ],
)
def test_the_client_chooses_the_coding(header, coding):
    assert best_coding(header) == coding


@given(st.text(max_size=60))
def test_any_header_can_be_read(header):
    assert best_coding(header) in {None, *CODINGS}


def raw(endpoint, coding, **parameters):
    """Status, headers and the bytes as they came, still compressed."""
    with endpoint.client.stream("GET", "/sparql", params={"query": MANY, **parameters}, headers={"Accept-Encoding": coding}) as answer:
        return answer.status_code, answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_the_same_answer_in_every_coding(endpoint, format):
    _, headers, plain = raw(endpoint, "identity", format=format)
    assert "content-encoding" not in headers
    tags = {headers["etag"]}
    for coding, decode in DECODE.items():
        status, headers, body = raw(endpoint, coding, format=format)
        assert status == 200 and headers["content-encoding"] == coding
        assert {"Accept", "Accept-Encoding"} <= {part.strip() for part in headers["vary"].split(",")}
        assert int(headers["content-length"]) == len(body) < len(plain)
        # One answer may list its rows in another order than the next: the worker promises none.
        assert len(decode(body)) == len(plain)
        tags.add(headers["etag"])
    assert len(tags) == 4


def test_short_answers_and_problems_go_as_they_are(endpoint):
    for query in ("ASK {}", "nonsense"):
        answer = endpoint.client.get("/sparql", params={"query": query}, headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in answer.headers


def test_an_etag_of_another_coding_is_not_known(endpoint):
    _, headers, _ = raw(endpoint, "gzip")
    known = {"If-None-Match": headers["etag"]}
    same = endpoint.client.get("/sparql", params={"query": MANY}, headers={"Accept-Encoding": "gzip", **known})
    other = endpoint.client.get("/sparql", params={"query": MANY}, headers={"Accept-Encoding": "br", **known})
    assert (same.status_code, other.status_code) == (304, 200)


def test_a_kept_answer_needs_no_worker(folder):
    with serve(folder, Limits(workers=1, queue=0)) as endpoint, ThreadPoolExecutor(1) as threads:
        assert endpoint.client.get("/sparql").status_code == 200
        first = endpoint.query(MANY)
        assert endpoint.query("SELECT (RAND() AS ?x) {}").json() != endpoint.query("SELECT (RAND() AS ?x) {}").json()
        assert endpoint.query("SELECT * { ?s ?p ?o ").status_code == 400
        slow = threads.submit(endpoint.post, SLOW, timeout="3")
        while endpoint.pool._idle:
            assert not slow.done()
        for again in (endpoint.query(MANY), endpoint.post(MANY)):
            assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
        # Another format, another data set and another query are other answers; so is a fault, which is never kept.
        others = [endpoint.query(MANY, format="csv"), endpoint.query(MANY, **{"named-graph-uri": "x:y"}), endpoint.query(MANY + " ")]
        others += [endpoint.query("SELECT * { ?s ?p ?o "), endpoint.query("SELECT (RAND() AS ?x) {}")]
        assert {other.status_code for other in others} == {503}
        assert slow.result().status_code == 504


def test_a_kept_answer_is_of_its_snapshot(folder, snapshot_of):
    label = "SELECT ?l { <https://example.org/thing/7> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
    with serve(folder, Limits(workers=1)) as endpoint:
        assert "första" in endpoint.query(label).text
        endpoint.run(endpoint.pool.use("tredje", snapshot_of("tredje", 10, "tredje")))
        assert "tredje" in endpoint.query(label).text


SIZES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4_000)), max_size=60)


@given(SIZES)
def test_the_cache_stays_within_its_bounds(puts):
    cache = Cache(20_000, 6)
    for number, size in puts:
        cache.put(Kept(str(number), "text/csv", None, bytes(size)))
        assert len(cache) <= 6 and cache.used <= 20_000
        assert cache.used == sum(len(cache.get(str(n)).body) + OVERHEAD for n in range(21) if cache.get(str(n)))


def test_the_least_lately_used_goes_first():
    cache = Cache(100_000, 2)
    for tag in "ab":
        cache.put(Kept(tag, "text/csv", None, b""))
    assert cache.get("a")
    cache.put(Kept("c", "text/csv", None, b""))
    assert cache.get("b") is None and cache.get("a") and cache.get("c")
    cache.put(Kept("d", "text/csv", None, bytes(20_000)))
    assert cache.get("d") is None and cache.get("a")
