"""The life of a key as the facade sees it: issued, found in the list, revoked, and gone. At every provider that can."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from issuant import IssuedKey, connect, mocks
from issuant.adapters import Account
from issuant.errors import AuthenticationError, NotFoundError
from issuant.mocks import Headers, Reply, Request, Simulator
from issuant.providers import find_provider, provider_names

from tests.contract.acts import gone_through, quick_account, quick_request
from tests.contract.answers import base_url
from tests.contract.breakage import Breakage, broken
from tests.contract.exchanges import ONCE, exchange, operation_of, template
from tests.contract.unlisted import environment, now

MORTAL = tuple(
    name
    for name in provider_names()
    for can in [find_provider(name).capabilities]
    if can.lists_keys and can.revokes_keys and not can.needs_approval
)
each_mortal = pytest.mark.parametrize("name", MORTAL)


def faults_of_life(simulator: Simulator) -> set[str]:
    """Issue a key, look for it, revoke it and look for it again; return what is wrong with that."""
    name, found = simulator.name, set()

    def note(is_so: bool, fault: str) -> None:
        found.update(set() if is_so else {fault})

    url, way = base_url(name), simulator.transport()
    with connect(quick_account(name), base_url=url, transport=way, clock=now, retries=ONCE) as connection:
        key = connection.issue(quick_request(name))
        assert isinstance(key, IssuedKey)
        note(key.id in {one.id for one in connection.find(key.name)}, "issued and not listed")
        note(_is_accepted(simulator, key), "issued and not accepted")
        assert connection.revoke(key).id == key.id
        note(key.id not in {one.id for one in gone_through(connection.keys()).items}, "revoked and listed")
        note(not _is_accepted(simulator, key), "revoked and accepted")
        note(_is_missing(lambda: connection.key(key.id, owner=key.owner)), "revoked and found")
        note(_is_missing(lambda: connection.revoke(key)), "revoked twice")
    return found


def _is_missing(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except NotFoundError:
        return True
    return False


def _is_accepted(simulator: Simulator, key: IssuedKey) -> bool:
    account = _account_with(simulator, key.secret.reveal())
    url, way = base_url(simulator.name), simulator.transport()
    with connect(account, base_url=url, transport=way, clock=now, retries=ONCE) as connection:
        try:
            next(connection.keys(), None)
        except AuthenticationError:
            return False
    return True


def _account_with(simulator: Simulator, value: str) -> Account:
    """Return the account of the tests with another key."""
    given = environment(simulator.name)
    return find_provider(simulator.name).account(
        {variable: value if held == simulator.api_key else held for variable, held in given.items()}
    )


@each_mortal
def test_a_key_is_listed_until_it_is_revoked(name: str) -> None:
    """And is accepted for as long; once is enough, and twice is told."""
    assert faults_of_life(mocks.simulator(name, clock=now)) == set()


def _keep_all(simulator: Simulator, handle: Callable[[Request], Reply], request: Request) -> Reply:
    """Say that a key is deleted, and keep it."""
    return _gone(simulator) if _revokes(simulator, request) else handle(request)


def _answer_for_the_gone(simulator: Simulator, handle: Callable[[Request], Reply], request: Request) -> Reply:
    """Say of a key that is gone that it has just been deleted."""
    reply = handle(request)
    return _gone(simulator) if _revokes(simulator, request) else reply


def _gone(simulator: Simulator) -> Reply:
    reply = exchange(simulator.name, "revoke").reply
    return Reply(status=reply.status_code, headers=Headers(reply.headers.items()), body=reply.content)


def _revokes(simulator: Simulator, request: Request) -> bool:
    operation = operation_of(simulator.name, "revoke")
    path = request.path.removeprefix(simulator.base_path)
    return request.method.lower() == operation.method and re.fullmatch(template(operation.path), path) is not None


@each_mortal
@pytest.mark.parametrize(
    ("way", "faults"),
    [
        pytest.param(_answer_for_the_gone, {"revoked twice"}, id="deleted-id-answers"),
        pytest.param(
            _keep_all,
            {"revoked and listed", "revoked and accepted", "revoked and found", "revoked twice"},
            id="deleted-key-kept",
        ),
    ],
)
def test_a_vendor_that_does_not_do_it_is_noticed(name: str, way: Breakage, faults: set[str]) -> None:
    """By what is wrong with it."""
    kind = broken(type(mocks.simulator(name)), way)
    assert faults_of_life(kind(clock=now)) == faults
