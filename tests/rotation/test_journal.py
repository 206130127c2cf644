"""What the journal holds of credentials and operations: a move is one commit, and nothing sealed outlives its use."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from issuant.errors import BusyError, InvalidRequestError, JournalError, SealError, UnfinishedError, UsageError
from issuant.rotation.journal import Journal
from issuant.rotation.records import Attempt, Delivered, Delivery, Fate, Kind, Operation, Standing
from issuant.rotation.states import State
from issuant.secret import Secret

from tests.rotation.lives import (
    CI,
    CI_WITH_KEY,
    NOW,
    PARTS,
    PLACES,
    ROOT,
    STEPS,
    VALUE,
    at_state,
    begun,
    bytes_in,
    creating,
    life,
)

# Credentials


def test_a_credential_is_kept_as_it_was_entered(journal: Journal, folder: Path) -> None:
    """Also for whoever opens the journal next."""
    full = replace(CI_WITH_KEY, name="ü b", expires_at=NOW + timedelta(microseconds=1), scope="acc", request='{"a": 1}')
    assert journal.enter(full) == full
    assert journal.enter(CI) == CI
    journal.close()
    with Journal(folder) as again:
        assert again.credential("ü b") == full
        assert again.credentials() == (CI, full)


@pytest.mark.parametrize("name", ["", " ", " a", "a ", "a\nb", "a\0", "\x1b[31m", "\ud800", "a" * 101], ids=repr)
def test_a_name_that_nobody_could_type_is_refused(journal: Journal, name: str) -> None:
    """Empty, too long or not printable; nothing is entered."""
    with pytest.raises(InvalidRequestError) as caught:
        journal.enter(replace(CI, name=name))
    assert caught.value.field == "credential"
    assert journal.credentials() == ()


@pytest.mark.parametrize("sinks", [("file:a", "file:a"), ("file:\udcff",)], ids=["twice", "no-unicode"])
def test_sinks_that_cannot_be_told_apart_or_written_down_are_refused(journal: Journal, sinks: tuple[str, ...]) -> None:
    """When a credential is entered, when it is rotated into others, and when what is open goes to others."""
    with pytest.raises(InvalidRequestError):
        journal.enter(replace(CI, sinks=sinks))
    journal.enter(CI_WITH_KEY)
    with pytest.raises(InvalidRequestError):
        journal.begin(replace(CI_WITH_KEY, sinks=sinks), code="0000000a")
    seen = journal.begin(CI_WITH_KEY, code="0000000a")
    with pytest.raises(InvalidRequestError):
        journal.redirected(seen, sinks, found=dict.fromkeys(sinks))
    assert journal.credentials() == (CI_WITH_KEY,)
    assert [one.place for one in journal.deliveries(seen)] == list(PLACES)


def test_a_name_that_is_taken_is_refused(journal: Journal) -> None:
    """And the credential of that name stays as it is."""
    journal.enter(CI_WITH_KEY)
    with pytest.raises(InvalidRequestError, match="is a credential already"):
        journal.enter(replace(CI, provider="fireworks"))
    assert journal.credentials() == (CI_WITH_KEY,)


def test_a_credential_that_never_got_a_key_gives_up_its_name(journal: Journal) -> None:
    """Not while its issue is open, which may have made one."""
    seen = begun(journal, CI)
    with pytest.raises(UnfinishedError):
        journal.enter(CI)
    journal.move(seen, State.ENDED)
    changed = replace(CI, provider="fireworks")
    assert journal.enter(changed) == changed


def test_a_credential_is_entered_with_its_first_operation(journal: Journal) -> None:
    """In one commit: where it cannot be begun, the name stays free."""
    other = journal.begin(replace(CI, name="other"), code="0000000a")
    with pytest.raises(JournalError):
        journal.begin(CI, code=other.code)  # a code is given once
    assert [one.name for one in journal.credentials()] == ["other"]
    assert journal.begin(CI, code="0000000b").kind is Kind.ISSUE
    assert journal.credential("ci") == CI


def test_a_credential_changes_its_sinks_when_its_new_key_is_current(journal: Journal) -> None:
    """Until then its value is kept where it was: a rotation that comes to nothing leaves it so."""
    journal.enter(CI_WITH_KEY)
    moved = replace(CI_WITH_KEY, sinks=("file:b",))
    seen = journal.begin(moved, code="0000000a")
    assert journal.credential("ci") == CI_WITH_KEY
    assert [one.place for one in journal.deliveries(seen)] == ["file:b"]
    journal.move(seen, State.ENDED)
    assert journal.credential("ci") == CI_WITH_KEY
    seen = journal.created(creating(journal, journal.begin(moved, code="0000000b")), key_id="k2")
    seen = journal.move(journal.move(seen, State.VERIFIED), State.STAGED)
    journal.delivered(seen, "file:b", Delivered.STORED)
    assert journal.credential("ci") == CI_WITH_KEY
    journal.promoted(seen, value=Secret(VALUE))
    assert journal.credential("ci").sinks == ("file:b",)


def test_the_sinks_of_a_first_key_are_the_credentials_from_the_start(journal: Journal) -> None:
    """Those that take their place are so when the key is current."""
    seen = journal.begin(CI, code="0000000a")
    seen = journal.created(creating(journal, seen), key_id="k2")
    seen = journal.redirected(seen, ("file:n",), found={"file:n": None})
    assert journal.credential("ci") == CI
    seen = journal.move(journal.move(seen, State.VERIFIED), State.STAGED)
    journal.delivered(seen, "file:n", Delivered.STORED)
    journal.promoted(seen, value=Secret(VALUE))
    assert journal.credential("ci").sinks == ("file:n",)


def test_what_was_seen_of_a_credential_has_to_hold(journal: Journal) -> None:
    """Another has given it another key, or a first one, in the meantime: nothing is begun, and nothing is changed."""
    journal.enter(replace(CI_WITH_KEY, key_id="k2"))
    with pytest.raises(BusyError, match="another by now"):
        journal.begin(replace(CI_WITH_KEY, sinks=("file:b",)), code="0000000a")
    with pytest.raises(InvalidRequestError, match="is a credential already"):
        journal.begin(CI, code="0000000a")
    assert journal.credentials() == (replace(CI_WITH_KEY, key_id="k2"),)
    assert journal.open_operations() == ()


def test_a_credential_is_forgotten_with_all_that_is_known_of_it(journal: Journal, folder: Path) -> None:
    """Not while an operation of it is open. Afterwards its name is free, and its keys are unknown."""
    seen = begun(journal)
    with pytest.raises(UnfinishedError):
        journal.forget("ci")
    journal.move(seen, State.ENDED)
    journal.forget("ci")
    assert journal.credentials() == ()
    with pytest.raises(UsageError):
        journal.operation(seen.id)
    journal.close()
    with sqlite3.connect(folder / "journal.db") as found:
        rows = found.execute("SELECT (SELECT COUNT(*) FROM operation) + (SELECT COUNT(*) FROM event)").fetchone()
    found.close()
    assert rows == (0,)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda journal: journal.credential("no"), id="credential"),
        pytest.param(lambda journal: journal.forget("no"), id="forget"),
        pytest.param(lambda journal: journal.begin(replace(CI_WITH_KEY, name="no"), code="0000000a"), id="begin"),
        pytest.param(lambda journal: journal.operation(7), id="operation"),
    ],
)
def test_what_is_not_there_is_told(journal: Journal, ask: Callable[[Journal], object]) -> None:
    """As a mistake of the caller's, not of the journal."""
    with pytest.raises(UsageError) as caught:
        ask(journal)
    assert not isinstance(caught.value, JournalError)


# Operations


def test_an_operation_begins_with_the_key_that_is_current(journal: Journal) -> None:
    """As a rotation of it, or as an issue where there is none; with a delivery for each place."""
    journal.enter(CI_WITH_KEY)
    found = {"file:a": "digest"}
    times = {"grace": timedelta(hours=1), "quiet": timedelta(minutes=1)}
    seen = journal.begin(CI_WITH_KEY, code="0000000a", found=found, **times)
    assert (seen.kind, seen.state, seen.attempt) == (Kind.ROTATE, State.INTENT, 0)
    assert (seen.old_key_id, seen.old_owner, seen.old_fingerprint) == ("k1", "u1", "f1")
    assert (seen.grace, seen.quiet, seen.lifetime) == (timedelta(hours=1), timedelta(minutes=1), None)
    assert journal.deliveries(seen) == (
        Delivery(place="file:a", state=Delivered.WAITING, found="digest"),
        Delivery(place="env:b#C", state=Delivered.WAITING, found=None),
    )
    assert journal.open_operations() == (seen,)
    assert journal.begin(replace(CI, name="first"), code="0000000b").kind is Kind.ISSUE


def test_a_credential_has_one_open_operation(journal: Journal) -> None:
    """The error tells which, since when, and how far it is; another credential's is no matter."""
    seen = creating(journal, begun(journal))
    with pytest.raises(UnfinishedError, match=r"rotation of 'ci' that began at 2026-05-01 12:00 UTC.*'creating'"):
        journal.begin(CI_WITH_KEY, code="0000000b")
    assert journal.begin(replace(CI, name="other"), code="0000000c").id != seen.id


def test_the_file_itself_holds_that_there_is_one(journal: Journal, folder: Path) -> None:
    """Whoever writes, and whatever it has looked at before."""
    begun(journal)
    other = sqlite3.connect(folder / "journal.db")
    with pytest.raises(sqlite3.IntegrityError, match=r"operation\.credential"):
        other.execute("INSERT INTO operation SELECT 99, credential, kind, state, revision, 'c' " + _rest_of(other))
    other.close()


def _rest_of(database: sqlite3.Connection) -> str:
    names = [row[1] for row in database.execute("PRAGMA table_info(operation)")]
    return ", " + ", ".join(names[names.index("code") + 1 :]) + " FROM operation"


def test_a_rotation_goes_from_its_intent_to_its_end(journal: Journal) -> None:
    """The credential gets the new key when every place holds its value, and not before."""
    for seen in life(journal, begun(journal)):
        assert journal.operation(seen.id) == seen
        assert journal.credential("ci").key_id == ("k2" if seen.state.is_promoted else "k1")
    assert (seen.state, seen.ended_at, seen.sealed) == (State.DONE, NOW, None)
    assert journal.open_operations() == ()
    assert journal.operations("ci") == (seen,)
    assert journal.credential("ci") == replace(
        CI_WITH_KEY,
        key_id="k2",
        key_name=f"ci-x{seen.code}-1",
        fingerprint=journal.fingerprint(Secret(VALUE)),
        rotated_at=NOW,
    )
    assert journal.attempts(seen) == (Attempt(number=1, name=f"ci-x{seen.code}-1", key_id="k2", fate=Fate.MADE),)
    assert [event.state for event in journal.events(seen)][-1] is State.DONE


@pytest.mark.parametrize("state", State)
def test_no_move_but_those_that_follow(journal: Journal, state: State) -> None:
    """From CREATED on, to any state."""
    seen = at_state(journal, State.CREATED)
    if state in (State.CREATED, State.VERIFIED, State.ENDED):
        assert journal.move(seen, state).state is state
        return
    with pytest.raises(JournalError, match="does not go from 'created'"):
        journal.move(seen, state)
    assert journal.operation(seen.id) == seen


MOVES: list[tuple[str, State, Callable[[Journal, Operation], object]]] = [
    ("move", State.CREATED, lambda journal, seen: journal.move(seen, State.VERIFIED)),
    ("begin-attempt", State.INTENT, creating),
    ("created", State.CREATING, lambda journal, seen: journal.created(seen, key_id="k3", parts=PARTS)),
    ("awaiting", State.CREATING, lambda journal, seen: journal.awaiting(seen, request_id="r", note="wait")),
    ("refused", State.CREATING, lambda journal, seen: journal.refused(seen, note="no")),
    ("next-way", State.CREATING, lambda journal, seen: journal.next_way(seen)),
    ("again", State.CREATING, lambda journal, seen: journal.again(seen, doubtful=True)),
    ("used-up", State.CREATING, lambda journal, seen: journal.used_up(seen)),
    ("noted", State.GRACE, lambda journal, seen: journal.noted(seen, note="wait")),
    ("swept", State.SWEEP, lambda journal, seen: journal.swept(seen, again_in=timedelta(minutes=1))),
    ("delivered", State.VERIFIED, lambda journal, seen: journal.delivered(seen, PLACES[0], Delivered.STORED)),
    ("redirected", State.STAGED, lambda journal, seen: journal.redirected(seen, ["file:b"], found={"file:b": None})),
    ("fated", State.CREATING, lambda journal, seen: journal.fated(seen, Fate.REMOVED, key_id="k3")),
    ("promoted", State.STAGED, lambda journal, seen: journal.promoted(seen, value=Secret(VALUE))),
]


def ready(journal: Journal, state: State) -> Operation:
    """Take a rotation to `state`, its places filled where it is about to be promoted."""
    seen = at_state(journal, state)
    if state is State.STAGED:
        for place in PLACES:
            journal.delivered(seen, place, Delivered.STORED)
    return seen


@pytest.mark.parametrize(("state", "act"), [pytest.param(*rest, id=name) for name, *rest in MOVES])
def test_who_has_seen_an_older_state_writes_nothing(
    journal: Journal, state: State, act: Callable[[Journal, Operation], object]
) -> None:
    """Another process has been at it in the meantime: here it has noted something."""
    seen = ready(journal, state)
    now = journal.noted(seen, note="another process was here")
    kept = (journal.attempts(seen), journal.deliveries(seen), journal.events(seen), journal.credential("ci"))
    with pytest.raises(BusyError, match="another process has been at the operation of 'ci'"):
        act(journal, seen)
    assert journal.operation(seen.id) == now
    assert kept == (journal.attempts(seen), journal.deliveries(seen), journal.events(seen), journal.credential("ci"))
    act(journal, now)


def test_a_new_state_clears_what_was_noted_waited_for_and_failed(journal: Journal) -> None:
    """Staying in one keeps it, and counts the failures."""
    seen = journal.noted(at_state(journal, State.CREATED), note="wait")
    journal.failed(seen, "first")
    failed = journal.failed(seen, "half a pair: \ud800")
    assert (failed.failures, failed.error, failed.note) == (2, "half a pair: \\ud800", "wait")
    moved = journal.move(failed, State.VERIFIED)
    assert (moved.failures, moved.error, moved.note, moved.due_at) == (0, "", "", None)
    assert "first" in [event.words for event in journal.events(moved)]


def test_noting_the_same_again_writes_nothing(journal: Journal) -> None:
    """So that a run each minute does not fill the journal."""
    seen = journal.noted(at_state(journal, State.GRACE), note="wait")
    before = journal.events(seen)
    assert journal.noted(seen, note="wait") is seen
    assert journal.events(seen) == before


def test_each_attempt_has_a_name_and_a_fate_of_its_own(journal: Journal) -> None:
    """What the one before sealed and carried is gone; that it may still turn up stays known."""
    seen = journal.used_up(creating(journal, begun(journal)))
    assert seen.is_used_up
    journal.fated(seen, Fate.REMOVED, key_id="lost")
    seen = journal.again(seen, doubtful=True)
    assert (seen.state, seen.sealed, seen.idempotency_key, seen.is_used_up) == (State.INTENT, None, None, False)
    seen = journal.begin_attempt(seen, name="second", parts={}, idempotency_key="once")
    assert (seen.attempt, seen.key_name, seen.idempotency_key, seen.sealed) == (2, "second", "once", None)
    assert (seen.sent_at, seen.doubtful, seen.way) == (NOW, True, 0)
    seen = journal.next_way(seen)
    assert (seen.way, seen.doubtful) == (1, True)
    assert [(item.number, item.key_id, item.fate) for item in journal.attempts(seen)] == [
        (1, "lost", Fate.REMOVED),
        (2, None, Fate.NONE),
    ]


def test_an_attempt_that_made_the_key_stays_so(journal: Journal) -> None:
    """Another key of its name is told as an event alone; the removal of the key itself is written down."""
    seen = at_state(journal, State.CREATED)
    journal.fated(seen, Fate.REMOVED, key_id="double")
    assert [(item.key_id, item.fate) for item in journal.attempts(seen)] == [("k2", Fate.MADE)]
    assert journal.events(seen)[-1].words == "attempt 1: removed (double)"
    journal.fated(seen, Fate.REMOVED)
    assert [(item.key_id, item.fate) for item in journal.attempts(seen)] == [("k2", Fate.REMOVED)]


def test_a_name_is_given_once(journal: Journal) -> None:
    """Two attempts of one name could not be told apart, so the second is not begun."""
    seen = journal.again(journal.begin_attempt(begun(journal), name="one", parts={}), doubtful=False)
    with pytest.raises(JournalError):
        journal.begin_attempt(seen, name="one", parts={})
    assert journal.operation(seen.id) == seen


def test_a_key_without_a_value_is_not_taken_for_one(journal: Journal) -> None:
    """The error carries its id."""
    seen = journal.begin_attempt(begun(journal), name="one", parts={})
    with pytest.raises(JournalError) as caught:
        journal.created(seen, key_id="k9")
    assert caught.value.id == "k9"
    assert journal.operation(seen.id) == seen


def test_no_promotion_before_every_place_holds_the_value(journal: Journal) -> None:
    """Or after the credential's key has become another than the one that is replaced."""
    seen = at_state(journal, State.STAGED)
    journal.delivered(seen, PLACES[0], Delivered.STORED)
    with pytest.raises(JournalError, match="not every sink"):
        journal.promoted(seen, value=Secret(VALUE))
    journal.delivered(seen, PLACES[1], Delivered.STORED)
    journal._database.write(lambda db: db.execute("UPDATE credential SET key_id = 'other'"))
    with pytest.raises(JournalError, match="not the one that was to be replaced"):
        journal.promoted(seen, value=Secret(VALUE))
    assert journal.operation(seen.id) == seen


def test_what_is_open_goes_to_other_places_in_one_commit(journal: Journal) -> None:
    """Who stays keeps what has come there; who is dropped stays on record; failures end."""
    seen = at_state(journal, State.STAGED)
    journal.delivered(seen, PLACES[0], Delivered.STORED)
    journal.failed(seen, "it is gone")
    moved = journal.redirected(seen, ("file:n", PLACES[0]), found={"file:n": "digest"})
    assert (moved.state, moved.error, moved.failures, moved.sealed) == (State.STAGED, "", 0, seen.sealed)
    assert journal.credential("ci").sinks == PLACES
    assert [(one.place, one.state, one.found) for one in journal.deliveries(moved)] == [
        ("file:n", Delivered.WAITING, "digest"),
        (PLACES[0], Delivered.STORED, None),
        (PLACES[1], Delivered.DROPPED, None),
    ]
    again = journal.redirected(moved, (PLACES[1],), found={PLACES[1]: "digest"})
    assert [(one.place, one.state) for one in journal.deliveries(again)] == [
        (PLACES[1], Delivered.WAITING),  # as if it were new
        ("file:n", Delivered.DROPPED),
        (PLACES[0], Delivered.LEFT),  # what stands there stands there
    ]
    with pytest.raises(JournalError, match="not every sink"):
        journal.promoted(again, value=Secret(VALUE))
    journal.delivered(again, PLACES[1], Delivered.STORED)
    back = journal.redirected(again, (PLACES[0], PLACES[1]), found={})
    assert [one.state for one in journal.deliveries(back)] == [
        *(Delivered.STORED, Delivered.STORED),
        Delivered.DROPPED,  # file:n
    ]
    back = journal.redirected(back, (PLACES[1],), found={})
    assert journal.promoted(back, value=Secret(VALUE), note="look").note == "look"
    assert journal.credential("ci").sinks == (PLACES[1],)


def test_a_promotion_says_until_when_the_old_key_lives(journal: Journal) -> None:
    """Where there is one, and its time is not over at once; with what else a person has to know."""
    notes, long = [], timedelta(hours=30)
    for number, (credential, grace, quiet) in enumerate(
        [
            (CI_WITH_KEY, long, None),
            (replace(CI_WITH_KEY, name="b"), long, timedelta(hours=1)),
            (replace(CI_WITH_KEY, name="c"), timedelta(), None),
            (replace(CI, name="d"), long, None),
        ]
    ):
        if credential.key_id is not None:
            journal.enter(credential)
        seen = journal.begin(replace(credential, sinks=()), code=f"0000000{number}", grace=grace, quiet=quiet)
        seen = journal.created(creating(journal, seen), key_id="k2")
        seen = journal.move(journal.move(seen, State.VERIFIED), State.STAGED)
        notes.append(journal.promoted(seen, value=Secret(VALUE), note="Look.").note)
    assert notes == [
        "The old key k1 lives on until 2026-05-02 18:00 UTC. Look.",
        "The old key k1 lives on until 2026-05-02 18:00 UTC, and while it is in use. Look.",
        "Look.",
        "Look.",
    ]


def test_a_promotion_starts_the_grace(journal: Journal) -> None:
    """It is over when the journal's clock says so."""
    seen = journal.begin(CI, code="0000000a", grace=timedelta(hours=24))
    promoted = next(step for step in life(journal, seen) if step.state is State.GRACE)
    assert promoted.due_at == NOW + timedelta(hours=24)


def test_a_place_or_an_attempt_that_there_is_not_is_told(journal: Journal) -> None:
    """Nothing is written."""
    seen = at_state(journal, State.VERIFIED)
    with pytest.raises(JournalError, match="no place file:z"):
        journal.delivered(seen, "file:z", Delivered.STAGED)
    with pytest.raises(JournalError, match="no attempt 7"):
        journal.fated(seen, Fate.REMOVED, number=7)


# What a listed key is to the journal


@pytest.mark.parametrize(
    ("state", "key_id", "name", "standing"),
    [
        pytest.param(State.CREATED, "k1", "", Standing.CURRENT, id="the-old-one-before-the-promotion"),
        pytest.param(State.CREATED, "k2", "", Standing.IN_WORK, id="the-new-one-before-the-promotion"),
        pytest.param(State.GRACE, "k1", "", Standing.IN_WORK, id="the-old-one-in-its-grace"),
        pytest.param(State.GRACE, "k2", "", Standing.CURRENT, id="the-new-one-after-the-promotion"),
        pytest.param(State.DONE, "k1", "", Standing.LEFT, id="the-old-one-after-its-removal"),
        pytest.param(State.DONE, "k2", "", Standing.CURRENT, id="the-current-one"),
        pytest.param(State.CREATING, "k9", "ci-x{code}-1", Standing.IN_WORK, id="the-name-of-an-open-attempt"),
        pytest.param(State.DONE, "k9", "ci-x{code}-1", Standing.LEFT, id="the-name-of-an-attempt"),
        pytest.param(State.DONE, "k2", "ci-x{code}-1", Standing.CURRENT, id="the-name-and-the-current-id"),
        pytest.param(State.DONE, "k9", "ci-x{code}-2", Standing.UNKNOWN, id="an-attempt-that-was-not-made"),
        pytest.param(State.DONE, "k9", "ci-x00000000-1", Standing.UNKNOWN, id="the-name-of-another-journal"),
        pytest.param(State.DONE, "k9", "ci key", Standing.UNKNOWN, id="the-stem-alone"),
    ],
)
def test_a_listed_key_is_known_by_its_id_or_its_whole_name(
    journal: Journal, state: State, key_id: str, name: str, standing: Standing
) -> None:
    """What only looks like one of ours is unknown, and so is any key of another provider or server."""
    seen = at_state(journal, state)
    name = name.format(code=seen.code)
    found = journal.standing(CI.provider, CI.base_url, key_id=key_id, key_name=name)
    assert found.standing is standing
    assert found.credential == (None if standing is Standing.UNKNOWN else "ci")
    for provider, base_url in (("fireworks", CI.base_url), (CI.provider, "https://other.test")):
        other = journal.standing(provider, base_url, key_id=key_id, key_name=name)
        assert other.standing is Standing.UNKNOWN


def test_the_old_key_of_a_rotation_that_came_to_nothing_is_still_needed(journal: Journal) -> None:
    """And what the attempt left is not."""
    seen = journal.refused(creating(journal, begun(journal)), note="no")
    name = f"ci-x{seen.code}-1"
    assert journal.standing(CI.provider, CI.base_url, key_id="k1", key_name=name).standing is Standing.CURRENT
    assert journal.standing(CI.provider, CI.base_url, key_id="k7", key_name=name).standing is Standing.LEFT


def test_a_key_that_was_to_be_replaced_and_was_not_is_no_leftover(journal: Journal) -> None:
    """Also where the credential has another one by now, whatever did that."""
    journal.move(begun(journal), State.ENDED)
    journal._database.write(lambda db: db.execute("UPDATE credential SET key_id = 'other'"))
    assert journal.standing(CI.provider, CI.base_url, key_id="k1", key_name=None).standing is Standing.UNKNOWN


# What is under seal


def test_what_is_sealed_is_opened_for_its_attempt_alone(journal: Journal) -> None:
    """The sealed value of another operation or attempt is refused, not taken for this one's."""
    seen = creating(journal, begun(journal))
    assert journal.unsealed(seen) == PARTS
    assert journal.unsealed(replace(seen, sealed=None)) == {}
    with pytest.raises(SealError):
        journal.unsealed(replace(seen, attempt=2))
    with pytest.raises(SealError):
        journal.unsealed(replace(seen, code="0000000z"))


def test_no_value_is_readable_in_any_file_at_any_step(journal: Journal, folder: Path) -> None:
    """And once every place holds it, what was sealed is in none of them either, not even in the log."""
    sealed: list[bytes] = []
    steps = 0
    for seen in life(journal, begun(journal)):
        steps += 1
        stored = bytes_in(folder)
        assert VALUE.encode()[:40] not in stored
        assert VALUE.encode()[-40:] not in stored
        if seen.sealed is not None:
            sealed.append(seen.sealed)
            assert seen.sealed[100:140] in stored  # the search would find it
        elif seen.state.is_promoted:
            assert not [blob for blob in sealed for at in range(0, len(blob), 512) if blob[at : at + 16] in stored]
    assert steps == STEPS


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda journal, seen: journal.refused(seen, note="no"), id="refused"),
        pytest.param(lambda journal, seen: journal.again(seen, doubtful=True), id="tried-again"),
        pytest.param(lambda journal, seen: journal.next_way(seen), id="another-way"),
        pytest.param(
            lambda journal, seen: journal.created(
                seen, key_id="k2", parts={"value": Secret("fw_TEST_another_not_a_key")}
            ),
            id="sealed-anew",
        ),
    ],
)
def test_what_is_not_needed_any_more_is_wiped(
    journal: Journal, folder: Path, end: Callable[[Journal, Operation], Operation]
) -> None:
    """However the attempt ends for which it was sealed."""
    seen = creating(journal, begun(journal))
    assert seen.sealed is not None
    end(journal, seen)
    stored = bytes_in(folder)
    assert not [at for at in range(0, len(seen.sealed), 512) if seen.sealed[at : at + 16] in stored]


DIGEST = "sha256_of_what_a_sink_held_before_" * 3


@pytest.mark.parametrize(
    ("state", "end"),
    [
        pytest.param(State.STAGED, lambda journal, seen: journal.promoted(seen, value=Secret(VALUE)), id="promoted"),
        pytest.param(State.INTENT, lambda journal, seen: journal.move(seen, State.ENDED), id="ended"),
        pytest.param(State.CREATING, lambda journal, seen: journal.refused(seen, note="no"), id="refused"),
        pytest.param(State.CREATED, lambda journal, seen: journal.move(seen, State.ENDED), id="given-up"),
    ],
)
def test_what_a_place_held_before_is_wiped(
    journal: Journal, folder: Path, state: State, end: Callable[[Journal, Operation], Operation]
) -> None:
    """A digest without a key lets whoever has it check a guess; it is in no file any more, not even in the log."""
    journal.enter(CI_WITH_KEY)
    seen = journal.begin(CI_WITH_KEY, code="0000000a", found=dict.fromkeys(PLACES, DIGEST))
    if state is not State.INTENT:
        seen = next(step for step in life(journal, seen) if step.state is state)
    if state is State.STAGED:
        for place in PLACES:
            journal.delivered(seen, place, Delivered.STORED)
    assert DIGEST.encode() in bytes_in(folder)  # the search would find it
    end(journal, seen)
    assert DIGEST[:40].encode() not in bytes_in(folder)
    assert [one.found for one in journal.deliveries(seen)] == [None, None]


KILLED = """
import os, signal, sys
from pathlib import Path
from issuant.rotation.journal import Journal
from tests.rotation.lives import begun, life
journal = Journal(Path(sys.argv[1]))
for number, step in enumerate(life(journal, begun(journal)), 1):
    if step.sealed is not None:
        Path(sys.argv[4]).write_bytes(step.sealed)
    if number == int(sys.argv[2]):
        if sys.argv[3] == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        journal._database.wipe = lambda: os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("step", "when", "state"),
    [
        pytest.param(2, "after", State.CREATED, id="created"),
        pytest.param(8, "after", State.STAGED, id="stored"),
        pytest.param(9, "after", State.GRACE, id="promoted"),
        pytest.param(8, "before the wipe", State.GRACE, id="promoted-and-not-wiped"),
    ],
)
def test_a_killed_process_leaves_no_value_readable(
    folder: Path, tmp_path: Path, step: int, when: str, state: State
) -> None:
    """What it wrote is there; where it was killed before it could wipe the log, the next to open the journal does."""
    blob = tmp_path / "blob"
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(step), when, str(blob)], timeout=30, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    left = bytes_in(folder)
    assert VALUE.encode()[:40] not in left
    assert (blob.read_bytes()[100:140] in left) == (when != "after" or state is not State.GRACE)
    with Journal(folder) as journal:
        (seen,) = journal.open_operations()
        assert (seen.state, seen.sealed is None) == (state, state is State.GRACE)
        stored = bytes_in(folder)
    assert VALUE.encode()[:40] not in stored
    assert (blob.read_bytes()[100:140] in stored) == (state is not State.GRACE)


def test_times_without_a_timezone_are_refused(journal: Journal) -> None:
    """They would mean another instant on another machine."""
    with pytest.raises(InvalidRequestError, match="no timezone"):
        journal.enter(replace(CI, expires_at=datetime(2026, 1, 1)))
    assert journal.credentials() == ()
