"""A vendor that notes what arrives and answers with what it was given; and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import httpx

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def now() -> datetime:
    return NOW


class Recorder(httpx.MockTransport):
    """Answers with `replies` in turn, the last one again and again; what arrived is in `requests`."""

    def __init__(self, replies: Iterable[httpx.Response]) -> None:
        super().__init__(self._answer)
        self.requests: list[httpx.Request] = []
        self._replies = list(replies)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self._replies[min(len(self.requests), len(self._replies)) - 1]
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)
