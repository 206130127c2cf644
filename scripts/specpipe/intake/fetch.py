"""A document by its address. Owns the one request and its limits; refuses redirects, web pages, refusals of the server,
whatever is too large or packed in a way that was not asked for, and a server that takes too long, and shows no
credentials of an address.

Facts
- A redirect may lead to another host, or into the network that this runs in. Whoever gives the address decides that.
- Some servers pack what they were asked not to. A body may be packed within a packed one, and 2 KB grow to 1 GB; httpx
  unpacks first, so a limit on what it gives comes too late. Nor does it notice that a packed body lacks its end.
- httpx bounds each wait for the peer, not the whole call: a server that sends a byte now and then is never too slow.
"""

import asyncio
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from .. import limits
from ..faults import PageError

if TYPE_CHECKING:
    import httpx

_SCHEMES = ("http", "https")
_UNREADABLE = "the address"
_PACKED = ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait, in seconds: for a connection, for the next bytes, and for the whole call."""

    connect: float = 10
    read: float = 30
    whole: float = 120


def is_address(source: str) -> bool:
    """Whether the source is an address rather than a path: it has a scheme and `://`."""
    scheme, separator, _ = source.partition("://")
    return bool(separator) and scheme.isalnum()


def shown(url: str) -> str:
    """The address without what may be secret: user, password, and the query's values."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return _UNREADABLE
    return f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}"


def holds_credentials(url: str) -> bool:
    """Whether a user or a password stands in the address; one that cannot be read is refused when it is fetched."""
    try:
        return "@" in urlsplit(url).netloc
    except ValueError:
        return False


def fetch(url: str, *, patience: Patience | None = None) -> bytes:
    """The bytes at the address.

    Raises PageError, which names the address.
    """
    if url.partition("://")[0].lower() not in _SCHEMES:
        raise PageError(f"{shown(url)}: only http and https addresses are read")
    if shown(url) == _UNREADABLE:
        raise PageError(f"{_UNREADABLE}: this is not a usable address")
    return asyncio.run(_fetch(url, patience or Patience()))


async def _fetch(url: str, patience: Patience) -> bytes:
    import httpx  # 0.1 s, needed for addresses alone

    problem = ""
    try:
        timeout = httpx.Timeout(patience.read, connect=patience.connect)
        async with (
            asyncio.timeout(patience.whole),
            httpx.AsyncClient(timeout=timeout) as client,
            client.stream("GET", url, headers={"accept": "*/*", "accept-encoding": "identity"}) as response,
        ):
            problem = _refusal(url, response.status_code, response.headers.get("location"))
            if not problem:
                return await _body(response)
    except TimeoutError:
        problem = f"no whole answer within {patience.whole:g} s"
    except httpx.TimeoutException as error:
        problem = f"no answer in time ({type(error).__name__})"
    except (httpx.InvalidURL, UnicodeError, ValueError):
        problem = "this is not a usable address"
    except httpx.HTTPError as error:
        problem = f"no answer: {type(error).__name__}: {error}"
    except _BodyError as error:
        problem = str(error)
    raise PageError(f"{shown(url)}: {problem}")


class _BodyError(Exception):
    """What is wrong with the body of an answer."""


class _Unpacking:
    """The unpacking of a body, piece by piece, never to more than there is room for."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)

    def unpack(self, piece: bytes, *, room: int) -> bytes:
        """What the next piece holds; where that is more than the room, a byte more than the room."""
        problem = ""
        unpacked = b""
        try:
            unpacked = self._stream.decompress(piece, room + 1)
        except zlib.error as error:
            problem = str(error)
        if self._stream.unused_data:
            problem = "something stands behind its end"
        if problem:
            raise _BodyError(f"the packed answer cannot be unpacked: {problem}")
        return unpacked

    def end(self) -> None:
        """Refuse a body that has no end."""
        if not self._stream.eof:
            raise _BodyError("the packed answer looks cut off, fetch it anew")


async def _body(response: "httpx.Response") -> bytes:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", *_PACKED):
        raise _BodyError(
            f"the answer is encoded as {encoding[:40]!r}, which was not asked for; save it and give its path"
        )
    unpacking = _Unpacking() if encoding in _PACKED else None
    body = bytearray()
    sent = 0
    async for piece in response.aiter_raw(65536):
        sent += len(piece)
        body += unpacking.unpack(piece, room=limits.BYTES - len(body)) if unpacking is not None else piece
        # A packed body may hold less than is sent.
        if max(sent, len(body)) > limits.BYTES:
            raise _BodyError(f"the answer is larger than {limits.BYTES} bytes")
    if unpacking is not None:
        unpacking.end()
    return bytes(body)


def _refusal(url: str, status: int, location: str | None) -> str:
    if 300 <= status < 400 and location:
        return (
            f"the server redirects ({status}) to {_redirected(url, location)}, which is not followed; "
            "give that address if you trust it"
        )
    if status != 200:
        return f"the server answers with status {status}"
    return ""


def _redirected(url: str, location: str) -> str:
    try:
        return shown(urljoin(url, location))
    except ValueError:
        return "an address that cannot be read"
