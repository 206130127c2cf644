"""A Fireblocks workspace to ask, sync and async, on a clock that stands still. It keeps all that is sent to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import httpx
import pytest
from issuant import FireblocksAccount, FireblocksKeyRequest, IssuantError, Listing, connect, connect_async
from issuant.auth import FireblocksAuth
from issuant.listing import AsyncListing
from issuant.mocks import Fault, MovableClock, Reply, Request
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_users import ApiUser
from issuant.mocks.inprocess import SimulatorTransport
from issuant.repeating import Retries

from tests.mocks.signing import csr_of, rsa_key

BASE_URL = "https://mock.invalid/v1"
USERS = "/v1/management/api_users"
APPROVALS = "/v1/approvals"
CREATE = f"POST {USERS}"
LIST_USERS = f"GET {USERS}"
LIST_APPROVALS = f"GET {APPROVALS}"
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
QUICK = Retries(first_wait=0.001)

Mode = Literal["sync", "async"]


class ClockedAccount(FireblocksAccount):
    """A user whose requests are signed at the time of a clock that can be moved."""

    clock = staticmethod(MovableClock(NOW))

    def auth(self, base_url: str) -> httpx.Auth:
        return FireblocksAuth(self.api_key, self.private_key, clock=type(self).clock)


@dataclass(kw_only=True)
class Stand:
    """A simulator and how it is asked. `clock` is this machine's; the simulator's own can be moved besides.

    Attributes:
        sent: every request that reached the simulator.
        after: is called with each request and the reply to it, and returns what is sent.
    """

    mode: Mode
    clock: MovableClock
    simulator: FireblocksSimulator
    sent: list[Request] = field(default_factory=list)
    after: Callable[[Request, Reply], Reply] = lambda request, reply: reply

    def ask(self, operation: Callable[[Any], Any], *, user: ApiUser | None = None, retries: Retries = QUICK) -> Any:
        """Return what `operation` makes of a connection, as `user` or the first admin; a listing as a list."""
        kind = type("_Account", (ClockedAccount,), {"clock": staticmethod(self.clock)})
        api_key = self.simulator.api_key if user is None else user.id
        account = kind(api_key=api_key, private_key=self.simulator.private_key_pem)
        transport = SimulatorTransport(self._handle)
        options: dict[str, Any] = {"base_url": BASE_URL, "clock": self.clock, "retries": retries}
        if self.mode == "async":
            return asyncio.run(_ask_async(operation, account, transport, options))
        with connect(account, transport=transport, **options) as connection:
            found = operation(connection)
            return list(found) if isinstance(found, Listing) else found

    def refused(self, operation: Callable[[Any], Any], *, user: ApiUser | None = None) -> IssuantError:
        """Return the error that `operation` ends in."""
        with pytest.raises(IssuantError) as caught:
            self.ask(operation, user=user)
        assert (caught.value.__cause__, caught.value.__context__) == (None, None)
        return caught.value

    def sent_to(self, operation: str) -> list[Request]:
        """Return what was sent of one operation, such as `POST /v1/management/api_users`."""
        return [request for request in self.sent if f"{request.method} {request.path}" == operation]

    def keys_of(self, operation: str) -> list[str]:
        """Return the idempotency keys that an operation was sent with."""
        return [request.headers.get("idempotency-key", "") for request in self.sent_to(operation)]

    def answer(self, body: str, *, status: int = 200, on: str = LIST_USERS) -> None:
        """Let the next request of an operation be answered with exactly this JSON."""
        self.simulator.faults.add(Fault.body(body.encode(), status=status), on=on)

    def _handle(self, request: Request) -> Reply:
        self.sent.append(request)
        return self.after(request, self.simulator.handle(request))


async def _ask_async(
    operation: Callable[[Any], Any], account: FireblocksAccount, transport: SimulatorTransport, options: dict[str, Any]
) -> Any:
    async with connect_async(account, transport=transport, **options) as connection:
        found = operation(connection)
        if isinstance(found, AsyncListing):
            return [item async for item in found]
        return await found


def new_stand(mode: Mode) -> Stand:
    """Return a fresh workspace."""
    clock = MovableClock(NOW)
    return Stand(mode=mode, clock=clock, simulator=FireblocksSimulator(clock=clock))


def wish(name: str = "k", role: str = "VIEWER", *, idempotency_key: str | None = None) -> FireblocksKeyRequest:
    """Return a request whose key pair is made already: making one is slow."""
    return FireblocksKeyRequest(name=name, role=role, csr_pem=csr_of(rsa_key()), idempotency_key=idempotency_key)
