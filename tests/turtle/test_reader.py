"""What the reader says of faults, and where it says that things stand; places counted by hand."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from phkg.turtle.document import Position
from phkg.turtle.reader import read

HEAD = "@prefix ex: <http://example.org/> .\n"
EX = "http://example.org/"


def faults(text):
    return [(fault.code, fault.line, fault.column, fault.end_line, fault.end_column) for fault in read((HEAD + text).encode()).errors]


def said(text):
    return [str(statement.triple) for statement in read((HEAD + text).encode()).triples]


def test_every_part_of_a_triple_has_its_place():
    document = read((HEAD + 'ex:å a ex:T ;\n\tex:p "🧬é"@sv , 1. # slut').encode())
    places = [tuple(document.position(node) for node in statement) for statement in document.triples]
    assert places == [
        (Position(2, 1, 5), Position(2, 6, 7), Position(2, 8, 12)),
        (Position(2, 1, 5), Position(3, 2, 6), Position(3, 7, 14)),
        (Position(2, 1, 5), Position(3, 2, 6), Position(3, 17, 18)),
    ]
    assert [document.text[comment.start : comment.end] for comment in document.comments] == ["# slut"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_count_the_same_whatever_ends_them(end):
    document = read((HEAD + "ex:a\n  ex:p ex:b .\n# c\nex:c ex:p nope:x .").replace("\n", end).encode())
    assert document.position(document.triples[0].predicate) == Position(3, 3, 7)
    assert [(fault.line, fault.column) for fault in document.errors] == [(5, 11)]


def test_a_text_over_several_lines_is_pointed_at_on_its_first():
    document = read((HEAD + 'ex:a ex:p """en\r\ntvå"""@sv .').encode())
    assert document.position(document.triples[0].object) == Position(2, 11, 16)


@pytest.mark.parametrize(
    ("written", "value", "datatype"),
    [
        ("01", "01", "integer"),
        ("+1", "+1", "integer"),
        ("1.", "1", "integer"),
        ("-.50", "-.50", "decimal"),
        ("1.e5", "1.e5", "double"),
        ("true", "true", "boolean"),
    ],
)
def test_short_forms_keep_what_is_written(written, value, datatype):
    [statement] = read(f"<urn:s> <urn:p> {written}{'' if written.endswith('.') else ' .'}".encode()).triples
    assert statement.object.term == ox.Literal(value, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#" + datatype))


def test_names_with_escapes_and_percent_signs():
    assert said(r"ex:a\/b ex:%41 ex:c\,d, ex:e.f, <http://example.org/\u00e9>.") == [
        f"<{EX}a/b> <{EX}%41> <{EX}c,d>",
        f"<{EX}a/b> <{EX}%41> <{EX}e.f>",
        f"<{EX}a/b> <{EX}%41> <{EX}é>",
    ]


def test_a_prefix_may_be_called_a_and_a_is_still_the_type():
    [statement] = read(b"PREFIX a: <urn:a:>\nbase <http://b.example/>\na:a a a:b .").triples
    assert str(statement.triple) == "<urn:a:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:a:b>"


@pytest.mark.parametrize("text", ["", "\n\n", "# bara en kommentar", "\ufeff# märke\n"])
def test_a_file_may_say_nothing(text):
    document = read(text.encode())
    assert (document.triples, document.errors) == ([], ())


def test_a_byte_order_mark_moves_no_column():
    document = read(b"\xef\xbb\xbfex:a ex:b ex:c .")
    assert [fault.column for fault in document.errors] == [1, 6, 11]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ex:a ex:p ey:b .", ("undefined-prefix", 2, 11, 2, 14)),
        ('ex:a ex:p "x .\nex:b ex:p 1 .', ("unterminated-string", 2, 11, 2, 15)),
        ('ex:a ex:p """x .\nex:b ex:p 1 .', ("unterminated-long-string", 2, 11, 2, 14)),
        ("ex:a ex:p <http://x y .", ("unterminated-iri", 2, 11, 2, 20)),
        ("ex:a ex:p <http://x y> .", ("iri-invalid", 2, 11, 2, 23)),
        ("ex:a ex:p <x> .", ("iri-relative", 2, 11, 2, 14)),
        (r'ex:a ex:p "ab\qc" .', ("string-escape", 2, 14, 2, 16)),
        (r'ex:a ex:p "\ud800" .', ("string-escape", 2, 12, 2, 18)),
        ("ex:a ex:p yes .", ("unknown-word", 2, 11, 2, 14)),
        ("ex:a ex:p ex:b/c .", ("name-character", 2, 15, 2, 16)),
        ("ex:a ex:p = .", ("unexpected-character", 2, 11, 2, 12)),
        ('"x" ex:p 1 .', ("expected-subject", 2, 1, 2, 4)),
        ("ex:a _:b 1 .", ("expected-predicate", 2, 6, 2, 9)),
        ("ex:a ex:p , 1 .", ("expected-object", 2, 11, 2, 12)),
        ("ex:a ex:p 1 2 .", ("expected-separator", 2, 13, 2, 14)),
        ('ex:a ex:p "x"^^"y" .', ("expected-datatype", 2, 16, 2, 19)),
        ('ex:a ex:p "x"@toolongtag .', ("language-tag", 2, 14, 2, 25)),
        ('ex:a ex:p "x"@ .', ("language-tag", 2, 14, 2, 15)),
        ("ex:a ex:p 1", ("unexpected-end", 2, 12, 2, 13)),
        ("@prefix x <urn:x> .", ("expected-prefix-name", 2, 9, 2, 10)),
        ("@prefix x: ex:y .", ("expected-iri", 2, 12, 2, 16)),
        ("PREFIX x: <urn:x> .", ("unexpected-dot", 2, 19, 2, 20)),
        ("@prefx x: <urn:x> .", ("unknown-directive", 2, 1, 2, 7)),
        ("ex:a ex:p " + "[ ex:p " * 101 + "1" + "]" * 101 + " .", ("too-deep", 2, 711, 2, 712)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_each_fault_is_told_once_and_where_it_is(text, expected):
    assert faults(text) == [expected]


def test_bytes_that_are_not_utf8_are_a_fault_at_their_place():
    [fault] = read(b"# \xc3\xa5\n# a\xe5b\n").errors
    assert (fault.code, fault.line, fault.column, fault.detail) == ("not-utf8", 2, 4, "0xE5")


def test_an_undefined_prefix_is_named_with_the_nearest_known():
    document = read(b"@prefix method: <urn:m:> .\n@prefix region: <urn:r:> .\n<urn:a> <urn:p> metod:x .\n<urn:a> <urn:p> zzz:x .")
    assert [(fault.detail, fault.expected) for fault in document.errors] == [("metod:", "method:"), ("zzz:", "")]


def test_reading_goes_on_after_faults_and_reports_all_of_them():
    text = "ex:a ex:p oops ;\n    ex:q 1 .\nex:b ex:p 2 .\nex:c ex:p 3\nex:d ex:p 4\n    ex:q 5 .\nex:e ex:p [ .\nex:f ex:p 6 ."
    assert [code for code, *_ in faults(text)] == ["unknown-word", "expected-dot", "expected-separator", "expected-predicate"]
    assert said(text) == [
        f'<{EX}{subject}> <{EX}{predicate}> "{value}"^^<http://www.w3.org/2001/XMLSchema#integer>'
        for subject, predicate, value in ["bp2", "cp3", "dp4", "dq5", "fp6"]
    ]


def test_a_missing_mark_is_pointed_at_where_it_should_stand():
    assert faults('ex:a ex:p "x"\n    ex:q "y" .') == [("expected-separator", 2, 14, 2, 15)]
    assert faults("ex:a ex:p 1\n\nex:b ex:p 2 .") == [("expected-dot", 2, 12, 2, 13)]
    assert faults("@prefix x: <urn:x>\nx:a ex:p 2 .") == [("expected-dot", 2, 19, 2, 20)]


def test_a_text_that_is_never_closed_hides_the_rest_only_on_its_own_line():
    assert said('ex:a ex:p "x .\nex:b ex:p ex:c .') == [f"<{EX}b> <{EX}p> <{EX}c>"]
