"""Random Turtle files for property tests: any order, any layout, comments between any two tokens."""

from __future__ import annotations

from hypothesis import strategies as st

_PREFIXES = {"ex": "http://example.org/", "a": "http://example.org/a/", "": "urn:empty:", "xsd": "http://www.w3.org/2001/XMLSchema#"}
_NAMES = ["ex:a", "ex:b-2", "ex:b-10", "ex:a/".replace("/", r"\/") + "1", "ex:a%20b", "a:x", ":y", "ex:", "ex:å.b", "xsd:date", "ex:1"]
_IRIS = ["<http://example.org/a>", "<http://example.org/a/9>", "<http://example.org/a/10>", "<relative#x>", r"<http://example.org/\u00E9>", "<>"]
_PREDICATES = st.sampled_from([*_NAMES, *_IRIS, "a", "<http://www.w3.org/2004/02/skos/core#prefLabel>", "<http://purl.org/dc/terms/title>"])
_NUMBERS = ["1", "01", "-1.50", "+2", ".5", "1e3", "1.E-2", "true", "false"]
_TEXTS = st.text(st.sampled_from("aé\"'\\\n\r\t#.;,<>[] 🧬\u2028\x07"), max_size=6)


def _quoted(value: str, quote: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(quote[0], "\\" + quote[0])
    if len(quote) == 1:
        escaped = escaped.replace("\n", "\\n").replace("\r", "\\r")
    return quote + escaped + quote


_STRINGS = st.builds(_quoted, _TEXTS, st.sampled_from(['"', "'", '"""', "'''"]))
_LITERALS = st.builds(
    lambda string, rest: [string, *rest],
    _STRINGS,
    st.sampled_from([[], [], ["@sv"], ["@en"], ["@de-AT"], ["^^", "xsd:date"], ["^^", "xsd:string"], ["^^", "<http://example.org/d>"]]),
)
_SINGLES = st.one_of(
    st.sampled_from([[token] for token in [*_NAMES, *_IRIS, *_NUMBERS, "_:b", "_:b2", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>"]]),
    _LITERALS,
)


def _flat(parts: list[list[str]], between: str | None = None) -> list[str]:
    tokens: list[str] = []
    for number, part in enumerate(parts):
        tokens += [between, *part] if between and number else part
    return tokens


def _pairs(objects: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    pair = st.builds(lambda predicate, values: [predicate, *_flat(values, ",")], _PREDICATES, st.lists(objects, min_size=1, max_size=3))
    return st.builds(lambda pairs, end: [*_flat(pairs, ";"), *end], st.lists(pair, min_size=1, max_size=3), st.sampled_from([[], [";"], [";", ";"]]))


_objects = st.recursive(
    _SINGLES,
    lambda inner: st.one_of(
        st.builds(lambda members: ["(", *_flat(members), ")"], st.lists(inner, max_size=3)),
        st.builds(lambda pairs: ["[", *pairs, "]"], _pairs(inner)),
        st.just(["[", "]"]),
    ),
    max_leaves=4,
)
_subjects = st.one_of(
    st.sampled_from([[token] for token in [*_NAMES, *_IRIS, "_:b", "[]"]]),
    st.builds(lambda members: ["(", *_flat(members), ")"], st.lists(_SINGLES, max_size=2)),
    st.builds(lambda pairs: ["[", *pairs, "]"], _pairs(_SINGLES)),
)
_records = st.one_of(
    st.builds(lambda subject, pairs: [*subject, *pairs, "."], _subjects, _pairs(_objects)),
    st.builds(lambda pairs: ["[", *pairs, "]", "."], _pairs(_SINGLES)),
)
_directives = st.sampled_from(
    [["@prefix", f"{name}:", f"<{iri}>", "."] for name, iri in _PREFIXES.items()]
    + [["PREFIX", "new:", "<http://example.org/new/>"], ["@prefix", "ex:", "<http://example.org/a/>", "."], ["base", "<http://base.example/x/>"]]
)
_comments = st.text(st.sampled_from("ab #.<\"'é\t"), max_size=5).map(lambda text: "#" + text)
_line_ends = st.sampled_from(["\n", "\n", "\r\n", "\n\n", "\n \n\n\t"])
_gaps = st.one_of(
    st.sampled_from([" ", " ", " ", "\t", "  "]),
    _line_ends,
    st.builds(lambda space, comment, end: space + comment + end, st.sampled_from([" ", "\n", "\n\n"]), _comments, _line_ends),
    st.builds(lambda first, second: f" {first}\n{second}\n", _comments, _comments),
)


@st.composite
def turtle_texts(draw: st.DrawFn) -> str:
    """A Turtle file without faults."""
    statements = [["@base", "<http://base.example/dir/file>", "."], *(["@prefix", f"{name}:", f"<{iri}>", "."] for name, iri in _PREFIXES.items())]
    statements += draw(st.lists(st.one_of(_records, _records, _records, _directives), max_size=5))
    tokens = _flat(statements)
    busy = draw(st.booleans())
    text = draw(_gaps)
    for token in tokens:
        text += token + (draw(_gaps) if busy and draw(st.integers(0, 2)) == 0 else " ")
    return text + draw(st.one_of(st.just(""), _comments, _gaps))
