"""The feed of changes tells in words who contests what: a country in git, over real HTTP."""

from __future__ import annotations

import shutil
from pathlib import Path

import lxml.etree
import lxml.html
import pytest

from .test_changes import ATOM, TOWN, Town, commit
from .test_objections import OBJECTIONS


@pytest.mark.parametrize(
    ("path", "title", "reason"),
    [
        ("/sv/andringar.atom", "bestrids av Region Ösby", "De lyssnar <b>inte</b>."),
        ("/en/changes.atom", "contested by Region Ösby", "They do <b>not</b> listen."),
    ],
)
def test_the_words_of_the_feed_say_who_contests_what_and_why(served_app, tmp_path: Path, path: str, title: str, reason: str) -> None:
    root = Path(shutil.copytree(TOWN, tmp_path / "town"))
    commit(root, "All of it", "Anna Ek", "2021-03-01T10:00:00+01:00")
    (root / "registry/objections").mkdir()
    # The first of the three alone, so that it is the title of its entry.
    (root / "registry/objections/osby.ttl").write_text(OBJECTIONS[: OBJECTIONS.index("<https://example.org/ekland/objections/osby/2>")], encoding="utf-8")
    commit(root, "Osby objects", "Bo Ås", "2021-04-02T10:00:00+02:00")
    town = Town(root, tmp_path / "snapshots")
    with served_app(town.app) as town.address:
        town.look()
        feed = lxml.etree.fromstring(town.get(path).content)
    entry = feed.find("a:entry", namespaces=ATOM)
    assert title in entry.findtext("a:title", namespaces=ATOM)
    told = lxml.html.fragment_fromstring(entry.findtext("a:content", namespaces=ATOM), create_parent=True)
    assert title in " ".join(told.text_content().split()) and reason in told.text_content() and told.xpath(".//b[.='not' or .='inte']") == []
