"""A source as it stands beside what rests on it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.facts import Web, web
from phkg.views.reader import ADDRESS, Concept, Link, Reader, Text
from phkg.views.site import TITLE
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS

ISSUED = NamedNode(DCTERMS + "issued")
PUBLISHER = NamedNode(DCTERMS + "publisher")


@dataclass(frozen=True)
class SourceLine:
    """A source as it stands beside what rests on it. `date` is as precise as the source is."""

    link: Link
    title: Text
    publisher: str
    date: str
    kind: Concept | None
    address: Web | None
    needs_better: bool

    @property
    def titled(self) -> Link:
        """The source under its title."""
        return Link(self.link.iri, self.title, self.link.path)


def source_line(reader: Reader, source: NamedNode) -> SourceLine:
    """A source with title, publisher, date, kind and address."""
    graph = reader.graph
    address = graph.object(source, ADDRESS)
    kind = graph.object(source, ph.sourceKind)
    return SourceLine(
        link=reader.link(source),
        title=reader.text(source, TITLE) or reader.label(source),
        publisher=graph.text(source, PUBLISHER) or "",
        date=graph.text(source, ISSUED) or "",
        kind=reader.concept(kind) if isinstance(kind, NamedNode) else None,
        address=web(address) if address is not None and not isinstance(address, NamedNode) else None,
        needs_better=graph.is_true(source, ph.needsBetterSource),
    )


def sources(reader: Reader, record: NamedNode) -> tuple[SourceLine, ...]:
    """The sources on whose word a record rests."""
    return source_lines(reader, reader.graph.objects(record, ph.statedBy))


def source_lines(reader: Reader, named: list) -> tuple[SourceLine, ...]:
    """Sources by what names them, each read once for all pages."""
    found = (value for value in named if isinstance(value, NamedNode))
    return tuple(reader.pieces.get(("source", source), lambda source=source: source_line(reader, source)) for source in found)
