"""How often a credential may ask: no span of time has more turns than the limit, whoever takes them."""

from __future__ import annotations

import asyncio
import gc
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuant import GalileoAccount, KeyRequest, RateLimit, connect, connect_async
from issuant.errors import UsageError
from issuant.mocks import Fault, simulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.pacing import Pace, shared_pace
from issuant.secret import Secret


def is_within(turns: Sequence[float], limit: RateLimit) -> bool:
    """Tell whether no span of time has more turns than the limit; turns that are `seconds` apart share none."""
    ordered = sorted(turns)
    pairs = zip(ordered, ordered[limit.calls :], strict=False)
    return all(
        later - earlier >= limit.seconds or math.isclose(later - earlier, limit.seconds) for earlier, later in pairs
    )


class Unlimited(Pace):
    """A broken one: it never waits."""

    def take(self, now: float) -> float:
        return 0.0


class Forgetful(Pace):
    """A broken one: it waits for the last turn, and lets as many as it likes take the same."""

    def take(self, now: float) -> float:
        wait = super().take(now)
        if wait:
            self._turns.pop()
        return wait


def turns_of(pace: Pace, arrivals: Sequence[float]) -> list[float]:
    return [arrival + pace.take(arrival) for arrival in arrivals]


limits = st.builds(RateLimit, calls=st.integers(1, 5), seconds=st.floats(0.1, 100))
gaps = st.lists(st.floats(0, 30), max_size=40)


@given(limits, gaps)
def test_no_span_of_time_has_more_turns_than_the_limit(limit: RateLimit, waits: list[float]) -> None:
    """However the calls arrive, in bursts or one by one."""
    arrivals = [sum(waits[:count]) for count in range(len(waits))]
    assert is_within(turns_of(Pace(limit), arrivals), limit)


@given(limits, st.lists(st.floats(0, 60), max_size=40))
def test_that_holds_for_threads_that_come_late_to_their_own_time(limit: RateLimit, arrivals: list[float]) -> None:
    """Each reads the clock before it asks, so that the times need not be in order."""
    assert is_within(turns_of(Pace(limit), arrivals), limit)


@pytest.mark.parametrize("broken", [Unlimited, Forgetful])
def test_a_pace_that_lets_too_many_through_is_found(broken: type[Pace]) -> None:
    """The property above fails for each of these."""
    limit = RateLimit(calls=2, seconds=10)
    assert not is_within(turns_of(broken(limit), [0.0] * 6), limit)


@given(limits, gaps)
def test_nobody_waits_who_comes_slowly_enough(limit: RateLimit, waits: list[float]) -> None:
    """A limit costs those nothing who stay within it."""
    pace = Pace(limit)
    arrivals = [count * limit.seconds / limit.calls * 1.001 for count in range(len(waits))]
    assert all(pace.take(arrival) == 0.0 for arrival in arrivals)


def test_turns_are_given_in_the_order_in_which_they_are_asked_for() -> None:
    """Two a minute: the third waits a minute, and so does the fourth, the fifth two."""
    pace = Pace(RateLimit(calls=2))
    assert [pace.take(100.0) for _ in range(5)] == [0.0, 0.0, 60.0, 60.0, 120.0]


def test_many_threads_take_turns_within_the_limit() -> None:
    """Eight of them at once, from one pace."""
    limit = RateLimit(calls=3, seconds=1.0)
    pace, start, turns = Pace(limit), threading.Barrier(8), list[float]()

    def work() -> None:
        start.wait()
        turns.extend(pace.take(5.0) for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(turns) == 400
    assert is_within(turns, limit)
    assert sorted(turns) == [float(number // 3) for number in range(400)]


LIMIT = RateLimit(calls=5)


def test_a_pace_is_shared_by_who_has_the_same_credential_and_limit() -> None:
    """And by nobody else."""
    mine, other = Secret("fw_TEST_one_not_a_key"), Secret("fw_TEST_two_not_a_key")
    pace = shared_pace(LIMIT, ("fireworks", "https://a.example", (mine,)))
    assert shared_pace(RateLimit(calls=5), ("fireworks", "https://a.example", (Secret(mine.reveal()),))) is pace
    for limit, whose in [
        (LIMIT, ("fireworks", "https://a.example", (other,))),
        (LIMIT, ("fireworks", "https://b.example", (mine,))),
        (LIMIT, ("galileo", "https://a.example", (mine,))),
        (RateLimit(calls=6), ("fireworks", "https://a.example", (mine,))),
    ]:
        assert shared_pace(limit, whose) is not pace


def test_a_pace_is_forgotten_when_nobody_holds_it_and_it_is_over() -> None:
    """A program that opens connections for ever keeps none of their credentials."""
    whose = ("fireworks", "forgotten")
    held = shared_pace(LIMIT, whose)
    held.take(time.monotonic() - 2 * LIMIT.seconds)
    del held
    shared_pace(LIMIT, ("fireworks", "another"))
    gc.collect()
    assert len(shared_pace(LIMIT, whose)._turns) == 0


def test_a_pace_is_kept_while_its_turns_count() -> None:
    """A function that opens a connection and closes it is no way around the limit."""
    whose = ("fireworks", "kept")
    for _ in range(LIMIT.calls):
        assert shared_pace(LIMIT, whose).take(time.monotonic()) == 0.0
        gc.collect()
    assert shared_pace(LIMIT, whose).take(time.monotonic()) > 1


def test_a_turn_that_is_not_used_is_given_back() -> None:
    """Whoever gives up ten times in a row makes nobody wait longer; a turn of the past is used up."""
    pace = Pace(RateLimit(calls=1, seconds=10))
    assert pace.take(100.0) == 0.0
    for _ in range(10):
        pace.give_back(100.0 + pace.take(100.0), 103.0)
    assert pace.take(100.0) == 10.0
    pace.give_back(110.0, 110.0)
    assert pace.take(111.0) == 9.0


@given(limits, st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=40))
def test_giving_turns_back_lets_no_more_through(limit: RateLimit, calls: list[tuple[float, bool]]) -> None:
    """Whoever gives up does so at once, or keeps the turn."""
    pace, now, used = Pace(limit), 0.0, list[float]()
    for gap, gives_up in calls:
        now += gap
        turn = now + pace.take(now)
        if gives_up and turn > now:
            pace.give_back(turn, now)
        else:
            used.append(turn)
    assert is_within(used, limit)


def test_a_call_that_is_cancelled_while_it_waits_gives_its_turn_back() -> None:
    """Ten that give up do not keep the next from its turn."""
    vendor = simulator("galileo")
    assert isinstance(vendor, GalileoSimulator)

    async def scenario() -> float:
        limit = RateLimit(calls=1, seconds=0.2)
        async with connect_async(
            GalileoAccount(api_key=vendor.api_key), transport=vendor.transport(), rate_limit=limit
        ) as connection:
            start = time.monotonic()
            await connection.whoami()
            for _ in range(10):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(connection.whoami(), 0.005)
            await connection.whoami()
            return time.monotonic() - start

    assert asyncio.run(scenario()) < 1.0


@pytest.mark.parametrize(
    ("make", "field"),
    [
        pytest.param(lambda: RateLimit(calls=0), "calls", id="no-calls"),
        pytest.param(lambda: RateLimit(calls=-1), "calls", id="fewer"),
        pytest.param(lambda: RateLimit(calls=1.5), "calls", id="fraction"),  # type: ignore[arg-type]
        pytest.param(lambda: RateLimit(calls=True), "calls", id="truth"),
        pytest.param(lambda: RateLimit(calls=1 << 70), "calls", id="more-than-can-be-counted"),
        pytest.param(lambda: RateLimit(calls=1, seconds=0), "seconds", id="no-time"),
        pytest.param(lambda: RateLimit(calls=1, seconds=math.nan), "seconds", id="no-number"),
        pytest.param(lambda: RateLimit(calls=1, seconds=math.inf), "seconds", id="for-ever"),
        pytest.param(lambda: RateLimit(calls=1, seconds="60"), "seconds", id="text"),  # type: ignore[arg-type]
    ],
)
def test_a_limit_that_is_none_is_refused_by_name(make: Callable[[], object], field: str) -> None:
    """When it is made."""
    with pytest.raises(UsageError) as caught:
        make()
    assert caught.value.field == field


def test_connections_of_one_credential_share_a_limit_and_others_do_not(sleeps: list[float]) -> None:
    """Two calls a minute by two connections; a third with another credential need not wait."""
    vendor = simulator("galileo")
    assert isinstance(vendor, GalileoSimulator)
    options: dict[str, Any] = {"transport": vendor.transport(), "rate_limit": RateLimit(calls=2)}
    account = GalileoAccount(api_key=vendor.api_key)
    another = GalileoAccount(username=vendor.username, password=vendor.password)
    with connect(account, **options) as one, connect(account, **options) as two, connect(another, **options) as other:
        one.issue(KeyRequest(name="a"))
        two.issue(KeyRequest(name="b"))
        other.issue(KeyRequest(name="c"))
        assert sleeps == []
        one.with_options(timeout=5).issue(KeyRequest(name="d"))
        assert sleeps == [60.0]
    assert len(vendor.keys) == 4


def test_another_attempt_takes_a_turn_of_its_own(sleeps: list[float]) -> None:
    """The provider counts it as well: after the wait for the attempt comes that for the turn."""
    vendor = simulator("galileo")
    assert isinstance(vendor, GalileoSimulator)
    vendor.faults.add(Fault.status(429, retry_after=7))
    account = GalileoAccount(api_key=vendor.api_key)
    with connect(account, transport=vendor.transport(), rate_limit=RateLimit(calls=1)) as galileo:
        galileo.issue(KeyRequest(name="a"))
    assert sleeps == [7.0, 53.0]
