"""From a SPARQL store elsewhere to what the server needs: the snapshot to answer from, and the endpoint in front of the store."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from phkg.graph.remote.catalogue import Entry, record_namespace
from phkg.graph.remote.circuit import Circuit
from phkg.graph.remote.current import LOOK_SECONDS, CurrentRemote, fetch_current, read_current
from phkg.graph.remote.faults import StoreFault
from phkg.graph.remote.http import Credentials
from phkg.graph.remote.store import Addresses, Store
from phkg.graph.snapshot import Snapshot, SnapshotFault
from phkg.publishing.warm import warm
from phkg.records.knowledge import Knowledge
from phkg.server.start import CannotServe
from phkg.sparql.forward import Elsewhere, ForwardingService
from phkg.sparql.limits import Limits


def namespace(knowledge: Knowledge) -> str:
    """What the IRIs of a registry's records begin with, by `registry/registry.ttl`. Raises CannotServe when it does not say."""
    file = knowledge.registry / "registry.ttl"
    try:
        base = record_namespace(parse(file.read_bytes(), format=RdfFormat.TURTLE))
    except (OSError, SyntaxError):
        base = None
    if base is None:
        raise CannotServe(f"{file} does not say with what the IRIs of the records begin (ph:recordNamespace).")
    return base


def service(knowledge: Knowledge, query: str, credentials: Credentials) -> Callable[[Snapshot, str, Limits], ForwardingService]:
    """What makes the endpoint in front of the store that takes queries at an address. Raises CannotServe as `namespace` does."""
    return partial(ForwardingService, Elsewhere(query, credentials, namespace(knowledge)))


def published(knowledge: Knowledge, query: str, credentials: Credentials) -> Entry:
    """What is current in the store that takes queries at an address. Raises CannotServe when it does not answer or nothing is published there."""
    store = Store(Addresses(query, query), credentials, Circuit())
    try:
        return read_current(store, namespace(knowledge), LOOK_SECONDS)
    except (StoreFault, LookupError) as fault:
        raise CannotServe(str(fault)) from None
    finally:
        store.close()


def fetched(knowledge: Knowledge, query: str, credentials: Credentials, folder: Path) -> Snapshot:
    """The snapshot that is current in the store that takes queries at an address, fetched whole into a folder.

    Raises CannotServe when the store does not answer or nothing is published there, OSError when the folder cannot be written.
    """
    store = Store(Addresses(query, query), credentials, Circuit())
    try:
        return fetch_current(store, namespace(knowledge), folder)
    except (StoreFault, SnapshotFault, LookupError) as fault:
        raise CannotServe(str(fault)) from None
    finally:
        store.close()


def follow(knowledge: Knowledge, query: str, credentials: Credentials, folder: Path, complain: Callable[[str], None]) -> CurrentRemote:
    """The snapshot that is current in the store that takes queries at an address, and is followed there from now on.

    What is made of snapshots goes into `folder`. Raises CannotServe when the store does not answer or nothing is published there.
    """
    store = Store(Addresses(query, query), credentials, Circuit())
    try:
        return CurrentRemote(store, namespace(knowledge), folder, warm, complain)
    except (StoreFault, LookupError) as fault:
        store.close()
        raise CannotServe(str(fault)) from None
