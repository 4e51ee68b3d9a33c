"""Where the knowledge lies: the folders that people edit, apart from the program that reads them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import phkg


class KnowledgeNotFound(Exception):
    """A folder that should hold a registry does not; the text says which folder and what was expected."""


@dataclass(frozen=True)
class Knowledge:
    """The rooms of one registry.

    `core` holds the core vocabulary (classes and properties, the same for every country), `ontology` the concept
    schemes and queries of this registry (for the program's own registry the same folder), `shapes` what records
    must satisfy, `registry` the records, `web` what a browser gets.
    """

    core: Path
    ontology: Path
    shapes: Path
    registry: Path
    web: Path


def own_root() -> Path:
    """The folder with the program's own knowledge: inside the wheel, or the checkout that holds this file."""
    package = Path(phkg.__file__).resolve().parent
    packed = package / "knowledge"
    return packed if packed.is_dir() else package.parent.parent


def find_knowledge(root: Path | None = None) -> Knowledge:
    """The rooms below `root`, or the program's own registry when `root` is None.

    A folder of another registry needs only `registry/`; a room that it lacks (`ontology/`, `shapes/`, `web/`) is
    the program's own. Raises KnowledgeNotFound when there is no `registry/` folder.
    """
    own = own_root()
    base = own if root is None else Path(root).resolve()
    if not (base / "registry").is_dir():
        raise KnowledgeNotFound(f"{base} has no folder registry/; name a folder that holds one with --root.")

    def room(name: str) -> Path:
        return base / name if (base / name).is_dir() else own / name

    return Knowledge(
        core=own / "ontology",
        ontology=room("ontology"),
        shapes=room("shapes"),
        registry=base / "registry",
        web=room("web"),
    )


def cache_folder(name: str) -> Path:
    """A folder for what can be worked out again: in the user's cache (XDG_CACHE_HOME, else `~/.cache`)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phkg" / name
