"""Rows are counted in what the engine has written, whatever the values look like."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, Store

from phkg.sparql.rows import count_rows

FORMATS = (QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.CSV, QueryResultsFormat.TSV)
TRICKY = st.text(alphabet="{}[],\":\\\r\n\t<result>&' åx", max_size=30)


@pytest.mark.parametrize("format", FORMATS, ids=str)
@settings(deadline=None)
@given(values=st.sets(TRICKY, max_size=6), unbound=st.integers(0, 3))
def test_the_count_is_that_of_the_store(format, values, unbound):
    store = Store()
    store.extend(Quad(NamedNode("x:s"), NamedNode("x:p"), Literal(value)) for value in values)
    query = "SELECT ?o ?p { { ?s ?p ?o }" + " UNION {}" * unbound + " }"
    body = store.query(query).serialize(format=format)
    assert count_rows(body, format, 0) == len(values) + unbound
    # With room to spare the count may be rough, as long as it is not too low and not above what is enough.
    assert len(values) + unbound <= count_rows(body, format, 1_000) <= 1_000
