"""Replies that an authentication gets while their bodies are still on the wire. Owns reading one within bounds and
leaving one unread; refuses to wait for more than a token can need.

Facts
- When an auth flow goes on after a reply, httpx reads that reply to its end, however long it is. What is left of it
  here is an empty stream, so that there is nothing to read.
- A login's request asks for no coding of the reply, and the body is taken as it comes.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from issuant.body import Body

MOST = 64 * 1024


def read(response: httpx.Response) -> Body:
    """Read the body of a login's reply, at most 64 KiB, and for no longer than one read may take."""
    body = _begun(response)
    body.read()
    return body


async def read_async(response: httpx.Response) -> Body:
    """Read the body of a login's reply. The twin of `read`."""
    body = _begun(response)
    await body.read_async()
    return body


def _begun(response: httpx.Response) -> Body:
    seconds = response.request.extensions.get("timeout", {}).get("read")
    body = Body(response, most=MOST, seconds=seconds, decodes=False)
    _taken_over(response)
    return body


def _taken_over(response: httpx.Response) -> Any:
    stream, response.stream = response.stream, httpx.ByteStream(b"")
    return stream


def leave(response: httpx.Response) -> None:
    """Close a reply that another one takes the place of, unread."""
    with suppress(Exception):  # nothing is wanted of it any more
        _taken_over(response).close()


async def leave_async(response: httpx.Response) -> None:
    """Close a reply that another one takes the place of, unread. The twin of `leave`."""
    with suppress(Exception):
        await _taken_over(response).aclose()
