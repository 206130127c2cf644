"""What became of a request for an API user is told by Fireblocks where it can, and by its list of users where not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from issuant import (
    ApprovalState,
    Effect,
    InvalidRequestError,
    KeyStatus,
    NotFoundError,
    PendingApproval,
    PermissionDeniedError,
    UnansweredError,
    UnusableReplyError,
)
from issuant.mocks import Fault

from tests.issuant.providers.fireblocks_stand import (
    APPROVALS,
    LIST_APPROVALS,
    LIST_USERS,
    NOW,
    Mode,
    Stand,
    new_stand,
    wish,
)

ONE = f"GET {APPROVALS}/{{id}}"


@pytest.fixture(params=["sync", "async"])
def stand(request: pytest.FixtureRequest) -> Stand:
    mode: Mode = request.param
    return new_stand(mode)


def ask_for(stand: Stand, name: str = "k", role: str = "VIEWER") -> PendingApproval:
    """Ask for an API user, and forget what was sent for it."""
    pending = stand.ask(lambda fireblocks: fireblocks.issue(wish(name, role)))
    assert isinstance(pending, PendingApproval)
    assert pending.role == role
    stand.sent.clear()
    return pending


def item(request_id: str | None = "r", **replaced: object) -> str:
    """Return a request for approval as Fireblocks tells it."""
    payload = {"requestId": request_id, "requestTimestamp": 1_893_553_445_000, "expiresAt": 1_894_158_245}
    return json.dumps(
        {
            "requestPayload": json.dumps(payload),
            "userStatus": "USER_NOT_APPROVED",
            "quorumStatus": {"requestStatus": "PENDING", "quorum": {"type": "SIMPLE", "status": "PENDING"}},
            **replaced,
        }
    )


def status(word: object) -> dict[str, object]:
    return {"requestStatus": word, "quorum": {"type": "SIMPLE", "status": "PENDING"}}


def test_a_request_that_waits_is_pending_until_enough_have_approved(stand: Stand) -> None:
    """The users are not looked at before; then the one that came of it is the key."""
    pending = ask_for(stand)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.id, found.name) == (ApprovalState.PENDING, pending.request_id, "k")
    assert (found.asked_at, found.expires_at) == (NOW, NOW + timedelta(days=7))
    assert found.key is None
    assert stand.sent_to(LIST_USERS) == []

    stand.simulator.approvals.threshold = 2
    admins = [stand.simulator.add_user(role="ADMIN") for _ in range(2)]
    assert pending.request_id is not None
    stand.simulator.approvals.approve_as(admins[0], pending.request_id)
    assert stand.ask(lambda fireblocks: fireblocks.approval(pending)).state is ApprovalState.PENDING
    user = stand.simulator.approvals.approve_as(admins[1], pending.request_id)
    assert user is not None
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert found.state is ApprovalState.APPROVED
    assert (found.key.id, found.key.status) == (user.id, KeyStatus.ACTIVE)


def test_a_request_that_is_rejected_or_expired_says_so(stand: Stand) -> None:
    """Nothing has come of it, so that the users are not looked at."""
    pending = ask_for(stand)
    assert pending.request_id is not None
    stand.simulator.approvals.reject(pending.request_id)
    assert stand.ask(lambda fireblocks: fireblocks.approval(pending)).state is ApprovalState.REJECTED
    late = ask_for(stand, "late")
    stand.clock.advance(timedelta(days=7))
    assert stand.ask(lambda fireblocks: fireblocks.approval(late)).state is ApprovalState.EXPIRED
    assert stand.sent_to(LIST_USERS) == []


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("PENDING", ApprovalState.PENDING),
        ("CANCELLED", ApprovalState.CANCELLED),
        ("FAILED", ApprovalState.FAILED),
        ("TIMED_OUT", ApprovalState.EXPIRED),
        ("ESCALATED", ApprovalState.UNKNOWN),
    ],
)
def test_a_state_is_told_in_one_of_our_words(word: str, state: ApprovalState, stand: Stand) -> None:
    """An unknown word is no approval, however many users have the name."""
    stand.simulator.add_user(role="VIEWER", name="k")
    pending = ask_for(stand)
    stand.answer(item(pending.request_id, quorumStatus=status(word)), on=ONE)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.key) == (state, None)
    assert (found.note == "") is (state is not ApprovalState.UNKNOWN)
    assert len(stand.sent) == 1


@pytest.mark.parametrize(
    "untold",
    [
        pytest.param({"quorumStatus": None}, id="null"),
        pytest.param({"quorumStatus": status(None)}, id="no-word"),
        pytest.param({"quorumStatus": "APPROVED"}, id="no-object"),
    ],
)
def test_a_state_that_is_not_told_is_looked_for_among_the_users(untold: dict[str, object], stand: Stand) -> None:
    """As where the request is not known at all: a user of its name is a candidate, and may be older."""
    pending = ask_for(stand)
    stand.answer(item(pending.request_id, **untold), on=ONE)
    assert stand.ask(lambda fireblocks: fireblocks.approval(pending)).state is ApprovalState.UNKNOWN
    user = stand.simulator.add_user(role="VIEWER", name="k")
    stand.answer(item(pending.request_id, **untold), on=ONE)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.key) == (ApprovalState.UNKNOWN, None)
    assert [key.id for key in found.candidates] == [user.id]
    assert "does not tell" in found.note
    assert "may be older" in found.note


@pytest.mark.parametrize("other", ["another", 5, "", ["r"]], ids=["another", "number", "empty", "list"])
def test_what_is_told_of_another_request_is_not_taken_for_it(other: object, stand: Stand) -> None:
    """Nor is what has an id that cannot be read."""
    stand.answer(item(requestPayload=json.dumps({"requestId": other}), quorumStatus=status("APPROVED")), on=ONE)
    error = stand.refused(lambda fireblocks: fireblocks.approval("r"))
    assert isinstance(error, UnusableReplyError)
    assert error.effect is Effect.NONE
    assert "requestId" in error.reason


@pytest.mark.parametrize(
    ("users", "found"),
    [
        pytest.param([{"id": "u", "name": "k", "role": "VIEWER", "status": "READY"}], "u", id="the-one"),
        pytest.param([{"id": "u", "name": "k"}], "u", id="a-role-that-is-not-told"),
        pytest.param([{"id": "u", "name": "k", "role": "VIEWER", "status": "PENDING_APPROVAL"}], None, id="it-waits"),
        pytest.param([{"id": "u", "name": "k", "role": "VIEWER"}, {"name": "k"}], None, id="beside-an-unreadable-one"),
        pytest.param([{"id": "u", "name": "k", "role": "VIEWER"}, {"id": "v"}], None, id="beside-a-nameless-one"),
        pytest.param([{"id": "u", "name": "k", "role": "VIEWER"}, {"name": "x"}], "u", id="beside-another"),
    ],
)
def test_only_the_one_user_that_can_be_it_is_the_key(
    users: list[dict[str, object]], found: str | None, stand: Stand
) -> None:
    """Where Fireblocks says that the request is approved; one that waits, or may be another, is a candidate."""
    pending = ask_for(stand)
    stand.answer(item(pending.request_id, quorumStatus=status("APPROVED")), on=ONE)
    stand.answer(json.dumps({"users": users}))
    told = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert told.state is ApprovalState.APPROVED
    assert (None if told.key is None else told.key.id) == found
    assert [key.id for key in told.candidates] == ([] if found else ["u"])
    assert told.note


def test_a_role_that_is_not_known_is_said_not_to_be_compared(stand: Stand) -> None:
    """The command line knows a name alone."""
    pending = replace(ask_for(stand), role=None)
    assert pending.request_id is not None
    user = stand.simulator.approvals.approve(pending.request_id)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.key.id) == (ApprovalState.APPROVED, user.id)
    assert "role" in found.note


@pytest.mark.parametrize(
    ("payload", "times"),
    [
        pytest.param("no JSON", (None, None), id="no-json"),
        pytest.param("[1]", (None, None), id="a-list"),
        pytest.param("{}", (None, None), id="no-times"),
        pytest.param('{"requestTimestamp": "5", "expiresAt": true}', (None, None), id="of-other-types"),
        pytest.param('{"requestTimestamp": 1e300, "expiresAt": NaN}', (None, None), id="beyond-all-years"),
        pytest.param(f'{{"requestTimestamp": {10**400}, "expiresAt": -{10**30}}}', (None, None), id="huge"),
        pytest.param(
            '{"requestTimestamp": 1893553445500, "expiresAt": 1894158245}', (1893553445.5, 1894158245.0), id="good"
        ),
        pytest.param('{"requestTimestamp": 1893553445, "expiresAt": 1894158245000}', (None, None), id="other-units"),
        pytest.param("[" * 100_000, (None, None), id="deep"),
    ],
)
def test_times_that_cannot_be_read_are_unknown(
    payload: str, times: tuple[float | None, float | None], stand: Stand
) -> None:
    """The state is told all the same."""
    stand.answer(item(requestPayload=payload), on=ONE)
    found = stand.ask(lambda fireblocks: fireblocks.approval("r"))
    expected = [None if moment is None else datetime.fromtimestamp(moment, UTC) for moment in times]
    assert [found.asked_at, found.expires_at] == expected
    assert found.state is ApprovalState.PENDING


def test_of_several_users_of_a_name_none_is_taken_for_the_one(stand: Stand) -> None:
    """They are candidates; another role is not one."""
    older = stand.simulator.add_user(role="VIEWER", name="k")
    stand.simulator.add_user(role="EDITOR", name="k")
    pending = ask_for(stand)
    assert pending.request_id is not None
    user = stand.simulator.approvals.approve(pending.request_id)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.key) == (ApprovalState.APPROVED, None)
    assert {key.id for key in found.candidates} == {older.id, user.id}

    stand.simulator.remove_user(older.id)
    assert stand.ask(lambda fireblocks: fireblocks.approval(pending)).key.id == user.id


def test_an_approved_user_that_is_gone_is_not_made_up(stand: Stand) -> None:
    """It was deleted, or is not listed yet."""
    pending = ask_for(stand)
    assert pending.request_id is not None
    stand.simulator.remove_user(stand.simulator.approvals.approve(pending.request_id).id)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.key, found.candidates) == (ApprovalState.APPROVED, None, ())
    assert "No API user of its name" in found.note


def test_where_approvals_have_ids_of_their_own_the_users_are_candidates(stand: Stand) -> None:
    """That the X-Request-ID is the id of the approval is unverified; an older user of the name is not taken for it."""
    stand.simulator.approvals_have_own_ids = True
    pending = ask_for(stand)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.id, found.name) == (ApprovalState.UNKNOWN, pending.request_id, "k")
    assert "404" in found.note
    assert "may wait" in found.note
    (own_id,) = stand.simulator.approvals
    user = stand.simulator.approvals.approve(own_id)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.key) == (ApprovalState.UNKNOWN, None)
    assert [key.id for key in found.candidates] == [user.id]
    assert "404" in found.note
    assert "may be older" in found.note
    stand.simulator.add_user(role="VIEWER", name="k")
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.key, len(found.candidates)) == (ApprovalState.UNKNOWN, None, 2)


@pytest.mark.parametrize("request_id", [None, "..", "a/b"])
def test_a_request_without_an_id_is_looked_for_among_the_users_at_once(request_id: str | None, stand: Stand) -> None:
    """An id that cannot stand in a path is none."""
    pending = replace(ask_for(stand), request_id=request_id)
    user = stand.simulator.add_user(role="VIEWER", name="k")
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert (found.state, found.key) == (ApprovalState.UNKNOWN, None)
    assert [key.id for key in found.candidates] == [user.id]
    assert stand.sent == stand.sent_to(LIST_USERS)


def test_a_credential_that_may_look_nowhere_learns_nothing_and_meets_no_error(stand: Stand) -> None:
    """Neither the approvals nor the users."""
    pending = ask_for(stand)
    viewer = stand.simulator.add_user(role="VIEWER")
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending), user=viewer)
    assert found.state is ApprovalState.UNKNOWN
    assert "403" in found.note
    assert "may not list API users" in found.note


def test_a_user_that_cannot_be_read_may_be_the_one(stand: Stand) -> None:
    """The note does not say that there is none."""
    pending = replace(ask_for(stand), request_id=None)
    stand.answer(json.dumps({"users": [{"name": "k"}]}))
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending))
    assert found.state is ApprovalState.UNKNOWN
    assert "cannot be read" in found.note


def test_no_answer_is_no_state(stand: Stand) -> None:
    """What did not come may come the next time; it is an error and not UNKNOWN."""
    pending = ask_for(stand)
    stand.simulator.faults.add(Fault.status(503), times=3, on=ONE)
    assert isinstance(stand.refused(lambda fireblocks: fireblocks.approval(pending)), UnansweredError)
    stand.answer('{"userStatus": 5}', on=ONE)
    error = stand.refused(lambda fireblocks: fireblocks.approval(pending))
    assert isinstance(error, UnusableReplyError)
    assert error.effect is Effect.NONE


def test_an_id_alone_is_followed_without_the_user_that_came_of_it(stand: Stand) -> None:
    """Its name is not known, and an unknown id is an error."""
    pending = ask_for(stand)
    assert pending.request_id is not None
    stand.simulator.approvals.approve(pending.request_id)
    found = stand.ask(lambda fireblocks: fireblocks.approval(pending.request_id))
    assert (found.state, found.name, found.key) == (ApprovalState.APPROVED, None, None)
    assert found.note == "Ask with its name as well to find the API user that came of it."
    assert isinstance(stand.refused(lambda fireblocks: fireblocks.approval("no-such-id")), NotFoundError)
    viewer = stand.simulator.add_user(role="VIEWER")
    error = stand.refused(lambda fireblocks: fireblocks.approval(pending.request_id), user=viewer)
    assert isinstance(error, PermissionDeniedError)
    assert stand.sent_to(LIST_USERS) == []


@pytest.mark.parametrize("request_", [None, 5, "", object()], ids=["none", "number", "empty", "object"])
def test_what_is_no_request_is_refused_before_anything_is_sent(request_: object, stand: Stand) -> None:
    """By the name of the argument."""
    error = stand.refused(lambda fireblocks: fireblocks.approval(request_))
    assert isinstance(error, InvalidRequestError)
    assert error.field == "request"
    assert stand.sent == []


def test_a_request_of_another_provider_is_refused(stand: Stand) -> None:
    """Its id means nothing here."""
    pending = replace(ask_for(stand), provider="another")
    error = stand.refused(lambda fireblocks: fireblocks.approval(pending))
    assert isinstance(error, InvalidRequestError)
    assert "another" in error.reason
    assert stand.sent == []


def test_all_that_waits_is_listed_over_all_pages(stand: Stand) -> None:
    """What has been decided is not in the list."""
    pending = [ask_for(stand, f"k{number}") for number in range(32)]
    assert pending[0].request_id is not None
    stand.simulator.approvals.reject(pending[0].request_id)
    stand.sent.clear()
    found = stand.ask(lambda fireblocks: fireblocks.approvals())
    assert [one.id for one in found] == [one.request_id for one in pending[1:]]
    assert {one.state for one in found} == {ApprovalState.PENDING}
    assert len(stand.sent) == 2
    assert all("includeAllUsers=true" in request.query for request in stand.sent)


def test_who_may_not_see_all_sees_what_waits_for_an_approval_of_their_own(stand: Stand) -> None:
    """An owner is one of them; their own requests are not theirs to approve."""
    owner = stand.simulator.add_user(role="OWNER")
    stand.ask(lambda fireblocks: fireblocks.issue(wish("own")), user=owner)
    pending = ask_for(stand)
    (found,) = stand.ask(lambda fireblocks: fireblocks.approvals(), user=owner)
    assert found.id == pending.request_id
    assert ["includeAllUsers" in request.query for request in stand.sent] == [True, False]


def test_who_may_see_nothing_is_refused(stand: Stand) -> None:
    """An empty list would say that nothing waits."""
    editor = stand.simulator.add_user(role="EDITOR")
    error = stand.refused(lambda fireblocks: fireblocks.approvals(), user=editor)
    assert isinstance(error, PermissionDeniedError)
    assert error.operation == "approvals"


def test_a_refusal_in_the_middle_of_the_list_ends_it(stand: Stand) -> None:
    """To begin anew with fewer would give some of them twice."""
    for number in range(31):
        ask_for(stand, f"k{number}")
    stand.simulator.faults.add(Fault.status(403), when=lambda request: "pageCursor" in request.query)
    assert isinstance(stand.refused(lambda fireblocks: fireblocks.approvals()), PermissionDeniedError)
    assert len(stand.sent) == 2


def test_a_list_that_leads_to_itself_ends_with_an_error(stand: Stand) -> None:
    """What came until then is given."""
    pending = ask_for(stand)
    stand.simulator.faults.add(Fault.pages_repeat(), times=9, on=LIST_APPROVALS)
    found: list[Any] = []

    def gather(fireblocks: Any) -> Any:
        return _gather(fireblocks.approvals(), found) if stand.mode == "sync" else _gather_async(fireblocks, found)

    assert isinstance(stand.refused(gather), UnusableReplyError)
    assert {one.id for one in found} == {pending.request_id}
    assert len(stand.sent) < 9


def _gather(listing: Any, found: list[Any]) -> None:
    for one in listing:
        found.append(one)  # noqa: PERF402 - what came is wanted, although an error follows


async def _gather_async(fireblocks: Any, found: list[Any]) -> None:
    async for one in fireblocks.approvals():
        found.append(one)  # noqa: PERF401 - as above


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(item(requestPayload="{}"), id="no-id"),
        pytest.param(item(requestPayload=5), id="a-payload-that-is-no-text"),
        pytest.param("{}", id="nothing"),
        pytest.param("5", id="no-object"),
    ],
)
def test_a_request_that_cannot_be_read_is_a_problem_of_its_own(bad: str) -> None:
    """The others are returned."""
    stand = new_stand("sync")
    stand.answer(f'{{"data": [{bad}, {item()}], "next": ""}}', on=LIST_APPROVALS)

    def both(fireblocks: Any) -> Any:
        listing = fireblocks.approvals()
        return [one.id for one in listing], listing.problems

    ids, (problem,) = stand.ask(both)
    assert ids == ["r"]
    assert problem.position == 0


@pytest.mark.parametrize("body", ["{}", '{"data": {}}', '{"data": [], "next": 5}', "[]"])
def test_a_page_that_is_none_is_an_error(body: str, stand: Stand) -> None:
    """Nobody takes it for an empty list."""
    stand.answer(body, on=LIST_APPROVALS)
    error = stand.refused(lambda fireblocks: fireblocks.approvals())
    assert isinstance(error, UnusableReplyError)
    assert error.effect is Effect.NONE
