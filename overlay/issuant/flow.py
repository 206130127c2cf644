"""An operation written once and run sync or async. Owns the steps an operation asks for, and the two drivers.

An operation is a generator: it yields a Call (a request to be sent) or Work (something slow, such as making an
RSA key or syncing a file, that must not block an event loop), gets the result back, and returns a value.
A listing is a generator as well, which gives a Page now and then and goes on when the next one is wanted.
The drivers are the only twins; what either does with a step, `issuant.transport` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from issuant.errors import IssuantError
from issuant.interruption import Deed, tell
from issuant.inventory import Page
from issuant.replies import Explain, Reply, refusal, unclear

if TYPE_CHECKING:
    from issuant.body import Body
    from issuant.clock import Clock
    from issuant.keys import VendorFields
    from issuant.salvage import Field
    from issuant.secret import Secret

T = TypeVar("T")

_OK = 200
_NO_CONTENT = 204
_NOT_FOUND = 404

_GONE_OR_NEVER = (
    "An attempt before may have removed it: if it was there, it is gone now. Look at the list, and check the id."
)


class Call:
    """A request to be sent.

    `arguments` are those of `httpx.Client.build_request`, as a generated client made them; they are never shown.
    `secrets` are the values in them, so that a reply that repeats one can be recognised.
    What only `reads` changes nothing. What `repeats` has the same effect sent twice as sent once, because it reads or
    removes by an id. What is `keyed` carries an idempotency key: it is sent again where a reply is lost, and not after
    a failure of the provider (5xx), which may have used the key up. All else is sent once, unless it is known to have
    had no effect.
    `id_field` and `value_field` are where its reply tells the id and the value of what it creates; a field that stands
    deeper is given by all the names that lead to it. `held` is what an error of it has to carry, by the names of its
    attributes: what is left where an interruption ends the flow.
    Who carries it out keeps `may_have_acted`, whether it may have reached the provider by now, and `arrived`, the
    reply as far as it has come.
    """

    __slots__ = (
        "arguments",
        "arrived",
        "held",
        "id_field",
        "keyed",
        "may_have_acted",
        "operation",
        "reads",
        "repeats",
        "secrets",
        "value_field",
    )

    def __init__(
        self,
        *,
        operation: str,
        arguments: Mapping[str, Any],
        secrets: tuple[Secret, ...] = (),
        reads: bool = False,
        repeats: bool = False,
        keyed: bool = False,
        id_field: Field | None = None,
        value_field: Field | None = None,
        held: Mapping[str, object] | None = None,
    ) -> None:
        self.operation = operation
        self.arguments = arguments
        self.secrets = secrets
        self.reads = reads
        self.repeats = reads or repeats
        self.keyed = keyed
        self.id_field = id_field
        self.value_field = value_field
        self.held = held or {}
        self.may_have_acted = False
        self.arrived: Body | None = None

    def __repr__(self) -> str:
        return f"Call({self.operation!r})"

    @property
    def acts(self) -> bool:
        """Whether it changes something at the provider."""
        return not self.reads


class Work:
    """Something slow to be done outside the event loop. It may raise IssuantError and nothing else."""

    __slots__ = ("run",)

    acts = False  # nothing at the provider

    def __init__(self, run: Callable[[], object]) -> None:
        self.run = run


Step = Call | Work
Flow = Generator[Step, Any, T]
Stream = Generator[Step | Page[T], Any, None]
"""A listing: steps, and between them pages of what is listed."""


def exchange(call: Call) -> Flow[Reply]:
    """Send `call` and return the reply. Raises NotSentError, UnansweredError, OutcomeUnknownError."""
    reply: Reply = yield call
    return reply


def answered(call: Call, now: Clock, explain: Explain) -> Flow[Reply]:
    """Send `call` and return its reply of the 2xx kind.

    Raises what `exchange` raises, and the refusal, whose words `explain` reads.
    """
    reply = yield from exchange(call)
    if not reply.succeeded:
        raise refusal(reply, now(), explain)
    return reply


def removed(
    call: Call, now: Clock, explain: Explain, *, confirms: Callable[[VendorFields], bool] = lambda fields: True
) -> Flow[Reply]:
    """Send `call`, which removes something, and return its reply: 204, or 200 with an object that `confirms` it.

    Raises what `answered` raises, and UnusableReplyError for a reply that is none of the vendor's, such as the page of
    a proxy: nothing may be gone. A 404 after an attempt that had no reply is a NotFoundError whose effect is UNKNOWN:
    that attempt may have removed it, or it was never there.
    """
    reply = yield from exchange(call)
    if not reply.succeeded:
        error = refusal(reply, now(), explain)
        if reply.status == _NOT_FOUND and reply.is_doubtful and reply.fields() is not None:
            error.advice = _GONE_OR_NEVER
        raise error
    fields = reply.fields()
    confirmed = reply.status == _OK and fields is not None and confirms(fields)
    if not confirmed and reply.status != _NO_CONTENT:
        raise unclear(reply)
    return reply


def offload(run: Callable[[], T]) -> Flow[T]:
    """Do `run` where it blocks nobody, and return what it returns."""
    result: T = yield Work(run)
    return result


def collect(stream: Stream[T], take: Callable[[Page[T]], bool]) -> Flow[None]:
    """Go through a listing inside an operation, page by page, until `take` says that it is enough."""
    result: Any = None
    error: IssuantError | None = None
    while True:
        try:
            step = stream.send(result) if error is None else stream.throw(error)
        except StopIteration:
            return
        result, error = None, None
        if isinstance(step, Page):
            if take(step):
                stream.close()
                return
            continue
        try:
            result = yield step
        except IssuantError as caught:
            error = caught


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


class Done(Generic[T]):
    """What an operation returned."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value


def advance(flow: Generator[Step | Page[Any], Any, T], sender: Sender) -> Page[Any] | Done[T]:
    """Drive `flow` to its next page, or to its end. An IssuantError of a step is raised in the flow, at its yield."""
    result: object = None
    error: IssuantError | None = None
    deed: Deed[Step] = Deed()
    try:
        while True:
            try:
                step = flow.send(result) if error is None else flow.throw(error)
            except StopIteration as end:
                return Done(end.value)
            if isinstance(step, Page):
                return step
            deed.note(step)
            result, error = None, None
            try:
                result = sender.perform(step)
            except IssuantError as caught:
                error = caught
            except BaseException as stop:
                tell(flow, sender.interrupted(step), stop)
                raise
    except BaseException as stop:
        deed.tell(sender.interrupted, stop)
        raise


async def advance_async(flow: Generator[Step | Page[Any], Any, T], sender: AsyncSender) -> Page[Any] | Done[T]:
    """Drive `flow` to its next page, or to its end, awaiting each step. The twin of `advance`."""
    result: object = None
    error: IssuantError | None = None
    deed: Deed[Step] = Deed()
    try:
        while True:
            try:
                step = flow.send(result) if error is None else flow.throw(error)
            except StopIteration as end:
                return Done(end.value)
            if isinstance(step, Page):
                return step
            deed.note(step)
            result, error = None, None
            try:
                result = await sender.perform(step)
            except IssuantError as caught:
                error = caught
            except BaseException as stop:
                tell(flow, sender.interrupted(step), stop)
                raise
    except BaseException as stop:
        deed.tell(sender.interrupted, stop)
        raise


def run(flow: Flow[T], sender: Sender) -> T:
    """Drive an operation to its end, and return what it returns."""
    return _value(advance(flow, sender))


async def run_async(flow: Flow[T], sender: AsyncSender) -> T:
    """Drive an operation to its end, awaiting each step. The twin of `run`."""
    return _value(await advance_async(flow, sender))


def _value(found: Page[Any] | Done[T]) -> T:
    if isinstance(found, Page):
        raise TypeError("an operation gives no pages; a listing does")
    return found.value
