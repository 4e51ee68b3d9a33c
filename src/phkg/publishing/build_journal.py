"""The journal of a built site: what each address gave and what that was made of, so that the next build makes only what can have changed.

It lies beside the snapshots, not in the site. Where it is missing, is of another program or another day, or where the snapshot that it tells
of is gone, everything is made: the result is the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from pyoxigraph import RdfFormat, parse

from phkg.graph.reading import ALL, Apart, Watched, number_of, touched
from phkg.graph.snapshot import GRAPH, Snapshot
from phkg.publishing.build_files import SiteFolder
from phkg.publishing.build_making import Piece

FOLDER = "sites"
"""The folder beside the snapshots."""
BITS = 20
LAST = np.uint32((1 << BITS) - 1)

Told = dict[str, Any]
"""Of something worked out apart the numbers of what was `read` for it, and the `states` of its parts as pairs of numbers."""
Stat = list[int]
"""Size of a file in bytes, and time of its last change in nanoseconds."""


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


@dataclass(frozen=True)
class Before:
    """What holds still of the build before: by address what would be made again just so, with the size and time of each of its files;
    and by its name what is worked out apart, as far as it is no other."""

    good: Mapping[str, Piece]
    stats: Mapping[str, Stat]
    apart: Mapping[str, Told]


NOTHING = Before({}, {}, {})


def still_good(
    journal: Path, snapshot: Snapshot, now: Circumstances, folder: SiteFolder, watched: Watched, apart: Mapping[str, Callable[[], object]]
) -> Before:
    """What the journal holds that would be made again just so; nothing where that cannot be known.

    `apart` works out what pages read in parts; where it rests on what has changed, this is done now, and only pages that read a part
    with another value follow from it.
    """
    try:
        with np.load(journal) as kept:
            told, links, links_at, read, read_at, stats = (
                json.loads(kept["told"].tobytes()),
                *(kept[name] for name in ("links", "links_at", "read", "read_at", "stats")),
            )
    except (OSError, ValueError, KeyError):
        return NOTHING
    before = snapshot.path.parent / told["snapshot"] / GRAPH
    if told["stamp"] != now.stamp or not before.is_file():
        return NOTHING
    changed, same = _changed(told, before, snapshot, now), {}
    for name, make in apart.items():
        known = told["apart"][name]
        if changed.isdisjoint(known["read"]):
            same[name] = known
        else:
            make()
            changed |= _others(known, told_of(watched.apart[name]))
    if not changed.isdisjoint(told["common"]):
        return NOTHING
    is_good = np.ones(len(told["addresses"]), bool)
    is_good[np.searchsorted(read_at, _places(read, changed), "right") - 1] = False
    return Before(*_pieces(told, is_good, (links, links_at, read, read_at), stats.tolist(), folder), same)


def _pieces(
    told: Mapping, is_good: np.ndarray, arrays: tuple[np.ndarray, ...], stats: list[Stat], folder: SiteFolder
) -> tuple[dict[str, Piece], dict[str, Stat]]:
    """The pieces that are good, as long as nobody has touched their files, and the sizes and times of these."""
    links, links_at, read, read_at = arrays
    addresses, good, found, at = told["addresses"], {}, {}, 0
    ends, starts = read_at.tolist(), links_at.tolist()
    for place, (address, names, may) in enumerate(zip(addresses, told["files"], is_good.tolist(), strict=True)):
        copies, redirects = told["rest"].get(str(place), ({}, ()))
        own = dict(zip((*names, *copies), stats[at : at + len(names) + len(copies)], strict=True))
        at += len(own)
        files = {name: folder.sum_of(name) for name in names}
        if may and all(files.values()) and all(folder.stat(name) == one for name, one in own.items()):
            found.update(own)
            good[address] = Piece(
                address,
                files,
                [addresses[other] for other in links[starts[place] : starts[place + 1]].tolist()],
                [tuple(one) for one in redirects],
                copies,
                read=read[ends[place] : ends[place + 1]],
            )
    return good, found


def write_journal(
    journal: Path, snapshot: Snapshot, now: Circumstances, pieces: Mapping[str, Piece], folder: SiteFolder, before: Before, apart: Mapping[str, Told]
) -> None:
    """Keep what a build has made; `apart` tells of everything that is worked out apart. Raises OSError when it cannot be written."""
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
        "apart": dict(apart),
        "addresses": addresses,
        "files": [list(piece.files) for piece in ordered],
        "rest": {number: (piece.copies, piece.redirects) for number, piece in enumerate(ordered) if piece.copies or piece.redirects},
    }
    # A copy may be another although the piece that tells of it is the same.
    known = [(before.stats if before.good.get(piece.address) is piece else {}, piece) for piece in ordered]
    stats = [one for had, piece in known for one in (*(had.get(name) or folder.stat(name) for name in piece.files), *map(folder.stat, piece.copies))]
    journal.parent.mkdir(parents=True, exist_ok=True)
    draft = journal.with_suffix(".part.npz")
    packed = np.frombuffer(json.dumps(told).encode(), np.uint8)
    np.savez(draft, told=packed, links=links, links_at=links_at, read=read, read_at=read_at, stats=np.array(stats, np.int64).reshape(-1, 2))
    draft.replace(journal)


def told_of(apart: Apart) -> Told:
    """What the journal tells of something that is worked out apart."""
    return {"read": sorted(apart.read), "states": [list(pair) for pair in apart.states().items()]}


def _others(before: Told, now: Told) -> set[int]:
    """The numbers of the parts that came, went or have another value."""
    return {number for number, _ in {tuple(pair) for pair in before["states"]} ^ {tuple(pair) for pair in now["states"]}}


def _places(read: np.ndarray, changed: Collection[int]) -> np.ndarray:
    """Where in a long row of numbers one of some others stands."""
    numbers = np.fromiter(changed, np.uint32, len(changed))
    # Most numbers are told apart by their last bits: the rest is compared whole.
    may = np.zeros(1 << BITS, bool)
    may[numbers & LAST] = True
    places = np.flatnonzero(may[read & LAST])
    return places[np.isin(read[places], numbers)]


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
