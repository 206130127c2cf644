"""When an old key goes, and when it stays: no key is taken for gone, or revoked, on the word of a list or a sink that
tells nothing of it; and where it can never be removed, a rotation ends all the same.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from issuant.errors import (
    IssuantError,
    NotFoundError,
    PermissionDeniedError,
    SinkNotReadyError,
    UnusableReplyError,
    UsageError,
)
from issuant.keys import KeyRequest
from issuant.mocks import Fault
from issuant.providers.fireworks import FireworksAccount, FireworksKeyRequest
from issuant.providers.galileo import GalileoAccount
from issuant.rotation.inspection import DueKind
from issuant.rotation.journal import Journal
from issuant.rotation.records import Fate, Standing
from issuant.rotation.rotator import Resumed
from issuant.rotation.states import State
from issuant.secret import Secret

from tests.rotation.scenes import CREATES, LISTS, NAME, REVOKES
from tests.rotation.stand import NONE, MakeStand, Stand, StopError, stops_at

EVERYWHERE = pytest.mark.parametrize("provider", ["galileo", "fireworks", "fireblocks"])
WHERE_KEYS_ARE_REVOKED = pytest.mark.parametrize("provider", ["galileo", "fireworks"])
HOUR = timedelta(hours=1)
EMPTY: dict[str, dict[str, object]] = {
    "galileo": {"api_keys": [], "starting_token": 0, "limit": 100, "paginated": False, "next_starting_token": None},
    "fireworks": {"apiKeys": [], "totalSize": 0},
    "fireblocks": {"users": []},
}


def stopped_at(stand: Stand, checkpoint: str, *, grace: timedelta = NONE) -> None:
    """Rotate, and let the process end at a checkpoint."""
    stand.witness = stops_at(checkpoint)
    with pytest.raises(StopError):
        stand.rotate(grace=grace)
    stand.witness = lambda label: None


def empty_the_lists(stand: Stand, times: int = 1) -> None:
    """Let the next lists show nothing, as those of another account do."""
    provider = stand.scene.provider
    stand.fail(Fault.body(json.dumps(EMPTY[provider]).encode()), LISTS[provider], times)


def leave(stand: Stand, *, force: bool = False) -> Resumed:
    """Carry on without the old key."""
    with stand.rotator() as rotator:
        (resumed,) = rotator.resume(NAME, leave=True, force=force)
        return resumed


def rename(stand: Stand, user_id: str, name: str) -> None:
    """Give an API user another name, as people do in the console."""
    users = stand.vendor.simulator.users  # type: ignore[attr-defined]
    users[user_id] = replace(users[user_id], name=name)


# A list that shows neither key


@EVERYWHERE
@pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
def test_an_old_key_is_not_gone_where_the_list_shows_no_new_one(
    stand_at: MakeStand, provider: str, force: bool
) -> None:
    """It may be the list of another account: nothing moves, and the error says what to check."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.rotate(grace=HOUR)
    stand.decide()
    if stand.operation().state is not State.GRACE:
        stand.resume()
    stand.pass_time(2 * HOUR)
    empty_the_lists(stand)
    stuck = stand.resume(force=force)
    assert isinstance(stuck.error, UsageError)
    assert "shows neither the old key" in stuck.error.reason
    assert "another account" in stuck.error.advice
    assert (stuck.operation.state, was in stand.vendor.ours()) == (State.GRACE, True)
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_no_key_is_revoked_on_the_word_of_such_a_list(stand_at: MakeStand, provider: str) -> None:
    """Nor is the new one taken for gone, which --force would leave the old one for."""
    stand = stand_at(provider)
    was = stand.issued()
    stopped_at(stand, "before look at the new key")
    empty_the_lists(stand)
    stuck = stand.resume(force=True)
    assert "shows neither" in str(stuck.error)
    assert stuck.operation.state is State.REVOKING
    stand.settle()
    assert stand.broken(was=was) == []


def test_a_user_is_not_taken_for_removed_by_hand_on_its_word(stand_at: MakeStand) -> None:
    """Fireblocks: the person who has to remove the old one has not."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.rotate()
    stand.vendor.approve()
    assert stand.resume().operation.state is State.AWAITING_HUMAN_REVOKE
    empty_the_lists(stand)
    stuck = stand.resume()
    assert "shows neither" in str(stuck.error)
    assert (stuck.operation.state, was in stand.vendor.ours()) == (State.AWAITING_HUMAN_REVOKE, True)
    stand.settle()
    assert stand.broken(was=was) == []


def test_an_old_key_that_cannot_be_read_in_the_list_is_not_gone(stand_at: MakeStand) -> None:
    """The list shows the new one, and an item that may be the old one."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.rotate(grace=HOUR)
    stand.pass_time(2 * HOUR)
    simulator: Any = stand.vendor.simulator
    new, old = (simulator.keys[key_id].document() for key_id in (stand.credential().key_id, was))
    items = {"api_keys": [new, {**old, "created_at": 12}]}
    stand.fail(Fault.body(json.dumps({**EMPTY["galileo"], **items}).encode()), LISTS["galileo"])
    stuck = stand.resume()
    assert isinstance(stuck.error, UnusableReplyError)
    assert stuck.operation.state is State.GRACE
    stand.settle()
    assert stand.broken(was=was) == []


def test_both_keys_are_found_on_whatever_page_each_is(stand_at: MakeStand) -> None:
    """The old one is on the first, the new one on the last."""
    stand = stand_at("galileo")
    was = stand.issued()
    simulator: Any = stand.vendor.simulator
    for number in range(120):
        simulator.add_key(user_id=simulator.keys[was].created_by, description=f"another's {number}")
    assert stand.rotate().state is State.DONE
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_nothing_is_swept_by_such_a_list(stand_at: MakeStand, provider: str) -> None:
    """It looks once more, and does not end: what an attempt without a clear end has left would not be seen either."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(Fault.drop_before(), CREATES[provider])
    stand.witness = lambda label: empty_the_lists(stand, 3) if label == "before sweep" else None
    with suppress(IssuantError):
        stand.rotate()
    stuck = stand.operation()
    assert (stuck.state, "does not show the new key" in stuck.error) == (State.SWEEP, True)
    stand.witness = lambda label: None
    stand.settle()
    assert stand.broken(was=was) == []


@EVERYWHERE
def test_a_list_that_lags_behind_keeps_nothing_from_its_end(stand_at: MakeStand, provider: str) -> None:
    """Where each attempt had a clear end there is nothing that could have been left."""
    stand = stand_at(provider)
    stand.witness = lambda label: empty_the_lists(stand) if label == "before sweep" else None
    stand.issue()
    for _ in range(2 if provider == "fireblocks" else 0):
        stand.decide()
        if stand.open():
            stand.resume()
    assert stand.operation().state is State.DONE


def test_a_new_key_that_was_renamed_is_found_by_its_id(stand_at: MakeStand) -> None:
    """The sweep goes by names; people may give an API user another one."""
    stand = stand_at("fireblocks")
    stand.issued()
    stand.rotate()
    stand.vendor.approve()
    operation = stand.resume().operation
    rename(stand, operation.key_id or "", "renamed in the console")
    stand.vendor.remove(operation.old_key_id or "")
    assert stand.resume().operation.state is State.DONE


@WHERE_KEYS_ARE_REVOKED
def test_force_ends_a_sweep_whose_new_key_is_gone_for_good(stand_at: MakeStand, provider: str) -> None:
    """Its error says so."""
    stand = stand_at(provider)
    stand.issued()
    stand.fail(Fault.drop_before(), CREATES[provider])
    stopped_at(stand, "before sweep")
    stand.vendor.remove(stand.credential().key_id or "")
    stuck = stand.resume()
    assert stuck.error is not None
    assert "--force" in stuck.error.advice
    assert stand.resume(force=True).error is None  # it is looked once more, at once with --force
    assert stand.resume(force=True).operation.state is State.DONE


# A sink that is another one before the value is current


def overwrite(stand: Stand, content: bytes | None) -> None:
    """Put something into the place, or let it be gone."""
    path = stand.folder / ("key" if stand.scene.place in ("file", "both") else ".env")
    path.unlink() if content is None else path.write_bytes(content)


def held(stand: Stand) -> bytes:
    """Return what the place holds."""
    return (stand.folder / ("key" if stand.scene.place in ("file", "both") else ".env")).read_bytes()


@pytest.mark.parametrize("place", ["file", "env"])
@pytest.mark.parametrize("stop", ["after store", "after write stored"])
@pytest.mark.parametrize("what", ["gone", "empty", "as-before"])
def test_a_value_that_a_sink_has_lost_again_is_put_there_again(
    stand_at: MakeStand, place: str, stop: str, what: str
) -> None:
    """The journal has the only copy then, and does not wipe it before the sink has the value."""
    stand = stand_at("galileo", place)
    was = stand.issued()
    before = {"gone": None, "empty": b"", "as-before": held(stand)}[what]
    stopped_at(stand, stop)
    overwrite(stand, before)
    resumed = stand.resume()
    assert (resumed.error, resumed.operation.state) == (None, State.DONE)
    assert stand.broken(was=was) == []


@pytest.mark.parametrize("place", ["file", "env"])
@pytest.mark.parametrize("stop", ["after store", "after write stored"])
def test_what_somebody_else_has_stored_there_since_stops_it(stand_at: MakeStand, place: str, stop: str) -> None:
    """The value stays under seal; --force writes over what is there."""
    stand = stand_at("galileo", place)
    was = stand.issued()
    stopped_at(stand, stop)
    overwrite(stand, b"CI_KEY=by_hand\n")
    stuck = stand.resume()
    assert isinstance(stuck.error, SinkNotReadyError)
    assert (stuck.operation.state, stuck.operation.sealed is None) == (State.STAGED, False)
    assert held(stand) == b"CI_KEY=by_hand\n"
    assert stand.resume(force=True).operation.state is State.DONE
    assert stand.broken(was=was) == []


def test_a_first_sink_is_looked_at_again_after_the_second(stand_at: MakeStand) -> None:
    """It has lost the value while the other one took it."""
    stand = stand_at("galileo", "both")
    was = stand.issued()
    before = held(stand)
    stored = 0

    def put_back(label: str) -> None:
        nonlocal stored
        if label == "after write stored":
            stored += 1
            if stored == 2:
                overwrite(stand, before)

    stand.witness = put_back
    assert stand.rotate(grace=HOUR).state is State.GRACE
    stand.witness = lambda label: None
    assert stand.vendor.opens(held(stand).decode()) == (stand.credential().key_id,)
    stand.pass_time(2 * HOUR)
    stand.settle()
    assert stand.broken(was=was) == []


def test_a_slot_that_is_gone_is_filled_again(stand_at: MakeStand) -> None:
    """The sink itself has nothing to move into its place then."""
    stand = stand_at("galileo")
    was = stand.issued()
    stopped_at(stand, "before store")
    (slot,) = stand.folder.glob(".issuant-*")
    slot.unlink()
    assert stand.resume().operation.state is State.DONE
    assert stand.broken(was=was) == []


# A sink that is another one before the old key is revoked


@pytest.mark.parametrize("place", ["file", "env"])
@pytest.mark.parametrize(
    ("what", "said"),
    [("gone", "holds nothing"), ("before", "another value"), ("binary", "cannot be told what")],
    ids=["gone", "as-before", "unreadable"],
)
def test_no_old_key_is_revoked_that_a_sink_may_still_tell(
    stand_at: MakeStand, place: str, what: str, said: str
) -> None:
    """Whoever reads it would be on a dead key: the error says which sink, and what to do."""
    stand = stand_at("galileo", place)
    was = stand.issued()
    before = held(stand)
    stand.rotate(grace=HOUR)
    new = held(stand)
    overwrite(stand, {"gone": None, "before": before, "binary": b"\xff"}[what])
    stand.pass_time(2 * HOUR)
    stuck = stand.resume()
    assert isinstance(stuck.error, SinkNotReadyError)
    assert said in stuck.error.reason
    assert str(stand.folder) in stuck.error.reason
    assert "--force" in stuck.error.advice
    assert (stuck.operation.state, was in stand.vendor.ours()) == (State.REVOKING, True)
    overwrite(stand, new)
    assert stand.resume().operation.state is State.DONE
    assert stand.broken(was=was) == []


def test_force_revokes_it_all_the_same(stand_at: MakeStand) -> None:
    """What is in the sink then is the person's care."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.rotate(grace=HOUR)
    overwrite(stand, None)
    assert stand.resume(force=True).operation.state is State.DONE
    assert was not in stand.vendor.ours()


def test_nobody_is_asked_to_remove_a_user_whose_id_is_kept_still(stand_at: MakeStand) -> None:
    """Fireblocks: the id goes with each request, so that the old one beside the new value is as dead."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    path = stand.folder / ".env"
    before = path.read_text()
    stand.rotate()
    stand.vendor.approve()

    def put_back(label: str) -> None:
        if label == "after write current":
            path.write_text(before)

    stand.witness = put_back
    stuck = stand.resume()
    stand.witness = lambda label: None
    assert "another id" in str(stuck.error)
    assert stuck.operation.state is State.REVOKING
    path.write_text(f"CI_ID={stand.credential().key_id}\n")
    stand.settle()
    assert stand.broken(was=was) == []


# The acting credential is the old key


def acting_as_the_old_key(stand: Stand) -> str:
    """Issue a key, let issuant act with it, and return its id."""
    was = stand.issued()
    value = stand.scene.held(stand.folder, stand.vendor)[0] or ""
    stand.accounts = {
        "galileo": GalileoAccount(api_key=value),
        "fireworks": FireworksAccount(api_key=value, account_id="mock-account", user_id="mock-user"),
    }
    return was


@WHERE_KEYS_ARE_REVOKED
def test_an_acting_key_that_is_gone_by_then_is_no_hindrance(stand_at: MakeStand, provider: str) -> None:
    """Whether it is, the new one asks."""
    stand = stand_at(provider)
    was = acting_as_the_old_key(stand)
    stand.rotate(grace=HOUR)
    stand.vendor.remove(was)
    stand.pass_time(2 * HOUR)
    resumed = stand.resume()
    assert (resumed.error, resumed.operation.state) == (None, State.DONE)
    assert stand.broken(was=was) == []


def test_a_look_is_no_use_of_the_old_key(stand_at: MakeStand) -> None:
    """With `quiet`, it would never be over if the old key itself were what looks whether it was used."""
    stand = stand_at("fireworks")
    was = acting_as_the_old_key(stand)
    stand.rotate(quiet=HOUR)
    stand.pass_time(HOUR)
    assert stand.resume().operation.state is State.DONE
    assert stand.broken(was=was) == []


def test_nobody_acts_with_a_value_that_is_not_the_new_keys(stand_at: MakeStand) -> None:
    """Somebody has stored another key in the sink: it lives, and it is not ours."""
    stand = stand_at("galileo")
    was = acting_as_the_old_key(stand)
    stand.rotate(grace=HOUR)
    simulator: Any = stand.vendor.simulator
    owner = simulator.keys[was].created_by
    _, value = simulator.add_key(user_id=owner, description="another's")
    overwrite(stand, value.encode())
    stand.pass_time(2 * HOUR)
    stuck = stand.resume()
    assert "no sink tells the new value" in str(stuck.error)
    assert stuck.operation.state is State.GRACE


# What keeps an old key


@WHERE_KEYS_ARE_REVOKED
def test_a_new_key_that_is_dead_does_not_take_the_place_of_one_that_lives(stand_at: MakeStand, provider: str) -> None:
    """It is in the list still, and has expired."""
    stand = stand_at(provider)
    was = stand.issued()
    with stand.rotator() as rotator:
        rotator.rotate(NAME, grace=3 * HOUR, expires_in=timedelta(days=1))
    stand.pass_time(timedelta(days=2))
    stuck = stand.resume()
    assert "is dead" in str(stuck.error)
    assert (stuck.operation.state, was in stand.vendor.ours()) == (State.REVOKING, True)


@WHERE_KEYS_ARE_REVOKED
def test_a_key_that_is_listed_is_not_gone_whatever_its_removal_is_told(stand_at: MakeStand, provider: str) -> None:
    """A 404 is no proof: the list is looked at."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.witness = lambda label: stand.fail(Fault.status(404), REVOKES[provider]) if label == "before revoke" else None
    with pytest.raises(NotFoundError):
        stand.rotate()
    stand.witness = lambda label: None
    assert (stand.operation().state, was in stand.vendor.ours()) == (State.REVOKING, True)
    stand.settle()
    assert stand.broken(was=was) == []


@pytest.mark.parametrize("state", ["grace", "revoking"])
def test_a_key_that_is_both_old_and_new_is_not_revoked(stand_at: MakeStand, state: str) -> None:
    """The journal was damaged: one id stands for both."""
    stand = stand_at("galileo")
    stand.issued()
    stopped_at(stand, {"grace": "before look at the old key", "revoking": "before look at the new key"}[state])
    with closing(sqlite3.connect(stand.state / "journal.db", isolation_level=None)) as database:
        database.execute("UPDATE operation SET old_key_id = key_id WHERE ended_at IS NULL")
    stuck = stand.resume()
    assert "names no old key" in str(stuck.error)
    assert stand.credential().key_id in stand.vendor.ours()


def test_the_keys_of_another_owner_are_looked_for_in_that_owners_list(stand_at: MakeStand) -> None:
    """Fireworks lists the keys of one user: that of who acts shows neither."""
    stand = stand_at("fireworks")
    simulator: Any = stand.vendor.simulator
    simulator.add_user("robot", service_account=True)
    with stand.rotator() as rotator:
        request = FireworksKeyRequest(name="ci key", user_id="robot")
        was = rotator.issue(NAME, "fireworks", request, sinks=stand.scene.sinks(stand.folder)).key_id
        assert rotator.rotate(NAME, grace=NONE).state is State.DONE
    assert simulator.keys[stand.credential().key_id].user_id == "robot"
    assert was not in stand.vendor.ours()


def test_what_was_swept_is_written_down(stand_at: MakeStand) -> None:
    """The key of a lost attempt turns up late and is removed; the attempt that made the new key is as it was."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.fail(Fault.drop_before(), CREATES["galileo"])
    stopped_at(stand, "before sweep")
    simulator: Any = stand.vendor.simulator
    with Journal(stand.state, clock=stand.clock) as journal:
        lost, made = journal.attempts(stand.operation())
    late, _ = simulator.add_key(user_id=simulator.keys[made.key_id].created_by, description=lost.name)
    stand.settle()
    with Journal(stand.state, clock=stand.clock) as journal:
        assert journal.attempts(stand.operation()) == (replace(lost, fate=Fate.REMOVED, key_id=late.id), made)
    assert made.fate is Fate.MADE
    assert stand.broken(was=was) == []


# Until when an old key lives on


def test_the_note_says_until_when_the_old_key_lives(stand_at: MakeStand) -> None:
    """From the promotion on, in Python as on the command line."""
    stand = stand_at("galileo")
    was = stand.issued()
    waiting = stand.rotate(grace=24 * HOUR)
    assert waiting.note == f"The old key {was} lives on until 2026-05-02 12:00 UTC."
    assert stand.resume().operation.note == waiting.note


def test_a_provider_whose_clock_is_behind_holds_it_up(stand_at: MakeStand) -> None:
    """The note says by whose clock; it is due, as nothing but time will end it."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.rotate(grace=HOUR)
    stand.clock.advance(2 * HOUR)
    waiting = stand.resume().operation
    said = f"The old key {was} lives on until 2026-05-01 13:00 UTC by the provider's clock as well, which is behind."
    assert (waiting.state, waiting.note) == (State.GRACE, said)
    with stand.rotator() as rotator:
        assert [(one.kind, one.reason) for one in rotator.due(within=NONE)] == [(DueKind.HELD_UP, said)]


def test_a_key_that_is_still_used_is_waited_for_until_it_can_be_quiet(stand_at: MakeStand) -> None:
    """`due_at` and the note tell when that is at the earliest; until then nobody has to look, and it is held up."""
    stand = stand_at("fireworks")
    was = stand.issued()
    old = Secret(stand.scene.held(stand.folder, stand.vendor)[0] or "")
    promoted = stand.rotate(grace=HOUR, quiet=2 * HOUR)
    assert promoted.note == f"The old key {was} lives on until 2026-05-01 13:00 UTC, and while it is in use."
    stand.pass_time(timedelta(minutes=90))
    with stand.connecting(FireworksAccount(api_key=old, account_id="mock-account", user_id="mock-user")) as user:
        list(user.keys())
    waiting = stand.resume().operation
    assert waiting.due_at == stand.clock() + 2 * HOUR
    assert waiting.note == (
        f"The old key {was} was used at 2026-05-01 13:30 UTC: somebody still has it. It lives on until nobody has used"
        " it for 2 hours, which is 2026-05-01 15:30 UTC at the earliest."
    )
    with stand.rotator() as rotator:
        assert [one.kind for one in rotator.due(within=NONE)] == [DueKind.HELD_UP]
        stand.pass_time(HOUR)
        assert [one.kind for one in rotator.due(within=NONE)] == [DueKind.HELD_UP]
        stand.pass_time(HOUR)
        assert [one.kind for one in rotator.due(within=NONE)] == [DueKind.CAN_GO_ON]
    assert stand.resume().operation.state is State.DONE
    assert stand.broken(was=was) == []


# An old key that can never be removed


def never_revoked(stand: Stand) -> str:
    """Take a rotation to where the old key is refused to be revoked, and return its id."""
    was = stand.issued()
    stand.witness = lambda label: (
        stand.fail(Fault.status(403), REVOKES[stand.scene.provider], 9) if label == "before revoke" else None
    )
    with pytest.raises(PermissionDeniedError):
        stand.rotate()
    return was


def assert_left(stand: Stand, left: Resumed, was: str) -> None:
    """The rotation is over, the old key lives, and whoever looks is told."""
    note = f"The old key {was} was left; `issuant strays` shows it."
    assert (left.error, left.operation.state, left.operation.note) == (None, State.DONE, note)
    with stand.rotator() as rotator:
        assert rotator.history(NAME)[-1].note == note
        assert [one.words for one in rotator.events(rotator.history(NAME)[-1])].count(note) == 2
        found = {stray.key.id: stray.holding.standing for stray in rotator.strays(stand.scene.provider)}
    assert (found[was], found[stand.credential().key_id or ""]) == (Standing.LEFT, Standing.CURRENT)


@WHERE_KEYS_ARE_REVOKED
def test_a_key_whose_removal_is_refused_for_ever_is_left(stand_at: MakeStand, provider: str) -> None:
    """Its error says how; another rotation may begin then."""
    stand = stand_at(provider)
    was = never_revoked(stand)
    refused = stand.resume(force=True).error
    assert isinstance(refused, PermissionDeniedError)
    assert f"`issuant resume {NAME} --leave`" in refused.advice
    assert_left(stand, leave(stand), was)
    stand.witness = lambda label: None
    stand.vendor.simulator.faults.clear()
    assert stand.rotate().state is State.DONE


def test_a_user_that_no_owner_ever_removes_is_left(stand_at: MakeStand) -> None:
    """At Fireblocks only a person can."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.rotate()
    stand.vendor.approve()
    assert stand.resume().operation.state is State.AWAITING_HUMAN_REVOKE
    assert_left(stand, leave(stand), was)


def test_a_key_may_be_left_in_its_grace(stand_at: MakeStand) -> None:
    """With asyncio as well."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.rotate(grace=HOUR)

    async def leave_there() -> Resumed:
        async with stand.async_rotator() as rotator:
            (resumed,) = await rotator.resume(NAME, leave=True)
            return resumed

    assert_left(stand, asyncio.run(leave_there()), was)


def test_both_keys_gone_for_good_end_by_leaving_them(stand_at: MakeStand) -> None:
    """The list shows neither, and only a person can know that it is the right one."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.rotate(grace=HOUR)
    stand.vendor.remove(was)
    stand.vendor.remove(stand.credential().key_id or "")
    stand.pass_time(2 * HOUR)
    stuck = stand.resume()
    assert stuck.error is not None
    assert f"`issuant resume {NAME} --leave`" in stuck.error.advice
    assert leave(stand, force=True).operation.state is State.DONE


@pytest.mark.parametrize(
    ("stop", "state", "instead"),
    [
        pytest.param("after write attempt", State.CREATING, "--abandon", id="creating"),
        pytest.param("before store", State.STAGED, "--abandon", id="staged"),
        pytest.param("before sweep", State.SWEEP, "--force", id="sweep"),
    ],
)
def test_elsewhere_no_key_can_be_left(stand_at: MakeStand, stop: str, state: State, instead: str) -> None:
    """The error says what to do instead, and nothing moves."""
    stand = stand_at("galileo")
    was = stand.issued()
    stopped_at(stand, stop)
    refused = leave(stand)
    assert isinstance(refused.error, UsageError)
    assert instead in refused.error.advice
    assert (refused.operation.state, refused.operation.failures) == (state, 0)
    stand.settle()
    assert stand.broken(was=was) == []


def test_an_issue_has_no_old_key_to_leave(stand_at: MakeStand) -> None:
    """It was killed right after its key became current."""
    stand = stand_at("galileo")
    stand.witness = stops_at("after write current")
    with pytest.raises(StopError):
        stand.issue()
    stand.witness = lambda label: None
    assert "no old key" in str(leave(stand).error)
    assert stand.resume().operation.state is State.DONE


def test_a_key_is_left_by_the_name_of_its_credential_alone(stand_at: MakeStand) -> None:
    """Where something of that is open."""
    stand = stand_at("galileo")
    stand.issued()
    with stand.rotator() as rotator:
        with pytest.raises(UsageError, match="no credential"):
            rotator.resume(leave=True)
        with pytest.raises(UsageError, match="nothing of 'ci' is open"):
            rotator.resume(NAME, leave=True)


# What was said stays


@WHERE_KEYS_ARE_REVOKED
def test_an_old_key_that_was_left_for_want_of_a_new_one_is_told_in_the_end(stand_at: MakeStand, provider: str) -> None:
    """The sweep does not wipe it, nor does the wait for its second look."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.rotate(grace=HOUR)
    stand.vendor.remove(stand.credential().key_id or "")
    done = stand.resume(force=True).operation
    assert (done.state, done.note) == (State.DONE, f"The new key is gone, so the old one was left: {was}.")
    assert stand.operation().note == done.note


def test_what_was_said_stands_before_what_a_person_has_to_sweep(stand_at: MakeStand) -> None:
    """And alone, once that is done."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.rotate()
    stand.vendor.approve()
    operation = stand.resume().operation
    simulator: Any = stand.vendor.simulator
    wish = next(iter(simulator.approvals.values())).wish
    simulator.approvals.ask(wish, request_id="double", initiator="somebody")
    simulator.approvals.approve("double")
    (extra,) = set(stand.vendor.ours()) - {was, operation.key_id or ""}
    rename(stand, extra, operation.key_name or "")
    note = f"The old key {was} was left; `issuant strays` shows it."
    waiting = leave(stand).operation
    assert waiting.note == f"{note} A person has to remove what another attempt left: {extra}."
    with stand.rotator() as rotator:
        assert [one.kind for one in rotator.due(within=NONE)] == [DueKind.WAITS_FOR_PEOPLE]
    stand.decide()
    done = stand.resume().operation
    assert (done.state, done.note) == (State.DONE, note)


# Where a credential is kept


@pytest.mark.parametrize("end", ["refused", "given-up"])
def test_a_rotation_that_comes_to_nothing_changes_no_sinks(stand_at: MakeStand, end: str) -> None:
    """The next one goes to the sink that the service reads, whose old value it revokes."""
    stand = stand_at("galileo")
    was = stand.issued()
    other = f"file:{stand.folder}/other"
    if end == "refused":
        stand.fail(Fault.status(403), CREATES["galileo"])
    stand.witness = stops_at("after write created")
    with stand.rotator() as rotator, pytest.raises((PermissionDeniedError, StopError)):
        rotator.rotate(NAME, grace=NONE, sinks=[other])
    stand.witness = lambda label: None
    if end == "given-up":
        assert stand.abandon().state is State.ENDED
    assert stand.operation().state is State.ENDED
    assert list(stand.credential().sinks) == stand.scene.sinks(stand.folder)
    stand.rotate()
    assert stand.broken(was=was) == []


def test_an_operation_that_is_redirected_and_given_up_changes_none_either(stand_at: MakeStand) -> None:
    """`resume` with other sinks named them for the new key, which is gone."""
    stand = stand_at("galileo")
    was = stand.issued()
    stopped_at(stand, "before store")
    stand.witness = stops_at("after write sinks")
    with stand.rotator() as rotator, pytest.raises(StopError):
        rotator.resume(NAME, sinks=[f"file:{stand.folder}/other"])
    stand.witness = lambda label: None
    assert stand.abandon().state is State.ENDED
    assert list(stand.credential().sinks) == stand.scene.sinks(stand.folder)
    assert set(stand.vendor.ours()) == {was}


def test_a_sink_that_another_rotation_goes_to_is_taken(stand_at: MakeStand) -> None:
    """Though it is not that credential's yet; once that rotation has come to nothing, it is free."""
    stand = stand_at("galileo")
    stand.issued()
    other = f"file:{stand.folder}/other"
    stand.witness = stops_at("before store")
    with stand.rotator() as rotator, pytest.raises(StopError):
        rotator.rotate(NAME, sinks=[other])
    stand.witness = lambda label: None
    with stand.rotator() as rotator:
        with pytest.raises(SinkNotReadyError, match="is where 'ci' is kept"):
            rotator.issue("second", "galileo", KeyRequest(name="ci key two"), sinks=[other])
        rotator.abandon(NAME)
        assert rotator.issue("second", "galileo", KeyRequest(name="ci key two"), sinks=[other]).state is State.DONE


def test_a_sink_that_was_dropped_with_the_value_is_no_sink_any_more(stand_at: MakeStand) -> None:
    """It had taken the new value by then; it is neither looked at again nor the credential's."""
    stand = stand_at("galileo", "both")
    stand.issued()
    command = stand.scene.sinks(stand.folder)[1]
    (stand.folder / "take").write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(SinkNotReadyError):
        stand.rotate()
    dropped = stand.folder / "key"
    assert stand.vendor.opens(dropped.read_text()) == (stand.operation().key_id,)
    dropped.unlink()
    (stand.folder / "take").write_text('#!/bin/sh\ncat >> "$1"\nprintf "\\0" >> "$1"\n')
    with stand.rotator() as rotator:
        (resumed,) = rotator.resume(NAME, sinks=[command])
    assert (resumed.error, resumed.operation.state) == (None, State.DONE)
    (kept,) = stand.credential().sinks
    assert (kept.startswith("exec:"), dropped.exists()) == (True, False)
