"""What a place's curators may write, read off the records: the files of statements and of objections that are named after the place, and new sources."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from phkg.records.files import FileEntry, entries, read_entry
from phkg.records.knowledge import Knowledge
from phkg.vocabulary import ph


class NoSuchPlace(Exception):
    """No statement is about a place of this name; the text says which there are."""


def files_of_place(knowledge: Knowledge, place: str) -> tuple[str, ...]:
    """The files of statements that are named after a place (the end of its IRI) and speak of it, and the one of its objections, there or not.

    Raises NoSuchPlace when there is none of statements.
    """
    found: dict[str, list[str]] = {}
    for entry, quads in _files(knowledge):
        slug = entry.path.stem
        # Such a file also speaks of what lies within the place, its hospitals for example.
        if any(quad.predicate == ph.place and quad.object.value.endswith(f"/{slug}") for quad in quads):
            found.setdefault(slug, []).append(entry.name)
    if place not in found:
        raise NoSuchPlace(f"No file of statements is that of “{place}”. There are files of: {', '.join(sorted(found))}.")
    return (*found[place], *(f"registry/{folder}/{place}.ttl" for folder in _folders(knowledge, ph.Objection)))


def folder_of_sources(knowledge: Knowledge) -> str:
    """The folder that holds the sources, with a slash at its end. Raises NoSuchPlace when there is none."""
    for entry, quads in _files(knowledge):
        if any(quad.object == ph.Source for quad in quads):
            return entry.name.rpartition("/")[0] + "/"
    raise NoSuchPlace("The registry has no sources.")


def _folders(knowledge: Knowledge, kind: NamedNode) -> list[str]:
    """The folder of a kind of record, as the core vocabulary names it."""
    quads = (quad for file in sorted(knowledge.core.glob("*.ttl")) for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE))
    return [quad.object.value for quad in quads if quad.subject == kind and quad.predicate == ph.folder]


def _files(knowledge: Knowledge):
    for entry in entries(knowledge, ("registry",)):
        data = read_entry(entry) if isinstance(entry, FileEntry) else None
        if isinstance(entry, FileEntry) and isinstance(data, bytes):
            try:
                quads: list[Quad] = list(parse(data, format=RdfFormat.TURTLE))
            except SyntaxError:
                continue
            yield entry, [quad for quad in quads if isinstance(quad.object, NamedNode)]
