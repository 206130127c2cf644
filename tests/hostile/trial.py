"""One errand tried on one simulator: what arrived there, what came of it, and all that had to stay secret."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, Literal

import httpx
from issuant import IssuantError, Retries, connect, connect_async
from issuant.mocks import Reply, Request, Simulator
from issuant.mocks.inprocess import SimulatorTransport

from tests.contract.unlisted import BASE_URL, now
from tests.hostile.errands import Errand, fresh

Mode = Literal["sync", "async"]
MODES: tuple[Mode, ...] = ("sync", "async")

RETRIES = Retries(attempts=3, first_wait=0, longest_wait=0)
_MOST_REQUESTS = 40
_PATIENCE = 5.0

# What a simulator remembers, and nobody has made there.
_MEMORY = frozenset({"outcomes", "nonces", "queue", "pages", "logins"})


class RunawayError(BaseException):
    """More requests came than any errand takes. It is no Exception, or it would be taken for a failure of the wire."""


@dataclass(kw_only=True)
class Stand:
    """A furnished simulator, and the requests that arrived since. `issued` are the values that it has issued."""

    errand: Errand
    simulator: Any
    answer: Callable[[Request], Reply]
    given: Any
    issued: list[str]
    arrived: list[Request] = field(default_factory=list)

    def handle(self, request: Request) -> Reply:
        """Answer a request as the simulator does. Raises RunawayError where there is no end of them."""
        self.arrived.append(request)
        if len(self.arrived) > _MOST_REQUESTS:
            raise RunawayError(f"{self.errand.name} does not end")
        reply = self.answer(request)
        self.issued.extend(_tokens(request, reply))
        return reply

    def transport(self) -> SimulatorTransport:
        """Return the way here."""
        return SimulatorTransport(self.handle)

    def holdings(self) -> frozenset[tuple[str, str]]:
        """Return all that was ever made there and not removed: kind and id."""
        return frozenset((kind, str(name)) for kind, held in _kept(self.simulator) for name in held)

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must not show."""
        credentials = (secret.reveal() for secret in self.errand.account(self.simulator).credentials)
        return (*credentials, *self.errand.gives, *self.issued)

    def hidden(self) -> tuple[str, ...]:
        """Return those that no outcome may show either.

        At Fireblocks the id of an API user, which is listed, is its API key; the private key is what proves it.
        """
        by_right = self.simulator.api_key if self.errand.provider == "fireblocks" else None
        return tuple(text for text in self.secrets() if text != by_right)


def _kept(simulator: Simulator) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    for name, part in vars(simulator).items():
        held = getattr(part, "kept", part)
        if not name.startswith("_") and name not in _MEMORY and isinstance(held, dict):
            yield name, held


def _tokens(request: Request, reply: Reply) -> Iterator[str]:
    """Yield what a login brings."""
    if "login" in request.path and reply.status == 200 and reply.body[:1] == b"{":
        with suppress(ValueError):  # it was spoilt on its way
            token = json.loads(reply.body).get("access_token")
            yield from [token] if isinstance(token, str) else []
        yield from (morsel.value for morsel in SimpleCookie(reply.headers.get("set-cookie", "")).values())


def stand(errand: Errand) -> Stand:
    """Return a stand of its own for one trial."""
    simulator, issued = fresh(errand.provider), list[str]()
    make = simulator.new_secret

    def note(prefix: str) -> str:
        issued.append(make(prefix))
        return issued[-1]

    simulator.new_secret = note  # type: ignore[method-assign]
    given = errand.furnish(simulator)
    return Stand(errand=errand, simulator=simulator, answer=simulator.handle, given=given, issued=issued)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of it: `outcome`, or the error that was raised."""

    outcome: Any
    arrived: tuple[Request, ...]
    made: frozenset[tuple[str, str]]
    removed: frozenset[tuple[str, str]]

    @property
    def error(self) -> IssuantError | None:
        """The error of ours that ended it, None where it succeeded."""
        return self.outcome if isinstance(self.outcome, IssuantError) else None


Carry = Callable[[Stand], Any]
"""Makes the transport that leads to a stand."""


def attempt(
    subject: Stand,
    mode: Mode,
    *,
    carry: Carry = Stand.transport,
    base_url: str | None = None,
    timeout: float = _PATIENCE,
    retries: Retries = RETRIES,
) -> Trial:
    """Do the errand once. What is no error of ours comes through."""
    before = subject.holdings()
    given: dict[str, Any] = {
        "base_url": base_url or BASE_URL + subject.simulator.base_path,
        "transport": None if base_url else carry(subject),
        "clock": now,
        "retries": retries,
        "timeout": httpx.Timeout(_PATIENCE, read=timeout),
    }
    try:
        outcome = asyncio.run(_attempt_async(subject, given)) if mode == "async" else _attempt(subject, given)
    except IssuantError as error:
        outcome = error
    after = subject.holdings()
    return Trial(outcome=outcome, arrived=tuple(subject.arrived), made=after - before, removed=before - after)


def _attempt(subject: Stand, given: dict[str, Any]) -> Any:
    with connect(subject.errand.account(subject.simulator), **given) as connection:
        return subject.errand.ask(connection, subject.given)


async def _attempt_async(subject: Stand, given: dict[str, Any]) -> Any:
    async with connect_async(subject.errand.account(subject.simulator), **given) as connection:
        return await subject.errand.ask(connection, subject.given)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect every line of every log at DEBUG."""
    lines = list[str]()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.args!r}")

    root, collector = logging.getLogger(), Collector()
    level = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(collector)
        root.setLevel(level)
