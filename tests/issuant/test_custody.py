"""A value is in its sink before anything can lose it."""

from __future__ import annotations

import json
import re
import traceback

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from issuant import (
    FireblocksKeyRequest,
    GalileoAccount,
    IssuedKey,
    KeyRequest,
    PendingApproval,
    Secret,
    connect,
)
from issuant.errors import (
    IssuantError,
    OutcomeUnknownError,
    RefusedError,
    SinkNotReadyError,
    StoreFailedError,
    UnusableReplyError,
)
from issuant.mocks import Fault, simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.providers.fireblocks import FireblocksAccount
from issuant.providers.galileo import GalileoKeyRequest
from issuant.repeating import ONCE

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

FOUND = object()  # what a check returns is handed on as it is


class Sink:
    """Notes what is asked of it, in a list that others may write to as well."""

    description = "a test's sink"

    def __init__(self, events: list[str], *, unready: Exception | None = None, broken: Exception | None = None) -> None:
        self.events = events
        self.unready = unready
        self.broken = broken
        self.value: Secret | None = None
        self.given: Secret | None = None

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        self.events.append("check, vacant" if vacant else "check")
        self.given = value
        if self.unready is not None:
            raise self.unready
        return FOUND

    def store(self, value: Secret, found: object) -> None:
        assert found is FOUND
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


LOST = httpx.RemoteProtocolError("gone")
NO_ROUTE = httpx.ConnectError("no route")
FAILURES: list[tuple[str, httpx.Response | Exception]] = [
    ("refused", httpx.Response(403, json={"message": "no", "code": -8})),
    ("refused-credential", httpx.Response(401, json={"message": "no", "code": -1})),
    ("malformed", httpx.Response(400)),
    ("limited", httpx.Response(429)),
    ("failed", httpx.Response(503)),
    ("a-body-where-none-belongs", httpx.Response(200, json={"id": "x"})),
    ("redirected", httpx.Response(302, headers={"Location": "mailto:x"})),
    ("lost", LOST),
    ("never-sent", NO_ROUTE),
]
each_failure = pytest.mark.parametrize("failure", [found for _, found in FAILURES], ids=[name for name, _ in FAILURES])


def failed_issue(
    workspace: FireblocksSimulator, failure: httpx.Response | Exception, sink: Sink | None = None
) -> tuple[IssuantError, httpx.Request]:
    """Return the error of an issue that meets `failure`, and what was to be sent."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if isinstance(failure, Exception):
            raise failure
        return failure

    account = FireblocksAccount(api_key=workspace.api_key, private_key=workspace.private_key_pem)
    with (
        connect(account, transport=httpx.MockTransport(answer), retries=ONCE) as fireblocks,
        pytest.raises(IssuantError) as caught,
    ):
        fireblocks.issue(FireblocksKeyRequest(name="k", role="VIEWER"), sink=sink)
    (request,) = sent
    return caught.value, request


@pytest.mark.usefixtures("quick_keys")
@each_failure
@pytest.mark.parametrize("has_sink", [False, True], ids=["no-sink", "sink"])
def test_an_error_after_the_post_says_all_that_is_needed_to_repeat_it(
    workspace: FireblocksSimulator, failure: httpx.Response | Exception, has_sink: bool
) -> None:
    """The private key is in the sink where there is one, else on the error; both keys and the request beside it."""
    sink = Sink([]) if has_sink else None
    error, sent = failed_issue(workspace, failure, sink)
    assert error.idempotency_key == sent.headers["Idempotency-Key"]
    assert f"idempotency key {error.idempotency_key}" in str(error)
    assert error.csr_pem is not None
    assert error.csr_pem == json.loads(sent.content)["csrPem"]
    assert error.as_dict()["csr_pem"] == error.csr_pem
    kept = error.private_key if sink is None else sink.value
    assert kept is not None
    made = load_pem_private_key(kept.reveal().encode(), password=None).public_key()
    assert made == x509.load_pem_x509_csr(error.csr_pem.encode()).public_key()
    assert (error.private_key is None) is has_sink
    assert error.stored_in == (sink.description if sink else None)
    assert "PRIVATE KEY" not in "".join(traceback.format_exception(error))


@pytest.mark.usefixtures("quick_keys")
def test_a_lost_reply_asks_for_the_same_again(workspace: FireblocksSimulator) -> None:
    """The vendor replays what it answered for 24 hours; what the error carries is enough, and nothing is made twice."""
    error, _ = failed_issue(workspace, LOST)
    assert isinstance(error, OutcomeUnknownError)
    assert "24 hours" in error.advice
    assert re.search(r"same idempotency key and the same (CSR|certificate request)", error.advice)

    workspace.faults.add(Fault.drop_after())
    account = FireblocksAccount(api_key=workspace.api_key, private_key=workspace.private_key_pem)
    before = set(workspace.approvals)
    with connect(account, transport=workspace.transport(), retries=ONCE) as fireblocks:
        with pytest.raises(OutcomeUnknownError) as caught:
            fireblocks.issue(FireblocksKeyRequest(name="k", role="VIEWER"))
        outcome = fireblocks.issue(
            FireblocksKeyRequest(
                name="k", role="VIEWER", csr_pem=caught.value.csr_pem, idempotency_key=caught.value.idempotency_key
            )
        )
    assert isinstance(outcome, PendingApproval)
    assert set(workspace.approvals) - before == {outcome.request_id}


@pytest.mark.usefixtures("quick_keys")
@pytest.mark.parametrize("status", [500, 502, 503, 520])
def test_a_failure_asks_to_look_first_and_for_a_new_idempotency_key(
    workspace: FireblocksSimulator, status: int
) -> None:
    """With the old one the vendor refuses from then on."""
    error, _ = failed_issue(workspace, httpx.Response(status))
    assert isinstance(error, OutcomeUnknownError)
    assert error.status == status
    assert error.advice.startswith("Look at ")
    assert "new idempotency key" in error.advice
    assert "same idempotency key" not in error.advice


@pytest.mark.usefixtures("quick_keys")
@pytest.mark.parametrize("status", [400, 401, 403, 429])
def test_a_refusal_asks_to_take_the_private_key_out_of_its_sink(workspace: FireblocksSimulator, status: int) -> None:
    """The next issue would be refused for a place that is in use; without a sink there is nothing to take out."""
    sink = Sink([])
    error, _ = failed_issue(workspace, httpx.Response(status, json={"message": "no"}), sink)
    without, _ = failed_issue(workspace, httpx.Response(status, json={"message": "no"}))
    assert isinstance(error, RefusedError)
    assert "private key" in error.advice
    assert sink.description in error.advice
    assert "private key" not in without.advice
    assert error.advice.startswith(without.advice)


def test_a_value_made_by_the_caller_is_known_to_the_check() -> None:
    """And one that the vendor makes is not, of course."""
    account = GalileoAccount(api_key="galileo_TEST_not_a_key")
    with connect(account, transport=Recorder([httpx.Response(200, json=GOOD)])) as galileo:
        sink = Sink([])
        galileo.issue(GalileoKeyRequest(name="k", api_key=VALUE), sink=sink)
        assert sink.given == Secret(VALUE)
        sink = Sink([])
        galileo.issue(KeyRequest(name="k"), sink=sink)
        assert sink.given is None


@pytest.mark.parametrize(
    "unready",
    [PermissionError(13, VALUE), OSError(5, f"no place for {VALUE}"), ValueError(VALUE)],
    ids=["13", "5", "v"],
)
def test_a_check_that_repeats_the_value_it_was_given_does_not_show_it(unready: Exception) -> None:
    """A value made by the caller is in the sink's hands at the check already."""
    account = GalileoAccount(api_key="galileo_TEST_not_a_key")
    recorder = Recorder([httpx.Response(200, json=GOOD)])
    with connect(account, transport=recorder) as galileo, pytest.raises(SinkNotReadyError) as caught:
        galileo.issue(GalileoKeyRequest(name="k", api_key=VALUE), sink=Sink([], unready=unready))
    assert VALUE not in "".join(traceback.format_exception(caught.value))
    assert recorder.requests == []
