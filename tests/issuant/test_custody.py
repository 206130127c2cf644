"""A value is in its sink before anything can lose it."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import httpx
import pytest
from issuant import (
    FireblocksKeyRequest,
    GalileoAccount,
    IssuedKey,
    KeyRequest,
    PendingApproval,
    Secret,
    connect,
)
from issuant.errors import RefusedError, SinkNotReadyError, StoreFailedError, UnusableReplyError
from issuant.mocks import simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.providers.fireblocks import FireblocksAccount

from tests.issuant.recording import Recorder

VALUE = "galileo_TEST_issued_not_a_key"
GOOD = {
    "id": "6f1b2c3d-0000-4000-8000-000000000001",
    "description": "k",
    "created_at": "2030-01-01T00:00:00Z",
    "updated_at": "2030-01-01T00:00:00Z",
    "created_by": "6f1b2c3d-0000-4000-8000-000000000002",
    "truncated": "gal…",
    "api_key": VALUE,
}


class Sink:
    """Notes what is asked of it, in a list that others may write to as well."""

    description = "a test's sink"

    def __init__(self, events: list[str], *, unready: Exception | None = None, broken: Exception | None = None) -> None:
        self.events = events
        self.unready = unready
        self.broken = broken
        self.value: Secret | None = None

    def check(self, *, vacant: bool) -> None:
        self.events.append("check, vacant" if vacant else "check")
        if self.unready is not None:
            raise self.unready

    def store(self, value: Secret) -> None:
        self.events.append("store")
        if self.broken is not None:
            raise self.broken
        self.value = value


def vendor(events: list[str], reply: httpx.Response) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        events.append("create")
        return reply

    return httpx.MockTransport(answer)


def issue_at_galileo(sink: Sink, reply: httpx.Response) -> IssuedKey:
    account = GalileoAccount(api_key="galileo_TEST_not_a_key")
    with connect(account, transport=vendor(sink.events, reply)) as galileo:
        outcome = galileo.issue(KeyRequest(name="k"), sink=sink)
    assert isinstance(outcome, IssuedKey)
    return outcome


def test_a_key_of_the_vendor_is_checked_for_created_and_stored() -> None:
    """In this order, and the outcome says where it is."""
    sink = Sink([])
    key = issue_at_galileo(sink, httpx.Response(200, json=GOOD))
    assert sink.events == ["check", "create", "store"]
    assert sink.value == Secret(VALUE)
    assert key.stored_in == sink.description


@pytest.mark.parametrize(
    ("unready", "words"),
    [
        pytest.param(SinkNotReadyError("it is full."), "it is full", id="an-error-of-ours"),
        pytest.param(PermissionError(13, "Permission denied"), "Permission denied", id="an-os-error"),
        pytest.param(RuntimeError(f"bug with {VALUE}"), "RuntimeError", id="a-bug"),
    ],
)
def test_nothing_is_created_for_a_sink_that_is_not_ready(unready: Exception, words: str) -> None:
    """Whatever the sink raises, the call is refused before it is sent."""
    sink = Sink([], unready=unready)
    with pytest.raises(SinkNotReadyError, match=words) as caught:
        issue_at_galileo(sink, httpx.Response(200, json=GOOD))
    assert sink.events == ["check"]
    assert VALUE not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        pytest.param(OSError(28, "No space left on device"), "No space left on device", id="disk-full"),
        pytest.param(ValueError(f"cannot quote {VALUE}"), "ValueError", id="value-error-that-repeats-the-value"),
        pytest.param(RuntimeError(VALUE), "RuntimeError", id="a-bug"),
    ],
)
def test_a_key_whose_sink_fails_is_on_the_error(broken: Exception, words: str) -> None:
    """Id and value are there; what the sink said is not, as it may hold the value."""
    sink = Sink([], broken=broken)
    with pytest.raises(StoreFailedError, match=words) as caught:
        issue_at_galileo(sink, httpx.Response(200, json=GOOD))
    error = caught.value
    assert sink.events == ["check", "create", "store"]
    assert error.secret == Secret(VALUE)
    assert error.id == GOOD["id"]
    assert error.stored_in is None
    assert error.effect.value == "created"
    assert VALUE not in "".join(traceback.format_exception(error))


def test_a_refused_create_leaves_the_sink_alone() -> None:
    """What it holds may be a key in use."""
    sink = Sink([])
    with pytest.raises(RefusedError):
        issue_at_galileo(sink, httpx.Response(422, json={"detail": "no"}))
    assert sink.events == ["check", "create"]


def test_the_value_of_an_unusable_reply_is_stored_too() -> None:
    """Something else may be wrong with a reply that has the value in it."""
    sink = Sink([])
    with pytest.raises(UnusableReplyError, match="description") as caught:
        issue_at_galileo(sink, httpx.Response(200, json=GOOD | {"description": 12}))
    assert sink.events == ["check", "create", "store"]
    assert sink.value == caught.value.secret == Secret(VALUE)
    assert caught.value.stored_in == sink.description


def test_an_unusable_reply_whose_value_cannot_be_stored_still_carries_it() -> None:
    """The first error is the one that is raised."""
    sink = Sink([], broken=OSError(28, "No space left on device"))
    with pytest.raises(UnusableReplyError) as caught:
        issue_at_galileo(sink, httpx.Response(200, json=GOOD | {"description": 12}))
    assert caught.value.secret == Secret(VALUE)
    assert caught.value.stored_in is None


@pytest.fixture(scope="module")
def workspace() -> FireblocksSimulator:
    found = simulator("fireblocks")
    assert isinstance(found, FireblocksSimulator)
    return found


def issue_at_fireblocks(workspace: FireblocksSimulator, sink: Sink, transport: httpx.BaseTransport) -> PendingApproval:
    account = FireblocksAccount(api_key=workspace.api_key, private_key=workspace.private_key_pem)
    with connect(account, transport=transport) as fireblocks:
        outcome = fireblocks.issue(FireblocksKeyRequest(name="k", role="VIEWER"), sink=sink)
    assert isinstance(outcome, PendingApproval)
    return outcome


@pytest.fixture
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small keys: how large they are is another test's question."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)


@pytest.mark.usefixtures("quick_keys")
def test_a_private_key_is_stored_before_anything_is_sent(workspace: FireblocksSimulator) -> None:
    """A place that holds something already is refused: a refusal must not have cost a key in use."""
    sink = Sink([])
    pending = issue_at_fireblocks(workspace, sink, vendor(sink.events, httpx.Response(200)))
    assert sink.events == ["check, vacant", "store", "create"]
    assert sink.value is not None
    assert "PRIVATE KEY" in sink.value.reveal()
    assert (pending.private_key, pending.stored_in) == (None, sink.description)


@pytest.mark.usefixtures("quick_keys")
def test_nothing_is_sent_when_the_private_key_cannot_be_stored(workspace: FireblocksSimulator) -> None:
    """An approved API user without its private key would be of no use."""
    sink = Sink([], broken=OSError(28, "No space left on device"))
    with pytest.raises(SinkNotReadyError, match="No space left"):
        issue_at_fireblocks(workspace, sink, vendor(sink.events, httpx.Response(200)))
    assert sink.events == ["check, vacant", "store"]


FAILURES: list[tuple[str, Callable[[], httpx.BaseTransport]]] = [
    ("refused", lambda: Recorder([httpx.Response(403, json={"message": "no", "code": -8})])),
    ("failed", lambda: Recorder([httpx.Response(503)])),
    ("a-body-where-none-belongs", lambda: Recorder([httpx.Response(200, json={"id": "x"})])),
]


@pytest.mark.usefixtures("quick_keys")
@pytest.mark.parametrize(("_", "transport"), FAILURES, ids=[name for name, _ in FAILURES])
def test_an_error_after_the_post_says_where_the_private_key_is(
    workspace: FireblocksSimulator, _: str, transport: Callable[[], httpx.BaseTransport]
) -> None:
    """In the sink where there is one; else on the error, with the idempotency key beside it."""
    account = FireblocksAccount(api_key=workspace.api_key, private_key=workspace.private_key_pem)
    for sink in (None, Sink([])):
        recorder = transport()
        assert isinstance(recorder, Recorder)
        with connect(account, transport=recorder) as fireblocks, pytest.raises(Exception) as caught:  # noqa: PT011
            fireblocks.issue(FireblocksKeyRequest(name="k", role="VIEWER"), sink=sink)
        sent = recorder.requests[0]
        assert caught.value.idempotency_key == sent.headers["Idempotency-Key"]  # type: ignore[attr-defined]
        kept = caught.value.private_key  # type: ignore[attr-defined]
        assert (kept is None) is (sink is not None)
        assert caught.value.stored_in == (sink.description if sink else None)  # type: ignore[attr-defined]
