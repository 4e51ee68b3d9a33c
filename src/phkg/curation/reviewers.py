"""Who reviews a file: appointed by place, by clinical area and by folder in `reviewers.toml` beside `registry/`. Whoever is not named there is not made up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse

from phkg.records.files import FileEntry, entries
from phkg.records.knowledge import Knowledge
from phkg.vocabulary import ph

FILE = "reviewers.toml"
TABLES = ("places", "areas", "folders")
_NAME = re.compile(r"@?[\w.-]+(/[\w.-]+)?(@[\w.-]+)?\Z")


class BadReviewers(Exception):
    """The file of reviewers cannot be used; the text says what is wrong in it and what would be right."""


@dataclass(frozen=True)
class Part:
    """What a file belongs to: `places`, `areas` or `folders`, the slug or path, and who is appointed for it (nobody: empty)."""

    table: str
    name: str
    reviewers: tuple[str, ...]


@dataclass(frozen=True)
class Reviewed:
    """A file with what it belongs to, and who reviews it: all who are appointed for any of it, else the default."""

    file: str
    parts: tuple[Part, ...]
    reviewers: tuple[str, ...]


class Reviewers:
    """The appointments of a registry."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        """`told` is what the file holds. Raises BadReviewers."""
        for table in told:
            if table not in (*TABLES, "default"):
                raise BadReviewers(f"{FILE} has a table [{table}]; it may have [default], [{'], ['.join(TABLES)}].")
        self._tables = {table: {name: _names(table, name, value) for name, value in told.get(table, {}).items()} for table in TABLES}
        self._default = _names("default", "reviewers", told.get("default", {}).get("reviewers", []))

    def of(self, file: str, places: Iterable[str], areas: Iterable[str]) -> Reviewed:
        """Who reviews a file that belongs to some places and areas (slugs)."""
        parts = [Part(table, name, self._tables[table].get(name, ())) for table, names in (("places", places), ("areas", areas)) for name in names]
        parts += [Part("folders", name, who) for name, who in self._tables["folders"].items() if file.startswith(name)]
        found = tuple(dict.fromkeys(who for part in parts for who in part.reviewers))
        return Reviewed(file, tuple(parts), found or self._default)

    def unknown(self, places: Iterable[str], areas: Iterable[str]) -> list[str]:
        """Slugs in the file that the registry does not have, as `table.slug`."""
        known = {"places": set(places), "areas": set(areas)}
        return [f"{table}.{name}" for table, slugs in known.items() for name in self._tables[table] if name not in slugs]

    def appointed(self, table: str, name: str) -> tuple[str, ...]:
        """Who is appointed for a place, an area or a folder."""
        return self._tables[table].get(name, ())

    @property
    def folders(self) -> Mapping[str, tuple[str, ...]]:
        """Who is appointed for folders."""
        return self._tables["folders"]

    @property
    def default(self) -> tuple[str, ...]:
        """Who reviews where nobody else is appointed."""
        return self._default


@dataclass(frozen=True)
class Belonging:
    """Which places and clinical areas each file of records belongs to, and all that there are (slugs)."""

    of_file: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    places: tuple[str, ...]
    areas: tuple[str, ...]


def read_reviewers(root: Path) -> Reviewers:
    """The appointments beside `registry/`; none when there is no such file. Raises BadReviewers."""
    path = root / FILE
    try:
        return Reviewers(tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadReviewers(f"{FILE} cannot be read: {error}") from None


def belonging(knowledge: Knowledge) -> Belonging:
    """Read off the records: a file named like a place belongs to it, and one that names clinical areas to those. Files with faults belong to none."""
    said: dict[str, list] = {}
    for item in entries(knowledge):
        if isinstance(item, FileEntry):
            try:
                said[item.name] = list(parse(item.path.read_bytes(), format=RdfFormat.TURTLE))
            except (SyntaxError, OSError):
                said[item.name] = []
    triples = [triple for found in said.values() for triple in found]
    kinds = _below({ph.Place.value}, triples)
    places = {_slug(triple.subject) for triple in triples if triple.predicate.value.endswith("#type") and triple.object.value in kinds}
    areas = {_slug(triple.object) for triple in triples if triple.predicate == ph.clinicalArea and isinstance(triple.object, NamedNode)}
    of_file = {}
    for name, found in said.items():
        if name.startswith("registry/"):
            stem = name.rsplit("/", 1)[1].removesuffix(".ttl")
            named = {_slug(triple.object) for triple in found if triple.predicate == ph.clinicalArea and isinstance(triple.object, NamedNode)}
            of_file[name] = ((stem,) if stem in places else (), tuple(sorted(named)))
    return Belonging(of_file, tuple(sorted(places)), tuple(sorted(areas)))


def codeowners(reviewers: Reviewers, belongs: Belonging) -> str:
    """The appointments as the file CODEOWNERS that forges read; where nobody is appointed, a comment says so."""
    lines = [f"# Written by phkg who --codeowners from {FILE} and the records; change those, not this file."]
    for table, slugs in (("places", belongs.places), ("areas", belongs.areas)):
        missing = [slug for slug in slugs if not reviewers.appointed(table, slug)]
        if missing:
            lines.append(f"# Nobody is appointed for the {table} {', '.join(missing)}.")
    lines.append(f"* {' '.join(reviewers.default)}" if reviewers.default else "# Nobody is appointed for the rest.")
    lines += [f"/{folder} {' '.join(who)}" for folder, who in reviewers.folders.items() if who]
    for file, (places, areas) in sorted(belongs.of_file.items()):
        found = reviewers.of(file, places, areas)
        own = tuple(dict.fromkeys(who for part in found.parts if part.table != "folders" for who in part.reviewers))
        if own:
            lines.append(f"/{file} {' '.join(found.reviewers)}")
    return "\n".join(lines) + "\n"


def _names(table: str, name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and _NAME.match(one) for one in value):
        raise BadReviewers(f'{FILE}: {table}.{name} must be a list of names that the forge knows, such as ["@organisation/team"].')
    return tuple(value)


def _below(kinds: set[str], triples: list) -> set[str]:
    found, size = set(kinds), 0
    while len(found) > size:
        size = len(found)
        found |= {triple.subject.value for triple in triples if triple.predicate.value.endswith("#subClassOf") and triple.object.value in found}
    return found


def _slug(node: NamedNode) -> str:
    return node.value.rsplit("/", 1)[-1]
