"""A server that gives every request the reply that a simulator once gave it, as fast as Python can.

It runs in a process of its own, so that what is measured is the client. It reads the replies as JSON from standard
input, prints its port, and serves until it is ended.
"""

from __future__ import annotations

import asyncio
import json
import sys

Replies = dict[str, bytes]

_END_OF_HEAD = b"\r\n\r\n"


def whole(status: int, headers: dict[str, str], body: bytes) -> bytes:
    """Return a reply as it goes over the wire."""
    fields = {**headers, "Content-Length": str(len(body))}
    lines = (f"HTTP/1.1 {status} Recorded", *(f"{name}: {value}" for name, value in fields.items()), "", "")
    return "\r\n".join(lines).encode() + body


class _Connection(asyncio.Protocol):
    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(_END_OF_HEAD)) >= 0:
            head = self._received[:end].decode("latin-1")
            size = next(
                (int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0
            )
            if len(self._received) < end + len(_END_OF_HEAD) + size:
                return
            self._received = self._received[end + len(_END_OF_HEAD) + size :]
            method, path, _ = head.split(" ", 2)
            reply = self._replies.get(f"{method} {path}", whole(404, {}, b"{}"))
            if self._transport is not None:
                self._transport.write(reply)


async def _serve(replies: Replies) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(replies), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    asyncio.run(_serve({name: whole(status, headers, body.encode()) for name, (status, headers, body) in told.items()}))
