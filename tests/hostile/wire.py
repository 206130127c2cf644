"""A network that a test scripts: it answers each request as it is told and counts them. Opens no socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx
import pytest

Answer = Callable[[httpx.Request], httpx.Response]


class Wire(httpx.MockTransport):
    """Answers sync and async clients with `answer`; `requests` are those that arrived."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[httpx.Request] = []
        super().__init__(self._note)
        self._answer = answer

    def _note(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)


def untouched() -> Wire:
    """A network that fails the test when anything is sent."""

    def refuse(request: httpx.Request) -> httpx.Response:
        pytest.fail(f"{request.method} {request.url.path} was sent")

    return Wire(refuse)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One reply as it goes over the wire; the body is decoded by the client, as a real one is."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        fields = {**({"Content-Type": self.content_type} if self.content_type else {}), **self.headers}
        return httpx.Response(self.status, headers=fields, stream=httpx.ByteStream(self.body))


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A network that fails in httpx's own way."""

    kind: type[Exception]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        raise self.kind(f"the network failed on {request.content.decode()} with {dict(request.headers)}")
