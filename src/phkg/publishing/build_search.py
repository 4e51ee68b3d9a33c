"""The names of all records as a file, for search in the browser: what the server's index is made of, in the words of one language."""

from __future__ import annotations

import json

from phkg.publishing.site import Published
from phkg.views.records import class_label
from phkg.vocabulary import ph

NAME = "names.json"
"""The file beside the page of search."""


def names_file(published: Published, code: str) -> bytes:
    """Kinds with their names, and for each record, in the order in which equals are shown: where it lies, what it is called and what it is."""
    reader, site = published.readers[code], published.site
    kinds = [kind.folder for kind in site.kinds]
    classes: dict[tuple[str, str], int] = {}
    records = []
    for named in published.names.records:
        link = reader.link(named.record)
        label = class_label(reader, named.record)
        number = classes.setdefault((label.value, label.language), len(classes))
        others = dict.fromkeys(name.value for name in named.names if name.value != link.label.value)
        records.append([link.path, link.label.value, link.label.language, kinds.index(named.folder), number, *others])
    titles = []
    for kind in site.kinds:
        label = reader.text(kind.iri, ph.plural) or reader.label(kind.iri)
        titles.append([label.value, label.language])
    told = {"kinds": titles, "classes": list(classes), "records": records}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
