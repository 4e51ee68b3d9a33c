"""A build after a change: only what can have changed is made again, and the site is the one that a clean build gives, byte by byte."""

from __future__ import annotations

import random
import shutil
from datetime import date
from functools import cached_property
from pathlib import Path

import pytest
from building import build
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from phkg.graph.compile import compile_snapshot
from phkg.graph.inputs import CompileFault
from phkg.publishing.build_files import BuildFault
from phkg.publishing.build_journal import journal_of
from phkg.publishing.site import Published
from phkg.records.knowledge import Knowledge, find_knowledge

DAY = date(2021, 6, 1)
CHANGES = 2
"""Changes that each walk makes, one after another."""
NEEDLESS = 80
"""Addresses that a new title of one source makes anew although their files stay the same: lists in other orders, and other forms of pages."""


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def differences(one: Path, other: Path) -> list[str]:
    these, those = files_in(one), files_in(other)
    return sorted(name for name in these.keys() | those.keys() if these.get(name) != those.get(name))


@pytest.fixture
def copy(town: Knowledge, tmp_path: Path) -> Knowledge:
    return find_knowledge(shutil.copytree(town.registry.parent, tmp_path / "town"))


def change(knowledge: Knowledge, chance: random.Random) -> str:
    """One record is changed as nobody would foresee: a triple goes, a text is another, something points elsewhere, a record goes or comes."""
    files = sorted((knowledge.registry).rglob("*.ttl"))
    file = chance.choice([one for one in files if one.name != "registry.ttl"])
    quads = list(parse(file.read_bytes(), format=RdfFormat.TURTLE))
    what = chance.choice(["drop", "text", "point", "point", "text", "copy", "remove"])
    place = chance.randrange(len(quads))
    one = quads[place]
    if what == "remove":
        file.unlink()
        return f"remove {file.name}"
    if what == "copy":
        old, new = f"/{file.parent.name}/{file.stem}", f"/{file.parent.name}/{file.stem}-too"
        file.with_name(f"{file.stem}-too.ttl").write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return f"copy {file.name}"
    if what == "text" and isinstance(one.object, Literal) and one.object.language:
        quads[place] = Quad(one.subject, one.predicate, Literal(one.object.value + " X", language=one.object.language))
    elif what == "point" and isinstance(one.object, NamedNode):
        like = sorted(
            {
                q.object.value
                for f in files
                if f.is_file()
                for q in parse(f.read_bytes(), format=RdfFormat.TURTLE)
                if q.predicate == one.predicate and isinstance(q.object, NamedNode)
            }
        )
        quads[place] = Quad(one.subject, one.predicate, NamedNode(chance.choice(like)))
    else:
        del quads[place]
    file.write_bytes(serialize(quads, format=RdfFormat.TURTLE))
    return f"{what} {one}"


@pytest.mark.parametrize("seed", range(2))
def test_after_any_change_the_site_is_that_of_a_clean_build(copy: Knowledge, tmp_path: Path, seed: int) -> None:
    chance, site = random.Random(seed), tmp_path / "site"
    build(copy, compile_snapshot(copy, DAY, tmp_path / "snapshots"), site)
    done = 0
    while done < CHANGES:
        before, clean = shutil.copytree(copy.registry, tmp_path / "before"), tmp_path / "clean"
        told = change(copy, chance)
        try:
            snapshot = compile_snapshot(copy, DAY, tmp_path / "snapshots")
            build(copy, snapshot, clean)
        except (BuildFault, CompileFault, LookupError):
            # What no site can be built of, none is built of the second time either.
            with pytest.raises((BuildFault, CompileFault, LookupError)):
                build(copy, compile_snapshot(copy, DAY, tmp_path / "snapshots"), site)
            shutil.rmtree(copy.registry)
            shutil.copytree(before, copy.registry)
        else:
            build(copy, snapshot, site)
            assert differences(site, clean) == [], told
            done += 1
        shutil.rmtree(before)
        shutil.rmtree(clean, ignore_errors=True)
        # A journal of the clean site would make the next one less clean.
        journal_of(snapshot, clean).unlink(missing_ok=True)


def test_where_nothing_changed_nothing_is_made_and_after_a_new_name_little(copy: Knowledge, tmp_path: Path) -> None:
    site, snapshots = tmp_path / "site", tmp_path / "snapshots"
    snapshot = compile_snapshot(copy, DAY, snapshots)
    first = build(copy, snapshot, site)
    assert first.made > 1000
    assert build(copy, snapshot, site).made == 0
    file = copy.registry / "sources" / "blank.ttl"
    text = file.read_text(encoding="utf-8")
    assert "dcterms:title" in text
    file.write_text(text.replace('dcterms:title "', 'dcterms:title "Ny '), encoding="utf-8")
    again = build(copy, compile_snapshot(copy, DAY, snapshots), site)
    assert 0 < again.written <= again.made <= again.written + NEEDLESS
    assert '"Ny ' in (site / "sources" / "blank.ttl").read_text(encoding="utf-8")


def test_what_is_kept_for_all_pages_is_kept_with_what_was_read_for_it() -> None:
    # The kinds of record are known before the first page; everything else has to be noted again for each page that gets it.
    assert [name for name, value in vars(Published).items() if isinstance(value, cached_property)] == ["methods"]


def test_another_day_makes_every_page_anew(copy: Knowledge, tmp_path: Path) -> None:
    site, snapshots = tmp_path / "site", tmp_path / "snapshots"
    first = build(copy, compile_snapshot(copy, DAY, snapshots), site)
    # The page of the downloads leads to the dump of the day before, too.
    assert build(copy, compile_snapshot(copy, date(2021, 6, 2), snapshots), site).made >= first.made
