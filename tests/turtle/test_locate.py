"""Where findings point, and how the line is shown; places counted by hand."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from phkg.turtle.document import Position
from phkg.turtle.locate import locate, snippet
from phkg.turtle.reader import read

DATA = b"""@prefix ex: <urn:ex:> .
ex:a a ex:T ;
    ex:p "x"@sv ,
        "y"@en ;
    ex:q 1 .
ex:a ex:q 2 ;
    ex:r ex:only-here .
"""
DOCUMENT = read(DATA)


def node(name):
    return ox.NamedNode("urn:ex:" + name)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((node("a"), node("p"), ox.Literal("y", language="en")), Position(4, 9, 15)),
        ((node("a"), None, node("T")), Position(2, 8, 12)),
        ((node("a"), node("r")), Position(7, 5, 9)),
        ((node("a"), node("r"), node("absent")), Position(7, 5, 9)),
        ((node("a"), node("p")), Position(4, 9, 15)),
        ((node("a"), node("q")), Position(6, 6, 10)),
        ((node("a"), node("absent")), Position(2, 1, 5)),
        ((node("a"),), Position(2, 1, 5)),
        ((node("only-here"),), Position(7, 10, 22)),
        ((node("absent"),), Position(1, 1, 2)),
    ],
    ids=[
        "value",
        "value of any predicate",
        "predicate",
        "value not there",
        "second value",
        "second predicate",
        "no such predicate",
        "subject",
        "only an object",
        "not in the file",
    ],
)
def test_a_finding_points_at_the_nearest_part(arguments, expected):
    assert locate(DOCUMENT, *arguments) == expected


def test_the_line_is_shown_with_carets_under_the_part():
    assert (
        snippet(DATA, locate(DOCUMENT, node("a"), node("q"), ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))))
        == "    ex:q 1 .\n         ^"
    )
    assert snippet(DATA, Position(6, 6, 10)) == "ex:a ex:q 2 ;\n     ^^^^"


def test_tabs_and_wide_and_combining_characters_keep_the_caret_in_place():
    assert snippet(b"\tab", Position(1, 3, 4)) == "    ab\n     ^"
    assert snippet("漢字 x".encode(), Position(1, 4, 5)) == "漢字 x\n     ^"
    assert snippet("e\u0301 x".encode(), Position(1, 4, 5)) == "e\u0301 x\n  ^"


def test_signs_that_steer_a_terminal_are_not_shown():
    assert snippet("a\x1b[2J\u202eb".encode(), Position(1, 1, 2)) == "a\ufffd[2J\ufffdb\n^"


def test_a_long_line_is_cut_around_the_part():
    line, carets = snippet(("a" * 500 + "TARGET" + "b" * 500).encode(), Position(1, 501, 507)).split("\n")
    assert line.startswith("…a") and line.endswith("b…") and len(line) == 102
    assert line[carets.index("^") : len(carets)] == "TARGET"


def test_a_part_longer_than_the_window_is_marked_as_far_as_it_is_seen():
    line, carets = snippet(b"x" * 500, Position(1, 1, 501)).split("\n")
    assert (line, carets) == ("x" * 100 + "…", "^" * 100)


@pytest.mark.parametrize(
    ("data", "position"), [(b"", Position(1, 1, 2)), (b"ab", Position(1, 3, 4)), (b"ab\n", Position(9, 1, 2)), (b"\xef\xbb\xbfab", Position(1, 1, 2))]
)
def test_places_at_the_edge_of_a_file_are_shown(data, position):
    assert snippet(data, position).split("\n")[1].endswith("^")
