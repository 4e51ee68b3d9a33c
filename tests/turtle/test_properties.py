"""What holds for every Turtle file, checked on random ones against pyoxigraph."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phkg.turtle.format import format_turtle, quoted, write_turtle
from phkg.turtle.reader import read

from . import w3c_turtle
from .turtle_texts import turtle_texts

_slow = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def comments(data):
    document = read(data)
    return Counter(document.text[comment.start : comment.end].rstrip() for comment in document.comments)


@_slow
@given(turtle_texts())
def test_reads_the_same_graph_as_pyoxigraph(text):
    document = read(text.encode())
    assert document.errors == ()
    assert w3c_turtle.canonical(statement.triple for statement in document.triples) == w3c_turtle.parsed(text.encode())


@_slow
@given(turtle_texts(), st.sampled_from([(), ("sv", "en"), ("de-at",)]))
def test_formatting_keeps_graph_and_comments_and_is_stable(text, languages):
    once = format_turtle(text.encode(), languages)
    assert w3c_turtle.parsed(once) == w3c_turtle.parsed(text.encode())
    assert comments(once) == comments(text.encode())
    assert format_turtle(once, languages) == once


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(st.sampled_from("a:<>\"'.;,[]()@^ \n#\\x1_"), max_size=40).map(str.encode))
def test_any_bytes_are_read_without_an_exception(data):
    document = read(data)
    for fault in document.errors:
        assert 1 <= fault.line <= fault.end_line <= len(document.lines)
        assert fault.column >= 1
    if b"\xef\xbb\xbf" not in data and not document.errors:
        assert w3c_turtle.canonical(statement.triple for statement in document.triples) == w3c_turtle.parsed(data)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_quoted_text_means_the_same_text(value):
    [quad] = ox.parse(f"<urn:s> <urn:p> {quoted(value)} .", format=ox.RdfFormat.TURTLE)
    assert quad.object == ox.Literal(value)


_iris = st.sampled_from(["http://example.org/x", "http://example.org/x/2", "http://example.org/x/10", "urn:p"]).map(ox.NamedNode)
_literals = st.one_of(
    st.text(max_size=5).map(ox.Literal),
    st.builds(lambda value: ox.Literal(value, language="sv"), st.text(max_size=5)),
    st.builds(
        lambda value, name: ox.Literal(value, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#" + name)),
        st.sampled_from(["1", "01", "1.", "1.50", "true", "x", "-3", ""]),
        st.sampled_from(["integer", "decimal", "double", "boolean", "date"]),
    ),
)
_triples = st.builds(ox.Triple, _iris | st.just(ox.BlankNode("b")), _iris, _iris | _literals | st.just(ox.BlankNode("c")))


@settings(max_examples=150, deadline=None)
@given(st.lists(_triples, max_size=8))
def test_written_triples_are_those_given_and_in_canonical_form(triples):
    data = write_turtle(triples, {"ex": "http://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"})
    assert w3c_turtle.parsed(data) == w3c_turtle.canonical(triples)
    assert format_turtle(data) == data
