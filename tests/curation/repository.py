"""A registry in a real repository of git, open to submissions: the smallest country of the tests, with a token for one of its regions."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

from phkg.curation.tokens import FILE, new_token, written

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"
SUDA = "registry/implementations/suda.ttl"
BASE = "https://example.net/insulo/"


class Repository:
    """A repository with Insulo in it; `secret` is the token of the curators of Suda."""

    def __init__(self, folder: Path, root: Path = INSULO, writes: tuple[str, ...] = (SUDA,), adds: tuple[str, ...] = ("registry/sources/",)) -> None:
        self.root = folder / "registry-of-insulo"
        for room in ("registry", "ontology", "shapes", "web"):
            if (root / room).is_dir():
                shutil.copytree(root / room, self.root / room)
        token, self.secret = new_token("suda-1", "Kuracistoj de Suda", writes, adds, date.today(), 30)
        (self.root / FILE).write_text(written([token]), encoding="utf-8")
        self.git("init", "-q", "-b", "main")
        self.commit("The beginning")

    def git(self, *arguments: str) -> str:
        """What git answers."""
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Redaktoro"), ("EMAIL", "redaktoro@example.net"))}
        environment = {**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(["git", "-C", str(self.root), *arguments], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        """Commit all that lies there; the name of the commit."""
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    def branches(self) -> list[str]:
        """The branches of submissions."""
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads/submission").split()

    def untouched(self) -> bool:
        """Whether the branch that is checked out, the index and the files are as they were committed first."""
        return (
            self.git("status", "--porcelain") == "" and self.git("rev-list", "--count", "main") == "1" and self.git("symbolic-ref", "HEAD") == "refs/heads/main"
        )

    def suda(self, old: str = "etapo:neniam", new: str = "etapo:provata") -> str:
        """The file of Suda with one text in the place of another."""
        text = (self.root / SUDA).read_text(encoding="utf-8")
        assert old in text
        return text.replace(old, new)


def source(slug: str, title: str = "Nova libro") -> str:
    """A source as Turtle."""
    return f"""@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix ph: <https://w3id.org/phkg/ontology#> .
<{BASE}sources/{slug}> a ph:Source ; dcterms:title "{title}"@eo ; dcterms:publisher "Gazeto" ; dcterms:issued "2031-02-03"^^xsd:date ;
    ph:sourceKind <{BASE}concepts/fonto/gazeto> ; schema:url "https://example.net/{slug}"^^xsd:anyURI .
"""
