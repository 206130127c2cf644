"""What can go wrong on demand. Owns the kinds of fault and how each is written; refuses senseless ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "status",
    "html",
    "problem",
    "redirect",
    "body",
    "empty",
    "truncated",
    "incomplete",
    "wrong-shape",
    "invalid-utf8",
    "oversized",
    "gzip-bomb",
    "delay",
    "drip",
    "drop-before",
    "drop-after",
    "reset-before",
    "reset-after",
    "pages-repeat",
    "pages-cycle",
    "pages-endless",
]
"""The kinds of fault; each has a class method of Fault by its name."""

ENDLESS = 1 << 62  # bytes; at any speed more than anyone waits for

_PLAIN: tuple[Kind, ...] = (
    "empty",
    "truncated",
    "incomplete",
    "wrong-shape",
    "invalid-utf8",
    "drop-before",
    "drop-after",
    "reset-before",
    "reset-after",
    "pages-repeat",
    "pages-cycle",
    "pages-endless",
)
_MEGABYTE = 1_000_000
_MOST_MEGABYTES = 4096


def _refusal(code: int) -> int:
    if not 400 <= code <= 599:
        raise ValueError(f"a refusal has a status from 400 to 599, not {code}")
    return code


def _final(code: int) -> int:
    if not 200 <= code <= 599:
        raise ValueError(f"a final reply has a status from 200 to 599, not {code}")
    return code


def _duration(seconds: float) -> float:
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ValueError(f"a delay is a number of seconds, not {seconds}")
    return seconds


def _bytes(megabytes: float) -> int:
    if not 0 < megabytes <= _MOST_MEGABYTES:
        raise ValueError(f"a size is a number of megabytes up to {_MOST_MEGABYTES}, not {megabytes}")
    return int(megabytes * _MEGABYTE)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong. Make it with one of the class methods.

    A request meets the fault before it takes effect with `status`, `html`, `problem`, `redirect`, `body`,
    `drop_before` and `reset_before`, and after it took effect with all others, which keep the status of the reply.

    Attributes:
        kind: what it is.
        code: the status of the reply, where the fault has its own.
        retry_after: how many seconds a refusal says to wait, None where it says nothing of it.
        seconds: how late a reply is, or each byte of it.
        size: how many bytes of blanks come before the body.
        content: the body of a fault that has its own.
        content_type: its media type.
        location: where a redirect leads.
    """

    kind: Kind
    code: int = 200
    retry_after: int | None = None
    seconds: float = 0.0
    size: int = 0
    content: bytes = field(default=b"", repr=False)
    content_type: str = ""
    location: str = ""

    @classmethod
    def status(cls, code: int, *, retry_after: int | None = None) -> Fault:
        """Refuse with this status and the vendor's own error body; `retry_after` is in seconds.

        Raises ValueError when `code` is not from 400 to 599.
        """
        return cls(kind="status", code=_refusal(code), retry_after=retry_after)

    @classmethod
    def html(cls, code: int = 502) -> Fault:
        """Answer `code` with a proxy's HTML page. Raises ValueError for a status that no final reply has."""
        return cls(kind="html", code=_final(code))

    @classmethod
    def html_502(cls) -> Fault:
        """Answer as a proxy does that cannot reach the vendor: 502 with an HTML page."""
        return cls.html(502)

    @classmethod
    def problem(cls, code: int = 503) -> Fault:
        """Refuse as a gateway does: problem details (RFC 9457) in application/problem+json.

        Raises ValueError when `code` is not from 400 to 599.
        """
        return cls(kind="problem", code=_refusal(code))

    @classmethod
    def redirect(cls, code: int = 307, *, location: str = "https://elsewhere.invalid/") -> Fault:
        """Send the client to `location`. Raises ValueError when `code` is not from 300 to 399."""
        if not 300 <= code <= 399:
            raise ValueError(f"a redirect has a status from 300 to 399, not {code}")
        return cls(kind="redirect", code=code, location=location)

    @classmethod
    def body(cls, content: bytes, *, status: int = 200, content_type: str = "application/json") -> Fault:
        """Answer with exactly this `status`, `content_type` and `content`, whatever was asked.

        Raises ValueError for a status that no final reply has.
        """
        return cls(kind="body", code=_final(status), content=content, content_type=content_type)

    @classmethod
    def empty(cls) -> Fault:
        """Lose the body of the reply."""
        return cls(kind="empty")

    @classmethod
    def truncated(cls) -> Fault:
        """Cut the JSON of the reply in the middle, as if it were whole."""
        return cls(kind="truncated")

    @classmethod
    def incomplete(cls) -> Fault:
        """End the connection in the middle of the body that was announced."""
        return cls(kind="incomplete")

    @classmethod
    def wrong_shape(cls) -> Fault:
        """Put every field of the reply into a list, so that each has another type than it should."""
        return cls(kind="wrong-shape")

    @classmethod
    def invalid_utf8(cls) -> Fault:
        """Put bytes into the reply that are no UTF-8, in a field that nobody asked for."""
        return cls(kind="invalid-utf8")

    @classmethod
    def oversized(cls, megabytes: float) -> Fault:
        """Send so many `megabytes` of blanks before the body, without announcing a length: JSON all the same.

        Raises ValueError when that is not between 0 and 4096.
        """
        return cls(kind="oversized", size=_bytes(megabytes))

    @classmethod
    def endless(cls) -> Fault:
        """Send blanks for ever."""
        return cls(kind="oversized", size=ENDLESS)

    @classmethod
    def gzip_bomb(cls, megabytes: float = 64) -> Fault:
        """Compress the body behind so many `megabytes` of blanks. Raises ValueError when not between 0 and 4096."""
        return cls(kind="gzip-bomb", size=_bytes(megabytes))

    @classmethod
    def delay(cls, seconds: float) -> Fault:
        """Send the reply late. Raises ValueError when `seconds` is negative or not finite."""
        return cls(kind="delay", seconds=_duration(seconds))

    @classmethod
    def drip(cls, seconds: float) -> Fault:
        """Send the body byte by byte, so many `seconds` apart. Raises ValueError as `delay` does."""
        return cls(kind="drip", seconds=_duration(seconds))

    @classmethod
    def drop_before(cls) -> Fault:
        """Close the connection without a reply, and without any effect."""
        return cls(kind="drop-before")

    @classmethod
    def drop_after(cls) -> Fault:
        """Close the connection without a reply, when the request has taken effect."""
        return cls(kind="drop-after")

    @classmethod
    def reset_before(cls) -> Fault:
        """Reset the connection without a reply, and without any effect."""
        return cls(kind="reset-before")

    @classmethod
    def reset_after(cls) -> Fault:
        """Reset the connection without a reply, when the request has taken effect."""
        return cls(kind="reset-after")

    @classmethod
    def pages_repeat(cls) -> Fault:
        """Let a list be its first page, which leads to itself: the token of the next page is always the same."""
        return cls(kind="pages-repeat")

    @classmethod
    def pages_cycle(cls) -> Fault:
        """Let a list be its first page again and again, with two tokens in turn."""
        return cls(kind="pages-cycle")

    @classmethod
    def pages_endless(cls) -> Fault:
        """Let a list be its first page again and again, always with a new token."""
        return cls(kind="pages-endless")

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read a fault from the `text` of a command line, such as `status:503`. Raises ValueError for others."""
        kind, colon, figure = text.partition(":")
        for plain in _PLAIN:
            if text == plain:
                return cls(kind=plain)
        if not colon and kind in _UNADORNED:
            return _UNADORNED[kind]
        if not colon or kind not in _FIGURED:
            raise ValueError(f"{text!r} is no fault; known are {GRAMMAR}")
        try:
            return _FIGURED[kind](figure)
        except ValueError as error:
            raise ValueError(f"{text!r} is no fault: {error}") from None


def _status(figure: str) -> Fault:
    code, colon, seconds = figure.partition(":")
    return Fault.status(int(code), retry_after=int(seconds) if colon else None)


_FIGURED: Mapping[str, Callable[[str], Fault]] = {
    "status": _status,
    "html": lambda figure: Fault.html(int(figure)),
    "problem": lambda figure: Fault.problem(int(figure)),
    "redirect": lambda figure: Fault.redirect(int(figure)),
    "oversized": lambda figure: Fault.oversized(float(figure)),
    "gzip-bomb": lambda figure: Fault.gzip_bomb(float(figure)),
    "delay": lambda figure: Fault.delay(float(figure)),
    "drip": lambda figure: Fault.drip(float(figure)),
}
_UNADORNED = {"html-502": Fault.html_502(), "redirect": Fault.redirect(), "endless": Fault.endless()}

GRAMMAR = (
    "status:CODE[:RETRY_AFTER], html:CODE, problem:CODE, redirect:CODE, delay:SECONDS, drip:SECONDS, "
    "oversized:MEGABYTES, gzip-bomb:MEGABYTES, " + ", ".join([*_UNADORNED, *_PLAIN])
)
"""How a fault is written."""
