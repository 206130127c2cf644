"""A simulator on a port of 127.0.0.1. Owns sockets and HTTP/1.1 framing; leaves every answer to the simulator.

Below /_mock/ it is the control surface that answers, which `control` describes.

It logs nothing and never writes the standard library's HTML error pages. What a client does wrong is answered or
ignored; what goes wrong in a simulator is raised when the server is stopped.
"""

from __future__ import annotations

import re
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import ENOTCONN
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .base import Simulator
from .control import PREFIX, Control
from .messages import Headers, Reply, Request

MAX_BODY = 1 << 20
"""The most bytes that a request's body may have; more is refused with 413."""

_MAX_LINE = 1 << 16
_HOST = "127.0.0.1"
_STOP_SECONDS = 2.0
_LINGER_SECONDS = 1.0
_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
_NO_LINGERING = struct.pack("ii", 1, 0)  # a socket that is closed so sends RST, unless it has sent FIN before
_HEX_DIGITS = re.compile(rb"[0-9A-Fa-f]{1,8}")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server.

    Attributes:
        simulator: what answers.
        base_url: its address, which ends with the simulator's `base_path`.
        port: the port of 127.0.0.1.
    """

    simulator: Simulator
    base_url: str
    port: int


class _FramingError(Exception):
    """A request whose end cannot be told; holds the status that says so."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Sockets(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512  # clients that connect at the same moment; the default of 5 resets some

    def __init__(self, simulator: Simulator, port: int) -> None:
        self.simulator = simulator
        self.control = Control(simulator)
        self.failures: list[BaseException] = []
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__((_HOST, port), _Handler)

    def answer(self, request: Request) -> Reply:
        """Return the reply of the simulator, or that of its control surface."""
        return (self.control if request.path.startswith(PREFIX) else self.simulator).handle(request)

    def server_bind(self) -> None:
        # HTTPServer would look its own name up, which may ask a name server.
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)  # noqa: S101 - a TCP server has no others
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: object) -> None:
        assert isinstance(request, socket.socket)  # noqa: S101 - a TCP server has no others
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_NO_LINGERING)) == _NO_LINGERING:
            self.close_request(request)
        else:
            super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        failure = sys.exception()
        # A client may leave at any time; to shut down what it has left is no ConnectionError.
        has_left = isinstance(failure, ConnectionError) or (isinstance(failure, OSError) and failure.errno == ENOTCONN)
        if failure is not None and not has_left:
            self.failures.append(failure)

    def stop(self) -> None:
        """Stop listening and end every connection, within a bounded time."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._changed:
            for connection in self._open:
                with suppress(OSError):  # the client may have ended it already
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, timeout=_STOP_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Sockets

    def handle_one_request(self) -> None:
        """Read one request, whatever its method is called, and answer it with one write."""
        self.raw_requestline = self.rfile.readline(_MAX_LINE + 1)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if len(self.raw_requestline) > _MAX_LINE:
            self.command = ""
            self.send_error(414)
            return
        if not self.parse_request():
            return
        if self.request_version != "HTTP/1.1":
            self.close_connection = True
        try:
            body = self._body()
        except _FramingError as error:
            self.send_error(error.status)
            return
        path, _, query = _origin_form(self.path).partition("?")
        headers = Headers(self.headers.items())
        request = Request(method=self.command, path=path, query=query, headers=headers, body=body)
        self._send(self.server.answer(request))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no HTTP in the vendor's words, and end the connection: the next request's start is unknown."""
        self.close_connection = True
        self._send(self.server.simulator.dated(self.server.simulator.refuse(code)))
        # Closing with bytes unread would reset the connection, and the client might lose the reply.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER_SECONDS)
        give_up = time.monotonic() + _LINGER_SECONDS
        with suppress(TimeoutError):
            while time.monotonic() < give_up and self.rfile.read1(_MAX_LINE):
                pass

    def _send(self, reply: Reply) -> None:
        if reply.delay:
            self.server.stopping.wait(reply.delay)
        if reply.dropped or reply.reset or reply.missing:
            self.close_connection = True
        if reply.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        if reply.dropped or reply.reset:
            return
        lines = [f"HTTP/1.1 {reply.status} {responses.get(reply.status, '')}"]
        lines += [f"{name}: {value}" for name, value in (*reply.headers.items(), *reply.framing())]
        if self.close_connection:
            lines.append("Connection: close")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        if not reply.has_body(self.command):
            self.wfile.write(head)
        elif reply.ahead or reply.pause:
            self.wfile.write(head)
            self._stream(reply)
        else:
            self.wfile.write(head + reply.body)

    def _stream(self, reply: Reply) -> None:
        """Send a body piece by piece, in chunks where its length was not announced, until the server stops."""
        for piece in reply.pieces():
            if self.server.stopping.wait(reply.pause):
                return
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.ahead else piece)
        if reply.ahead:
            self.wfile.write(b"0\r\n\r\n")

    def _body(self) -> bytes:
        codings = self.headers.get_all("transfer-encoding", [])
        lengths = self.headers.get_all("content-length", [])
        if codings:
            # Both together is how requests are smuggled: RFC 9112, section 6.1.
            if lengths or [coding.strip().lower() for coding in codings] != ["chunked"]:
                raise _FramingError(400)
            return self._chunks()
        if not lengths:
            return b""
        if len(set(lengths)) > 1 or _DIGITS.fullmatch(lengths[0].strip()) is None:
            raise _FramingError(400)
        length = int(lengths[0])
        if length > MAX_BODY:
            raise _FramingError(413)
        return self._exactly(length)

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            figure = self.rfile.readline(_MAX_LINE).partition(b";")[0].strip()
            if _HEX_DIGITS.fullmatch(figure) is None:
                raise _FramingError(400)
            size = int(figure, 16)
            if len(body) + size > MAX_BODY:
                raise _FramingError(413)
            if not size:
                break
            body += self._exactly(size)
            if self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise _FramingError(400)
        while self.rfile.readline(_MAX_LINE) not in (b"\r\n", b"\n", b""):  # trailers
            pass
        return bytes(body)

    def _exactly(self, size: int) -> bytes:
        body = self.rfile.read(size)
        if len(body) < size:
            raise ConnectionAbortedError("the client left in the middle of a body")
        return body


def _origin_form(target: str) -> str:
    """Return the path and query of a request target, which a client that takes this for a proxy writes in full."""
    if target.startswith(("http://", "https://")):
        return "/" + target.split("://", 1)[1].partition("/")[2]
    return target


@contextmanager
def serve(simulator: Simulator, *, port: int = 0) -> Iterator[Server]:
    """Serve `simulator` on 127.0.0.1 at `port`, or at a free one, until the block ends.

    Raises OSError when the port is taken, and RuntimeError at the end when the simulator itself failed.
    """
    sockets = _Sockets(simulator, port)
    thread = threading.Thread(target=sockets.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    bound = int(sockets.server_address[1])
    try:
        yield Server(simulator=simulator, base_url=f"http://{_HOST}:{bound}{simulator.base_path}", port=bound)
    finally:
        sockets.stop()
        thread.join(_STOP_SECONDS)
        if sockets.failures:
            raise RuntimeError(f"the {simulator.name} simulator failed") from sockets.failures[0]
