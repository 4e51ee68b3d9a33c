"""What can be wrong with a store elsewhere, in words for its operator; no text ever holds a credential."""

from __future__ import annotations


class StoreFault(Exception):
    """The store did not do what was asked; the text says what is wrong and what would be right."""


class StoreRefused(StoreFault):
    """The store understood and refused: to ask again the same is no use."""


class StoreUnavailable(StoreFault):
    """The store does not answer, or not as it should: the same may work later, in `retry_after` seconds."""

    def __init__(self, text: str, retry_after: int = 5) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class StoreOverdue(StoreUnavailable):
    """The store was reached and had no whole answer in time; for a heavy query that is the query's fault."""


class StoreLeftAlone(StoreUnavailable):
    """The store was not asked, since it has failed several times just now."""
