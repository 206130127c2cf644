"""What is refused of a credential's places, and of whom it belongs to, before anything is asked for or written."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from issuant.errors import InvalidRequestError, SinkNotReadyError, UsageError
from issuant.keys import IssuedKey, KeyRequest
from issuant.mocks.galileo import GalileoSimulator
from issuant.providers.galileo import GalileoAccount, GalileoKeyRequest
from issuant.rotation.states import State

from tests.rotation.scenes import NAME, STEM
from tests.rotation.stand import NONE, MakeStand, Stand, StopError, stops_at

OTHERS = "somebody's only copy"


def taken(stand: Stand, name: str = "theirs") -> str:
    """Return a sink that holds a value already."""
    (stand.folder / name).write_text(OTHERS)
    return f"file:{stand.folder}/{name}"


def attempt(stand: Stand, how: str, sink: str, *, replace: bool = False) -> None:
    """Name a sink for the first time, in one of the ways there are."""
    with stand.rotator() as rotator:
        if how == "issue":
            rotator.issue("new", "galileo", KeyRequest(name="new"), sinks=[sink], replace=replace)
        elif how == "rotate":
            rotator.rotate(NAME, sinks=[sink], grace=NONE, replace=replace)
        elif how == "plan":
            rotator.plan(NAME, sinks=[sink], replace=replace)
        elif how == "adopt":
            made, source = by_hand(stand)
            rotator.adopt("new", "galileo", made.id, source=source, sinks=[sink], replace=replace)
        else:
            stand.witness = stops_at("before store")
            with pytest.raises(StopError):
                stand.rotate()
            stand.witness = lambda label: None
            (resumed,) = rotator.resume(NAME, sinks=[sink], replace=replace)
            if resumed.error is not None:
                raise resumed.error


def by_hand(stand: Stand, request: KeyRequest | None = None, name: str = "by-hand") -> tuple[IssuedKey, str]:
    """Issue a key that nobody looks after, and return it with the sink that holds its value."""
    with stand.connecting("galileo") as connection:
        made = connection.issue(request or KeyRequest(name=STEM))
    assert isinstance(made, IssuedKey)
    (stand.folder / name).write_text(made.secret.reveal())
    return made, f"file:{stand.folder}/{name}"


WAYS = ("issue", "rotate", "plan", "adopt", "resume")


@pytest.mark.parametrize("how", WAYS)
def test_a_new_sink_that_holds_a_value_is_refused(stand_at: MakeStand, how: str) -> None:
    """What it holds may be in use; it is left as it is."""
    stand = stand_at("galileo")
    stand.issued()
    sink = taken(stand)
    with pytest.raises(SinkNotReadyError, match="holds a value already"):
        attempt(stand, how, sink)
    assert (stand.folder / "theirs").read_text() == OTHERS


@pytest.mark.parametrize("how", WAYS)
def test_a_new_sink_that_holds_a_value_is_written_over_where_that_is_wanted(stand_at: MakeStand, how: str) -> None:
    """With `replace`; a plan and an adoption write nothing."""
    stand = stand_at("galileo")
    stand.issued()
    attempt(stand, how, taken(stand), replace=True)
    kept = (stand.folder / "theirs").read_text()
    assert (kept == OTHERS) is (how in ("plan", "adopt"))


@pytest.mark.parametrize("how", WAYS)
def test_a_command_that_is_new_is_only_taken_where_it_may_write_over(stand_at: MakeStand, how: str) -> None:
    """Nobody can tell what it keeps already."""
    stand = stand_at("galileo")
    stand.issued()
    with pytest.raises(SinkNotReadyError, match="cannot tell whether it holds a value") as caught:
        attempt(stand, how, "exec:true")
    assert "replace=True" in caught.value.advice


def _beside(stand: Stand) -> list[str]:
    (stand.folder / "link").symlink_to(stand.folder / "one")
    return [f"file:{stand.folder}/one", f"file:{stand.folder}/link"]


@pytest.mark.parametrize(
    "sinks",
    [
        pytest.param(lambda stand: [f"file:{stand.folder}/one"] * 2, id="twice"),
        pytest.param(_beside, id="by-a-link"),
        pytest.param(lambda stand: [f"file:{stand.folder}/one", f"env:{stand.folder}/one#A"], id="a-line-of-a-file"),
    ],
)
def test_two_sinks_that_are_one_place_are_refused(stand_at: MakeStand, sinks: Callable[[Stand], list[str]]) -> None:
    """One would write over the other, and neither could be read back."""
    stand = stand_at("galileo")
    with stand.rotator() as rotator:
        with pytest.raises(SinkNotReadyError, match="in each other's way"):
            rotator.issue(NAME, "galileo", KeyRequest(name="ci"), sinks=sinks(stand))
        assert rotator.credentials() == ()
    assert stand.vendor.ours() == {}


def test_value_and_id_do_not_go_to_one_place(stand_at: MakeStand) -> None:
    """The id would take the place of the value."""
    stand = stand_at("galileo")
    one = f"file:{stand.folder}/one"
    with stand.rotator() as rotator, pytest.raises(SinkNotReadyError, match="in each other's way"):
        rotator.issue(NAME, "galileo", KeyRequest(name="ci"), sinks=[one], id_sinks=[one])


@pytest.mark.parametrize("replace", [False, True])
def test_a_sink_of_another_credential_is_refused(stand_at: MakeStand, replace: bool) -> None:
    """Whatever is replaced: each would write over the other's live value."""
    stand = stand_at("galileo")
    stand.issued()
    (sink,) = stand.credential().sinks
    with stand.rotator() as rotator, pytest.raises(SinkNotReadyError, match=f"is where '{NAME}' is kept"):
        rotator.issue("new", "galileo", KeyRequest(name="new"), sinks=[sink], replace=replace)


def test_a_value_that_somebody_has_stored_between_rotations_is_not_written_over(stand_at: MakeStand) -> None:
    """It is told before anything is sent; `force` takes the place over."""
    stand = stand_at("galileo")
    was = stand.issued()
    (stand.folder / "key").write_text(OTHERS)
    with pytest.raises(SinkNotReadyError, match="another value than that of the current key"):
        stand.rotate()
    assert ((stand.folder / "key").read_text(), set(stand.vendor.ours())) == (OTHERS, {was})
    stand.rotate(force=True)
    stand.settle()
    assert stand.broken(was=was) == []


def test_a_credential_that_never_got_a_key_has_kept_nothing_anywhere(stand_at: MakeStand) -> None:
    """Its first issue came to nothing, and its place has been taken by something else since."""
    stand = stand_at("galileo")
    stand.witness = stops_at("before store")
    with pytest.raises(StopError):
        stand.issue()
    stand.witness = lambda label: None
    assert stand.abandon().state is State.ENDED
    (stand.folder / "key").write_text(OTHERS)
    for force in (False, True):
        with pytest.raises(SinkNotReadyError, match="holds a value already"):
            stand.rotate(force=force)
    assert (stand.folder / "key").read_text() == OTHERS


def test_a_sink_whose_value_is_gone_gets_the_next_one(stand_at: MakeStand) -> None:
    """Nothing there can be lost."""
    stand = stand_at("galileo")
    was = stand.issued()
    (stand.folder / "key").unlink()
    assert stand.rotate().state is State.DONE
    assert stand.broken(was=was) == []


def test_a_key_of_one_credential_is_not_adopted_by_another(stand_at: MakeStand) -> None:
    """Rotated under one name, it would be dead under the other."""
    stand = stand_at("galileo")
    current = stand.issued()
    (stand.folder / "copy").write_text((stand.folder / "key").read_text())
    source = f"file:{stand.folder}/copy"
    with stand.rotator() as rotator, pytest.raises(UsageError, match=f"is the key of '{NAME}'"):
        rotator.adopt("second", "galileo", current, source=source)
    stand.rotate(grace=timedelta(hours=1))
    with stand.rotator() as rotator, pytest.raises(UsageError, match=f"is in work for a rotation of '{NAME}'"):
        rotator.adopt("second", "galileo", current, source=source)


def test_a_key_with_a_project_is_followed_by_one_with_the_same(stand_at: MakeStand) -> None:
    """What the list tells of a key that is adopted, the next one has."""
    stand = stand_at("galileo")
    project = "0f8fad5b-d9cb-469f-a165-70867728950e"
    made, source = by_hand(stand, GalileoKeyRequest(name=STEM, project_id=project, project_role="viewer"))
    with stand.rotator() as rotator:
        rotator.adopt(NAME, "galileo", made.id, source=source)
        rotator.rotate(NAME, grace=NONE)
        current = rotator.credential(NAME).key_id
    with stand.connecting("galileo") as connection:
        key = connection.key(current or "")
    assert (key.role, key.fields["project_id"]) == ("viewer", project)


@pytest.mark.parametrize("checkpoint", ["before create", "before write created", "before store"])
def test_another_users_credential_goes_on_with_nothing(stand_at: MakeStand, checkpoint: str) -> None:
    """The other's list shows no key of this one; what it does not show is not gone."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.witness = stops_at(checkpoint)
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = lambda label: None
    before = stand.operation().state
    stand.accounts = {"galileo": another_users(stand)}
    resumed = stand.resume()
    assert (resumed.operation.state, type(resumed.error)) == (before, UsageError)
    assert "the acting credential" in str(resumed.error)
    with pytest.raises(UsageError, match="the acting credential"):
        stand.abandon()
    stand.accounts = None
    stand.settle()
    assert stand.broken(was=was) == []


def test_another_users_credential_rotates_nothing(stand_at: MakeStand) -> None:
    """It is told before anything is written."""
    stand = stand_at("galileo")
    stand.issued()
    stand.accounts = {"galileo": another_users(stand)}
    with pytest.raises(UsageError, match=f"{NAME} belongs to"):
        stand.rotate()
    assert stand.open() == ()


def another_users(stand: Stand) -> GalileoAccount:
    """Return the account of another user."""
    simulator = stand.vendor.simulator
    assert isinstance(simulator, GalileoSimulator)
    user = simulator.add_user(email="another@mock.invalid")
    return GalileoAccount(api_key=simulator.add_key(user_id=user.id, description="theirs")[1])


@pytest.mark.parametrize(
    ("sinks", "id_sinks"),
    [
        pytest.param("file:one", (), id="a-text"),
        pytest.param([Path("one")], (), id="a-path"),
        pytest.param(["file:one"], "file:id", id="a-text-for-ids"),
    ],
)
def test_what_is_no_list_of_texts_names_no_sinks(stand_at: MakeStand, sinks: object, id_sinks: object) -> None:
    """It is told what to give."""
    stand = stand_at("galileo")
    with stand.rotator() as rotator, pytest.raises(InvalidRequestError, match="no list of texts"):
        rotator.issue(NAME, "galileo", KeyRequest(name="ci"), sinks=sinks, id_sinks=id_sinks)  # type: ignore[arg-type] # that is tried
    assert os.listdir(stand.folder) == ["state"]
