"""The registry of the repository as one who makes records sees it, read once; and a small copy of it to write in."""

from __future__ import annotations

from functools import cache

from phkg.curation.known import read_known
from phkg.records.knowledge import find_knowledge


@cache
def there():
    """Forms, what is known and the store of the repository's own registry."""
    return read_known(find_knowledge())


def a_statement(**changes: list[str]) -> dict[str, list[str]]:
    """Values of a right statement of introduction, as one types them; `changes` take the place of some."""
    values = {
        "method": ["nipt-trisomies"],
        "place": ["Region Skåne"],
        "statementKind": ["introduction"],
        "state": ["i rutinsjukvård"],
        "statedBy": ["1177-1177-vasterbotten-offer-of-prenatal-testing"],
        "confidence": ["stated"],
    }
    return values | changes
