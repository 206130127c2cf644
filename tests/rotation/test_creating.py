"""What a create has come to where nobody knows: found out, waited for, removed, given up, and told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from issuant.errors import ConflictError, OutcomeUnknownError, PermissionDeniedError, UsageError
from issuant.mocks import Fault, Request
from issuant.mocks.faultlist import of_operation
from issuant.rotation.creating import MOST_ATTEMPTS
from issuant.rotation.journal import Journal
from issuant.rotation.records import Attempt, Fate, Standing
from issuant.rotation.states import State

from tests.rotation.scenes import CREATES, LISTS, NAME
from tests.rotation.stand import PATIENCE, MakeStand, Stand, StopError, stops_at

EVERYWHERE = pytest.mark.parametrize("provider", ["galileo", "fireworks", "fireblocks"])
WHERE_KEYS_ARE_REVOKED = pytest.mark.parametrize("provider", ["galileo", "fireworks"])
EMPTY_LISTS = {
    "galileo": b'{"api_keys":[],"starting_token":0,"limit":100,"paginated":false,"next_starting_token":null}',
    "fireworks": b'{"apiKeys":[],"nextPageToken":"","totalSize":0}',
    "fireblocks": b'{"users":[]}',
}


def stopped(stand: Stand, checkpoint: str, *, force: bool = False) -> None:
    """Rotate, and let the process end at a checkpoint."""
    stand.witness = stops_at(checkpoint)
    with pytest.raises(StopError):
        stand.rotate(force=force)
    stand.witness = lambda label: None


def attempts(stand: Stand) -> tuple[Attempt, ...]:
    """Return the attempts of the latest operation."""
    with Journal(stand.state, clock=stand.clock) as journal:
        return journal.attempts(journal.operations(NAME)[-1])


def creates(stand: Stand) -> Callable[[Request], bool]:
    """Return what tells a create."""
    return of_operation(CREATES[stand.scene.provider])


def held_back(stand: Stand, fault: Fault, times: int = 99) -> list[Request]:
    """Let a gateway answer the next creates with a fault, and return the list of those that it has held back."""
    is_create, held = creates(stand), []

    def hold(request: Request) -> bool:
        if is_create(request):
            held.append(request)
            return True
        return False

    stand.vendor.simulator.faults.add(fault, times, when=hold)
    return held


def catch_up(stand: Stand, held: list[Request]) -> None:
    """Let the provider do all that a gateway has held back, which lets through what comes from now on."""
    stand.vendor.simulator.faults.clear()
    for request in held:
        assert stand.vendor.simulator.handle(request).status < 300
    held.clear()


def empty_lists(stand: Stand) -> None:
    """Let the lists be those of somebody who has no keys, as behind another credential or a replica that is new."""
    provider = stand.scene.provider
    stand.fail(Fault.body(EMPTY_LISTS[provider]), LISTS[provider], times=99)


# A list that may be another's


@EVERYWHERE
@pytest.mark.parametrize("force", [False, True], ids=["plain", "forced"])
def test_a_list_without_the_old_key_tells_nothing(stand_at: MakeStand, provider: str, force: bool) -> None:
    """That it does not show the new one either is no reason to make another; once it shows both, it goes on."""
    stand = stand_at(provider)
    was = stand.issued()
    stopped(stand, "after create")
    empty_lists(stand)
    resumed = stand.resume(force=force)
    assert isinstance(resumed.error, OutcomeUnknownError)
    assert was in resumed.error.reason
    assert "right account" in resumed.error.advice
    assert (resumed.operation.state, len(attempts(stand))) == (State.CREATING, 1)
    stand.vendor.simulator.faults.clear()
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_no_other_attempt_is_begun_by_such_a_list(stand_at: MakeStand, provider: str) -> None:
    """Also where the doubt was settled before."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(Fault.drop_before(), CREATES[provider])
    stopped(stand, "after write again")
    empty_lists(stand)
    resumed = stand.resume()
    assert isinstance(resumed.error, OutcomeUnknownError)
    assert (resumed.operation.state, len(attempts(stand))) == (State.INTENT, 1)
    stand.vendor.simulator.faults.clear()
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_where_the_old_key_is_gone_for_good_a_doubt_is_given_up(stand_at: MakeStand, provider: str) -> None:
    """As the error says; then another rotation may begin, and what may turn up is named."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.vendor.remove(was)
    stand.fail(Fault.drop_before(), CREATES[provider])
    with pytest.raises(OutcomeUnknownError, match="neither a key named") as caught:
        stand.rotate(force=True)
    assert "`issuant rotate NAME --abandon`" in caught.value.advice
    ended = stand.abandon()
    assert (ended.state, ended.doubtful) == (State.ENDED, True)
    assert attempts(stand)[0].name in ended.note
    stand.rotate(force=True)
    assert stand.broken(was=was) == []


# A provider that is slow behind a gateway


@WHERE_KEYS_ARE_REVOKED
def test_two_attempts_without_an_end_are_followed_by_a_wait(stand_at: MakeStand, provider: str) -> None:
    """Each may have made a key by then; these are removed before the next attempt, and none is left."""
    stand = stand_at(provider)
    was = stand.issued()
    held = held_back(stand, Fault.status(504))
    waiting = stand.rotate()
    assert (waiting.state, len(held)) == (State.INTENT, 2)
    assert waiting.due_at == stand.clock() + PATIENCE.sweep
    assert "Attempt 2 had no clear end either" in waiting.note
    assert f"{waiting.due_at:%Y-%m-%d %H:%M}" in waiting.note
    assert (stand.resume().operation, len(held)) == (waiting, 2)
    catch_up(stand, held)
    assert len(stand.vendor.ours()) == 3
    stand.pass_time(PATIENCE.sweep)
    assert stand.resume().operation.attempt == 3
    assert [one.fate for one in attempts(stand)] == [Fate.REMOVED, Fate.REMOVED, Fate.MADE]
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_force_cuts_the_wait_and_makes_no_burst(stand_at: MakeStand, provider: str) -> None:
    """One attempt more each time; the wait that follows it has only begun."""
    stand = stand_at(provider)
    was = stand.issued()
    held = held_back(stand, Fault.status(504))
    assert (stand.rotate(force=True).state, len(held)) == (State.INTENT, 2)
    for sent in (3, 4):
        operation = stand.resume(force=True).operation
        assert (operation.state, len(held)) == (State.INTENT, sent)
        assert f"Attempt {sent} had no clear end" in operation.note
    stand.vendor.simulator.faults.clear()
    stand.settle()
    assert stand.broken(was=was) == []


def test_a_lost_key_that_was_removed_counts_as_no_end_too(stand_at: MakeStand) -> None:
    """At Fireworks a gateway that loses every reply has a key made and removed twice, not nine times."""
    stand = stand_at("fireworks")
    was = stand.issued()
    stand.fail(Fault.drop_after(), CREATES["fireworks"], times=99)
    assert stand.rotate().state is State.INTENT
    assert [one.fate for one in attempts(stand)] == [Fate.REMOVED, Fate.REMOVED]
    stand.vendor.simulator.faults.clear()
    stand.settle()
    assert stand.broken(was=was) == []


def test_an_attempt_that_was_refused_is_no_doubt(stand_at: MakeStand) -> None:
    """After one without an end and one that was refused, the third is followed by a fourth at once."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.fail(Fault.drop_before(), CREATES["galileo"])
    stand.fail(Fault.status(403), CREATES["galileo"])
    stand.fail(Fault.drop_before(), CREATES["galileo"])
    with pytest.raises(PermissionDeniedError):
        stand.rotate()
    assert [one.fate for one in attempts(stand)] == [Fate.OPEN, Fate.NONE]
    assert stand.resume().operation.attempt == 4
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_after_the_last_attempt_all_are_looked_for(stand_at: MakeStand, provider: str) -> None:
    """Before it is told that they have come to nothing; what they have made by then is removed."""
    stand = stand_at(provider)
    was = stand.issued()
    held = held_back(stand, Fault.status(504))
    stand.rotate()
    for _ in range(MOST_ATTEMPTS - 2):
        stand.pass_time(PATIENCE.sweep)
        assert stand.resume().error is None
    assert len(held) == MOST_ATTEMPTS
    catch_up(stand, held)
    stand.pass_time(PATIENCE.sweep)
    error = stand.resume().error
    assert isinstance(error, OutcomeUnknownError)
    assert f"{MOST_ATTEMPTS} attempts have come to no key" in error.reason
    assert (set(stand.vendor.ours()), held) == ({was}, [])
    ended = stand.abandon()
    assert (ended.note, ended.doubtful) == ("It was given up.", False)


# A create that a gateway has sent twice


def sent_twice(stand: Stand) -> None:
    """Let the next create be sent twice: the first makes the key, and the reply to the second comes back."""
    held = held_back(stand, Fault.status(409), times=1)
    stand.witness = lambda label: catch_up(stand, held) if label == "before look for the attempt" else None


@WHERE_KEYS_ARE_REVOKED
def test_a_conflict_may_be_with_the_same_create(stand_at: MakeStand, provider: str) -> None:
    """Its key is looked for: it is taken where its value is known, and removed where it is not."""
    stand = stand_at(provider)
    was = stand.issued()
    sent_twice(stand)
    stand.rotate()
    fates = [Fate.MADE] if provider == "galileo" else [Fate.REMOVED, Fate.MADE]
    assert [one.fate for one in attempts(stand)] == fates
    stand.settle()
    assert stand.broken(was=was) == []


@EVERYWHERE
def test_a_conflict_without_a_key_is_a_refusal(stand_at: MakeStand, provider: str) -> None:
    """It ends the rotation, as any other."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(Fault.status(409), CREATES[provider])
    with pytest.raises(ConflictError):
        stand.rotate()
    ended = stand.operation()
    assert (ended.state, ended.doubtful) == (State.ENDED, False)
    assert [one.fate for one in attempts(stand)] == [Fate.NONE]
    assert set(stand.vendor.ours()) == {was}


@WHERE_KEYS_ARE_REVOKED
def test_a_conflict_and_a_list_without_the_old_key_tell_nothing(stand_at: MakeStand, provider: str) -> None:
    """The list may be another's: the rotation is not ended by it, and goes on once the list is right."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(Fault.status(409), CREATES[provider])
    stand.witness = lambda label: empty_lists(stand) if label == "before create" else None
    with pytest.raises(OutcomeUnknownError, match="neither a key named"):
        stand.rotate()
    stand.witness = lambda label: None
    assert stand.operation().state is State.CREATING
    stand.vendor.simulator.faults.clear()
    stand.settle()
    assert stand.broken(was=was) == []


def test_a_conflict_with_a_request_that_waits_is_in_doubt(stand_at: MakeStand) -> None:
    """Fireblocks lists no user before people have decided; that a request of about then waits is all there is."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    sent_twice(stand)
    with pytest.raises(OutcomeUnknownError, match="waits for approval"):
        stand.rotate()
    stand.witness = lambda label: None
    assert stand.operation().state is State.CREATING
    stand.settle()
    assert stand.broken(was=was) == []


# What is given up


@WHERE_KEYS_ARE_REVOKED
def test_what_may_turn_up_after_it_was_given_up_is_named(stand_at: MakeStand, provider: str) -> None:
    """The list does not show the key yet; once it does, it is known as left over."""
    stand = stand_at(provider)
    was = stand.issued()
    held = held_back(stand, Fault.status(504))
    stand.rotate()
    ended = stand.abandon()
    assert (ended.state, ended.doubtful) == (State.ENDED, True)
    assert all(one.name in ended.note for one in attempts(stand))
    assert f"`issuant strays {provider}`" in ended.note
    catch_up(stand, held)
    with stand.rotator() as rotator:
        removed = [one for one in rotator.strays(provider, delete=True) if one.holding.standing is Standing.LEFT]
    assert len(removed) == 2
    assert set(stand.vendor.ours()) == {was}


@WHERE_KEYS_ARE_REVOKED
def test_what_was_found_and_removed_is_no_doubt(stand_at: MakeStand, provider: str) -> None:
    """Nothing may turn up; nothing is left to anybody."""
    stand = stand_at(provider)
    was = stand.issued()
    stopped(stand, "after create")
    ended = stand.abandon()
    assert (ended.note, ended.doubtful, set(stand.vendor.ours())) == ("It was given up.", False, {was})


def test_a_request_of_which_nothing_is_known_is_looked_for_and_named(stand_at: MakeStand) -> None:
    """What waits for approval may be it; people have to look."""
    stand = stand_at("fireblocks")
    stand.issued()
    stopped(stand, "after create")
    ended = stand.abandon()
    assert (ended.state, ended.doubtful) == (State.ENDED, True)
    assert "A request that was made about then waits for approval" in ended.note
    assert f"A request for {attempts(stand)[0].name} may still turn up" in ended.note
    assert "`issuant strays fireblocks` shows it" in ended.note


def test_a_request_is_left_to_people_as_they_have_decided(stand_at: MakeStand) -> None:
    """It is to be rejected while it waits, and there is nothing to be done once it was."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    request_id = stand.rotate().request_id
    waits = stand.abandon()
    assert (waits.note, waits.doubtful) == (f"It was given up. People have to reject the request {request_id}.", True)
    stand.vendor.reject()
    stand.rotate()
    stand.vendor.reject()
    over = stand.abandon()
    assert (over.note, over.doubtful, set(stand.vendor.ours())) == ("It was given up.", False, {was})


def test_a_request_that_cannot_be_asked_for_is_to_be_rejected(stand_at: MakeStand) -> None:
    """That it cannot be told whether it was approved is said."""
    stand = stand_at("fireblocks")
    stand.issued()
    request_id = stand.rotate().request_id
    stand.fail(Fault.status(403), "GET */approvals/*")
    ended = stand.abandon()
    assert f"People have to reject the request {request_id}. Whether it was approved cannot be told" in ended.note
    assert ended.doubtful


def new_user(stand: Stand, was: str, **changes: object) -> str:
    """Change the API user that has come of a rotation, as people do in the console, and return its id."""
    simulator: Any = stand.vendor.simulator
    (made,) = set(stand.vendor.ours()) - {was}
    simulator.users[made] = replace(simulator.users[made], **changes)
    return made


def test_an_api_user_that_was_renamed_before_it_was_found_is_told_of(stand_at: MakeStand) -> None:
    """By the request, which was approved: nothing else leads to it."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    request_id = stand.rotate().request_id
    stand.vendor.approve()
    new_user(stand, was, name="reporting prod")
    assert "is approved, and not in the list" in stand.resume().operation.note
    ended = stand.abandon()
    assert f"The request {request_id} was approved" in ended.note
    assert "another name" in ended.note
    assert "reject" not in ended.note
    assert ended.doubtful


def test_an_api_user_that_was_renamed_afterwards_is_found_by_its_id(stand_at: MakeStand) -> None:
    """A person has to remove it."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.rotate()
    stand.vendor.approve()
    stand.witness = stops_at("after write created")
    with pytest.raises(StopError):
        stand.resume()
    stand.witness = lambda label: None
    made = new_user(stand, was, name="reporting prod")
    ended = stand.abandon()
    assert (ended.note, ended.doubtful) == (f"It was given up. A person has to remove {made}.", True)


def test_an_api_user_that_was_removed_is_not_left_to_anybody(stand_at: MakeStand) -> None:
    """Its id is known, and the list does not show it."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.rotate()
    stand.vendor.approve()
    stand.witness = stops_at("after write created")
    with pytest.raises(StopError):
        stand.resume()
    stand.witness = lambda label: None
    stand.vendor.remove(new_user(stand, was))
    ended = stand.abandon()
    assert (ended.note, ended.doubtful) == ("It was given up.", False)


def test_what_people_turn_down_names_what_an_earlier_attempt_may_have_left(stand_at: MakeStand) -> None:
    """The rotation ends by it, and nothing looks for the first request any more."""
    stand = stand_at("fireblocks")
    stand.issued()
    stand.fail(Fault.status(500), CREATES["fireblocks"])
    assert stand.rotate().attempt == 2
    stand.vendor.reject()
    ended = stand.resume().operation
    first, second = attempts(stand)
    assert (ended.state, ended.doubtful, second.fate) == (State.ENDED, True, Fate.NONE)
    assert f"A request for {first.name} may still turn up" in ended.note


# A journal that was put back


def put_back(stand: Stand, moment: str) -> str:
    """Rotate to the end, put the journal back as it was at a moment, and return the key that is in use."""
    backup = stand.folder / "backup"

    def copy(label: str) -> None:
        if label == moment:
            shutil.copytree(stand.state, backup)

    stand.witness = copy
    stand.rotate()
    stand.witness = lambda label: None
    used = stand.credential().key_id
    shutil.rmtree(stand.state)
    shutil.copytree(backup, stand.state)
    assert used is not None
    return used


@pytest.mark.parametrize("place", ["file", "env"])
@pytest.mark.parametrize(
    ("provider", "moment"),
    [
        pytest.param("galileo", "before create", id="galileo-creating"),
        pytest.param("galileo", "after write created", id="galileo-created"),
        pytest.param("galileo", "after write verified", id="galileo-verified"),
        pytest.param("fireworks", "after write created", id="fireworks-created"),
        pytest.param("fireworks", "after write all staged", id="fireworks-staged"),
    ],
)
def test_a_value_that_a_place_holds_is_not_given_up(
    stand_at: MakeStand, provider: str, moment: str, place: str
) -> None:
    """However little the journal knows of it: the key would be dead under whoever reads it there. It goes on."""
    stand = stand_at(provider, place)
    was = stand.issued()
    used = put_back(stand, moment)
    with pytest.raises(UsageError, match="holds the new value already"):
        stand.abandon()
    assert set(stand.vendor.ours()) == {used}
    stand.settle()
    assert stand.broken(was=was) == []


def test_a_key_whose_value_is_lost_and_that_is_used_is_not_removed(stand_at: MakeStand) -> None:
    """The journal knows of no value, and somebody has it: a person decides. Given up, the key stays, and is told."""
    stand = stand_at("fireworks")
    stand.issued()
    used = put_back(stand, "before create")
    error = stand.resume(force=True).error
    assert isinstance(error, OutcomeUnknownError)
    assert (error.id, "somebody has it" in error.reason) == (used, True)
    assert "put back from a backup" in error.advice
    assert set(stand.vendor.ours()) == {used}
    ended = stand.abandon()
    assert (set(stand.vendor.ours()), ended.doubtful) == ({used}, True)
    assert f"{used} was left, as it has been used" in ended.note
    with stand.rotator() as rotator:
        rotator.forget(NAME)
        adopted = rotator.adopt(NAME, "fireworks", used, source=stand.scene.sinks(stand.folder)[0])
    assert adopted.key_id == used


# Guards


def test_of_two_keys_of_one_attempt_neither_is_kept(stand_at: MakeStand) -> None:
    """They may have one value: what revoking one of them does to the other is unknown."""
    stand = stand_at("galileo")
    was = stand.issued()
    stopped(stand, "after create")
    simulator: Any = stand.vendor.simulator
    (made,) = set(stand.vendor.ours()) - {was}
    twin, _ = simulator.add_key(user_id=simulator.keys[made].created_by, description=simulator.keys[made].description)
    stand.resume()
    stand.settle()
    assert [one.fate for one in attempts(stand)] == [Fate.REMOVED, Fate.MADE]
    assert not {made, twin.id} & set(stand.vendor.ours())
    assert stand.broken(was=was) == []


@pytest.mark.parametrize("cut", [None, "after create"], ids=["waiting", "after-a-crash"])
def test_an_api_user_is_not_used_before_its_device_is_set_up(stand_at: MakeStand, cut: str | None) -> None:
    """Also where it was approved while nobody knew of the request."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    if cut is None:
        stand.rotate()
    else:
        stopped(stand, cut)
    stand.vendor.approve()
    made = new_user(stand, was, status="PENDING_ACTIVATION")
    operation = stand.resume().operation
    assert operation.state is State.AWAITING_APPROVAL
    operation = stand.resume().operation
    said = f"`issuant pairing-token fireblocks {made}` issues the token"
    assert (operation.state, said in operation.note) == (State.AWAITING_APPROVAL, True)
    stand.vendor.simulator.users[made] = replace(stand.vendor.simulator.users[made], status="READY")  # type: ignore[attr-defined]
    stand.settle()
    assert stand.broken(was=was) == []


@pytest.mark.parametrize(
    ("passed", "sent"),
    [
        pytest.param(PATIENCE.resend - timedelta(seconds=1), 1, id="within"),
        pytest.param(PATIENCE.resend, 0, id="beyond"),
    ],
)
def test_a_request_is_sent_again_within_23_hours_alone(stand_at: MakeStand, passed: timedelta, sent: int) -> None:
    """Its idempotency key may be forgotten after that: another request would be made of it."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stopped(stand, "after create")
    stand.pass_time(passed)
    seen: list[Request] = []
    is_create = creates(stand)

    def note(request: Request) -> bool:
        if is_create(request):
            seen.append(request)
        return False  # a fault that applies to no request sees every request

    stand.vendor.simulator.faults.add(Fault.empty(), when=note)
    resumed = stand.resume()
    assert len(seen) == sent
    assert resumed.operation.state is (State.AWAITING_APPROVAL if sent else State.CREATING)
    assert isinstance(resumed.error, OutcomeUnknownError) is not bool(sent)
    stand.settle()
    assert stand.broken(was=was) == []
