"""All pages of `docs/reference/` that the program writes, by file name."""

from __future__ import annotations

from collections.abc import Mapping

from phkg.publishing.reference.messages import messages_pages
from phkg.publishing.reference.program import commands_page, file_checks_page, queries_page, standing_rules_page
from phkg.publishing.reference.records import records_data, records_page
from phkg.publishing.reference.shapes import shapes_page
from phkg.publishing.reference.sources import read_sources
from phkg.publishing.reference.vocabulary import vocabulary_page
from phkg.records.knowledge import Knowledge

COLLECTED = "collected-facts.toml"
"""Data of the documentation that a page is written from."""


def reference_pages(knowledge: Knowledge, helps: Mapping[str, str], collected: str) -> dict[str, str]:
    """File name → text. `helps`: a command's words → its help; `collected`: the text of `collected-facts.toml`.

    Raises SyntaxError when a file of the registry is no Turtle, LookupError when the registry does not describe itself.
    """
    written = read_sources(knowledge)
    return {
        "commands.md": commands_page(helps),
        "file-checks.md": file_checks_page(),
        **messages_pages(written),
        "queries.md": queries_page(written),
        "records.md": records_page(written, collected),
        "records.toml": records_data(written),
        "shapes.md": shapes_page(written),
        "standing-rules.md": standing_rules_page(),
        "vocabulary.md": vocabulary_page(written),
    }
