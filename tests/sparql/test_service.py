"""SERVICE and updates are told from the words alone; the engine's own parser says what is right."""

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from phkg.sparql.service import Place, find_service, is_update
from phkg.sparql.tokens import tokens

CALLS = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { service <http://127.0.0.1:9/> { } }",
    "SELECT * { sErViCe SILENT <http://127.0.0.1:9/> { } }",
    "SELECT * {SERVICE<http://127.0.0.1:9/>{}}",
    "SELECT * {SERVICESILENT<http://127.0.0.1:9/>{}}",
    "SELECT * { SERVICE # a comment <x>\n SILENT # another\n <http://127.0.0.1:9/> {} }",
    "SELECT * { VALUES ?g { <http://127.0.0.1:9/> } SERVICE ?g {} }",
    "SELECT * { SERVICE$g {} }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICE ex:a {} }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICEex:a{} }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { ?s ?p ?o SERVICEex:a {} }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { ?s ?p ex:o SERVICEex:a {} }",
    "PREFIX SERVICEx: <x:> PREFIX x: <http://127.0.0.1:9/> SELECT * { SERVICEx:a {} }",
    "PREFIX service: <http://127.0.0.1:9/> SELECT * { SERVICE service:service {} }",
    "BASE <http://127.0.0.1:9/> SELECT * { SERVICE <\\u0061> {} }",
    "SELECT * { ?s ?p true.SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { ?s ?p trueSERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { ?s ?p 1SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { ?s ?p 1.5e3SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { ?s ?p 'a'SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://127.0.0.1:9/> {} } } } }",
    "SELECT * { LATERAL { SERVICE <http://127.0.0.1:9/> {} } }",
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> {} } }",
    'SELECT ?x { BIND(?a<?b#>"""\n AS ?x) SERVICE SILENT <http://127.0.0.1:9/> {} #"""\n}',
    "SELECT ?x { FILTER(1<2#>'''\n) SERVICE SILENT <http://127.0.0.1:9/> {} #'''\n}",
    "SELECT (1<2#>'''\n AS ?x) { SERVICE SILENT <http://127.0.0.1:9/> {} #'''\n}",
    "SELECT * { ?s ?p '''it's ''a''' . SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { ?s ?p 'it\\'s' . SERVICE <http://127.0.0.1:9/> {} }",
    "PREFIX ex: <x:> SELECT * { ?s ?p ex:it\\'s . SERVICE <http://127.0.0.1:9/> {} }",
    "PREFIX ex: <x:> SELECT * { ?s ?p ex:a\\#b . SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { # it's a comment \"\n SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { ?s <it's> ?o . SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { ?s (<a#b>|<c>) ?o . SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { ?s ?p (?a <b#c> '''x''') . SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { { SELECT * {} ORDER BY (?a<?b#>'''\n) } SERVICE <http://127.0.0.1:9/> {} #'''\n}",
]
INNOCENT = [
    "SELECT ?service { ?service ?p $SERVICE }",
    "PREFIX service: <x:> SELECT * { service:service service:a/service:b ?o }",
    "PREFIX service: <x:> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX my-service: <x:> SELECT * { GRAPH my-service:g { ?s ?p ?o } }",
    "PREFIX service: <x:> SELECT * FROM service:g { ?s ?p ?o }",
    "PREFIX service: <x:> DESCRIBE service:a service:b { ?s ?p ?o }",
    "PREFIX ex: <x:> SELECT * { ex:SERVICE ex:a.SERVICE ?o }",
    "SELECT * { ?s <http://example.org/SERVICE> 'SERVICE <x> {}' }",
    'SELECT * { ?s ?p """ " SERVICE <x> {} "" """ }',
    "SELECT * { ?s ?p 'it\\'s SERVICE' }",
    "SELECT * { ?s ?p 'a'@service }",
    "SELECT * { _:service ?p ?o }",
    "PREFIX : <x:> PREFIX service: <x:> SELECT * { ?s a service:Thing { ?s ?p ?o } }",
    "SELECT * { # SERVICE <x> {}\n }",
    "SELECT * { FILTER(?a<?b#> SERVICE <x> {}\n) }",
    "SELECT * { ?s ?p ?o } # SERVICE",
    "SELECT (?a<'>' AS ?x) ('SERVICE' AS ?y) {}",
    "SELECT * { FILTER(?a < 3 && ?b > 4 && ?c = 'SERVICE') }",
    "SELECT * { ?s ?p (?a <b#c> 'SERVICE') }",
    "SELECT (?a<?b AS ?c) { VALUES (?a ?b) { (<a#b> 'SERVICE') } }",
]


def asks_for_service(query: str) -> bool | None:
    """What the engine reads: with the word spoiled, a query that calls SERVICE is none any more. None: it is none to begin with."""
    try:
        ox.Store().query(query, base_iri="http://127.0.0.1:9/")
    except SyntaxError:
        return None
    spoiled = query.replace("service", "servicq").replace("SERVICE", "SERVICQ").replace("sErViCe", "sErViCq")
    try:
        ox.Store().query(spoiled, base_iri="http://127.0.0.1:9/")
    except SyntaxError:
        return True
    return False


@pytest.mark.parametrize("query", CALLS)
def test_every_spelling_of_a_call_is_seen(query):
    assert asks_for_service(query) is True
    assert find_service(query) is not None


@pytest.mark.parametrize("query", INNOCENT)
def test_the_word_alone_is_no_fault(query):
    assert asks_for_service(query) is False
    assert find_service(query) is None


def test_the_place_of_the_call():
    assert find_service("ASK {\n  # SERVICE\n  SERVICE <x:y> {} }") == Place(3, 3)


WORDS = [
    "SERVICE",
    "service",
    "SILENT",
    "GRAPH",
    "FILTER",
    "BIND",
    "SELECT",
    "*",
    "AS",
    "{",
    "}",
    "{}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "<=",
    "&&",
    "!",
    "#",
    "\n",
    " ",
    ".",
    ";",
]
WORDS += [
    ",",
    "'",
    "'''",
    '"',
    '"""',
    "\\",
    "<x:y>",
    "<x:#>",
    "service:",
    "ex:",
    ":",
    "ex:a",
    "?a",
    "?service",
    "1",
    "true",
    "a",
    "@en",
    "^^",
    "_:b",
    "<<",
    ">>",
    "/",
    "^",
    "+",
]
PIECES = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)


@settings(max_examples=500, deadline=None)
@given(
    before=PIECES,
    after=PIECES,
    place=st.sampled_from(["{} {}", "FILTER({}) {}", "?s ?p {} . {}", "BIND({} AS ?z) {}", "{} SERVICE SILENT <x:y> {{}} {}", "FILTER({}'SERVICE'{})"]),
)
@example(before="1<2#>'''\n", after="#'''\n", place="FILTER({}) SERVICE SILENT <x:y> {{}} {}")
def test_the_words_are_judged_as_the_engine_reads_them(before, after, place):
    query = "PREFIX ex: <x:> PREFIX service: <x:> SELECT * { " + place.format(before, after) + "\n}"
    right = asks_for_service(query)
    if right is not None:
        assert (find_service(query) is not None) is right


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    read = list(tokens(text))
    assert all(text.startswith(token.text, token.start) and token.text for token in read)
    find_service("service" + text)
    is_update(text)


@pytest.mark.parametrize("piece", ['"""', "'''", '"', "<", "<a", "a-", "a.", "a:", "\\u", "1.", "(", "{", "''", '"a\\', "service "])
def test_reading_takes_time_in_proportion_to_the_length(piece):
    # A reader that goes back for each of 64 thousand characters would take minutes here.
    find_service("service " + piece * (65_536 // len(piece)))


@pytest.mark.parametrize(
    "query, update",
    [
        ("INSERT DATA { <x:a> <x:b> 1 }", True),
        ("PREFIX insert: <x:> # DELETE\n BASE <x:> delete where {}", True),
        ("WITH <g> DELETE { ?s ?p ?o } WHERE {}", True),
        ("SELECT ?insert { ?insert ?p 'DELETE' }", False),
        ("PREFIX delete: <x:> ASK { delete:a ?p ?o }", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_updates_are_told_by_their_first_word(query, update):
    assert is_update(query) is update
