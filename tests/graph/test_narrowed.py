"""Reading only what a change can bear on tells the same change and the same consequences as reading everything."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse, serialize
from town import TOWN

from phkg.graph.compared import Graphs
from phkg.graph.inputs import InputFile, parse_inputs, read_inputs
from phkg.graph.narrowed import common
from phkg.records.knowledge import find_knowledge

DAY = date(2021, 6, 1)


def changed(files: list[InputFile], random: Random) -> list[InputFile]:
    """Up to three files with triples taken away, values of others, or gone altogether."""
    found = {file.name: file for file in files}
    records = [name for name in sorted(found) if name.startswith("registry/") and name != "registry/registry.ttl"]
    for name in random.sample(records, random.randint(1, 3)):
        said = [quad.triple for quad in parse(found[name].data, format=RdfFormat.TURTLE)]
        what = random.randrange(5)
        if what == 0:
            del found[name]
            continue
        other = [quad.triple for quad in parse(found[random.choice([one for one in records if one in found])].data, format=RdfFormat.TURTLE)]
        one, another = random.choice(said), random.choice(other or said)
        if what == 1:
            said = [triple for triple in said if triple != one]
        elif what == 2:
            said = [triple for triple in said if triple.subject != one.subject]
        elif what == 3:
            links = [triple for triple in said if isinstance(triple.object, NamedNode)]
            picked = random.choice(links)
            said = [Triple(picked.subject, picked.predicate, another.subject) if triple == picked else triple for triple in said]
        else:
            said += [Triple(one.subject, triple.predicate, triple.object) for triple in other if triple.subject == another.subject]
        found[name] = InputFile(name, serialize(said, format=RdfFormat.N_TRIPLES))
    return list(found.values())


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_told_otherwise(tmp_path: Path, seed: int) -> None:
    shutil.copytree(TOWN, tmp_path / "town")
    files = read_inputs(find_knowledge(tmp_path / "town"))
    after = changed(files, Random(seed))
    same = set(files) & set(after)
    base, head = (parse_inputs([file for file in side if file not in same]) for side in (files, after))
    whole = parse_inputs([file for file in files if file in same])
    path, store = tmp_path / "graph.nt", Store()
    path.write_bytes(serialize([*whole, *head], format=RdfFormat.N_TRIPLES))
    store.bulk_extend([*whole, *head])
    little = common(path, store, base, head)
    one, other = Graphs(base, head, whole).compare(DAY), Graphs(base, head, little).compare(DAY)
    assert one.changes == other.changes
    assert one.follows == other.follows and one.fault == other.fault
