"""What all simulators share. Owns routing, the rate limit, the lock and the time of a reply; knows no vendor."""

from __future__ import annotations

import hashlib
import math
import re
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import ClassVar, Literal
from urllib.parse import unquote
from uuid import UUID

from .clock import Clock, shifted, system_clock
from .codec import WRITTEN, Writing
from .faulting import Paging, afflict
from .faultlist import Faults
from .inprocess import SimulatorTransport
from .messages import NO_HEADERS, RefusedError, Reply, Request

_HASH = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation of a vendor.

    Attributes:
        method: the method, in capitals.
        path: the path, whose `{parts}` take one segment each.
        answer: what answers a request, given the parts of its path.
    """

    method: str
    path: str
    answer: Callable[[Request, Mapping[str, str]], Reply]

    def match(self, path: str) -> dict[str, str] | None:
        """Return the parts of `path`, percent-decoded, or None when it is another path."""
        # Split before decoding: an encoded slash belongs to its segment.
        wanted, given = self.path.split("/"), path.split("/")
        if len(wanted) != len(given):
            return None
        parts: dict[str, str] = {}
        for template, segment in zip(wanted, given, strict=True):
            if template.startswith("{") and segment:
                parts[template[1:-1]] = unquote(segment)
            elif template != unquote(segment):
                return None
        return parts


def route(routes: Iterable[Route], request: Request, refuse: Callable[..., Reply]) -> Reply:
    """Return the answer of the route that a request takes; where none does, what `refuse` makes of 404 or 405."""
    allowed = []
    for each in routes:
        parts = each.match(request.path)
        if parts is None:
            continue
        if each.method == request.method:
            try:
                return each.answer(request, parts)
            except RefusedError as refusal:
                return refusal.reply
        allowed.append(each.method)
    if allowed:
        return refuse(405, headers={"Allow": ", ".join(allowed)})
    return refuse(404)


class Simulator(ABC):
    """A vendor in memory. A subclass is one vendor; its module makes it known by holding it.

    Attributes:
        name: the provider's name.
        base_path: the path that ends the vendor's base URL.
        paging: how its lists go on from page to page; None where they are whole. Faults of lists need it.
        api_key: a credential that it accepts from the start.
        clock: tells its time, goes as the one it was made with, and can be moved.
        random: draws its ids.
        faults: what goes wrong next.
        lock: is held while a request is answered; hold it to change several things at once.
        rate_limit: how many requests a minute a caller may send, None for any.
        on_change: is called with the lock held after each request, before its reply is sent.
        retry_after_form: how a refusal says when to come again: after so many seconds, or at a date (RFC 9110, 10.2.3).
    """

    name: ClassVar[str]
    base_path: ClassVar[str] = ""
    paging: ClassVar[Paging | None] = None
    api_key: str

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start empty. Ids are drawn from `random`, so that a run can be repeated; unset, every run is the same."""
        self.clock = shifted(clock)
        self.random = random or Random(0)  # noqa: S311 - ids to be repeated, not secrets
        self.rate_limit: int | None = None
        self.retry_after_form: Literal["seconds", "date"] = "seconds"
        self.lock = threading.RLock()
        self.on_change: Callable[[], None] = lambda: None
        self._arrivals: dict[str, deque[datetime]] = {}
        self._routes = self.routes()
        known = tuple(f"{each.method} {each.path}" for each in self._routes)
        self.faults = Faults(known, base_path=self.base_path)
        self._issued = 0

    @abstractmethod
    def routes(self) -> tuple[Route, ...]:
        """Return the operations that the vendor answers."""

    @abstractmethod
    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return a refusal of `status` with the vendor's own error body, its usual words where `message` is empty.

        `headers` are sent besides.
        """

    @abstractmethod
    def env(self, base_url: str, folder: Path) -> dict[str, str]:
        """Return every environment variable that a client needs to reach this simulator at `base_url`.

        `base_url` ends with `base_path`. A key that a client reads from a file is written below `folder`, mode 0600.
        """

    def credential(self, request: Request, api_key: str) -> Mapping[str, str] | None:
        """Return the headers that authenticate `request` as `api_key`; None where the document's schemes say it all.

        A vendor whose requests are signed says how here, for tests that send requests by themselves.
        """
        return None

    def internal_error(self, request: Request) -> None:  # noqa: B027 - most vendors remember nothing
        """Note that `request` is about to get a 5xx of the vendor; a vendor that remembers it says how."""

    def console(self) -> tuple[Route, ...]:
        """Return what the vendor's people can do from another process, below `/_mock/` (`control` has the rest)."""
        return ()

    def handle(self, request: Request) -> Reply:
        """Answer `request`, at the simulator's own time; safe to call from many threads."""
        with self.lock:
            reply = self.dated(self._afflicted(request))
            self.on_change()
        return reply

    def _afflicted(self, request: Request) -> Reply:
        fault = self.faults.take(request)
        if fault is None:
            return self._answer(request)
        if fault.kind == "status" and fault.code >= 500:
            self.internal_error(request)
        return afflict(fault, request, self._answer, self)

    def dated(self, reply: Reply) -> Reply:
        """Return `reply` with a `Date` by the simulator's clock."""
        return reply.with_headers(("Date", _http_date(self.clock())))

    def retry_after(self, seconds: int) -> str:
        """Return how a refusal says that one should wait for so many `seconds`."""
        if self.retry_after_form == "seconds":
            return str(seconds)
        # A date has whole seconds alone: the part of this one that has passed must not shorten the wait.
        return _http_date(self.clock() + timedelta(seconds=seconds) + timedelta(microseconds=999_999))

    def transport(self) -> SimulatorTransport:
        """Return a transport that brings an httpx.Client or httpx.AsyncClient here without a socket."""
        return SimulatorTransport(self.handle)

    def _answer(self, request: Request) -> Reply:
        return route(self._routes, request, self.refuse)

    def throttle(self, caller: str) -> None:
        """Count a request of `caller`, and refuse it with 429 and Retry-After when the last minute is full."""
        if self.rate_limit is None:
            return
        now = self.clock()
        arrivals = self._arrivals.setdefault(caller, deque())
        while arrivals and arrivals[0] <= now - _MINUTE:
            arrivals.popleft()
        if len(arrivals) >= self.rate_limit:
            wait = (arrivals[0] + _MINUTE - now) if arrivals else _MINUTE
            seconds = max(1, math.ceil(wait.total_seconds()))
            raise RefusedError(self.refuse(429, headers={"Retry-After": self.retry_after(seconds)}))
        arrivals.append(now)

    def new_uuid(self) -> str:
        """Return the next UUID of version 4."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def new_secret(self, prefix: str) -> str:
        """Return the next value to issue: `prefix`, a number, and words that make it look as fake as it is."""
        self._issued += 1
        return f"{prefix}_{self._issued:04d}_not_a_key"


def fingerprint(value: str) -> str:
    """Return what a vendor keeps of a secret that it shows once: a hash."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def _hashed(value: str) -> str:
    return value if _HASH.fullmatch(value) else f"sha256:{fingerprint(value)}"


HASHED = {WRITTEN: Writing(write=_hashed, read=str)}
"""The metadata of a field whose value is kept as a hash, from which it does not come back."""


def _http_date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC).replace(microsecond=0), usegmt=True)
