"""The picture of an earlier day: the same records, with the standings that held then (valid time).

What was known on that day is another question (`as_known`): a source read later may tell of it.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from threading import BoundedSemaphore, Lock
from types import MappingProxyType

from pyoxigraph import Quad, Store

from phkg.graph.derive import derive
from phkg.graph.facts import TYPE
from phkg.graph.snapshot import HASH_BYTES, Snapshot
from phkg.publishing.problems import Problem, say
from phkg.publishing.site import Published, publish
from phkg.vocabulary import ph

NAME = "as-of"
FIRST_DAY = date(1990, 1, 1)
"""Before this day nothing that the registry follows was in use, so that a picture would show only silence."""
MOST_KEPT = 4
"""Pictures that are kept ready; each holds a whole graph in memory."""
MOST_WAITING = 4
"""Requests that may wait for a picture to be made; further ones are refused at once, so that pages stay free."""
RETRY_SECONDS = 5

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(text: str, today: str) -> date:
    """The day that a reader asks for. Raises Problem when it is none or lies outside of what is offered.

    `today` is the day of the snapshot in use (ISO 8601), the last that can be asked for.
    """
    day = calendar_day(text)
    if day is None or not FIRST_DAY <= day <= date.fromisoformat(today):
        detail = say("day", name=NAME, first=FIRST_DAY.isoformat(), last=today)
        raise Problem(400, "unknown-value", detail, NAME, (FIRST_DAY.isoformat(), today))
    return day


def calendar_day(text: str) -> date | None:
    """The day that a text names as YYYY-MM-DD; None when it names none."""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def redate(snapshot: Snapshot, on: date) -> Snapshot:
    """The records of a snapshot with what follows from them on another day, in memory only.

    The records are taken from the snapshot and not from the files, which may have changed since or be broken now. Raises
    FactFault where they are not what they should be.
    """
    quads = list(snapshot.store)
    derived = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object in (ph.Standing, ph.Coverage)}
    recorded = [quad for quad in quads if quad.subject not in derived]
    store = Store()
    store.bulk_extend(recorded)
    store.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in derive(recorded, on).triples)
    name = blake2b(f"{snapshot.name}\n{on.isoformat()}".encode(), digest_size=HASH_BYTES).hexdigest()
    return Snapshot(name, snapshot.path, MappingProxyType({**snapshot.manifest, "name": name, "date": on.isoformat()}), store)


class Pictures:
    """The last few pictures that were asked for; a new one is made by one request at a time."""

    def __init__(self, made: Callable[[Published, date], Published] | None = None) -> None:
        """`made` makes a picture of a day from what is in use; without it, that of what held then by the records in use."""
        self._made_by = made or _redated
        self._kept: OrderedDict[tuple[str, date], Published] = OrderedDict()
        self._touch = Lock()
        self._make = Lock()
        self._places = BoundedSemaphore(MOST_WAITING)

    def of(self, current: Published, day: date, made_of: str = "") -> Published:
        """The picture of a day by the records in use. Its pages link to pages of the same day.

        `made_of` names what else than the snapshot in use decides it. Raises Problem (503) when too many wait for pictures already, or when this one cannot be made.
        """
        key = (current.snapshot.name + made_of, day)
        found = self._look(key)
        if found:
            return found
        if not self._places.acquire(blocking=False):
            detail = say("busy-pictures", seconds=RETRY_SECONDS)
            raise Problem(503, "busy", detail, headers={"Retry-After": str(RETRY_SECONDS)})
        try:
            with self._make:
                return self._look(key) or self._keep(key, self._made(current, day))
        finally:
            self._places.release()

    def _look(self, key: tuple[str, date]) -> Published | None:
        with self._touch:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: tuple[str, date], made: Published) -> Published:
        with self._touch:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def _made(self, current: Published, day: date) -> Published:
        try:
            return self._made_by(current, day)
        except Problem:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets an answer that can be understood and no trace.
            logging.getLogger(__name__).error("The picture of %s cannot be made: %s: %s", day, type(error).__name__, error)
            raise Problem(503, "no-picture", say("no-picture", day=day.isoformat())) from None


def _redated(current: Published, day: date) -> Published:
    """The picture of a day by the records of a picture, which may itself be one of what was known earlier."""
    known = current.snapshot.manifest.get("known_on")
    question = f"?{NAME}={day.isoformat()}" + (f"&as-known={known}" if known else "")
    return publish(redate(current.snapshot, day), current.queries, question)
