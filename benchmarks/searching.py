"""Search by name over a hundred thousand records with made-up words, beside a scan over folded names in Python."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator

from phkg.views.search_index import Entry, SearchIndex, fold

LETTERS = "aaaeeeiiounrtslkdmgvhfpåäöbcyj"
GROUPS = 11
QUERIES = 200
MOST_HITS = 200


def measure(records: int, seed: int = 1) -> dict:
    """Milliseconds of a search at the median and the 95th percentile, by kind of query; the index and a scan in one run."""
    chance = random.Random(seed)
    words = ["".join(chance.choice(LETTERS) for _ in range(chance.randint(3, 9))) for _ in range(20_000)]
    words += [chance.choice(words) + chance.choice(words) for _ in range(20_000)]
    entries = [Entry(number, f"kind {number % GROUPS}", tuple(_names(chance, words, number))) for number in range(records)]
    begun = time.perf_counter()
    index = SearchIndex(entries, ("sv", "en"))
    seconds = time.perf_counter() - begun
    folded = [(number, fold(name)) for number, entry in enumerate(entries) for name in entry.names]

    def scan(query: str) -> list[int]:
        wanted = fold(query).split()
        return [number for number, name in folded if all(word in name for word in wanted)]

    rows = []
    for what, make in _queries(chance, words, entries).items():
        asked = [make() for _ in range(QUERIES)]
        rows.append({"who": "phkg", "query": what, **_timed(lambda query: index.search(query, MOST_HITS), asked)})
        rows.append({"who": "scan of folded names", "query": what, **_timed(scan, asked[: QUERIES // 10])})
    return {"records": records, "index_s": round(seconds, 2), "rows": rows}


def _names(chance: random.Random, words: list[str], number: int) -> Iterator[str]:
    yield " ".join(chance.choice(words) for _ in range(4))
    yield " ".join(chance.choice(words) for _ in range(3))
    yield f"X:{number}"


def _queries(chance: random.Random, words: list[str], entries: list[Entry]) -> dict[str, Callable[[], str]]:
    def mistyped() -> str:
        word = chance.choice([word for word in chance.sample(words, 20) if len(word) > 5])
        place = chance.randrange(1, len(word))
        return word[:place] + chance.choice("aeioust") + word[place + 1 :]

    return {
        "a word": lambda: chance.choice(words),
        "three letters": lambda: chance.choice(words)[:3],
        "two words": lambda: " ".join(chance.choice(entries).names[0].split()[:2]),
        "the tail of a compound": lambda: chance.choice(words[20_000:])[-6:],
        "with a typing error": mistyped,
        "a code": lambda: chance.choice(entries).names[2],
    }


def _timed(search: Callable[[str], object], queries: list[str]) -> dict[str, float]:
    taken = []
    for query in queries:
        begun = time.perf_counter()
        search(query)
        taken.append((time.perf_counter() - begun) * 1000)
    return {"p50_ms": round(statistics.median(taken), 2), "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 2)}
