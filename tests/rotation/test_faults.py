"""What goes wrong while a key is rotated, without a kill: at the provider, on the wire, on the disk, with the clock."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest
from issuant.errors import (
    BusyError,
    Effect,
    InvalidRequestError,
    IssuantError,
    JournalError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitedError,
    SinkNotReadyError,
    UnfinishedError,
    UsageError,
)
from issuant.keys import KeyRequest
from issuant.mocks import Fault, Request
from issuant.rotation.database import Database
from issuant.rotation.journal import Journal
from issuant.rotation.records import LONGEST, Fate
from issuant.rotation.states import State
from issuant.sinks import file as file_sink

from tests.leaks.detector import leaks, shown_by_error
from tests.rotation.scenes import CREATES, LISTS, NAME, REVOKES
from tests.rotation.stand import NONE, MakeStand, Stand, StopError, full_disk, stops_at

EVERYWHERE = pytest.mark.parametrize("provider", ["galileo", "fireworks", "fireblocks"])
WHERE_KEYS_ARE_REVOKED = pytest.mark.parametrize("provider", ["galileo", "fireworks"])
YEAR = timedelta(days=365)
DAY = timedelta(days=1)
REFUSED_VALUE = b'{"detail":[{"loc":["body","api_key"],"msg":"not a key of ours","type":"value_error"}]}'


def attempts(stand: Stand) -> int:
    """Return how often a key was asked for since the first one was there."""
    return len(set(stand.vendor.created_names())) - 1


@EVERYWHERE
@pytest.mark.parametrize("fault", [Fault.drop_after(), Fault.reset_after(), Fault.empty()], ids=lambda one: one.kind)
def test_a_reply_that_is_lost_after_the_create_costs_no_key(stand_at: MakeStand, provider: str, fault: Fault) -> None:
    """What was made is taken where its value is known, and removed where it is not; either way one key is left."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(fault, CREATES[provider])
    stand.rotate()
    stand.settle()
    assert stand.broken(was=was) == []
    assert attempts(stand) == (2 if provider == "fireworks" else 1)


@WHERE_KEYS_ARE_REVOKED
def test_a_key_that_the_list_shows_late_is_swept(stand_at: MakeStand, provider: str) -> None:
    """Neither look shows it, so another is made; the one that turns up afterwards is removed by its name."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(Fault.drop_after(), CREATES[provider])
    stand.witness = lambda label: setattr(stand.vendor, "lag", 4) if label == "before create" else None
    with pytest.raises(UsageError, match="not in the provider's list"):
        stand.rotate()
    assert (stand.operation().state, len(stand.vendor.ours())) == (State.REVOKING, 3)
    stand.settle()
    assert attempts(stand) == 2
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_a_refusal_after_doubt_ends_nothing(stand_at: MakeStand, provider: str) -> None:
    """A key of the first attempt may turn up, so the operation stays open, and what it left is found in the end."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(Fault.drop_after(), CREATES[provider])
    stand.fail(Fault.status(403), CREATES[provider])
    stand.witness = lambda label: setattr(stand.vendor, "lag", 4) if label == "before create" else None
    with pytest.raises(PermissionDeniedError):
        stand.rotate()
    assert stand.operation().state is State.INTENT
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_what_is_given_up_after_doubt_is_looked_for(stand_at: MakeStand, provider: str) -> None:
    """The keys of all its attempts are removed; the old key stays the credential's."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.fail(Fault.drop_after(), CREATES[provider])
    stand.fail(Fault.status(403), CREATES[provider])
    stand.witness = lambda label: setattr(stand.vendor, "lag", 2) if label == "before create" else None
    with pytest.raises(PermissionDeniedError):
        stand.rotate()
    ended = stand.abandon()
    assert ended.state is State.ENDED
    assert set(stand.vendor.ours()) == {was}
    assert stand.credential().key_id == was


@WHERE_KEYS_ARE_REVOKED
def test_a_revoke_that_is_refused_in_the_end_is_done_later(stand_at: MakeStand, provider: str) -> None:
    """The new key is in use by then; the old one lives on until it may be revoked, and the journal says so."""
    stand = stand_at(provider)
    was = stand.issued()

    def refuse(label: str) -> None:
        if label == "before revoke":
            stand.fail(Fault.status(403), REVOKES[provider])

    stand.witness = refuse
    with pytest.raises(PermissionDeniedError):
        stand.rotate()
    operation = stand.operation()
    assert (operation.state, operation.failures, bool(operation.error)) == (State.REVOKING, 1, True)
    assert len(stand.vendor.ours()) == 2
    stand.witness = lambda label: None
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_a_revoke_whose_reply_is_lost_is_done(stand_at: MakeStand, provider: str) -> None:
    """It is sent again; that the key is gone by then is as good."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.witness = lambda label: (
        stand.fail(Fault.drop_after(), REVOKES[provider]) if label == "before revoke" else None
    )
    assert stand.rotate().state is State.DONE
    assert stand.broken(was=was) == []


def test_a_second_sink_that_fails_is_mended(stand_at: MakeStand) -> None:
    """The first holds the new value by then; both keys live until the second takes it, and then one."""
    stand = stand_at("galileo", "both")
    was = stand.issued()
    script = stand.folder / "take"
    working = script.read_text()
    script.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(SinkNotReadyError, match="exit code 3"):
        stand.rotate()
    assert stand.operation().state is State.STAGED
    assert len(stand.vendor.ours()) == 2
    with pytest.raises(UsageError, match="holds the new value already"):
        stand.abandon()
    script.write_text(working)
    stand.settle()
    assert stand.broken(was=was) == []


@EVERYWHERE
def test_a_sink_on_a_full_disk_is_tried_again(
    stand_at: MakeStand, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new value waits in the journal; the place keeps the old one, which works."""
    stand = stand_at(provider)
    was = stand.issued()

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(file_sink, "fill", full)
        said = ""
        try:
            stand.rotate()
        except SinkNotReadyError as error:
            said = str(error)
        said += " ".join(str(resumed.error) for resumed in stand.settle())
        assert "No space left" in said
    assert stand.operation().state is State.VERIFIED
    assert len(stand.vendor.ours()) == 2
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
@pytest.mark.parametrize("write", ["write intent", "write attempt", "write created", "write current", "write revoked"])
def test_a_journal_on_a_full_disk_loses_nothing(
    stand_at: MakeStand, provider: str, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever could not be written down is found out again; without the intent nothing is sent."""
    stand = stand_at(provider)
    was = stand.issued()
    is_full = False
    transaction = Database._transaction

    def limited(self: Database, begin: str, work: Callable[[sqlite3.Connection], object]) -> object:
        if is_full and begin != "BEGIN":
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode, full.sqlite_errorname = sqlite3.SQLITE_FULL, "SQLITE_FULL"
            raise full
        return transaction(self, begin, work)

    def fill(label: str) -> None:
        nonlocal is_full
        is_full = is_full or label == f"before {write}"

    monkeypatch.setattr(Database, "_transaction", limited)
    stand.witness = fill
    with pytest.raises(JournalError, match="SQLITE_FULL"):
        stand.rotate()
    stand.witness, is_full = (lambda label: None), False
    assert attempts(stand) == (0 if write in ("write intent", "write attempt") else 1)
    stand.settle()
    assert stand.broken(was=was) == []


@EVERYWHERE
@pytest.mark.parametrize("offset", [YEAR, -YEAR], ids=["forward", "back"])
def test_a_clock_that_is_wrong_revokes_nothing_early(stand_at: MakeStand, provider: str, offset: timedelta) -> None:
    """The provider's time has to agree that the grace is over; the old key is revoked once both do."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.rotate(grace=DAY)
    stand.decide()
    if stand.operation().state is not State.GRACE:
        stand.resume()
    assert stand.operation().state is State.GRACE
    stand.clock.advance(offset)
    resumed = stand.resume()
    assert resumed.operation.state is State.GRACE
    assert was in stand.vendor.ours()
    stand.clock.advance(-offset)
    stand.pass_time(DAY)
    stand.settle()
    assert stand.broken(was=was) == []


def test_of_two_at_once_one_is_refused(stand_at: MakeStand) -> None:
    """While one rotates, another is told who has it in hand; one key is made."""
    stand = stand_at("galileo")
    was = stand.issued()
    refusals: list[IssuantError] = []

    def interfere(label: str) -> None:
        if label == "before create" and not refusals:
            with stand.rotator() as other:
                with pytest.raises(BusyError) as caught:
                    other.rotate(NAME, grace=timedelta())
                refusals.append(caught.value)
                (resumed,) = other.resume()
                assert isinstance(resumed.error, BusyError)

    stand.witness = interfere
    assert stand.rotate().state is State.DONE
    assert "by this very process" in str(refusals[0])
    assert attempts(stand) == 1
    assert stand.broken(was=was) == []


def test_two_threads_at_once_make_one_key_each_or_are_refused(stand_at: MakeStand) -> None:
    """However they meet, every key that was made has become the current one, and one is left."""
    stand = stand_at("galileo")
    was = stand.issued()
    outcomes: list[str] = []

    def rotate() -> None:
        try:
            stand.rotate()
            outcomes.append("done")
        except (BusyError, UnfinishedError):
            outcomes.append("refused")

    threads = [threading.Thread(target=rotate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 3
    assert attempts(stand) == outcomes.count("done") > 0
    assert stand.broken(was=was) == []


def test_a_rotation_that_finds_another_just_done_takes_what_is_current(stand_at: MakeStand) -> None:
    """What it has read of the credential before it had it in hand does not count."""
    stand = stand_at("galileo")
    was = stand.issued()
    connecting = stand.connecting
    has_met = False

    def connect_late(*given: object, **named: object) -> object:
        nonlocal has_met
        if not has_met:
            has_met = True
            stand.rotate()
        return connecting(*given, **named)  # type: ignore[arg-type]

    with stand.rotator() as rotator:
        rotator._connect = connect_late  # type: ignore[assignment]
        assert rotator.rotate(NAME, grace=timedelta()).state is State.DONE
    assert attempts(stand) == 2
    assert stand.broken(was=was) == []


def test_an_internal_error_of_fireblocks_without_a_trace_is_tried_again(stand_at: MakeStand) -> None:
    """Neither list shows anything of the request, so it is sent once more, with another name and key."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.fail(Fault.status(500), CREATES["fireblocks"])
    assert stand.rotate().state is State.AWAITING_APPROVAL
    stand.settle()
    assert attempts(stand) == 1
    assert stand.broken(was=was) == []


def test_an_internal_error_of_fireblocks_with_a_trace_waits_for_a_person(stand_at: MakeStand) -> None:
    """A request that somebody made about then may be this one; only `force` makes another."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.fail(Fault.status(500), CREATES["fireblocks"])

    def ask_besides(label: str) -> None:
        if label == "before create":
            asked = next(iter(stand.vendor.simulator.approvals.values()))  # type: ignore[attr-defined]
            stand.vendor.simulator.approvals.ask(asked.wish, request_id="other", initiator="somebody")  # type: ignore[attr-defined]

    stand.witness = ask_besides
    with pytest.raises(OutcomeUnknownError, match="waits for approval"):
        stand.rotate()
    stand.witness = lambda label: None
    assert stand.operation().state is State.CREATING
    assert isinstance(stand.resume().error, OutcomeUnknownError)
    stand.vendor.simulator.approvals.reject("other")  # type: ignore[attr-defined]
    assert stand.resume(force=True).operation.state is State.AWAITING_APPROVAL
    stand.settle()
    assert stand.broken(was=was) == []


@pytest.mark.parametrize("status", [429, 403, 401])
def test_a_refusal_of_the_second_sending_tells_nothing_of_the_first(stand_at: MakeStand, status: int) -> None:
    """The request is there, and would be approved: the operation is not ended by it."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.witness = stops_at("after create")
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = lambda label: None
    stand.fail(Fault.status(status), CREATES["fireblocks"], times=3)
    resumed = stand.resume()
    assert resumed.error is not None
    assert resumed.operation.state is State.CREATING
    stand.vendor.simulator.faults.clear()
    stand.settle()
    assert attempts(stand) == 1
    assert stand.broken(was=was) == []


def test_an_idempotency_key_that_is_no_good_any_more_is_not_insisted_on(stand_at: MakeStand) -> None:
    """Its reply was lost with the vendor's internal error: the same key is refused, and traces are looked for."""
    stand = stand_at("fireblocks")
    was = stand.issued()

    def burn(label: str) -> None:
        if label == "before create":
            stand.fail(Fault.status(500), CREATES["fireblocks"])

        if label == "before write failed send":
            raise StopError

    stand.witness = burn
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = lambda label: None
    stand.settle()
    assert stand.broken(was=was) == []


@pytest.mark.parametrize("way", ["reject", "expire"])
def test_a_request_that_people_turn_down_ends_it(stand_at: MakeStand, way: str) -> None:
    """No key was made; the old one stays, and another rotation may begin."""
    stand = stand_at("fireblocks")
    was = stand.issued()
    stand.rotate()
    if way == "reject":
        stand.vendor.reject()
    else:
        stand.pass_time(timedelta(days=8))
    resumed = stand.resume()
    assert resumed.error is None
    assert resumed.operation.state is State.ENDED
    assert ("rejected" if way == "reject" else "expired") in resumed.operation.note
    assert (stand.credential().key_id, set(stand.vendor.ours())) == (was, {was})
    stand.rotate()
    stand.settle()
    assert stand.broken(was=was) == []


def test_where_a_value_may_not_be_brought_the_vendor_makes_it(stand_at: MakeStand) -> None:
    """The refusal names the field; the second way takes the vendor's value, and its lost reply costs no key either."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.fail(Fault.body(REFUSED_VALUE, status=422), CREATES["galileo"])
    stand.fail(Fault.drop_after(), CREATES["galileo"])
    assert stand.rotate().state is State.DONE
    assert stand.operation().way == 1
    assert attempts(stand) == 2
    assert stand.broken(was=was) == []


@EVERYWHERE
def test_an_old_key_that_is_revoked_by_hand_meanwhile_is_as_good(stand_at: MakeStand, provider: str) -> None:
    """The rotation goes on to its end."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.witness = lambda label: stand.vendor.remove(was) if label == "before write current" else None
    stand.rotate()
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_a_new_key_that_is_revoked_by_hand_before_it_is_proven_is_given_up(stand_at: MakeStand, provider: str) -> None:
    """The provider does not accept it: nothing is stored, the old key stays, and another rotation may begin."""
    stand = stand_at(provider)
    was = stand.issued()

    def remove(label: str) -> None:
        if label == "before verify":
            stand.vendor.remove(stand.open()[0].key_id or "")

    stand.witness = remove
    with pytest.raises(IssuantError):
        stand.rotate()
    stand.witness = lambda label: None
    assert stand.operation().state is State.CREATED
    assert stand.abandon().state is State.ENDED
    assert set(stand.vendor.ours()) == {was}
    stand.rotate()
    stand.settle()
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_the_old_key_is_not_revoked_where_the_new_one_is_gone(stand_at: MakeStand, provider: str) -> None:
    """It would leave none. `force` ends the rotation without; the next one, forced, makes a key that lives."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.rotate(grace=DAY)
    stand.vendor.remove(stand.credential().key_id or "")
    stand.pass_time(2 * DAY)
    resumed = stand.resume()
    assert isinstance(resumed.error, UsageError)
    assert set(stand.vendor.ours()) == {was}
    assert stand.resume(force=True).operation.state is State.DONE
    stand.rotate(force=True)
    stand.settle()
    current = stand.credential().key_id
    assert set(stand.vendor.ours()) == {was, current}
    with stand.rotator() as rotator:
        removed = [stray.key.id for stray in rotator.strays(provider, delete=True) if stray.removed]
    assert removed == [was]
    assert stand.broken(was=was) == []


@WHERE_KEYS_ARE_REVOKED
def test_a_list_that_cannot_be_had_leaves_a_doubt_a_doubt(stand_at: MakeStand, provider: str) -> None:
    """Nothing is created again before it is known what became of the first."""
    stand = stand_at(provider)
    was = stand.issued()

    def break_lists(label: str) -> None:
        if label == "before create":
            stand.fail(Fault.drop_after(), CREATES[provider])
            stand.fail(Fault.status(503), LISTS[provider], times=20)

    stand.witness = break_lists
    with pytest.raises(IssuantError):
        stand.rotate()
    assert stand.operation().state is State.CREATING
    assert attempts(stand) == 1
    stand.vendor.simulator.faults.clear()
    stand.witness = lambda label: None
    stand.settle()
    assert stand.broken(was=was) == []


def test_too_many_requests_end_it_before_anything_was_made(stand_at: MakeStand) -> None:
    """The refusal is certain: nothing is open, the fate of the attempt is known."""
    stand = stand_at("fireworks")
    was = stand.issued()
    stand.fail(Fault.status(429, retry_after=100_000), CREATES["fireworks"])
    with pytest.raises(RateLimitedError):
        stand.rotate()
    assert stand.operation().state is State.ENDED
    with Journal(stand.state, clock=stand.clock) as journal:
        assert [one.fate for one in journal.attempts(journal.operations(NAME)[-1])] == [Fate.NONE]
    assert set(stand.vendor.ours()) == {was}


# A length of time that makes no sense


@pytest.mark.parametrize(
    ("times", "field"),
    [
        pytest.param({"grace": -DAY}, "grace", id="negative-grace"),
        pytest.param({"grace": timedelta.max}, "grace", id="endless-grace"),
        pytest.param({"quiet": -timedelta(seconds=1)}, "quiet", id="negative-quiet"),
        pytest.param({"quiet": LONGEST + timedelta(seconds=1)}, "quiet", id="quiet-above-the-bound"),
        pytest.param({"expires_in": -DAY}, "expires_in", id="negative-lifetime"),
        pytest.param({"expires_in": NONE}, "expires_in", id="no-lifetime"),
        pytest.param({"expires_in": timedelta.max}, "expires_in", id="endless-lifetime"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(stand_at: MakeStand, times: dict[str, timedelta], field: str) -> None:
    """Before anything is asked of the provider, and nothing is open afterwards."""
    stand = stand_at("fireworks")
    stand.issued()
    asked = noted(stand)
    with stand.rotator() as rotator:
        with pytest.raises(InvalidRequestError) as caught:
            rotator.rotate(NAME, **times)  # type: ignore[arg-type]
        assert caught.value.field == field
        assert (asked, stand.open()) == ([], ())
        with pytest.raises(InvalidRequestError):  # a plan is none of what would be refused
            rotator.plan(NAME, **times)  # type: ignore[arg-type]


def noted(stand: Stand) -> list[Request]:
    """Return the list of all requests that reach the provider from now on."""
    asked: list[Request] = []

    def note(request: Request) -> bool:
        asked.append(request)
        return False  # a fault that applies to no request sees every request

    stand.vendor.simulator.faults.add(Fault.empty(), when=note)
    return asked


def test_an_endless_lifetime_of_the_first_key_is_refused(stand_at: MakeStand) -> None:
    """By the same bound, when it is issued and when a request comes with an adoption; the name stays free."""
    stand = stand_at("galileo")
    endless, sinks = KeyRequest(name=NAME, expires_in=timedelta.max), stand.scene.sinks(stand.folder)
    asked = noted(stand)
    with stand.rotator() as rotator:
        with pytest.raises(InvalidRequestError, match="longer than ten years"):
            rotator.issue(NAME, "galileo", endless, sinks=sinks)
        with pytest.raises(InvalidRequestError, match="longer than ten years"):
            rotator.adopt(NAME, "galileo", "k1", source=sinks[0], request=endless)
        assert rotator.credentials() == ()
    assert asked == []


def test_ten_years_are_not_too_long(stand_at: MakeStand) -> None:
    """For any of the three."""
    stand = stand_at("fireworks")
    stand.issued()
    with stand.rotator() as rotator:
        assert rotator.rotate(NAME, grace=LONGEST, quiet=LONGEST, expires_in=LONGEST).state is State.GRACE


@pytest.mark.parametrize("within", [-DAY, timedelta.max], ids=["negative", "endless"])
def test_nothing_is_due_within_a_time_that_makes_no_sense(stand_at: MakeStand, within: timedelta) -> None:
    """It is refused by the same bound."""
    with stand_at("galileo").rotator() as rotator, pytest.raises(InvalidRequestError, match="longer than ten years"):
        rotator.due(within)


def test_a_lifetime_where_keys_have_none_opens_nothing(stand_at: MakeStand) -> None:
    """That such a request cannot be made is found out before the intent is written down."""
    stand = stand_at("fireblocks")
    stand.issued()
    with stand.rotator() as rotator, pytest.raises(InvalidRequestError, match="cannot expire"):
        rotator.rotate(NAME, expires_in=DAY)
    assert stand.open() == ()


# A journal that cannot be written right after the create


@pytest.mark.parametrize(
    ("provider", "write", "kept"),
    [
        pytest.param("galileo", "write created", "Its value is safe in the journal", id="galileo"),
        pytest.param("fireworks", "write created", "Its value is lost with that", id="fireworks"),
        pytest.param("fireblocks", "write awaiting", "Its value is safe in the journal", id="fireblocks"),
    ],
)
def test_a_key_that_cannot_be_written_down_is_told(stand_at: MakeStand, provider: str, write: str, kept: str) -> None:
    """The disk is full right after the reply: the error says that there is a key, which one, and what of its value."""
    stand = stand_at(provider)
    was = stand.issued()
    with ExitStack() as disk:

        def fill(label: str) -> None:
            if label == f"before {write}":
                disk.enter_context(full_disk())

        stand.witness = fill
        with pytest.raises(
            JournalError, match=r"could not be written down: the journal .* cannot be written"
        ) as caught:
            stand.rotate()
    stand.witness = lambda label: None
    error = caught.value
    assert (error.effect, error.provider, error.operation) == (Effect.CREATED, provider, "rotate")
    made = set(stand.vendor.ours()) - {was}
    assert made == (set() if error.id is None else {error.id})
    assert (error.id is None) == (provider == "fireblocks")  # it is asked for, and has no id yet
    assert kept in error.advice
    assert "`issuant resume`" in error.advice
    assert leaks(shown_by_error(error), stand.vendor.known_values()) == []
    stand.settle()
    assert attempts(stand) == (2 if provider == "fireworks" else 1)
    assert stand.broken(was=was) == []


def test_a_key_with_a_reply_that_cannot_be_used_is_told_as_well(stand_at: MakeStand) -> None:
    """Only its id and its value could be read of the reply, and then the disk is full."""
    stand = stand_at("fireworks")
    was = stand.issued()
    stand.fail(Fault.truncated(), CREATES["fireworks"])
    with ExitStack() as disk:
        stand.witness = lambda label: disk.enter_context(full_disk()) if label == "before write created" else None
        with pytest.raises(JournalError) as caught:
            stand.rotate()
    stand.witness = lambda label: None
    assert {caught.value.id} == set(stand.vendor.ours()) - {was}
    assert caught.value.effect is Effect.CREATED
    stand.settle()
    assert stand.broken(was=was) == []
