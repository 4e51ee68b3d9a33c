"""Snapshots that nobody needs any more are deleted: all but the newest few, and never one that a living process holds.

A process holds a snapshot by a shared lock on its manifest; the kernel gives the lock up when the process ends, however it ends.
Where there are no such locks (Windows) nothing is deleted.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from phkg.graph.snapshot import MANIFEST

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

KEPT = 3
"""Snapshots that are left beside those in use, so that going back to the day before costs nothing."""
DRAFT_SECONDS = 3600.0
"""Age after which an unfinished snapshot is one that nobody will finish."""


def hold(folder: Path) -> BinaryIO:
    """Keep a snapshot from being deleted until the answer is closed or this process ends. Raises OSError when there is none."""
    manifest = (folder / MANIFEST).open("rb")
    if fcntl:
        fcntl.flock(manifest, fcntl.LOCK_SH)
    with suppress(OSError):
        os.utime(folder)
    return manifest


def prune(into: Path, kept: int = KEPT) -> list[Path]:
    """Delete the snapshots in a folder but the `kept` last used and all that are held; what was deleted."""
    if not fcntl:
        return []
    with suppress(OSError):
        for draft in into.glob(".draft-*"):
            if time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                shutil.rmtree(draft, ignore_errors=True)
    found: list[tuple[float, Path]] = []
    for manifest in into.glob(f"*/{MANIFEST}"):
        with suppress(OSError):
            found.append((manifest.parent.stat().st_mtime, manifest.parent))
    return [folder for _, folder in sorted(found, reverse=True)[kept:] if _delete(folder)]


def _delete(folder: Path) -> bool:
    try:
        with (folder / MANIFEST).open("rb") as manifest:
            fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Without its name first, so that nobody finds half of it.
            gone = folder.rename(folder.with_name(f".draft-{folder.name}"))
            shutil.rmtree(gone, ignore_errors=True)
    except OSError:
        return False
    return True
