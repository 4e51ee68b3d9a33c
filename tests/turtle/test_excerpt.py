"""Reading only the statements at issue gives what reading the whole file gives of them, at the same places."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from phkg.turtle.document import Document
from phkg.turtle.excerpt import SMALL, read_about
from phkg.turtle.reader import read
from phkg.turtle.tokens import line_starts

HEAD = '@prefix ex: <https://example.org/a/> .\n@prefix odd: <https://example.org/a/wan> .\n# A remark. With a dot. "And a quote\n'
TRICKY = (
    'ex:b ex:says "a full stop. In a text", """two\n. lines""", \'one. more\' ; ex:n 1.5 , 2. # ex:wanted. not here\n'
    "ex:c.d ex:at <https://example.org/x.y#z> .ex:e ex:f ex:g .\n"
)
FILLER = "".join(f'ex:filler{n} ex:label "Text {n}." ;\n    ex:number {n} .\n\n' for n in range(2500))


def parts(document: Document, iri: str) -> set[tuple]:
    named = [s for s in document.triples if iri in (s.subject.term.value, s.predicate.term.value, s.object.term.value)]
    return {(s.triple, *(document.position(node) for node in (s.subject, s.predicate, s.object))) for s in named}


@pytest.mark.parametrize(
    "written",
    [
        'ex:wanted ex:label "it" .',
        '<https://example.org/a/wanted> ex:label "it" .',
        "odd:ted ex:n 1 .",
        "ex:other ex:about ex:wanted .",
        "ex:other ex:wanted 3 .",
        r"ex:want\u0065d ex:n 1 .".replace("ex:want\\u0065d", "<https://example.org/a/want\\u0065d>"),
        r"ex:other ex:n 1 . ex:wanted ex:n 2 .",
    ],
)
def test_what_names_the_iri_is_read_as_in_the_whole_file(written: str):
    iri = "https://example.org/a/wanted"
    data = (HEAD + FILLER + TRICKY + written + "\n" + TRICKY + FILLER).encode()
    whole, found = read(data), read_about(data, [iri])
    assert len(data) > SMALL and not whole.errors
    assert found.errors == () and parts(found, iri) == parts(whole, iri) != set()
    assert len(found.triples) < 30 < len(whole.triples)
    assert {s.triple for s in whole.triples} == {q.triple for q in ox.parse(data, format=ox.RdfFormat.TURTLE)}


@pytest.mark.parametrize(
    "head",
    [
        "@base <https://example.org/> .\n",
        "@prefix a: <https://example.org/> . PREFIX b: <https://example.org/>\n",
        "PREFIX a: <https://example.org/>\n",
        "base <https://example.org/>\n",
    ],
)
def test_a_file_with_other_directives_is_read_whole(head: str):
    data = (head + HEAD + FILLER).encode()
    assert len(read_about(data, ["https://example.org/a/filler7"]).triples) == len(read(data).triples)


def test_a_small_file_is_read_whole():
    data = (HEAD + TRICKY).encode()
    assert len(read_about(data, []).triples) == len(read(data).triples)


@pytest.mark.parametrize("text", ["", "a", "a\n", "\n\nb", "a\r\nb\rc\n", "å\u2028b\n\x0bc"])
def test_lines_end_with_lf_crlf_or_cr_and_nothing_else(text: str):
    ends = [n + 1 for n, sign in enumerate(text) if sign == "\n" or (sign == "\r" and text[n + 1 : n + 2] != "\n")]
    assert line_starts(text) == [0, *ends]
