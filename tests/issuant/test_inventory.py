"""What a provider has: values that are frozen, have their fields by name alone, and print no secret."""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from issuant import diagnosis, inventory
from issuant.inventory import ItemProblem, Page, PairingToken, status_by_time
from issuant.keys import KeyStatus, VendorFields
from issuant.secret import Secret

from tests.issuant.paging import key
from tests.issuant.recording import NOW

VALUE = "fb_TEST_not_a_key"
KINDS = {
    kind.__name__: kind
    for module in (inventory, diagnosis)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
}


def made(name: str) -> Any:
    """Return a value of a kind, with a text in the place of each field that has no default."""
    kind = KINDS[name]
    needed = (one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING)
    return kind(**dict.fromkeys(needed, "x"))


def test_the_kinds_are_all_that_a_connection_returns() -> None:
    """A new one is tested here as well."""
    assert set(KINDS) == {
        "Ability",
        "Approval",
        "Diagnosis",
        "Identity",
        "ItemProblem",
        "KeyInfo",
        "Page",
        "PairingToken",
        "Removed",
        "UserInfo",
        "WhitelistedIps",
    }


@pytest.mark.parametrize("name", KINDS)
def test_a_value_is_not_changed_once_it_is_made(name: str) -> None:
    """It may be kept, and handed from thread to thread."""
    value = made(name)
    for one in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, one.name, "other")


@pytest.mark.parametrize("name", KINDS)
def test_every_value_is_keyword_only_and_documents_each_field(name: str) -> None:
    """A field that comes later breaks nobody, and is explained."""
    assert all(one.kw_only for one in fields(KINDS[name]))
    assert [one.name for one in fields(KINDS[name]) if f"{one.name}:" not in (KINDS[name].__doc__ or "")] == []


@pytest.mark.parametrize("name", [name for name in KINDS if "fields" in KINDS[name].__dataclass_fields__])
def test_the_vendors_own_fields_are_there_and_not_shown(name: str) -> None:
    """None, where there are none; a field that nobody knows yet may hold anything."""
    assert made(name).fields == {}
    needed = {one.name: "x" for one in fields(KINDS[name]) if one.default is MISSING and one.name != "fields"}
    needed.pop("annotations", None)
    assert VALUE not in repr(KINDS[name](**needed | {"fields": VendorFields({"novel": VALUE})}))


def test_a_pairing_token_is_not_shown() -> None:
    """It is shown to who asks for it by name."""
    token = PairingToken(provider="fireblocks", user_id="user-1", secret=Secret(VALUE), expires_at=NOW)
    assert VALUE not in f"{token} {token!r}"
    assert token.secret.reveal() == VALUE


@pytest.mark.parametrize(
    ("ends_in", "status"),
    [
        pytest.param(None, KeyStatus.ACTIVE, id="never"),
        pytest.param(timedelta(seconds=1), KeyStatus.ACTIVE, id="later"),
        pytest.param(timedelta(0), KeyStatus.EXPIRED, id="now"),
        pytest.param(-timedelta(days=1), KeyStatus.EXPIRED, id="yesterday"),
    ],
)
def test_a_key_that_ends_by_its_expiry_alone_is_good_until_then(ends_in: timedelta | None, status: KeyStatus) -> None:
    """And no longer."""
    assert status_by_time(None if ends_in is None else NOW + ends_in, NOW) is status


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        pytest.param(ItemProblem(position=3), "item 3: it is not as documented", id="nothing-known"),
        pytest.param(ItemProblem(position=0, id="k-1", faults=("a", "b")), "item 0 (k-1): a; b", id="id-and-faults"),
        pytest.param(ItemProblem(position=1, name="mine", faults=("a",)), "item 1: a", id="name-is-not-shown"),
    ],
)
def test_a_problem_says_which_item_and_what_is_wrong(problem: ItemProblem, text: str) -> None:
    """In a line of a log."""
    assert str(problem) == text


def test_a_page_is_of_its_items() -> None:
    """Two with the same items are the same page."""
    assert Page(items=(key("a"),)) == Page(items=(key("a"),))
    assert Page(items=(key("a"),)) != Page(items=(key("b"),))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_value_can_be_put_into_a_set(name: str) -> None:
    """By what it is, not by the mappings in it, which count when two are compared."""
    assert {made(name), made(name)} == {made(name)}


def test_keys_that_differ_in_their_annotations_alone_are_two() -> None:
    """Though they have one hash."""
    one, other = replace(key("a"), annotations={"a": "1"}), replace(key("a"), annotations={"a": "2"})
    assert len({one, other, replace(one)}) == 2
