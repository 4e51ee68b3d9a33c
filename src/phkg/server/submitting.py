"""How a running server checks and takes submissions: what is decided once for all its processes, and the door that each of them makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from phkg.curation.audit import Audit
from phkg.curation.web.door import Door
from phkg.curation.web.limits import Limits


@dataclass(frozen=True)
class Submitting:
    """`folder` holds the registry that things are checked for; with an `audit` file it is a repository that takes submissions. `language` is that of findings
    in commits, `key` seals forms, the same in all processes."""

    folder: Path
    audit: Path | None
    language: str
    key: bytes

    def door(self, servers: int, complain: Callable[[str], None]) -> Door:
        """The door of one of several processes. Raises GitFault when the folder is no repository with a registry, and is to be one."""
        audit = Audit(self.audit, complain) if self.audit else None
        return Door(self.folder, audit, self.language, Limits().divided(servers), complain)
