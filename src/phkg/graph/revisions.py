"""The files of a registry as a commit holds them, read from git into memory."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from phkg.graph.inputs import InputFile, read_inputs
from phkg.records.files import SIZE_LIMIT
from phkg.records.git import GitFault, contents, top_of, tree_files
from phkg.records.knowledge import Knowledge


class Revisions:
    """Reads commits of the repository that holds a registry. What one commit shares with those read before is not read again."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Raises GitFault when the registry lies in no repository."""
        top = top_of(knowledge.registry)
        if top is None:
            raise GitFault(f"{knowledge.registry} lies in no git repository (or git is not installed).")
        self.top = top
        self.folders = {
            _within(folder, top): room
            for folder, room in ((knowledge.registry, "registry"), (knowledge.ontology, "ontology"))
            if folder.resolve().is_relative_to(top.resolve())
        }
        """Folders from the top of the repository (empty: the top itself), with the rooms that they are."""
        self._knowledge = knowledge
        self._read: dict[str, bytes] = {}

    def files(self, commit: str) -> list[InputFile]:
        """Every Turtle file of a commit, in the order of names. Raises GitFault."""
        listed = [file for file in tree_files(self.top, commit, [*filter(None, self.folders)]) if file.path.endswith(".ttl")]
        listed = [file for file in listed if not any(step.startswith(".") for step in file.path.split("/"))]
        self._read |= contents(self.top, (file.blob for file in listed if file.blob not in self._read))
        found = [InputFile(self.name(file.path), self._read[file.blob]) for file in listed]
        too_large = next((file.name for file in found if len(file.data) > SIZE_LIMIT), None)
        if too_large:
            raise GitFault(f"{too_large} of {commit[:12]} is larger than {SIZE_LIMIT // 1024 // 1024} MiB; no such file is read.")
        return sorted([*found, *self._elsewhere], key=lambda file: (file.name, file.data))

    def name(self, path: str) -> str:
        """A file's name as it is everywhere else: `<room>/<path>`."""
        for folder, room in self.folders.items():
            prefix = f"{folder}/" if folder else ""
            if path.startswith(prefix):
                return f"{room}/{path[len(prefix) :]}"
        return path

    @cached_property
    def _elsewhere(self) -> list[InputFile]:
        """What lies outside of the repository (the program's own vocabulary, for another country), as it is now."""
        knowledge = self._knowledge
        if len(self.folders) == 2 and knowledge.core == knowledge.ontology:
            return []
        found = read_inputs(knowledge)
        return [file for file in found if file.name.split("/")[0] not in self.folders.values() or _is_core(knowledge, file.name)]


def _within(folder: Path, top: Path) -> str:
    found = Path(os.path.relpath(folder.resolve(), top.resolve())).as_posix()
    return "" if found == "." else found


def _is_core(knowledge: Knowledge, name: str) -> bool:
    """Whether a file is of the core vocabulary of a registry that has concepts of its own beside it."""
    return knowledge.core != knowledge.ontology and name.startswith("ontology/") and "/" not in name.removeprefix("ontology/")
