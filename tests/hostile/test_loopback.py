"""On a real socket: what breaks there becomes the right error, nothing is sent twice, and no log shows a secret."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest
from issuant import Effect, IssuantError, OutcomeUnknownError, PendingApproval, UnusableReplyError, capabilities
from issuant.mocks import Fault, Request
from issuant.mocks.loopback import serve

from tests.contract.exchanges import exchange
from tests.hostile.loopback import stand
from tests.hostile.operations import (
    IDEMPOTENCY_KEY,
    ISSUING,
    LISTED,
    MODES,
    OPERATIONS,
    Mode,
    Operation,
    perform,
)
from tests.hostile.rawserver import answering
from tests.leaks.detector import leaks, shown_by_error, shown_by_outcome
from tests.leaks.sending import COOKIE

EACH = pytest.mark.parametrize("operation", [pytest.param(item, id=item.name) for item in OPERATIONS])
BOTH = pytest.mark.parametrize("mode", MODES)


@dataclass(frozen=True, kw_only=True)
class Breakage:
    """A fault of the wire, whether the request took effect, and the error that it has to become."""

    fault: Fault
    took_effect: bool
    kind: type[IssuantError] = OutcomeUnknownError
    timeout: float = 5.0


BREAKAGES = {
    "drop-before": Breakage(fault=Fault.drop_before(), took_effect=False),
    "drop-after": Breakage(fault=Fault.drop_after(), took_effect=True),
    "late": Breakage(fault=Fault.delay(5.0), took_effect=True, timeout=0.15),
    "html-502": Breakage(fault=Fault.html_502(), took_effect=False),
    "truncated": Breakage(fault=Fault.truncated(), took_effect=True, kind=UnusableReplyError),
    "empty": Breakage(fault=Fault.empty(), took_effect=True, kind=UnusableReplyError),
}


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """What stands in the logs, lines and arguments; those of httpx and httpcore have to be among them."""
    assert {"httpcore.http11", "httpcore.connection"} <= {record.name for record in caplog.records}
    return [("log", f"{record.name} {record.getMessage()} {record.args!r}") for record in caplog.records]


@EACH
@BOTH
@pytest.mark.parametrize("name", BREAKAGES)
def test_a_break_on_a_real_socket_is_told_apart_and_nothing_is_sent_twice(
    operation: Operation, mode: Mode, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """One request arrives, has its effect or has none, and the error says what the caller can know of that."""
    caplog.set_level(logging.DEBUG)
    breakage, subject, arrived = BREAKAGES[name], stand(operation), list[Request]()

    def arrives(request: Request) -> bool:
        arrived.append(request)
        return True

    subject.simulator.faults.add(breakage.fault, times=100, when=arrives)
    with serve(subject.simulator) as server:
        result = perform(subject.operation, mode, None, base_url=server.base_url, timeout=breakage.timeout)

    assert len(arrived) == 1
    assert subject.changes() == breakage.took_effect
    shown = shown_by_error(result) if isinstance(result, IssuantError) else shown_by_outcome(result)
    assert leaks([*shown, *logged(caplog)], subject.secrets()) == []
    if name == "empty" and operation.reply is None:  # there, an empty body is what a success looks like
        assert isinstance(result, PendingApproval)
        return
    assert type(result) is breakage.kind, str(result)
    shows_id, shows_value = name == "truncated" and operation in ISSUING, False  # it comes first, in what is left
    if operation not in LISTED:
        seen = exchange(operation.provider, operation.method)
        shows_id, shows_value = (name == "truncated" and seen.shows(text) for text in (seen.id, seen.value))
    assert result.effect is (Effect.CREATED if shows_id or shows_value else Effect.UNKNOWN)
    assert (result.id is not None) == shows_id
    assert (result.__cause__, result.__context__) == (None, None)
    assert (result.idempotency_key is not None) is capabilities(operation.provider).idempotent_create
    assert result.idempotency_key in (None, IDEMPOTENCY_KEY) or operation not in LISTED


@EACH
@BOTH
def test_a_refused_connection_is_told_as_not_sent(
    operation: Operation, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody listens at the port any more."""
    caplog.set_level(logging.DEBUG)
    subject = stand(operation)
    with serve(subject.simulator) as server:
        pass

    error = perform(subject.operation, mode, None, base_url=server.base_url)

    assert (type(error).__name__, error.effect) == ("NotSentError", Effect.NONE)
    assert subject.changes() == 0
    shown = [("log", f"{record.getMessage()} {record.args!r}") for record in caplog.records]
    assert leaks([*shown_by_error(error), *shown], subject.secrets()) == []


def _no_http(echo: str) -> dict[str, bytes]:
    """Answers that h11 refuses, each with `echo` where the refusal quotes what came."""
    line, head = echo.encode("ascii", "replace"), b"HTTP/1.1 200 OK\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
    return {
        "header-without-colon": head + b"Set-Cookie session=" + line + b"\r\n\r\n",
        "header-with-nul": head + b"Set-Cookie: a\x00" + line + b"\r\nContent-Length: 0\r\n\r\n",
        "header-name-with-blank": head + line + b" x: 1\r\n\r\n",
        "length-is-no-number": head + b"Content-Length: " + line + b"\r\n\r\n",
        "coding-unknown": head + b"Transfer-Encoding: " + line + b"\r\n\r\n",
        "status-line": b"HTTP/1.1 2x0 " + line + b"\r\n\r\n",
        "no-http": line + b"\r\n\r\n",
        "protocol": b"SSH-2.0-" + line + b"\r\n",
        "chunk-size": chunked + line + b"\r\n",
        "chunk-extension-cut": chunked + b"5;" + line,
        "chunk-end": chunked + b"1\r\na" + line + b"\r\n0\r\n\r\n",
        "trailer": chunked + b"0\r\n" + line + b"\r\n\r\n",
        "body-cut": head + b"Content-Length: 5000\r\n\r\n" + line,
        "headers-cut": head + b"Set-Cookie: " + line,
        "headers-endless": head + b"X: " + line * 4000,
        "nothing": b"",
    }


HEAD_COMES = frozenset({"chunk-size", "chunk-extension-cut", "chunk-end", "trailer", "body-cut"})
"""Those whose status has come, which says yes, when they turn out to be no HTTP."""


@EACH
@BOTH
@pytest.mark.parametrize("name", _no_http(""))
def test_an_answer_that_is_no_http_is_neither_logged_nor_shown(
    operation: Operation, mode: Mode, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The refusal of h11 quotes the line that it did not like; here that repeats the credential and a cookie."""
    caplog.set_level(logging.DEBUG)
    subject = stand(operation)
    echo = f"{subject.operation.secrets()[0]}.{COOKIE}"
    with answering(_no_http(echo)[name]) as server:
        error = perform(subject.operation, mode, None, base_url=server.base_url)

    assert len(server.requests) == 1
    assert subject.operation.secrets()[0].encode() in server.requests[0]
    assert type(error) is (UnusableReplyError if name in HEAD_COMES else OutcomeUnknownError), str(error)
    assert error.effect is Effect.UNKNOWN
    assert leaks([*shown_by_error(error), *logged(caplog)], (*subject.secrets(), COOKIE)) == []


@EACH
@BOTH
def test_a_success_on_a_real_socket_leaves_no_secret_in_the_logs(
    operation: Operation, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    """All of httpx and httpcore at DEBUG, and the value has really come."""
    caplog.set_level(logging.DEBUG)
    subject = stand(operation)
    with serve(subject.simulator) as server:
        outcome = perform(subject.operation, mode, None, base_url=server.base_url)

    assert subject.changes() == 1
    assert bool(subject.value) == (operation in ISSUING)
    if subject.value:
        assert outcome.secret.reveal() == subject.value
    assert leaks([*shown_by_outcome(outcome), *logged(caplog)], subject.secrets()) == []
