"""Secrets that Fireworks stores: created or replaced, listed, asked for and deleted; their values never come back."""

from __future__ import annotations

from typing import Any

import pytest
from issuant.errors import (
    ConflictError,
    Effect,
    InvalidRequestError,
    IssuantError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RefusedError,
    UnansweredError,
    UnusableReplyError,
)
from issuant.inventory import Removed
from issuant.keys import StoredSecret
from issuant.mocks import Fault

from tests.issuant.providers.test_fireworks import Asking, Mode, Watched, body, each_mode

SECRETS = "/v1/accounts/mock-account/secrets"
WOLFRAM = f"{SECRETS}/wolfram"
NAME = "accounts/mock-account/secrets/wolfram"
CREATE, UPDATE = f"POST {SECRETS}", f"PATCH {WOLFRAM}"
OLD, NEW = "stored_TEST_old_not_a_key", "stored_TEST_new_not_a_key"


def put(asking: Asking, value: str = NEW, **named: Any) -> Any:
    return asking("put_secret", "wolfram", key_name="WOLFRAM_KEY", value=value, **named)


@each_mode
def test_a_secret_is_created_then_replaced(mode: Mode) -> None:
    """The second time an update follows the refused create."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    first, second = put(asking, OLD), put(asking, NEW)
    assert isinstance(first, StoredSecret)
    assert (first.id, first.name, first.key_name) == ("wolfram", NAME, "WOLFRAM_KEY")
    assert (first.replaced, second.replaced) == (False, True)
    assert (second.id, second.name, second.key_name) == (first.id, first.name, first.key_name)
    assert vendor.secrets[NAME].value == NEW
    assert vendor.seen == [CREATE, CREATE, UPDATE]


@each_mode
def test_without_replace_a_secret_that_exists_is_left_alone(mode: Mode) -> None:
    """It is a conflict, and nothing is changed."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    assert put(asking, OLD, replace=False).replaced is False
    with pytest.raises(ConflictError) as caught:
        put(asking, NEW, replace=False)
    assert caught.value.effect is Effect.NONE
    assert caught.value.advice == "To replace it, leave replace=False out; or take another id."
    assert vendor.secrets[NAME].value == OLD
    assert vendor.seen == [CREATE, CREATE]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        pytest.param(b"{}", "It was stored: look with secret()", id="of-the-provider"),
        pytest.param(b"a page", "it may have taken effect.", id="of-somebody-else"),
    ],
)
def test_a_create_whose_reply_cannot_be_used_says_what_is_certain(content: bytes, advice: str) -> None:
    """That it was stored, or that it may have been."""
    vendor = Watched()
    vendor.faults.add(Fault.body(content))
    with pytest.raises(UnusableReplyError) as caught:
        put(Asking(vendor, "sync"), replace=False)
    assert advice in caught.value.advice
    assert (caught.value.effect is Effect.CREATED) is (content == b"{}")


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        pytest.param(409, {}, id="status-alone"),
        pytest.param(400, {"code": 6}, id="code"),
        pytest.param(400, {"code": "ALREADY_EXISTS"}, id="name-of-the-code"),
    ],
)
def test_a_conflict_is_told_by_status_or_code(status: int, fields: dict[str, object]) -> None:
    """Neither is verified; either of the two is enough."""
    vendor = Watched()
    asking = Asking(vendor, "sync")
    put(asking, OLD)
    vendor.faults.add(Fault.body(body(fields).content, status=status))
    assert put(asking).replaced is True
    assert vendor.secrets[NAME].value == NEW


def test_another_refusal_is_no_conflict() -> None:
    """Nothing is replaced for a reason that nobody knows."""
    vendor = Watched()
    put(Asking(vendor, "sync"), OLD)
    vendor.faults.add(Fault.status(400))
    with pytest.raises(RefusedError) as caught:
        put(Asking(vendor, "sync"))
    assert caught.value.code == "3"
    assert vendor.secrets[NAME].value == OLD


@each_mode
def test_with_replace_a_create_whose_reply_is_lost_is_made_sure_of(mode: Mode) -> None:
    """It is sent again, refused, and updated. Whether one was there before cannot be told: `replaced` is False."""
    vendor = Watched()
    vendor.faults.add(Fault.drop_after(), on=CREATE)
    assert put(Asking(vendor, mode)).replaced is False
    assert vendor.secrets[NAME].value == NEW
    assert vendor.seen == [CREATE, CREATE, UPDATE]


@each_mode
def test_without_replace_a_create_is_sent_once(mode: Mode) -> None:
    """A second one would be refused for the first one's sake."""
    vendor = Watched()
    vendor.faults.add(Fault.drop_after(), on=CREATE)
    with pytest.raises(OutcomeUnknownError) as caught:
        put(Asking(vendor, mode), replace=False)
    assert caught.value.attempts == 1
    assert vendor.seen == [CREATE]


def test_an_update_whose_reply_is_lost_is_sent_again() -> None:
    """The same value twice is the same as once."""
    vendor = Watched()
    put(Asking(vendor, "sync"), OLD)
    vendor.faults.add(Fault.drop_after(), on=UPDATE)
    assert put(Asking(vendor, "sync")).replaced is True
    assert vendor.seen.count(UPDATE) == 2


@pytest.mark.parametrize("lost", [CREATE, UPDATE], ids=["create", "update"])
def test_with_replace_a_secret_without_any_reply_may_be_put_again(lost: str) -> None:
    """Three attempts, an unknown outcome, and the advice to repeat it."""
    vendor = Watched()
    put(Asking(vendor, "sync"), OLD)
    vendor.faults.add(Fault.drop_before(), times=3, on=lost)
    with pytest.raises(OutcomeUnknownError) as caught:
        put(Asking(vendor, "sync"))
    assert caught.value.attempts == 3
    assert "Repeat the call" in caught.value.advice


@pytest.mark.parametrize(
    ("is_lost", "effect"), [pytest.param(False, Effect.NONE, id="sure"), pytest.param(True, Effect.UNKNOWN, id="lost")]
)
def test_a_refused_update_changed_nothing_unless_a_create_is_in_doubt(is_lost: bool, effect: Effect) -> None:
    """A create whose reply was lost may have stored the value, whatever is said to the update after it."""
    vendor = Watched()
    put(Asking(vendor, "sync"), OLD)
    if is_lost:
        vendor.faults.add(Fault.drop_before(), on=CREATE)
    vendor.faults.add(Fault.status(403), on=UPDATE)
    with pytest.raises(PermissionDeniedError) as caught:
        put(Asking(vendor, "sync"))
    assert caught.value.effect is effect
    assert ("may have stored" in caught.value.advice) is is_lost


@pytest.mark.parametrize("step", [CREATE, UPDATE], ids=["create", "update"])
@pytest.mark.parametrize(
    "fields",
    [{}, {"name": NAME}, {"name": NAME, "keyName": 1}, {"name": "accounts/a/secrets/", "keyName": "K"}],
    ids=["empty", "no-key-name", "wrong-type", "no-id"],
)
def test_a_reply_that_is_no_secret_is_told_to_be_stored(step: str, fields: dict[str, object]) -> None:
    """It was accepted; putting it again is safe."""
    vendor = Watched()
    if step == UPDATE:
        put(Asking(vendor, "sync"), OLD)
    vendor.faults.add(body(fields), on=step)
    with pytest.raises(UnusableReplyError) as caught:
        put(Asking(vendor, "sync"))
    assert caught.value.effect is Effect.CREATED
    assert "Repeat the call" in caught.value.advice


@each_mode
@pytest.mark.parametrize("step", [CREATE, UPDATE], ids=["create", "update"])
def test_a_value_that_is_sent_back_is_dropped(step: str, mode: Mode) -> None:
    """It is INPUT_ONLY; a vendor that echoes it gains it no place in a result."""
    vendor = Watched()
    if step == UPDATE:
        put(Asking(vendor, mode), OLD)
    vendor.faults.add(body({"name": NAME, "keyName": "WOLFRAM_KEY", "value": NEW}), on=step)
    stored = put(Asking(vendor, mode))
    assert set(stored.fields) == {"name", "keyName"}
    assert NEW not in repr(stored)


@pytest.mark.parametrize("step", [CREATE, UPDATE], ids=["create", "update"])
def test_a_refusal_that_repeats_the_value_is_withheld(step: str) -> None:
    """Plain words are shown of a refusal, but for those that were the secret."""
    vendor = Watched()
    put(Asking(vendor, "sync"), OLD)
    vendor.faults.add(Fault.body(body({"message": "bad value correct horse battery"}).content, status=422), on=step)
    with pytest.raises(RefusedError) as caught:
        put(Asking(vendor, "sync"), "correct horse battery")
    assert "withheld" in str(caught.value)
    assert "horse" not in f"{caught.value} {caught.value.as_dict()}"


@each_mode
def test_secrets_come_over_all_pages_and_one_by_one(mode: Mode) -> None:
    """Each with its id and the name of its variable."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    put(asking)
    kept = vendor.secrets[NAME]
    vendor.secrets |= {
        f"{NAME}-{number}": type(kept)(name=f"{NAME}-{number}", key_name="K", value=NEW) for number in range(420)
    }
    vendor.seen.clear()
    items, problems = asking("secrets")
    assert [item.name for item in items] == list(vendor.secrets)
    assert problems == ()
    assert vendor.seen == [f"GET {SECRETS}"] * 3
    assert asking("secret", "wolfram") == items[0]
    assert (items[0].id, items[0].key_name, items[0].replaced) == ("wolfram", "WOLFRAM_KEY", False)


def test_a_bare_id_is_read_as_a_name() -> None:
    """Both are in use."""
    vendor = Watched()
    vendor.faults.add(body({"name": "wolfram", "keyName": "WOLFRAM_KEY"}))
    found = Asking(vendor, "sync")("secret", "wolfram")
    assert (found.id, found.name) == ("wolfram", "wolfram")


@each_mode
def test_a_deleted_secret_is_gone(mode: Mode) -> None:
    """A second deletion does not find it."""
    vendor = Watched()
    asking = Asking(vendor, mode)
    put(asking)
    assert asking("delete_secret", "wolfram") == Removed(provider="fireworks", id="wolfram")
    assert vendor.secrets == {}
    for method in ("secret", "delete_secret"):
        with pytest.raises(NotFoundError):
            asking(method, "wolfram")


@pytest.mark.parametrize("replace", [None, False, True], ids=["asked-for", "stored", "replaced"])
def test_a_reply_that_names_another_secret_is_not_taken_for_it(replace: bool | None) -> None:
    """What was asked for may not be there, and what was stored may not be stored."""
    vendor = Watched()
    vendor.faults.add(body({"name": "accounts/mock-account/secrets/other", "keyName": "WOLFRAM"}))
    asking = Asking(vendor, "sync")
    put = {"key_name": "WOLFRAM", "value": "value_TEST_not_a_key", "replace": replace}
    method, given = ("secret", {}) if replace is None else ("put_secret", put)
    with pytest.raises(UnusableReplyError, match="another secret") as caught:
        asking(method, "wolfram", **given)
    assert caught.value.effect is (Effect.NONE if replace is None else Effect.CREATED)
    assert "Revoke" not in caught.value.advice


def test_a_deletion_whose_reply_is_lost_is_sent_again() -> None:
    """That it is not there any more does not tell that it ever was."""
    vendor = Watched()
    put(Asking(vendor, "sync"))
    vendor.faults.add(Fault.drop_after())
    with pytest.raises(NotFoundError) as caught:
        Asking(vendor, "sync")("delete_secret", "wolfram")
    assert caught.value.effect is Effect.UNKNOWN
    assert vendor.seen == [CREATE, f"DELETE {WOLFRAM}", f"DELETE {WOLFRAM}"]


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        pytest.param("secret", UnansweredError, id="get"),
        pytest.param("delete_secret", OutcomeUnknownError, id="delete"),
    ],
)
def test_a_500_is_a_failure_and_not_an_absence(method: str, kind: type[IssuantError]) -> None:
    """One public client takes it for "not found"; a secret that is there would look deleted."""
    vendor = Watched()
    put(Asking(vendor, "sync"))
    vendor.faults.add(Fault.status(500), times=3)
    with pytest.raises(kind) as caught:
        Asking(vendor, "sync")(method, "wolfram")
    assert caught.value.attempts == 3
    assert NAME in vendor.secrets


@pytest.mark.parametrize("id", ["", "Upper", "a/b", "-a", "a_b", "a\n", None])
def test_an_id_that_no_secret_has_is_refused(id: str | None) -> None:  # noqa: A002 - the field's own name
    """By every method alike, before anything is sent."""
    vendor = Watched()
    asking = Asking(vendor, "sync")
    named = {"key_name": "K", "value": NEW}
    for method, more in (("secret", {}), ("delete_secret", {}), ("put_secret", named)):
        with pytest.raises(InvalidRequestError) as caught:
            asking(method, id, **more)
        assert caught.value.field == "id"
    assert vendor.seen == []


def test_another_account_is_asked_where_it_is_named() -> None:
    """Each method takes one."""
    vendor = Watched()
    asking = Asking(vendor, "sync")
    named = {"key_name": "K", "value": NEW}
    for method, arguments, more in (
        ("secrets", (), {}),
        ("secret", ("wolfram",), {}),
        ("delete_secret", ("wolfram",), {}),
        ("put_secret", ("wolfram",), named),
        ("users", (), {}),
        ("user", ("robot",), {}),
        ("create_user", ("robot",), {"role": "user"}),
    ):
        with pytest.raises(PermissionDeniedError):
            asking(method, *arguments, account_id="another", **more)
    assert all("/accounts/another/" in seen for seen in vendor.seen)
