"""Records put into a large file are put there as if the whole file had been written anew, whether the others are moved or not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from phkg.turtle.excerpt import SMALL
from phkg.turtle.format import format_turtle, write_turtle
from phkg.turtle.reader import read
from phkg.turtle.replace import with_records, with_records_moved

SPACES = {"m": "https://example.org/m/", "p": "https://example.org/p#", "n": "https://example.net/", "x": "http://www.w3.org/2001/XMLSchema#"}
LANGUAGES = ("sv", "en")
SUBJECTS = [f"https://example.org/m/{name}" for name in ("a", "a/1", "a/2", "a/10", "a-b", "b", "b.c", "ö", "e%20f", "s p")][:9]
TEXTS = ["", "m:a", "a.\n\nm:b p:c m:d .", 'he said "so" # not', "<https://example.org/m/a>", "@prefix n: <x> .", "\\", "n: and p:q .\n", "slut."]

values = st.one_of(
    st.sampled_from([*SUBJECTS, "https://example.net/v", "https://elsewhere.org/v", "https://example.net/v.w/"]).map(NamedNode),
    st.builds(Literal, st.sampled_from(TEXTS), language=st.sampled_from(["sv", "en"])),
    st.sampled_from(
        [Literal("3", datatype=NamedNode(SPACES["x"] + "integer")), Literal("2026-01-01", datatype=NamedNode(SPACES["x"] + "date")), Literal("m:b .")]
    ),
)
predicates = st.sampled_from([SPACES["p"] + "a", SPACES["p"] + "b10", SPACES["p"] + "b9", "https://example.net/q"]).map(NamedNode)


def triples(subjects: list[str], most: int) -> st.SearchStrategy[list[Triple]]:
    return st.lists(st.builds(Triple, st.sampled_from(subjects).map(NamedNode), predicates, values), min_size=1, max_size=most)


def said(data: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(data, format=RdfFormat.TURTLE)}


def commented(data: bytes, subjects: set[int]) -> bytes:
    """The file with a comment above some of its records."""
    head, *records = format_turtle(data, LANGUAGES).decode().rstrip("\n").split("\n\n")
    return (
        data
        if len(records) < 2
        else "\n\n".join([head, *(f"# m:x .\n{one}" if at in subjects and one[0] in "<m" else one for at, one in enumerate(records))]).encode()
    )


@settings(max_examples=400, deadline=None)
@given(there=triples(SUBJECTS, 25), sent=triples(SUBJECTS, 6), spaces=st.sets(st.sampled_from(list(SPACES))), notes=st.sets(st.integers(0, 9), max_size=3))
def test_moving_the_other_records_gives_what_writing_all_anew_gives(there: list[Triple], sent: list[Triple], spaces: set[str], notes: set[int]) -> None:
    canonical = format_turtle(commented(write_turtle(there, SPACES, LANGUAGES), notes), LANGUAGES)
    new = read(write_turtle(sent, {name: SPACES[name] for name in spaces}, LANGUAGES))
    iris = {one.subject.value for one in sent}
    whole = with_records(canonical, new, iris, LANGUAGES)
    assert len(canonical) < SMALL, "it is written anew"
    assert said(whole) == {one for one in said(canonical) if one.subject.value not in iris} | set(sent)
    assert with_records_moved(canonical, new, iris, LANGUAGES) in (None, whole)


def test_so_it_does_with_a_large_file() -> None:
    records = [f'm:r{number}\n    p:a "{number}"@sv ;\n    p:b m:r{number + 1} .' for number in range(800)]
    canonical = format_turtle(("@prefix m: <https://example.org/m/> .\n@prefix p: <https://example.org/p#> .\n" + "\n".join(records)).encode(), LANGUAGES)
    assert len(canonical) > SMALL
    sent = read(b'@prefix k: <https://example.org/m/> . k:r7 <https://example.org/p#a> "ny" . k:r7-b <https://example.net/q> k:r1 .')
    again = read(b'@prefix m: <https://example.org/m/> .\n@prefix n: <https://example.net/> .\n\nm:r7\n    n:q "ny" .\n\nm:r900\n    n:q m:r1 .\n')
    for one, iris, quick in ((sent, {"r7", "r7-b"}, False), (again, {"r7", "r900"}, True)):
        names = {f"https://example.org/m/{name}" for name in iris}
        moved = with_records_moved(canonical, one, names, LANGUAGES)
        assert (moved is not None) == quick
        found = with_records(canonical, one, names, LANGUAGES)
        assert found == format_turtle(found, LANGUAGES) and moved in (None, found)
        assert said(found) == {triple for triple in said(canonical) if triple.subject.value not in names} | {one.triple for one in one.triples}


def test_a_prefix_that_nothing_needs_any_more_goes() -> None:
    prefixes = "@prefix m: <https://example.org/m/> .\n@prefix p: <https://example.org/p#> .\n@prefix q: <https://example.net/> .\n"
    there = format_turtle(f'{prefixes}m:a q:x "1" . m:b p:a "q:x" .'.encode())
    sent = read(b'@prefix m: <https://example.org/m/> .\n@prefix p: <https://example.org/p#> .\n\nm:a\n    p:a "2" .\n')
    moved = with_records_moved(there, sent, {"https://example.org/m/a"}, ())
    assert moved is not None and b"@prefix q:" not in moved and moved == with_records(there, sent, {"https://example.org/m/a"}, ())
