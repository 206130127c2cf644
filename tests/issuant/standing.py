"""A provider that is none: it can do what a test lets it, and keeps what it is asked for in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from issuant.adapters import Adapter
from issuant.async_connection import AsyncConnection
from issuant.clock import Clock
from issuant.connection import Connection
from issuant.errors import IssuantError, UnsupportedError
from issuant.flow import Flow, Step, Stream
from issuant.inventory import Identity, KeyInfo, Page, Removed
from issuant.keys import Capabilities
from issuant.providers import Provider, find_provider

CAPABILITIES = Capabilities(
    issues_keys=True,
    stores_secrets=False,
    sets_expiry=False,
    needs_approval=False,
    caller_makes="nothing",
    idempotent_create=False,
    note="It is none.",
)


class Bare:
    """It issues, and can do nothing else."""

    def issue(self, request: object, sink: object) -> Flow[Any]:
        raise UnsupportedError("it issues nothing.")
        yield


@dataclass
class Able(Bare):
    """It lists and revokes keys, and tells who asks. An error in the place of an answer is raised."""

    pages: Iterable[Page[KeyInfo] | IssuantError] = ()
    caller: Identity | IssuantError = field(default_factory=lambda: Identity(provider="nowhere", id="user-1"))
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def keys(self, *, owner: str | None, everyone: bool) -> Stream[KeyInfo]:
        self.asked.append(("keys", owner, everyone))
        for page in self.pages:
            if isinstance(page, IssuantError):
                raise page
            yield page

    def revoke(self, id: str, *, owner: str | None) -> Flow[Removed]:  # noqa: A002 - the field's own name
        self.asked.append(("revoke", id, owner))
        return Removed(provider="nowhere", id=id)
        yield

    def whoami(self) -> Flow[Identity]:
        self.asked.append(("whoami",))
        if isinstance(self.caller, IssuantError):
            raise self.caller
        return self.caller
        yield


class NoWire:
    """A transport that carries nothing."""

    clock_skew = None

    def perform(self, step: Step) -> object:
        raise AssertionError(f"nothing is sent, and this was: {step!r}")

    def interrupted(self, step: Step) -> IssuantError:
        raise AssertionError(f"nothing is sent, and this was: {step!r}")


def provider(adapter: Adapter, **described: Any) -> Provider:
    """Return a provider of that adapter, described as told."""

    def made(account: object, clock: Clock) -> Adapter:
        return adapter

    given: dict[str, Any] = {"title": "Nowhere", "capabilities": CAPABILITIES, "by_hand": {}}
    return replace(find_provider("galileo"), name="nowhere", adapter=made, **given | described)


def connection(adapter: Adapter, **described: Any) -> Connection:
    """Return a connection to such a provider."""
    wire: Any = NoWire()
    return Connection(provider(adapter, **described), adapter, "https://nowhere.invalid", wire)


def async_connection(adapter: Adapter, **described: Any) -> AsyncConnection:
    """The twin of `connection`."""
    wire: Any = NoWire()
    return AsyncConnection(provider(adapter, **described), adapter, "https://nowhere.invalid", wire)
