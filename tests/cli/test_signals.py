"""What the command does about signals, by itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest
from issuant.cli import signals
from issuant.cli.signals import Terminated, code_of, hear_no_more, told_by, unwinding
from issuant.errors import IssuantError


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    """Let signals have their default effect, and put back what the test runner wants of them."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def receive_two(done: list[str], second: signal.Signals = signal.SIGHUP) -> None:
    """Receive a signal, and another one while that is seen to."""
    try:
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.raise_signal(second)
        done.append("kept")


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["term", "hup", "int"],
)
def test_a_signal_interrupts_as_ctrl_c_does(number: signal.Signals, code: int) -> None:
    """The exit code is that of a program which the signal ends."""
    with pytest.raises(KeyboardInterrupt) as stop, unwinding():
        signal.raise_signal(number)
    assert code_of(stop.value) == code
    assert code_of(KeyboardInterrupt()) == 130


@pytest.mark.parametrize("second", [signal.SIGHUP, signal.SIGINT], ids=["hup", "int"])
def test_a_second_signal_right_behind_the_first_does_not_come_between(second: signal.Signals) -> None:
    """A terminal that closes sends two, as a wrapper does with Ctrl-C: what the first has begun goes on to its end."""
    done: list[str] = []
    with pytest.raises(Terminated) as stop, unwinding():
        receive_two(done, second)
    assert (stop.value.number, done) == (signal.SIGTERM, ["kept"])


def test_a_later_signal_interrupts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a second Ctrl-C does: whoever hangs can be ended."""
    monkeypatch.setattr(signals, "_SAME_WISH", 0.0)
    done: list[str] = []
    with pytest.raises(Terminated) as stop, unwinding():
        receive_two(done)
    assert (stop.value.number, done) == (signal.SIGHUP, [])


def test_an_ignored_signal_stays_ignored() -> None:
    """As the parent wants it."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with unwinding():
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["ctrl-c", "term", "hup"])
def test_no_signal_is_heard_when_all_is_done_and_told(number: signal.Signals) -> None:
    """Neither in what is left of the block nor behind it: the process is about to end."""
    with unwinding():
        hear_no_more()
        signal.raise_signal(number)
    signal.raise_signal(number)


def test_a_program_with_signals_of_its_own_keeps_them() -> None:
    """What is told there has no say in them."""
    hear_no_more()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_second_interruption_has_what_the_first_tells() -> None:
    """What was done is known to the first one alone."""
    first, second = KeyboardInterrupt(), KeyboardInterrupt()
    told = IssuantError("it is done.")
    first.__dict__["outcome"] = told
    second.__context__ = first
    assert told_by(second) is told_by(first) is told
    assert told_by(KeyboardInterrupt()) is None


def test_a_thread_hears_no_signals() -> None:
    """A program may call the command in one."""
    done: list[str] = []

    def work() -> None:
        with unwinding():
            done.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(5)
    assert done == ["done"]
