"""Who a name in git is: when two of them are one person, and which are no person at all.

Names and addresses are taken as `.mailmap` maps them. Two are one person when their addresses are the same, whatever their case, or their
names are: somebody with an address of work and one hidden by a forge stays one. Namesakes are told apart by `.mailmap`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from phkg.records.git import git

_CONTACT = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*\Z")
_FORGES_OWN = re.compile(r"(no-?reply|do-?not-?reply)@", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:\d+[+-])(?=[^@]+@[^@]*\bnoreply\b)", re.IGNORECASE)
"""What forges put before a user's name in an address that hides the true one: `49699333+name@users.noreply.github.com`."""


@dataclass(frozen=True)
class Who:
    """Somebody in git: the name as it is shown, and the address (empty: none was given)."""

    name: str
    address: str = ""

    @property
    def is_person(self) -> bool:
        """Whether this can be somebody who has read a change: no bot, no forge's own address, none on a host that cannot exist (RFC 2606)."""
        address = self.address.casefold()
        if not self.name.strip() or self.name.strip().casefold().endswith("[bot]"):
            return False
        return not (_FORGES_OWN.match(address) or "[bot]@" in address or address.endswith(".invalid"))

    def is_among(self, others: Iterable[Who]) -> bool:
        """Whether this is one of the others."""
        return any(self._keys & other._keys for other in others)

    @property
    def _keys(self) -> frozenset[str]:
        name = " ".join(unicodedata.normalize("NFKC", self.name).casefold().split())
        address = _HIDDEN.sub("", self.address.strip().casefold())
        return frozenset(filter(None, (f"name {name}" if name else "", f"address {address}" if address else "")))


def whoever(text: str) -> Who:
    """The person that a trailer names, as `Name <address>` or only a name."""
    found = _CONTACT.match(text)
    return Who(plain(found["name"]), found["address"].strip()) if found else Who(plain(text))


def mapped(top: Path, people: Iterable[Who]) -> dict[Who, Who]:
    """People by `.mailmap`; git maps authors by itself, but not those of trailers. Raises GitFault."""
    given = [one for one in dict.fromkeys(people) if one.address]
    if not given:
        return {}
    asked = "".join(f"{one.name} <{one.address}>\n" for one in given)
    told = git(top, "check-mailmap", "--stdin", given=asked.encode()).decode("utf-8", "replace").splitlines()
    return dict(zip(given, map(whoever, told), strict=True))


def plain(text: str) -> str:
    """What somebody has written in git, without signs that would move a terminal's cursor or turn its letters around."""
    return "".join(sign for sign in text if sign == " " or not unicodedata.category(sign).startswith(("C", "Z"))).strip()
