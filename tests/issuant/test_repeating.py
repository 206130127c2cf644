"""When a call is sent again, and after how long: a table of decisions, and what holds for any sequence of outcomes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuant.errors import (
    AuthenticationError,
    IssuantError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    UnansweredError,
    UsageError,
)
from issuant.flow import Call
from issuant.redaction import Redactor
from issuant.repeating import Attempts, Retries, check_retries
from issuant.replies import Reply

from tests.issuant.recording import NOW, a_call, now

CALLS: dict[str, dict[str, bool]] = {
    "reads": {"reads": True},
    "repeats": {"repeats": True},
    "keyed": {"keyed": True},
    "creates": {},
}


def call(kind: str) -> Call:
    return a_call(**CALLS[kind])


def reply(status: int, *, retry_after: str | None = None, broke_off: bool = False) -> Reply:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    response = httpx.Response(status, headers=headers)
    return Reply(response, b"", provider="galileo", operation="issue", redactor=Redactor([]), broke_off=broke_off)


def lasting() -> NotSentError:
    error = NotSentError("the pool is full.")
    error.is_passing = False
    return error


def lost(kind: str) -> IssuantError:
    return UnansweredError("lost.") if kind == "reads" else OutcomeUnknownError("lost.")


OUTCOMES: dict[str, Callable[[str], Reply | IssuantError]] = {
    "no-connection": lambda _: NotSentError("no connection."),
    "no-connection-for-good": lambda _: lasting(),
    "login-limited": lambda _: RateLimitedError("too many logins."),
    "login-refused": lambda _: AuthenticationError("the login was refused."),
    "closed": lambda _: UsageError("the connection is closed."),
    "lost": lost,
    "200": lambda _: reply(200),
    "200-broke-off": lambda _: reply(200, broke_off=True),
    "204": lambda _: reply(204),
    "302": lambda _: reply(302),
    "400": lambda _: reply(400),
    "401": lambda _: reply(401),
    "404": lambda _: reply(404),
    "404-broke-off": lambda _: reply(404, broke_off=True),
    "408": lambda _: reply(408),
    "409": lambda _: reply(409),
    "429": lambda _: reply(429),
    "500": lambda _: reply(500),
    "501": lambda _: reply(501),
    "503": lambda _: reply(503),
    "520": lambda _: reply(520),
}

# What follows an outcome, by what the call is: it waits for another attempt, which is doubtful where the one before
# may have had an effect, or it stops.
STOPS = dict.fromkeys(CALLS, "stops")
WAITS = dict.fromkeys(CALLS, "waits")
LOST = {"reads": "waits", "repeats": "doubtful", "keyed": "doubtful", "creates": "stops"}
FAILED = {"reads": "waits", "repeats": "doubtful", "keyed": "stops", "creates": "stops"}
TABLE: dict[str, dict[str, str]] = dict.fromkeys(OUTCOMES, STOPS) | {
    "no-connection": WAITS,
    "login-limited": WAITS,
    "429": WAITS,
    "lost": LOST,
    "200-broke-off": LOST,
    "408": FAILED,
    "500": FAILED,
    "503": FAILED,
    "520": FAILED,
}

Decide = Callable[[Attempts, Reply | IssuantError], float | None]


def decide(attempts: Attempts, outcome: Reply | IssuantError) -> float | None:
    return attempts.wait_after(outcome, NOW)


def decision(kind: str, outcome: str, decided: Decide = decide) -> str:
    attempts = Attempts(call(kind), Retries(), lambda: 1.0)
    if decided(attempts, OUTCOMES[outcome](kind)) is None:
        return "stops"
    return "doubtful" if attempts.is_doubtful else "waits"


ROWS = [(kind, outcome) for outcome in OUTCOMES for kind in CALLS]


@pytest.mark.parametrize(("kind", "outcome"), ROWS, ids=[f"{outcome}-{kind}" for kind, outcome in ROWS])
def test_what_follows_an_outcome_is_told_by_what_the_call_is(kind: str, outcome: str) -> None:
    """What had no effect goes again, whatever the call is; what may have had one only where twice is as once."""
    assert decision(kind, outcome) == TABLE[outcome][kind]


def always(attempts: Attempts, outcome: Reply | IssuantError) -> float | None:
    return 0.5


def never(attempts: Attempts, outcome: Reply | IssuantError) -> float | None:
    return None


def by_status_alone(attempts: Attempts, outcome: Reply | IssuantError) -> float | None:
    return 0.5 if isinstance(outcome, Reply) and (outcome.status == 429 or outcome.status >= 500) else None


@pytest.mark.parametrize("broken", [always, never, by_status_alone])
def test_the_table_tells_a_decision_that_is_wrong(broken: Decide) -> None:
    """Such as one that repeats whatever fails, as many libraries do."""
    assert any(decision(kind, outcome, broken) != TABLE[outcome][kind] for kind, outcome in ROWS)


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_a_call_is_sent_so_often_and_no_more(kind: str, most: int) -> None:
    """Also where every attempt is known to have had no effect."""
    attempts = Attempts(call(kind), Retries(attempts=most), lambda: 0.0)
    waits = [attempts.wait_after(reply(429), NOW) for _ in range(most)]
    assert waits[-1] is None
    assert None not in waits[:-1]
    assert attempts.made == most


def test_what_is_refused_here_is_no_attempt() -> None:
    """A connection that is closed has sent nothing."""
    attempts = Attempts(call("reads"), Retries(), lambda: 0.0)
    assert attempts.wait_after(UsageError("the connection is closed."), NOW) is None
    assert attempts.made == 0


HAD_NO_EFFECT = ("no-connection", "no-connection-for-good", "login-limited", "login-refused", "closed", "429")


def sent_after(kind: str, outcomes: list[str], decided: Decide) -> list[str]:
    """Return the outcomes after which the call was sent again."""
    attempts = Attempts(call(kind), Retries(attempts=100), lambda: 0.0)
    found = []
    for outcome in outcomes:
        if decided(attempts, OUTCOMES[outcome](kind)) is None:
            break
        found.append(outcome)
    return found


@given(st.lists(st.sampled_from(sorted(OUTCOMES)), max_size=12))
def test_a_create_is_never_sent_again_after_what_may_have_had_an_effect(outcomes: list[str]) -> None:
    """Whatever came before: neither after a lost reply, nor after a 5xx, nor after any answer but 429."""
    assert set(sent_after("creates", outcomes, decide)) <= set(HAD_NO_EFFECT)


@pytest.mark.parametrize("broken", [always, by_status_alone])
def test_a_decision_that_repeats_a_create_blindly_is_found(broken: Decide) -> None:
    """The property above fails for each of these."""
    assert not set(sent_after("creates", ["503"], broken)) <= set(HAD_NO_EFFECT)


@given(
    st.sampled_from(sorted(CALLS)),
    st.lists(st.sampled_from(sorted(OUTCOMES)), max_size=8),
    st.integers(1, 5),
    st.floats(0, 1, exclude_max=True),
)
def test_whatever_comes_the_decisions_keep_their_promises(
    kind: str, outcomes: list[str], most: int, draw: float
) -> None:
    """No more attempts than allowed, no wait beyond the longest, and doubt that never goes away by itself."""
    policy = Retries(attempts=most)
    attempts = Attempts(call(kind), policy, lambda: draw)
    was_doubtful = False
    for outcome in outcomes:
        wait = attempts.wait_after(OUTCOMES[outcome](kind), NOW)
        assert attempts.made <= most
        assert attempts.is_doubtful or not was_doubtful
        was_doubtful = attempts.is_doubtful
        if wait is None:
            break
        assert 0 <= wait <= policy.longest_wait
    if kind in ("reads", "creates"):
        assert not attempts.is_doubtful


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        pytest.param("7", 7.0, id="seconds"),
        pytest.param("0", 0.0, id="at-once"),
        pytest.param("60", 60.0, id="the-longest"),
        pytest.param("61", None, id="longer-than-is-waited"),
        pytest.param("999999999", None, id="absurd"),
        pytest.param("Wed, 02 Jan 2030 03:04:35 GMT", 30.0, id="date"),
        pytest.param("Wed, 02 Jan 2019 00:00:00 GMT", 0.0, id="date-that-is-past"),
        pytest.param("Wed, 02 Jan 2999 00:00:00 GMT", None, id="date-that-is-far-off"),
        pytest.param("soon", 0.5, id="neither-counts-as-absent"),
        pytest.param("-5", 0.5, id="negative-counts-as-absent"),
    ],
)
@pytest.mark.parametrize("kind", CALLS)
def test_as_long_is_waited_as_the_provider_says(kind: str, header: str, wait: float | None) -> None:
    """Exactly so long, and not at all where that is longer than one is willing to."""
    attempts = Attempts(call(kind), Retries(), lambda: 1.0)
    assert attempts.wait_after(reply(429, retry_after=header), now()) == wait


def test_as_long_is_waited_as_a_login_was_told_to() -> None:
    """A login's refusal carries its Retry-After."""
    attempts = Attempts(call("creates"), Retries(), lambda: 1.0)
    assert attempts.wait_after(RateLimitedError("too many logins.", retry_after=9.0), NOW) == 9.0
    assert attempts.wait_after(RateLimitedError("too many logins.", retry_after=61.0), NOW) is None


def test_what_is_waited_at_most_can_be_set() -> None:
    """A longer Retry-After is then waited as well."""
    attempts = Attempts(call("creates"), Retries(longest_retry_after=3600), lambda: 1.0)
    assert attempts.wait_after(reply(429, retry_after="3600"), NOW) == 3600.0


def waits(draw: float, **options: Any) -> list[float]:
    policy = Retries(attempts=8, **options)
    attempts = Attempts(call("reads"), policy, lambda: draw)
    found = [attempts.wait_after(reply(503), NOW) for _ in range(7)]
    return [wait for wait in found if wait is not None]


def test_each_wait_is_twice_the_one_before_up_to_the_longest() -> None:
    """From half a second on, to eight."""
    assert waits(1.0) == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert waits(1.0, first_wait=3, longest_wait=5) == [3.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0]
    assert waits(1.0, first_wait=0) == [0.0] * 7


def test_each_wait_is_cut_at_random_to_no_less_than_half() -> None:
    """So that many programs that failed together do not come again together."""
    assert waits(0.0) == [wait / 2 for wait in waits(1.0)]
    assert waits(0.5) == [wait * 0.75 for wait in waits(1.0)]


def test_the_longest_series_of_attempts_is_still_a_number() -> None:
    """Doubling a hundred times overflows nothing."""
    attempts = Attempts(call("reads"), Retries(attempts=100), lambda: 1.0)
    found = [attempts.wait_after(reply(503), NOW) for _ in range(99)]
    assert found[-1] == 8.0
    assert attempts.wait_after(reply(503), NOW) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("attempts", 0, id="no-attempt"),
        pytest.param("attempts", -1, id="fewer"),
        pytest.param("attempts", 101, id="too-many-attempts"),
        pytest.param("attempts", 2.0, id="attempts-as-fraction"),
        pytest.param("attempts", True, id="attempts-as-truth"),
        pytest.param("attempts", "3", id="attempts-as-text"),
        pytest.param("attempts", None, id="attempts-missing"),
        pytest.param("first_wait", -0.1, id="negative-wait"),
        pytest.param("first_wait", math.nan, id="no-number"),
        pytest.param("longest_wait", math.inf, id="endless-wait"),
        pytest.param("longest_wait", "8", id="wait-as-text"),
        pytest.param("longest_retry_after", 86_401, id="longer-than-a-day"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_name(field: str, value: Any) -> None:
    """When it is made, not at the first failure."""
    with pytest.raises(UsageError) as caught:
        Retries(**{field: value})
    assert caught.value.field == field


@pytest.mark.parametrize("given_", [3, 0, False, "3", {"attempts": 3}])
def test_what_are_no_retries_is_refused(given_: object) -> None:
    """It would fail at the first reply, when a key may have been created."""
    with pytest.raises(UsageError) as caught:
        check_retries(given_)
    assert caught.value.field == "retries"
    check_retries(None)
    check_retries(Retries())
