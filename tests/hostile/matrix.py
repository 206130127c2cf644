"""The matrix of hostile replies: what a vendor may answer to a create, and what has to come of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
from issuant import (
    AuthenticationError,
    ConflictError,
    Effect,
    IssuantError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnusableReplyError,
)

from tests.hostile.operations import MODES, OPERATIONS, REQUEST_ID, Mode, Operation
from tests.hostile.wire import Answer, Broken, Sent

HTML = b"<html>\n<head><title>Hello</title></head>\n<body><h1>Hello</h1></body>\n</html>\n"
DEEP = b"[" * 10_000 + b"]" * 10_000


@dataclass(frozen=True, kw_only=True)
class Row:
    """One operation, one hostile answer, and what has to come of it; `kind` None stands for success.

    Where it `may_succeed`, its success is no fault either: what an adapter can do without is its own rule.
    """

    name: str
    operation: Operation
    mode: Mode
    answer: Answer
    kind: type[IssuantError] | None
    effect: Effect = Effect.NONE
    id: str | None = None
    secret: str | None = None
    retry_after: float | None = None
    may_succeed: bool = False

    @property
    def label(self) -> str:
        return f"{self.operation.name}-{self.name}-{self.mode}"


STATUSES: dict[int, tuple[type[IssuantError], Effect]] = {
    **dict.fromkeys(
        (300, 301, 302, 303, 304, 307, 308, 408, 500, 501, 502, 503, 504, 520, 599, 600, 700, 999),
        (OutcomeUnknownError, Effect.UNKNOWN),
    ),
    **dict.fromkeys((400, 402, 405, 413, 415, 418, 422, 451, 499), (RefusedError, Effect.NONE)),
    401: (AuthenticationError, Effect.NONE),
    403: (PermissionDeniedError, Effect.NONE),
    404: (NotFoundError, Effect.NONE),
    409: (ConflictError, Effect.NONE),
    429: (RateLimitedError, Effect.NONE),
}


def _text(document: object) -> bytes:
    return json.dumps(document).encode()


WRONG_VALUES: dict[str, object] = {"null": None, "number": 12, "list": ["a"], "object": {"a": "b"}, "true": True}

# Bodies of any shape, with their content type. None of them is a key, so a 2xx of it is no success either.
BODIES: dict[str, tuple[bytes, str]] = {
    "html": (HTML, "text/html"),
    "empty": (b"", "application/json"),
    "blank": (b" \n ", "application/json"),
    "no-type": (b"", ""),
    "text": (b"service unavailable", "text/plain"),
    "cut": (b'{"message": "inv', "application/json"),
    "list": (_text([{"message": "a"}]), "application/json"),
    "string": (_text("denied"), "application/json"),
    "number": (b"12", "application/json"),
    "null": (b"null", "application/json"),
    "nan": (b'{"code": NaN, "message": Infinity, "detail": -Infinity}', "application/json"),
    "long-number": (b'{"code": ' + b"9" * 5_000 + b"}", "application/json"),
    "surrogate": (rb'{"message": "\ud800 denied", "detail": "\udfff denied"}', "application/json"),
    "no-object": (b"{}", "application/json"),
    "deep": (DEEP, "application/json"),
    "deep-within": (b'{"detail": ' + DEEP + b', "message": "a"}', "application/json"),
    "not-utf8": (b'{"message": "\xff\xfe", "detail": "\xff"}', "application/json"),
    "utf16": ('{"message": "denied"}'.encode("utf-16"), "application/json"),
    "bytes": (bytes(range(256)), "application/octet-stream"),
    "duplicates": (b'{"message": "a", "message": 3, "detail": [], "detail": "b"}', "application/json"),
    "lines": (_text({"message": "one\n\ntwo\r\nthree", "detail": "one\n\ntwo\u2028three"}), "application/json"),
    "message-code": (_text({"message": "invalid signature", "code": -1}), "application/octet-stream"),
    "error-object": (_text({"error": {"type": "FORBIDDEN", "message": "no"}}), "application/json"),
    "error-type-unknown": (_text({"error": {"type": "BRAND_NEW", "message": "no"}}), "application/json"),
    "error-string": (_text({"error": "no"}), "application/json"),
    "problem": (_text({"type": "about:blank", "title": "No", "status": 400}), "application/problem+json"),
    "detail-string": (_text({"detail": "Not authenticated"}), "application/json"),
    "detail-list": (
        _text({"detail": [{"loc": ["body", "description"], "msg": "Field required", "type": "missing", "input": {}}]}),
        "application/json",
    ),
    "detail-odd": (
        _text({"detail": [3, None, [], {"loc": "body", "msg": 4, "type": None}, {"loc": [[], {}, -1, 1e9, True]}]}),
        "application/json",
    ),
    **{
        f"{field}-{name}": (_text({"code": 1, "message": "a", field: value}), "application/json")
        for field in ("code", "message", "error", "detail", "details")
        for name, value in WRONG_VALUES.items()
    },
    **{
        f"error-{field}-{name}": (_text({"error": {"type": "a", "message": "b", field: value}}), "application/json")
        for field in ("type", "message")
        for name, value in WRONG_VALUES.items()
    },
}
HUGE = {
    "huge-text": (b"word " * 1_000_000, "text/plain"),
    "huge-message": (_text({"message": "word " * 1_000_000, "detail": "word " * 1_000_000}), "application/json"),
    "huge-word": (_text({"message": "a" * 5_000_000, "detail": "a" * 5_000_000}), "application/json"),
}

RETRY_AFTER: dict[str, tuple[str, float | None]] = {
    "seconds": ("30", 30.0),
    "zero": ("0", 0.0),
    "date": ("Wed, 02 Jan 2030 03:05:05 GMT", 60.0),
    "past-date": ("Wed, 02 Jan 2030 03:03:05 GMT", 0.0),
    "negative": ("-5", None),
    "fraction": ("1.5", None),
    "words": ("in a while", None),
    "blank": (" ", None),
    "endless": ("9" * 5_000, None),
    "far-year": ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    "far-offset": ("Mon, 01 Jan 2030 00:00:00 +99999999999", None),
    "no-day": ("Thu, 31 Feb 2030 00:00:00 GMT", None),
}

BREAKS: dict[type[Exception], tuple[type[IssuantError], Effect]] = {
    httpx.ConnectError: (NotSentError, Effect.NONE),
    httpx.ConnectTimeout: (NotSentError, Effect.NONE),
    httpx.PoolTimeout: (NotSentError, Effect.NONE),
    httpx.ProxyError: (NotSentError, Effect.NONE),
    httpx.UnsupportedProtocol: (OutcomeUnknownError, Effect.UNKNOWN),
    httpx.ReadTimeout: (OutcomeUnknownError, Effect.UNKNOWN),
    httpx.WriteTimeout: (OutcomeUnknownError, Effect.UNKNOWN),
    httpx.ReadError: (OutcomeUnknownError, Effect.UNKNOWN),
    httpx.WriteError: (OutcomeUnknownError, Effect.UNKNOWN),
    httpx.CloseError: (OutcomeUnknownError, Effect.UNKNOWN),
    httpx.RemoteProtocolError: (OutcomeUnknownError, Effect.UNKNOWN),
    httpx.DecodingError: (OutcomeUnknownError, Effect.UNKNOWN),
    httpx.TooManyRedirects: (OutcomeUnknownError, Effect.UNKNOWN),
    OSError: (OutcomeUnknownError, Effect.UNKNOWN),
    RuntimeError: (OutcomeUnknownError, Effect.UNKNOWN),
    RecursionError: (OutcomeUnknownError, Effect.UNKNOWN),
}

LOCATIONS = {
    "elsewhere": "https://other.invalid/",
    "relative": "/again",
    "no-url": "http://[::1",
    "login": "https://user:pw@other.invalid/",
}


def rows() -> Iterator[Row]:
    """Every row that does not depend on the fields of a good reply."""
    for operation in OPERATIONS:
        for mode in MODES:
            yield from _refusals(operation, mode)
            yield from _senseless_successes(operation, mode)
            yield from _headers(operation, mode)
            for failure, (kind, effect) in BREAKS.items():
                name = f"break-{failure.__name__}"
                answer = Broken(kind=failure)
                yield Row(name=name, operation=operation, mode=mode, answer=answer, kind=kind, effect=effect)


def _refusals(operation: Operation, mode: Mode) -> Iterator[Row]:
    pairs = [(status, body) for status in STATUSES for body in ("html", "empty", "message-code")]
    pairs += [(status, body) for status in (422, 502) for body in {**BODIES, **HUGE}]
    for status, body in dict.fromkeys(pairs):
        kind, effect = STATUSES[status]
        content, content_type = {**BODIES, **HUGE}[body]
        sent = Sent(status=status, body=content, content_type=content_type, headers={"X-Request-ID": REQUEST_ID})
        yield Row(name=f"{status}-{body}", operation=operation, mode=mode, answer=sent, kind=kind, effect=effect)


def _senseless_successes(operation: Operation, mode: Mode) -> Iterator[Row]:
    for status in (200, 201, 202, 299):
        for body, (content, content_type) in {**BODIES, **HUGE}.items():
            if status != 200 and body not in ("html", "cut", "list", "empty"):
                continue
            accepted = operation.reply is None and not content.strip()
            sent = Sent(status=status, body=content, content_type=content_type, headers={"X-Request-ID": REQUEST_ID})
            yield Row(
                name=f"{status}-{body}",
                operation=operation,
                mode=mode,
                answer=sent,
                kind=None if accepted else UnusableReplyError,
                effect=Effect.CREATED if operation.reply and _is_object(content) else Effect.UNKNOWN,
            )


def _is_object(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False


def _headers(operation: Operation, mode: Mode) -> Iterator[Row]:
    good = b"" if operation.reply is None else _text(operation.reply)
    for coding, body in {"gzip": good or HTML, "deflate": HTML, "gzip-cut": gzip.compress(HTML)[:-12]}.items():
        sent = Sent(body=body, headers={"Content-Encoding": coding.removesuffix("-cut")})
        yield Row(
            name=f"not-{coding}",
            operation=operation,
            mode=mode,
            answer=sent,
            kind=UnusableReplyError,  # the status has come
            effect=Effect.UNKNOWN,
        )
    for name, (value, seconds) in RETRY_AFTER.items():
        sent = Sent(status=429, headers={"Retry-After": value})
        yield Row(
            name=f"retry-after-{name}",
            operation=operation,
            mode=mode,
            answer=sent,
            kind=RateLimitedError,
            retry_after=seconds,
        )
    for status in (301, 302, 303, 307, 308):
        for name, location in LOCATIONS.items():
            yield Row(
                name=f"redirect-{status}-{name}",
                operation=operation,
                mode=mode,
                answer=Sent(status=status, headers={"Location": location}),
                kind=OutcomeUnknownError,
                effect=Effect.UNKNOWN,
            )


ROWS = tuple(rows())
