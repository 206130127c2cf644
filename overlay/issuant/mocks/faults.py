"""What can go wrong on demand. Owns the kinds of fault and the list of those that wait; refuses senseless ones."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from .messages import Headers, Reply, Request

Kind = Literal["status", "html-502", "empty", "truncated", "delay", "drop-before", "drop-after", "body"]

_HTML_502 = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
_PLAIN: tuple[Kind, ...] = ("html-502", "empty", "truncated", "drop-before", "drop-after")
_GRAMMAR = "status:CODE, delay:SECONDS, " + ", ".join(_PLAIN)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong. Make it with one of the class methods.

    A request meets the fault before it takes effect with `status`, `html_502`, `body` and `drop_before`,
    and after it took effect with `empty`, `truncated`, `delay` and `drop_after`.
    """

    kind: Kind
    code: int = 200
    retry_after: int | None = None
    seconds: float = 0.0
    content: bytes = field(default=b"", repr=False)
    content_type: str = ""

    @classmethod
    def status(cls, code: int, *, retry_after: int | None = None) -> Fault:
        """Refuse with this status and the vendor's own error body; `retry_after` is in seconds.

        Raises ValueError when `code` is not from 400 to 599.
        """
        if not 400 <= code <= 599:
            raise ValueError(f"a refusal has a status from 400 to 599, not {code}")
        return cls(kind="status", code=code, retry_after=retry_after)

    @classmethod
    def html_502(cls) -> Fault:
        """Answer as a proxy does that cannot reach the vendor: 502 with an HTML page."""
        return cls(kind="html-502", code=502)

    @classmethod
    def empty(cls) -> Fault:
        """Keep the status of the reply and lose its body."""
        return cls(kind="empty")

    @classmethod
    def truncated(cls) -> Fault:
        """Keep the status of the reply and cut its JSON in the middle."""
        return cls(kind="truncated")

    @classmethod
    def delay(cls, seconds: float) -> Fault:
        """Send the reply late. Raises ValueError when `seconds` is negative or not finite."""
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"a delay is a number of seconds, not {seconds}")
        return cls(kind="delay", seconds=seconds)

    @classmethod
    def drop_before(cls) -> Fault:
        """Close the connection without a reply, and without any effect."""
        return cls(kind="drop-before")

    @classmethod
    def drop_after(cls) -> Fault:
        """Close the connection without a reply, when the request has taken effect."""
        return cls(kind="drop-after")

    @classmethod
    def body(cls, content: bytes, *, status: int = 200, content_type: str = "application/json") -> Fault:
        """Answer with exactly this, whatever was asked. Raises ValueError for a status that no final reply has."""
        if not 200 <= status <= 599:
            raise ValueError(f"a final reply has a status from 200 to 599, not {status}")
        return cls(kind="body", code=status, content=content, content_type=content_type)

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read a fault from a command line: `status:503`, `delay:0.5`, `drop-after`. ValueError for others."""
        kind, colon, figure = text.partition(":")
        for plain in _PLAIN:
            if text == plain:
                return cls(kind=plain, code=502 if plain == "html-502" else 200)
        try:
            if kind == "status" and colon:
                return cls.status(int(figure))
            if kind == "delay" and colon:
                return cls.delay(float(figure))
        except ValueError as error:
            raise ValueError(f"{text!r} is no fault: {error}") from None
        raise ValueError(f"{text!r} is no fault; known are {_GRAMMAR}")

    def apply(self, answer: Callable[[], Reply], refuse: Callable[[int], Reply]) -> Reply:
        """Return what is sent instead of `answer()`; `refuse` makes the vendor's error body of a status."""
        match self.kind:
            case "status":
                reply = refuse(self.code)
                if self.retry_after is None:
                    return reply
                return replace(reply, headers=Headers([*reply.headers.items(), ("Retry-After", str(self.retry_after))]))
            case "html-502":
                return Reply(status=502, headers=Headers([("Content-Type", "text/html")]), body=_HTML_502)
            case "body":
                return Reply(
                    status=self.code, headers=Headers([("Content-Type", self.content_type)]), body=self.content
                )
            case "empty":
                return replace(answer(), body=b"")
            case "truncated":
                return _cut(answer())
            case "delay":
                return replace(answer(), delay=self.seconds)
            case "drop-before":
                return Reply(status=0, dropped=True)
            case "drop-after":
                return replace(answer(), dropped=True)


def _cut(reply: Reply) -> Reply:
    if reply.body:
        return replace(reply, body=reply.body[: max(1, len(reply.body) // 2)])
    headers = {**reply.headers, "Content-Type": "application/json"}
    return replace(reply, headers=Headers(headers.items()), body=b"{")


@dataclass(kw_only=True)
class _Waiting:
    fault: Fault
    times: int
    when: Callable[[Request], bool]


class Faults:
    """The faults that wait for a request. Each request meets the first that applies to it, and that one alone."""

    def __init__(self) -> None:
        """Start with none."""
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def add(self, fault: Fault, times: int = 1, when: Callable[[Request], bool] = lambda _: True) -> None:
        """Let the next `times` requests for which `when` is true meet `fault`. Raises ValueError for less than one."""
        if times < 1:
            raise ValueError(f"a fault happens at least once, not {times} times")
        with self._lock:
            self._waiting.append(_Waiting(fault=fault, times=times, when=when))

    def clear(self) -> None:
        """Forget all that wait."""
        with self._lock:
            self._waiting.clear()

    def __len__(self) -> int:
        """Return how many more requests would meet a fault."""
        with self._lock:
            return sum(entry.times for entry in self._waiting)

    def take(self, request: Request) -> Fault | None:
        """Return the fault that `request` meets, and count it as met."""
        with self._lock:
            for entry in self._waiting:
                if entry.when(request):
                    entry.times -= 1
                    if not entry.times:
                        self._waiting.remove(entry)
                    return entry.fault
        return None
