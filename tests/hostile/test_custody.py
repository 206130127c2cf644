"""Values are not lost: to a sink that fails, to a reply that breaks, or before Fireblocks has been asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from issuant import (
    IssuantError,
    PendingApproval,
    Secret,
    SinkNotReadyError,
    StoreFailedError,
    UnusableReplyError,
    open_sink,
)
from issuant.auth import fireblocks as signing

from tests.hostile.matrix import ROWS, Row
from tests.hostile.operations import (
    FIREBLOCKS_PAIR,
    IDEMPOTENCY_KEY,
    ISSUING,
    MODES,
    Mode,
    Operation,
    csr_pem,
    perform,
    private_key_pem,
)
from tests.hostile.wire import Sent, Wire, untouched
from tests.leaks.detector import leaks, shown_by_error

BREAKING = [row for row in ROWS if row.operation.provider == "fireblocks" and row.kind is not None]
SOME = [row for row in BREAKING if row.name.startswith(("break", "redirect-307", "200-")) or row.name.endswith("html")]


@pytest.fixture
def quick_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key pair that is ready: making one of 4096 bits takes a second, and two tests make real ones."""
    pair = signing.KeyPair(private_key=Secret(private_key_pem()), csr_pem=csr_pem())
    monkeypatch.setattr(signing, "make_key_pair", lambda name: pair)


@dataclass
class FailingSink:
    """A sink that fails at `check`, or at `store`, and quotes the value as it does."""

    at: str
    stored: list[Secret] = field(default_factory=list)
    description: str = "failing"

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        if self.at == "check":
            raise RuntimeError("not today")
        return None

    def store(self, value: Secret, found: object) -> None:
        if self.at == "os":
            raise OSError(28, f"no room for {value.reveal()}")
        raise ValueError(f"cannot keep {value.reveal()}")


@pytest.mark.usefixtures("quick_pair")
@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.name}-{row.mode}") for row in SOME])
def test_every_error_after_the_post_has_the_private_key(row: Row) -> None:
    """Without a sink, the error is the only place that still has the key of what may have been created."""
    error = perform(FIREBLOCKS_PAIR, row.mode, Wire(row.answer))

    assert type(error) is row.kind
    assert error.private_key is not None
    assert error.private_key.reveal() == private_key_pem()
    assert error.idempotency_key == IDEMPOTENCY_KEY
    assert (error.__cause__, error.__context__) == (None, None)
    assert leaks(shown_by_error(error), FIREBLOCKS_PAIR.secrets()) == []


@pytest.mark.usefixtures("quick_pair")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", [200, 401, 502])
def test_the_private_key_is_in_the_sink_before_the_post_arrives(status: int, mode: Mode, tmp_path: Path) -> None:
    """It is looked for by the server itself, while it has the request and has not answered."""
    path = tmp_path / "key.pem"
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(path.read_text())
        return Sent(status=status)(request)

    result = perform(FIREBLOCKS_PAIR, mode, Wire(answer), sink=open_sink(f"file:{path}"))

    assert seen == [private_key_pem()]
    assert result.private_key is None
    assert result.stored_in == f"file:{path}"


@pytest.mark.parametrize("mode", MODES)
def test_a_key_pair_of_4096_bits_is_made_and_returned(mode: Mode) -> None:
    """The real way, with nothing patched in."""
    wire = Wire(Sent())
    outcome = perform(FIREBLOCKS_PAIR, mode, wire)

    assert isinstance(outcome, PendingApproval)
    assert outcome.private_key is not None
    assert signing.parse_private_key(outcome.private_key).key_size == 4096
    assert json.loads(wire.requests[0].content)["csrPem"] == outcome.csr_pem


@pytest.mark.usefixtures("quick_pair")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", [pytest.param(item, id=item.name) for item in (*ISSUING, FIREBLOCKS_PAIR)])
def test_nothing_is_sent_when_the_sink_is_not_ready(operation: Operation, mode: Mode) -> None:
    """Even where the sink raises something of its own."""
    error = perform(operation, mode, untouched(), sink=FailingSink("check"))

    assert type(error) is SinkNotReadyError
    assert error.field == "sink"
    assert error.__context__ is None


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", ["store", "os"])
@pytest.mark.parametrize("operation", [pytest.param(item, id=item.name) for item in ISSUING])
def test_a_key_that_its_sink_refuses_is_on_the_error(operation: Operation, at: str, mode: Mode) -> None:
    """With its id and its value, and without the words of the sink, which repeat it."""
    error = perform(operation, mode, Wire(Sent(body=json.dumps(operation.reply).encode())), sink=FailingSink(at))

    assert type(error) is StoreFailedError
    assert error.secret is not None
    assert (error.id, error.secret.reveal()) == (operation.id, operation.value)
    assert leaks(shown_by_error(error), operation.secrets()) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", ["store", "os"])
@pytest.mark.usefixtures("quick_pair")
def test_a_private_key_that_its_sink_refuses_is_not_used(at: str, mode: Mode) -> None:
    """Nothing is sent, so nothing is lost; the sink's words are not shown."""
    error = perform(FIREBLOCKS_PAIR, mode, untouched(), sink=FailingSink(at))

    assert type(error) is SinkNotReadyError
    assert error.field == "sink"
    assert leaks(shown_by_error(error), FIREBLOCKS_PAIR.secrets()) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", [pytest.param(item, id=item.name) for item in ISSUING])
def test_the_value_of_a_broken_reply_is_stored_all_the_same(operation: Operation, mode: Mode, tmp_path: Path) -> None:
    """The reply is cut off behind the value: the error has both, and so has the sink."""
    whole = json.dumps(operation.reply)
    cut = whole[: whole.index(operation.value) + len(operation.value) + 1]
    path = tmp_path / "key"

    error = perform(operation, mode, Wire(Sent(body=cut.encode())), sink=open_sink(f"file:{path}"))

    assert type(error) is UnusableReplyError
    assert error.secret is not None
    assert error.secret.reveal() == path.read_text() == operation.value
    assert error.stored_in == f"file:{path}"


SINKS = ["missing-folder", "folder", "malformed-name", "kind", "taken"]


@pytest.mark.parametrize("sink", SINKS)
def test_a_sink_that_cannot_be_written_stops_the_call(sink: str, tmp_path: Path) -> None:
    """A missing folder, a folder for a file, no name of a variable, no kind of sink, a place that is taken."""
    (tmp_path / "taken").write_text("something")
    specs = {
        "missing-folder": f"file:{tmp_path}/missing/key",
        "folder": f"file:{tmp_path}",
        "malformed-name": f"env:{tmp_path}/env#1-BAD NAME",
        "kind": "vault:somewhere",
        "taken": f"file:{tmp_path}/taken",
    }
    error: object = None
    try:
        error = perform(FIREBLOCKS_PAIR, "sync", untouched(), sink=open_sink(specs[sink]))
    except IssuantError as caught:
        error = caught

    assert type(error) is SinkNotReadyError
    assert error.field == "sink"
    assert (tmp_path / "taken").read_text() == "something"
