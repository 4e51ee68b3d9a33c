"""Reads the table of hand-worked standings, which is written for people, into statements and expectations."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from phkg.analysis.dates import bounds_of
from phkg.analysis.words import Places, Statement

REGIONS = ("north", "south", "border")
PLACES = Places(
    within={
        "north": frozenset({"west"}),
        "south": frozenset({"west"}),
        "border": frozenset({"west", "east"}),
        "west": frozenset({"land"}),
        "east": frozenset({"land"}),
        "district": frozenset({"north"}),
    },
    located={"clinic": frozenset({"north"}), "institute": frozenset({"south"})},
)
NOTHING_DONE = {"no", "ended", "moot", "hidden"}
DATES = {"since": "since", "until": "until", "start": "planned_start", "said": "word"}


@dataclass
class Case:
    """One case of the table: `expected` holds the lines below its words, as written."""

    title: str
    day: date = date.min
    region: str = ""
    words: list[Statement] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)


def read_word(name: str, text: str) -> Statement:
    """A statement from `place, state, since 2021, …`."""
    place, state, *marks = text.split(", ")
    values: dict[str, object] = {"confidence_rank": 1}
    for mark in marks:
        key, _, value = mark.partition(" ")
        if key in DATES:
            values[DATES[key]] = bounds_of(value)
        elif key == "kind":
            values["source_rank"] = int(value)
        elif key == "for":
            values["counts_for"] = frozenset({value})
        else:
            values |= {
                "part": {"extent": "part", "extent_is_part": True},
                "inferred": {"confidence_rank": 2},
                "in all": {"holds_in_all": True},
                "advice": {"makes_state": False},
            }[mark]
    return Statement(
        id=name,
        method="m",
        place=place,
        state=state,
        is_intention=state == "plan",
        is_underway=state not in NOTHING_DONE | {"plan"},
        is_withheld=state == "hidden",
        **values,
    )


def read_cases(path: Path) -> list[Case]:
    """Every case of the table, in its order."""
    cases: list[Case] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        key, value = line.split(": ", 1)
        if key == "case":
            cases.append(Case(value))
        elif key == "day":
            cases[-1].day = date.fromisoformat(value)
        elif key == "region":
            cases[-1].region = value
        elif len(key) == 1:
            cases[-1].words.append(read_word(key, value))
        else:
            cases[-1].expected[key] = value
    return cases
