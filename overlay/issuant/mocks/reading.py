"""Reading JSON, times and ids from requests as a strict server does. Owns no vendor's rules and no wording of errors.

Facts
- RFC 3339 asks for an offset; section 5.6 lets applications write a space instead of the T.
- Python's json takes NaN, numbers beyond a double and lone surrogates; none of them can be written back as JSON.
"""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Never

MAX_DEPTH = 100

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})([Tt ])(\d{2}:\d{2}:\d{2}(?:\.\d+)?)([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def _refuse_constant(text: str) -> Never:
    raise ValueError(f"{text} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is out of range")
    return number


def _is_too_deep(document: object) -> bool:
    level = [document]
    for _ in range(MAX_DEPTH):
        nested: list[object] = []
        for value in level:
            if isinstance(value, dict):
                nested.extend(value.values())
            elif isinstance(value, list):
                nested.extend(value)
        if not nested:
            return False
        level = nested
    return True


def read_json(body: bytes) -> object:
    """Return the JSON document in `body`. Raises ValueError, showing nothing of the body, for anything else."""
    # Raised outside the except block: json's own error holds the whole text, and would stay as the context.
    with suppress(ValueError, RecursionError):
        text = body.decode("utf-8")
        document: object = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
        # Only an escape can bring a lone surrogate into decoded UTF-8.
        if "\\u" in text:
            json.dumps(document, ensure_ascii=False).encode()
        if not _is_too_deep(document):
            return document
    raise ValueError("the body is not valid JSON")


def read_instant(value: object, *, separators: str = "Tt") -> datetime | None:
    """Return an RFC 3339 time as an aware datetime, in UTC where that can be written; None for anything else."""
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[2] not in separators:
        return None
    try:
        instant = datetime.fromisoformat(f"{found[1]}T{found[3]}{found[4].upper()}")
    except ValueError:
        return None
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        # In the first and last hours of the calendar the same instant has no UTC date in years 1 to 9999.
        return instant


def is_uuid(value: object) -> bool:
    """Tell whether `value` is a UUID in its hyphenated form, of any version."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None
