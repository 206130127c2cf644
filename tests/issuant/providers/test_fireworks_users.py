"""Users and service accounts of Fireworks: listed, asked for, created once, and keys issued for them."""

from __future__ import annotations

import pytest
from issuant.errors import (
    ConflictError,
    Effect,
    InvalidRequestError,
    NotFoundError,
    OutcomeUnknownError,
    UnusableReplyError,
)
from issuant.mocks import Fault
from issuant.providers.fireworks import ROLES, FireworksKeyRequest

from tests.issuant.providers.test_fireworks import NOW, Asking, Mode, Watched, body, each_mode

USERS = "/v1/accounts/mock-account/users"


@each_mode
def test_users_come_over_all_pages_and_one_by_one(mode: Mode) -> None:
    """With what the vendor says of each."""
    vendor = Watched()
    for number in range(420):
        vendor.add_user(f"user-{number}")
    asking = Asking(vendor, mode)
    items, problems = asking("users")
    assert [user.id for user in items] == sorted(vendor.users)
    assert problems == ()
    assert vendor.seen == [f"GET {USERS}"] * 3
    robot = asking("user", "robot")
    assert robot == next(user for user in items if user.id == "robot")
    assert (robot.role, robot.is_service_account, robot.state) == ("user", True, "READY")
    assert (robot.email, robot.created_at) == ("robot@mock.invalid", NOW)


@each_mode
def test_a_service_account_is_created_and_a_key_issued_for_it(mode: Mode) -> None:
    """The id that was given is the one by which its keys are issued and listed."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    made = asking("create_user", "nightly-ci", role="inference-user", service_account=True, name="Nightly")
    assert (made.id, made.role, made.name) == ("nightly-ci", "inference-user", "Nightly")
    assert made.is_service_account is True
    assert asking("user", "nightly-ci") == made
    issued = asking("issue", FireworksKeyRequest(name="ci", user_id=made.id))
    assert [key.id for key in asking("keys", owner=made.id)[0]] == [issued.id]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "custom"])
def test_a_user_is_created_with_any_known_role(role: str) -> None:
    """The address and the flag are as they were given."""
    made = Asking(Watched(), "sync")("create_user", "ann", role=role, email="ann@mock.invalid")
    assert (made.role, made.email, made.is_service_account) == (role, "ann@mock.invalid", False)


def test_the_role_custom_is_for_the_vendor_to_judge() -> None:
    """It is documented, and needs a preset that cannot be given here."""
    vendor = Watched()
    name = "accounts/mock-account/users/ann"
    vendor.faults.add(body({"name": name, "role": "custom"}))
    assert Asking(vendor, "sync")("create_user", "ann", role="custom").role == "custom"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        pytest.param("role", {"role": "owner"}, id="unknown-role"),
        pytest.param("role", {"role": ""}, id="no-role"),
        pytest.param("role", {"role": ["admin"]}, id="no-text"),
        pytest.param("name", {"role": "user", "name": "n" * 64}, id="long-name"),
        pytest.param("name", {"role": "user", "name": "a\nb"}, id="line-break"),
        pytest.param("email", {"role": "user", "email": " "}, id="blank-address"),
        pytest.param("email", {"role": "user", "email": "a\ud800"}, id="surrogate"),
        pytest.param("id", {"role": "user", "id": "Ann"}, id="upper-case-id"),
        pytest.param("id", {"role": "user", "id": ""}, id="no-id"),
    ],
)
def test_a_user_that_cannot_be_is_refused_by_field(field: str, given: dict[str, object]) -> None:
    """Before anything is sent; a role that is unknown is refused with the known ones."""
    vendor = Watched()
    named = {"id": "ann"} | given
    with pytest.raises(InvalidRequestError) as caught:
        Asking(vendor, "sync")("create_user", named.pop("id"), **named)
    assert caught.value.field == field
    assert (", ".join(ROLES) in caught.value.advice) is (field == "role")
    assert vendor.seen == []


def test_an_existing_user_with_an_unknown_role_is_listed() -> None:
    """Vendors add roles before their documents do."""
    vendor = Watched()
    vendor.add_user("boss", role="overlord")
    assert Asking(vendor, "sync")("user", "boss").role == "overlord"
    assert "overlord" in {user.role for user in Asking(vendor, "sync")("users")[0]}


def test_a_user_that_exists_is_a_conflict() -> None:
    """Nothing is changed about it."""
    vendor = Watched()
    before = vendor.users["robot"]
    with pytest.raises(ConflictError):
        Asking(vendor, "sync")("create_user", "robot", role="admin")
    assert vendor.users["robot"] == before


@each_mode
def test_a_user_whose_reply_is_lost_is_created_once_and_can_be_found(mode: Mode) -> None:
    """A create is never sent again; user() tells what became of it."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    vendor.faults.add(Fault.drop_after())
    with pytest.raises(OutcomeUnknownError) as caught:
        asking("create_user", "ann", role="user")
    assert caught.value.attempts == 1
    assert vendor.seen == [f"POST {USERS}"]
    assert asking("user", "ann").id == "ann"


@pytest.mark.parametrize("id", ["", "a/b", "..", " a", None])
def test_an_id_that_no_user_has_is_refused(id: str | None) -> None:  # noqa: A002 - the field's own name
    """It never becomes the connection's own user."""
    vendor = Watched()
    with pytest.raises(InvalidRequestError) as caught:
        Asking(vendor, "sync")("user", id)
    assert caught.value.field == "id"
    assert vendor.seen == []


def test_a_user_is_asked_for_again_where_a_reply_is_lost() -> None:
    """What only reads is safe to repeat."""
    vendor = Watched()
    vendor.faults.add(Fault.drop_after(), times=2)
    assert Asking(vendor, "sync")("user", "robot").id == "robot"
    assert len(vendor.seen) == 3


def test_an_unknown_user_is_not_found() -> None:
    """Also where a key shall be issued for it."""
    for method, argument in (("user", "nobody"), ("issue", FireworksKeyRequest(name="k", user_id="nobody"))):
        with pytest.raises(NotFoundError):
            Asking(Watched(), "sync")(method, argument)


ODD = {
    "no-name": {"role": "user"},
    "name-without-id": {"name": "accounts/a/users/", "role": "user"},
    "name-with-blank": {"name": "accounts/a/users/ann ", "role": "user"},
    "name-of-dots": {"name": "accounts/a/users/..", "role": "user"},
    "no-role": {"name": "accounts/a/users/ann"},
    "flag": {"name": "accounts/a/users/ann", "role": "user", "serviceAccount": "yes"},
    "time": {"name": "accounts/a/users/ann", "role": "user", "createTime": 12},
    "state": {"name": "accounts/a/users/ann", "role": "user", "state": 1},
}


@pytest.mark.parametrize("fields", ODD.values(), ids=ODD)
def test_a_reply_that_is_no_user_is_an_error(fields: dict[str, object]) -> None:
    """Asked for, it is unreadable, in a list a problem; created, it is there, and user() is the way to it."""
    vendor = Watched()
    vendor.faults.add(body(fields), times=2)
    vendor.faults.add(body({"users": [fields]}))
    asking = Asking(vendor, "sync")
    with pytest.raises(UnusableReplyError) as unread:
        asking("user", "ann")
    with pytest.raises(UnusableReplyError) as created:
        asking("create_user", "ann", role="user")
    assert (unread.value.effect, created.value.effect) == (Effect.NONE, Effect.CREATED)
    assert "user()" in created.value.advice
    items, problems = asking("users")
    assert (items, len(problems)) == ([], 1)
