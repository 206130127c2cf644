"""A simulator has a time of its own: its replies tell it, what lives a while goes by it, and it can be moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest
from issuant import mocks
from issuant.mocks import Fault, MovableClock, Simulator
from issuant.mocks.clock import ShiftedClock
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_approvals import Wish
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator

from tests.mocks.carriers import SECRETS, Carrier, secret_request

Carry = Callable[[Simulator], Carrier]


def date_of(reply: httpx.Response) -> datetime:
    return parsedate_to_datetime(reply.headers["Date"])


def test_every_reply_says_when_it_was_made_by_the_simulators_own_clock(
    fireworks: FireworksSimulator, carry: Carry, clock: MovableClock
) -> None:
    """To the second, moved or not, on each way."""
    carrier = carry(fireworks)
    assert date_of(carrier.send(secret_request())) == clock().replace(microsecond=0)
    fireworks.clock.advance(timedelta(minutes=-7))
    reply = carrier.send(secret_request("second"))
    assert reply.headers["Date"] == "Wed, 02 Jan 2030 02:57:05 GMT"


@pytest.mark.parametrize("fault", [Fault.status(503), Fault.html_502(), Fault.body(b"{}")], ids=lambda it: it.kind)
def test_a_fault_has_a_date_too(fireworks: FireworksSimulator, fireworks_client: httpx.Client, fault: Fault) -> None:
    """Once."""
    fireworks.faults.add(fault)
    assert fireworks_client.get(SECRETS).headers.get_list("Date") == ["Wed, 02 Jan 2030 03:04:05 GMT"]


@pytest.mark.parametrize("name", mocks.names())
def test_every_simulator_can_be_moved_in_time(name: str) -> None:
    """Whatever clock it was made with: it goes on from there."""
    simulator = mocks.simulator(name)
    before = simulator.clock()
    simulator.clock.set(datetime(2040, 1, 1, tzinfo=UTC))
    assert simulator.clock() - datetime(2040, 1, 1, tzinfo=UTC) < timedelta(seconds=5)
    assert simulator.clock.offset > datetime(2040, 1, 1, tzinfo=UTC) - before - timedelta(seconds=5)


def test_what_lives_a_while_ends_when_the_clock_is_moved(
    fireblocks: FireblocksSimulator, galileo: GalileoSimulator, galileo_client: httpx.Client
) -> None:
    """Parts of a simulator go by the same clock."""
    wish = Wish(name="n", role="VIEWER", public_key=next(iter(fireblocks.users.values())).public_key)
    fireblocks.approvals.ask(wish, request_id="r", initiator=fireblocks.api_key)
    fireblocks.clock.advance(timedelta(days=7))
    assert fireblocks.approvals["r"].state == "expired"
    token = galileo_client.post("/login/api_key", json={"api_key": galileo.api_key}).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}", "Galileo-API-Key": ""}
    assert galileo_client.get("/current_user", headers=bearer).status_code == 200
    galileo.clock.advance(timedelta(hours=1))
    assert galileo_client.get("/current_user", headers=bearer).status_code == 401


def test_a_clock_is_not_shifted_twice() -> None:
    """Simulators that are made with one clock are moved with it."""
    clock = ShiftedClock(MovableClock(datetime(2030, 1, 1, tzinfo=UTC)))
    one, two = mocks.simulator("fireworks", clock=clock), mocks.simulator("galileo", clock=clock)
    one.clock.advance(timedelta(days=1))
    assert two.clock() == datetime(2030, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(lambda clock: clock.set(datetime(2030, 1, 1)), id="naive"),
        pytest.param(lambda clock: clock.advance(timedelta(days=3_000_000)), id="far-away"),
        pytest.param(lambda clock: clock.advance(timedelta(days=-742_000)), id="long-ago"),
    ],
)
def test_a_clock_that_cannot_tell_the_time_is_not_made(move: Callable[[ShiftedClock], None]) -> None:
    """It stays as it was."""
    clock = ShiftedClock(MovableClock(datetime(2030, 1, 1, tzinfo=UTC)))
    with pytest.raises((ValueError, OverflowError)):
        move(clock)
    assert clock() == datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "after", "written"),
    [
        pytest.param("seconds", 0.0, "60", id="seconds"),
        pytest.param("seconds", 0.5, "60", id="seconds-rounded-up"),
        pytest.param("date", 0.0, "Wed, 02 Jan 2030 03:05:06 GMT", id="date-rounded-up"),
    ],
)
@pytest.mark.parametrize("name", ["fireworks", "fireblocks", "galileo"])
def test_a_full_minute_says_when_to_come_again(
    request: pytest.FixtureRequest, name: str, form: str, after: float, written: str
) -> None:
    """After so many seconds or at a date, in the vendor's words; who comes then is served."""
    simulator, client = request.getfixturevalue(name), request.getfixturevalue(f"{name}_client")
    path = {"fireworks": SECRETS, "fireblocks": "/v1/approvals", "galileo": "/current_user"}[name]
    simulator.rate_limit, simulator.retry_after_form = 1, form
    assert client.get(path).status_code == 200
    simulator.clock.advance(timedelta(seconds=after))
    refused = client.get(path)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, written)
    simulator.clock.advance(timedelta(seconds=61))
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(("form", "written"), [("seconds", "7"), ("date", "Wed, 02 Jan 2030 03:04:13 GMT")])
def test_a_fault_says_it_in_the_same_form(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, form: str, written: str
) -> None:
    """Not sooner than it was told."""
    assert form in ("seconds", "date")
    fireworks.retry_after_form = "date" if form == "date" else "seconds"
    fireworks.faults.add(Fault.status(503, retry_after=7))
    assert fireworks_client.get(SECRETS).headers["Retry-After"] == written


@pytest.mark.parametrize("name", ["fireworks", "fireblocks", "galileo"])
def test_only_fireblocks_is_known_to_name_its_requests(request: pytest.FixtureRequest, name: str) -> None:
    """X-Request-ID on successes and on refusals; nothing is made up for the others."""
    client = request.getfixturevalue(f"{name}_client")
    replies = [client.get("/v1/management/api_users"), client.get("/nothing")]
    assert [("X-Request-ID" in reply.headers) for reply in replies] == [name == "fireblocks"] * 2
