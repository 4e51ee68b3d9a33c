"""A country that does not exist, small enough to work everything out by hand.

Ekland has three languages (sv, en, fi), the regions Boda (500 people) and Älvik (300) in the healthcare region Norr, and Ösby (200)
outside it; `gamla` has been replaced by Älvik. Five methods, one of them replaced:

| method  | Boda                         | Älvik                 | Ösby                                   |
|---------|------------------------------|-----------------------|----------------------------------------|
| lyssna  | usual since 2019-03, a plan  | usual for some        | usual by the law, none by the news     |
| tvatta  | usual, said of Norr          | usual, said of Norr   | only a hospital has spoken             |
| anga    | tried, undated               | silence               | can be ordered, which says no state    |
| fraga   | silence                      | silence               | silence                                |
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import Snapshot
from phkg.records.knowledge import Knowledge, find_knowledge
from phkg.views.adoption import Spread, read_spread
from phkg.views.reader import Reader
from phkg.views.site import Kind, Site, read_site
from phkg.views.standings import Standings, read_standings
from phkg.vocabulary import ph

BASE = "https://example.org/ekland/"


@pytest.fixture(scope="session")
def town_knowledge() -> Knowledge:
    """The files of Ekland."""
    return find_knowledge(Path(__file__).parent / "town")


@pytest.fixture(scope="session")
def town(town_knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Ekland compiled on the first of June 2021."""
    return compile_snapshot(town_knowledge, date(2021, 6, 1), tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def site(town: Snapshot) -> Site:
    """What holds for all of Ekland."""
    return read_site(town)


@pytest.fixture(scope="session")
def sv(site: Site) -> Reader:
    """A reader of Swedish."""
    return Reader(site, "sv")


@pytest.fixture(scope="session")
def en(site: Site) -> Reader:
    """A reader of English."""
    return Reader(site, "en")


@pytest.fixture(scope="session")
def fi(site: Site) -> Reader:
    """A reader of Finnish, in which little is written."""
    return Reader(site, "fi")


@pytest.fixture(scope="session")
def table(sv: Reader) -> Standings:
    """All standings of Ekland."""
    return read_standings(sv)


@pytest.fixture(scope="session")
def spread(town: Snapshot, site: Site) -> Spread:
    """What the spread of all methods of Ekland is worked out of."""
    return read_spread(site.graph, town.date)


@pytest.fixture(scope="session")
def methods(site: Site) -> Kind:
    """The kind of record that methods are."""
    return next(kind for kind in site.kinds if kind.iri == ph.Method)


@pytest.fixture(scope="session")
def iri() -> Callable[[str], NamedNode]:
    """From the end of an IRI of Ekland to the IRI."""
    return lambda path: NamedNode(BASE + path)
