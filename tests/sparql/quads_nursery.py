"""A nursery over a data set with named graphs; the registry's own snapshots have none."""

import os
import socket
import sys
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from phkg.sparql.nursery import serve
from phkg.sparql.worker import die_with_parent

if __name__ == "__main__":
    die_with_parent(os.getppid())
    store = Store()
    store.load(path=str(Path(sys.argv[1]) / "graph.nq"), format=RdfFormat.N_QUADS)
    serve(store, socket.socket(fileno=int(sys.argv[2])), int(sys.argv[3]))
