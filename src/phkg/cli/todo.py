"""`phkg todo`: what curators can do now."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from phkg.cli.terminal import Meter, write_report

_FORMS = ("text", "markdown", "csv", "json")


@click.command("todo")
@click.option("--region", "place", default="", metavar="SLUG", help="Only what concerns this region, such as skane.")
@click.option("--who", "reviewer", default="", metavar="NAME", help="Only what this person or team reviews (see phkg who).")
@click.option("--task", "names", multiple=True, metavar="QUERY", help="Only this task, by the name of its query; repeat it for several.")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True, help="markdown is the text of an issue.")
@click.option("--lang", "language", metavar="LANG", help="Language of the words, such as sv or en.  [default: the registry's first]")
@click.option("--all", "whole", is_flag=True, help="Tell everything; without it long lists are cut, with a count.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write to.  [default: the terminal]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
def command(place: str, reviewer: str, names: tuple[str, ...], form: str, language: str | None, whole: bool, output: Path | None, root: Path | None) -> None:
    """List what there is to do: old and undated statements, sources without a date or an archived copy, missing texts, silence, contradictions.

    Each task is a query of ontology/queries/ with a line `# task@…` at its head.

    \b
    Ends with
      0  there is nothing to do
      1  there is something to do
      2  it could not be told
    """
    from phkg.curation.reviewers import BadReviewers, belonging, read_reviewers
    from phkg.curation.todo import chosen, tasks, written
    from phkg.graph.compile import compile_in_memory
    from phkg.graph.inputs import CompileFault, read_inputs
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.records.queries import read_queries
    from phkg.views.reader import Reader
    from phkg.views.site import read_site

    meter = Meter()
    try:
        knowledge = find_knowledge(root)
        meter("reading the records")
        snapshot = compile_in_memory(read_inputs(knowledge), date.today(), Path(), {})
        site = read_site(snapshot)
        spoken = language or site.languages[0]
        queries = read_queries(knowledge.ontology / "queries")
        known = [query.name for query in queries if query.task]
        if spoken not in site.languages:
            raise LookupError(f"The registry has no language {spoken}; it has {', '.join(site.languages)}.")
        if wrong := [name for name in names if name not in known]:
            raise LookupError(f"There is no task {', '.join(wrong)}; there are {', '.join(known)}.")
        slugs = [region.value.rsplit("/", 1)[-1] for region in site.regions]
        if place and place not in slugs:
            raise LookupError(f"The registry has no region {place}; it has {', '.join(slugs)}.")
        reviewers, belongs = read_reviewers(knowledge.registry.parent), belonging(knowledge)
        meter("asking the queries")
        found = tasks(queries, Reader(site, spoken), reviewers, belongs)
    except (BadReviewers, CompileFault, KnowledgeNotFound, LookupError, OSError) as error:
        meter.clear()
        click.echo(str(error.args[0] if isinstance(error, LookupError) else error), err=True)
        sys.exit(2)
    meter.clear()
    left = chosen(found, names, place, reviewer)
    write_report(written(left, form, spoken, whole), output)
    sys.exit(1 if left else 0)
