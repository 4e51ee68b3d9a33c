"""`phkg allocate`: shares a sum between the regions by a model of the registry."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from phkg.cli.terminal import Meter, write_report

_FORMATS = ("text", "csv", "json", "turtle")


@click.command("allocate")
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@click.option("--budget", required=True, type=click.IntRange(1, 10**12), help="The sum of one year, in kronor.")
@click.option("--years", default=5, show_default=True, type=click.IntRange(1, 10), help="How many years.")
@click.option("--set", "chosen", multiple=True, metavar="WEIGHT=NUMBER", help="A weight, such as base=0.3 or base-and-per-head.base=0.3.")
@click.option("--values", "figures", multiple=True, metavar="COMPONENT=FILE", help="Figures by region for a component: lines such as “gotland 1.05”.")
@click.option("--area", default="", metavar="SLUG", help="Count gaps only in methods of this clinical area.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How the result is written.")
@click.option("--lang", "language", metavar="LANG", help="Language of the names, such as sv or en.  [default: the registry's first]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day on which the standings hold.  [default: today]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write to.  [default: the terminal]")
def command(
    models: tuple[str, ...],
    budget: int,
    years: int,
    chosen: tuple[str, ...],
    figures: tuple[str, ...],
    area: str,
    form: str,
    language: str | None,
    root: Path | None,
    on: datetime | None,
    output: Path | None,
) -> None:
    """Share a sum between the regions by one to three models of registry/allocation-models/: a worked example, not a decision.

    Amounts are exact to the krona. A weight without a default, and figures that the registry does not have, must be given.

    \b
    Ends with
      0  the sum is shared
      1  a model cannot be worked out: something is missing, or its limits cannot be kept
      2  wrong input: no such model, weight or file
    """
    from tempfile import TemporaryDirectory

    from phkg.graph.compile import compile_snapshot
    from phkg.graph.inputs import CompileFault
    from phkg.publishing.allocation_graph import as_turtle
    from phkg.publishing.allocation_text import as_text
    from phkg.publishing.site import publish
    from phkg.publishing.tables import as_csv
    from phkg.publishing.tables.allocation import allocations
    from phkg.publishing.twins import plain
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.views.allocation import allocation_page
    from phkg.views.allocation_model import read_models
    from phkg.views.allocation_settings import WrongSetting, settings

    meter = Meter()
    try:
        with TemporaryDirectory(prefix="phkg-allocate-") as folder:
            meter("compiling")
            snapshot = compile_snapshot(find_knowledge(root), (on or datetime.now()).date(), Path(folder))
            published = publish(snapshot, ())
            spoken = language or published.site.languages[0]
            if spoken not in published.readers:
                raise WrongSetting(f"The registry has no language {spoken}; it has {', '.join(published.readers)}.")
            reader = published.readers[spoken]
            records = read_models(reader)
            texts = {name: Path(path).read_text(encoding="utf-8") for name, _, path in (one.partition("=") for one in figures)}
            asked = settings(reader, records, models, chosen, texts) | {"budget": str(budget), "years": str(years), "area": area}
            page = allocation_page(reader, published.methods, published.standings, records, asked)
            if form == "turtle":
                text = as_turtle(page, records, snapshot.manifest, f"{published.site.base}allocations/{snapshot.name[:12]}").decode()
            elif form == "csv":
                text = as_csv(allocations(page)).decode()
            elif form == "json":
                about = {"snapshot": snapshot.name, "day": published.site.date, "commit": snapshot.manifest.get("commit")}
                text = json.dumps({**about, "page": plain(page)}, ensure_ascii=False, indent=1) + "\n"
            else:
                text = as_text(page, snapshot.manifest)
    except CompileFault as fault:
        meter.clear()
        click.echo("\n".join(str(problem) for problem in fault.problems), err=True)
        sys.exit(2)
    except (KnowledgeNotFound, LookupError, WrongSetting) as error:
        meter.clear()
        click.echo(str(error), err=True)
        sys.exit(2)
    except (OSError, UnicodeDecodeError) as error:
        meter.clear()
        click.echo(f"{getattr(error, 'filename', None) or 'The file of figures'} cannot be read: {error}", err=True)
        sys.exit(2)
    meter.clear()
    write_report(text, output)
    sys.exit(1 if any(result.trouble for result in page.results) else 0)
