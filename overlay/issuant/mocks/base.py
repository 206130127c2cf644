"""What all simulators share. Owns routing, faults, the rate limit and the lock; knows no vendor."""

from __future__ import annotations

import hashlib
import math
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import ClassVar
from urllib.parse import unquote
from uuid import UUID

from .clock import Clock, system_clock
from .faults import Faults
from .inprocess import SimulatorTransport
from .messages import NO_HEADERS, RefusedError, Reply, Request

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation: a method, a path whose `{parts}` take one segment each, and what answers it."""

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


class Simulator(ABC):
    """A vendor in memory. A subclass is one vendor; its module makes it known by holding it.

    `name` is the provider's name, `base_path` the path that ends the vendor's base URL.
    `api_key` is a credential that it accepts from the start.
    `faults` are what goes wrong next; `rate_limit` is how many requests a minute a caller may send, None for any.
    """

    name: ClassVar[str]
    base_path: ClassVar[str] = ""
    api_key: str

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start empty. Ids are drawn from `random`, so that a run can be repeated; unset, every run is the same."""
        self.clock = clock
        self.random = random or Random(0)  # noqa: S311 - ids to be repeated, not secrets
        self.faults = Faults()
        self.rate_limit: int | None = None
        self.lock = threading.RLock()
        self._arrivals: dict[str, deque[datetime]] = {}
        self._routes = self.routes()
        self._issued = 0

    @abstractmethod
    def routes(self) -> tuple[Route, ...]:
        """Return the operations that the vendor answers."""

    @abstractmethod
    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return a refusal with the vendor's own error body."""

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

    def handle(self, request: Request) -> Reply:
        """Answer one request; safe to call from many threads."""
        with self.lock:
            fault = self.faults.take(request)
            if fault is None:
                return self._answer(request)
            if fault.kind == "status" and fault.code >= 500:
                self.internal_error(request)
            return fault.apply(lambda: self._answer(request), self.refuse)

    def transport(self) -> SimulatorTransport:
        """Return a transport that brings an httpx.Client or httpx.AsyncClient here without a socket."""
        return SimulatorTransport(self.handle)

    def _answer(self, request: Request) -> Reply:
        allowed = []
        for route in self._routes:
            parts = route.match(request.path)
            if parts is None:
                continue
            if route.method == request.method:
                try:
                    return route.answer(request, parts)
                except RefusedError as refusal:
                    return refusal.reply
            allowed.append(route.method)
        if allowed:
            return self.refuse(405, headers={"Allow": ", ".join(allowed)})
        return self.refuse(404)

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
            raise RefusedError(self.refuse(429, headers={"Retry-After": str(seconds)}))
        arrivals.append(now)

    def new_uuid(self) -> str:
        """Return the next UUID of version 4."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def new_secret(self, prefix: str) -> str:
        """Return the next value to issue: fake, looking fake, and unlike any other of this simulator."""
        self._issued += 1
        return f"{prefix}_{self._issued:04d}_not_a_key"


def fingerprint(value: str) -> str:
    """Return what a vendor keeps of a secret that it shows once: a hash."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
