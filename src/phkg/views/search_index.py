"""An index over the names of all records: exact letters first, then word stems, beginnings, tails of compounds, typing errors.

Every word of a query must be found among the names of one record. How near it comes is said by the tier in which it is found:
constants of this file, so that a hit's place can be explained. Typing errors are looked for only when nothing is found without.
The index lives in memory and is made of one snapshot.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import tantivy
from babel import Locale
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

WORD = re.compile(r"[^\W_]+")
SHORTEST_HEAD, SHORTEST_TAIL = 3, 4
"""A compound is found by its tail: at least so many letters before it, and so many in it."""
SHORTEST_TYPO, SHORTEST_TWO_TYPOS = 5, 9
"""Letters from which a word may have one typing error, and two. A word with a digit is a code and may have none."""
MOST_WORDS = 12
"""Words of a query that are looked for."""
BYTES_TO_BUILD = 128 * 1024 * 1024
COUNT_BY_GROUP = {"groups": {"terms": {"field": "group", "size": 1000}}}

WHOLE_NAME, NAME_BEGINS = 40.0, 20.0
"""What the whole query adds when it is a name, or its beginning."""
EXACT, BEGINNING, STEM, FOLDED, FOLDED_BEGINNING, TAIL, TYPO, TAIL_TYPO = 12.0, 9.0, 8.0, 7.0, 6.0, 4.0, 2.0, 1.0
"""What each word adds, by how it is found."""


@dataclass(frozen=True)
class Entry:
    """A record as it is searched: its place in the caller's list, the kind it is grouped under, and all its names."""

    number: int
    group: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The best records of one group, best first, with their scores, and how many there are of it in all."""

    group: str
    hits: tuple[tuple[float, int], ...]
    total: int


def fold(text: str) -> str:
    """A text without case and accents, so that `Ärftlig` and `arftlig` meet."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def written(text: str) -> str:
    """A text in one form of its letters (NFC) and without case, accents kept."""
    return unicodedata.normalize("NFC", text).casefold()


def words_of(text: str) -> list[str]:
    """The words of a text: runs of letters and digits."""
    return WORD.findall(text)


def stems_of(word: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The stem of a word in each of the languages (BCP 47); the word itself where the library has no stemmer."""
    return tuple(next(iter(stemmer.analyze(word)), word) if (stemmer := _kept_stemmer(code)) else word for code in languages)


class SearchIndex:
    """All names of a snapshot's records, ready to be searched."""

    def __init__(self, entries: Iterable[Entry], languages: Sequence[str]) -> None:
        """Index the entries; of two that match alike the earlier comes first. `languages` are BCP 47 codes: the
        library's stemmers of those that it has one for are used."""
        self._stemmers = {f"stem_{code}": stemmer for code in languages if (stemmer := _stemmer(code)) is not None}
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True)
        builder.add_text_field("group", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("name", tokenizer_name="raw", index_option="basic")
        for field in ("written", "folded", "tails", *self._stemmers):
            builder.add_text_field(field, tokenizer_name=field if field in self._stemmers else "whitespace", index_option="basic")
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        for field, stemmer in self._stemmers.items():
            index.register_tokenizer(field, stemmer)
        index.register_tokenizer("whitespace", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        self._fill(index, entries)
        index.reload()
        self._searcher = index.searcher()

    def search(self, query: str, most: int) -> list[Found]:
        """The `most` best records, by group, best first; the group with the best hit comes first."""
        wanted, found = self._run(query, most)
        hits: dict[str, list[tuple[float, int]]] = {}
        for score, address in found:
            document = self._searcher.doc(address)
            hits.setdefault(document["group"][0], []).append((score, document["number"][0]))
        if len(found) < most:
            return [Found(group, tuple(inside), len(inside)) for group, inside in hits.items()]
        counted = self._searcher.aggregate(wanted, COUNT_BY_GROUP)["groups"]["buckets"]
        totals = {bucket["key"]: bucket["doc_count"] for bucket in counted}
        return [Found(group, tuple(inside), totals.pop(group)) for group, inside in hits.items()] + [
            Found(group, (), total) for group, total in sorted(totals.items())
        ]

    def matching(self, query: str) -> set[int]:
        """The numbers of all records that the query finds; none for no word."""
        _, found = self._run(query, max(self._searcher.num_docs, 1))
        return {self._searcher.doc(address)["number"][0] for _, address in found}

    def _fill(self, index: tantivy.Index, entries: Iterable[Entry]) -> None:
        # One thread makes one segment, in which what is added first comes first among equals.
        writer = index.writer(heap_size=BYTES_TO_BUILD, num_threads=1)
        folds: dict[str, tuple[str, tuple[str, ...]]] = {}
        for entry in entries:
            document = tantivy.Document()
            document.add_unsigned("number", entry.number)
            document.add_text("group", entry.group)
            exact: dict[str, None] = {}
            plain: dict[str, None] = {}
            tails: dict[str, None] = {}
            for name in entry.names:
                words = words_of(written(name))
                for word in words:
                    if word not in folds:
                        folded = fold(word)
                        folds[word] = folded, _tails(folded)
                    exact[word] = plain[folds[word][0]] = None
                    tails.update(dict.fromkeys(folds[word][1]))
                document.add_text("name", " ".join(folds[word][0] for word in words))
            for field in ("written", *self._stemmers):
                document.add_text(field, " ".join(exact))
            document.add_text("folded", " ".join(plain))
            document.add_text("tails", " ".join(tails))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def _run(self, text: str, most: int) -> tuple[Query, list]:
        """The query as it was run, and its best hits: with typing errors when there is nothing without."""
        words = words_of(written(text))[:MOST_WORDS]
        if not words:
            return Query.empty_query(), []
        query = self._query(words, self._ways)
        hits = self._searcher.search(query, limit=most, count=False).hits
        if not hits and any(_may_be_mistyped(word) for word in words):
            query = self._query(words, self._loose_ways)
            hits = self._searcher.search(query, limit=most, count=False).hits
        return query, hits

    def _query(self, words: list[str], ways: Callable[[str], list[tuple[Query, float]]]) -> Query:
        name = " ".join(fold(word) for word in words)
        parts = [(Occur.Must, Query.disjunction_max_query([Query.const_score_query(query, score) for query, score in ways(word)])) for word in words]
        parts.append((Occur.Should, Query.const_score_query(self._term("name", name), WHOLE_NAME)))
        parts.append((Occur.Should, Query.const_score_query(self._near("name", name, 0, prefix=True), NAME_BEGINS)))
        return Query.boolean_query(parts)

    def _ways(self, word: str) -> list[tuple[Query, float]]:
        plain = fold(word)
        ways = [
            (self._term("written", word), EXACT),
            (self._near("written", word, 0, prefix=True), BEGINNING),
            (self._term("folded", plain), FOLDED),
            (self._near("folded", plain, 0, prefix=True), FOLDED_BEGINNING),
        ]
        for field, stemmer in self._stemmers.items():
            ways += [(self._term(field, stem), STEM) for stem in stemmer.analyze(word)]
        if len(plain) >= SHORTEST_TAIL:
            ways.append((self._near("tails", plain, 0, prefix=True), TAIL))
        return ways

    def _loose_ways(self, word: str) -> list[tuple[Query, float]]:
        plain = fold(word)
        ways = self._ways(word)
        if _may_be_mistyped(plain):
            ways.append((self._near("folded", plain, 2 if len(plain) >= SHORTEST_TWO_TYPOS else 1), TYPO))
            ways.append((self._near("tails", plain, 1), TAIL_TYPO))
        return ways

    def _term(self, field: str, text: str) -> Query:
        return Query.term_query(self._schema, field, text, index_option="basic")

    def _near(self, field: str, text: str, distance: int, prefix: bool = False) -> Query:
        return Query.fuzzy_term_query(self._schema, field, text, distance=distance, prefix=prefix)


def _tails(word: str) -> tuple[str, ...]:
    return tuple(word[start:] for start in range(SHORTEST_HEAD, len(word) - SHORTEST_TAIL + 1))


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= SHORTEST_TYPO and not any(letter.isdigit() for letter in word)


@lru_cache
def _kept_stemmer(code: str) -> tantivy.TextAnalyzer | None:
    return _stemmer(code)


def _stemmer(code: str) -> tantivy.TextAnalyzer | None:
    try:
        name = (Locale.parse(code, sep="-").get_language_name("en") or "").lower()
        return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer(name)).build()
    except ValueError:
        # The library has no stemmer for this language: its words are found as they are written.
        return None
