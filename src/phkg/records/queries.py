"""The named queries of `ontology/queries/*.rq`: a head of comments says in each language what a query answers.

# title@sv: Var är metoden i rutin?
# title@en: Where is the method in routine use?
# topic@sv: Var metoderna finns
# topic@en: Where the methods are
# task@sv: what a curator does with a row, if anything; its column `statement`, else its first, names the record
# description@sv: …
# description@en: …
# answers: one line that says what the rows are
# pages: names of the views whose figures it gives, if any
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

HEAD_LINE = re.compile(r"#\s*([a-z]+)(?:@([A-Za-z-]+))?:\s*(.+)")


@dataclass(frozen=True)
class NamedQuery:
    """A query that the registry keeps: its file's name without ending, texts by language, and the SPARQL itself.

    Queries with the same `topic` belong together; one without has none. `task` tells curators what to do with the record that the
    column `statement`, else the first, names; it is empty for a query that is no list of things to do.
    """

    name: str
    title: dict[str, str]
    topic: dict[str, str]
    description: dict[str, str]
    answers: str
    text: str
    pages: tuple[str, ...] = ()
    task: dict[str, str] = field(default_factory=dict)


def read_queries(folder: Path) -> tuple[NamedQuery, ...]:
    """All named queries of a folder, by name."""
    return tuple(parse_query(file.stem, file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.rq")))


def parse_query(name: str, text: str) -> NamedQuery:
    """A named query from the text of its file; the head of comments is not part of the query."""
    texts: dict[str, dict[str, str]] = {"title": {}, "topic": {}, "description": {}, "answers": {}, "pages": {}, "task": {}}
    body = text.splitlines()
    while body and (body[0].startswith("#") or not body[0].strip()):
        match = HEAD_LINE.match(body.pop(0))
        if match and match[1] in texts:
            texts[match[1]][match[2] or ""] = match[3].strip()
    return NamedQuery(
        name=name,
        title=texts["title"],
        topic=texts["topic"],
        description=texts["description"],
        answers=texts["answers"].get("", ""),
        text="\n".join(body).strip() + "\n",
        pages=tuple(texts["pages"].get("", "").split()),
        task=texts["task"],
    )
