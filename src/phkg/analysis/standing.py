"""The standing of a method in a region on a day: the state that holds, and the words that it rests on.

**Which words count on day D**

1. A word is in play when its interval covers D. It has ended when the last possible day of its `until` is before D; then it is history.
2. A start has begun on D when its last possible day is not after D. A start given only as a year or a month has also begun when its
   first possible day is not after D and the word was said by D.
3. Without a start, a word is in play when it was said by D. A date of the word given only as a year or a month counts as
   said from its first possible day. (It lies in the registry, so it has been said.)
4. With neither start nor date of the word it is *undated*. Undated words count only where no dated word reaches the region;
   the standing is then marked as undated.
5. Only a kind of statement that says a state can make a standing.

**Whom a word reaches**

6. A word of a region reaches that region. A word of an organisation reaches the regions that it says it counts for.
7. A word of a wider place reaches a region within only when it says that it holds in all.
8. Every other word from the region, from within it, from an organisation in it or from a wider place is *also said*: it is shown, and makes no standing.
9. A word's level is how far its place lies from the region: 0 the region itself, 1 a place that contains it, 2 a place that contains that one, …

**Which word wins**

10. The nearest level with a word decides; wider words are only compared with it.
11. Within a level the later word wins. A word without date is taken as said when its start was. As dates are spans, the newest words are all
    those whose last possible day is not before the greatest first possible day.
12. Among the newest, a state that provably began after another had begun is progress and puts the other among the older words.
    A state had begun by its start, or by the day it was spoken of.
13. Among those left the confidence decides, then the kind of source, then the later last possible day, then the identifier.
14. If words left differ from the winner in state, the standing is a *contradiction*, and they *disagree*. Those of the same state are what it *rests on*.
15. All other words that reach the region are *older* (or wider) when their state differs from the standing, else they *agree*.

**Plans**

16. What is comes before what is meant to be: states are weighed without intentions first. If the state found is under way, it stands, whatever is planned.
17. If nothing is found, or a state in which nothing is done, intentions are weighed with the rest by rules 10–14: a later decision to begin takes
    the place of an older "no". Among the newest words an intention gives way to a word about what is, unless it supersedes it by rule 12.
18. A *plan* is kept beside another state when it may be as new as the words that the standing rests on, or when its day is still to come; otherwise it is older.
19. A plan never turns into anything by itself. When the last possible day of its planned start is past, it is *overdue*.

**What travels with it**

20. The extent (a part of the group or the whole), the place whose word it is, its level and the date of the word are the winner's.
21. If no word in play reaches the region, there is *silence*: no standing, which is never a "no".

**What is not told**

22. A word that says only that the state is *withheld* counts where no other word reaches the region; beside any other it is older. A standing
    of it is unknown to coverage, as silence is. A state that leaves the region out (the method does not apply there) is weighed like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from phkg.analysis.dates import Bounds
from phkg.analysis.words import Places, Statement, in_play, overdue, supersedes, undated


@dataclass(frozen=True)
class Standing:
    """What holds for one method in one region on one day. Statements are given by identifier, first the one that won."""

    method: str
    region: str
    on: date
    state: str
    is_intention: bool
    rests_on: tuple[str, ...]
    disagrees: tuple[str, ...]
    agrees: tuple[str, ...]
    older: tuple[str, ...]
    plans: tuple[str, ...]
    also_said: tuple[str, ...]
    overdue: tuple[str, ...]
    said_at: str
    level: int
    word: Bounds | None
    since: Bounds | None
    extent: str | None
    is_part: bool
    undated: bool

    @property
    def contradiction(self) -> bool:
        """Whether equally new words of the same level say different states."""
        return bool(self.disagrees)


@dataclass(frozen=True)
class Hearing:
    """The words about one method in one region that are in play: those that reach it, by level, and those also said."""

    reaching: tuple[tuple[int, Statement], ...]
    also_said: tuple[Statement, ...]


@dataclass(frozen=True)
class _Verdict:
    winner: Statement
    level: int
    survivors: tuple[Statement, ...]


def hear(statements: Iterable[Statement], region: str, places: Places, on: date) -> Hearing:
    """Sort the words about one method by whom they reach (rules 1–9). Words about elsewhere are left out."""
    levels = places.levels(region)
    dated: list[tuple[int, Statement]] = []
    without_date: list[tuple[int, Statement]] = []
    also: list[Statement] = []
    for statement in statements:
        if not in_play(statement, on):
            continue
        level = _level(statement, levels)
        if level is not None and statement.makes_state and statement.state is not None:
            (without_date if undated(statement) else dated).append((level, statement))
        elif level is not None or _is_near(statement, region, levels, places):
            also.append(statement)
    if dated:
        also.extend(statement for _, statement in without_date)
    return Hearing(tuple(dated or without_date), tuple(also))


def reaches(statement: Statement, region: str, places: Places) -> bool:
    """Whether a word can make the state of a region on any day (rules 5 to 9); all others are at most also said."""
    return statement.makes_state and statement.state is not None and _level(statement, places.levels(region)) is not None


def standing(statements: Iterable[Statement], region: str, places: Places, on: date) -> Standing | None:
    """The standing of a method in `region` on a day, from all `statements` about that method; None is silence (rule 21)."""
    hearing = hear(statements, region, places, on)
    reaching = [entry for entry in hearing.reaching if not entry[1].is_withheld] or hearing.reaching
    verdict = _weigh([entry for entry in reaching if not entry[1].is_intention])
    if verdict is None or not verdict.winner.is_underway:
        verdict = _weigh(reaching)
    if verdict is None:
        return None
    winner = verdict.winner
    rests_on = [word for word in verdict.survivors if word.state == winner.state]
    disagrees = [word for word in verdict.survivors if word.state != winner.state]
    others = [word for _, word in hearing.reaching if word not in verdict.survivors]
    plans = [] if winner.is_intention else [word for word in others if word.is_intention and _is_alive(word, rests_on, on)]
    rest = [word for word in others if word not in plans]
    waiting = [*plans, *(word for word in rests_on if word.is_intention)]
    return Standing(
        method=winner.method,
        region=region,
        on=on,
        state=str(winner.state),
        is_intention=winner.is_intention,
        rests_on=_ids(rests_on),
        disagrees=_ids(disagrees),
        agrees=_ids(word for word in rest if word.state == winner.state),
        older=_ids(word for word in rest if word.state != winner.state),
        plans=_ids(plans),
        also_said=_ids(hearing.also_said),
        overdue=_ids(word for word in waiting if overdue(word, on)),
        said_at=winner.place,
        level=verdict.level,
        word=winner.word,
        since=winner.since,
        extent=winner.extent,
        is_part=winner.extent_is_part,
        undated=undated(winner),
    )


def standings(statements: Iterable[Statement], regions: Iterable[str], places: Places, on: date) -> dict[tuple[str, str], Standing]:
    """Every standing of every method in the given regions: (method, region) → Standing. A pair that is missing is silence."""
    near = _near(regions, places)
    heard: dict[tuple[str, str], list[Statement]] = {}
    for statement in statements:
        if in_play(statement, on):
            for region in set().union(*(near.get(place, ()) for place in (statement.place, *statement.counts_for))):
                heard.setdefault((statement.method, region), []).append(statement)
    found = ((pair, standing(heard[pair], pair[1], places, on)) for pair in sorted(heard))
    return {pair: result for pair, result in found if result is not None}


def _near(regions: Iterable[str], places: Places) -> dict[str, set[str]]:
    """Place or organisation → the regions in which its word is heard at all, so that nobody listens to everything."""
    regions = set(regions)
    near: dict[str, set[str]] = {}
    for place in {*regions, *places.within}:
        for wider in places.levels(place):
            if place in regions:
                near.setdefault(wider, set()).add(place)
            if wider in regions:
                near.setdefault(place, set()).add(wider)
    for organisation, located in places.located.items():
        near.setdefault(organisation, set()).update(located & regions)
    return near


def _level(statement: Statement, levels: dict[str, int]) -> int | None:
    """How near a word reaches the region that `levels` climbs from, or None (rules 6, 7 and 9)."""
    reached = [levels[place] for place in (statement.place, *statement.counts_for) if place in levels and (levels[place] == 0 or statement.holds_in_all)]
    return min(reached, default=None)


def _is_near(statement: Statement, region: str, levels: dict[str, int], places: Places) -> bool:
    """Whether a word that does not reach the region still belongs to its surroundings (rule 8)."""
    return (
        statement.place in levels
        or not statement.counts_for.isdisjoint(levels)
        or region in places.located.get(statement.place, ())
        or region in places.levels(statement.place)
    )


def _weigh(reaching: Sequence[tuple[int, Statement]]) -> _Verdict | None:
    """The word that wins at the nearest level, with the words that stand beside it (rules 10–14 and the end of 17)."""
    if not reaching:
        return None
    nearest = min(level for level, _ in reaching)
    words = [statement for level, statement in reaching if level == nearest]
    newest = _newest(words)
    left = [word for word in newest if not any(supersedes(other, word) for other in newest)]
    about_what_is = [word for word in left if not word.is_intention]
    survivors = sorted(about_what_is or left, key=_precedence)
    return _Verdict(survivors[0], nearest, tuple(survivors))


def _newest(words: Sequence[Statement]) -> list[Statement]:
    """The words that may be the latest one (rule 11); all of them when they are undated."""
    said = [word.said for word in words if word.said is not None]
    if not said:
        return list(words)
    threshold = max(span.earliest for span in said)
    return [word for word in words if word.said is not None and word.said.latest >= threshold]


def _is_alive(plan: Statement, rests_on: Sequence[Statement], on: date) -> bool:
    """Whether a plan is kept beside the standing (rule 18)."""
    if plan.planned_start is not None and plan.planned_start.latest >= on:
        return True
    heard = [word.said.earliest for word in rests_on if word.said is not None]
    return plan.said is None or not heard or plan.said.latest >= max(heard)


def _precedence(word: Statement) -> tuple[int, int, int, str]:
    """Sorts the word that wins first (rule 13)."""
    said = word.said
    return (word.confidence_rank, word.source_rank, -said.latest.toordinal() if said else 0, word.id)


def _ids(words: Iterable[Statement]) -> tuple[str, ...]:
    return tuple(word.id for word in sorted(words, key=_precedence))
