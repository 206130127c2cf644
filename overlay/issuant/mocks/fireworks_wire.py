"""Fireworks requests and refusals on the wire. Owns google.rpc.Status and reading bodies and queries; holds no state.

Facts
- Errors are google.rpc.Status, as a grpc-gateway writes them. That the vendor does so is not verified.
- A gateway drops unknown fields and unknown parameters; a parameter that is given twice is refused.
- protojson would take null for any field; the documents do not allow it, so it is refused here.
- A body of another media type is refused with 415. A gateway may well read it as JSON; not verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.client import responses
from urllib.parse import parse_qs

from .messages import NO_HEADERS, RefusedError, Reply, Request
from .reading import read_json

# google/rpc/code.proto, by the HTTP status that a grpc-gateway gives each.
_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 409: 6, 413: 3, 415: 3, 429: 8, 500: 13, 501: 12, 503: 14, 504: 4}
_UNKNOWN = 2


def refusal(status: int, message: str = "", headers: Mapping[str, str] = NO_HEADERS) -> Reply:
    """Return a google.rpc.Status."""
    text = message or responses.get(status, "Unknown")
    return Reply.json(status, {"code": _CODES.get(status, _UNKNOWN), "message": text, "details": []}, headers)


def refused(status: int, message: str) -> RefusedError:
    """Return what ends a request with a refusal."""
    return RefusedError(refusal(status, message))


def invalid(place: str, fault: str) -> RefusedError:
    """Return what ends a request whose data is at fault, at `place`."""
    return refused(400, f"{place}: {fault}")


def read_object(request: Request) -> dict[str, object]:
    """Return the JSON object in a request's body. Raises RefusedError for anything else."""
    if request.media_type != "application/json":
        raise refused(415, "the body must be application/json")
    try:
        document = read_json(request.body)
    except ValueError as error:
        raise refused(400, str(error)) from None
    if not isinstance(document, dict):
        raise refused(400, "the body must be a JSON object")
    return document


def read_query(request: Request) -> dict[str, str]:
    """Return the query's parameters. Raises RefusedError where one is given twice."""
    found = parse_qs(request.query, keep_blank_values=True)
    for name, values in found.items():
        if len(values) > 1:
            raise invalid(name, "given more than once")
    return {name: values[0] for name, values in found.items()}


def read_text(fields: Mapping[str, object], name: str) -> str | None:
    """Return a text, None where it is not given. Raises RefusedError for another type."""
    if name not in fields:
        return None
    text = fields[name]
    if not isinstance(text, str):
        raise invalid(name, "not a string")
    return text


def read_flag(fields: Mapping[str, object], name: str) -> bool | None:
    """Return a boolean, None where it is not given. Raises RefusedError for another type."""
    if name not in fields:
        return None
    flag = fields[name]
    if not isinstance(flag, bool):
        raise invalid(name, "not a boolean")
    return flag
