"""The report on the registry as it was: judged by its own shapes and vocabulary, and kept by what went into it."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from phkg.graph.inputs import rooms_digest
from phkg.records.trees import Past
from phkg.validation.engines import EngineFailed
from phkg.validation.findings import Finding
from phkg.validation.run import CannotValidate, validate

PROGRAM_ROOMS = ("vocabulary", "turtle", "records", "validation")
ENGINES = ("shacl", "pyshacl", "pyoxigraph")
MOST_KEPT = 50
"""Reports that are kept; the oldest go first."""


@dataclass(frozen=True)
class Judged:
    """What was found in the base; `fault` says why nothing could be, when the base itself cannot be checked."""

    findings: tuple[Finding, ...]
    fault: str = ""


def kept(past: Past, cache: Path | None) -> Judged | None:
    """The findings of a commit as the cache has them; None when it has none that can be read."""
    if cache is None:
        return None
    try:
        told = json.loads(gzip.decompress((cache / _name(past)).read_bytes()))
        return Judged(tuple(Finding(**one) for one in told["findings"]), told["fault"])
    except (OSError, EOFError, ValueError, TypeError, KeyError):
        return None


def judge(past: Past, cache: Path | None) -> Judged:
    """The findings of a commit, worked out and kept. Raises GitFault, OSError."""
    judged = _judged(past)
    if cache is not None:
        with suppress(OSError):  # A report that cannot be kept is worked out again.
            _keep(cache / _name(past), judged)
    return judged


def _judged(past: Past) -> Judged:
    with tempfile.TemporaryDirectory(prefix="phkg-base-") as folder:
        try:
            return Judged(validate(past.write(Path(folder))).findings)
        except (CannotValidate, EngineFailed) as error:
            return Judged((), str(error).replace(folder, past.commit[:12]))


def _name(past: Past) -> str:
    """Named by the content of every file, by the program's checks and by the engines."""
    state = blake2b(digest_size=16)
    patterns = [rooms_digest(PROGRAM_ROOMS, pattern) for pattern in ("*.py", "*.toml")]
    for part in (*patterns, *map(_version, ENGINES), *(f"{name} {held}" for name, held in sorted(past.state.files.items()))):
        state.update(f"{part}\n".encode("utf-8", "surrogateescape"))
    return f"{state.hexdigest()}.json.gz"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _keep(target: Path, judged: Judged) -> None:
    told = {"fault": judged.fault, "findings": [asdict(finding) for finding in judged.findings]}
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".draft-", delete=False) as draft:
        draft.write(gzip.compress(json.dumps(told, ensure_ascii=False).encode(), compresslevel=1, mtime=0))
    os.replace(draft.name, target)
    reports = sorted(target.parent.glob("*.json.gz"), key=lambda path: path.stat().st_mtime)
    for path in reports[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
