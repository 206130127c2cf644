"""The faults that wait for a request. Owns which request meets which, and how often; what each does is `faulting`'s.

    status:503                                   the next request
    status:503*3                                 the next three
    status:503*3@POST /v1/accounts/*/users/*     the next three of an operation

An operation is a method and a path, or a path alone; the base path of the vendor may be left out of it. In a path,
`{name}` is one segment and `*` any text. What could be no operation of the vendor is refused: it would wait for ever.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .faults import Fault
from .messages import Request

_WILD = re.compile(r"(\{[^{}/]*\}|\*)")


def of_operation(text: str) -> Callable[[Request], bool]:
    """Return what tells the requests of an operation, such as `POST /v1/*`. Raises ValueError for what is none."""
    words = text.split()
    if not 1 <= len(words) <= 2 or not words[-1].startswith(("/", "*")):
        raise ValueError(f"{text!r} is no operation; write METHOD /path or /path")
    pattern = re.compile("".join(_part(part) for part in _WILD.split(words[-1])))
    method = words[0].upper() if len(words) == 2 else None
    return lambda request: method in (None, request.method) and pattern.fullmatch(request.path) is not None


def _may_be(text: str, known: str) -> bool:
    """Tell whether an operation may be one that is known: a segment of either may be a name for what the other says."""
    words = text.split()
    method, path = known.split()
    if len(words) == 2 and words[0].upper() != method:
        return False
    segments = (rf"(?:{''.join(map(_part, _WILD.split(one)))}|\{{[^/]*\}})" for one in words[-1].split("/"))
    return re.fullmatch("/".join(segments), path) is not None


def _part(text: str) -> str:
    return ".*" if text == "*" else "[^/]+" if text.startswith("{") else re.escape(text)


@dataclass(kw_only=True)
class _Waiting:
    fault: Fault
    times: int
    when: Callable[[Request], bool]


class Faults:
    """The faults that wait for a request. Each request meets the first that applies to it, and that one alone."""

    def __init__(self, operations: Sequence[str] = (), *, base_path: str = "") -> None:
        """Start with none.

        `operations` are those of the vendor, such as `GET /v1/users/{id}`; none: any may be. `base_path` begins them,
        and may be left out where one is named.
        """
        self._operations = operations
        self._base_path = base_path
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def add(
        self, fault: Fault, times: int = 1, when: Callable[[Request], bool] = lambda _: True, on: str | None = None
    ) -> None:
        """Let the next `times` requests for which `when` is true meet `fault`.

        `on` names the operation that is meant, such as `POST /v1/accounts/*`, in the place of `when`.
        Raises ValueError for less than one time, and for what is no operation, or none of the vendor.
        """
        if times < 1:
            raise ValueError(f"a fault happens at least once, not {times} times")
        applies = when if on is None else of_operation(self._known(on))
        with self._lock:
            self._waiting.append(_Waiting(fault=fault, times=times, when=applies))

    def _known(self, text: str) -> str:
        """Return an operation with its whole path. Raises ValueError for one that is none of the vendor."""
        of_operation(text)
        *method, path = text.split()
        for whole in (path, self._base_path + path):
            operation = " ".join([*method, whole])
            if not self._operations or any(_may_be(operation, known) for known in self._operations):
                return operation
        raise ValueError(f"{text!r} is no operation that is answered; there are {', '.join(self._operations)}")

    def plan(self, text: str) -> None:
        """Add what a `text` says: FAULT, FAULT*TIMES, FAULT@OPERATION. Raises ValueError for others."""
        what, at, operation = text.partition("@")
        fault, star, times = what.partition("*")
        if star and not (times.isascii() and times.isdigit() and len(times) <= 9):
            raise ValueError(f"{text!r} is no fault: {times!r} is no number of times")
        self.add(Fault.parse(fault), times=int(times) if star else 1, on=operation if at else None)

    def clear(self) -> None:
        """Forget all that wait."""
        with self._lock:
            self._waiting.clear()

    def __len__(self) -> int:
        """Return how many more requests would meet a fault."""
        with self._lock:
            return sum(entry.times for entry in self._waiting)

    def take(self, request: Request) -> Fault | None:
        """Return the fault that `request` meets, and count it as met."""
        with self._lock:
            for entry in self._waiting:
                if entry.when(request):
                    entry.times -= 1
                    if not entry.times:
                        self._waiting.remove(entry)
                    return entry.fault
        return None
