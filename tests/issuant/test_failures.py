"""Why no reply came is told by its cause, with what to do about it, and without a word of what was raised."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import suppress

import httpx
import pytest
from issuant.errors import IssuantError, NotSentError, OutcomeUnknownError, RateLimitedError, UnansweredError
from issuant.failures import doubtful
from issuant.repeating import ONCE

from tests.issuant.recording import Recorder, a_call, both, error_of, lost, no_connection, performed

WORDS = "words_TEST_not_to_be_shown"
HERE = "mock.invalid:443"  # where the calls go


def on(cause: BaseException, *, as_context: bool = False) -> httpx.ConnectError:
    """A ConnectError as httpx raises it: behind it one of httpcore, and behind that `cause`."""
    error, between = httpx.ConnectError(WORDS), OSError(WORDS)
    error.__cause__ = between
    if as_context:
        between.__context__ = cause
    else:
        between.__cause__ = cause
    return error


def certificate(code: int | None) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, WORDS)
    if code is not None:
        error.verify_code = code
    return error


def several(*causes: Exception) -> ExceptionGroup[Exception]:
    return ExceptionGroup(WORDS, causes)


def circle() -> httpx.ConnectError:
    error = on(OSError(errno.EHOSTUNREACH, WORDS))
    assert error.__cause__ is not None
    error.__cause__.__context__ = error
    return error


REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, WORDS)
UNREACHED = OSError(errno.ENETUNREACH, WORDS)


@both
@pytest.mark.parametrize(
    ("raised", "reason", "advice"),
    [
        pytest.param(
            on(socket.gaierror(-2, WORDS)),
            f"{HERE} failed: the host's name was not found",
            "Check the host",
            id="no-such-name",
        ),
        pytest.param(on(REFUSED), f"connection to {HERE} was refused", "host and port", id="refused"),
        pytest.param(on(REFUSED, as_context=True), "was refused", "host and port", id="refused-as-context"),
        pytest.param(on(UNREACHED), f"no network leads to {HERE}", "VPN", id="unreachable"),
        pytest.param(on(several(UNREACHED, REFUSED)), "was refused", "host and port", id="two-addresses"),
        pytest.param(circle(), "no network leads", "VPN", id="a-chain-that-goes-in-a-circle"),
        pytest.param(on(certificate(20)), f"the certificate of {HERE}", "--ca-file PATH", id="untrusted"),
        pytest.param(on(certificate(None)), "nobody who is trusted", "verify=PATH", id="untrusted-without-code"),
        pytest.param(on(certificate(62)), f"{HERE} is that of another host", "base URL", id="of-another-host"),
        pytest.param(on(certificate(64)), "of another host", "base URL", id="of-another-address"),
        pytest.param(on(certificate(10)), f"{HERE} has expired", "clock", id="expired"),
        pytest.param(on(certificate(9)), "not valid yet", "clock", id="not-valid-yet"),
        pytest.param(
            on(ssl.SSLError(1, WORDS)),
            f"the TLS handshake with {HERE} failed",
            "https is spoken",
            id="another-tls-failure",
        ),
        pytest.param(on(OSError(errno.EMFILE, WORDS)), f"connection to {HERE} could", "base URL", id="unknown-cause"),
        pytest.param(no_connection(), f"connection to {HERE} could", "base URL", id="no-cause"),
        pytest.param(httpx.ProxyError("407 hush"), "user name and a password", "HTTPS_PROXY", id="proxy-wants-login"),
        pytest.param(
            httpx.ProxyError("Invalid username/password"), "user name and a password", "HTTPS_PROXY", id="socks-login"
        ),
        pytest.param(
            httpx.ProxyError("403 hush"),
            f"refused the connection to {HERE}",
            "lets the host through",
            id="proxy-refuses",
        ),
        pytest.param(
            httpx.ConnectTimeout(WORDS),
            f"no connection to {HERE} came about in time",
            "Check the network",
            id="slow-to-connect",
        ),
        pytest.param(httpx.PoolTimeout(WORDS), "pool", "fewer calls", id="pool-is-full"),
        pytest.param(httpx.LocalProtocolError(WORDS), "as HTTP", "characters", id="no-http"),
    ],
)
def test_no_connection_is_told_by_its_cause(flavour: str, raised: Exception, reason: str, advice: str) -> None:
    """Each with advice of its own, and nothing of the words of what was raised."""
    error = error_of(flavour, a_call(), Recorder([raised]))
    assert type(error) is NotSentError
    assert reason in error.reason
    assert error.reason.endswith(f"({type(raised).__name__}).")
    assert error.advice.startswith("Nothing was sent. ")
    assert advice in error.advice
    assert WORDS not in f"{error} {error.as_dict()}"
    assert "hush" not in f"{error}"


@pytest.mark.parametrize(
    ("raised", "attempts"),
    [
        pytest.param(on(REFUSED), 3, id="refused"),
        pytest.param(on(ssl.SSLError(1, WORDS)), 3, id="no-tls"),
        pytest.param(httpx.ProxyError("502"), 3, id="proxy-refuses"),
        pytest.param(httpx.ProxyError("407"), 1, id="proxy-wants-login"),
        pytest.param(on(certificate(20)), 1, id="untrusted"),
        pytest.param(on(certificate(62)), 1, id="of-another-host"),
        pytest.param(on(certificate(10)), 1, id="expired"),
    ],
)
def test_what_another_attempt_would_meet_again_is_tried_once(raised: Exception, attempts: int) -> None:
    """A certificate stays what it is, and a proxy may lock out who comes with a wrong password again and again."""
    wire = Recorder([raised])
    assert error_of("sync", a_call(), wire).attempts == attempts
    assert len(wire.requests) == attempts


@pytest.mark.parametrize(
    ("raised", "advice"),
    [
        pytest.param(httpx.ReadTimeout(WORDS), "a longer timeout", id="slow"),
        pytest.param(lost(), "Try again.", id="broken-off"),
        pytest.param(httpx.DecodingError(WORDS), "tell the provider", id="undecodable"),
        pytest.param(httpx.UnsupportedProtocol(WORDS), "Check the base URL.", id="redirected-to-another-scheme"),
        pytest.param(httpx.InvalidURL(WORDS), "Check the base URL.", id="redirected-to-no-url"),
        pytest.param(RuntimeError(WORDS), "Try again.", id="bug-of-a-custom-transport"),
    ],
)
def test_a_reading_without_a_reply_advises_by_what_went_wrong(raised: Exception, advice: str) -> None:
    """It changed nothing."""
    error = error_of("sync", a_call(reads=True), Recorder([raised]))
    assert type(error) is UnansweredError
    assert error.advice.startswith("Nothing was changed. ")
    assert error.advice.endswith((advice, f"{advice} if it stays so.", f"{advice}."))
    assert WORDS not in f"{error}"


def test_a_create_without_a_reply_advises_to_look_first() -> None:
    """Whatever went wrong: to try again comes later."""
    error = error_of("sync", a_call(), Recorder([httpx.ReadTimeout(WORDS)]))
    assert type(error) is OutcomeUnknownError
    assert error.advice.startswith("Look for its name in the provider's list")


def limited(seconds: float | None) -> IssuantError:
    return RateLimitedError("too many logins.", retry_after=seconds)


def test_a_limit_behind_a_lost_reply_says_how_long_to_wait() -> None:
    """A login before the second attempt met it."""
    assert doubtful(a_call(repeats=True), limited(30), "galileo").advice.startswith(
        "Wait 30 seconds. It may have taken effect. Repeat"
    )
    assert doubtful(a_call(repeats=True), limited(None), "galileo").advice.startswith("It may have")


@both
def test_what_the_caller_was_handling_is_no_cause(flavour: str) -> None:
    """Python hangs it on what is raised meanwhile: a certificate of another call must not be blamed."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        try:
            raise certificate(None)
        except ssl.SSLError:
            with pytest.raises(NotSentError, match="was refused"):
                performed(flavour, a_call(), None, base_url=address)


@both
def test_an_address_where_nobody_listens_is_told_by_the_socket(flavour: str) -> None:
    """By a port that is taken and not listened at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        error = error_of(flavour, a_call(), None, base_url=f"http://127.0.0.1:{port}")
    assert type(error) is NotSentError
    assert f"the connection to 127.0.0.1:{port} was refused" in error.reason


@both
def test_plain_http_at_an_https_address_is_told_by_the_handshake(flavour: str) -> None:
    """As where the scheme or the port of the base URL is wrong."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        answering = threading.Thread(target=answered_plainly, args=(server,))
        answering.start()
        error = error_of(flavour, a_call(), None, base_url=f"https://127.0.0.1:{server.getsockname()[1]}", retries=ONCE)
        answering.join(5)
    assert type(error) is NotSentError
    assert "the TLS handshake with 127.0.0.1:" in error.reason


@pytest.mark.parametrize(
    ("url", "place"),
    [
        pytest.param(
            "https://vendor.invalid/v1/keys?page=words_TEST_not_to_be_shown", "vendor.invalid:443", id="https"
        ),
        pytest.param("http://localhost:80/", "localhost:80", id="http"),
        pytest.param("http://[::1]:8080/", "[::1]:8080", id="ip-6"),
        pytest.param(f"https://me:{WORDS}@bücher.invalid", "xn--bcher-kva.invalid:443", id="user"),
    ],
)
@pytest.mark.parametrize("reads", [True, False], ids=["reads", "creates"])
def test_of_an_address_host_and_port_are_told_and_nothing_else(url: str, place: str, reads: bool) -> None:
    """Also where the reply was lost, and as JSON: neither path, query nor user."""
    error = error_of("sync", a_call(url=url, reads=reads), Recorder([httpx.ReadTimeout(WORDS)]))
    assert error.as_dict()["reason"] == f"no reply from {place} came in time (ReadTimeout)."
    assert WORDS not in f"{error} {error.as_dict()}"


class LoggingIn(httpx.Auth):
    """Logs in on another host first."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        yield httpx.Request("POST", f"https://login.invalid/{WORDS}")
        yield request


def test_a_login_that_fails_names_its_own_host() -> None:
    """It may be another than that of the call."""
    error = error_of("sync", a_call(), Recorder([httpx.ReadTimeout(WORDS)]), auth=LoggingIn(), retries=ONCE)
    assert error.reason == "the login: no reply from login.invalid:443 came in time (ReadTimeout)."


def test_an_outcome_that_is_unknown_is_said_to_be_so_once() -> None:
    """In the advice, which says what to do about it."""
    error = error_of("sync", a_call(), Recorder([httpx.ReadTimeout(WORDS)]))
    assert str(error).count("may have taken effect") == 1


def answered_plainly(server: socket.socket) -> None:
    client, _ = server.accept()
    with client, suppress(ConnectionError):  # the client breaks off
        client.recv(1)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        client.settimeout(5)
        while client.recv(65536):  # to close with bytes unread would reset the connection
            pass
