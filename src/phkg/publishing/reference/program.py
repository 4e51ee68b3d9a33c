"""The pages about the program itself: its checks of files, its commands, its rules for standings, the named queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from phkg.analysis import coverage, standing
from phkg.publishing.reference.markdown import anchor, code, page, prose, table
from phkg.publishing.reference.sources import Written
from phkg.validation import words


def file_checks_page() -> str:
    """What the program checks of files as such, in the words that curators are told."""
    head = ("check", "severity", "what the check says", "what to do")
    intro = """
What `phkg validate` checks of files before and beside the rules of [shapes.md](shapes.md). A word in braces is filled in with
what was found. A **violation** (in a report: error) blocks a change; a **warning** or an **info** (note) does not.
"""
    change = """
## Checks of a change

What `phkg check` adds, which compares the files with a base.
"""
    return page("Checks of files", intro, table(head, _rows(words.codes())), change.strip(), table(head, _rows(words.change_codes())))


def _rows(codes: Sequence[str]) -> list[tuple[str, ...]]:
    rows = []
    for name in codes:
        rule = words.rule(name)
        says = [prose(rule[language]) for language in ("en", "sv")]
        mends = [prose(rule[f"hint_{language}"]) for language in ("en", "sv") if rule.get(f"hint_{language}")]
        rows.append((anchor(name) + code(name), rule["severity"], "<br>".join(says), "<br>".join(mends)))
    return rows


def standing_rules_page() -> str:
    """The numbered rules as they stand in the module that applies them, and the formula of coverage."""
    intro = """
These are the rules that the program applies, in the words of the two modules that apply them (`src/phkg/analysis/standing.py`
and `src/phkg/analysis/coverage.py`). Why they are so is in [how a standing is derived](../explanation/how-standing-is-derived.md).
"""
    first, *rest = _doc(standing).split("\n\n")
    measure, *formula = _doc(coverage).split("\n\n")
    return page(
        "Rules for standings and coverage",
        intro,
        "\n\n".join(["## Standing", first, *(_heading(part) for part in rest)]),
        "\n\n".join(["## Coverage", measure, *formula]),
    )


def commands_page(helps: Mapping[str, str]) -> str:
    """The help text of each command, by the words one types."""
    parts = [f"## {name}\n\n```text\n{text.strip()}\n```" for name, text in helps.items()]
    intro = "What each command says of itself with `--help`. In a checkout the program is `.venv/bin/phkg` once `make serve` or `make test` has run."
    return page("Commands", intro, *parts)


def queries_page(written: Written) -> str:
    """The named queries: what each answers."""
    rows: Sequence[tuple[str, ...]] = [
        (code(query.name), prose(_text(query.title)), prose(_text(query.description)), prose(query.answers)) for query in written.queries
    ]
    intro = """
The queries that the registry keeps in `ontology/queries/`, one file each. They stand ready on the page of queries of a running
instance; how to send one is in [query with SPARQL](../how-to/query-with-sparql.md).
"""
    return page("Named queries", intro, table(("query", "question", "answer", "rows"), rows) or "There are none yet.")


def _doc(module: object) -> str:
    return (module.__doc__ or "").strip()


def _heading(part: str) -> str:
    is_heading = part.startswith("**") and part.endswith("**")
    return f"### {part.strip('*')}" if is_heading else part


def _text(texts: Mapping[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "")
