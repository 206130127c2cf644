"""A simulator in place of the network, in one process. Owns the way between httpx and a simulator; opens no socket."""

from __future__ import annotations

import time
from collections.abc import Callable

import anyio
import httpx

from .messages import Headers, Reply, Request


class SimulatorTransport(httpx.MockTransport):
    """Brings the requests of an httpx.Client or an httpx.AsyncClient to a simulator.

    A dropped connection raises httpx.RemoteProtocolError, as a real one does.
    A reply that comes later than the client's read timeout raises httpx.ReadTimeout when that time has passed.
    """

    def __init__(self, handle: Callable[[Request], Reply]) -> None:
        """Answer with `handle`, which is called once for each request."""
        super().__init__(self._answer)
        self._handle = handle

    def _answer(self, request: httpx.Request) -> httpx.Response:
        reply = self._handle(_received(request))
        time.sleep(_patience(request, reply))
        return _returned(request, reply)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer without holding up the event loop."""
        await request.aread()
        reply = self._handle(_received(request))
        await anyio.sleep(_patience(request, reply))
        return _returned(request, reply)


def _received(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    fields = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(method=request.method, path=path, query=query, headers=Headers(fields), body=request.content)


def _limit(request: httpx.Request) -> float | None:
    limit = request.extensions.get("timeout", {}).get("read")
    return None if limit is None else float(limit)


def _patience(request: httpx.Request, reply: Reply) -> float:
    """Return how many seconds pass before the client has the reply or gives up."""
    limit = _limit(request)
    return reply.delay if limit is None else min(reply.delay, limit)


def _returned(request: httpx.Request, reply: Reply) -> httpx.Response:
    limit = _limit(request)
    if limit is not None and reply.delay > limit:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if reply.dropped:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    fields = [*reply.headers.items(), ("Content-Length", str(len(reply.body)))]
    content = b"" if request.method == "HEAD" else reply.body
    return httpx.Response(reply.status, headers=fields, content=content, request=request)
