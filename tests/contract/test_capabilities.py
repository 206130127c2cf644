"""Capabilities say what an adapter does: each flag is tried against the provider's simulator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import httpx
import pytest
from issuant import Capabilities, Connection, KeyStatus, connect, mocks
from issuant.adapters import (
    FollowsApprovals,
    KeepsSecrets,
    ListsKeys,
    ManagesUsers,
    RevokesKeys,
    SetsUpDevices,
    TellsCaller,
)
from issuant.errors import ByHandError, UnsupportedError
from issuant.mocks.inprocess import SimulatorTransport
from issuant.providers import Provider, find_provider, provider_names

from tests.contract.acts import Act, Listed, acts, gone_through, quick_account
from tests.contract.answers import base_url
from tests.contract.exchanges import ONCE, session
from tests.contract.unlisted import now
from tests.issuant.recording import Recorder

SHAPES: dict[str, type] = {
    "lists_keys": ListsKeys,
    "revokes_keys": RevokesKeys,
    "tells_caller": TellsCaller,
    "stores_secrets": KeepsSecrets,
    "manages_users": ManagesUsers,
    "follows_approvals": FollowsApprovals,
    "sets_up_devices": SetsUpDevices,
}
"""What an adapter has to have for each flag."""

OF_REQUESTS = {"issues_keys", "sets_expiry", "needs_approval", "caller_makes", "idempotent_create", "note"}
"""Flags of what a request for a key may hold and what comes of it; the tests of fields try them."""

METHODS: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "lists_keys": (
        lambda connection: connection.keys(),
        lambda connection: connection.key("id"),
        lambda connection: connection.find("name"),
    ),
    "lists_everyones_keys": (lambda connection: connection.keys(everyone=True),),
    "revokes_keys": (lambda connection: connection.revoke("id"),),
    "tells_caller": (lambda connection: connection.whoami(),),
    "stores_secrets": (
        lambda connection: connection.put_secret("id", key_name="ID", value="TEST_not_a_key"),
        lambda connection: connection.secrets(),
        lambda connection: connection.secret("id"),
        lambda connection: connection.delete_secret("id"),
    ),
    "manages_users": (
        lambda connection: connection.users(),
        lambda connection: connection.user("id"),
        lambda connection: connection.create_user("id", role="user"),
    ),
    "follows_approvals": (
        lambda connection: connection.approval("id"),
        lambda connection: connection.approvals(),
    ),
    "sets_up_devices": (
        lambda connection: connection.pairing_token("id"),
        lambda connection: connection.whitelisted_ips("id"),
    ),
}
"""What is refused where a flag is not set."""

each_provider = pytest.mark.parametrize("name", provider_names())


def wrong_flags(provider: Provider) -> set[str]:
    """Return the flags that say something else than what the adapter has the methods for."""
    adapter = provider.adapter(quick_account(provider.name), now)
    return {
        flag for flag, shape in SHAPES.items() if getattr(provider.capabilities, flag) is not isinstance(adapter, shape)
    }


def test_every_flag_is_tried() -> None:
    """A new one has to say what it stands for."""
    assert {field.name for field in fields(Capabilities)} == {*SHAPES, "lists_everyones_keys"} | OF_REQUESTS
    assert set(METHODS) == {*SHAPES, "lists_everyones_keys"}


@each_provider
def test_each_flag_says_what_the_adapter_has_the_methods_for(name: str) -> None:
    """Neither more nor less."""
    assert wrong_flags(find_provider(name)) == set()


@each_provider
@pytest.mark.parametrize("flag", SHAPES)
def test_a_flag_that_says_the_opposite_is_noticed(name: str, flag: str) -> None:
    """Whichever it is."""
    provider = find_provider(name)
    changes: dict[str, Any] = {flag: not getattr(provider.capabilities, flag)}
    assert wrong_flags(replace(provider, capabilities=replace(provider.capabilities, **changes))) == {flag}


@pytest.mark.parametrize(
    ("name", "method", "act"),
    [(name, method, act) for name in provider_names() for method, act in acts(name).items()],
    ids=[f"{name}-{method}" for name in provider_names() for method in acts(name)],
)
def test_what_a_provider_can_do_it_does(name: str, method: str, act: Act) -> None:
    """Against its simulator; of a list at least one thing is in it, and nothing in it is a problem."""
    found = session(name, method).exchanges[-1].outcome
    if isinstance(found, Listed):
        assert found.problems == ()
        assert found.items
        assert all(isinstance(item, act.outcome) for item in found.items)
    else:
        assert isinstance(found, act.outcome)


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        (name, flag)
        for name in provider_names()
        for flag in METHODS
        if not getattr(find_provider(name).capabilities, flag)
    ],
)
def test_what_a_provider_cannot_do_is_refused_and_nothing_is_sent(name: str, flag: str) -> None:
    """Where a person can do it, the error says who must do what."""
    provider = find_provider(name)
    way = Recorder([httpx.Response(418)])
    with connect(quick_account(name), base_url=base_url(name), transport=way, retries=ONCE) as connection:
        for ask in METHODS[flag]:
            with pytest.raises(UnsupportedError) as caught:
                ask(connection)
            assert caught.value.advice
            by_hand = flag == "revokes_keys" and "revoke" in provider.by_hand
            assert isinstance(caught.value, ByHandError) is by_hand
    assert way.requests == []


@each_provider
def test_what_only_a_person_can_do_is_no_capability(name: str) -> None:
    """It is said of what the adapter has no method for, and only of what the facade can be asked for."""
    provider = find_provider(name)
    adapter = provider.adapter(quick_account(name), now)
    for method, advice in provider.by_hand.items():
        assert not hasattr(adapter, method)
        assert hasattr(Connection, method)
        assert len(advice.split()) > 3


@pytest.mark.parametrize(
    "name", [name for name in provider_names() if find_provider(name).capabilities.lists_everyones_keys]
)
def test_everyones_keys_are_at_least_ones_own(name: str) -> None:
    """Those of others come on top, where the provider has owners."""
    simulator = mocks.simulator(name, clock=now)
    way: SimulatorTransport = simulator.transport()
    with connect(quick_account(name), base_url=base_url(name), transport=way, clock=now, retries=ONCE) as connection:
        acts(name)["keys"].arrange(connection)
        own, all_of_them = gone_through(connection.keys()), gone_through(connection.keys(everyone=True))
    assert own.items
    assert {key.id for key in own.items} <= {key.id for key in all_of_them.items}
    assert all(isinstance(key.status, KeyStatus) for key in all_of_them.items)
