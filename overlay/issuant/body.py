"""The body of a reply as it comes in. Owns how much is read of one, for how long, and taking its coding off.

Facts
- A few bytes of gzip may be gigabytes, and gzip within gzip a thousand times that; httpx decodes each piece whole
  before anybody can look at its size. Here no more comes out than may be kept.
- Of a body that breaks off, what has come is kept: it may hold the id of what was created.
"""

from __future__ import annotations

import contextlib
import math
import time
import zlib
from typing import Any

import httpx

LONGEST_REPLY = 16 << 20  # bytes, before and after decoding; ten thousand keys have some 3 MB
LONGEST_READING = 120.0  # seconds from the head of a reply to its end, however steadily it drips

ACCEPTED_CODING = "gzip"
_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_ANY_HEADER = zlib.MAX_WBITS | 32  # zlib's or gzip's, whichever it is
_BROKE_OFF = "broke off"


class Body:
    """What has come of the body of `response`. `fault` is what kept it from being read to its end, empty for nothing.

    At most `most` bytes are kept (None: LONGEST_REPLY), and `seconds` waited in all (None: as long as it takes). A
    coding that is not understood, or two of them, are left on; unless it `decodes`, any is. It shows nothing: there may
    be a key in it.
    """

    __slots__ = ("_came", "_end", "_inflater", "_most", "_pieces", "_room", "_stream", "fault", "response")

    def __init__(
        self,
        response: httpx.Response,
        *,
        most: int | None = None,
        seconds: float | None = LONGEST_READING,
        decodes: bool = True,
    ) -> None:
        self.response = response
        self.fault = ""
        # A transport of one's own may have read it already; httpx has decoded it then.
        is_here = response.is_stream_consumed
        self._stream: Any = httpx.ByteStream(response.content) if is_here else response.stream
        self._pieces: list[bytes] = []
        coding = response.headers.get("content-encoding", "").strip().lower() if decodes and not is_here else ""
        self._inflater = zlib.decompressobj(_ANY_HEADER) if coding in _CODINGS else None
        self._came = 0
        self._most = self._room = LONGEST_REPLY if most is None else most
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    @property
    def broke_off(self) -> bool:
        """Whether what has come is not all of it."""
        return bool(self.fault)

    def content(self) -> bytes:
        """Return what has come, decoded."""
        return b"".join(self._pieces)

    def read(self) -> None:
        """Read it from a blocking stream, and close that."""
        try:
            for piece in self._stream:
                more = self._takes(piece)
                del piece  # what interrupts the next would keep it among the locals of this frame
                if not more:
                    break
            self._ends()
        except Exception:  # noqa: BLE001 - a custom transport may raise anything; the status has come, and perhaps an id
            self.fault = _BROKE_OFF
        finally:
            with contextlib.suppress(Exception):  # all that is wanted of it has come
                self._stream.close()

    async def read_async(self) -> None:
        """Read it from an asynchronous stream, and close that. The twin of `read`."""
        try:
            async for piece in self._stream:
                more = self._takes(piece)
                del piece
                if not more:
                    break
            self._ends()
        except Exception:  # noqa: BLE001 - as in `read`
            self.fault = _BROKE_OFF
        finally:
            with contextlib.suppress(Exception):
                await self._stream.aclose()

    def _takes(self, piece: bytes) -> bool:
        """Take a piece as it came, and tell whether another may follow. Raises zlib.error for a broken coding."""
        self._came += len(piece)
        if self._inflater is not None:
            piece = b"" if self._inflater.eof else self._inflater.decompress(piece, self._room + 1)
        self._pieces.append(piece)
        self._room -= len(piece)
        if self._room < 0 or self._came > self._most:
            self.fault = f"is larger than {self._most // 1024} KiB"
        elif time.monotonic() > self._end:
            self.fault = "did not end in time"
        return not self.fault

    def _ends(self) -> None:
        """Take note that no further piece comes."""
        if self._inflater is not None and self._came and not self._inflater.eof and not self.fault:
            self.fault = _BROKE_OFF
