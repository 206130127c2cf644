"""Another sink takes the place of one that is gone for good, while the value is in the journal; and by the command."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from issuant.cli.root import run
from issuant.errors import (
    SinkNotReadyError,
    UsageError,
)
from issuant.mocks import Fault, Request, loopback
from issuant.mocks.faultlist import of_operation
from issuant.rotation.rotator import Resumed
from issuant.rotation.states import State

from tests.rotation.scenes import CREATES, NAME
from tests.rotation.stand import NONE, MakeStand, Stand, StopError, full_disk, stops_at

EVERYWHERE = pytest.mark.parametrize("provider", ["galileo", "fireworks", "fireblocks"])
DAY = timedelta(days=1)


def redirect(stand: Stand, *sinks: str) -> Resumed:
    """Let what is open go to these sinks, and carry it on."""
    with stand.rotator() as rotator:
        (resumed,) = rotator.resume(NAME, sinks=sinks, replace=any(sink.startswith("exec:") for sink in sinks))
        return resumed


def break_command(stand: Stand) -> Path:
    """Let the command that is a sink fail from now on, and return its script."""
    script = stand.folder / "take"
    script.write_text("#!/bin/sh\nexit 3\n")
    return script


def told_of(stand: Stand) -> list[str]:
    """Return what has happened to the latest operation, in words, its folder left out."""
    with stand.rotator() as rotator:
        words = [event.words for event in rotator.events(rotator.history(NAME)[-1])]
    return [each.replace(f"{stand.folder}/", "") for each in words]


def opens(stand: Stand, path: Path) -> tuple[str, ...]:
    """Return the keys that the value in a file opens."""
    return stand.vendor.opens(path.read_text())


def test_a_command_that_is_gone_for_good_is_replaced(stand_at: MakeStand) -> None:
    """It may hold the value, so it cannot be given up; another sink takes its place, then and from then on."""
    stand = stand_at("galileo", "exec")
    stand.issued()
    break_command(stand)
    with pytest.raises(SinkNotReadyError, match="with --to"):
        stand.rotate()
    with pytest.raises(UsageError, match="or may hold it"):
        stand.abandon()
    done = redirect(stand, f"file:{stand.folder}/other").operation
    assert (done.state, done.error) == (State.DONE, "")
    current = stand.credential().key_id
    assert opens(stand, stand.folder / "other") == tuple(stand.vendor.ours()) == (current,)
    assert stand.credential().sinks == (f"file:{stand.folder}/other",)
    stand.rotate()
    assert opens(stand, stand.folder / "other") == tuple(stand.vendor.ours()) != (current,)


def test_a_rotation_that_is_partly_delivered_ends_without_the_sink(stand_at: MakeStand) -> None:
    """The sink that stays is not stored into again, and that which is new is staged first."""
    stand = stand_at("galileo", "both")
    was = stand.issued()
    break_command(stand)
    with pytest.raises(SinkNotReadyError):
        stand.rotate()
    assert opens(stand, stand.folder / "key") == (stand.operation().key_id,)
    file = stand.scene.sinks(stand.folder)[0]
    assert redirect(stand, file, f"file:{stand.folder}/other").operation.state is State.DONE
    assert [words for words in told_of(stand) if words.startswith("file:")] == [
        "file:key: staged",
        "file:key: stored",
        "file:other: staged",
        "file:other: stored",
    ]
    current = stand.credential().key_id
    assert opens(stand, stand.folder / "key") == opens(stand, stand.folder / "other") == (current,)
    assert set(stand.vendor.ours()) == {current} != {was}


def test_what_has_no_slot_is_told_as_checked(stand_at: MakeStand) -> None:
    """Nothing was put there by then; beside it, a file's slot was filled."""
    stand = stand_at("galileo", "both")
    stand.issued()
    stand.rotate()
    told = [words.rpartition(": ")[2] for words in told_of(stand) if words.startswith(("file:", "exec:"))]
    assert told == ["staged", "checked", "stored", "stored"]


@EVERYWHERE
def test_another_sink_is_named_before_there_is_a_value(stand_at: MakeStand, provider: str) -> None:
    """It is waited for or looked for as before; where the id goes stays."""
    stand = stand_at(provider)
    was = stand.issued()
    stand.witness = stops_at("after create")
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = lambda label: None
    resumed = redirect(stand, f"file:{stand.folder}/other")
    assert resumed.error is None
    stand.settle()
    current = stand.credential().key_id
    assert set(stand.vendor.ours()) == {current} != {was}
    assert opens(stand, stand.folder / "other") == (current,)
    assert stand.scene.held_id(stand.folder) in (None, current)
    assert (stand.folder / "key").exists()  # what was there stays, and is nobody's care


MOMENTS = (
    *("before write sinks", "after write sinks", "before stage", "after stage", "after write staged", "before store"),
    *("after store", "after write stored", "before unstage dropped", "after unstage dropped", "before write current"),
)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_redirection_may_be_killed_at_any_instant(stand_at: MakeStand, moment: str) -> None:
    """The same again goes on from there; no slot of either sink is left."""
    stand = stand_at("galileo")
    stand.issued()
    stand.witness = stops_at("before store")
    with pytest.raises(StopError):
        stand.rotate()
    assert list(stand.folder.glob(".issuant-*"))
    stand.witness = stops_at(moment)
    with pytest.raises(StopError):
        redirect(stand, f"file:{stand.folder}/other")
    stand.witness = lambda label: None
    assert redirect(stand, f"file:{stand.folder}/other").operation.state is State.DONE
    assert opens(stand, stand.folder / "other") == tuple(stand.vendor.ours()) == (stand.credential().key_id,)
    assert not list(stand.folder.glob(".issuant-*"))


@pytest.mark.parametrize("moment", MOMENTS[1:])
def test_a_redirection_that_was_written_down_needs_not_be_repeated(stand_at: MakeStand, moment: str) -> None:
    """The next run goes on to the sinks that were named."""
    stand = stand_at("galileo")
    stand.issued()
    stand.witness = stops_at("before store")
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = stops_at(moment)
    with pytest.raises(StopError):
        redirect(stand, f"file:{stand.folder}/other")
    stand.witness = lambda label: None
    stand.settle()
    assert stand.operation().state is State.DONE
    assert opens(stand, stand.folder / "other") == tuple(stand.vendor.ours())
    assert not list(stand.folder.glob(".issuant-*"))


def test_a_slot_that_cannot_be_cleared_is_told(stand_at: MakeStand) -> None:
    """It keeps nothing from its end: `note` says it, and so does the story."""
    stand = stand_at("galileo")
    stand.issued()
    stand.witness = stops_at("before store")
    with pytest.raises(StopError):
        stand.rotate(grace=DAY)
    stand.witness = lambda label: None
    (slot,) = stand.folder.glob(".issuant-*")
    slot.unlink()
    slot.mkdir()  # which no call that removes a file can remove
    done = redirect(stand, f"file:{stand.folder}/other").operation
    assert done.state is State.GRACE
    assert "A pending slot that nothing needs any more could not be removed: file:" in done.note
    assert [words for words in told_of(stand) if "could not be removed" in words]


@pytest.mark.parametrize(
    ("sink", "said"),
    [
        pytest.param("file:no/where/key", "cannot be written", id="cannot-be-written"),
        pytest.param("nowhere", "names no sink", id="malformed"),
        pytest.param(None, "in each other's way", id="twice"),
        pytest.param("", "no sink takes the value", id="none"),
    ],
)
def test_sinks_that_cannot_be_had_change_nothing(stand_at: MakeStand, sink: str | None, said: str) -> None:
    """What is open stays as it was, and goes on to its own sinks."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.witness = stops_at("before store")
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = lambda label: None
    before = stand.operation(), stand.credential(), told_of(stand)
    named = [f"file:{stand.folder}/other"] * 2 if sink is None else [sink] * bool(sink)
    assert said in str(redirect(stand, *named).error)
    assert (stand.operation(), stand.credential(), told_of(stand)) == before
    stand.settle()
    assert stand.broken(was=was) == []


def test_once_it_is_current_a_value_goes_nowhere_else(stand_at: MakeStand) -> None:
    """The journal does not hold it any more; the error says what to do instead."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.rotate(grace=DAY)
    before = stand.credential()
    refused = redirect(stand, f"file:{stand.folder}/other").error
    assert isinstance(refused, UsageError)
    assert "the journal does not any more" in refused.reason
    assert "`issuant rotate NAME --to SINK`" in refused.advice
    assert stand.credential() == before
    assert stand.operation().failures == 0
    stand.pass_time(2 * DAY)
    stand.settle()
    assert stand.broken(was=was) == []


def test_sinks_need_something_that_is_open(stand_at: MakeStand) -> None:
    """And the name of whose they are to be."""
    stand = stand_at("galileo")
    stand.issued()
    with stand.rotator() as rotator:
        with pytest.raises(UsageError, match="no credential"):
            rotator.resume(sinks=["file:x"])
        with pytest.raises(UsageError, match="nothing of 'ci' is open"):
            rotator.resume(NAME, sinks=["file:x"])


def test_what_a_dropped_command_may_hold_is_not_given_up(stand_at: MakeStand) -> None:
    """It has taken the new value, and that was not written down; the key that it may use is not removed."""
    stand = stand_at("galileo", "exec")
    stand.issued()
    stand.witness = stops_at("after store")
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = stops_at("after write sinks")
    with pytest.raises(StopError):
        redirect(stand, f"file:{stand.folder}/other")
    stand.witness = lambda label: None
    with pytest.raises(UsageError, match="or may hold it"):
        stand.abandon()
    assert stand.resume().operation.state is State.DONE


def test_a_command_that_was_only_named_does_not_keep_it_from_being_given_up(stand_at: MakeStand) -> None:
    """Nothing was stored anywhere; the new key is removed, and every slot is cleared."""
    stand = stand_at("galileo")
    was = stand.issued()
    stand.witness = stops_at("before store")
    with pytest.raises(StopError):
        stand.rotate()
    stand.witness = stops_at("after write sinks")
    with pytest.raises(StopError):
        redirect(stand, "exec:false")
    stand.witness = lambda label: None
    assert stand.abandon().state is State.ENDED
    assert set(stand.vendor.ours()) == {was}
    assert not list(stand.folder.glob(".issuant-*"))


def test_a_value_goes_elsewhere_with_asyncio_too(stand_at: MakeStand) -> None:
    """The twin does the same."""
    stand = stand_at("galileo", "exec")
    stand.issued()
    break_command(stand)

    async def rotate() -> Resumed:
        async with stand.async_rotator() as rotator:
            with pytest.raises(SinkNotReadyError):
                await rotator.rotate(NAME, grace=NONE)
            with pytest.raises(UsageError, match="no credential"):
                await rotator.resume(sinks=["file:x"])
            (resumed,) = await rotator.resume(NAME, sinks=[f"file:{stand.folder}/other"])
            return resumed

    assert asyncio.run(rotate()).operation.state is State.DONE
    assert opens(stand, stand.folder / "other") == tuple(stand.vendor.ours())


# The same by the command

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def at_command(
    stand_at: MakeStand, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[tuple[Stand, Command]]:
    """A stand at Galileo with a key in a command, and `issuant` there: it returns its code, and what it printed."""
    stand = stand_at("galileo", "exec")
    with loopback.serve(stand.vendor.simulator) as server:
        for name, value in stand.vendor.simulator.env(server.base_url, stand.folder).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ISSUANT_STATE", str(stand.state))
        stand.issued()

        def call(*line: str) -> tuple[int, str, str]:
            capsys.readouterr()
            code = run(list(line))
            told = capsys.readouterr()
            return code, told.out, told.err

        yield stand, call


def test_the_command_names_another_sink(at_command: tuple[Stand, Command]) -> None:
    """One that holds something is written over with --replace alone. What stood behind the dropped one's name is not
    shown, also where its events are told.
    """
    stand, issuant = at_command
    break_command(stand)
    code, _, said = issuant("rotate", NAME, "--force")
    assert (code, "with --to" in said) == (1, True)
    other = stand.folder / "other"
    other.write_text("another's")
    code, told, said = issuant("resume", NAME, "--to", f"file:{other}")
    assert (code, "staged" in told, "--replace" in said) == (1, True, True)
    assert stand.operation().state is State.STAGED
    code, told, said = issuant("resume", NAME, "--to", f"file:{other}", "--replace", "--force", "--json")
    assert (code, json.loads(told)["state"], said) == (0, "done", "")
    assert opens(stand, other) == tuple(stand.vendor.ours())
    _, told, _ = issuant("journal", NAME, "--json")
    story = json.loads(told)
    (dropped, state), (kept, _) = sorted(story["operations"][-1]["sinks"].items())
    assert (dropped.startswith("exec:"), state, kept) == (True, "dropped", f"file:{other}")
    words = [event["words"] for event in story["events"]]
    assert f"{dropped}: checked" in words
    assert f"from now on it goes to file:{other}" in words
    assert str(stand.folder / "taken") not in told


@pytest.mark.parametrize(
    ("rotation", "line", "code", "said"),
    [
        pytest.param([], ["--to", "file:x"], 2, "--to is given without NAME", id="no-name"),
        pytest.param([], [NAME, "--to", "file:x"], 2, "`issuant rotate NAME --to SINK`", id="nothing-open"),
        pytest.param(["--grace", "1h"], [NAME, "--to", "file:x"], 1, "`issuant rotate NAME --to SINK`", id="too-late"),
    ],
)
def test_the_command_refuses_sinks_that_nothing_can_go_to(
    at_command: tuple[Stand, Command], rotation: list[str], line: list[str], code: int, said: str
) -> None:
    """It says what to do instead, and the credential is kept where it was."""
    stand, issuant = at_command
    if rotation:
        issuant("rotate", NAME, *rotation)
    before = stand.credential()
    ended, _, told = issuant("resume", *line)
    assert (ended, said in told) == (code, True), told
    assert stand.credential() == before


def test_the_command_tells_of_a_key_that_cannot_be_written_down(at_command: tuple[Stand, Command]) -> None:
    """The disk is full from the vendor's reply on; whoever reads the error knows that there is a key, and which."""
    stand, issuant = at_command
    was = stand.credential().key_id
    creates = of_operation(CREATES["galileo"])
    with ExitStack() as disk:

        def fill(request: Request) -> bool:
            if creates(request):
                disk.enter_context(full_disk())
            return False

        stand.vendor.simulator.faults.add(Fault.empty(), when=fill)
        code, told, said = issuant("rotate", NAME, "--force", "--json")
    stand.vendor.simulator.faults.clear()
    error = json.loads(said)
    assert (code, told, error["error"], error["effect"]) == (1, "", "JournalError", "created")
    assert {error["id"]} == set(stand.vendor.ours()) - {was}
    assert (error["credential"], error["state"]) == (NAME, "creating")
    code, told, said = issuant("resume", NAME, "--force", "--json")
    assert (code, json.loads(told)["key_id"]) == (0, error["id"]), said
    assert stand.broken(was=was) == []
