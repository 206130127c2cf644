"""An interruption while a call waits: between two attempts, or for its turn. What it carries tells what was sent."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from issuant import FireblocksAccount, FireblocksKeyRequest, RateLimit, Retries, connect
from issuant.errors import Effect, IssuantError, NotSentError, OutcomeUnknownError, UnansweredError
from issuant.flow import Call, exchange, run, run_async
from issuant.mocks import simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.pacing import Pace
from issuant.transport import AsyncTransport, Transport

from tests.issuant.recording import Recorder, a_call, both, lost, no_connection, settings, status

PATIENT = Retries(first_wait=60, longest_wait=60)


@pytest.fixture
def ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C comes as soon as a sync connection waits."""

    def sleep(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("issuant.transport.time", SimpleNamespace(sleep=sleep, monotonic=lambda: 1000.0))


def stopped(flavour: str, call: Call, wire: httpx.MockTransport, **options: Any) -> IssuantError:
    """Carry out a call until it waits, stop it there, and return what the interruption carries."""

    async def scenario() -> BaseException:
        task = asyncio.create_task(run_async(exchange(call), AsyncTransport(settings(**options), wire)))
        await asyncio.sleep(0.05)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value

    if flavour == "async":
        stop = asyncio.run(scenario())
    else:
        with pytest.raises(KeyboardInterrupt) as caught:
            run(exchange(call), Transport(settings(**options), wire))
        stop = caught.value
    outcome = vars(stop)["outcome"]
    assert isinstance(outcome, IssuantError)
    assert outcome.__context__ is None
    assert outcome.operation == "issue"
    return outcome


KINDS: dict[str, dict[str, bool]] = {
    "reads": {"reads": True},
    "repeats": {"repeats": True},
    "keyed": {"keyed": True},
    "creates": {},
}


@pytest.mark.usefixtures("ctrl_c")
@both
@pytest.mark.parametrize("kind", KINDS)
def test_an_interruption_of_the_wait_for_a_turn_means_that_nothing_was_sent(flavour: str, kind: str) -> None:
    """Whatever the call is."""
    pace = Pace(RateLimit(calls=1))
    pace.take(1000.0 if flavour == "sync" else time.monotonic())
    wire = Recorder([status(200)])
    outcome = stopped(flavour, a_call(**KINDS[kind]), wire, pace=pace)
    assert (type(outcome), outcome.effect, wire.requests) == (NotSentError, Effect.NONE, [])


@pytest.mark.usefixtures("ctrl_c")
@both
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", [no_connection(), status(429)], ids=["no-connection", "429"])
def test_an_interruption_of_the_wait_after_what_had_no_effect_means_that_nothing_was_done(
    flavour: str, kind: str, first: Any
) -> None:
    """It was between two attempts, and the one before is known to have changed nothing."""
    wire = Recorder([first])
    outcome = stopped(flavour, a_call(**KINDS[kind]), wire, retries=PATIENT)
    assert (type(outcome), outcome.effect, len(wire.requests)) == (NotSentError, Effect.NONE, 1)


@pytest.mark.usefixtures("ctrl_c")
@both
@pytest.mark.parametrize("kind", ["repeats", "keyed"])
def test_an_interruption_of_the_wait_after_a_lost_reply_leaves_the_change_in_doubt(flavour: str, kind: str) -> None:
    """It may have taken effect."""
    wire = Recorder([lost()])
    outcome = stopped(flavour, a_call(**KINDS[kind]), wire, retries=PATIENT)
    assert (type(outcome), outcome.effect, len(wire.requests)) == (OutcomeUnknownError, Effect.UNKNOWN, 1)


@pytest.mark.usefixtures("ctrl_c")
@both
def test_an_interruption_of_the_wait_between_two_readings_has_changed_nothing(flavour: str) -> None:
    """However the first one was lost."""
    outcome = stopped(flavour, a_call(reads=True), Recorder([lost()]), retries=PATIENT)
    assert outcome.effect is Effect.NONE


class Hangs(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The request goes out; then Ctrl-C comes, or (async) nothing more."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody waits for ever")


@both
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        pytest.param("reads", UnansweredError, id="reads"),
        pytest.param("repeats", OutcomeUnknownError, id="repeats"),
        pytest.param("keyed", OutcomeUnknownError, id="keyed"),
        pytest.param("creates", OutcomeUnknownError, id="creates"),
    ],
)
def test_an_interruption_of_an_attempt_leaves_a_change_in_doubt(
    flavour: str, kind: str, told: type[IssuantError]
) -> None:
    """And a reading unanswered."""
    wire: Any = Hangs()
    assert type(stopped(flavour, a_call(**KINDS[kind]), wire)) is told


class Dripping(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in the middle of which Ctrl-C comes, or (async) nothing more."""

    def __init__(self) -> None:
        self.is_closed = False

    def __iter__(self) -> Any:
        yield b'{"id": "key-1", '
        raise KeyboardInterrupt

    async def __aiter__(self) -> Any:
        yield b'{"id": "key-1", '
        await asyncio.Event().wait()

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


@both
def test_an_interruption_in_the_middle_of_a_reply_closes_it(flavour: str) -> None:
    """The create is in doubt; the connection goes back to nobody."""
    body = Dripping()
    wire = Recorder([lambda _: httpx.Response(200, stream=body)])
    assert isinstance(stopped(flavour, a_call(), wire), OutcomeUnknownError)
    assert body.is_closed


@pytest.mark.usefixtures("ctrl_c")
def test_a_private_key_is_not_lost_with_the_wait_for_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was made before; nothing was sent, and the request can be made with it."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)
    workspace = simulator("fireblocks")
    assert isinstance(workspace, FireblocksSimulator)
    account = FireblocksAccount(api_key=workspace.api_key, private_key=workspace.private_key_pem)
    request = FireblocksKeyRequest(name="k", role="VIEWER")
    with connect(account, transport=workspace.transport(), rate_limit=RateLimit(calls=1)) as fireblocks:
        fireblocks.issue(request)
        with pytest.raises(KeyboardInterrupt) as caught:
            fireblocks.issue(request)
    outcome = vars(caught.value)["outcome"]
    assert isinstance(outcome, NotSentError)
    assert outcome.private_key is not None
    assert len(workspace.approvals) == 1
