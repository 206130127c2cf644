"""The body of a reply as it comes in. Owns how much is read of one, for how long, and taking its coding off.

Facts
- A few bytes of gzip may be gigabytes, and gzip within gzip a thousand times that; httpx decodes each piece whole
  before anybody can look at its size. Here no more comes out than may be kept.
- Of a body that breaks off, what has come is kept: it may hold the id of what was created.
"""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

LONGEST_REPLY = 16 << 20  # bytes, before and after decoding; ten thousand keys have some 3 MB
LONGEST_READING = 120.0  # seconds from the head of a reply to its end, however steadily it drips

ACCEPTED_CODING = "gzip"
_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_ANY_HEADER = zlib.MAX_WBITS | 32  # zlib's or gzip's, whichever it is


class Body:
    """What has come of the body of a reply. `broke_off` says that this is not all of it.

    A coding that is not understood, or two of them, are left on.
    """

    __slots__ = ("_came", "_end", "_inflater", "_pieces", "_room", "broke_off")

    def __init__(self, response: httpx.Response) -> None:
        coding = response.headers.get("content-encoding", "").strip().lower()
        # A transport of one's own may have read it already; httpx has decoded it then.
        is_coded = coding in _CODINGS and not response.is_stream_consumed
        self._inflater = zlib.decompressobj(_ANY_HEADER) if is_coded else None
        self._pieces: list[bytes] = []
        self._came = 0
        self._room = LONGEST_REPLY
        self._end = time.monotonic() + LONGEST_READING
        self.broke_off = False

    def takes(self, piece: bytes) -> bool:
        """Take a piece as it came, and tell whether another may follow. Raises zlib.error for a broken coding."""
        self._came += len(piece)
        if self._inflater is not None:
            piece = b"" if self._inflater.eof else self._inflater.decompress(piece, self._room + 1)
        self._pieces.append(piece)
        self._room -= len(piece)
        self.broke_off = self._room < 0 or self._came > LONGEST_REPLY or time.monotonic() > self._end
        return not self.broke_off

    def ends(self) -> None:
        """Take note that no further piece comes."""
        if self._inflater is not None and self._came and not self._inflater.eof:
            self.broke_off = True

    def content(self) -> bytes:
        """Return what has come, decoded."""
        return b"".join(self._pieces)
