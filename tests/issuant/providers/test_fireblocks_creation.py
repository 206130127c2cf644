"""A request for an API user is sent again only where that asks for nothing twice, and an error says what to do next."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from issuant import (
    AuthenticationError,
    Effect,
    FireblocksAccount,
    FireblocksKeyRequest,
    IssuantError,
    OutcomeUnknownError,
    PendingApproval,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnusableReplyError,
    connect,
)
from issuant.mocks import Fault, Reply, Request
from issuant.mocks.inprocess import SimulatorTransport

from tests.issuant.providers.fireblocks_stand import (
    BASE_URL,
    CREATE,
    LIST_APPROVALS,
    LIST_USERS,
    USERS,
    ClockedAccount,
    Mode,
    Stand,
    new_stand,
    wish,
)

OWN_KEY = "a-key-of-my-own"


@pytest.fixture(params=["sync", "async"])
def stand(request: pytest.FixtureRequest) -> Stand:
    mode: Mode = request.param
    return new_stand(mode)


def issue(request: FireblocksKeyRequest) -> Callable[[Any], Any]:
    return lambda fireblocks: fireblocks.issue(request)


def fail_after_effect(stand: Stand) -> None:
    """Let requests for a user take effect, and be answered with an internal error."""

    def after(request: Request, reply: Reply) -> Reply:
        if (request.method, request.path, reply.status) != ("POST", USERS, 200):
            return reply
        stand.simulator.internal_error(request)
        return stand.simulator.dated(stand.simulator.refuse(500))

    stand.after = after


@pytest.mark.parametrize(
    ("lost", "times"),
    [
        pytest.param(Fault.drop_after(), 1, id="after-it-took-effect"),
        pytest.param(Fault.drop_before(), 1, id="before-it-took-effect"),
        pytest.param(Fault.reset_after(), 2, id="twice"),
        pytest.param(Fault.incomplete(), 1, id="in-the-middle-of-the-reply"),
    ],
)
def test_a_lost_reply_is_asked_for_again_with_the_same_key(lost: Fault, times: int, stand: Stand) -> None:
    """And with the same body: one approval is asked for, whose id the outcome has."""
    stand.simulator.faults.add(lost, times=times, on=CREATE)
    pending = stand.ask(issue(wish()))
    assert isinstance(pending, PendingApproval)
    assert list(stand.simulator.approvals) == [pending.request_id]
    assert stand.keys_of(CREATE) == [pending.idempotency_key] * (times + 1)
    assert len({request.body for request in stand.sent}) == 1
    assert pending.role == "VIEWER"


def test_a_reply_that_stays_lost_leaves_what_is_needed_to_repeat_it(stand: Stand) -> None:
    """The call repeated with the key and the request on the error asks for nothing twice."""
    stand.simulator.faults.add(Fault.drop_after(), times=3, on=CREATE)
    error = stand.refused(issue(wish()))
    assert isinstance(error, OutcomeUnknownError)
    assert error.attempts == 3
    assert "24 hours" in error.advice
    assert "same idempotency key" in error.advice
    assert "approvals() shows it" in error.advice
    assert "certificate request is on this error as `csr_pem`" in error.advice
    assert "private key" not in error.advice
    again = FireblocksKeyRequest(name="k", role="VIEWER", csr_pem=error.csr_pem, idempotency_key=error.idempotency_key)
    assert list(stand.simulator.approvals) == [stand.ask(issue(again)).request_id]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"error": {"type": "INTERNAL", "message": "failed"}}', id="error"),
        pytest.param(b'{"message": "failed", "code": 500}', id="message-and-code"),
    ],
)
def test_after_an_internal_error_without_a_trace_it_is_sent_once_more_with_a_new_key(body: bytes, stand: Stand) -> None:
    """Both lists are read in between; the outcome has the key that was good."""
    stand.simulator.faults.add(Fault.body(body, status=500), on=CREATE)
    pending = stand.ask(issue(wish()))
    first, second = stand.keys_of(CREATE)
    assert first != second == pending.idempotency_key
    assert list(stand.simulator.approvals) == [pending.request_id]
    assert [f"{request.method} {request.path}" for request in stand.sent] == [
        CREATE,
        LIST_USERS,
        LIST_APPROVALS,
        CREATE,
    ]
    bodies = [json.loads(request.body) for request in stand.sent_to(CREATE)]
    assert bodies[0] == bodies[1]


def test_an_internal_error_that_took_effect_is_not_followed_by_a_second_request(stand: Stand) -> None:
    """Among what waits is a request made about then."""
    fail_after_effect(stand)
    error = stand.refused(issue(wish()))
    assert isinstance(error, OutcomeUnknownError)
    assert error.effect is Effect.UNKNOWN
    assert len(stand.simulator.approvals) == 1
    assert stand.keys_of(CREATE) == [error.idempotency_key]
    assert "made about then waits for approval" in error.advice
    assert "Look at approvals() and keys()" in error.advice
    assert "new idempotency key" in error.advice


def test_an_internal_error_whose_request_was_approved_at_once_is_seen_among_the_users(stand: Stand) -> None:
    """Nothing waits any more, and the user is there."""

    def after(request: Request, reply: Reply) -> Reply:
        if request.method != "POST":
            return reply
        (request_id,) = stand.simulator.approvals
        stand.simulator.approvals.approve(request_id)
        return stand.simulator.dated(stand.simulator.refuse(500))

    stand.after = after
    error = stand.refused(issue(wish()))
    assert isinstance(error, OutcomeUnknownError)
    assert "API user of that name" in error.advice
    assert len(stand.sent_to(CREATE)) == 1


def test_a_user_of_that_name_that_was_there_before_leaves_it_unclear(stand: Stand) -> None:
    """There is nothing to compare the list with."""
    stand.simulator.add_user(role="EDITOR", name="k")
    stand.simulator.faults.add(Fault.status(500), on=CREATE)
    error = stand.refused(issue(wish()))
    assert isinstance(error, OutcomeUnknownError)
    assert "may be older" in error.advice
    assert len(stand.sent_to(CREATE)) == 1


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=40), timedelta(minutes=-40)], ids=str)
@pytest.mark.parametrize("took_effect", [False, True], ids=["without-effect", "with-effect"])
def test_what_waits_for_longer_is_told_from_it_by_the_vendors_clock(
    took_effect: bool, ahead: timedelta, stand: Stand
) -> None:
    """However much this machine's is off."""
    stand.simulator.clock.advance(ahead)
    stand.ask(issue(wish("older")))
    stand.clock.advance(timedelta(minutes=5))
    stand.sent.clear()
    if took_effect:
        fail_after_effect(stand)
        assert isinstance(stand.refused(issue(wish())), OutcomeUnknownError)
    else:
        stand.simulator.faults.add(Fault.status(500), on=CREATE)
        assert isinstance(stand.ask(issue(wish())), PendingApproval)
    assert len(stand.simulator.approvals) == 2


@pytest.mark.parametrize(
    ("fault", "on", "said"),
    [
        pytest.param(Fault.status(403), LIST_USERS, "list of API users could not be had", id="users-refused"),
        pytest.param(Fault.status(403), LIST_APPROVALS, "approval requests could not be had", id="approvals-refused"),
        pytest.param(Fault.wrong_shape(), LIST_USERS, "cannot be read", id="users-unreadable"),
        pytest.param(Fault.body(b'{"data": [{}]}'), LIST_APPROVALS, "cannot be read", id="approvals-unreadable"),
        pytest.param(
            Fault.body(b'{"data": [{"requestPayload": "{\\"requestId\\": \\"r\\"}", "userStatus": "X"}]}'),
            LIST_APPROVALS,
            "may be this one",
            id="approval-without-a-time",
        ),
        pytest.param(
            Fault.body(
                b'{"data": [{"requestPayload": "{\\"requestId\\": \\"r\\", \\"requestTimestamp\\": 1893553445}",'
                b' "userStatus": "X"}]}'
            ),
            LIST_APPROVALS,
            "may be this one",
            id="approval-with-a-time-in-seconds",
        ),
        pytest.param(Fault.body(b'{"users": [{"id": "u"}]}'), LIST_USERS, "have no name", id="user-without-a-name"),
        pytest.param(
            Fault.body(b'{"users": [{"id": "u", "name": null}]}'),
            LIST_USERS,
            "have no name",
            id="user-with-a-null-name",
        ),
        pytest.param(Fault.pages_repeat(), LIST_APPROVALS, "could not be had", id="approvals-endless"),
    ],
)
def test_a_list_that_cannot_be_had_whole_leaves_it_unclear(fault: Fault, on: str, said: str, stand: Stand) -> None:
    """What could not be seen may be there."""
    stand.simulator.faults.add(Fault.status(500), on=CREATE)
    stand.simulator.faults.add(fault, times=5, on=on)
    error = stand.refused(issue(wish()))
    assert isinstance(error, OutcomeUnknownError)
    assert said in error.advice
    assert len(stand.sent_to(CREATE)) == 1


def test_an_owner_who_may_not_see_all_that_waits_is_left_in_doubt(stand: Stand) -> None:
    """Those that wait for the owner's own approval are not all."""
    owner = stand.simulator.add_user(role="OWNER", status="READY")
    stand.simulator.faults.add(Fault.status(500), on=CREATE)
    error = stand.refused(issue(wish()), user=owner)
    assert isinstance(error, OutcomeUnknownError)
    assert len(stand.sent_to(CREATE)) == len(stand.sent_to(LIST_APPROVALS)) == 1


def test_a_key_of_the_callers_own_is_never_replaced(stand: Stand) -> None:
    """They know what it stands for; nothing is looked at."""
    stand.simulator.faults.add(Fault.status(500), on=CREATE)
    error = stand.refused(issue(wish(idempotency_key=OWN_KEY)))
    assert isinstance(error, OutcomeUnknownError)
    assert error.idempotency_key == OWN_KEY
    assert [f"{request.method} {request.path}" for request in stand.sent] == [CREATE]

    burnt = stand.refused(issue(wish(idempotency_key=OWN_KEY)))
    assert isinstance(burnt, RefusedError)
    assert burnt.status == 400


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault.html_502(), id="proxy-page"),
        pytest.param(Fault.problem(503), id="gateway"),
        *(pytest.param(Fault.status(code), id=str(code)) for code in (502, 503, 504, 520, 524)),
        *(
            pytest.param(Fault.body(b'{"message": "Service Unavailable"}', status=code), id=f"{code}-words-alone")
            for code in (500, 502, 503, 520, 524)
        ),
        pytest.param(Fault.body(b'{"message": "timed out", "code": "524"}', status=524), id="524-with-a-code"),
        pytest.param(Fault.body(b'{"error": {"type": "INTERNAL"}}', status=500), id="a-code-alone"),
        pytest.param(Fault.body(b"", status=500), id="empty"),
        pytest.param(Fault.redirect(), id="redirect"),
    ],
)
def test_what_is_no_word_of_fireblocks_itself_is_not_followed_by_a_second_request(fault: Fault, stand: Stand) -> None:
    """Behind a gateway that gave up, the request may still be on its way."""
    stand.simulator.faults.add(fault, on=CREATE)
    error = stand.refused(issue(wish()))
    assert isinstance(error, OutcomeUnknownError)
    assert "new idempotency key" in error.advice
    assert [f"{request.method} {request.path}" for request in stand.sent] == [CREATE]


def test_after_a_lost_reply_an_internal_error_is_not_followed_by_a_new_key(stand: Stand) -> None:
    """The attempt that had no reply may still be on its way."""
    stand.simulator.faults.add(Fault.drop_before(), on=CREATE)
    stand.simulator.faults.add(Fault.status(500), on=CREATE)
    error = stand.refused(issue(wish()))
    assert isinstance(error, OutcomeUnknownError)
    assert error.attempts == 2
    assert stand.keys_of(CREATE) == [error.idempotency_key] * 2
    assert len(stand.sent) == 2


def test_a_second_internal_error_is_the_last(stand: Stand) -> None:
    """Its key is the one on the error, and every attempt is counted."""
    stand.simulator.faults.add(Fault.status(500), times=2, on=CREATE)
    error = stand.refused(issue(wish()))
    assert isinstance(error, OutcomeUnknownError)
    first, second = stand.keys_of(CREATE)
    assert first != second == error.idempotency_key
    assert error.attempts == 2
    assert len(stand.simulator.approvals) == 0


@pytest.mark.parametrize(
    ("fault", "kind", "advised"),
    [
        pytest.param(Fault.status(429), RateLimitedError, "same idempotency key", id="429"),
        pytest.param(Fault.status(403), PermissionDeniedError, "same idempotency key", id="403"),
        pytest.param(Fault.status(400), RefusedError, "new idempotency key", id="400"),
    ],
)
def test_a_refusal_after_a_lost_reply_does_not_say_that_nothing_happened(
    fault: Fault, kind: type[IssuantError], advised: str, stand: Stand
) -> None:
    """A 400 may mean that the key is used up; after another refusal the same key tells what became of it."""
    stand.simulator.faults.add(Fault.drop_after(), on=CREATE)
    stand.simulator.faults.add(fault, times=2, on=CREATE)
    error = stand.refused(issue(wish()))
    assert type(error) is kind
    assert error.effect is Effect.UNKNOWN
    assert advised in error.advice


def test_a_reply_whose_body_was_lost_is_no_success(stand: Stand) -> None:
    """An empty one means that approval was asked for; this one was not empty when it was sent."""
    stand.simulator.faults.add(Fault.incomplete(), times=3, on=CREATE)
    error = stand.refused(issue(wish()))
    assert isinstance(error, UnusableReplyError)
    assert error.effect is Effect.UNKNOWN


class _Interruption(BaseException):
    """Stands for Ctrl-C, which pytest would take for its own."""


def test_an_interruption_while_the_lists_are_read_tells_what_is_known() -> None:
    """It goes on as itself, and carries the error that would have come."""
    stand = new_stand("sync")
    stand.simulator.faults.add(Fault.status(500), on=CREATE)

    def handle(request: Request) -> Reply:
        if request.method == "GET":
            raise _Interruption
        return stand.simulator.handle(request)

    account = ClockedAccount(api_key=stand.simulator.api_key, private_key=stand.simulator.private_key_pem)
    transport = SimulatorTransport(handle)
    with (
        connect(account, base_url=BASE_URL, transport=transport, clock=stand.clock) as fireblocks,
        pytest.raises(_Interruption) as caught,
    ):
        fireblocks.issue(wish())
    outcome = caught.value.__dict__["outcome"]
    assert isinstance(outcome, OutcomeUnknownError)
    assert outcome.idempotency_key is not None
    assert outcome.csr_pem == wish().csr_pem
    assert "could not be had" in outcome.advice


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b'{"message": "invalid signature", "code": -1}', "-1", id="message-and-code"),
        pytest.param(b'{"error": {"message": "invalid signature", "type": "INVALID"}}', "INVALID", id="error"),
    ],
)
def test_both_shapes_of_an_error_are_read_whatever_they_call_themselves(body: bytes, code: str, stand: Stand) -> None:
    """Some call themselves application/octet-stream."""
    fault = Fault.body(body, status=401, content_type="application/octet-stream")
    stand.simulator.faults.add(fault, on=CREATE)
    error = stand.refused(issue(wish()))
    assert isinstance(error, AuthenticationError)
    assert "invalid signature" in error.reason
    assert error.code == code


@pytest.mark.parametrize(
    ("ahead", "side"),
    [
        pytest.param(timedelta(hours=2), "7200 seconds behind", id="behind"),
        pytest.param(timedelta(hours=-2), "7200 seconds ahead of", id="ahead"),
    ],
)
def test_a_clock_that_is_too_far_off_is_named_with_how_much(ahead: timedelta, side: str, stand: Stand) -> None:
    """More than an hour is not made up for; every call that is refused says it."""
    stand.simulator.clock.advance(ahead)
    for operation in (issue(wish()), lambda fireblocks: fireblocks.keys(), lambda fireblocks: fireblocks.approval("r")):
        error = stand.refused(operation)
        assert isinstance(error, AuthenticationError)
        assert error.advice.startswith(f"This machine's clock is {side} Fireblocks'")


@pytest.mark.parametrize(
    ("code", "is_advised"),
    [
        pytest.param(-10, True, id="expired"),
        pytest.param(-12, True, id="in-the-future"),
        pytest.param(-1, False, id="-1"),
    ],
)
def test_a_time_that_is_refused_advises_to_check_the_clock(code: int, is_advised: bool, stand: Stand) -> None:
    """Also where the reply shows no difference; another fault of the token is no matter of clocks."""
    stand.answer(json.dumps({"message": "no", "code": code}), status=401)
    error = stand.refused(lambda fireblocks: fireblocks.keys())
    assert isinstance(error, AuthenticationError)
    assert ("clock" in error.advice) is is_advised
    assert "Check the credential" in error.advice


def test_an_hour_is_made_up_for(stand: Stand) -> None:
    """A create, too, is signed anew: 401 means that nothing was done."""
    stand.simulator.clock.advance(timedelta(minutes=50))
    assert isinstance(stand.ask(issue(wish())), PendingApproval)


def test_an_account_is_not_shown() -> None:
    """Neither the key nor the private key."""
    account = FireblocksAccount(api_key="fireblocks_TEST_not_a_key", private_key="fireblocks_TEST_not_a_pem")
    assert "TEST" not in repr(account)
