"""What a person on a terminal sees of rotation: tables, that there is nothing, and how far it has come."""

from __future__ import annotations

import os
import pty
import sys
import threading
from collections.abc import Callable

import pytest
from issuant.cli import waiting
from issuant.cli.root import run
from issuant.mocks import Fault

from tests.cli.conftest import Issuant, Vendors
from tests.cli.rotations import issue_nightly

Here = Callable[..., str]


@pytest.fixture
def on_terminal_here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """Return a function that runs the command in this process, on a terminal, and returns what is shown there.

    Starting a process takes longer than all that is asked of it; `test_rotation_strays` does it on a real one.
    """

    def call(*line: str) -> str:
        ours, theirs = pty.openpty()
        shown: list[bytes] = []
        reader = threading.Thread(target=_read, args=(ours, shown))
        reader.start()
        with open(theirs, "w", encoding="utf-8") as terminal, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", terminal)
            patch.setattr(sys, "stderr", terminal)
            run(list(line))
        reader.join(10)
        os.close(ours)
        return b"".join(shown).decode()

    return call


def _read(ours: int, shown: list[bytes]) -> None:
    try:
        while piece := os.read(ours, 4096):
            shown.append(piece)
    except OSError:  # the other end is closed
        return


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param(["journal"], ["CREDENTIAL", "AGE", "nightly", "lives on until "], id="journal"),
        pytest.param(["journal", "--all"], ["PROVIDER", "galileo", "never", "grace", ".env#KEY"], id="all"),
        pytest.param(["journal", "nightly"], ["entered_at", "OPERATION", "attempt 1, named eval-x"], id="story"),
        pytest.param(["resume"], ["STATE", "grace"], id="resume"),
        pytest.param(["strays", "galileo"], ["STANDING", "in_work", "current"], id="strays"),
        pytest.param(["due", "--within", "0d"], ["nothing is due"], id="due"),
    ],
)
def test_a_terminal_shows_a_table(
    line: list[str], shown: list[str], issuant: Issuant, vendors: Vendors, on_terminal_here: Here
) -> None:
    """With a heading; what there is to read in it is not cut."""
    issue_nightly(issuant)
    assert issuant("rotate", "nightly").code == 3
    told_there = on_terminal_here(*line)
    for text in shown:
        assert text in told_there, told_there


def test_a_terminal_is_told_that_there_is_nothing(vendors: Vendors, on_terminal_here: Here) -> None:
    """An empty screen would be no answer."""
    for line, said in [
        (["journal"], "the journal has no open operations"),
        (["journal", "--all"], "the journal has no credentials"),
        (["resume"], "nothing is open"),
        (["strays", "galileo"], "galileo has no keys"),
    ]:
        assert said in on_terminal_here(*line)


def test_progress_is_told_on_a_terminal_alone(
    issuant: Issuant, vendors: Vendors, on_terminal_here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step that is being taken; a timer's mail has nothing of it."""
    monkeypatch.setattr(waiting, "PATIENCE", 0)
    monkeypatch.setattr(waiting, "_PERIOD", 0.01)
    issue_nightly(issuant)
    vendors.galileo.faults.add(Fault.delay(0.3), times=2, on="POST /v2/users/api_keys")
    assert issuant("rotate", "nightly", "--force").err == ""
    assert "… create" in on_terminal_here("rotate", "nightly", "--force")
