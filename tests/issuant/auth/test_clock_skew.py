"""A clock that is off: Fireblocks refuses by its own, and the `Date` of its 401 shows what that says."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from issuant import FireblocksAccount, FireblocksKeyRequest, PendingApproval, connect
from issuant.auth import FireblocksAuth
from issuant.errors import AuthenticationError
from issuant.mocks import Fault, Headers, MovableClock, Reply, Request, simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.inprocess import SimulatorTransport

from tests.hostile.operations import csr_pem
from tests.issuant.auth.calling import BASE_URL, Instead, Seen, Unread, call, every_mode
from tests.issuant.recording import NOW

USERS = f"{BASE_URL}/v1/management/api_users"


class Fireblocks(Seen):
    """Fireblocks, whose clock is ahead of ours by `ahead`; ours is `ours`."""

    def __init__(self, **ahead: float) -> None:
        super().__init__("fireblocks")
        assert isinstance(self.vendor, FireblocksSimulator)
        self.pem = self.vendor.private_key_pem
        self.ours = MovableClock(NOW)
        self.clock.advance(timedelta(**ahead))

    def auth(self, **options: Any) -> FireblocksAuth:
        return FireblocksAuth(self.vendor.api_key, self.pem, clock=self.ours, **options)

    def claims(self, at: int) -> dict[str, Any]:
        payload = self.requests[at].headers["authorization"].split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        assert isinstance(found, dict)
        return found

    def listed(self, mode: str, auth: FireblocksAuth, *, times: int = 1, transport: Any = None) -> list[int]:
        replies = call(mode, transport or self.transport(), auth, times, method="GET", url=USERS)
        return [reply.status_code for reply in replies]


OFF = [
    pytest.param({"minutes": 5}, id="we-are-slow"),
    pytest.param({"minutes": -5}, id="we-are-fast"),
    pytest.param({"seconds": 30}, id="half-a-minute"),
    pytest.param({"minutes": 59, "seconds": 59}, id="nearly-an-hour"),
    pytest.param({"minutes": -59, "seconds": -59}, id="nearly-an-hour-fast"),
]


@every_mode
@pytest.mark.parametrize("ahead", OFF)
def test_a_clock_that_is_off_is_made_up_for(ahead: dict[str, float], mode: str) -> None:
    """The first request is signed anew, with another nonce; those that follow go by the vendor's clock at once."""
    seen = Fireblocks(**ahead)
    auth = seen.auth()
    assert auth.clock_skew is None
    assert seen.listed(mode, auth, times=3) == [200, 200, 200]
    assert len(seen.requests) == 4
    assert auth.clock_skew == timedelta(**ahead)
    assert len({seen.claims(at)["nonce"] for at in range(4)}) == 4
    assert [seen.claims(at)["iat"] - int(NOW.timestamp()) for at in range(4)] == [
        0,
        *[int(timedelta(**ahead).total_seconds())] * 3,
    ]
    assert {seen.claims(at)["exp"] - seen.claims(at)["iat"] for at in range(4)} == {29}


@every_mode
@pytest.mark.parametrize(
    "ahead",
    [
        pytest.param({"hours": 2}, id="hours"),
        pytest.param({"days": -400}, id="more-than-a-year"),
        pytest.param({"hours": 1, "seconds": 1}, id="just-over-an-hour"),
    ],
)
def test_a_clock_that_is_off_by_more_than_an_hour_is_not_followed(ahead: dict[str, float], mode: str) -> None:
    """The 401 is the answer, and `clock_skew` says why."""
    seen = Fireblocks(**ahead)
    auth = seen.auth()
    assert seen.listed(mode, auth) == [401]
    assert len(seen.requests) == 1
    assert auth.clock_skew == timedelta(**ahead)


@every_mode
@pytest.mark.parametrize("seconds", [0, 3, -3])
def test_a_refusal_for_another_reason_is_the_answer(seconds: int, mode: str) -> None:
    """Where the clocks agree, signing anew would change nothing."""
    seen = Fireblocks(seconds=seconds)
    seen.vendor.faults.add(Fault.status(401), times=9)
    assert seen.listed(mode, seen.auth()) == [401]
    assert len(seen.requests) == 1


@every_mode
def test_a_request_is_sent_once_more_and_no_more(mode: str) -> None:
    """The second 401 is the answer; and one signed by the vendor's clock is not signed anew by the same."""
    seen = Fireblocks(minutes=5)
    seen.vendor.faults.add(Fault.status(401), times=9)
    auth = seen.auth()
    assert seen.listed(mode, auth) == [401]
    assert len(seen.requests) == 2
    assert seen.listed(mode, auth) == [401]
    assert len(seen.requests) == 3


@every_mode
def test_a_clock_that_was_set_right_is_believed_again(mode: str) -> None:
    """The offset in use is then what is wrong."""
    seen = Fireblocks(minutes=5)
    auth = seen.auth()
    seen.listed(mode, auth)
    seen.ours.advance(timedelta(minutes=5))
    assert seen.listed(mode, auth) == [200]
    assert len(seen.requests) == 4
    assert auth.clock_skew == timedelta()
    assert seen.claims(3)["iat"] == int(seen.ours().timestamp())


@every_mode
def test_backdate_and_lifetime_hold_by_the_vendors_clock_too(mode: str) -> None:
    """They count from the time that is made up for."""
    seen = Fireblocks(minutes=5)
    auth = seen.auth(backdate=timedelta(seconds=10), lifetime=timedelta(seconds=50))
    assert seen.listed(mode, auth) == [200]
    claims = seen.claims(1)
    assert claims["iat"] == int(seen.clock().timestamp()) - 10
    assert claims["exp"] == claims["iat"] + 50


def _dated(value: str | None) -> Callable[[Reply], Reply]:
    fields = [] if value is None else [("Date", value)]
    return lambda reply: replace(
        reply, headers=Headers([*((k, v) for k, v in reply.headers.items() if k != "Date"), *fields])
    )


@pytest.mark.parametrize("date", [None, "", "soon", "Mon, 99 Foo 99999999999999 00:00:00 GMT"])
def test_a_401_without_a_date_is_the_answer(date: str | None) -> None:
    """What the vendor's clock says is not known then."""
    seen = Fireblocks(minutes=5)
    auth, redate = seen.auth(), _dated(date)
    transport = seen.transport(lambda request: redate(seen.handle(request)))
    assert seen.listed("sync", auth, transport=transport) == [401]
    assert len(seen.requests) == 1
    assert auth.clock_skew is None


def test_only_a_401_is_looked_at() -> None:
    """Any other reply is an answer, whenever it was made."""
    seen = Fireblocks(seconds=20)
    auth = seen.auth()
    seen.vendor.faults.add(Fault.status(500))
    assert seen.listed("sync", auth) == [500]
    assert seen.listed("sync", auth) == [200]
    assert len(seen.requests) == 2
    assert auth.clock_skew is None


@every_mode
def test_a_401_that_is_followed_by_another_try_is_closed_unread(mode: str) -> None:
    """Its body could be endless."""
    seen, body = Fireblocks(minutes=5), Unread()
    date = format_datetime(seen.clock(), usegmt=True)
    transport = Instead(seen.transport(), httpx.Response(401, headers={"Date": date}, stream=body), at=0)
    assert seen.listed(mode, seen.auth(), transport=transport) == [200]
    assert body.is_closed


def test_a_request_that_was_signed_before_the_offset_was_known_goes_again_too() -> None:
    """Another call may have learnt it in the meantime."""
    seen = Fireblocks(minutes=5)
    auth = seen.auth()

    def while_another_learns(request: Request) -> Reply:
        if not seen.requests:
            seen.requests.append(request)
            assert seen.listed("sync", auth) == [200]
        return seen.handle(request)

    assert seen.listed("sync", auth, transport=seen.transport(while_another_learns)) == [200]
    assert len(seen.requests) == 5


def test_a_create_goes_again_with_its_idempotency_key() -> None:
    """A 401 means that nothing was done: one request for approval comes of it."""
    vendor = simulator("fireblocks")
    assert isinstance(vendor, FireblocksSimulator)
    vendor.clock.advance(timedelta(minutes=5))
    requests: list[Request] = []

    def handle(request: Request) -> Reply:
        requests.append(request)
        return vendor.handle(request)

    account = FireblocksAccount(api_key=vendor.api_key, private_key=vendor.private_key_pem)
    wish = FireblocksKeyRequest(name="k", role="VIEWER", csr_pem=csr_pem(), idempotency_key="TEST-once")
    with connect(account, transport=SimulatorTransport(handle)) as fireblocks:
        assert isinstance(fireblocks.issue(wish), PendingApproval)
    assert [request.headers["idempotency-key"] for request in requests] == ["TEST-once"] * 2
    assert requests[0].body == requests[1].body
    assert len(vendor.approvals) == 1


def test_a_wrong_key_is_an_error_of_ours_whatever_the_clock_says() -> None:
    """It is tried twice, where the clock may be to blame, and no more."""
    vendor = simulator("fireblocks")
    assert isinstance(vendor, FireblocksSimulator)
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        date = format_datetime(datetime.now(UTC) + timedelta(minutes=9), usegmt=True)
        return httpx.Response(401, headers={"Date": date}, json={"message": "invalid signature", "code": -1})

    account = FireblocksAccount(api_key="fb_TEST_not_a_key", private_key=vendor.private_key_pem)
    with (
        connect(account, transport=httpx.MockTransport(answer)) as fireblocks,
        pytest.raises(AuthenticationError) as caught,
    ):
        fireblocks.issue(FireblocksKeyRequest(name="k", role="VIEWER", csr_pem=csr_pem()))
    assert len(sent) == 2
    assert caught.value.code == "-1"
