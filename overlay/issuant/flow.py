"""An operation written once and run sync or async. Owns the steps an operation asks for, and the two drivers.

An operation is a generator: it yields a Call (a request to be sent) or Work (something slow, such as making an
RSA key or syncing a file, that must not block an event loop), gets the result back, and returns a value.
The drivers are the only twins; what either does with a step, `issuant.transport` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from issuant.errors import IssuantError

if TYPE_CHECKING:
    from issuant.replies import Reply
    from issuant.secret import Secret

T = TypeVar("T")


class Call:
    """A request to be sent once.

    `arguments` are those of `httpx.Client.request`, as a generated client made them; they are never shown.
    `secrets` are the values in them, so that a reply that repeats one can be recognised.
    """

    __slots__ = ("arguments", "operation", "secrets")

    def __init__(self, *, operation: str, arguments: Mapping[str, Any], secrets: tuple[Secret, ...] = ()) -> None:
        self.operation = operation
        self.arguments = arguments
        self.secrets = secrets

    def __repr__(self) -> str:
        return f"Call({self.operation!r})"


class Work:
    """Something slow to be done outside the event loop. It may raise IssuantError and nothing else."""

    __slots__ = ("run",)

    def __init__(self, run: Callable[[], object]) -> None:
        self.run = run


Step = Call | Work
Flow = Generator[Step, Any, T]


def exchange(call: Call) -> Flow[Reply]:
    """Send `call` and return the reply. Raises NotSentError, OutcomeUnknownError."""
    reply: Reply = yield call
    return reply


def offload(run: Callable[[], T]) -> Flow[T]:
    """Do `run` where it blocks nobody, and return what it returns."""
    result: T = yield Work(run)
    return result


class Sender(Protocol):
    """What carries out steps for the sync driver."""

    def perform(self, step: Step) -> object:
        """Carry out one step. Raises IssuantError, or what interrupts it."""

    def interrupted(self, step: Step) -> IssuantError:
        """Return the error for a step that was interrupted."""


class AsyncSender(Protocol):
    """What carries out steps for the async driver."""

    async def perform(self, step: Step) -> object:
        """Carry out one step. Raises IssuantError, or what interrupts it."""

    def interrupted(self, step: Step) -> IssuantError:
        """Return the error for a step that was interrupted."""


def tell(flow: Flow[T], error: IssuantError, stop: BaseException) -> None:
    """Hang on the interruption `stop`, as its `outcome`, what the flow makes of `error`.

    A KeyboardInterrupt or a cancellation goes on as itself, and yet what was made (a private key, say) must not be
    lost with it: the flow is told that the step has no result, and what it answers is kept.
    """
    try:
        flow.throw(error)
    except IssuantError as told:
        told.__context__ = None
        stop.__dict__["outcome"] = told
        stop.add_note(str(told))


def run(flow: Flow[T], sender: Sender) -> T:
    """Drive `flow` to its end. An IssuantError of a step is raised inside the flow, at its yield."""
    result: object = None
    error: IssuantError | None = None
    while True:
        try:
            step = flow.send(result) if error is None else flow.throw(error)
        except StopIteration as stop:
            value: T = stop.value
            return value
        result, error = None, None
        try:
            result = sender.perform(step)
        except IssuantError as caught:
            error = caught
        except BaseException as stop:
            tell(flow, sender.interrupted(step), stop)
            raise


async def run_async(flow: Flow[T], sender: AsyncSender) -> T:
    """Drive `flow` to its end, awaiting each step. The twin of `run`."""
    result: object = None
    error: IssuantError | None = None
    while True:
        try:
            step = flow.send(result) if error is None else flow.throw(error)
        except StopIteration as stop:
            value: T = stop.value
            return value
        result, error = None, None
        try:
            result = await sender.perform(step)
        except IssuantError as caught:
            error = caught
        except BaseException as stop:
            tell(flow, sender.interrupted(step), stop)
            raise
