"""What a connection can be asked for: what it says of what a provider cannot do, and the rules of key, find, revoke."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from issuant import AsyncConnection, Connection, IssuedKey, Secret, capabilities, provider_names
from issuant.adapters import (
    FollowsApprovals,
    KeepsSecrets,
    ListsKeys,
    ManagesUsers,
    RevokesKeys,
    SetsUpDevices,
    TellsCaller,
)
from issuant.errors import (
    ByHandError,
    Effect,
    InvalidRequestError,
    NotFoundError,
    NotSentError,
    UnsupportedError,
    UnusableReplyError,
    UsageError,
)
from issuant.inventory import ItemProblem, KeyInfo, Page, UserInfo
from issuant.keys import Capabilities, KeyStatus, PendingApproval, StoredSecret
from issuant.providers import find_provider

from tests.issuant.recording import now
from tests.issuant.standing import CAPABILITIES, Able, Bare, async_connection, connection
from tests.issuant.test_connector import ACCOUNTS

# What a provider can do, and the methods of a connection that work then.
PROTOCOLS: dict[str, type] = {
    "lists_keys": ListsKeys,
    "revokes_keys": RevokesKeys,
    "tells_caller": TellsCaller,
    "stores_secrets": KeepsSecrets,
    "manages_users": ManagesUsers,
    "follows_approvals": FollowsApprovals,
    "sets_up_devices": SetsUpDevices,
}
ASKS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "keys": ("lists_keys", lambda c: c.keys()),
    "key": ("lists_keys", lambda c: c.key("id")),
    "find": ("lists_keys", lambda c: c.find("name")),
    "revoke": ("revokes_keys", lambda c: c.revoke("id")),
    "whoami": ("tells_caller", lambda c: c.whoami()),
    "put_secret": ("stores_secrets", lambda c: c.put_secret("id", key_name="K", value="value_TEST")),
    "secrets": ("stores_secrets", lambda c: c.secrets()),
    "secret": ("stores_secrets", lambda c: c.secret("id")),
    "delete_secret": ("stores_secrets", lambda c: c.delete_secret("id")),
    "users": ("manages_users", lambda c: c.users()),
    "user": ("manages_users", lambda c: c.user("id")),
    "create_user": ("manages_users", lambda c: c.create_user("id", role="user")),
    "approval": ("follows_approvals", lambda c: c.approval("id")),
    "approvals": ("follows_approvals", lambda c: c.approvals()),
    "pairing_token": ("sets_up_devices", lambda c: c.pairing_token("id")),
    "whitelisted_ips": ("sets_up_devices", lambda c: c.whitelisted_ips("id")),
}


@pytest.mark.parametrize("name", provider_names())
@pytest.mark.parametrize("flag", PROTOCOLS)
def test_the_capabilities_of_a_provider_are_what_its_adapter_can_do(name: str, flag: str) -> None:
    """Asked beforehand, they tell which methods work."""
    found = find_provider(name)
    adapter = found.adapter(ACCOUNTS[name](), now)
    assert isinstance(adapter, PROTOCOLS[flag]) is getattr(found.capabilities, flag)


@pytest.mark.parametrize("name", provider_names())
def test_what_only_a_person_can_do_is_what_the_provider_cannot(name: str) -> None:
    """Each entry names a method of a connection that does not work there."""
    for method in find_provider(name).by_hand:
        assert not getattr(capabilities(name), ASKS[method][0])


def test_every_method_of_a_connection_is_in_the_tables_above() -> None:
    """A new one has its row, its protocol and its flag."""
    others = {"issue", "diagnose", "with_options", "close"}
    methods = {name for name, found in inspect.getmembers(Connection, inspect.isfunction) if not name.startswith("_")}
    assert methods == set(ASKS) | others
    assert {flag for flag, _ in ASKS.values()} == set(PROTOCOLS)
    about_keys = {"issues_keys", "lists_everyones_keys", "sets_expiry", "needs_approval", "idempotent_create"}
    flags = {one.name for one in fields(Capabilities) if one.type == "bool"}
    assert flags == set(PROTOCOLS) | about_keys


def test_the_twin_has_the_same_methods_with_the_same_arguments() -> None:
    """And the same defaults."""

    def shape(kind: type) -> dict[str, list[tuple[str, Any, Any]]]:
        methods = inspect.getmembers(kind, inspect.isfunction)
        public = [(name, found) for name, found in methods if not name.startswith("_")]
        return {
            name: [(one.name, one.kind, one.default) for one in inspect.signature(found).parameters.values()]
            for name, found in public
        }

    assert shape(Connection) == shape(AsyncConnection)


@pytest.mark.parametrize("method", ASKS)
def test_what_a_provider_cannot_do_is_refused_by_name(method: str) -> None:
    """The method, the provider, and where to look who can."""
    with pytest.raises(UnsupportedError) as caught:
        ASKS[method][1](connection(Bare()))
    error = caught.value
    assert not isinstance(error, ByHandError)
    assert (error.provider, error.operation, error.effect) == ("nowhere", method, Effect.NONE)
    assert "Nowhere " in error.reason
    assert error.reason.endswith(", as far as is known here.")
    assert "capabilities" in error.advice


@pytest.mark.parametrize("method", ASKS)
def test_what_only_a_person_can_do_says_who_must_do_what(method: str) -> None:
    """In the vendor's console."""
    with pytest.raises(ByHandError) as caught:
        ASKS[method][1](connection(Bare(), by_hand={method: "An admin does it in the console."}))
    error = caught.value
    assert (error.provider, error.operation) == ("nowhere", method)
    assert error.advice == "An admin does it in the console."
    assert "only a person can" in error.reason


def test_a_revocation_by_hand_names_the_key() -> None:
    """Whoever does it has to know which."""
    with pytest.raises(ByHandError) as caught:
        connection(Bare(), by_hand={"revoke": "An admin deletes it."}).revoke("key-1")
    assert caught.value.id == "key-1"
    assert "key-1" in str(caught.value)


def test_what_cannot_be_done_is_refused_at_once_by_the_twin_too() -> None:
    """A list is refused when it is asked for, before anybody goes through it."""
    for ask in (async_connection(Bare()).keys, async_connection(Bare()).secrets, async_connection(Bare()).users):
        with pytest.raises(UnsupportedError):
            ask()


def key(id: str, name: str = "k", owner: str | None = None) -> KeyInfo:  # noqa: A002 - the field's own name
    return KeyInfo(provider="nowhere", id=id, name=name, status=KeyStatus.ACTIVE, owner=owner)


def problem(**known: Any) -> ItemProblem:
    return ItemProblem(position=3, faults=("it is odd",), request_id="req-1", **known)


def able(*pages: Page[KeyInfo] | Any) -> tuple[Connection, Able]:
    adapter = Able(pages=pages)
    return connection(adapter), adapter


def page(*items: KeyInfo, problems: tuple[ItemProblem, ...] = ()) -> Page[KeyInfo]:
    return Page(items=items, problems=problems)


def test_keys_are_listed_for_whom_is_asked() -> None:
    """The owner goes to the adapter as it is given."""
    nowhere, adapter = able(page(key("a")), page(key("b")))
    assert [one.id for one in nowhere.keys(owner="user-2")] == ["a", "b"]
    assert adapter.asked == [("keys", "user-2", False)]


def test_everyones_keys_are_listed_where_the_provider_does_that() -> None:
    """Elsewhere it is refused, and so are an owner and everyone together."""
    adapter = Able(pages=[page(key("a"))])
    everyones = connection(adapter, capabilities=replace(CAPABILITIES, lists_everyones_keys=True))
    assert len(list(everyones.keys(everyone=True))) == 1
    assert adapter.asked == [("keys", None, True)]
    with pytest.raises(InvalidRequestError) as caught:
        everyones.keys(owner="user-2", everyone=True)
    assert caught.value.field == "owner"
    with pytest.raises(UnsupportedError, match="has no list of everyone's keys"):
        connection(adapter).keys(everyone=True)


def test_a_key_is_the_one_of_that_id() -> None:
    """Found on whichever page, and no page is read beyond."""
    nowhere, _ = able(page(key("a")), page(key("b"), key("c")), AssertionError("nobody asks for this page"))
    assert nowhere.key("b").id == "b"


def test_a_key_that_is_not_listed_is_not_found() -> None:
    """Its id is not part of another's, nor is it one's name."""
    nowhere, _ = able(page(key("key-10", name="key-1")))
    with pytest.raises(NotFoundError) as caught:
        nowhere.key("key-1")
    assert (caught.value.provider, caught.value.operation, caught.value.effect) == ("nowhere", "key", Effect.NONE)
    assert caught.value.status is None


@pytest.mark.parametrize("known", [{"id": "b"}, {}], ids=["the-id-itself", "no-id"])
def test_a_key_that_may_be_what_cannot_be_read_is_not_said_to_be_missing(known: dict[str, Any]) -> None:
    """That would be a guess; one that is found elsewhere in the list is found all the same."""
    nowhere, _ = able(page(key("a"), problems=(problem(**known),)))
    with pytest.raises(UnusableReplyError, match="it is odd") as caught:
        nowhere.key("b")
    assert (caught.value.operation, caught.value.effect, caught.value.request_id) == ("key", Effect.NONE, "req-1")
    assert nowhere.key("a").id == "a"


def test_a_key_is_missing_where_what_cannot_be_read_is_another() -> None:
    """Its id tells."""
    nowhere, _ = able(page(key("a"), problems=(problem(id="c"),)))
    with pytest.raises(NotFoundError):
        nowhere.key("b")


def test_find_returns_every_key_of_exactly_that_name() -> None:
    """Over all pages: names need not be unique."""
    nowhere, _ = able(page(key("a", "k"), key("b", "k2")), page(key("c", "K"), key("d", "k")))
    assert [one.id for one in nowhere.find("k")] == ["a", "d"]
    assert nowhere.find("none") == ()


@pytest.mark.parametrize("known", [{"name": "k"}, {}], ids=["the-name-itself", "no-name"])
def test_find_leaves_nothing_out_that_may_be_it(known: dict[str, Any]) -> None:
    """It settles whether a key was created: where that cannot be told, it says so, whatever else it found."""
    nowhere, _ = able(page(key("a", "k"), problems=(problem(**known),)))
    with pytest.raises(UnusableReplyError, match="it is odd") as caught:
        nowhere.find("k")
    assert caught.value.operation == "find"
    assert able(page(key("a", "k"), problems=(problem(name="other"),)))[0].find("k") != ()


def test_a_list_is_narrowed_to_a_name_as_it_comes() -> None:
    """What cannot be read and has another name is none of its problems; what may have that name is."""
    may, other = problem(id="x"), problem(name="k2")
    nowhere, _ = able(page(key("a", "k"), key("b", "k2"), problems=(may, other)), page(key("c", "k")))
    narrowed = nowhere.keys(name="k")
    assert next(narrowed).id == "a"
    assert ([one.id for one in narrowed], narrowed.problems) == (["c"], (may,))


@pytest.mark.parametrize(
    ("promises_names", "problems"),
    [pytest.param(True, [], id="promised"), pytest.param(False, [(1, "b"), (5, "e")], id="not-promised")],
)
def test_a_key_without_a_name_may_have_any_where_names_are_not_promised(
    promises_names: bool, problems: list[tuple[int, str]]
) -> None:
    """It is told by where it stands in the whole list; the list that is not narrowed has it as a key."""
    unread = ItemProblem(position=2, name="other")
    pages = [page(key("a"), key("b", ""), key("c"), problems=(unread,)), page(key("d"), key("e", ""))]
    nowhere = connection(Able(pages=pages), promises_names=promises_names)
    narrowed = nowhere.keys(name="k")
    assert [one.id for one in narrowed] == ["a", "c", "d"]
    assert [(one.position, one.id) for one in narrowed.problems] == problems
    assert len(list(nowhere.keys())) == 5
    if promises_names:
        assert len(nowhere.find("k")) == 3
    else:
        with pytest.raises(UnusableReplyError, match=r"item 1 \(b\): it has no name"):
            nowhere.find("k")


def test_the_twin_narrows_a_list_alike() -> None:
    """By the same rule."""

    async def scenario() -> list[str]:
        pages = [page(key("a", "k"), key("b", "k2")), page(key("c", "k"))]
        return [one.id async for one in async_connection(Able(pages=pages)).keys(name="k")]

    assert asyncio.run(scenario()) == ["a", "c"]


@pytest.mark.parametrize("given", ["", 5], ids=["empty", "number"])
def test_a_name_to_narrow_by_must_be_one(given: Any) -> None:
    """Before anything is asked."""
    nowhere, adapter = able()
    with pytest.raises(InvalidRequestError) as caught:
        nowhere.keys(name=given)
    assert (caught.value.field, adapter.asked) == ("name", [])


@pytest.mark.parametrize("method", ["key", "find"])
@pytest.mark.parametrize("given", ["", None, 5], ids=["empty", "none", "number"])
def test_what_is_looked_for_must_be_given(method: str, given: Any) -> None:
    """Before anything is asked."""
    nowhere, adapter = able()
    with pytest.raises(InvalidRequestError) as caught:
        getattr(nowhere, method)(given)
    assert caught.value.field == {"key": "id", "find": "name"}[method]
    assert adapter.asked == []


def test_a_failure_of_the_list_is_that_of_key_and_find() -> None:
    """As it is."""
    failure = NotSentError("no connection.")
    for ask in ("key", "find"):
        with pytest.raises(NotSentError) as caught:
            getattr(able(page(key("a", "x")), failure)[0], ask)("b")
        assert caught.value is failure


ISSUED = IssuedKey(provider="nowhere", id="key-1", name="k", secret=Secret("x"), owner="user-1")


@pytest.mark.parametrize(
    ("given", "owner", "asked"),
    [
        pytest.param("key-1", None, ("revoke", "key-1", None), id="id"),
        pytest.param("key-1", "user-2", ("revoke", "key-1", "user-2"), id="id-and-owner"),
        pytest.param(key("key-1"), None, ("revoke", "key-1", None), id="listed-without-owner"),
        pytest.param(key("key-1", owner="user-1"), None, ("revoke", "key-1", "user-1"), id="listed"),
        pytest.param(key("key-1", owner="user-1"), "user-2", ("revoke", "key-1", "user-2"), id="listed-and-owner"),
        pytest.param(ISSUED, None, ("revoke", "key-1", "user-1"), id="issued"),
    ],
)
def test_a_key_is_revoked_by_its_id_or_by_what_told_it(
    given: Any, owner: str | None, asked: tuple[object, ...]
) -> None:
    """The owner that is given goes before the key's own."""
    nowhere, adapter = able()
    assert nowhere.revoke(given, owner=owner).id == "key-1"
    assert adapter.asked == [asked]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("", id="empty"),
        pytest.param("  ", id="blank"),
        pytest.param(None, id="none"),
        pytest.param(17, id="number"),
        pytest.param(key(""), id="key-without-id"),
        pytest.param(UserInfo(provider="nowhere", id="user-1"), id="user"),
        pytest.param(StoredSecret(provider="nowhere", id="s", name="s", key_name="S"), id="secret"),
        pytest.param(
            PendingApproval(
                provider="nowhere", name="k", request_id="r", idempotency_key="i", private_key=None, csr_pem=""
            ),
            id="what-waits-for-approval",
        ),
        pytest.param(replace(key("key-1"), provider="elsewhere"), id="key-of-another-provider"),
    ],
)
def test_what_is_no_key_is_not_revoked(given: Any) -> None:
    """The id of something else may be the id of a key."""
    nowhere, adapter = able()
    with pytest.raises(InvalidRequestError) as caught:
        nowhere.revoke(given)
    assert caught.value.field == "id"
    assert adapter.asked == []


@dataclass
class InAccount(Able):
    """It acts in an account."""

    account: str | None = None


@pytest.mark.parametrize(
    "given", [replace(key("key-1"), account="acme"), replace(ISSUED, account="acme")], ids=["listed", "issued"]
)
@pytest.mark.parametrize(
    "adapter",
    [
        pytest.param(InAccount(account="other"), id="in-another"),
        pytest.param(InAccount(account=None), id="in-none"),
        pytest.param(Able(), id="without-accounts"),
    ],
)
def test_a_key_of_another_account_is_not_revoked(given: Any, adapter: Able) -> None:
    """A key of its id there would be another; the error names the account."""
    with pytest.raises(InvalidRequestError) as caught:
        connection(adapter).revoke(given)
    assert "in the account acme" in caught.value.reason
    assert "connection for the account acme" in caught.value.advice
    assert adapter.asked == []


@pytest.mark.parametrize("account", ["acme", None], ids=["its-own", "not-told"])
def test_a_key_of_the_same_account_is_revoked(account: str | None) -> None:
    """And one of which no account is known."""
    adapter = InAccount(account="acme")
    assert connection(adapter).revoke(replace(key("key-1"), account=account)).id == "key-1"


@pytest.mark.parametrize("given", ["", " ", None, 5], ids=["empty", "blank", "none", "number"])
@pytest.mark.parametrize("method", ["pairing_token", "whitelisted_ips"])
def test_a_device_is_set_up_for_a_user_that_is_named(method: str, given: Any) -> None:
    """Refused by name."""

    class Devices(Bare):
        def pairing_token(self, user: str, *, idempotency_key: str | None) -> Any:
            raise AssertionError("nobody is named")

        def whitelisted_ips(self, user: str) -> Any:
            raise AssertionError("nobody is named")

    with pytest.raises(UsageError) as caught:
        getattr(connection(Devices()), method)(given)
    assert caught.value.field == "user"
