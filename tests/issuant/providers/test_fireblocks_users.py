"""Fireblocks' API users are listed as they are, tell whose a credential is, and are deleted by people alone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from issuant import (
    ByHandError,
    ConflictError,
    Effect,
    InvalidRequestError,
    KeyStatus,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    UnusableReplyError,
    capabilities,
)
from issuant.adapters import RevokesKeys
from issuant.mocks import Fault
from issuant.providers import find_provider
from issuant.providers.fireblocks import FireblocksAccount, FireblocksAdapter

from tests.issuant.providers.fireblocks_stand import LIST_USERS, NOW, USERS, Mode, Stand, new_stand


@pytest.fixture(params=["sync", "async"])
def stand(request: pytest.FixtureRequest) -> Stand:
    mode: Mode = request.param
    return new_stand(mode)


def listed(*users: dict[str, object]) -> str:
    return json.dumps({"users": users})


def test_all_api_users_are_listed_at_once_with_their_ids_as_keys(stand: Stand) -> None:
    """In the vendor's order; none expires, and nobody owns one."""
    added = stand.simulator.add_user(role="VIEWER", name="reporting")
    first, second = stand.ask(lambda fireblocks: fireblocks.keys())
    assert (first.id, first.name, first.role, first.status) == (added.id, "reporting", "VIEWER", KeyStatus.ACTIVE)
    assert (first.expires_at, first.owner) == (None, None)
    assert dict(first.fields) == added.document()
    assert second.id == stand.simulator.api_key
    assert len(stand.sent) == 1


def test_everyone_is_who_is_listed_anyway(stand: Stand) -> None:
    """There is no list of one's own."""
    stand.simulator.add_user(role="VIEWER")
    assert len(stand.ask(lambda fireblocks: fireblocks.keys(everyone=True))) == 2


def test_an_owner_is_refused_before_anything_is_sent(stand: Stand) -> None:
    """API users have none."""
    error = stand.refused(lambda fireblocks: fireblocks.keys(owner="somebody"))
    assert isinstance(error, InvalidRequestError)
    assert error.field == "owner"
    assert stand.sent == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param({"status": "READY", "enabled": True}, KeyStatus.ACTIVE, id="ready"),
        pytest.param({"status": "READY"}, KeyStatus.ACTIVE, id="ready-and-no-more"),
        pytest.param({"status": "READY", "enabled": False}, KeyStatus.DISABLED, id="ready-and-disabled"),
        pytest.param({"status": "PENDING_ACTIVATION", "enabled": False}, KeyStatus.PENDING_ACTIVATION, id="activation"),
        pytest.param({"status": "PENDING_DEVICE_PAIRING"}, KeyStatus.PENDING_ACTIVATION, id="pairing"),
        pytest.param({"status": "PENDING_DEVICE_SETUP"}, KeyStatus.PENDING_ACTIVATION, id="setup"),
        pytest.param({"status": "PENDING_APPROVAL"}, KeyStatus.PENDING_APPROVAL, id="approval"),
        pytest.param({"status": "FROZEN", "enabled": True}, KeyStatus.UNKNOWN, id="a-new-word"),
        pytest.param({"status": "FROZEN", "enabled": False}, KeyStatus.DISABLED, id="a-new-word-and-disabled"),
        pytest.param({"enabled": True}, KeyStatus.UNKNOWN, id="enabled-and-no-more"),
        pytest.param({"enabled": False}, KeyStatus.DISABLED, id="disabled-and-no-more"),
        pytest.param({}, KeyStatus.UNKNOWN, id="nothing"),
    ],
)
def test_what_a_user_is_good_for_is_told_by_status_and_enabled(
    said: dict[str, object], status: KeyStatus, stand: Stand
) -> None:
    """Being enabled alone does not tell that a user is set up."""
    stand.answer(listed({"id": "u", **said}))
    (found,) = stand.ask(lambda fireblocks: fireblocks.keys())
    assert found.status is status
    assert (found.name, found.role) == ("", None)


def test_a_console_user_in_the_list_is_kept(stand: Stand) -> None:
    """Its fields tell what it is."""
    stand.answer(listed({"id": "u", "userType": "CONSOLE"}))
    (found,) = stand.ask(lambda fireblocks: fireblocks.keys())
    assert found.fields["userType"] == "CONSOLE"


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        pytest.param({"name": "k"}, "id is not a text", id="no-id"),
        pytest.param({"id": "", "name": "k"}, "id is empty", id="an-empty-id"),
        pytest.param({"id": "u", "name": "k", "enabled": "yes"}, "enabled", id="enabled-a-text"),
        pytest.param({"id": "u", "name": "k", "status": 5}, "not as documented", id="status-a-number"),
        pytest.param({"id": "u", "name": ["k"]}, "name is not a text", id="name-a-list"),
    ],
)
def test_a_user_that_cannot_be_read_is_a_problem_of_its_own(bad: dict[str, object], fault: str) -> None:
    """The others are returned; one that might be it is never said not to be there."""
    stand = new_stand("sync")
    stand.answer(listed(bad, {"id": "other", "name": "other"}))

    def both(fireblocks: object) -> object:
        listing = fireblocks.keys()  # type: ignore[attr-defined]
        return [key.id for key in listing], listing.problems

    ids, (problem,) = stand.ask(both)
    assert ids == ["other"]
    assert problem.position == 0
    assert fault in str(problem)

    stand.answer(listed(bad))
    assert isinstance(stand.refused(lambda fireblocks: fireblocks.find("k")), UnusableReplyError)


@pytest.mark.parametrize("said", [{}, {"name": None}, {"name": ""}], ids=["absent", "null", "empty"])
def test_a_user_without_a_name_is_listed_and_never_said_not_to_be_the_one(said: dict[str, object]) -> None:
    """It may have any name, so that a search by name ends with an error; its id tells it from others."""
    stand = new_stand("sync")
    users = listed({"name": "x"}, {"id": "other", "name": "other"}, {"id": "u", **said})

    stand.answer(users)
    found = stand.ask(lambda fireblocks: fireblocks.keys())
    assert [(key.id, key.name) for key in found] == [("other", "other"), ("u", "")]
    stand.answer(users)
    assert stand.ask(lambda fireblocks: fireblocks.key("u")).id == "u"
    for find in (lambda fireblocks: fireblocks.find("k"), lambda fireblocks: fireblocks.find("other")):
        stand.answer(users)
        error = stand.refused(find)
        assert isinstance(error, UnusableReplyError)
        assert "no name" in error.reason


def test_a_reply_without_a_list_changes_nothing_and_is_an_error(stand: Stand) -> None:
    """Nobody takes it for an empty workspace."""
    stand.answer("{}")
    error = stand.refused(lambda fireblocks: fireblocks.keys())
    assert isinstance(error, UnusableReplyError)
    assert error.effect is Effect.NONE
    assert "users is not a list" in error.reason


def test_whose_a_credential_is_stands_in_the_list(stand: Stand) -> None:
    """The API key is the id of its user."""
    stand.simulator.add_user(role="VIEWER", name="another")
    found = stand.ask(lambda fireblocks: fireblocks.whoami())
    assert (found.id, found.name, found.role) == (stand.simulator.api_key, "mock-user", "ADMIN")
    assert found.is_certain
    assert found.fields["userType"] == "API"


def test_a_credential_that_may_not_list_is_said_to_be_accepted(stand: Stand) -> None:
    """403 proves that it lives."""
    viewer = stand.simulator.add_user(role="VIEWER")
    error = stand.refused(lambda fireblocks: fireblocks.whoami(), user=viewer)
    assert isinstance(error, PermissionDeniedError)
    assert error.advice.startswith("The credential is accepted")
    diagnosis = stand.ask(lambda fireblocks: fireblocks.diagnose(), user=viewer)
    assert (diagnosis.accepted, diagnosis.works) == (True, False)


def test_a_credential_that_is_not_in_the_list_cannot_be_told(stand: Stand) -> None:
    """No other user is taken for it."""
    stand.answer(listed({"id": "another", "name": "another"}))
    error = stand.refused(lambda fireblocks: fireblocks.whoami())
    assert isinstance(error, NotFoundError)
    assert error.operation == "whoami"


def test_only_a_person_deletes_an_api_user(stand: Stand) -> None:
    """The error says who must do what, names the user, and nothing is sent."""
    error = stand.refused(lambda fireblocks: fireblocks.revoke("some-id"))
    assert isinstance(error, ByHandError)
    assert error.id == "some-id"
    assert "owner" in error.advice
    assert "console" in error.advice
    assert "unverified" in error.advice
    assert stand.sent == []


def test_the_capabilities_say_what_the_adapter_does() -> None:
    """It lists, tells, follows and sets up, and revokes nothing."""
    able = capabilities("fireblocks")
    assert able.lists_keys
    assert able.lists_everyones_keys
    assert able.tells_caller
    assert able.follows_approvals
    assert able.sets_up_devices
    assert not able.revokes_keys
    account = FireblocksAccount(api_key="fireblocks_TEST_not_a_key", private_key="")
    adapter = find_provider("fireblocks").adapter(account, lambda: NOW)
    assert isinstance(adapter, FireblocksAdapter)
    assert not isinstance(adapter, RevokesKeys)


def test_the_addresses_of_a_user_are_told(stand: Stand) -> None:
    """Those that an owner has set."""
    user = stand.simulator.add_user(role="VIEWER", whitelisted_ips=["192.0.2.1", "2001:db8::1"])
    found = stand.ask(lambda fireblocks: fireblocks.whitelisted_ips(user.id))
    assert (found.user_id, found.addresses) == (user.id, ("192.0.2.1", "2001:db8::1"))
    (key,) = stand.ask(lambda fireblocks: fireblocks.find("mock-user"))[1:]
    assert stand.ask(lambda fireblocks: fireblocks.whitelisted_ips(key)).addresses == ()


@pytest.mark.parametrize(
    ("said", "addresses"),
    [
        pytest.param("null", (), id="null"),
        pytest.param("[]", (), id="none"),
        pytest.param('"192.0.2.1"', "not a list of texts", id="a-text"),
        pytest.param("[5]", "not a list of texts", id="a-number"),
        pytest.param("[null]", "not a list of texts", id="null-in-the-list"),
        pytest.param('[""]', "is empty", id="an-empty-one"),
    ],
)
def test_addresses_that_are_none_are_an_error(said: str, addresses: tuple[str, ...] | str, stand: Stand) -> None:
    """An address that cannot be read is not left out: the rest would look like all."""
    stand.answer(f'{{"userId": "u", "whitelistedIps": {said}}}', on=f"GET {USERS}/u/whitelist_ip_addresses")
    if isinstance(addresses, tuple):
        assert stand.ask(lambda fireblocks: fireblocks.whitelisted_ips("u")).addresses == addresses
    else:
        error = stand.refused(lambda fireblocks: fireblocks.whitelisted_ips("u"))
        assert isinstance(error, UnusableReplyError)
        assert error.effect is Effect.NONE
        assert addresses in error.reason


@pytest.mark.parametrize("user", ["a/b", "..", " u", "u\n", "."])
def test_an_id_that_makes_another_path_is_refused_before_anything_is_sent(user: str, stand: Stand) -> None:
    """Wherever an id goes into a path."""
    for error in (
        stand.refused(lambda fireblocks: fireblocks.whitelisted_ips(user)),
        stand.refused(lambda fireblocks: fireblocks.pairing_token(user)),
    ):
        assert isinstance(error, InvalidRequestError)
        assert error.field == "user"
    assert isinstance(stand.refused(lambda fireblocks: fireblocks.approval(user)), InvalidRequestError)
    assert stand.sent == []


def pairing(user: str) -> str:
    return f"POST {USERS}/{user}/pairing_token"


def test_a_pairing_token_pairs_its_user_and_is_not_shown(stand: Stand) -> None:
    """It is good for an hour from before it was asked for."""
    user = stand.simulator.add_user(role="SIGNER")
    found = stand.ask(lambda fireblocks: fireblocks.pairing_token(user.id))
    assert found.user_id == user.id
    assert found.expires_at == NOW + timedelta(hours=1)
    assert found.secret.reveal() not in repr(found)
    assert "pairingToken" not in found.fields
    assert [found.idempotency_key] == stand.keys_of(pairing(user.id))
    assert stand.simulator.pair(found.secret.reveal()).id == user.id


def test_a_lost_pairing_token_is_asked_for_again_with_the_same_key(stand: Stand) -> None:
    """The stored reply comes, and one token is issued."""
    user = stand.simulator.add_user(role="SIGNER")
    stand.simulator.faults.add(Fault.drop_after(), on=pairing(user.id))
    found = stand.ask(lambda fireblocks: fireblocks.pairing_token(user.id))
    assert stand.keys_of(pairing(user.id)) == [found.idempotency_key] * 2
    assert len(stand.simulator.pairings.kept) == 1


def test_a_pairing_token_that_is_lost_for_good_leaves_its_key(stand: Stand) -> None:
    """Repeating the call with it brings the very token that was issued."""
    user = stand.simulator.add_user(role="SIGNER")
    stand.simulator.faults.add(Fault.drop_after(), times=3, on=pairing(user.id))
    error = stand.refused(lambda fireblocks: fireblocks.pairing_token(user.id))
    assert isinstance(error, OutcomeUnknownError)
    assert error.attempts == 3
    assert "same idempotency key" in error.advice
    stand.ask(lambda fireblocks: fireblocks.pairing_token(user.id, idempotency_key=error.idempotency_key))
    assert len(stand.simulator.pairings.kept) == 1


@pytest.mark.parametrize("fault", [Fault.status(500), Fault.html_502(), Fault.status(503)], ids=["500", "502", "503"])
def test_a_pairing_token_is_not_asked_for_again_after_a_failure(fault: Fault, stand: Stand) -> None:
    """The key is used up by it: a new one is advised."""
    user = stand.simulator.add_user(role="SIGNER")
    stand.simulator.faults.add(fault, on=pairing(user.id))
    error = stand.refused(lambda fireblocks: fireblocks.pairing_token(user.id))
    assert isinstance(error, OutcomeUnknownError)
    assert "new idempotency key" in error.advice
    assert stand.keys_of(pairing(user.id)) == [error.idempotency_key]


def test_a_user_that_is_paired_gets_no_token(stand: Stand) -> None:
    """The error says which status it takes."""
    error = stand.refused(lambda fireblocks: fireblocks.pairing_token(stand.simulator.api_key))
    assert isinstance(error, ConflictError)
    assert "PENDING_ACTIVATION" in error.advice
    assert error.effect is Effect.NONE


@pytest.mark.parametrize("key", ["", "x" * 41, "a b", "é"])
def test_a_malformed_idempotency_key_is_refused_before_anything_is_sent(key: str, stand: Stand) -> None:
    """As it is for a request for a user."""
    error = stand.refused(lambda fireblocks: fireblocks.pairing_token("u", idempotency_key=key))
    assert isinstance(error, InvalidRequestError)
    assert error.field == "idempotency_key"
    assert stand.sent == []


@pytest.mark.parametrize(
    ("body", "secret"),
    [
        pytest.param('{"id": 5, "role": null, "enabled": true, "pairingToken": "a b"}', None, id="no-usable-token"),
        pytest.param('{"pairingToken": "pair_TEST_not_a_key"', "pair_TEST_not_a_key", id="cut-off"),
    ],
)
def test_a_token_in_a_reply_that_cannot_be_used_is_not_lost(body: str, secret: str | None, stand: Stand) -> None:
    """The error carries it where there is one, and advises no revoking: that is not what a token needs."""
    stand.answer(body, status=201, on=pairing("u"))
    error = stand.refused(lambda fireblocks: fireblocks.pairing_token("u"))
    assert isinstance(error, UnusableReplyError)
    assert (error.secret.reveal() if error.secret else None) == secret
    assert error.effect is Effect.CREATED
    assert "new idempotency key" in error.advice
    assert "evoke" not in error.advice


def test_the_list_is_read_again_after_a_failure(stand: Stand) -> None:
    """A reading changes nothing, however often it is sent."""
    stand.simulator.faults.add(Fault.status(503), times=2, on=LIST_USERS)
    assert len(stand.ask(lambda fireblocks: fireblocks.keys())) == 1
    assert len(stand.sent) == 3
