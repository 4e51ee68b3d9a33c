"""Dumps: a whole snapshot as files to download, made once beside the snapshot, with checksums, counts and what changed since the last.

The files follow from the snapshot alone, byte by byte: no time of the day stands in them. What differs from one folder of snapshots
to another, the comparison with the dump before, has a file of its own (`difference.json`).
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock

from phkg.graph.snapshot import GRAPH
from phkg.publishing.dump_files import WHOLE, Content, Earlier, contents, made_by, part_of
from phkg.views.site import Site

FOLDER = "dumps"
MANIFEST, DIFFERENCE, SUMS, LATEST = "manifest.json", "difference.json", "SHA256SUMS", "latest"
MADE_BY = ".made-by"
"""The file that tells what a dump follows from beside its triples; it is not served."""
LEVEL = 6
"""Of gzip: the highest takes twice as long for a fiftieth less."""
KEPT = 6
"""Dumps that are kept, the newest among them; each is some five megabytes, and any can be made again from its commit."""


@dataclass(frozen=True)
class DumpFile:
    """A file of a dump. `part` is the folder of the records it holds (empty: everything); `count` counts triples, in tables rows."""

    name: str
    media_type: str
    compressed: bool
    part: str
    size: int
    sha256: str
    count: int


@dataclass(frozen=True)
class Change:
    """What came and went in one kind of record since the dump before: triples, and subjects that were not there or are no more."""

    part: str
    triples_added: int
    triples_removed: int
    records_added: int
    records_removed: int


@dataclass(frozen=True)
class Dump:
    """A dump that is there. `previous` is the snapshot that `changes` compare with; empty when it is the first."""

    snapshot: str
    date: str
    folder: Path
    licence: str
    triples: int
    files: tuple[DumpFile, ...]
    previous: str
    changes: tuple[Change, ...]


class Dumps:
    """The dumps beside the snapshots of one folder; one is made when somebody first asks for it."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._known: dict[Path, Dump] = {}

    def of(self, site: Site, snapshot: Path, licence: str) -> Dump:
        """The dump of a snapshot in its folder, made now if it is not there. Raises OSError when it cannot be written."""
        folder = snapshot.parent / FOLDER / snapshot.name
        with self._one_at_a_time:
            if folder not in self._known:
                self._known[folder] = read_dump(folder) if (folder / MANIFEST).is_file() else make_dump(site, snapshot, licence)
            return self._known[folder]


def earlier(dump: Dump) -> list[Dump]:
    """The other dumps beside one, the youngest first."""
    found = [read_dump(path.parent) for path in dump.folder.parent.glob(f"*/{MANIFEST}") if path.parent != dump.folder]
    return sorted(found, key=lambda one: (one.date, one.snapshot), reverse=True)


def read_dump(folder: Path) -> Dump:
    """The dump in a folder. Raises OSError or ValueError when there is no whole one."""
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    difference = json.loads((folder / DIFFERENCE).read_text(encoding="utf-8"))
    return Dump(
        snapshot=told["snapshot"],
        date=told["date"],
        folder=folder,
        licence=told["licence"],
        triples=told["triples"],
        files=tuple(DumpFile(**file) for file in told["files"]),
        previous=difference["previous"],
        changes=tuple(Change(**change) for change in difference["changes"]),
    )


def make_dump(site: Site, snapshot: Path, licence: str) -> Dump:
    """Write the dump of a snapshot beside it and compare it with the one made last. Raises OSError when that fails."""
    lines = (snapshot / GRAPH).read_bytes()
    home = snapshot.parent / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
    try:
        previous, maker = _previous(home, site.snapshot), made_by(site)
        before = _lines(home / previous) if previous else set()
        earlier = _earlier(home / previous, before) if previous and _made_by(home / previous) == maker else None
        # The library compresses without holding up what is made meanwhile.
        with ThreadPoolExecutor() as others:
            files = [written.result() for written in [others.submit(_write, draft, one) for one in contents(site, lines, earlier)]]
        (draft / MADE_BY).write_text(maker, encoding="ascii")
        sums = "".join(f"{file.sha256}  {file.name}\n" for file in files)
        (draft / SUMS).write_text(sums, encoding="ascii")
        manifest = {
            "snapshot": site.snapshot,
            "date": site.date,
            "licence": licence,
            "triples": lines.count(b"\n"),
            "files": [asdict(file) for file in files],
        }
        _write_json(draft / MANIFEST, manifest)
        changes = compare(site.base, before, set(lines.splitlines())) if previous else ()
        _write_json(draft / DIFFERENCE, {"previous": previous, "changes": [asdict(change) for change in changes]})
        draft.chmod(0o755)
        _publish(draft, home / site.snapshot)
        _point(home, site.snapshot)
        _prune(home, {site.snapshot, previous})
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return read_dump(home / site.snapshot)


def compare(base: str, before: set[bytes], after: set[bytes]) -> tuple[Change, ...]:
    """What came and went between two graphs given as lines of N-Triples, by kind of record; kinds without change are left out."""
    counts: dict[str, list[int]] = {}
    subjects_before, subjects_after = ({line.split(b" ", 1)[0] for line in lines} for lines in (before, after))
    for place, lines in enumerate((after - before, before - after)):
        for line in lines:
            counts.setdefault(part_of(base, line), [0, 0, 0, 0])[place] += 1
    for place, subjects in ((2, subjects_after - subjects_before), (3, subjects_before - subjects_after)):
        for subject in subjects:
            counts.setdefault(part_of(base, subject), [0, 0, 0, 0])[place] += 1
    return tuple(Change(part, *numbers) for part, numbers in sorted(counts.items()))


def _write(draft: Path, one: Content) -> DumpFile:
    packed = one.name.endswith(".gz")
    written = gzip.compress(one.data, LEVEL, mtime=0) if packed else one.data
    (draft / one.name).write_bytes(written)
    return DumpFile(one.name, one.media_type, packed, one.part, len(written), sha256(written).hexdigest(), one.count)


def _made_by(folder: Path) -> str:
    try:
        return (folder / MADE_BY).read_text(encoding="ascii")
    except OSError:
        return ""


def _earlier(folder: Path, lines: set[bytes]) -> Earlier:
    parts: dict[str, list[tuple[str, str, int]]] = {}
    for file in read_dump(folder).files:
        if file.part:
            parts.setdefault(file.part, []).append((file.name, file.media_type, file.count))
    return Earlier(folder, {part: tuple(files) for part, files in parts.items()}, lines)


def _previous(home: Path, name: str) -> str:
    try:
        previous = (home / LATEST).read_text(encoding="ascii").strip()
    except OSError:
        return ""
    return previous if previous != name and (home / previous / MANIFEST).is_file() else ""


def _lines(folder: Path) -> set[bytes]:
    return set(gzip.decompress((folder / f"{WHOLE}.nt.gz").read_bytes()).splitlines())


def _publish(draft: Path, target: Path) -> None:
    try:
        os.rename(draft, target)
    except OSError:
        # Another process was faster and has written the same; anything else is a fault.
        if not (target / MANIFEST).is_file():
            raise


def _point(home: Path, name: str) -> None:
    pointer = home / f".{LATEST}-{os.getpid()}"
    pointer.write_text(name + "\n", encoding="ascii")
    os.replace(pointer, home / LATEST)


def _prune(home: Path, needed: set[str]) -> None:
    """Remove the oldest dumps, but never one that is needed."""
    there = sorted((path.parent for path in home.glob(f"*/{MANIFEST}")), key=lambda folder: folder.stat().st_mtime_ns)
    for folder in there[:-KEPT]:
        if folder.name not in needed:
            shutil.rmtree(folder, ignore_errors=True)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
