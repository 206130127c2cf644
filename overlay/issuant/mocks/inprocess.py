"""A simulator in place of the network, in one process. Owns the way between httpx and a simulator; opens no socket."""

from __future__ import annotations

import math
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from errno import ECONNRESET

import anyio
import httpx

from .messages import Headers, Reply, Request


class SimulatorTransport(httpx.MockTransport):
    """Brings the requests of an httpx.Client or an httpx.AsyncClient to a simulator.

    What happens to a connection raises what a real one raises: httpx.RemoteProtocolError where it ends too soon,
    httpx.ReadError where it is reset, httpx.ReadTimeout when the client's read timeout has passed.
    A body is a stream that is not read yet, as one off the network is.
    """

    def __init__(self, handle: Callable[[Request], Reply]) -> None:
        """Answer with `handle`, which is called once for each request."""
        super().__init__(self._answer)
        self._handle = handle

    def _answer(self, request: httpx.Request) -> httpx.Response:
        wire = _Wire(request, self._handle(_received(request)))
        _sleep(wire.patience(wire.reply.delay))
        return wire.response()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request` without holding up the event loop."""
        await request.aread()
        wire = _Wire(request, self._handle(_received(request)))
        await anyio.sleep(wire.patience(wire.reply.delay))
        return wire.response()


def _sleep(seconds: float) -> None:
    if seconds:  # no time is a system call all the same
        time.sleep(seconds)


def _received(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    fields = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(method=request.method, path=path, query=query, headers=Headers(fields), body=request.content)


class _Wire(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The way of one reply to its client, which waits for each read no longer than its own limit."""

    def __init__(self, request: httpx.Request, reply: Reply) -> None:
        self.reply = reply
        self._request = request
        limit = request.extensions.get("timeout", {}).get("read")
        self._limit = math.inf if limit is None else float(limit)

    def patience(self, seconds: float) -> float:
        """Return how many seconds pass before the client has what comes then, or gives up."""
        return min(seconds, self._limit)

    def response(self) -> httpx.Response:
        """Return the head of the reply, and this as its body. Raises httpx's errors where no reply comes."""
        reply = self.reply
        self._check(reply.delay)
        if reply.reset:
            raise httpx.ReadError(f"[Errno {ECONNRESET}] {os.strerror(ECONNRESET)}", request=self._request)
        if reply.dropped:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=self._request)
        fields = [*reply.headers.items(), *reply.framing()]
        return httpx.Response(reply.status, headers=fields, stream=self, request=self._request)

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces():
            _sleep(self.patience(self.reply.pause))
            self._check(self.reply.pause)
            yield piece
        self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces():
            await anyio.sleep(self.patience(self.reply.pause))
            self._check(self.reply.pause)
            yield piece
        self._end()

    def _pieces(self) -> Iterator[bytes]:
        return self.reply.pieces() if self.reply.has_body(self._request.method) else iter(())

    def _check(self, waited: float) -> None:
        if waited > self._limit:
            raise httpx.ReadTimeout("The read operation timed out", request=self._request)

    def _end(self) -> None:
        missing, received = self.reply.missing, len(self.reply.body)
        if missing and self.reply.has_body(self._request.method):
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body "
                f"(received {received} bytes, expected {received + missing})",
                request=self._request,
            )
