"""What becomes of a signal that would end the process at once: it ends it like Ctrl-C, so that what was begun is put
away first. Owns which signals are meant; refuses nothing.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_DEADLY = (signal.SIGTERM, signal.SIGHUP)


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
