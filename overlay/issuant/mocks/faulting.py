"""What a fault makes of a reply. Owns each kind's doing; knows of the vendor only how it refuses and pages."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.client import responses
from typing import Protocol
from urllib.parse import parse_qs

from .faults import Fault
from .messages import NO_HEADERS, Headers, Reply, Request

_HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"
_BLOCK = b" " * 1_000_000
_DIGITS = re.compile(r"[0-9]{1,9}\Z", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Paging:
    """How a vendor's lists go on from page to page.

    Attributes:
        field: the field of a reply that holds the token of the next page.
        parameter: the parameter of a request that takes it.
        token: makes a token of a number, ending in its digits.
        besides: what else a reply says that has a next page.
    """

    field: str
    parameter: str
    token: Callable[[int], object] = lambda number: f"page-{number}"
    besides: Mapping[str, object] = NO_HEADERS


class Vendor(Protocol):
    """What a fault has to know of a vendor."""

    @property
    def paging(self) -> Paging | None:
        """How its lists go on; None where they are whole."""

    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return a refusal in the vendor's words."""

    def retry_after(self, seconds: int) -> str:
        """Return how the vendor writes that one should wait."""


def afflict(fault: Fault, request: Request, answer: Callable[[Request], Reply], vendor: Vendor) -> Reply:
    """Return what is sent instead of `answer(request)`."""
    match fault.kind:
        case "status":
            wait = {} if fault.retry_after is None else {"Retry-After": vendor.retry_after(fault.retry_after)}
            return vendor.refuse(fault.code, headers=wait)
        case "drop-before":
            return Reply(status=0, dropped=True)
        case "reset-before":
            return Reply(status=0, reset=True)
        case "html" | "problem" | "redirect" | "body":
            return _stranger(fault)
        case "pages-repeat" | "pages-cycle" | "pages-endless":
            return _paged(fault, request, answer, vendor.paging)
    return _spoilt(fault, answer(request))


def _stranger(fault: Fault) -> Reply:
    """Return an answer that is not the vendor's."""
    title = f"{fault.code} {responses.get(fault.code, 'Unknown')}"
    match fault.kind:
        case "html":
            return _reply(fault.code, "text/html", _HTML.format(title).encode())
        case "problem":
            problem = {"type": "about:blank", "title": title[4:], "status": fault.code, "detail": "The gateway failed."}
            return _reply(fault.code, "application/problem+json", json.dumps(problem).encode())
        case "redirect":
            return _reply(fault.code, "text/html", _HTML.format(title).encode()).with_headers(
                ("Location", fault.location)
            )
    return _reply(fault.code, fault.content_type, fault.content)


def _reply(status: int, content_type: str, body: bytes) -> Reply:
    return Reply(status=status, headers=Headers([("Content-Type", content_type)]), body=body)


def _spoilt(fault: Fault, reply: Reply) -> Reply:
    """Return the vendor's own answer, which does not arrive as it was sent."""
    match fault.kind:
        case "empty":
            return replace(reply, body=b"")
        case "truncated":
            return _cut(reply)
        case "incomplete":
            kept = len(reply.body) // 2
            return replace(reply, body=reply.body[:kept], missing=len(reply.body) - kept or 1)
        case "wrong-shape":
            return _as_json(reply, json.dumps(_misshapen(reply.body)).encode())
        case "invalid-utf8":
            is_object = reply.body[:2] == b'{"'
            return _as_json(reply, b'{"\xff\xfe":0,' + reply.body[1:] if is_object else b'{"\xff\xfe":0}')
        case "oversized":
            return replace(reply, ahead=fault.size)
        case "gzip-bomb":
            return replace(reply, body=_compressed(fault.size, reply.body)).with_headers(("Content-Encoding", "gzip"))
        case "delay":
            return replace(reply, delay=fault.seconds)
        case "drip":
            return replace(reply, pause=fault.seconds)
        case "drop-after":
            return replace(reply, dropped=True)
        case "reset-after":
            return replace(reply, reset=True)
    raise AssertionError(f"nothing is known of {fault.kind}")


def _cut(reply: Reply) -> Reply:
    return replace(reply, body=reply.body[: max(1, len(reply.body) // 2)]) if reply.body else _as_json(reply, b"{")


def _as_json(reply: Reply, body: bytes) -> Reply:
    return replace(reply, body=body).with_headers(("Content-Type", "application/json"))


def _misshapen(body: bytes) -> object:
    document = json.loads(body) if body else None
    return {name: [value] for name, value in document.items()} if isinstance(document, dict) else [document]


def _compressed(blanks: int, body: bytes) -> bytes:
    gzip = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    parts = [gzip.compress(_BLOCK[: blanks - at]) for at in range(0, blanks, len(_BLOCK))]
    return b"".join([*parts, gzip.compress(body), gzip.flush()])


def _paged(fault: Fault, request: Request, answer: Callable[[Request], Reply], paging: Paging | None) -> Reply:
    """Return the first page of a list with the token of another one. What is no list that was found stays as it is."""
    if paging is None or request.method != "GET":
        return answer(request)
    given = parse_qs(request.query).get(paging.parameter, [""])[-1]
    reply = answer(request.without(paging.parameter))
    document = json.loads(reply.body) if reply.status == 200 and reply.body else None
    if not isinstance(document, dict):
        return reply
    found = _DIGITS.search(given)
    before = int(found[0]) if found else 0
    number = {"pages-repeat": 1, "pages-cycle": 2 if before == 1 else 1}.get(fault.kind, before + 1)
    return _as_json(reply, json.dumps({**document, **paging.besides, paging.field: paging.token(number)}).encode())
