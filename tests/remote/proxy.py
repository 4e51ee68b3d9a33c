"""Something between a server and its store that can be told to fail in the ways in which networks and stores do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import suppress

EMPTY = b'{"head":{"vars":["s","p","o"]},"results":{"bindings":[]}}'


def _http(status: str, body: bytes, media_type: str = "application/sparql-results+json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


ANSWERS = {
    "500": _http("500 Internal Server Error", b"out of order"),
    "garbage": _http("200 OK", b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://exa'),
    "page": _http("200 OK", b"<h1>Maintenance</h1>", "text/html"),
    "broken off": _http("200 OK", b'{"head":').replace(b"Content-Length: 8", b"Content-Length: 800"),
    "emptied": _http("200 OK", EMPTY),
    "no http": b"hello there\r\n\r\n",
}


class Proxy:
    """Listens on a port of its own. `mode` is `pass`, `hang`, `reset`, `drip` or a key of ANSWERS."""

    def __init__(self, port: int) -> None:
        """`port` is where the store listens."""
        self.mode = "pass"
        self._store = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ended = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._ended.set()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Each request is answered by the mode of its time, also on a connection that began in another."""
        store: socket.socket | None = None
        with client, suppress(OSError):
            while asked := client.recv(1 << 20):
                mode = self.mode
                if mode == "pass":
                    if store is None:
                        store = socket.create_connection(("127.0.0.1", self._store))
                        threading.Thread(target=self._back, args=(store, client), daemon=True).start()
                    store.sendall(asked)
                    continue
                if mode == "reset":
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                elif mode == "hang":
                    self._ended.wait(60)
                elif mode == "drip":
                    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"." * 600:
                        client.sendall(bytes([byte]))
                        time.sleep(0.1)
                else:
                    client.sendall(ANSWERS[mode])
                break
        if store:
            store.close()

    def _back(self, store: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while came := store.recv(1 << 20):
                client.sendall(came)
