"""What a region's access to a method was, day by day, worked out from the words of the sources.

A standing tells what holds on a day. Between two standings lies a change, and a source dates it only as well as it can. So between the
last day on which the old answer is known to have held and the day from which the new one is known to hold, the answer is unknown:

    earliest  the first day that the new word's `since` can mean; without one, the day after the old answer was last said;
              without that either, any day
    sure      the last day by which the new state had begun: the last that `since` can mean or the day it was spoken of, whichever
              is first; for a word without any date, the day of the question

Before the earliest day of a stated start to access, where nobody has said anything, the answer is "not yet". A plan that has not begun is "not
yet". On the day of the question the timeline gives the same answer as the standing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from phkg.analysis.basis import Nothing
from phkg.analysis.coverage import Access, plain
from phkg.analysis.standing import Standing, reaches, standing
from phkg.analysis.words import Places, Statement, began_by

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Timeline:
    """The answers of one region about one method: `before` holds until the first change, each change from its day on.

    `population` is None where no number is known. Changes are in order of their days.
    """

    region: str
    population: int | None
    changes: tuple[tuple[date, Access | Nothing], ...]
    before: Access | Nothing = Nothing.NO_STATEMENT

    def at(self, day: date) -> Access | Nothing:
        """The answer on a day."""
        if self.changes and self.changes[-1][0] <= day:
            return self.changes[-1][1]
        place = bisect_right(self.changes, day, key=lambda change: change[0])
        return self.changes[place - 1][1] if place else self.before

    @cached_property
    def accesses(self) -> tuple[tuple[int, Access | None], ...]:
        """Every stretch of days by the ordinal of its first day, with the access that its answer comes to; the first begins at 0."""
        found = [(0, plain(self.before))]
        for day, answer in self.changes:
            access = plain(answer)
            if access is not found[-1][1]:
                found.append((day.toordinal(), access))
        return tuple(found)


def never(region: str, population: int | None, answer: Access | Nothing = Nothing.NO_STATEMENT) -> Timeline:
    """A timeline on which nothing ever changes: silence, or a region to which the method does not apply."""
    return Timeline(region, population, (), answer)


@dataclass(frozen=True)
class _Stretch:
    """Days on which the standing meant the same access, by the words that it rested on."""

    answer: Access | Nothing
    words: tuple[Statement, ...]


def timeline(
    statements: Iterable[Statement],
    region: str,
    places: Places,
    on: date,
    answer: Callable[[Standing], Access | Nothing],
    population: int | None,
) -> Timeline:
    """The timeline of `region` up to the day `on`, from all `statements` about one method.

    `answer` says what a standing means for access; it sees the state, the extent and the statements that the standing rests on.
    """
    # Words about elsewhere make no state here, and there are far more of them.
    words = [word for word in statements if reaches(word, region, places)]
    by_id = {word.id: word for word in words}
    stretches: list[_Stretch] = []
    for day in _days_of_change(words, on):
        found = standing(words, region, places, day)
        value = Nothing.NO_STATEMENT if found is None else answer(found)
        rests_on = () if found is None else tuple(_alike([by_id[name] for name in found.rests_on]))
        if stretches and stretches[-1].answer == value:
            rests_on = (*stretches[-1].words, *(word for word in rests_on if word not in stretches[-1].words))
            stretches[-1] = _Stretch(value, rests_on)
        else:
            stretches.append(_Stretch(value, rests_on))
    return Timeline(region, population, *_dated(stretches, on))


def _days_of_change(words: Sequence[Statement], on: date) -> list[date]:
    """The days up to `on` at which a standing may change: where a word comes into play, goes out of it, or a plan falls due."""
    days = {date.min, on}
    for word in words:
        for span in (word.since, word.word):
            days.update(span or ())
        days.update(span.latest + DAY for span in (word.until, word.planned_start) if span is not None and span.latest < date.max)
    return sorted(day for day in days if day <= on)


def _alike(words: Sequence[Statement]) -> Iterable[Statement]:
    """The words that speak of the same extent as the first: only they bear out its dates."""
    return (word for word in words if word.extent_is_part == words[0].extent_is_part)


def _dated(stretches: Sequence[_Stretch], on: date) -> tuple[tuple[tuple[date, Access | Nothing], ...], Access | Nothing]:
    """The changes between stretches with what is unknown between them, and the answer before the first."""
    before: Access | Nothing = Nothing.NO_STATEMENT
    changes: list[tuple[date, Access | Nothing]] = []
    last = _Stretch(Nothing.NO_STATEMENT, ())

    def put(day: date, value: Access | Nothing) -> None:
        while changes and changes[-1][0] >= day:
            changes.pop()
        if value != (changes[-1][1] if changes else before):
            changes.append((day, value))

    for stretch in stretches:
        if not stretch.words:
            # The words have ended (their `until` is past) and nobody has said what came after.
            ended = [word.until.earliest for word in last.words if word.until is not None]
            if ended:
                put(max(ended) + DAY, stretch.answer)
            last = stretch
            continue
        sure = min([on, *(day for day in map(began_by, stretch.words) if day is not None)])
        starts = min((word.since.earliest for word in stretch.words if word.since is not None), default=None)
        if last.words:
            between = _between(last.answer, stretch.answer)
            known = [day for day in (starts, _day_after_spoken(last)) if day is not None]
            if between is not None and known:
                put(min(max(known), sure), between)
        elif starts is not None and not changes and plain(stretch.answer) in _SOME:
            before = Nothing.NOT_YET
            put(min(starts, sure), Nothing.NO_STATEMENT)
        put(sure, stretch.answer)
        last = stretch
    return tuple(changes), before


_SOME = (Access.WITH, Access.PART)


def _between(old: Access | Nothing, new: Access | Nothing) -> Access | Nothing | None:
    """What is known while one answer gives way to another on a day that nobody told; None: the old answer stands until then."""
    if plain(old) == plain(new):
        return None
    return Access.PART if plain(old) in _SOME and plain(new) in _SOME else Nothing.NO_STATEMENT


def _day_after_spoken(stretch: _Stretch) -> date | None:
    """The day after the last on which the answer is known to have held by somebody's word, as far back as a vague date can mean."""
    days = [span.earliest for word in stretch.words for span in (word.word, word.since) if span is not None]
    return max(days) + DAY if days else None
