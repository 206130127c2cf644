"""From Python values to what a request carries. Owns the forms of JSON, queries, paths, headers, cookies, forms and
multipart bodies; refuses what would reach another resource, or that no header or part of a form can carry, and shows
no value then. UNSET goes nowhere.

Facts
- httpx writes a value that it does not know by `str`: an object in a form would go out as Python, a time with a blank.
- OpenAPI writes an object or a list of objects in a form as JSON, and a boolean as `true`, not `True`.
- httpx takes a sync stream for a sync request only, so the content of a file is read here.
- httpx takes the segments `.` and `..` out of a path, and what stands before the latter.
- A header carries ASCII that prints, tabs and inner blanks; h11 shows the value that it refuses.
- httpx warns of cookies for one request; a header of our own it sends as it is, and leaves its own cookies out then.
"""

import datetime
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID

from .types import UNSET, File, FileTypes, RequestFiles

_HEADER = re.compile(r"([!-~]([\t -~]*[!-~])?)?")
_COOKIE_OCTETS = "!#$%&'()*+/:<=>?@[]^`{|}"
"""What a cookie's value may hold beside letters, digits and what `quote` never changes."""
_PLAIN = frozenset((str, int, float, bool, type(None)))
_EXACT = 2**53
"""Below this every whole number has a float of its own."""
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
        (name, _part(item, name))
        for name, value in fields.items()
        for item in (value if isinstance(value, list | tuple) else [value])
        if item is not UNSET and item is not None
    ]


def path(value: Any, name: str) -> str:
    """The value of the argument as a segment of a path.

    Raises ValueError for what would make another path: an empty text, one dot or two.
    """
    text = _text(to_json(value))
    if text in ("", ".", ".."):
        raise ValueError(f"{name} cannot stand in a path: it is empty, or nothing but dots")
    return quote(text, safe="")


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
        elif isinstance(value, list | dict) and name in deep:
            result |= _deep(value, name)
        elif isinstance(value, dict):
            result |= _spread(value)
        elif value is not None:
            result[name] = _flat(value)
    return result


def headers(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as headers, without null; lists and objects are joined by commas.

    Raises ValueError for what no header can carry.
    """
    return {name: _sendable(name, _text(value)) for name, value in _present(parameters)}


def cookies(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as the header Cookie, if there are any; what would end a cookie's value is percent-encoded."""
    pairs = "; ".join(f"{name}={_cookie(value)}" for name, value in _present(parameters))
    return {"Cookie": _sendable("Cookie", pairs)} if pairs else {}


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


def _present(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in to_object(parameters).items() if value is not None)


def _sendable(name: str, text: str) -> str:
    if _HEADER.fullmatch(text) is None:
        raise ValueError(f"the header {name} cannot carry its value: it takes ASCII that prints, no blank at the ends")
    return text


def _cookie(value: Any) -> str:
    parts = _items(value) if isinstance(value, list | dict) else [_text(value)]
    return ",".join(quote(part, safe=_COOKIE_OCTETS) for part in parts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))  # a whole number is written without a fraction, as JSON readers other than Python's do
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


def _part(value: Any, name: str) -> FileTypes:
    if isinstance(value, bytes | bytearray):
        value = File(payload=BytesIO(value))
    elif hasattr(value, "read"):
        value = File(payload=value)
    if isinstance(value, File):
        file_name, payload, mime_type = value.to_tuple()[:3]
        # Without a file name a server takes the part for a text.
        given = file_name or os.path.basename(str(getattr(value.payload, "name", "")))
        return given or name, payload, mime_type
    plain = to_json(value)
    if isinstance(plain, dict | list):
        return None, json.dumps(plain, ensure_ascii=False).encode(), "application/json"
    if plain is not None and not isinstance(plain, str | int | float):
        raise TypeError(f"a part of a form cannot be of type {type(plain).__name__}; a file is a File")
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
