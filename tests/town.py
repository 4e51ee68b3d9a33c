"""The invented country that tests of all rooms work on, or on a copy of it."""

from pathlib import Path

TOWN = Path(__file__).parent / "views" / "town"
