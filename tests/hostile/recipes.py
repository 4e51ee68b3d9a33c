"""Hostile submissions that are too large, or too strange in their bytes, to lie here as files: how each is made, and what must be said of it."""

from __future__ import annotations

PREFIXES = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ph: <https://w3id.org/phkg/ontology#> .
@prefix source: <https://w3id.org/phkg/sources/> .
"""


def recipes() -> dict[str, tuple[bytes, tuple[str, ...]]]:
    """Name → the bytes, and the codes or rules of which one must be told."""
    title = PREFIXES + 'source:evil a ph:Source ; dcterms:title "%s"@en .\n'
    return {
        "giant-literal": ((title % ("x" * 900_000)).encode(), ("long-text",)),
        "giant-file": (b"#" * 3_000_000, ("too-large",)),
        "deep-brackets": ((PREFIXES + "source:evil ph:note " + "[ ph:note " * 50_000).encode(), ("syntax",)),
        "deep-lists": ((PREFIXES + "source:evil ph:note " + "( " * 100_000).encode(), ("syntax",)),
        "million-prefixes": ("".join(f"@prefix p{number}: <a:{number}> .\n" for number in range(1_000_000)).encode(), ("too-large",)),
        "many-prefixes": ("".join(f"@prefix p{number}: <a:{number}> .\n" for number in range(30_000)).encode(), ("nothing-sent",)),
        "many-triples": ((PREFIXES + "".join(f"source:evil ph:rank {number} .\n" for number in range(30_000))).encode(), ("too-many",)),
        "many-records": ((PREFIXES + "".join(f"source:evil-{number} a ph:Source .\n" for number in range(60))).encode(), ("too-many",)),
        "many-faults": ((PREFIXES + "source:evil ; ; , .\n" * 20_000).encode(), ("syntax",)),
        "endless-string": ((PREFIXES + 'source:evil dcterms:title """' + "a\n" * 200_000).encode(), ("syntax",)),
        "long-name": ((PREFIXES + f"<https://w3id.org/phkg/sources/{'a' * 300_000}> a ph:Source .\n").encode(), ("no-record",)),
        "not-utf-8": (b"\xff\xfe\x00<\x00a", ("not-utf-8",)),
        "utf-16": (title.encode("utf-16"), ("not-utf-8",)),
        "null-bytes": (b"\x00" * 10_000, ("syntax",)),
        "gzip": (b"\x1f\x8b\x08\x00" + bytes(500), ("not-utf-8", "syntax")),
        "zip": (b"PK\x03\x04" + bytes(500), ("syntax",)),
        "json-deep": (b"[" * 500_000, ("json-ld",)),
        "json-remote-context": (b'{"@context": ["http://127.0.0.1:1/x"], "@id": "https://w3id.org/phkg/sources/evil"}', ("json-ld",)),
        "json-named-graph": (b'{"@id": "a:b", "@graph": [{"@id": "a:c", "a:d": "x"}]}', ("json-ld",)),
    }
