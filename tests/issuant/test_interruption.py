"""Ctrl-C and cancellation go on as themselves, and what was made by then is not lost with them."""

from __future__ import annotations

import asyncio
import json
import linecache
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import issuant
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from issuant import (
    Connection,
    FireblocksAccount,
    FireblocksKeyRequest,
    FireworksAccount,
    GalileoAccount,
    IssuedKey,
    KeyRequest,
    Secret,
    connect,
    connect_async,
)
from issuant.adapters import Account
from issuant.errors import Effect, IssuantError, NotSentError, OutcomeUnknownError
from issuant.mocks import Fault, simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator

VALUE = "galileo_TEST_issued_0001_not_a_key"
REPLY = {
    "id": "6f1b2c3d-0000-4000-8000-000000000001",
    "description": "k",
    "created_at": "2030-01-01T00:00:00Z",
    "updated_at": "2030-01-01T00:00:00Z",
    "created_by": "6f1b2c3d-0000-4000-8000-000000000002",
    "truncated": "gal…",
    "api_key": VALUE,
}
REQUEST = FireblocksKeyRequest(name="k", role="VIEWER")


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small keys: how large they are is another test's question."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)


@pytest.fixture
def workspace() -> FireblocksSimulator:
    found = simulator("fireblocks")
    assert isinstance(found, FireblocksSimulator)
    return found


@pytest.fixture
def galileo() -> GalileoSimulator:
    found = simulator("galileo")
    assert isinstance(found, GalileoSimulator)
    return found


def account_of(vendor: FireblocksSimulator | GalileoSimulator | FireworksSimulator) -> Account:
    match vendor:
        case FireblocksSimulator():
            return FireblocksAccount(api_key=vendor.api_key, private_key=vendor.private_key_pem)
        case GalileoSimulator():
            return GalileoAccount(api_key=vendor.api_key)
        case FireworksSimulator():
            return FireworksAccount(api_key=vendor.api_key, account_id=vendor.account_id, user_id=vendor.user_id)


def outcome_of(stop: BaseException) -> IssuantError:
    found = vars(stop)["outcome"]
    assert isinstance(found, IssuantError)
    return found


class StopsAfterSending(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The request takes effect; then Ctrl-C comes, or (async) the reply never does."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.requests: list[httpx.Request] = []
        self.sent = asyncio.Event()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._inner.handle_request(request)
        self.requests.append(request)
        raise KeyboardInterrupt

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._inner.handle_async_request(request)
        self.requests.append(request)
        self.sent.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody waits for ever")


Stop = Callable[[Account, KeyRequest, StopsAfterSending, Any], BaseException]


def by_ctrl_c(account: Account, request: KeyRequest, wire: StopsAfterSending, sink: Any = None) -> BaseException:
    with connect(account, transport=wire) as connection, pytest.raises(KeyboardInterrupt) as caught:
        connection.issue(request, sink=sink)
    return caught.value


def by_cancellation(account: Account, request: KeyRequest, wire: StopsAfterSending, sink: Any = None) -> BaseException:
    async def scenario() -> BaseException:
        async with connect_async(account, transport=wire) as connection:
            task = asyncio.create_task(connection.issue(request, sink=sink))
            await wire.sent.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert task.cancelled()
            return caught.value

    return asyncio.run(scenario())


ways = pytest.mark.parametrize("stopped", [by_ctrl_c, by_cancellation], ids=["ctrl-c", "cancellation"])


@ways
def test_an_interruption_after_the_post_carries_the_private_key(stopped: Stop, workspace: FireblocksSimulator) -> None:
    """With the request and the idempotency key that were sent: the call can be repeated as it was."""
    wire = StopsAfterSending(workspace.transport())
    stop = stopped(account_of(workspace), REQUEST, wire, None)
    outcome = outcome_of(stop)
    assert isinstance(outcome, OutcomeUnknownError)
    assert (outcome.provider, outcome.operation, outcome.effect) == ("fireblocks", "issue", Effect.UNKNOWN)
    (sent,) = wire.requests
    assert outcome.idempotency_key == sent.headers["Idempotency-Key"]
    assert outcome.csr_pem is not None
    assert outcome.csr_pem.splitlines()[1] in sent.content.decode()
    assert outcome.private_key is not None
    private_key = load_pem_private_key(outcome.private_key.reveal().encode(), password=None)
    assert private_key.public_key() == x509.load_pem_x509_csr(outcome.csr_pem.encode()).public_key()
    assert len(workspace.approvals) == 1
    shown = "".join(traceback.format_exception(stop))
    assert str(outcome) in shown
    assert outcome.idempotency_key in shown
    assert "PRIVATE KEY" not in shown


@ways
@pytest.mark.parametrize("provider", ["fireworks", "galileo"])
def test_an_interruption_after_the_post_is_an_unknown_outcome_everywhere(stopped: Stop, provider: str) -> None:
    """Where no key was made here, there is none to carry; the vendor has one that nobody knows."""
    vendor = simulator(provider)
    assert isinstance(vendor, FireworksSimulator | GalileoSimulator)
    before = len(vendor.keys)
    stop = stopped(account_of(vendor), KeyRequest(name="k"), StopsAfterSending(vendor.transport()), None)
    outcome = outcome_of(stop)
    assert isinstance(outcome, OutcomeUnknownError)
    assert (outcome.provider, outcome.private_key) == (provider, None)
    assert outcome.advice
    assert len(vendor.keys) == before + 1


class Sink:
    """A sink that notes what it was given, and calls a function at a step of one's choice."""

    description = "a test's sink"

    def __init__(self, step: str = "", call: Callable[[], object] = lambda: None) -> None:
        self._step = step
        self._call = call
        self.values: list[Secret] = []

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        if self._step == "check":
            self._call()
        return None

    def store(self, value: Secret, found: object) -> None:
        if self._step == "store":
            self._call()
        self.values.append(value)


@ways
def test_a_private_key_in_a_sink_is_not_carried_a_second_time(stopped: Stop, workspace: FireblocksSimulator) -> None:
    """The outcome says where it is."""
    sink = Sink()
    outcome = outcome_of(stopped(account_of(workspace), REQUEST, StopsAfterSending(workspace.transport()), sink))
    assert outcome.private_key is None
    assert outcome.stored_in == sink.description
    assert len(sink.values) == 1


def test_under_wait_for_the_outcome_hangs_on_the_cause(workspace: FireblocksSimulator) -> None:
    """The TimeoutError is asyncio's own; the cancellation behind it carries the outcome."""
    wire = StopsAfterSending(workspace.transport())

    async def scenario() -> BaseException:
        async with connect_async(account_of(workspace), transport=wire) as connection:
            with pytest.raises(TimeoutError) as caught:
                await asyncio.wait_for(connection.issue(REQUEST), timeout=3)
            return caught.value

    timeout = asyncio.run(scenario())
    assert len(wire.requests) == 1
    assert isinstance(timeout.__cause__, asyncio.CancelledError)
    outcome = outcome_of(timeout.__cause__)
    assert isinstance(outcome, OutcomeUnknownError)
    assert outcome.private_key is not None


def issue_and_cancel(
    account: Account,
    request: KeyRequest,
    transport: Any,
    sink: Sink | None,
    begun: threading.Event,
    go: threading.Event,
) -> BaseException:
    """Cancel the call when `begun` is set, hold it to waiting until `go` is set, and return the cancellation."""

    async def scenario() -> BaseException:
        async with connect_async(account, transport=transport) as connection:
            task = asyncio.create_task(connection.issue(request, sink=sink))
            assert await asyncio.to_thread(begun.wait, 10)
            for _ in range(2):  # whoever is impatient cancels again
                task.cancel()
                done, _pending = await asyncio.wait([task], timeout=0.1)
                assert not done
            go.set()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            return caught.value

    try:
        return asyncio.run(scenario())
    finally:
        go.set()


def test_a_cancellation_during_a_store_waits_for_its_end(galileo: GalileoSimulator) -> None:
    """The key exists: the outcome has its id and value, whether or not the sink has it as well."""
    begun, go = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert go.wait(10)

    sink = Sink("store", hold)
    stop = issue_and_cancel(account_of(galileo), KeyRequest(name="k"), galileo.transport(), sink, begun, go)
    outcome = outcome_of(stop)
    assert [value.reveal() for value in sink.values] == [VALUE]
    assert outcome.effect is Effect.CREATED
    assert outcome.secret == Secret(VALUE)
    assert [outcome.id] == list(galileo.keys)
    assert VALUE not in "".join(traceback.format_exception(stop))


def test_ctrl_c_during_a_store_carries_the_key(galileo: GalileoSimulator) -> None:
    """Whatever the sink has done by then."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    sink = Sink("store", interrupt)
    with (
        connect(account_of(galileo), transport=galileo.transport()) as connection,
        pytest.raises(KeyboardInterrupt) as caught,
    ):
        connection.issue(KeyRequest(name="k"), sink=sink)
    outcome = outcome_of(caught.value)
    assert (outcome.effect, outcome.secret) == (Effect.CREATED, Secret(VALUE))
    assert [outcome.id] == list(galileo.keys)
    assert VALUE not in "".join(traceback.format_exception(caught.value))


def test_ctrl_c_while_the_value_of_an_unusable_reply_is_stored_carries_it(galileo: GalileoSimulator) -> None:
    """A key was created, its reply is odd, and its value goes nowhere else."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    reply = json.dumps(REPLY | {"description": 12}).encode()
    galileo.faults.add(Fault.body(reply))
    with (
        connect(account_of(galileo), transport=galileo.transport()) as connection,
        pytest.raises(KeyboardInterrupt) as caught,
    ):
        connection.issue(KeyRequest(name="k"), sink=Sink("store", interrupt))
    outcome = outcome_of(caught.value)
    assert (outcome.effect, outcome.secret, outcome.id) == (Effect.CREATED, Secret(VALUE), REPLY["id"])


@pytest.mark.parametrize("step", ["check", "store"])
def test_ctrl_c_before_the_post_means_that_nothing_was_sent(step: str, workspace: FireblocksSimulator) -> None:
    """At Fireblocks the sink comes first."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    with (
        connect(account_of(workspace), transport=workspace.transport()) as connection,
        pytest.raises(KeyboardInterrupt) as caught,
    ):
        connection.issue(REQUEST, sink=Sink(step, interrupt))
    outcome = outcome_of(caught.value)
    assert isinstance(outcome, NotSentError)
    assert not workspace.approvals


def test_ctrl_c_while_the_key_pair_is_made_means_that_nothing_was_sent(
    workspace: FireblocksSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making one may take seconds, and someone may lose patience."""

    def interrupt(name: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("issuant.auth.fireblocks.make_key_pair", interrupt)
    with (
        connect(account_of(workspace), transport=workspace.transport()) as connection,
        pytest.raises(KeyboardInterrupt) as caught,
    ):
        connection.issue(REQUEST)
    outcome = outcome_of(caught.value)
    assert isinstance(outcome, NotSentError)
    assert outcome.effect is Effect.NONE
    assert not workspace.approvals


def test_a_cancellation_while_the_key_pair_is_made_means_that_nothing_was_sent(
    workspace: FireblocksSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is raised when the thread that makes it has ended."""
    from issuant.auth import fireblocks

    begun, go = threading.Event(), threading.Event()
    make = fireblocks.make_key_pair

    def slow(name: str) -> object:
        begun.set()
        assert go.wait(10)
        return make(name)

    monkeypatch.setattr(fireblocks, "make_key_pair", slow)
    stop = issue_and_cancel(account_of(workspace), REQUEST, workspace.transport(), None, begun, go)
    assert isinstance(outcome_of(stop), NotSentError)
    assert not workspace.approvals


def test_after_an_interruption_the_connection_goes_on(galileo: GalileoSimulator) -> None:
    """Nothing of the call that was stopped stays behind in it."""
    begun: list[bool] = []

    def interrupt_once() -> None:
        begun.append(True)
        if len(begun) == 1:
            raise KeyboardInterrupt

    sink = Sink("check", interrupt_once)
    with connect(account_of(galileo), transport=galileo.transport()) as connection:
        with pytest.raises(KeyboardInterrupt):
            connection.issue(KeyRequest(name="k"), sink=sink)
        assert isinstance(connection.issue(KeyRequest(name="k"), sink=sink), IssuedKey)
    assert len(galileo.keys) == 1


PACKAGE = str(Path(issuant.__file__).parent)


class CtrlC:
    """Ctrl-C at the line of that number, among the lines of the package that run once the reply has been read.

    A `try` is no such line: Python looks for signals at calls and at the ends of loops. Nor are those of `_value`, when
    the operation has returned.
    """

    def __init__(self, number: int) -> None:
        self._left = number
        self._is_read = False
        self.has_come = False

    def __call__(self, frame: FrameType, event: str, argument: object) -> CtrlC | None:
        place, name = frame.f_code.co_filename, frame.f_code.co_name
        if not place.startswith(PACKAGE) or name == "_value":
            return None
        self._is_read = self._is_read or (place.endswith("body.py") and name == "content")
        if event == "line" and self._is_read and linecache.getline(place, frame.f_lineno).strip() != "try:":
            self._left -= 1
            if self._left == 0:
                self.has_come = True
                raise KeyboardInterrupt
        return self


def stopped_at(number: int, connection: Connection, request: KeyRequest, sink: Sink | None) -> IssuantError | None:
    """Return what an interruption at that line carries, None where the operation has ended before it."""
    ctrl_c, before, stop = CtrlC(number), sys.gettrace(), None
    sys.settrace(ctrl_c)
    try:
        connection.issue(request, sink=sink)
    except KeyboardInterrupt as caught:
        stop = caught
    finally:
        sys.settrace(before)
    assert ctrl_c.has_come == (stop is not None)
    return None if stop is None else outcome_of(stop)


STRIDE = 7  # each takes milliseconds, and of neighbours one or the other will do
REPLIES = {
    "fireworks": {"keyId": "key-1", "displayName": "k", "key": VALUE},
    "galileo": REPLY,
}


@pytest.mark.parametrize("stores", [False, True], ids=["alone", "with-a-sink"])
@pytest.mark.parametrize("provider", REPLIES)
def test_ctrl_c_at_any_line_after_the_reply_carries_the_key(provider: str, stores: bool) -> None:
    """Between two steps as well, where the flow ends at once and cannot answer."""
    vendor = simulator(provider)
    assert isinstance(vendor, FireworksSimulator | GalileoSimulator)
    account, reply = account_of(vendor), REPLIES[provider]
    wire = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
    key = reply.get("keyId", reply.get("id"))
    count = 1
    with connect(account, transport=wire) as connection:
        while outcome := stopped_at(count, connection, KeyRequest(name="k"), Sink() if stores else None):
            assert (outcome.effect, outcome.id, outcome.secret) == (Effect.CREATED, key, Secret(VALUE)), count
            assert VALUE not in str(outcome)
            count += STRIDE
    assert count > 100


def test_ctrl_c_at_any_line_after_the_reply_carries_the_private_key(
    workspace: FireblocksSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is needed to repeat the call as it was."""
    from issuant.auth import fireblocks

    pair = fireblocks.make_key_pair("k")
    monkeypatch.setattr(fireblocks, "make_key_pair", lambda name: pair)
    wire = httpx.MockTransport(lambda request: httpx.Response(200))
    count = 1
    with connect(account_of(workspace), transport=wire) as connection:
        while outcome := stopped_at(count, connection, REQUEST, None):
            assert (outcome.private_key, outcome.csr_pem) == (pair.private_key, pair.csr_pem), count
            assert outcome.idempotency_key
            assert outcome.effect is Effect.UNKNOWN
            count += 1
    assert count > 20
