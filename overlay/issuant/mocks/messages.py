"""What goes in and out of a simulator, whatever carries it. Owns requests, replies and their headers; does no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


class Headers(Mapping[str, str]):
    """Header fields by name, in any case; a field given several times is joined with commas, as HTTP allows."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        """Take the fields in their order. Iterating gives the names as they were first written."""
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

    `path` and `query` are still percent-encoded, because a signature covers them as they were sent.
    Headers and body are left out of the repr: they hold credentials.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = field(default=NO_HEADERS, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def media_type(self) -> str:
        """The media type of the body without parameters, in lower case; empty when none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One HTTP reply, and what the wire does to it.

    `delay` is in seconds and comes before the first byte, when the request has taken effect.
    `dropped` means that the connection ends without a reply.
    Headers and body are left out of the repr: a body may be a new key.
    """

    status: int
    headers: Headers = field(default=NO_HEADERS, repr=False)
    body: bytes = field(default=b"", repr=False)
    delay: float = 0.0
    dropped: bool = False

    @classmethod
    def json(cls, status: int, document: object, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return `document` as an application/json reply."""
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        fields = [("Content-Type", "application/json"), *headers.items()]
        return cls(status=status, headers=Headers(fields), body=text.encode())


class RefusedError(Exception):
    """Ends the handling of a request with the vendor's refusal. It never leaves a simulator."""

    def __init__(self, reply: Reply) -> None:
        """Hold the reply that is to be sent."""
        super().__init__(reply.status)
        self.reply = reply
