"""The names of all records as small files, for search in the browser: what the server's index is made of, cut so that a query fetches what it needs.

Words lie in files by their first letters, the tails of compounds likewise, and records in files of some dozens. Where a file would be too large, its words
are divided by the next letter. What cannot be found by letters, typing errors, needs the list of all words, which is fetched only then.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from phkg.graph.reading import Kept
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published
from phkg.views.records import class_label
from phkg.views.search_index import SHORTEST_HEAD, SHORTEST_TAIL, fold, stems_of, words_of, written
from phkg.vocabulary import ph

FOLDER = "names"
"""The folder beside the page of search."""
FIRST = f"{FOLDER}/index.json"
WORDS = f"{FOLDER}/words.json"
MOST_BYTES = 12_000
"""Bytes of a file of words, uncompressed; one word that many names have may need more."""
RECORDS_OF_A_FILE = 40
PLAIN = re.compile(r"[a-z0-9]", re.ASCII)
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
ALONE = "."
"""Ends the key of a file with one whole word, where longer words with the same beginning lie in others."""


@dataclass
class _Word:
    """A word as it is written, its stem in each language, and the records that have it: whether it begins a name there, and is all of it."""

    stems: tuple[str, ...]
    records: dict[int, int] = field(default_factory=dict)


BEGINS, WHOLE = 1, 2


class NamesFiles:
    """The files of all languages by their addresses, made once."""

    def __init__(self, published: Published, languages: Mapping[str, Language]) -> None:
        self._published = published
        self._folders = {f"/{code}/{language.word('search')}/": code for code, language in languages.items()}
        self._made: Kept[Mapping[str, bytes]] = published.site.graph.kept()

    @property
    def first(self) -> tuple[str, ...]:
        """The addresses of the files from which the others are known."""
        return tuple(f"{folder}{FIRST}" for folder in self._folders)

    def beside(self, address: str) -> list[str]:
        """The addresses of the files that the file at an address leads to."""
        folder = address.removesuffix(FIRST)
        return [f"{folder}{name}" for name in self._of(self._folders[folder])] if address in self.first else []

    def apart(self) -> dict[str, Callable[[], object]]:
        """What makes the files of each language, by the name under which their parts are told apart (`Kept.apart`)."""
        return {_name(code): lambda code=code: self._of(code) for code in self._folders.values()}  # type: ignore[misc]

    def get(self, address: str) -> bytes | None:
        """The file at an address; None where there is none."""
        begin, found, name = address.partition(f"/{FOLDER}/")
        code = self._folders.get(f"{begin}/") if found else None
        return self._of(code).get(f"{FOLDER}/{name}") if code else None

    def _of(self, code: str) -> Mapping[str, bytes]:
        # Every file rests on all names: one name more may divide the words otherwise.
        graph, name = self._published.site.graph, _name(code)
        letters = partial(self._made.get, "letters", lambda: letters_of(self._published))
        return self._made.apart(name, lambda: graph.table(name, names_files(self._published, code, letters())))


def _name(code: str) -> str:
    return f"files of names {code}"


@dataclass(frozen=True)
class Letters:
    """What is the same in every language: the files by letters, the keys of those of words and of tails, and all words."""

    files: Mapping[str, bytes]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    words: Mapping[str, _Word]


def letters_of(published: Published) -> Letters:
    """Words and tails of compounds in all names of the records, whatever language these are in."""
    reader, site = next(iter(published.readers.values())), published.site
    kinds = [kind.folder for kind in site.kinds]
    groups = []
    words: dict[str, _Word] = {}
    for number, named in enumerate(published.names.records):
        groups.append(kinds.index(named.folder))
        # A record without a name in the data goes by the end of its IRI.
        for name in dict.fromkeys((reader.link(named.record).label.value, *(name.value for name in named.names))):
            parts = words_of(written(name))
            for place, part in enumerate(parts):
                word = words.setdefault(part, _Word(stems_of(part, site.languages)))
                flags = (BEGINS if place == 0 else 0) | (WHOLE if len(parts) == 1 else 0)
                word.records[number] = word.records.get(number, 0) | flags

    def coded(found: Mapping[int, int]) -> list[int]:
        """Records as differences of their numbers, with their kind and flags in the lower places."""
        before, told = 0, []
        for number, flags in sorted(found.items()):
            told.append(((number - before) * len(kinds) + groups[number]) * 4 + flags)
            before = number
        return told

    heads = [(fold(word), _json([word, _others(word, found.stems), coded(found.records)])) for word, found in sorted(words.items())]
    folded: dict[str, dict[int, int]] = defaultdict(dict)
    for word, found in sorted(words.items()):
        folded[fold(word)].update(dict.fromkeys(found.records, 0))
    tails = [(word[start:], _json([word, coded(found)])) for word, found in folded.items() for start in range(SHORTEST_HEAD, len(word) - SHORTEST_TAIL + 1)]
    keys = {sign: dict(_divided("", lines)) for sign, lines in (("w", heads), ("t", tails))}
    files = {
        f"{FOLDER}/{sign}{file_name(key)}.json": b"[%s]" % b",".join(dict.fromkeys(lines)) for sign, divided in keys.items() for key, lines in divided.items()
    }
    return Letters(files | {WORDS: _json(sorted(folded))}, tuple(sorted(keys["w"])), tuple(sorted(keys["t"])), words)


def names_files(published: Published, code: str, letters: Letters) -> dict[str, bytes]:
    """All files with their names below the page of search: the names of kinds and the keys of the files, words, tails, records, all words."""
    reader, site = published.readers[code], published.site
    kinds = [kind.folder for kind in site.kinds]
    classes: dict[tuple[str, str], int] = {}
    records = []
    for named in published.names.records:
        link, label = reader.link(named.record), class_label(reader, named.record)
        others = dict.fromkeys(name.value for name in named.names if name.value != link.label.value)
        class_ = classes.setdefault((label.value, label.language), len(classes))
        records.append([link.path, link.label.value, link.label.language, kinds.index(named.folder), class_, *others])
    files = {
        f"{FOLDER}/r{place // RECORDS_OF_A_FILE}.json": _json(records[place : place + RECORDS_OF_A_FILE]) for place in range(0, len(records), RECORDS_OF_A_FILE)
    }
    titles = []
    for kind in site.kinds:
        label = reader.text(kind.iri, ph.plural) or reader.label(kind.iri)
        titles.append([label.value, label.language])
    first = {
        "kinds": titles,
        "classes": list(classes),
        "records": RECORDS_OF_A_FILE,
        "words": letters.heads,
        "tails": letters.tails,
        "endings": [_endings(letters.words, place) if one == code else [] for place, one in enumerate(site.languages)],
    }
    return {**files, **letters.files, FIRST: _json(first)}


def file_name(key: str) -> str:
    """A key as a part of a file's name: letters beyond a–z as their numbers."""
    return "".join(letter if PLAIN.fullmatch(letter) else "_" if letter == ALONE else f"-{ord(letter):x}" for letter in key)


def _divided(key: str, lines: list[tuple[str, bytes]]) -> Iterator[tuple[str, list[bytes]]]:
    """Files by the first letters of the words in them, as few letters as keep them small. All words begin with `key`."""
    if key and sum(len(line) for _, line in lines) <= MOST_BYTES:
        yield key, [line for _, line in lines]
        return
    by_next: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
    for word, line in lines:
        by_next[word[: len(key) + 1]].append((word, line))
    for longer, part in sorted(by_next.items()):
        if longer == key:
            yield key + ALONE, [line for _, line in part]
        else:
            yield from _divided(longer, part)


def _others(word: str, stems: tuple[str, ...]) -> list[str | int]:
    """The stems by language, 0 for the word itself; none where it is its own stem in all."""
    return [0 if stem == word else stem for stem in stems] if any(stem != word for stem in stems) else []


def _endings(words: Mapping[str, _Word], language: int) -> list[tuple[str, str]]:
    """For the stem of a word that no name has, guessed in the reader's language only: what stemming takes from the end of words of one language, and what it puts there; seen more than once, since the rest are no rule."""
    found: Counter[tuple[str, str]] = Counter()
    for word, told in words.items():
        stem = told.stems[language]
        same = next((place for place, (one, other) in enumerate(zip(word, stem, strict=False)) if one != other), min(len(word), len(stem)))
        found[word[same:], stem[same:]] += 1
    return sorted(pair for pair, times in found.items() if times > 1 and pair[0])


def _json(told: object) -> bytes:
    return ENCODER.encode(told).encode()
