"""What there is to see to: keys that are left over and how they are removed, what is due and of which kind."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from issuant.errors import IssuantError, NotFoundError, PermissionDeniedError
from issuant.mocks import Fault
from issuant.providers.fireworks import FireworksAccount, FireworksKeyRequest
from issuant.rotation import inspection
from issuant.rotation.inspection import DueKind, Stray, Strays
from issuant.rotation.records import Standing
from issuant.rotation.states import State
from issuant.rotation.sweeping import BY_HAND
from issuant.secret import Secret

from tests.rotation.scenes import CREATES, LISTS, NAME, REVOKES
from tests.rotation.stand import MakeStand, Stand, StopError, stops_at

DAY = timedelta(days=1)


def leave(stand: Stand, count: int = 1) -> list[str]:
    """Let a rotation that is over have left keys at Galileo, as some that came up late, and return their ids."""
    stand.issued()
    stand.rotate()
    stand.settle()
    simulator: Any = stand.vendor.simulator
    name = stand.operation().key_name
    return [simulator.add_key(user_id=simulator.user_id, description=name)[0].id for _ in range(count)]


def left(strays: Strays) -> list[Stray]:
    """Return those that nothing needs."""
    return [stray for stray in strays if stray.holding.standing is Standing.LEFT]


def spoil(stand: Stand) -> str:
    """Let an item of the next list be unreadable, and return its id."""
    simulator: Any = stand.vendor.simulator
    good, bad = (key.document() for key in list(simulator.keys.values())[:2])
    bad["created_at"] = 12
    document = {"api_keys": [good, bad], "starting_token": 0, "limit": 100, "paginated": False}
    body = json.dumps({**document, "next_starting_token": None}).encode()
    simulator.faults.add(Fault.body(body), on=LISTS["galileo"])
    return str(bad["id"])


def test_a_key_that_cannot_be_read_is_told_beside_the_others(stand_at: MakeStand) -> None:
    """It may be ours; with asyncio as well."""
    stand = stand_at("galileo")
    leave(stand)
    bad = spoil(stand)
    with stand.rotator() as rotator:
        found = rotator.strays("galileo")
    assert ([problem.id for problem in found.problems], len(found.keys)) == ([bad], 1)
    bad = spoil(stand)

    async def look() -> Strays:
        async with stand.async_rotator() as rotator:
            return await rotator.strays("galileo")

    assert [problem.id for problem in asyncio.run(look()).problems] == [bad]


def test_a_list_that_is_whole_has_no_problems(stand_at: MakeStand) -> None:
    """And the keys stand in the provider's order."""
    stand = stand_at("galileo")
    leave(stand, 2)
    simulator: Any = stand.vendor.simulator
    with stand.rotator() as rotator:
        found = rotator.strays("galileo")
    assert found.problems == ()
    assert [stray.key.id for stray in found.keys] == list(simulator.keys)


def test_what_is_removed_is_the_key_that_is_given_and_no_other(stand_at: MakeStand) -> None:
    """With asyncio as well."""
    stand = stand_at("galileo")
    one, other, third = leave(stand, 3)
    with stand.rotator() as rotator:
        wanted, second, _ = left(rotator.strays("galileo"))
        removed = rotator.remove_stray(wanted)
    assert (removed.key.id, removed.removed, removed.error) == (one, True, None)
    assert {one, other, third} & set(stand.vendor.ours()) == {other, third}

    async def remove() -> Stray:
        async with stand.async_rotator() as rotator:
            return await rotator.remove_stray(second)

    assert asyncio.run(remove()).removed
    assert {one, other, third} & set(stand.vendor.ours()) == {third}


def test_a_key_that_is_needed_by_then_stays(stand_at: MakeStand) -> None:
    """Somebody has adopted it since it was looked at."""
    stand = stand_at("galileo")
    leave(stand, 0)
    simulator: Any = stand.vendor.simulator
    key, value = simulator.add_key(user_id=simulator.user_id, description=stand.operation().key_name)
    with stand.rotator() as rotator:
        (found,) = left(rotator.strays("galileo"))
        (stand.folder / "adopted").write_text(value)
        rotator.adopt("adopted", "galileo", key.id, source=f"file:{stand.folder}/adopted")
        kept = rotator.remove_stray(found)
    assert (kept.removed, kept.holding.standing, kept.holding.credential) == (False, Standing.CURRENT, "adopted")
    assert key.id in stand.vendor.ours()


def test_what_is_adopted_between_the_list_and_the_removal_stays(stand_at: MakeStand) -> None:
    """Another process does it while the first key is removed."""
    stand = stand_at("galileo")
    leave(stand)
    simulator: Any = stand.vendor.simulator
    key, value = simulator.add_key(user_id=simulator.user_id, description=stand.operation().key_name)
    (stand.folder / "adopted").write_text(value)

    def adopt(label: str) -> None:
        if label == "before remove":
            stand.witness = lambda label: None
            with stand.rotator() as another:
                another.adopt("adopted", "galileo", key.id, source=f"file:{stand.folder}/adopted")

    stand.witness = adopt
    with stand.rotator() as rotator:
        found = {stray.key.id: stray for stray in rotator.strays("galileo", delete=True)}
    assert [stray.key.id == key.id for stray in found.values() if stray.removed] == [False]
    assert key.id in stand.vendor.ours()


def test_an_error_at_one_removal_stands_beside_its_key(stand_at: MakeStand) -> None:
    """The others go on, and nothing is raised."""
    stand = stand_at("galileo")
    one, other = leave(stand, 2)
    stand.fail(Fault.status(403), REVOKES["galileo"])
    with stand.rotator() as rotator:
        refused, removed = left(rotator.strays("galileo", delete=True))
    assert (refused.key.id, refused.removed, type(refused.error)) == (one, False, PermissionDeniedError)
    assert (removed.key.id, removed.removed, removed.error) == (other, True, None)
    assert one in stand.vendor.ours()


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "still-listed"])
def test_a_key_that_is_not_found_is_removed_if_the_list_does_not_show_it(stand_at: MakeStand, is_gone: bool) -> None:
    """Where it does, the refusal is the answer."""
    stand = stand_at("galileo")
    (key,) = leave(stand)
    with stand.rotator() as rotator:
        (found,) = left(rotator.strays("galileo"))
        if is_gone:
            stand.vendor.remove(key)
        else:
            stand.fail(Fault.status(404), REVOKES["galileo"])
        done = rotator.remove_stray(found)
    assert (done.removed, isinstance(done.error, NotFoundError)) == (is_gone, not is_gone)


def test_what_only_a_person_can_remove_says_who(stand_at: MakeStand) -> None:
    """That is no error."""
    stand = stand_at("fireblocks")
    stand.issued()
    stand.rotate()
    stand.vendor.approve()
    stand.witness = stops_at("before write verified")
    with pytest.raises(StopError):
        stand.resume()
    stand.witness = lambda label: None
    stand.abandon()
    with stand.rotator() as rotator:
        (found,) = left(rotator.strays("fireblocks", delete=True))
    assert (found.removed, found.error) == (False, None)
    assert "owner" in found.note.lower()


def kinds(stand: Stand, within: timedelta = DAY) -> list[DueKind]:
    """Return what is due."""
    with stand.rotator() as rotator:
        return [due.kind for due in rotator.due(within=within)]


def test_a_key_that_expires_is_due_and_one_that_has_expired(stand_at: MakeStand) -> None:
    """Before the time that is asked for, it is not."""
    stand = stand_at("fireworks")
    with stand.rotator() as rotator:
        request = FireworksKeyRequest(name="ci key", expires_in=10 * DAY)
        rotator.issue(NAME, "fireworks", request, sinks=stand.scene.sinks(stand.folder))
    assert kinds(stand, 9 * DAY) == []
    assert kinds(stand, 11 * DAY) == [DueKind.EXPIRES]
    stand.pass_time(11 * DAY)
    assert kinds(stand, 0 * DAY) == [DueKind.EXPIRED]


def test_what_waits_for_people_is_due_for_them(stand_at: MakeStand) -> None:
    """For the approval, and for the removal."""
    stand = stand_at("fireblocks")
    stand.issued()
    stand.rotate()
    assert kinds(stand) == [DueKind.WAITS_FOR_PEOPLE]
    stand.vendor.approve()
    assert stand.resume().operation.state is State.AWAITING_HUMAN_REVOKE
    assert kinds(stand) == [DueKind.WAITS_FOR_PEOPLE]


def test_a_grace_that_is_over_can_go_on(stand_at: MakeStand) -> None:
    """Until then nothing is due: it waits for its time."""
    stand = stand_at("galileo")
    stand.issued()
    stand.rotate(grace=DAY)
    assert kinds(stand) == []
    stand.pass_time(2 * DAY)
    assert kinds(stand) == [DueKind.CAN_GO_ON]


def test_an_old_key_that_is_still_used_holds_the_rotation_up(stand_at: MakeStand) -> None:
    """The reason tells since when."""
    stand = stand_at("fireworks")
    stand.issued()
    old = Secret(stand.scene.held(stand.folder, stand.vendor)[0] or "")
    stand.rotate(grace=DAY, quiet=timedelta(hours=1))
    stand.pass_time(2 * DAY)
    with stand.connecting(FireworksAccount(api_key=old, account_id="mock-account", user_id="mock-user")) as user:
        list(user.keys())
    stand.resume()
    with stand.rotator() as rotator:
        (due,) = rotator.due(within=timedelta())
    assert (due.kind, "was used at" in due.reason) == (DueKind.HELD_UP, True)


@pytest.mark.parametrize(("times", "often"), [(1, "once"), (2, "2 times in a row")])
def test_what_has_failed_is_due_and_says_how_often(stand_at: MakeStand, times: int, often: str) -> None:
    """And why."""
    stand = stand_at("fireworks")
    stand.issued()
    stand.fail(Fault.drop_after(), CREATES["fireworks"])
    stand.witness = lambda label: (
        stand.fail(Fault.status(503), LISTS["fireworks"], times=9) if label == "before create" else None
    )
    with pytest.raises(IssuantError):
        stand.rotate()
    for _ in range(times - 1):
        assert stand.resume().error is not None
    with stand.rotator() as rotator:
        (due,) = rotator.due(within=DAY)
    assert due.kind is DueKind.FAILED
    assert due.reason.startswith(f"It failed {often} at creating: ")


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        pytest.param(f"{BY_HAND}: k9.", DueKind.WAITS_FOR_PEOPLE, id="a-person-has-to-remove-one"),
        pytest.param("The old key was gone already.", DueKind.CAN_GO_ON, id="stopped-before-it-has-looked"),
        pytest.param("", DueKind.CAN_GO_ON, id="nothing-noted"),
    ],
)
def test_a_sweep_waits_for_people_only_where_it_says_so(stand_at: MakeStand, note: str, kind: DueKind) -> None:
    """What else is noted there does not keep it from going on."""
    stand = stand_at("galileo")
    stand.issued()
    swept = replace(stand.operation(), state=State.SWEEP, note=note, due_at=None)
    (due,) = inspection.due((), (swept,), stand.clock(), DAY)
    assert due.kind is kind
