"""Triples taken out of a file: the graph has exactly the others, and no comment is lost."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.turtle.faults import TurtleSyntaxError
from phkg.turtle.format import format_turtle
from phkg.turtle.without import without

TEXT = b"""# head

@prefix e: <http://e.example/> .
@base <http://e.example/> .

# about a
e:a a e:Thing ; # a thing
    # first
    e:p "x"@sv, # swedish
        "x"@en ;
    e:q 01 , 1 ;
    e:r [ e:inner e:a ] .
e:b e:p e:a . # the other

e:a e:p "later" .
# tail
"""
COMMENTS = ("# head", "# about a", "# a thing", "# first", "# swedish", "# the other", "# tail")
NAMED = [
    triple.triple
    for triple in ox.parse(TEXT, format=ox.RdfFormat.TURTLE)
    if not isinstance(triple.object, ox.BlankNode) and not isinstance(triple.subject, ox.BlankNode)
]


def graph(data: bytes) -> set[str]:
    """Every triple as text; the one blank node has one name."""
    dataset = ox.Dataset(ox.parse(data, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad.triple) for quad in dataset}


@given(st.sets(st.sampled_from(NAMED)))
@settings(max_examples=60, deadline=None)
def test_what_is_left_is_all_the_rest(gone: set[ox.Triple]) -> None:
    left = without(TEXT, gone)
    assert graph(left) == graph(TEXT) - {str(one) for one in gone}
    assert all(comment.encode() in left for comment in COMMENTS)
    assert format_turtle(left) == left


def test_what_is_not_there_is_not_missed_and_literals_count_as_written() -> None:
    one = next(triple for triple in NAMED if getattr(triple.object, "value", "") == "01")
    other = ox.Triple(one.subject, one.predicate, ox.Literal("001", datatype=one.object.datatype))
    assert without(TEXT, [other]) == format_turtle(TEXT)
    assert b"01" not in without(TEXT, [one])


def test_a_file_with_faults_is_left_alone() -> None:
    with pytest.raises(TurtleSyntaxError):
        without(b"<a> <b> ", [])
