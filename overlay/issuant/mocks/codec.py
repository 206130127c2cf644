"""The state of a simulator as JSON. Owns how each kind of value is written and read back; refuses all others.

Facts
- What JSON has stands as it is. Else an object with one name that begins with $ says the kind: `{"$time": "…"}`, or
  for a dataclass of this package `{"$fireworks_state.User": {…}}`. Nothing but these is made of what is read.
- A field whose values must not or cannot be written as they are says so: `field(metadata={WRITTEN: Writing(…)})`.
"""

from __future__ import annotations

import base64
import re
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from .messages import Headers

WRITTEN = "written"
"""The entry of a field's metadata that holds its Writing."""

_CLASS = re.compile(r"\$([a-z_]+)\.([A-Za-z]+)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Writing:
    """How the value of a field is written as a text, and read back."""

    write: Callable[[Any], str]
    read: Callable[[str], object]


def encode(value: object) -> object:
    """Return a value as a JSON document. Raises TypeError for one of a kind that is not known."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, tuple):
        return {"$tuple": [encode(item) for item in value]}
    if isinstance(value, deque):
        return {"$deque": [encode(item) for item in value]}
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, Headers):
        return {"$headers": [[name, text] for name, text in value.items()]}
    if isinstance(value, OrderedDict):
        return {"$ordered": _pairs(value)}
    if isinstance(value, dict):
        is_plain = all(isinstance(name, str) and not name.startswith("$") for name in value)
        return {name: encode(item) for name, item in value.items()} if is_plain else {"$pairs": _pairs(value)}
    if is_dataclass(value) and type(value).__module__.startswith(f"{__package__}."):
        kind = type(value)
        name = f"${kind.__module__.removeprefix(f'{__package__}.')}.{kind.__name__}"
        return {name: {field.name: _field(field.metadata, getattr(value, field.name)) for field in fields(value)}}
    raise TypeError(f"a {type(value).__name__} cannot be written")


def decode(document: object) -> Any:
    """Return the value that was written as `document`. Raises ValueError for what is none."""
    if isinstance(document, list):
        return [decode(item) for item in document]
    if not isinstance(document, dict):
        return document
    name = next(iter(document), "")
    if not name.startswith("$"):
        return {key: decode(item) for key, item in document.items()}
    content, found = document[name], _CLASS.fullmatch(name)
    try:
        if found is not None:
            return _instance(found[1], found[2], content)
        return _KINDS[name](content)
    except (KeyError, TypeError, ValueError, AttributeError, ImportError):
        pass
    raise ValueError(f"{name} cannot be read")


def _pairs(value: Mapping[Any, Any]) -> list[object]:
    return [[encode(key), encode(item)] for key, item in value.items()]


def _read_pairs(content: list[list[object]]) -> list[tuple[Any, Any]]:
    return [(decode(key), decode(item)) for key, item in content]


_KINDS: Mapping[str, Callable[[Any], object]] = {
    "$tuple": lambda content: tuple(decode(item) for item in content),
    "$deque": lambda content: deque(decode(item) for item in content),
    "$time": datetime.fromisoformat,
    "$bytes": lambda content: base64.b64decode(content, validate=True),
    "$headers": lambda content: Headers((name, text) for name, text in content),
    "$ordered": lambda content: OrderedDict(_read_pairs(content)),
    "$pairs": lambda content: dict(_read_pairs(content)),
}


def _field(metadata: Mapping[str, Any], value: object) -> object:
    writing = metadata.get(WRITTEN)
    return writing.write(value) if isinstance(writing, Writing) else encode(value)


def _instance(module: str, name: str, content: Mapping[str, object]) -> object:
    kind = vars(import_module(f"{__package__}.{module}"))[name]
    if not (isinstance(kind, type) and is_dataclass(kind)):
        raise TypeError(name)
    writings = {field.name: field.metadata.get(WRITTEN) for field in fields(kind)}
    return kind(
        **{
            field: writing.read(str(value)) if isinstance(writing := writings[field], Writing) else decode(value)
            for field, value in content.items()
        }
    )
