"""`phkg compile`: compiles the records into a snapshot folder."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click


@click.command("compile")
@click.argument("into", type=click.Path(path_type=Path, file_okay=False))
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day on which the standings hold.  [default: today]")
def command(into: Path, root: Path | None, on: datetime | None) -> None:
    """Compile the records, the vocabulary and what follows from them into a snapshot within the folder INTO.

    The snapshot is a folder of its own, named by the hash of what went into it; the same records on the same day
    always give the same name. Its path is printed. The rules are not checked here: see phkg validate.

    \b
    Ends with
      0  the snapshot is there
      2  it could not be made
    """
    from phkg.graph.compile import compile_snapshot
    from phkg.graph.inputs import CompileFault
    from phkg.graph.snapshot import SnapshotFault
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge

    day = (on or datetime.now()).date()
    try:
        snapshot = compile_snapshot(find_knowledge(root), day, into)
    except CompileFault as fault:
        click.echo("\n".join(str(problem) for problem in fault.problems), err=True)
        sys.exit(2)
    except (KnowledgeNotFound, SnapshotFault) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"{error.filename or into}: {error.strerror}", err=True)
        sys.exit(2)
    click.echo(snapshot.path)
