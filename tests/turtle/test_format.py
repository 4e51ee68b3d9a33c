"""The canonical form, example by example, written by hand."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from phkg.turtle.faults import TurtleSyntaxError
from phkg.turtle.files import formatted
from phkg.turtle.format import format_turtle, write_turtle

HEAD = "@prefix ex: <http://e/> .\n"

WILD = """# Licence
#   of the file

@prefix ex: <http://e/> .
# labels
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . # SKOS
@prefix unused: <urn:unused:> . # kept comment
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

# the tenth
<http://e/r/10> ex:since '2021-09'^^xsd:gYearMonth; # as written
  # names
  skos:prefLabel "ten"@en, "tio"@sv ; a ex:T .

# ==== section ====

# the second
<http://e/r/2> ex:p [ # open
   # inner
   ex:z 01 ; a ex:Q # type
   # last inside
   ] ; # closed
  ex:list (1 # one
   2), (3 4), ( ), [] ;
  # ex:until "2023" ;
  .
<http://e/r> a ex:Head. # head of all
<http://e/r/10> ex:since "2021-10"^^xsd:gYearMonth , '2021-09'^^<http://www.w3.org/2001/XMLSchema#gYearMonth> . # again
# the end
"""

CANONICAL = """# Licence
#   of the file

# kept comment

@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
# labels
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . # SKOS
@prefix ex: <http://e/> .

ex:r a ex:Head . # head of all

# ==== section ====

# the second
<http://e/r/2> ex:list () ,
        (
            1 # one
            2
        ) ,
        ( 3 4 ) ,
        [] ;
    ex:p [ # open
        a ex:Q ; # type
        # inner
        ex:z 01 ;
        # last inside
    ] ; # closed
    # ex:until "2023" ;
    .

# the tenth
<http://e/r/10> a ex:T ;
    # names
    skos:prefLabel "tio"@sv ,
        "ten"@en ;
    ex:since
        # again
        "2021-09"^^xsd:gYearMonth , # as written
        "2021-10"^^xsd:gYearMonth .

# the end
"""


def form(text, languages=("sv", "en")):
    return format_turtle(text.encode(), languages).decode()


def test_a_wild_file_becomes_canonical():
    assert form(WILD) == CANONICAL


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_become_line_feeds(end):
    assert form(WILD.replace("\n", end)) == CANONICAL


def test_the_canonical_form_is_left_as_it_is():
    assert form(CANONICAL) == CANONICAL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n\t\n", ""),
        (HEAD, ""),
        ("# only\n\n\n#comments", "# only\n\n#comments\n"),
        (HEAD + "ex:a a ex:T .", HEAD + "\nex:a a ex:T .\n"),
        ("# above\n" + HEAD + "# of a\nex:a a ex:T .", "# above\n\n" + HEAD + "\n# of a\nex:a a ex:T .\n"),
        ("# file\n\n# of b\n<urn:b> a <urn:T> .\n<urn:a> a <urn:T> .", "# file\n\n<urn:a> a <urn:T> .\n\n# of b\n<urn:b> a <urn:T> .\n"),
        ("<urn:a> # s\n  # t\n a # p\n <urn:T> .", "<urn:a> # s\n    # t\n    a # p\n        <urn:T> .\n"),
        ("<urn:a> <urn:p> 1 ,\n# two\n2 .", "<urn:a> <urn:p> 1 ,\n        # two\n        2 .\n"),
    ],
)
def test_comments_and_empty_files(text, expected):
    assert form(text) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'a\"b'", r'"a\"b"'),
        ('"""one line"""', '"one line"'),
        (r'"two\nlines"', '"""two\nlines"""'),
        ('"""a\r\nb"""', '"""a\\r\nb"""'),
        (r'"""a"b\"""c' + '\n"""', '"""a"b\\"""c\n"""'),
        (r'"""x' + "\n" + r'\""""', '"""x\n\\""""'),
        (r'"\u00e5\t\\"', r'"å\t\\"'),
        ('"x"^^<http://www.w3.org/2001/XMLSchema#string>', '"x"'),
        ('"x" @en-GB', '"x"@en-GB'),
        ("007", "007"),
        ("1.", "1 ."),
        (r"<http://e/\u00e9>", "ex:é"),
        ("ex:a%20b", "<http://e/a%20b>"),
        (r"ex:a\/b", "<http://e/a/b>"),
        ("ex:", "<http://e/>"),
        ("ex:a.b", "ex:a.b"),
        ("_:b", "_:b"),
    ],
)
def test_values(written, expected):
    close = "" if written.endswith("1.") else " ."
    expected = expected.removesuffix(" .")
    assert form(HEAD + f"ex:s ex:p {written}{close}") == HEAD + f"\nex:s ex:p {expected} .\n"


def test_a_very_long_line_stays_one():
    text = "ord " * 5000
    assert form(f'<urn:s>   <urn:p>\t"{text}".') == f'<urn:s> <urn:p> "{text}" .\n'


def test_languages_come_in_the_order_given_and_then_by_name():
    text = '<urn:s> <urn:p> "a"@en, "b"@sv, "c"@de, "d", "e"@ar .'
    order = [line.split('"')[1] for line in form(text).splitlines()]
    assert order == ["d", "b", "a", "e", "c"]
    assert [line.split('"')[1] for line in form(text, ()).splitlines()] == ["d", "e", "c", "a", "b"]


def test_predicates_have_a_fixed_order():
    text = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix ex: <urn:e:> .
    ex:s ex:p10 1 ; ex:p2 1 ; dcterms:title 1 ; skos:definition 1 ; skos:altLabel 1 ; dcterms:issued 1 ; skos:prefLabel 1 ; a ex:T ; skos:note 1 ."""
    predicates = [line.removeprefix("ex:s").split()[0] for line in form(text).splitlines()[4:]]
    assert predicates == "a skos:prefLabel skos:altLabel skos:definition dcterms:issued dcterms:title ex:p2 ex:p10 skos:note".split()


def test_what_lies_under_a_record_follows_it_in_natural_order():
    subjects = ["x", "x-b", "x/use/10", "x/use/2", "x#part", "x/use/2/y"]
    text = "".join(f"<http://e/{name}> a <urn:T> .\n" for name in subjects)
    order = [line.split(">")[0].removeprefix("<http://e/") for line in form(text).splitlines() if line]
    assert order == ["x", "x/use/2", "x/use/2/y", "x/use/10", "x#part", "x-b"]


def test_a_redefined_prefix_means_what_it_meant_where_it_was_used():
    assert form("@prefix p: <urn:1:> . p:a a p:T . @prefix p: <urn:2:> . p:a a p:T .") == ("@prefix p: <urn:2:> .\n\n<urn:1:a> a <urn:1:T> .\n\np:a a p:T .\n")


def test_a_file_with_faults_is_refused_and_left_as_it_is():
    data = b"<urn:a> <urn:p> ex:b .\n<urn:a> <urn:p> .\n"
    with pytest.raises(TurtleSyntaxError) as caught:
        format_turtle(data)
    assert [fault.code for fault in caught.value.faults] == ["undefined-prefix", "expected-object"]
    assert formatted(data).data == data
    assert not formatted(data).changed
    assert formatted(data).faults == caught.value.faults


def test_a_file_tells_whether_it_changes():
    assert formatted(WILD.encode(), ("sv", "en")).changed
    assert not formatted(CANONICAL.encode(), ("sv", "en")).changed


def test_triples_are_written_with_short_numbers_and_only_used_prefixes():
    number = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    subject, predicate = ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p")
    triples = [ox.Triple(subject, predicate, ox.Literal(value, datatype=number)) for value in ("10", "2", "x")]
    assert write_turtle(triples, {"ex": "http://e/", "no": "urn:no:", "xsd": "http://www.w3.org/2001/XMLSchema#"}).decode() == (
        '@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n@prefix ex: <http://e/> .\n\nex:s ex:p 2 ,\n        10 ,\n        "x"^^xsd:integer .\n'
    )
