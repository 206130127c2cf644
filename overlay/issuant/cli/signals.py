"""What becomes of a signal that would end the command at once, Ctrl-C's too: it interrupts, so that a value which came
is kept first; and what is done and told is not undone by one that comes while the process ends. Owns which signals are
meant; refuses nothing.

Facts
- A terminal that closes sends SIGHUP twice, its shell being one of the senders; a supervisor may send SIGHUP behind
  SIGTERM, and a wrapper hands Ctrl-C on to a command that has had it already. What comes within a second of a signal is
  the same wish, and must not come between what that one began.
- Between the last line that is printed and the end of the process, the interpreter takes some 80 ms to put away what it
  has loaded.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from issuant.errors import IssuantError

_DEADLY = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}
"""What ends the command, as Python leaves it where the parent does not have it ignored."""
_SAME_WISH = 1.0  # seconds

_heard: list[signal.Signals] = []  # while the command runs; empty in a program that has signals of its own


class Terminated(KeyboardInterrupt):
    """A signal has asked for an end. `number` is its number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def unwinding() -> Iterator[None]:
    """For the time of the block, raise Terminated where a signal would end the process.

    Behind the block the process is about to end, and hears none of them. A signal that the parent lets be ignored, as
    nohup does, stays ignored. A thread other than the main one hears no signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = -_SAME_WISH

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal heard
        now = time.monotonic()
        if now - heard > _SAME_WISH:
            heard = now
            raise Terminated(number)

    _heard.extend(number for number, usual in _DEADLY.items() if signal.getsignal(number) is usual)
    for number in _heard:
        signal.signal(number, end)
    try:
        yield
    finally:
        hear_no_more()


def hear_no_more() -> None:
    """Ignore, to the end of the process, what has ended the command so far: what it was to do is done and told."""
    while _heard:
        signal.signal(_heard.pop(), signal.SIG_IGN)


def told_by(stop: BaseException) -> IssuantError | None:
    """Return what an interruption carries of what was done; a second one has the first behind it."""
    found: BaseException | None = stop
    while found is not None:
        outcome = vars(found).get("outcome")
        if isinstance(outcome, IssuantError):
            return outcome
        found = found.__context__
    return None


def code_of(stop: BaseException | None) -> int:
    """Return the exit code for what interrupted the command: 128 and the signal's number, SIGINT's for Ctrl-C."""
    return 128 + (stop.number if isinstance(stop, Terminated) else signal.SIGINT)
