"""Replies that repeat a secret to whoever sent it, as some servers do."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

from tests.hostile.operations import Operation
from tests.hostile.wire import Sent

COOKIE = "TEST_session_cookie_1Vc6_not_a_key"

FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda secret: secret,
    "in-a-sentence": lambda secret: f"the key {secret} is wrong",
    "quoted": lambda secret: f'"{secret}"',
    "url-quoted": lambda secret: quote(secret, safe=""),
    "json-escaped": lambda secret: json.dumps(secret),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64-of-a-pair": lambda secret: base64.b64encode(f"mock-user:{secret}".encode()).decode(),
    "line": lambda secret: secret.splitlines()[len(secret.splitlines()) // 2],
}


def good(operation: Operation) -> Sent:
    """The reply of a success, with a cookie."""
    body = b"" if operation.reply is None else json.dumps(operation.reply).encode()
    return Sent(body=body, headers={"Set-Cookie": f"session={COOKIE}"})


def refusals(echo: str) -> Iterator[tuple[str, Sent]]:
    """Refusals with `echo` in each place that an error body or header has."""
    bodies: dict[str, object] = {
        "message": {"message": echo, "code": 3},
        "code": {"message": "no", "code": echo},
        "error-message": {"error": {"type": "FORBIDDEN", "message": echo}},
        "error-type": {"error": {"type": echo, "message": "no"}},
        "details": {"code": 3, "message": "no", "details": [{"@type": echo, "reason": echo}]},
        "detail": {"detail": echo},
        "input": {"detail": [{"loc": ["body", "api_key"], "msg": "bad", "type": "string_type", "input": echo}]},
        "ctx": {"detail": [{"loc": ["body"], "msg": "bad", "type": "value_error", "ctx": {"error": echo}}]},
        "loc": {"detail": [{"loc": ["body", echo], "msg": "bad", "type": "missing"}]},
        "msg": {"detail": [{"loc": ["body"], "msg": echo, "type": "missing"}]},
        "type": {"detail": [{"loc": ["body"], "msg": "bad", "type": echo}]},
        "name": {echo: echo, "message": "no"},
    }
    for status in (401, 422, 500):
        for place, body in bodies.items():
            yield f"{status}-{place}", Sent(status=status, body=json.dumps(body).encode())
    yield "401-text", Sent(status=401, body=echo.encode(), content_type="text/plain")
    header = echo.encode("ascii", "replace").decode().replace("\n", " ").replace("\r", " ").strip()
    for name in ("X-Request-ID", "Retry-After", "WWW-Authenticate", "Set-Cookie", "Location", "Content-Type"):
        yield f"429-{name}", Sent(status=429, body=b"{}", headers={name: header})
    yield "302-location", Sent(status=302, headers={"Location": f"https://other.invalid/{quote(header, safe='')}"})
