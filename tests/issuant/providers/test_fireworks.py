"""Fireworks as a whole: who asks, what each may do, and what every list has in common. `Asking` runs both modes."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from issuant import connect, connect_async
from issuant.errors import Effect, NotFoundError, PermissionDeniedError, UnusableReplyError, UsageError
from issuant.inventory import ItemProblem
from issuant.listing import AsyncListing, Listing
from issuant.mocks import Fault, MovableClock, Reply, Request
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.fireworks_state import StoredSecret as Kept
from issuant.providers.fireworks import FireworksAccount
from issuant.repeating import Retries

Mode = Literal["sync", "async"]
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
LEAKED = "leaked-value-7Qz3-TEST"  # it shares nothing with the credential, which is hidden already

each_mode = pytest.mark.parametrize("mode", ["sync", "async"])


class Watched(FireworksSimulator):
    """A simulator that notes what is sent to it."""

    def __init__(self) -> None:
        super().__init__(clock=MovableClock(NOW))
        self.seen: list[str] = []

    def handle(self, request: Request) -> Reply:
        self.seen.append(f"{request.method} {request.path}")
        return super().handle(request)


class Asking:
    """Asks a simulator by the facade, sync or async. A list comes as its items and its problems."""

    def __init__(self, vendor: FireworksSimulator, mode: Mode, *, api_key: str = "", user_id: str | None = "") -> None:
        """Ask as the admin, unless another key and user are given."""
        self._account = FireworksAccount(
            api_key=api_key or vendor.api_key,
            account_id=vendor.account_id,
            user_id=vendor.user_id if user_id == "" else user_id,
        )
        self._vendor = vendor
        self._is_async = mode == "async"

    def __call__(self, method: str, *arguments: object, **named: object) -> Any:
        options: dict[str, Any] = {
            "base_url": "https://mock.invalid",
            "transport": self._vendor.transport(),
            "retries": Retries(first_wait=0.001),
            "clock": self._vendor.clock,
        }
        if self._is_async:
            return asyncio.run(self._asynchronously(method, arguments, named, options))
        with connect(self._account, **options) as connection:
            found = getattr(connection, method)(*arguments, **named)
            return (list(found), found.problems) if isinstance(found, Listing) else found

    async def _asynchronously(self, method: str, arguments: Any, named: Any, options: Any) -> Any:
        async with connect_async(self._account, **options) as connection:
            found = getattr(connection, method)(*arguments, **named)
            if isinstance(found, AsyncListing):
                return [item async for item in found], found.problems
            return await found


def body(fields: object) -> Fault:
    """Return the fault that answers with these fields."""
    return Fault.body(json.dumps(fields).encode())


LISTS = {
    "keys": ("apiKeys", {"keyId": "k1", "displayName": "n1"}, {"keyId": 7.5, "displayName": "odd"}),
    "secrets": ("secrets", {"name": "accounts/a/secrets/s1", "keyName": "S1"}, {"name": "s2", "keyName": ["odd"]}),
    "users": ("users", {"name": "accounts/a/users/u1", "role": "user"}, {"name": "u2", "role": "user", "email": 12}),
}
each_list = pytest.mark.parametrize("method", LISTS)


@each_mode
def test_whoami_is_the_user_of_the_connection(mode: Mode) -> None:
    """The vendor shows the user and not whose key it is, so that it is not certain."""
    found = Asking(Watched(), mode)("whoami")
    assert (found.id, found.role, found.account) == ("mock-user", "admin", "mock-account")
    assert found.email == "mock-user@mock.invalid"
    assert found.is_certain is False


def test_whoami_needs_a_user_id_and_says_so() -> None:
    """There is nothing else to ask for."""
    vendor = Watched()
    with pytest.raises(UsageError, match="does not tell whom a key belongs to") as caught:
        Asking(vendor, "sync", user_id=None)("whoami")
    assert caught.value.field == "user_id"
    assert "FIREWORKS_USER_ID" in caught.value.advice
    assert vendor.seen == []


def test_whoami_of_a_user_who_is_unknown_is_not_found() -> None:
    """The connection is set up for nobody."""
    with pytest.raises(NotFoundError):
        Asking(Watched(), "sync", user_id="nobody")("whoami")


@pytest.mark.parametrize(
    ("method", "arguments", "named"),
    [
        pytest.param("keys", (), {"owner": "mock-user"}, id="keys-of-another"),
        pytest.param("keys", (), {"everyone": True}, id="keys-of-everyone"),
        pytest.param("revoke", ("k",), {"owner": "mock-user"}, id="revoke"),
        pytest.param("create_user", ("more",), {"role": "user"}, id="create-user"),
    ],
)
def test_who_is_no_admin_may_not(method: str, arguments: tuple[str, ...], named: dict[str, object]) -> None:
    """What concerns others is for admins; one's own keys are not."""
    vendor = Watched()
    asking = Asking(vendor, "sync", api_key=vendor.add_key("someone"), user_id="someone")
    assert len(asking("keys")[0]) == 1
    with pytest.raises(PermissionDeniedError) as caught:
        asking(method, *arguments, **named)
    assert caught.value.effect is Effect.NONE


@each_mode
@each_list
def test_an_odd_item_is_a_problem_and_the_others_are_listed(method: str, mode: Mode) -> None:
    """An item with any fault is left out, and named by its place and what can be read of it."""
    field, good, odd = LISTS[method]
    vendor = Watched()
    vendor.faults.add(body({field: [odd, good, 12]}))
    items, problems = Asking(vendor, mode)(method)
    assert [item.id for item in items] == [good[next(iter(good))].rsplit("/", 1)[-1]]
    assert [problem.position for problem in problems] == [0, 2]
    assert problems[0].name or problems[0].id
    assert problems[1] == ItemProblem(position=2, faults=("it is no object",))


@each_list
@pytest.mark.parametrize("last", [{}, {"nextPageToken": ""}, {"nextPageToken": None}], ids=["absent", "empty", "null"])
def test_a_list_without_items_or_token_is_empty(method: str, last: dict[str, object]) -> None:
    """An empty list and the token of the last page are left out (proto3)."""
    vendor = Watched()
    vendor.faults.add(body(last))
    assert Asking(vendor, "sync")(method) == ([], ())
    assert len(vendor.seen) == 1


@each_list
@pytest.mark.parametrize("fault", ["items", "token", "lone-surrogate", "no-object", "html"])
def test_a_reply_that_is_no_page_is_an_error(method: str, fault: str) -> None:
    """Nothing of it is taken for the list, and nothing has changed."""
    field, good, _ = LISTS[method]
    vendor = Watched()
    vendor.faults.add(
        {
            "items": body({field: good}),
            "token": body({field: [good], "nextPageToken": 12}),
            "lone-surrogate": body({field: [good], "nextPageToken": "\ud800"}),
            "no-object": body([good]),
            "html": Fault.html(200),
        }[fault]
    )
    with pytest.raises(UnusableReplyError) as caught:
        Asking(vendor, "sync")(method)
    assert caught.value.effect is Effect.NONE
    assert caught.value.operation == method


@each_mode
@each_list
def test_a_page_token_that_comes_again_ends_a_list_with_an_error(method: str, mode: Mode) -> None:
    """It would never end."""
    vendor = Watched()
    for number in range(60):
        vendor.add_user(f"user-{number}")
        vendor.add_key(vendor.user_id)
        name = f"accounts/{vendor.account_id}/secrets/s{number}"
        vendor.secrets[name] = Kept(name=name, key_name="S", value="v_TEST")
    vendor.faults.add(Fault.pages_repeat(), times=9)
    with pytest.raises(UnusableReplyError, match="does not end"):
        Asking(vendor, mode)(method)
    assert len(vendor.seen) == 2


@each_list
def test_a_list_survives_lost_replies(method: str) -> None:
    """What only reads is sent again; three attempts are made at most."""
    vendor = Watched()
    vendor.faults.add(Fault.drop_after())
    vendor.faults.add(Fault.status(503))
    Asking(vendor, "sync")(method)
    assert len(vendor.seen) == 3


@pytest.mark.parametrize(
    ("method", "field", "item"),
    [
        pytest.param("keys", "key", {"keyId": "k1", "displayName": LEAKED}, id="key-in-a-name"),
        pytest.param("keys", "key", {"keyId": LEAKED, "displayName": "n"}, id="key-in-an-id"),
        pytest.param("keys", "key", {"displayName": LEAKED, "expireTime": "never"}, id="key-in-what-is-unreadable"),
        pytest.param("keys", "key", {"keyId": "k1", LEAKED: 1}, id="key-in-the-name-of-a-field"),
        pytest.param("keys", "key", {"keyId": "k1"}, id="key"),
        pytest.param("secrets", "value", {"name": f"a/{LEAKED}", "keyName": "S"}, id="value-in-a-name"),
        pytest.param("secrets", "value", {"name": LEAKED}, id="value-in-what-is-unreadable"),
        pytest.param("secrets", "value", {"name": "s1", "keyName": "S"}, id="value"),
    ],
)
def test_a_value_in_a_list_is_never_shown(
    method: str, field: str, item: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    """No list should have one; an item that does is listed without it, or is a problem that does not repeat it."""
    vendor = Watched()
    vendor.faults.add(body({LISTS[method][0]: [item | {field: LEAKED}]}))
    items, problems = Asking(vendor, "sync")(method)
    assert len(items) + len(problems) == 1
    assert all(field not in found.fields for found in items)
    assert LEAKED not in f"{items!r} {problems!r} {[str(problem) for problem in problems]} {caplog.text}"
