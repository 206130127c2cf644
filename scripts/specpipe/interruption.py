"""What becomes of a signal that would end the process at once: it ends it like Ctrl-C, so that what was begun is put
away first, and waits where it must not come between. Owns which signals are meant; refuses nothing.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_DEADLY = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


@contextmanager
def unwinding() -> Iterator[None]:
    """For the time of the block, end by SystemExit where a signal would end the process without a word.

    A signal that the parent lets be ignored stays ignored; outside of the main thread nothing changes.
    """

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    is_main = threading.current_thread() is threading.main_thread()
    deadly = [number for number in _DEADLY if is_main and signal.getsignal(number) is signal.SIG_DFL]
    try:
        for number in deadly:
            signal.signal(number, end)
        yield
    finally:
        for number in deadly:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def postponed() -> Iterator[None]:
    """Let signals wait until the block has ended, Ctrl-C too. Outside of the main thread there are none to wait."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_DEADLY)}
    # Blocking them would not do: another thread could take them, and Python acts on them in this one.
    heard = {number: handler for number, handler in before.items() if handler not in (None, signal.SIG_IGN)}
    try:
        for number in heard:
            signal.signal(number, lambda number, frame: waiting.append(number))
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
        if waiting:
            signal.raise_signal(waiting[0])
