"""All that curators meet over HTTP, as routes for the application of the pages."""

from __future__ import annotations

from starlette.routing import Route

from phkg.curation.web.contribute import Contribute
from phkg.curation.web.door import Door
from phkg.curation.web.frame import Frame
from phkg.curation.web.record_forms import RecordForms
from phkg.curation.web.seal import Seal
from phkg.curation.web.submissions import Submissions
from phkg.curation.web.template import Template
from phkg.publishing.app import Further, Parts


def contributing(door: Door | None = None, key: bytes = b"") -> Further:
    """Makes the routes. Without a door nothing is checked or taken, and the pages tell of other ways; `key` seals forms."""

    def make(parts: Parts) -> list[Route]:
        frame = Frame(parts, door, Seal(key))
        forms = RecordForms(frame)
        contribute = Contribute(frame, forms)
        return [*contribute.routes(), *Template(frame, forms).routes(), *forms.routes(), *Submissions(frame, contribute).routes()]

    return make
