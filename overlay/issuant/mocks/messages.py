"""What goes in and out of a simulator, whatever carries it. Owns requests, replies and their headers; does no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

_BLANKS = b" " * 65536


class Headers(Mapping[str, str]):
    """Header fields by name, in any case; a field given several times is joined with commas, as HTTP allows."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        """Take `fields` in their order. Iterating gives the names as they were first written."""
        self._fields: dict[str, tuple[str, str]] = {}
        for name, value in fields:
            first, earlier = self._fields.get(name.lower(), (name, None))
            self._fields[name.lower()] = (first, value if earlier is None else f"{earlier}, {value}")

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))


NO_HEADERS = Headers()


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request as it arrived.

    Headers and body are left out of the repr: they hold credentials.

    Attributes:
        method: the method, as it was sent.
        path: the path, still percent-encoded, because a signature covers it as it was sent.
        query: the query, likewise, without its question mark.
        headers: the header fields.
        body: the body, without its framing.
        sent_query: the query as it came where a fault has changed it, otherwise None.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = field(default=NO_HEADERS, repr=False)
    body: bytes = field(default=b"", repr=False)
    sent_query: str | None = None

    @property
    def target(self) -> str:
        """Path and query as they were sent, which is what a signature covers."""
        query = self.query if self.sent_query is None else self.sent_query
        return f"{self.path}?{query}" if query else self.path

    def without(self, parameter: str) -> Request:
        """Return the request without the `parameter` of its query; its target stays."""
        left = [pair for pair in self.query.split("&") if pair.partition("=")[0] != parameter]
        return replace(self, query="&".join(left), sent_query=self.query)

    @property
    def media_type(self) -> str:
        """The media type of the body without parameters, in lower case; empty when none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One HTTP reply, and what the wire does to it.

    Headers and body are left out of the repr: a body may be a new key.

    Attributes:
        status: the status, of no meaning where no reply comes.
        headers: the header fields without those of the framing.
        body: the body.
        delay: seconds before the first byte, when the request has taken effect.
        dropped: whether the connection ends without a reply.
        reset: whether it ends by a reset, as when a machine on the way forgets it.
        missing: how many bytes of the body are announced and never sent.
        ahead: how many blanks come before the body, which is then sent in chunks, its length not announced.
        pause: seconds before each single byte of the body.
    """

    status: int
    headers: Headers = field(default=NO_HEADERS, repr=False)
    body: bytes = field(default=b"", repr=False)
    delay: float = 0.0
    dropped: bool = False
    reset: bool = False
    missing: int = 0
    ahead: int = 0
    pause: float = 0.0

    def with_headers(self, *fields: tuple[str, str]) -> Reply:
        """Return the reply with `fields` in place of those of the same names."""
        kept = {name.lower() for name, _ in fields}
        left = [(name, value) for name, value in self.headers.items() if name.lower() not in kept]
        return replace(self, headers=Headers([*left, *fields]))

    def has_body(self, method: str) -> bool:
        """Tell whether a body follows the head, where the request had this `method`."""
        return method != "HEAD" and self.status not in (204, 304)

    def framing(self) -> tuple[tuple[str, str], ...]:
        """Return the header that says where the body ends."""
        if self.status == 204:
            return ()
        if self.ahead:
            return (("Transfer-Encoding", "chunked"),)
        return (("Content-Length", str(len(self.body) + self.missing)),)

    def pieces(self) -> Iterator[bytes]:
        """Return the body as it is sent, piece by piece; each is waited for by `pause`."""
        left = self.ahead
        while left:
            block = _BLANKS[:left]
            left -= len(block)
            yield block
        if self.pause:
            yield from (self.body[at : at + 1] for at in range(len(self.body)))
        elif self.body:
            yield self.body

    @classmethod
    def json(cls, status: int, document: object, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return `document` as an application/json reply of `status`; `headers` are sent besides."""
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        fields = [("Content-Type", "application/json"), *headers.items()]
        return cls(status=status, headers=Headers(fields), body=text.encode())


class RefusedError(Exception):
    """Ends the handling of a request with the vendor's refusal. It never leaves a simulator."""

    def __init__(self, reply: Reply) -> None:
        """Hold the reply that is to be sent."""
        super().__init__(reply.status)
        self.reply = reply
