"""The folder of a built site: only what changed is written, what is gone is removed, and what others put there is left alone.

A build gathers changed files in a folder beside the site's own; only when all are there do they take their places. A build that fails or
is killed before leaves the site as it was. One that is killed while the files take their places is brought to its end by the next.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path

MANIFEST = ".phkg-files.sha256"
"""What a build wrote, as `sha256sum --check` reads it."""
STAGED = ".phkg-build"
NEW = "new"
"""The folder of what waits for its place: files under hashes of their names. File systems take five times as long to make a file in each of many new folders as in one."""
MOST_NAMED = 5


class BuildFault(Exception):
    """The site cannot be built; the text says why and what to do. The site that was there is as it was."""


@dataclass(frozen=True)
class Outcome:
    """How many files the site has, how many of them were written, and how many that were there before are gone; how many addresses were
    made, since what was made of the same before was not."""

    files: int
    written: int
    removed: int
    made: int = 0


class SiteFolder:
    """A folder with a built site, or one that is to hold it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._staged = folder / STAGED
        self._sums = _read(folder / MANIFEST)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keeps other builds out; finishes one that was killed at its end, and clears away one that was killed before.

        Raises BuildFault when the folder holds something else than a built site, or another build is at work in it; OSError
        when it cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        if not (self._folder / MANIFEST).exists() and not self._staged.exists():
            foreign = [path.name for path in sorted(self._folder.iterdir()) if not path.name.startswith(".")]
            if foreign:
                raise BuildFault(
                    f"{self._folder} holds files that no build wrote ({', '.join(foreign[:MOST_NAMED])}): name an empty folder, or one that a build made."
                )
        with _alone(self._folder):
            if (self._staged / MANIFEST).is_file():
                self._take_places()
            shutil.rmtree(self._staged, ignore_errors=True)
            (self._staged / NEW).mkdir(parents=True)
            try:
                yield
            finally:
                # Where the files have begun to take their places, the next build goes on from there.
                if not (self._staged / MANIFEST).is_file():
                    shutil.rmtree(self._staged, ignore_errors=True)

    def keep(self, name: str, body: bytes) -> str:
        """Have a file of the site, under its name with slashes; written only where it is another. Gives its SHA-256."""
        # Plain paths: tens of thousands of files are named here, and a Path takes as long to make as a file to write.
        try:
            with open(f"{self._folder}/{name}", "rb") as there:
                same = there.read() == body
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            same = False
        if not same:
            with open(self._waiting(name), "wb") as stream:
                stream.write(body)
        return sha256(body).hexdigest()

    def copy(self, name: str, source: str, sum_: str, may_be_there: bool) -> str:
        """Have a file that is the same as another one, which was kept before and has this sum; gives the sum. It is not looked at where
        nobody has touched it (`may_be_there`) and it was the same before."""
        if not may_be_there or self._sums.get(name) != sum_ or not (self._folder / name).is_file():
            staged = Path(self._waiting(source))
            self.keep(name, staged.read_bytes() if staged.is_file() else (self._folder / source).read_bytes())
        return sum_

    def sum_of(self, name: str) -> str:
        """The SHA-256 of a file as the last build wrote it; empty for one that it did not write."""
        return self._sums.get(name, "")

    def stat(self, name: str) -> list[int]:
        """The size and the time of the last change (in nanoseconds) of a file of the site; nothing where there is none."""
        try:
            found = os.stat(f"{self._folder}/{name}")
        except OSError:
            return []
        return [found.st_size, found.st_mtime_ns]

    def finish(self, files: Mapping[str, str]) -> Outcome:
        """Let the files, with their sums, be the whole site. Raises BuildFault where one would take the place of a foreign one."""
        known = _read(self._folder / MANIFEST)
        written = self._written(files)
        foreign = sorted(name for name in written if name not in known and os.path.exists(f"{self._folder}/{name}"))
        if foreign:
            raise BuildFault(f"{self._folder} holds files that no build wrote and that this one would replace: {', '.join(foreign[:MOST_NAMED])}.")
        text = "".join(f"{files[name]}  {name}\n" for name in sorted(files))
        prepared = self._staged / f"{MANIFEST}.part"
        with prepared.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        # From here on the build is decided: whoever comes next brings it to its end.
        prepared.replace(self._staged / MANIFEST)
        removed = self._take_places()
        return Outcome(len(files), len(written), removed)

    def _take_places(self) -> int:
        """Move what is new to where it belongs, pages last, and remove what is gone; may be done again where it broke off."""
        files = _read(self._staged / MANIFEST)
        gone = sorted(_read(self._folder / MANIFEST).keys() - files.keys())
        there: set[str] = set()
        for name in sorted(self._written(files), key=lambda name: (name.endswith(".html"), name)):
            target = f"{self._folder}/{name}"
            within = os.path.dirname(target)
            if within not in there:
                os.makedirs(within, exist_ok=True)
                there.add(within)
            os.replace(self._waiting(name), target)
        for name in gone:
            (self._folder / name).unlink(missing_ok=True)
            self._without_empty((self._folder / name).parent)
        (self._staged / MANIFEST).replace(self._folder / MANIFEST)
        shutil.rmtree(self._staged)
        return len(gone)

    def _waiting(self, name: str) -> str:
        """Where a new file waits for its place."""
        return f"{self._staged}/{NEW}/{blake2b(name.encode(), digest_size=16).hexdigest()}"

    def _written(self, names: Iterable[str]) -> list[str]:
        """Those of the files that wait for their places."""
        there = set(os.listdir(self._staged / NEW))
        return [name for name in names if os.path.basename(self._waiting(name)) in there] if there else []

    def _without_empty(self, folder: Path) -> None:
        with suppress(OSError):
            while folder != self._folder:
                folder.rmdir()
                folder = folder.parent


def _read(manifest: Path) -> dict[str, str]:
    """The names of files with their sums; none where nothing was built."""
    if not manifest.is_file():
        return {}
    lines = manifest.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps a second build out of a folder, where the system can."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BuildFault(f"Another build is at work in {folder}: wait for it.") from None
    finally:
        os.close(handle)
