"""`phkg todo` as a person types it."""

from __future__ import annotations

from pathlib import Path

FIXTURE = Path(__file__).parents[1] / "ontology" / "queries" / "fixture"


def test_it_lists_and_ends_with_one(phkg) -> None:
    done = phkg("todo", "--root", FIXTURE, "--region", "norrbotten", "--task", "silent-pairs", "--lang", "sv")
    assert done.returncode == 1
    assert done.stdout.startswith("Ta reda på läget i regionen (7)\n")
    assert "  - Stockholm3, Region Norrbotten – registry/methods/stockholm3-prostate.ttl\n" in done.stdout


def test_nothing_ends_with_zero(phkg) -> None:
    done = phkg("todo", "--root", FIXTURE, "--who", "@nobody", "--lang", "en")
    assert (done.returncode, done.stdout) == (0, "There is nothing to do here.\n")


def test_what_is_unknown_is_told_with_what_there_is(phkg) -> None:
    for option, said in (("--region", "norrbotten"), ("--task", "silent-pairs"), ("--lang", "sv")):
        done = phkg("todo", "--root", FIXTURE, option, "none")
        assert done.returncode == 2
        assert "none" in done.stderr and said in done.stderr
