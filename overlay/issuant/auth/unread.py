"""Replies that an authentication gets while their bodies are still on the wire. Owns reading one within bounds and
leaving one unread; refuses to wait for more than a token can need.

Facts
- When an auth flow goes on after a reply, httpx reads that reply to its end, however long it is. What is left of it
  here is an empty stream, so that there is nothing to read.
- A login's request asks for no coding of the reply, and the body is taken as it comes: a few bytes of gzip may be
  gigabytes.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import httpx

MOST = 64 * 1024
_BROKE_OFF = "broke off"


class Answer:
    """A reply to a login. It shows nothing: there may be a token in its body.

    Attributes:
        response: its status and its headers.
        content: its body, as it was sent.
        fault: what kept the body from being read to its end; empty where nothing did.
    """

    __slots__ = ("_deadline", "_pieces", "_size", "fault", "response")

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.fault = ""
        self._pieces: list[bytes] = []
        self._size = 0
        seconds = response.request.extensions.get("timeout", {}).get("read")
        self._deadline = None if seconds is None else time.monotonic() + seconds

    @property
    def content(self) -> bytes:
        return b"".join(self._pieces)

    def takes(self, piece: bytes) -> bool:
        """Take a piece of the body, and tell whether another may follow."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > MOST:
            self.fault = f"is larger than {MOST // 1024} KiB"
        elif self._deadline is not None and time.monotonic() > self._deadline:
            self.fault = "did not end in time"
        return not self.fault


def _taken_over(response: httpx.Response) -> Any:
    stream, response.stream = response.stream, httpx.ByteStream(b"")
    return stream


def read(response: httpx.Response) -> Answer:
    """Read the body of a login's reply, at most 64 KiB, and for no longer than one read may take."""
    answer, stream = Answer(response), _taken_over(response)
    try:
        for piece in stream:
            more = answer.takes(piece)
            del piece  # what the stream raises next would keep it among the locals of this frame
            if not more:
                break
    except Exception:  # noqa: BLE001 - a custom transport may raise anything, and its words may hold the body
        answer.fault = _BROKE_OFF
    finally:
        with suppress(Exception):  # all that is wanted of it has come
            stream.close()
    return answer


async def read_async(response: httpx.Response) -> Answer:
    """Read the body of a login's reply. The twin of `read`."""
    answer, stream = Answer(response), _taken_over(response)
    try:
        async for piece in stream:
            more = answer.takes(piece)
            del piece
            if not more:
                break
    except Exception:  # noqa: BLE001 - a custom transport may raise anything, and its words may hold the body
        answer.fault = _BROKE_OFF
    finally:
        with suppress(Exception):
            await stream.aclose()
    return answer


def leave(response: httpx.Response) -> None:
    """Close a reply that another one takes the place of, unread."""
    with suppress(Exception):  # nothing is wanted of it any more
        _taken_over(response).close()


async def leave_async(response: httpx.Response) -> None:
    """Close a reply that another one takes the place of, unread. The twin of `leave`."""
    with suppress(Exception):
        await _taken_over(response).aclose()
