"""An operation written once runs the same under the sync and the async driver."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import httpx
import pytest
from issuant.errors import IssuantError, NotSentError, OutcomeUnknownError
from issuant.flow import Call, Flow, Step, Work, exchange, offload, run, run_async
from issuant.inventory import Page
from issuant.secret import Secret
from issuant.settings import Settings
from issuant.transport import AsyncTransport, Transport

from tests.issuant.recording import Recorder

T = TypeVar("T")
VALUE = "fw_TEST_not_a_key"
CALL = Call(
    operation="issue", arguments={"method": "post", "url": "/", "headers": {"X": VALUE}}, secrets=(Secret(VALUE),)
)


class Echo:
    """Answers each effect with the next of `answers`; an error among them is raised."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.effects: list[Step] = []

    def perform(self, effect: Step) -> object:
        self.effects.append(effect)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def interrupted(self, step: Step) -> IssuantError:
        return OutcomeUnknownError(f"it was interrupted at {step!r}.")


class AsyncEcho(Echo):
    async def perform(self, effect: Step) -> object:
        await asyncio.sleep(0)
        return super().perform(effect)


def run_sync(flow: Flow[T], *answers: object) -> tuple[T, list[Step]]:
    echo = Echo(*answers)
    return run(flow, echo), echo.effects


def run_on_a_loop(flow: Flow[T], *answers: object) -> tuple[T, list[Step]]:
    echo = AsyncEcho(*answers)
    return asyncio.run(run_async(flow, echo)), echo.effects


drivers = pytest.mark.parametrize("drive", [run_sync, run_on_a_loop], ids=["sync", "async"])
Drive = Callable[..., tuple[Any, list[Step]]]


def two_calls() -> Flow[list[object]]:
    first = yield from exchange(CALL)
    second = yield from offload(lambda: 2)
    return [first, second]


@drivers
def test_a_flow_gets_each_answer_at_its_yield_and_returns_a_value(drive: Drive) -> None:
    """In order, and every effect is seen once."""
    value, effects = drive(two_calls(), "one", "two")
    assert value == ["one", "two"]
    assert effects[0] is CALL
    assert isinstance(effects[1], Work)
    assert len(effects) == 2


@drivers
def test_a_flow_without_effects_returns_at_once(drive: Drive) -> None:
    """Nothing is performed."""

    def nothing() -> Flow[str]:
        return "done"
        yield

    assert drive(nothing()) == ("done", [])


@drivers
def test_an_error_of_an_effect_is_raised_inside_the_flow(drive: Drive) -> None:
    """The flow may catch it and go on."""

    def forgiving() -> Flow[object]:
        try:
            yield from exchange(CALL)
        except NotSentError as error:
            caught = error.reason
        return caught, (yield from exchange(CALL))

    value, effects = drive(forgiving(), NotSentError("no connection."), "again")
    assert value == ("no connection.", "again")
    assert len(effects) == 2


@drivers
def test_an_error_that_a_flow_does_not_catch_leaves_the_driver(drive: Drive) -> None:
    """It is the very same error, and the flow's cleanup has run."""
    cleaned = []

    def careful() -> Flow[None]:
        try:
            yield from exchange(CALL)
        finally:
            cleaned.append(True)

    thrown = NotSentError("no connection.")
    with pytest.raises(NotSentError) as caught:
        drive(careful(), thrown)
    assert caught.value is thrown
    assert cleaned == [True]


@drivers
def test_an_error_that_a_flow_raises_leaves_the_driver(drive: Drive) -> None:
    """As it was raised."""

    def failing() -> Flow[None]:
        yield from exchange(CALL)
        raise IssuantError("refused.")

    with pytest.raises(IssuantError, match="refused"):
        drive(failing(), "reply")


@drivers
@pytest.mark.parametrize("kind", [KeyboardInterrupt, asyncio.CancelledError, SystemExit])
def test_an_interruption_goes_on_as_itself_and_carries_what_the_flow_says(
    drive: Drive, kind: type[BaseException]
) -> None:
    """The flow hears of an error at its yield, adds what it knows, and its words are a note of the interruption."""

    def adding() -> Flow[None]:
        try:
            yield from exchange(CALL)
        except IssuantError as error:
            error.id = "key-1"
            raise

    stop = kind()
    with pytest.raises(kind) as caught:
        drive(adding(), stop)
    if kind is not asyncio.CancelledError:  # which asyncio.run makes anew
        assert caught.value is stop
    outcome = vars(stop)["outcome"]
    assert isinstance(outcome, OutcomeUnknownError)
    assert outcome.id == "key-1"
    assert outcome.__context__ is None
    assert stop.__notes__ == [str(outcome)]


@drivers
def test_an_interruption_goes_on_as_itself_though_the_flow_could_do_without(drive: Drive) -> None:
    """A flow that takes every error for an answer has no say in whether the program stops."""

    def content() -> Flow[str]:
        with suppress(IssuantError):
            yield from exchange(CALL)
        return "done without"

    stop = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt) as caught:
        drive(content(), stop)
    assert caught.value is stop
    assert isinstance(vars(stop)["outcome"], OutcomeUnknownError)


@drivers
def test_after_an_interruption_a_flow_goes_no_further(drive: Drive) -> None:
    """Not even one that would ask something else next; what it holds is given up."""
    closed: list[bool] = []

    def stubborn() -> Flow[object]:
        with suppress(IssuantError):
            yield from exchange(CALL)
        try:
            return (yield from exchange(CALL))
        finally:
            closed.append(True)

    stop = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        drive(stubborn(), stop, "nobody asks for this")
    outcome = vars(stop)["outcome"]
    assert isinstance(outcome, OutcomeUnknownError)
    assert outcome.__context__ is None
    assert closed == [True]


@drivers
def test_a_listing_is_no_operation(drive: Drive) -> None:
    """A driver of operations has nowhere to put a page."""

    def listing() -> Flow[None]:
        yield Page(items=())  # type: ignore[misc]

    with pytest.raises(TypeError, match="no pages"):
        drive(listing())


def where_work_runs() -> Flow[int]:
    return (yield from offload(threading.get_ident))


SETTINGS = Settings(provider="galileo", base_url="https://mock.invalid", auth=httpx.Auth(), credentials=())


def test_work_leaves_the_event_loop_free() -> None:
    """Under asyncio it runs on another thread; under the sync driver on the caller's."""

    async def on_a_loop() -> tuple[int, int]:
        sender = AsyncTransport(SETTINGS, Recorder([httpx.Response(200)]))
        return await run_async(where_work_runs(), sender), threading.get_ident()

    worker, loop = asyncio.run(on_a_loop())
    assert worker != loop
    assert run(where_work_runs(), Transport(SETTINGS, Recorder([httpx.Response(200)]))) == threading.get_ident()


def test_a_loop_goes_on_while_work_waits_for_it() -> None:
    """Work that waits for something the loop does next would hang a loop that it blocks."""

    async def scenario() -> str:
        ready = threading.Event()
        sender = AsyncTransport(SETTINGS, Recorder([httpx.Response(200)]))
        flow = offload(lambda: "free" if ready.wait(5) else "blocked")
        task = asyncio.create_task(run_async(flow, sender))
        await asyncio.sleep(0)
        ready.set()
        return await task

    assert asyncio.run(scenario()) == "free"


def test_a_call_shows_its_operation_and_no_argument() -> None:
    """The arguments hold the values that are sent."""
    assert "issue" in repr(CALL)
    assert VALUE not in repr(CALL)
