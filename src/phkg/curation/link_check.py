"""Whether the addresses of sources still lead to something: asked politely, one at a time of each host, and never of a private network.

Redirects are followed here and not by the client, so that each address on the way is looked at before it is asked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

if TYPE_CHECKING:
    import httpx

Outcome = Literal["works", "moved", "dead", "unreachable", "not-asked"]
AGENT = "phkg-links"
"""What the program calls itself, and what robots.txt may name."""
MOST_REDIRECTS = 5
MOST_ROBOTS_BYTES = 500_000
"""Of robots.txt at least so much is read (RFC 9309, section 2.5)."""
SECONDS = 20.0
"""How long one answer may take."""
PAUSE = 1.0
"""Seconds between two requests to one host."""
LONGEST_PAUSE = 10.0
"""The longest pause that robots.txt can ask for; who asks for a longer one is not asked at all."""
HOSTS_AT_ONCE = 8
ASK_WITH_GET = frozenset({400, 403, 404, 405, 406, 410, 429, 500, 501, 503})
"""Answers to HEAD that servers give which do not know it; GET decides."""
FOR_GOOD = frozenset({301, 308})
GONE = frozenset({404, 410})


@dataclass(frozen=True)
class Checked:
    """What became of an address: it works, has moved for good to `new`, is dead (404, 410), was not reached, or robots.txt forbids to ask. `why` says it."""

    address: str
    outcome: Outcome
    status: int = 0
    new: str = ""
    why: str = ""


@dataclass(frozen=True)
class Manners:
    """How hosts are asked: pause and patience in seconds, and to which addresses (IP) connections may go."""

    pause: float = PAUSE
    seconds: float = SECONDS
    may: Callable[[str], bool] = lambda ip: is_public(ip)


def is_public(ip: str) -> bool:
    """Whether an IP address lies in the public net."""
    found = ipaddress.ip_address(ip.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_global and not found.is_multicast


async def check_all(addresses: Iterable[str], manners: Manners, agent: str) -> AsyncIterator[Checked]:
    """What became of each address, as it is known; hosts side by side, the addresses of a host one after another."""
    by_host: dict[str, list[str]] = {}
    for address in dict.fromkeys(addresses):
        by_host.setdefault(urlsplit(address).netloc.lower(), []).append(address)
    waiting = asyncio.Queue[list[str]]()
    for group in by_host.values():
        waiting.put_nowait(group)
    told = asyncio.Queue[Checked | None]()
    import httpx

    async with httpx.AsyncClient(headers={"User-Agent": agent}, timeout=manners.seconds, follow_redirects=False, trust_env=False) as client:
        hosts = _Hosts(client, manners)

        async def work() -> None:
            while not waiting.empty():
                for address in waiting.get_nowait():
                    told.put_nowait(await hosts.check(address))

        async def all_of_them() -> None:
            try:
                await asyncio.gather(*(work() for _ in range(HOSTS_AT_ONCE)))
            finally:
                told.put_nowait(None)

        task = asyncio.create_task(all_of_them())
        try:
            while (found := await told.get()) is not None:
                yield found
            await task
        finally:
            task.cancel()


class _NotAsked(Exception):
    """An address that must not be asked, and why."""


class _Hosts:
    """Asks addresses, each host one request at a time and with a pause between any two, whoever leads to it."""

    def __init__(self, client: httpx.AsyncClient, manners: Manners) -> None:
        self._client = client
        self._manners = manners
        self._robots: dict[str, RobotFileParser] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._asked: set[str] = set()

    async def check(self, address: str) -> Checked:
        """What became of one address; never raises for what the net does."""
        import httpx

        here, lasting, steps = address, address, 0
        try:
            while True:
                status, location = await self._ask(here)
                if location is None:
                    break
                steps += 1
                target = urljoin(here, location)
                if steps > MOST_REDIRECTS:
                    return Checked(address, "unreachable", status, why=f"more than {MOST_REDIRECTS} redirects")
                if lasting == here and status in FOR_GOOD:
                    lasting = target
                here = target
        except _NotAsked as reason:
            return Checked(address, "not-asked" if here == address else "unreachable", why=str(reason))
        except httpx.TimeoutException:
            return Checked(address, "unreachable", why=f"no answer within {self._manners.seconds:g} seconds")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
            return Checked(address, "unreachable", why=str(error) or type(error).__name__)
        if status in GONE:
            return Checked(address, "dead", status, why=f"HTTP {status}")
        if not 200 <= status < 300:
            return Checked(address, "unreachable", status, why=f"HTTP {status}")
        lasting = lasting.partition("#")[0]
        if lasting == address.partition("#")[0]:
            return Checked(address, "works", status)
        if urlsplit(lasting).path in ("", "/") and urlsplit(address).path not in ("", "/"):
            return Checked(address, "unreachable", status, why=f"leads to the front page {lasting}")
        return Checked(address, "moved", status, lasting)

    async def _ask(self, address: str) -> tuple[int, str | None]:
        """Status, and where a redirect leads. HEAD first; GET, of which nothing is read, where HEAD may not be known."""
        await self._may_be_asked(address)
        status, location = await self._request("HEAD", address)
        if status in ASK_WITH_GET:
            status, location = await self._request("GET", address)
        return status, location

    async def _may_be_asked(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _NotAsked(f"{address} is no web address")
        origin = f"{parts.scheme}://{parts.netloc}"
        await self._is_allowed(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
        if origin not in self._robots:
            self._robots[origin] = await self._read_robots(f"{origin}/robots.txt")
        robots = self._robots[origin]
        if not robots.can_fetch(AGENT, address):
            raise _NotAsked("robots.txt forbids it")
        if float(robots.crawl_delay(AGENT) or 0) > LONGEST_PAUSE:
            raise _NotAsked(f"robots.txt asks for pauses of more than {LONGEST_PAUSE:g} seconds")

    async def _is_allowed(self, host: str, port: int) -> None:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if not all(self._manners.may(str(one[4][0])) for one in found):
            raise _NotAsked(f"{host} lies in a private network")

    async def _read_robots(self, address: str) -> RobotFileParser:
        """The rules of a host. Without any everything may be asked; where they cannot be had (5xx), nothing (RFC 9309, section 2.3.1)."""
        rules = RobotFileParser()
        async with self._turn(address, 0), self._client.stream("GET", address) as answer:
            if answer.status_code >= 500:
                rules.disallow_all = True
            elif answer.status_code != 200:
                rules.allow_all = True
            else:
                text = b""
                async for part in answer.aiter_bytes():
                    text += part
                    if len(text) > MOST_ROBOTS_BYTES:
                        break
                rules.parse(text.decode("utf-8", "replace").splitlines())
        return rules

    async def _request(self, method: str, address: str) -> tuple[int, str | None]:
        parts = urlsplit(address)
        robots = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        asked_for = float(robots.crawl_delay(AGENT) or 0) if robots else 0.0
        async with self._turn(address, asked_for), self._client.stream(method, address) as answer:
            location = answer.headers.get("location") if 300 <= answer.status_code < 400 else None
            return answer.status_code, location

    @asynccontextmanager
    async def _turn(self, address: str, asked_for: float) -> AsyncIterator[None]:
        host = urlsplit(address).netloc.lower()
        async with self._turns.setdefault(host, asyncio.Lock()):
            if host in self._asked:
                await asyncio.sleep(max(self._manners.pause, asked_for))
            self._asked.add(host)
            yield
