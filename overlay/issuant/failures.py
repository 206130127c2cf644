"""Why no reply came. Owns turning what httpx raises, and what interrupts a call, into errors of ours; each says whether
the call may have taken effect, and what to do. Of what was raised it shows the type alone, never a word; of where the
request went, host and port.

Facts
- httpx names no cause of a ConnectError but by what hangs on it: an exception of `socket` or `ssl`, or several in a
  group, where a name has several addresses.
- A proxy that refuses a tunnel is told by the words of a ProxyError, which begin with its status.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import httpx

from issuant.advice import after_doubt, waiting
from issuant.errors import IssuantError, NotSentError, OutcomeUnknownError, UnansweredError, UsageError
from issuant.flow import Call, Step
from issuant.replies import Reply, unusable

E = TypeVar("E", bound=BaseException)


class _Trouble(NamedTuple):
    """What is the matter, and what to do about it; `{}` is host and port. What `lasts` meets any attempt."""

    reason: str
    advice: str
    lasts: bool = False


_AGAIN = "Try again."
_SLOW = "Try again, with a longer timeout if it stays so."
_ADDRESS = "Check the base URL."
_CHARACTERS = "Check what was given for characters that a URL or a header cannot hold."

# Before the first byte of a request has gone out.
_NEVER_SENT = (
    (
        httpx.ConnectTimeout,
        _Trouble(
            "no connection to {} came about in time", "Check the network, the base URL and the proxy, if there is one."
        ),
    ),
    (
        httpx.PoolTimeout,
        _Trouble(
            "no connection of the pool became free in time",
            "Make fewer calls at the same time, or give a longer timeout.",
            lasts=True,
        ),
    ),
    (
        httpx.ProxyError,
        _Trouble("the proxy refused the connection to {}", "Check the proxy, and whether it lets the host through."),
    ),
    (
        httpx.ConnectError,
        _Trouble("no connection to {} could be made", "Check the network and the base URL, then try again."),
    ),
    (httpx.LocalProtocolError, _Trouble("the request cannot be sent as HTTP", _CHARACTERS, lasts=True)),
)

# All else may have reached the provider. InvalidURL and UnsupportedProtocol come from the Location of a redirect: the
# base URL was checked before.
_UNDERWAY = (
    (httpx.ReadTimeout, _Trouble("no reply from {} came in time", _SLOW)),
    (httpx.WriteTimeout, _Trouble("the request could not be sent to {} in time", _SLOW)),
    (httpx.RemoteProtocolError, _Trouble("the connection to {} broke off without a proper reply", _AGAIN)),
    (httpx.DecodingError, _Trouble("the reply could not be decoded", "Try again; if it stays so, tell the provider.")),
    (httpx.NetworkError, _Trouble("the connection to {} broke off", _AGAIN)),
    (httpx.InvalidURL, _Trouble("the provider redirects to what is no URL", _ADDRESS)),
    (httpx.UnsupportedProtocol, _Trouble("the provider redirects to what is neither http nor https", _ADDRESS)),
    (Exception, _Trouble("the HTTP client failed", _AGAIN)),
)

_NO_SUCH_NAME = _Trouble(
    "the connection to {} failed: the host's name was not found",
    "Check the host in the base URL, or the proxy's, and whether this machine is online.",
)
_NOBODY_THERE = _Trouble(
    "the connection to {} was refused",
    "Check host and port in the base URL, or the proxy's, and whether the server is running.",
)
_NO_WAY = _Trouble("no network leads to {}", "Check this machine's network, its VPN and its firewall.")
_NO_TLS = _Trouble(
    "the TLS handshake with {} failed",
    "Check that https is spoken there, as in the base URL, and that nothing on the way cuts in.",
)
_UNTRUSTED = _Trouble(
    "nobody who is trusted here vouches for the certificate of {}",
    "If an authority of your own does, as behind a company's proxy, name its certificates: connect(verify=PATH), "
    "--ca-file PATH.",
    lasts=True,
)
_OF_ANOTHER_HOST = _Trouble("the certificate of {} is that of another host", _ADDRESS, lasts=True)
_UNTIMELY = _Trouble(
    "the certificate of {} has expired, or is not valid yet",
    "Check this machine's clock; if it is right, tell whoever runs the server.",
    lasts=True,
)
# More attempts could lock the account that the proxy knows.
_PROXY_WANTS_LOGIN = _Trouble(
    "the proxy refused the connection to {}: it wants a user name and a password, or others",
    "Put them into its URL: http://USER:PASSWORD@HOST:PORT, as connect(proxy=…) or in HTTPS_PROXY.",
    lasts=True,
)

# X509_V_ERR_… of OpenSSL
_CERTIFICATES = {9: _UNTIMELY, 10: _UNTIMELY, 62: _OF_ANOTHER_HOST, 64: _OF_ANOTHER_HOST}
_UNREACHED = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_PROXY_LOGINS = ("407", "Invalid username/password")


def failed(
    call: Call, request: httpx.Request, cause: Exception, provider: str, handled: BaseException | None
) -> IssuantError:
    """Return the error for a request of `call` that had no reply, as httpx or a transport of one's own raised it.

    `handled` is what was being handled before it was sent: Python hangs that on `cause`, and it is none of its causes.
    """
    early = next((trouble for kind, trouble in _NEVER_SENT if isinstance(cause, kind)), None)
    trouble = next(trouble for kind, trouble in _UNDERWAY if isinstance(cause, kind)) if early is None else early
    if isinstance(cause, httpx.ConnectError | httpx.ProxyError):
        trouble = _connecting(cause, handled) or trouble
    # The auth sends requests of its own before the call: a login, whose loss the call has not felt.
    before = getattr(cause, "_request", None)
    is_before = before is not None and before is not request
    place = _place(before.url if isinstance(before, httpx.Request) else request.url)
    reason = f"{trouble.reason.replace('{}', place)} ({type(cause).__name__})"
    if early is None and not is_before:
        return unclear(call, reason, provider, advice=trouble.advice)
    failure = NotSentError(
        f"{'the login: ' if is_before else ''}{reason}.",
        advice=f"Nothing was sent. {trouble.advice}",
        provider=provider,
        operation=call.operation,
    )
    failure.is_passing = not trouble.lasts
    return failure


def _place(url: httpx.URL) -> str:
    """Return host and port, and nothing else of a URL."""
    host = url.netloc.decode("ascii", "replace")
    return host if url.port is not None else f"{host}:{443 if url.scheme == 'https' else 80}"


def _connecting(cause: Exception, handled: BaseException | None) -> _Trouble | None:
    """Return what kept a connection from being made, by what hangs on `cause`; None where that does not tell."""
    if isinstance(cause, httpx.ProxyError):
        return _PROXY_WANTS_LOGIN if str(cause).startswith(_PROXY_LOGINS) else None
    causes = tuple(_causes(cause, handled))
    untrusted = _first(causes, ssl.SSLCertVerificationError)
    if untrusted is not None:
        return _CERTIFICATES.get(getattr(untrusted, "verify_code", 0), _UNTRUSTED)
    if _first(causes, ssl.SSLError) is not None:
        return _NO_TLS
    if _first(causes, socket.gaierror) is not None:
        return _NO_SUCH_NAME
    if _first(causes, ConnectionRefusedError) is not None:
        return _NOBODY_THERE
    is_unreached = any(isinstance(one, OSError) and one.errno in _UNREACHED for one in causes)
    return _NO_WAY if is_unreached else None


def _first(causes: Iterable[BaseException], kind: type[E]) -> E | None:
    return next((one for one in causes if isinstance(one, kind)), None)


def _causes(cause: BaseException, handled: BaseException | None) -> Iterator[BaseException]:
    """Give `cause` and all that hangs on it, each once, up to what was being handled before."""
    links: list[BaseException | None] = [cause]
    seen: set[int] = set()
    while links:
        one = links.pop()
        if one is None or one is handled or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        links += [one.__context__, one.__cause__, *(one.exceptions if isinstance(one, BaseExceptionGroup) else ())]


def unclear(call: Call, reason: str, provider: str, *, advice: str = _AGAIN) -> IssuantError:
    """Return the error for a call that may have reached the provider, and has no reply; `reason` has no full stop.

    `advice` is for what only reads: of all else, it has to be found out first what came of it.
    """
    if call.reads:
        return UnansweredError(
            f"{reason}.", advice=f"Nothing was changed. {advice}", provider=provider, operation=call.operation
        )
    return OutcomeUnknownError(
        f"{reason}.",
        advice=after_doubt(call),
        provider=provider,
        operation=call.operation,
    )


def doubtful(call: Call, last: IssuantError, provider: str) -> IssuantError:
    """Return the error for a call whose last attempt had no effect, and one before it may have had."""
    error = unclear(call, f"an attempt had no reply, and after it {last.reason.rstrip('.')}", provider)
    error.status, error.request_id, error.retry_after = last.status, last.request_id, last.retry_after
    if last.retry_after:
        error.advice = f"{waiting(last.retry_after)}. {error.advice}"
    return error


def interrupted(step: Step, provider: str, reply: Reply | None = None) -> IssuantError:
    """Return the error for a step that was interrupted: other work than a call sends nothing.

    Of a `reply` that had come by then, it has what it tells of what was created.
    """
    if isinstance(step, Call) and step.may_have_acted:
        error = unclear(step, "it was interrupted while the provider was being asked", provider)
        if reply is not None:
            error = _cut_short(step, error, reply)
        for name, value in step.held.items():
            setattr(error, name, value)
        return error
    return NotSentError(
        "it was interrupted before anything was sent.",
        advice="Start again.",
        provider=provider,
        operation=step.operation if isinstance(step, Call) else None,
    )


def _cut_short(call: Call, error: IssuantError, reply: Reply) -> IssuantError:
    """Return the error for a call that was interrupted when a reply had come: `error`, where that shows no success."""
    if reply.succeeded and call.id_field is not None:
        return unusable(reply, ("it was interrupted before that",))
    error.status, error.request_id = reply.status, reply.request_id
    return error


def unbuildable(call: Call, kind: type[Exception], provider: str) -> NotSentError:
    """Return the error for a call that httpx can make no request of."""
    failure = NotSentError(
        f"no request can be made of it ({kind.__name__}).",
        advice=_CHARACTERS,
        provider=provider,
        operation=call.operation,
    )
    failure.is_passing = False
    return failure


def closed(call: Call, provider: str) -> UsageError:
    """Return the error for a call on a connection that is closed."""
    return UsageError(
        "the connection is closed.",
        advice="Open a new one with connect().",
        provider=provider,
        operation=call.operation,
    )
