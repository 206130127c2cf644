"""What it takes to look after a credential, step by step, and the two drivers, sync and async.

An operation is a generator, as in `issuant.flow`: it asks the provider, does something here (the journal, a sink), or
waits. Whoever drives it is told of each step before and after it by its label: for progress, and to stop there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeAlias, TypeVar

from issuant.errors import IssuantError
from issuant.flow import Flow, Work, run, run_async

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.async_connection import AsyncConnection
    from issuant.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")

Acting: TypeAlias = "Connection | AsyncConnection"
"""The connection that carries out a step."""

Witness = Callable[[str], None]
"""Is told of each step: its label, with `before` or `after` in front."""


class Ask(Generic[T]):
    """A question to the provider, or a change there. `flow` makes it from the connection that carries it out.

    It goes out as the acting credential, or as `account`, which is the one that takes over.
    """

    __slots__ = ("account", "flow", "label")

    def __init__(self, label: str, flow: Callable[[Acting], Flow[T]], *, account: Account | None = None) -> None:
        self.label = label
        self.flow = flow
        self.account = account


class Local:
    """Something done on this machine, off the event loop. It may raise IssuantError and nothing else."""

    __slots__ = ("label", "run")

    def __init__(self, label: str, run: Callable[[], object]) -> None:
        self.label = label
        self.run = run


class Pause:
    """A wait, in seconds."""

    __slots__ = ("label", "seconds")

    def __init__(self, label: str, seconds: float) -> None:
        self.label = label
        self.seconds = seconds


Step = Ask[Any] | Local | Pause
Course = Generator[Step, Any, T]
"""Steps, and what comes of them."""


def ask(label: str, flow: Callable[[Acting], Flow[T]], *, account: Account | None = None) -> Course[T]:
    """Ask the provider, and return its answer."""
    answer: T = yield Ask(label, flow, account=account)
    return answer


def local(label: str, run: Callable[P, T], *given: P.args, **named: P.kwargs) -> Course[T]:
    """Do something on this machine, and return what comes of it."""
    result: T = yield Local(label, partial(run, *given, **named))
    return result


def pause(label: str, seconds: float) -> Course[None]:
    """Wait."""
    yield Pause(label, seconds)


class Desk:
    """Where the steps of one credential are carried out: the acting connection, and how others are opened."""

    def __init__(self, own: Connection, open_as: Callable[[Account], Connection], witness: Witness) -> None:
        self._own = own
        self._open_as = open_as
        self._witness = witness

    def carry_out(self, step: Step) -> object:
        """Carry out one step. Raises IssuantError."""
        self._witness(f"before {step.label}")
        result = self._carried_out(step)
        self._witness(f"after {step.label}")
        return result

    def _carried_out(self, step: Step) -> object:
        if isinstance(step, Pause):
            time.sleep(step.seconds)
            return None
        if isinstance(step, Local):
            return self._own._transport.perform(Work(step.run))
        if step.account is None:
            return run(step.flow(self._own), self._own._transport)
        with self._open_as(step.account) as other:
            return run(step.flow(other), other._transport)


class AsyncDesk:
    """Where the steps of one credential are carried out with asyncio. The twin of Desk."""

    def __init__(self, own: AsyncConnection, open_as: Callable[[Account], AsyncConnection], witness: Witness) -> None:
        self._own = own
        self._open_as = open_as
        self._witness = witness

    async def carry_out(self, step: Step) -> object:
        """Carry out one step. Raises IssuantError."""
        self._witness(f"before {step.label}")
        result = await self._carried_out(step)
        self._witness(f"after {step.label}")
        return result

    async def _carried_out(self, step: Step) -> object:
        if isinstance(step, Pause):
            import asyncio  # 20 ms that a sync program need not pay

            await asyncio.sleep(step.seconds)
            return None
        if isinstance(step, Local):
            return await self._own._transport.perform(Work(step.run))
        if step.account is None:
            return await run_async(step.flow(self._own), self._own._transport)
        async with self._open_as(step.account) as other:
            return await run_async(step.flow(other), other._transport)


def drive(course: Course[T], desk: Desk) -> T:
    """Go a course to its end, and return what comes of it."""
    result: object = None
    error: IssuantError | None = None
    while True:
        try:
            step = course.send(result) if error is None else course.throw(error)
        except StopIteration as end:
            found: T = end.value
            return found
        result, error = None, None
        try:
            result = desk.carry_out(step)
        except IssuantError as caught:
            error = caught


async def drive_async(course: Course[T], desk: AsyncDesk) -> T:
    """Go a course to its end, awaiting each step. The twin of `drive`."""
    result: object = None
    error: IssuantError | None = None
    while True:
        try:
            step = course.send(result) if error is None else course.throw(error)
        except StopIteration as end:
            found: T = end.value
            return found
        result, error = None, None
        try:
            result = await desk.carry_out(step)
        except IssuantError as caught:
            error = caught
