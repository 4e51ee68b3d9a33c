"""Following changes: good ones are taken, broken ones refused, and nobody loses the snapshot that they began on."""

from datetime import timedelta

import pytest

from phkg.graph.compile import compile_snapshot
from phkg.graph.watch import CurrentSnapshot


class Scene:
    """A current snapshot over the invented country, with what its operator hears and a calendar to turn."""

    def __init__(self, country, into, day):
        self.country, self.day = country, day
        self.findings, self.heard, self.checked = [], [], 0
        self.current = CurrentSnapshot(compile_snapshot(country, day, into), country, into, self.check, self.heard.append, lambda: self.day)

    def check(self, knowledge):
        assert knowledge is self.country
        self.checked += 1
        return list(self.findings)

    def change(self, old=b"lytting", new=b"lydhoring"):
        path = self.country.registry / "methods" / "all.ttl"
        path.write_bytes(path.read_bytes().replace(old, new))


@pytest.fixture
def scene(country, into, day):
    return Scene(country, into, day)


def holds(snapshot, text):
    return any(quad.object.value == text for quad in snapshot.store if hasattr(quad.object, "value"))


def test_nothing_changed_nothing_done(scene):
    first = scene.current.get()
    assert [scene.current.refresh() for _ in range(3)] == [False] * 3
    assert scene.current.get() is first
    assert (scene.checked, scene.heard) == (0, [])


def test_a_touched_file_of_the_same_bytes_is_no_change(scene):
    scene.change(b"lytting", b"lytting")
    assert scene.current.refresh() is False
    assert scene.checked == 0


def test_a_good_change_is_taken_and_old_requests_keep_the_old(scene):
    old = scene.current.get()
    scene.change()
    assert scene.current.refresh() is True
    new = scene.current.get()
    assert (holds(new, "lydhoring"), holds(new, "lytting")) == (True, False)
    assert (holds(old, "lydhoring"), holds(old, "lytting")) == (False, True)
    assert scene.current.refresh() is False
    assert (scene.checked, scene.heard) == (1, [])


def test_a_change_that_the_check_refuses_is_not_taken_and_told_once(scene):
    old = scene.current.get()
    scene.findings = ["a label is missing"]
    scene.change()
    assert [scene.current.refresh() for _ in range(3)] == [False] * 3
    assert scene.current.get() is old
    assert [(refusal.kept, refusal.findings) for refusal in scene.heard] == [(old.name, ("a label is missing",))]
    assert scene.checked == 1


def test_a_broken_file_is_not_taken_and_the_mended_one_is(scene):
    old = scene.current.get()
    scene.change(b"method:singing a", b"method:singing")
    assert scene.current.refresh() is False
    assert scene.current.get() is old
    assert scene.heard[0].findings[0].name == "registry/methods/all.ttl"
    scene.change(b"method:singing ph:Treatment", b"method:singing a ph:Treatment")
    scene.change()
    assert scene.current.refresh() is True
    assert holds(scene.current.get(), "lydhoring")


def test_the_same_fault_after_a_return_to_good_is_told_again(scene):
    scene.findings = ["bad"]
    scene.change()
    scene.current.refresh()
    scene.change(b"lydhoring", b"lytting")
    scene.current.refresh()
    scene.change()
    scene.current.refresh()
    assert len(scene.heard) == 2


def test_a_new_day_gives_a_new_snapshot(scene):
    old = scene.current.get()
    scene.day += timedelta(days=200)
    assert scene.current.refresh() is True
    assert scene.current.get().date == scene.day
    assert scene.current.get().manifest["counts"]["standings"] < old.manifest["counts"]["standings"]


def test_a_check_that_breaks_does_not_end_the_watch(scene):
    def broken(knowledge):
        raise RuntimeError("the engine is gone")

    scene.current._check = broken
    scene.change()
    assert [scene.current.refresh() for _ in range(2)] == [False] * 2
    assert [refusal.findings for refusal in scene.heard] == [("RuntimeError: the engine is gone",)]
    scene.current._check = scene.check
    assert scene.current.refresh() is True


def test_files_that_change_while_they_are_checked_are_checked_again(scene):
    def check(knowledge):
        if scene.checked == 0:
            scene.change(b"lydhoring", b"horing")
        return Scene.check(scene, knowledge)

    scene.current._check = check
    scene.change()
    assert scene.current.refresh() is False
    assert scene.current.refresh() is True
    assert holds(scene.current.get(), "horing")
    assert scene.checked == 2


def test_a_vanished_registry_keeps_the_old_snapshot(scene):
    scene.country.registry.rename(scene.country.registry.with_name("gone"))
    assert scene.current.refresh() is False
    assert len(scene.heard) == 1
    scene.country.registry.with_name("gone").rename(scene.country.registry)
    scene.change()
    assert scene.current.refresh() is True
