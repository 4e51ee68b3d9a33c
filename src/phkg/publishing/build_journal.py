"""The journal of a built site: what each address gave and what that was made of, so that the next build makes only what can have changed.

It lies beside the snapshots, not in the site. Where it is missing, is of another program or another day, or where the snapshot that it tells
of is gone, everything is made: the result is the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from pyoxigraph import RdfFormat, parse

from phkg.graph.reading import ALL, number_of, touched
from phkg.graph.snapshot import GRAPH, Snapshot
from phkg.publishing.build_files import SiteFolder
from phkg.publishing.build_making import Piece

FOLDER = "sites"
"""The folder beside the snapshots."""


@dataclass(frozen=True)
class Circumstances:
    """What a whole site follows from beside its graph: `stamp` of all that changes every page, `beside` the state of what pages read by a
    name (the history of a file, the changes), `common` the numbers of what was read for all pages."""

    stamp: str
    beside: Mapping[str, str]
    common: frozenset[int]


def journal_of(snapshot: Snapshot, site: Path) -> Path:
    """Where the journal of a site lies."""
    return snapshot.path.parent / FOLDER / f"{blake2b(str(site.resolve()).encode(), digest_size=16).hexdigest()}.npz"


def still_good(journal: Path, snapshot: Snapshot, now: Circumstances, folder: SiteFolder) -> dict[str, Piece]:
    """What the journal holds that would be made again just so, by address; none where that cannot be known."""
    try:
        with np.load(journal) as kept:
            told, links, links_at, read, read_at = json.loads(kept["told"].tobytes()), *(kept[name] for name in ("links", "links_at", "read", "read_at"))
    except (OSError, ValueError, KeyError):
        return {}
    before = snapshot.path.parent / told["snapshot"] / GRAPH
    if told["stamp"] != now.stamp or not before.is_file():
        return {}
    changed = _changed(told, before, snapshot, now)
    if not changed.isdisjoint(told["common"]):
        return {}
    hits = np.concatenate([[0], np.cumsum(np.isin(read, np.fromiter(changed, np.uint32, len(changed))))])
    is_good = hits[read_at[1:]] == hits[read_at[:-1]]
    addresses, good = told["addresses"], {}
    for place in np.flatnonzero(is_good):
        files = {name: folder.sum_of(name) for name in told["files"][place]}
        if all(sum_ and folder.untouched(name, told["stats"].get(name)) for name, sum_ in files.items()):
            own, rest = slice(read_at[place], read_at[place + 1]), told["rest"].get(str(place), ({}, []))
            good[addresses[place]] = Piece(
                addresses[place],
                files,
                [addresses[other] for other in links[links_at[place] : links_at[place + 1]].tolist()],
                [tuple(one) for one in rest[1]],
                rest[0],
                read=read[own],
            )
    return good


def write_journal(journal: Path, snapshot: Snapshot, now: Circumstances, pieces: Mapping[str, Piece], folder: SiteFolder) -> None:
    """Keep what a build has made. Raises OSError when it cannot be written."""
    addresses = sorted(pieces)
    place = {address: number for number, address in enumerate(addresses)}
    ordered = [pieces[address] for address in addresses]
    links, links_at = _rows(np.array([place[link] for link in piece.links if link in place], np.uint32) for piece in ordered)
    read, read_at = _rows(piece.read for piece in ordered)
    told = {
        "stamp": now.stamp,
        "snapshot": snapshot.name,
        "beside": dict(now.beside),
        "common": sorted(now.common),
        "addresses": addresses,
        "files": [list(piece.files) for piece in ordered],
        "rest": {number: (piece.copies, piece.redirects) for number, piece in enumerate(ordered) if piece.copies or piece.redirects},
        "stats": folder.stats(name for piece in ordered for name in (*piece.files, *piece.copies)),
    }
    journal.parent.mkdir(parents=True, exist_ok=True)
    draft = journal.with_suffix(".part.npz")
    packed = np.frombuffer(json.dumps(told).encode(), np.uint8)
    np.savez(draft, told=packed, links=links, links_at=links_at, read=read, read_at=read_at)
    draft.replace(journal)


def _rows(rows: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of numbers one behind the other, and where each begins."""
    found = list(rows)
    ends = np.cumsum([0, *(len(row) for row in found)])
    return (np.concatenate(found) if found else np.zeros(0, np.uint32)), ends


def _changed(told: Mapping, before: Path, snapshot: Snapshot, now: Circumstances) -> set[int]:
    """The numbers of all look-ups whose answers may be others now."""
    names = {name for name in told["beside"].keys() | now.beside.keys() if told["beside"].get(name) != now.beside.get(name)}
    changed = {number_of(name) for name in names}
    if told["snapshot"] != snapshot.name:
        lines = [set(graph.read_bytes().splitlines()) for graph in (before, snapshot.graph_file())]
        triples = parse(b"\n".join(lines[0] ^ lines[1]), format=RdfFormat.N_TRIPLES)
        changed |= {number_of(ALL), *touched(quad.triple for quad in triples)}
    return changed
