"""From Python values to what a request carries. Owns the forms of JSON, queries, paths, headers, cookies, forms and
multipart bodies; refuses nothing that a signature lets through. UNSET goes nowhere.

Facts
- httpx writes a value that it does not know by `str`: an object in a form would go out as Python, a time with a blank.
- OpenAPI writes an object or a list of objects in a form as JSON, and a boolean as `true`, not `True`.
- httpx takes a sync stream for a sync request only, so the content of a file is read here.
- httpx warns of cookies for one request; a header of our own it sends as it is, and leaves its own cookies out then.
"""

import datetime
import json
import os
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Any
from urllib.parse import quote
from uuid import UUID

from .types import UNSET, File, FileTypes, RequestFiles

_PLAIN = frozenset((str, int, float, bool, type(None)))
_NO_NAMES: Mapping[str, str] = {}


def to_json(value: Any) -> Any:
    """The value as plain JSON data."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return to_object(value)
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value if item is not UNSET]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, File):
        return _text_of_file(value)
    return value.to_dict() if hasattr(value, "to_dict") else value


def to_object(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as a JSON object, without those that are UNSET."""
    return {name: to_json(value) for name, value in fields.items() if value is not UNSET}


def to_parts(fields: Mapping[str, Any]) -> RequestFiles:
    """The fields as the parts of a multipart body; a list is a part for each of its items, null is left out."""
    return [
        (name, _part(item))
        for name, value in fields.items()
        for item in (value if isinstance(value, list | tuple) else [value])
        if item is not UNSET and item is not None
    ]


def path(value: Any) -> str:
    """The value as a segment of a path."""
    return quote(_text(to_json(value)), safe="")


def query(
    parameters: Mapping[str, Any], *, joined: Mapping[str, str] = _NO_NAMES, deep: Collection[str] = ()
) -> dict[str, Any]:
    """The parameters as httpx takes them, without null.

    A list is its name repeated, or in one piece with what `joined` says between the items; an object is its fields, or
    `name[field]` where it is in `deep`.
    """
    result: dict[str, Any] = {}
    for name, value in to_object(parameters).items():
        if name in joined and isinstance(value, list | dict):
            result[name] = joined[name].join(_items(value))
        elif isinstance(value, dict):
            result |= _deep(value, name) if name in deep else _spread(value)
        elif value is not None:
            result[name] = _flat(value)
    return result


def headers(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as headers, without null; lists and objects are joined by commas."""
    return {name: _text(value) for name, value in to_object(parameters).items() if value is not None}


def cookies(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as the header Cookie, if there are any."""
    pairs = "; ".join(f"{name}={value}" for name, value in headers(parameters).items())
    return {"Cookie": pairs} if pairs else {}


def form(body: Any, *, deep: Collection[str] = ()) -> dict[str, Any]:
    """The fields of the body as httpx takes them for a form; those in `deep` as `name[field]`."""
    result: dict[str, Any] = {}
    for name, value in to_json(body).items():
        if name in deep and isinstance(value, dict | list):
            result |= _deep(value, name)
        else:
            result[name] = _flat(value)
    return result


def content(body: Any) -> Any:
    """The body as it goes out: the bytes of a file, or the text."""
    return body.payload.read() if isinstance(body, File) else body


def media_type(given: str | None, *declared: str) -> str:
    """The media type that was given with a file, else the first that the document declares."""
    return given or declared[0]


def multipart_type(declared: str) -> str:
    """The declared multipart type with a boundary that no file can hold by chance."""
    return f"{declared}; boundary={os.urandom(16).hex()}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return ",".join(_items(value))
    return "" if value is None else str(value)


def _items(value: list[Any] | dict[str, Any]) -> Iterator[str]:
    found = value if isinstance(value, list) else [part for pair in value.items() for part in pair]
    return (_scalar(item) for item in found if item is not None)


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else _text(value)


def _flat(value: Any) -> str | list[str]:
    return [_scalar(item) for item in value if item is not None] if isinstance(value, list) else _scalar(value)


def _spread(value: dict[str, Any]) -> dict[str, Any]:
    return {name: _flat(item) for name, item in value.items() if item is not None}


def _deep(value: dict[str, Any] | list[Any], name: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, dict) or (isinstance(item, list) and any(isinstance(inner, dict | list) for inner in item)):
            result |= _deep(item, f"{name}[{key}]")
        elif item is not None:
            result[f"{name}[{key}]"] = _flat(item)
    return result


def _part(value: Any) -> FileTypes:
    if isinstance(value, File):
        return value.to_tuple()
    plain = to_json(value)
    if isinstance(plain, dict | list):
        return None, json.dumps(plain, ensure_ascii=False).encode(), "application/json"
    return None, _text(plain).encode(), "text/plain"


def _text_of_file(value: File) -> str:
    start = value.payload.tell() if value.payload.seekable() else None
    text = value.payload.read().decode()
    if start is not None:
        value.payload.seek(start)
    return text


__all__ = [
    "content",
    "cookies",
    "form",
    "headers",
    "media_type",
    "multipart_type",
    "path",
    "query",
    "to_json",
    "to_object",
    "to_parts",
]
