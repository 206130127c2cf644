"""Keys of Fireworks through their life: issued, listed over pages, found below their owner, revoked there, expired."""

from __future__ import annotations

from datetime import timedelta

import pytest
from issuant import KeyRequest
from issuant.errors import (
    AuthenticationError,
    Effect,
    InvalidRequestError,
    IssuantError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    UnusableReplyError,
)
from issuant.inventory import Removed
from issuant.keys import KeyStatus
from issuant.mocks import Fault, Reply, Request
from issuant.providers.fireworks import FireworksKeyRequest

from tests.issuant.providers.test_fireworks import NOW, Asking, Mode, Watched, body, each_mode

KEYS = "/v1/accounts/mock-account/users/mock-user/apiKeys"
DELETE = f"POST {KEYS}:delete"


def crowded(keys: int) -> Watched:
    """Return a vendor where the admin has so many keys."""
    vendor = Watched()
    for _ in range(keys - 1):
        vendor.add_key(vendor.user_id)
    return vendor


@each_mode
def test_keys_come_over_all_pages(mode: Mode) -> None:
    """Two hundred to a page, each key once, in the order in which they were made."""
    vendor = crowded(450)
    items, problems = Asking(vendor, mode)("keys")
    assert [key.id for key in items] == list(vendor.keys)
    assert problems == ()
    assert vendor.seen == [f"GET {KEYS}"] * 3


@each_mode
def test_a_server_that_knows_no_pages_lists_all_at_once(mode: Mode) -> None:
    """Paging is documented as to be added."""
    vendor = crowded(450)
    vendor.pages_api_keys = False
    assert len(Asking(vendor, mode)("keys")[0]) == 450
    assert vendor.seen == [f"GET {KEYS}"]


@each_mode
def test_a_listed_key_is_told_in_full_without_its_value(mode: Mode) -> None:
    """What the vendor says of it, its owner as the id that revokes it, and every field in the vendor's words."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    month = timedelta(days=30)
    issued = asking("issue", FireworksKeyRequest(name="ci", expires_in=month, annotations={"team": "evals"}))
    (found,) = asking("find", "ci")
    assert (found.id, found.name, found.owner) == (issued.id, "ci", "mock-user")
    assert found.account == issued.account == "mock-account"
    assert (found.created_at, found.expires_at, found.last_used) == (NOW, NOW + month, None)
    assert found.status is KeyStatus.ACTIVE
    assert (found.hint, found.annotations) == (issued.hint, {"team": "evals"})
    assert found.fields["email"] == "mock-user@mock.invalid"
    assert dict(found.fields) == dict(issued.fields)


@each_mode
def test_an_issued_key_belongs_to_the_id_of_its_user(mode: Mode) -> None:
    """By it, and not by the address, the key is revoked; the address stays among the fields."""
    vendor = Watched()
    issued = Asking(vendor, mode)("issue", FireworksKeyRequest(name="ci", user_id="robot"))
    assert issued.owner == "robot"
    assert issued.fields["email"] == "robot@mock.invalid"


@each_mode
def test_a_key_expires_when_its_time_has_come(mode: Mode) -> None:
    """The vendor goes on listing it; at the very moment it is over."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    issued = asking("issue", KeyRequest(name="ci", expires_in=timedelta(hours=1)))
    vendor.clock.advance(timedelta(minutes=59))
    assert asking("key", issued.id).status is KeyStatus.ACTIVE
    vendor.clock.advance(timedelta(minutes=1))
    assert asking("key", issued.id).status is KeyStatus.EXPIRED


@pytest.mark.parametrize("time", ["2029-12-31T23:59:59", "2030-01-02T05:04:05+02:00"], ids=["naive", "offset"])
def test_the_time_of_a_listed_key_is_aware(time: str) -> None:
    """One without an offset is read as UTC."""
    vendor = Watched()
    vendor.faults.add(body({"apiKeys": [{"keyId": "k", "expireTime": time}]}))
    ((found,), _) = Asking(vendor, "sync")("keys")
    assert found.expires_at.utcoffset() is not None
    assert found.status is KeyStatus.EXPIRED


@pytest.mark.parametrize(
    ("odd", "fault"),
    [
        pytest.param({"displayName": "n"}, "as documented", id="no-id"),
        pytest.param({"keyId": None}, "keyId", id="null-id"),
        pytest.param({"keyId": ""}, "keyId", id="empty-id"),
        pytest.param({"keyId": "k\n"}, "keyId", id="line-break-in-id"),
        pytest.param({"keyId": "k", "displayName": 1}, "displayName", id="name"),
        pytest.param({"keyId": "k", "createTime": "yesterday"}, "as documented", id="time"),
        pytest.param({"keyId": "k", "annotations": {"a": 1}}, "annotations", id="annotations"),
        pytest.param({"keyId": "k", "email": {}}, "email", id="email"),
        pytest.param({"keyId": "k", "prefix": []}, "prefix", id="prefix"),
    ],
)
def test_a_key_with_any_fault_is_a_problem(odd: dict[str, object], fault: str) -> None:
    """It is not half a key: who revokes by a list must be able to trust what is in it."""
    vendor = Watched()
    vendor.faults.add(body({"apiKeys": [odd]}))
    items, (problem,) = Asking(vendor, "sync")("keys")
    assert items == []
    assert fault in str(problem)


@each_mode
def test_keys_of_another_user_are_listed_by_its_id(mode: Mode) -> None:
    """Each carries that id as its owner."""
    vendor = Watched()
    vendor.add_key("robot")
    ((found,), _) = Asking(vendor, mode)("keys", owner="robot")
    assert found.owner == "robot"
    assert Asking(vendor, mode)("key", found.id, owner="robot").id == found.id


@each_mode
def test_everyones_keys_are_those_of_each_user(mode: Mode) -> None:
    """All pages of users, and of each all pages of keys; users without keys are passed over."""
    vendor = crowded(250)
    for number in range(220):
        vendor.add_user(f"user-{number:03}")
    for user in ("robot", "user-219", "user-219"):
        vendor.add_key(user)
    items, problems = Asking(vendor, mode, user_id=None)("keys", everyone=True)
    assert problems == ()
    assert {key.id: key.owner for key in items} == {key.key_id: key.user_id for key in vendor.keys.values()}
    assert len(items) == 253
    users, of_users = "GET /v1/accounts/mock-account/users", len(vendor.users)
    assert vendor.seen[:2] == [users, users]
    assert len(vendor.seen) == 2 + of_users + 1


def test_the_keys_of_a_user_who_cannot_be_read_are_told_to_be_missing() -> None:
    """The list is not complete, and does not look so; the places of odd keys are counted over all users."""
    vendor = Watched()
    users = [{"name": "accounts/a/users/..", "role": "user"}, *({"name": name, "role": "user"} for name in "ab")]
    vendor.faults.add(body({"users": users}))
    for id in ("k1", "k2"):  # noqa: A001 - the field's own name
        vendor.faults.add(body({"apiKeys": [{"keyId": id}, {}]}))
    items, problems = Asking(vendor, "sync")("keys", everyone=True)
    assert [(key.id, key.owner) for key in items] == [("k1", "a"), ("k2", "b")]
    assert "the keys of this user are not listed; name does not end in an id" in str(problems[0])
    assert [problem.position for problem in problems[1:]] == [1, 3]


def test_everyones_keys_of_an_account_without_users_are_none() -> None:
    """No user, no page of keys."""
    vendor = Watched()
    vendor.faults.add(body({}))
    assert Asking(vendor, "sync")("keys", everyone=True) == ([], ())
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("owner", ["", "a/b", "..", " robot", "r\u0000"])
def test_an_owner_that_is_no_id_is_refused(owner: str) -> None:
    """It never becomes the connection's own user, nor part of another path."""
    vendor = Watched()
    for method, arguments in (("keys", ()), ("revoke", ("k",))):
        with pytest.raises(InvalidRequestError) as caught:
            Asking(vendor, "sync")(method, *arguments, owner=owner)
        assert caught.value.field == "owner"
    assert vendor.seen == []


@each_mode
def test_a_revoked_key_is_gone_and_no_longer_accepted(mode: Mode) -> None:
    """By its id, or by what issue() returned."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    first, second = asking("issue", KeyRequest(name="one")), asking("issue", KeyRequest(name="two"))
    removed = Removed(provider="fireworks", id=first.id)
    assert asking("revoke", first.id) == removed
    assert asking("revoke", second).id == second.id
    with pytest.raises(NotFoundError):
        asking("key", first.id)
    with pytest.raises(AuthenticationError):
        Asking(vendor, mode, api_key=first.secret.reveal())("keys")


@each_mode
@pytest.mark.parametrize("kind", ["issued", "listed", "of-everyone"])
def test_a_key_of_another_is_revoked_without_naming_its_owner(kind: str, mode: Mode) -> None:
    """The key itself tells whose it is."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    issued = asking("issue", FireworksKeyRequest(name="ci", user_id="robot"))
    key = {
        "issued": lambda: issued,
        "listed": lambda: asking("keys", owner="robot")[0][0],
        "of-everyone": lambda: next(key for key in asking("keys", everyone=True)[0] if key.id == issued.id),
    }[kind]()
    assert asking("revoke", key).id == issued.id
    assert issued.id not in vendor.keys


@each_mode
def test_a_key_that_is_not_found_may_be_anothers(mode: Mode) -> None:
    """By the bare id it is looked for below the connection's own user, and the advice says so."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    issued = asking("issue", FireworksKeyRequest(name="ci", user_id="robot"))
    for unknown in (issued.id, "key_unknown"):
        with pytest.raises(NotFoundError) as caught:
            asking("revoke", unknown)
        assert "another user than mock-user needs owner=" in caught.value.advice
        assert (caught.value.effect, caught.value.attempts) == (Effect.NONE, 1)
    assert asking("revoke", issued.id, owner="robot").id == issued.id


def test_anyone_revokes_their_own_keys_and_no_others() -> None:
    """Only admins delete keys of others."""
    vendor = Watched()
    others = next(iter(vendor.keys))
    asking = Asking(vendor, "sync", api_key=vendor.add_key("someone"), user_id="someone")
    own = asking("issue", KeyRequest(name="mine"))
    assert asking("revoke", own).id == own.id
    with pytest.raises(PermissionDeniedError):
        asking("revoke", others, owner="mock-user")
    assert others in vendor.keys


@pytest.mark.parametrize("id", [" k", "k\n", "k\ud800"], ids=["blank", "line-break", "surrogate"])
def test_an_id_that_no_key_has_is_not_sent(id: str) -> None:  # noqa: A002 - the field's own name
    """It is refused by name."""
    vendor = Watched()
    with pytest.raises(InvalidRequestError) as caught:
        Asking(vendor, "sync")("revoke", id)
    assert caught.value.field == "id"
    assert vendor.seen == []


@each_mode
@pytest.mark.parametrize("fault", [Fault.drop_after(), Fault.incomplete(), Fault.reset_after()], ids=lambda f: f.kind)
def test_a_revocation_whose_reply_is_lost_is_sent_again(fault: Fault, mode: Mode) -> None:
    """The second attempt finds no key: it is gone if it was there, which only the list can tell."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    issued = asking("issue", KeyRequest(name="ci"))
    vendor.faults.add(fault, on=DELETE)
    with pytest.raises(NotFoundError) as caught:
        asking("revoke", issued)
    assert (caught.value.effect, caught.value.attempts) == (Effect.UNKNOWN, 2)
    assert "if it was there, it is gone now" in caught.value.advice
    assert vendor.seen.count(DELETE) == 2
    assert issued.id not in vendor.keys


def test_a_revocation_without_any_reply_may_be_repeated() -> None:
    """Three attempts, an unknown outcome, and the advice to call again."""
    vendor = Watched()
    asking = Asking(vendor, "sync")
    issued = asking("issue", KeyRequest(name="ci"))
    vendor.faults.add(Fault.drop_before(), times=3, on=DELETE)
    with pytest.raises(OutcomeUnknownError) as caught:
        asking("revoke", issued)
    assert caught.value.attempts == 3
    assert "Repeat the call" in caught.value.advice
    assert asking("revoke", issued).id == issued.id


@each_mode
def test_a_key_of_another_is_never_said_to_be_gone(mode: Mode) -> None:
    """Below the wrong user nothing is found, after a failure as before."""
    vendor = Watched()
    vendor.add_key("robot")
    others = list(vendor.keys)[-1]
    vendor.faults.add(Fault.status(503), on=DELETE)
    with pytest.raises(NotFoundError) as caught:
        Asking(vendor, mode)("revoke", others)
    assert caught.value.effect is Effect.UNKNOWN
    assert others in vendor.keys


@pytest.mark.parametrize(
    "fields",
    [{"success": False}, {"status": "error"}, {"apiKeys": []}, {"code": 5}],
    ids=lambda fields: next(iter(fields)),
)
def test_an_object_with_a_field_confirms_no_revocation(fields: dict[str, object]) -> None:
    """The vendor's own is empty."""
    vendor = Watched()
    vendor.faults.add(body(fields))
    with pytest.raises(UnusableReplyError) as caught:
        Asking(vendor, "sync")("revoke", next(iter(vendor.keys)))
    assert caught.value.effect is Effect.UNKNOWN


@each_mode
@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([{"apiKeys": [], "totalSize": 3}], id="none"),
        pytest.param([{"totalSize": 3}], id="total-alone"),
        pytest.param([{"apiKeys": [{"keyId": "k"}], "nextPageToken": "t", "totalSize": 5}, {}], id="empty-object"),
        pytest.param(
            [{"apiKeys": [{"keyId": "k"}], "nextPageToken": "t"}, {"apiKeys": [{"keyId": "l"}], "totalSize": 3}],
            id="last-page",
        ),
    ],
)
def test_a_list_that_ends_before_its_total_is_not_whole(pages: list[dict[str, object]], mode: Mode) -> None:
    """To find nothing in it would be a guess."""
    vendor = Watched()
    for page in pages:
        vendor.faults.add(body(page))
    with pytest.raises(UnusableReplyError, match="the list ends after") as caught:
        Asking(vendor, mode)("find", "ci")
    assert caught.value.effect is Effect.NONE


@pytest.mark.parametrize("totals", [(2, 1), (1, 2), (1, None)], ids=["deleted", "made", "told-once"])
def test_a_list_that_changes_while_it_is_gone_through_is_whole(totals: tuple[int, int | None]) -> None:
    """The least total is what stood there all the time."""
    vendor = Watched()
    first, last = totals
    vendor.faults.add(body({"apiKeys": [{"keyId": "k"}], "nextPageToken": "t", "totalSize": first}))
    vendor.faults.add(body({"totalSize": last} if last else {}))
    assert [key.id for key in Asking(vendor, "sync")("keys")[0]] == ["k"]


@pytest.mark.parametrize("name", ["a\u00a0b", "a\u200db", "a\ufffdb"], ids=["blank", "joiner", "replacement"])
def test_a_key_is_found_by_a_name_that_cannot_be_printed(name: str) -> None:
    """It is shown otherwise, and compared as the vendor has it."""
    vendor = Watched()
    keys = [{"keyId": "other", "displayName": "a\nb"}, {"keyId": "k", "displayName": name}]
    vendor.faults.add(body({"apiKeys": keys}))
    assert [key.id for key in Asking(vendor, "sync")("find", name)] == ["k"]


def test_a_page_of_a_proxy_is_no_revocation() -> None:
    """200 with HTML: nobody knows whether the key is gone."""
    vendor = Watched()
    key = next(iter(vendor.keys))
    vendor.faults.add(Fault.html(200))
    with pytest.raises(UnusableReplyError) as caught:
        Asking(vendor, "sync")("revoke", key)
    assert caught.value.effect is Effect.UNKNOWN
    assert key in vendor.keys


@each_mode
def test_a_key_whose_reply_is_lost_is_issued_once_and_can_be_found(mode: Mode) -> None:
    """A create is never sent again; find() settles what became of it."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    vendor.faults.add(Fault.drop_after())
    with pytest.raises(OutcomeUnknownError) as caught:
        asking("issue", KeyRequest(name="ci"))
    assert caught.value.attempts == 1
    (found,) = asking("find", "ci")
    asking("revoke", found)
    assert len(vendor.keys) == 1


class Spacious(Watched):
    """A vendor where the credential may act in the account `another` as well."""

    def handle(self, request: Request) -> Reply:
        self.account_id = "another" if "/accounts/another/" in request.path else "mock-account"
        return super().handle(request)


ELSEWHERE = FireworksKeyRequest(name="ci", account_id="another")


@each_mode
def test_a_key_of_another_account_is_not_revoked_in_that_of_the_connection(mode: Mode) -> None:
    """Nothing is sent, and the error names the account for which a connection is needed."""
    vendor = Spacious()
    asking = Asking(vendor, mode)
    issued = asking("issue", ELSEWHERE)
    assert issued.account == "another"
    vendor.seen.clear()
    with pytest.raises(InvalidRequestError, match="account another") as caught:
        asking("revoke", issued)
    assert "Open a connection for the account another" in caught.value.advice
    assert vendor.seen == []
    assert issued.id in vendor.keys


LOST = [
    pytest.param(Fault.drop_after(), OutcomeUnknownError, id="lost"),
    pytest.param(Fault.status(503), OutcomeUnknownError, id="failed"),
    pytest.param(body({"keyId": "k"}), UnusableReplyError, id="without-its-value"),
]


@each_mode
@pytest.mark.parametrize(("fault", "kind"), LOST)
def test_after_a_create_in_another_account_the_advice_says_where_to_look(
    fault: Fault, kind: type[IssuantError], mode: Mode
) -> None:
    """The list of the connection has none of it."""
    vendor = Spacious()
    vendor.faults.add(fault)
    with pytest.raises(kind) as caught:
        Asking(vendor, mode)("issue", ELSEWHERE)
    assert "in the account another" in caught.value.advice
    assert "the user" not in caught.value.advice


@pytest.mark.parametrize(("fault", "kind"), LOST)
def test_after_a_create_for_another_user_the_advice_says_whose_key_it_is(
    fault: Fault, kind: type[IssuantError]
) -> None:
    """And says nothing where it is the connection's own."""
    vendor = Watched()
    vendor.faults.add(fault, times=2)
    for user, is_told in (("robot", True), (None, False)):
        with pytest.raises(kind) as caught:
            Asking(vendor, "sync")("issue", FireworksKeyRequest(name="ci", user_id=user))
        assert ("for the user robot: name that owner" in caught.value.advice) is is_told
        assert "account" not in caught.value.advice


def test_a_refusal_in_another_account_says_nothing_of_looking() -> None:
    """There is nothing to look for."""
    vendor = Watched()
    with pytest.raises(PermissionDeniedError) as caught:
        Asking(vendor, "sync")("issue", ELSEWHERE)
    assert "look there" not in caught.value.advice


@pytest.mark.parametrize("status", [403, 404])
def test_a_refused_issue_tells_which_account_and_user_it_was_for(status: int) -> None:
    """The credential may be right, and one of them wrong."""
    vendor = Watched()
    vendor.faults.add(Fault.status(status))
    with pytest.raises((NotFoundError, PermissionDeniedError)) as caught:
        Asking(vendor, "sync")("issue", KeyRequest(name="k"))
    for told in (vendor.account_id, "FIREWORKS_ACCOUNT_ID", vendor.user_id, "FIREWORKS_USER_ID"):
        assert told in caught.value.advice
