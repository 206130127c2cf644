"""What a provider brings so that its keys are rotated, held to what it promises; at every provider that brings it.

Whoever adds a provider has it tried here: a rotation to its end, one whose create has no reply, and each promise alone.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from issuant import KeyRequest, Rotator, connect, mocks
from issuant.adapters import Account, Adapter
from issuant.connection import Connection
from issuant.errors import AuthenticationError, IssuantError, NotFoundError
from issuant.flow import Flow, run
from issuant.keys import IssuedKey
from issuant.mocks import Fault, Request, Simulator
from issuant.providers import find_provider, provider_names
from issuant.rotation.ground import Patience
from issuant.rotation.states import State
from issuant.secret import Secret
from issuant.turning import Turning

from tests.contract.acts import gone_through, quick_account, quick_request
from tests.contract.answers import base_url
from tests.contract.exchanges import ONCE, operation_of
from tests.contract.unlisted import now

ALONE = tuple(
    name
    for name in provider_names()
    for provider in [find_provider(name)]
    if provider.turning is not None and provider.capabilities.revokes_keys and not provider.capabilities.needs_approval
)
each_alone = pytest.mark.parametrize("name", ALONE)
NEVER_A_KEY = Secret("TEST_never_a_key_0123456789abcdef")


def _connecting(simulator: Simulator, account: Account, *, base_url: str = "") -> Connection:
    url = base_url or _url(simulator)
    return connect(account, base_url=url, transport=simulator.transport(), clock=now, retries=ONCE)


def _url(simulator: Simulator) -> str:
    return base_url(simulator.name)


def _turned(simulator: Simulator, folder: Path) -> tuple[State, list[str]]:
    """Issue a key, rotate it to its end, and return where that came to and the ids of our keys that live."""
    name = simulator.name
    with Rotator(
        folder / "journal",
        connect=partial(_connecting, simulator),
        accounts={name: quick_account(name)},
        patience=Patience(lag=0, acceptance=0, sweep=timedelta()),
        clock=now,
    ) as rotator:
        request = quick_request(name)
        rotator.issue("ours", name, request, sinks=[f"file:{folder}/key"])
        rotator.rotate("ours", grace=timedelta())
        ended = rotator.history("ours")[-1].state
        for resumed in rotator.resume():
            ended = resumed.operation.state
        current = rotator.credential("ours").key_id
    with _connecting(simulator, quick_account(name)) as connection:
        ours = [key.id for key in gone_through(connection.keys()).items if key.name and request.name in key.name]
    assert current in ours
    return ended, ours


@each_alone
def test_a_rotation_leaves_one_key_and_that_is_where_it_is_used(name: str, tmp_path: Path) -> None:
    """The value in the sink is accepted, and no other key of ours lives."""
    simulator = mocks.simulator(name, clock=now)
    state, ours = _turned(simulator, tmp_path)
    assert (state, len(ours)) == (State.DONE, 1)
    assert _broken_promises(simulator, _turning(name), Secret((tmp_path / "key").read_text())) == set()


@each_alone
def test_a_create_whose_reply_is_lost_leaves_one_key_too(name: str, tmp_path: Path) -> None:
    """It is found by its name, and taken or removed."""
    simulator = mocks.simulator(name, clock=now)
    create, met = operation_of(name, "issue"), []

    def is_create(request: Request) -> bool:
        is_it = (request.method.lower(), _last(request.path)) == (create.method, _last(create.path))
        met.extend([request] * is_it)
        return is_it

    simulator.faults.add(Fault.drop_after(), 1, when=is_create)
    state, ours = _turned(simulator, tmp_path)
    assert (state, len(ours), len(met)) == (State.DONE, 1, 1)


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _turning(name: str) -> Turning:
    turning = find_provider(name).turning
    assert turning is not None
    return turning


def _broken_promises(simulator: Simulator, turning: Turning, value: Secret) -> set[str]:
    """Return what of a turning is not as it promises, at a provider that accepts `value`."""
    name, found = simulator.name, set()
    account = quick_account(name)
    with _connecting(simulator, account) as connection:
        try:
            connection.revoke(turning.unused_id())
        except NotFoundError:
            pass
        except IssuantError:
            found.add("unused_id")
        try:
            longest = connection.issue(_named(name, "n" * turning.longest_name))
        except IssuantError:
            found.add("longest_name")
        else:
            assert isinstance(longest, IssuedKey)
            again = find_provider(name).request(**turning.like(connection.key(longest.id, owner=longest.owner)))
            assert again.name == longest.name
    for one, is_accepted in ((value, True), (NEVER_A_KEY, False)):
        successor = turning.successor(account, id="k", value=one, owner=None)
        if successor.credentials != (one,):
            found.add("successor")
        elif _accepts(simulator, turning, successor) is not is_accepted:
            found.add("probe")
    return found


def _named(provider: str, key_name: str) -> KeyRequest:
    request = quick_request(provider)
    fields = {field: getattr(request, field) for field in request.__dataclass_fields__}
    return type(request)(**{**fields, "name": key_name})


def _accepts(simulator: Simulator, turning: Turning, account: Account) -> bool:
    with _connecting(simulator, account) as connection:
        try:
            run(turning.probe(connection._adapter, owner=None), connection._transport)
        except AuthenticationError:
            return False
    return True


def _broken(turning: Turning, what: str) -> Turning:
    """Return a turning that breaks one promise."""

    class Broken(type(turning)):  # type: ignore[misc] # the class is known when the test runs
        pass

    def probe(self: Turning, adapter: Adapter, *, owner: str | None) -> Flow[object]:
        return None
        yield

    def successor(self: Turning, account: Account, *, id: str, value: Secret, owner: str | None) -> Account:  # noqa: A002 - the field's own name
        return account

    lies = {
        "longest_name": 0,
        "unused_id": lambda self: "\n",
        "successor": successor,
        "probe": probe,
    }
    setattr(Broken, what, lies[what])
    broken: Turning = Broken()
    return broken


@pytest.mark.parametrize("promise", ["longest_name", "unused_id", "successor", "probe"])
@each_alone
def test_a_turning_that_breaks_a_promise_is_noticed(name: str, promise: str) -> None:
    """Each by that promise alone."""
    simulator = mocks.simulator(name, clock=now)
    with _connecting(simulator, quick_account(name)) as connection:
        key = connection.issue(quick_request(name))
    assert isinstance(key, IssuedKey)
    assert _broken_promises(simulator, _broken(_turning(name), promise), key.secret) == {promise}
