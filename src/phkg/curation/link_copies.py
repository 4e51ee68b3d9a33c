"""Archived copies of addresses, as the availability API of the Wayback Machine tells them (https://archive.org/help/wayback_api.php)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

SECONDS = 30.0
"""How long one answer may take."""


class ServiceSilent(Exception):
    """The service does not answer as it should; the text says how."""


def copies(addresses: Iterable[str], service: str, pause: float) -> Iterator[tuple[str, str]]:
    """Each address with that of its archived copy, empty where there is none; with a pause (seconds) between two questions. Raises ServiceSilent."""
    import httpx

    with httpx.Client(timeout=SECONDS, trust_env=False) as client:
        for number, address in enumerate(addresses):
            if number:
                time.sleep(pause)
            try:
                answer = client.get(service, params={"url": address}).raise_for_status().json()
                closest = answer["archived_snapshots"].get("closest") or {}
                copy = str(closest["url"]) if closest.get("available") and str(closest.get("status")) == "200" else ""
            except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
                raise ServiceSilent(f"{service} does not answer as it should: {error or type(error).__name__}.") from None
            # The service still gives addresses without encryption, which its pages do not need.
            yield address, f"https://{copy.removeprefix('http://')}" if copy.startswith("http://web.archive.org/") else copy
