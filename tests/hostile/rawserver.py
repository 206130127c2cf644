"""A server that answers with bytes as they are given, HTTP or not; real sockets, on this machine alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_PATIENCE = 5.0


@dataclass
class RawServer:
    """Where it listens, and the requests that arrived, head and body."""

    base_url: str
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def answering(answer: bytes) -> Iterator[RawServer]:
    """Answer every request with `answer`, and close the connection; until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = RawServer(f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=_serve, args=(listening, server.requests, answer), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            with suppress(OSError):  # it may have stopped by itself
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE)


def _serve(listening: socket.socket, requests: list[bytes], answer: bytes) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(_PATIENCE)
            requests.append(_request(connection))
            with suppress(OSError):  # a client that has seen enough closes in the middle of an answer
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass


def _request(connection: socket.socket) -> bytes:
    held = b""
    while b"\r\n\r\n" not in held:
        held += connection.recv(65536)
    head, _, body = held.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
