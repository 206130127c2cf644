"""Simulators of the vendors, to work and test against without an account. Owns the list of them; refuses unknown names.

A simulator is stateful and behaves as the vendor does, as far as that is known. It is written from the vendors'
documentation alone and shares no code with the clients that are tried on it.

    simulator = issuant.mocks.simulator("fireworks")
    with httpx.Client(transport=simulator.transport(), base_url="https://mock.invalid") as client: ...
    with issuant.mocks.loopback.serve(simulator) as server: print(server.base_url)
    with issuant.mocks.keep("mock.state", simulator): ...  # it goes on where it was left
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from random import Random

from .base import Simulator
from .clock import Clock, MovableClock, system_clock
from .faults import Fault
from .messages import Headers, Reply, Request
from .state import keep
from .statefile import StateError

__all__ = [
    "Fault",
    "Headers",
    "MovableClock",
    "Reply",
    "Request",
    "Simulator",
    "StateError",
    "keep",
    "names",
    "simulator",
]


def _simulators() -> dict[str, type[Simulator]]:
    """Find the simulators by looking at the modules of this package: a new vendor is a new module and nothing else."""
    found: dict[str, type[Simulator]] = {}
    for module in pkgutil.iter_modules(__path__):
        members = vars(importlib.import_module(f"{__name__}.{module.name}"))
        for kind in members.values():
            if isinstance(kind, type) and issubclass(kind, Simulator) and not inspect.isabstract(kind):
                found[kind.name] = kind
    return found


def names() -> tuple[str, ...]:
    """Return the names of the providers that can be simulated, in order."""
    return tuple(sorted(_simulators()))


def simulator(name: str, *, clock: Clock = system_clock, random: Random | None = None) -> Simulator:
    """Return a fresh simulator of the provider `name`.

    `clock` tells it the time, `random` draws its ids.
    Raises ValueError for an unknown name and ImportError, naming the extra to install, for a missing library.
    """
    kinds = _simulators()
    if name not in kinds:
        raise ValueError(f"no simulator of {name!r}; there are {', '.join(sorted(kinds))}")
    return kinds[name](clock=clock, random=random)
