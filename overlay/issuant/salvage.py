"""What can still be read of a reply that cannot be used. Owns finding one field in it, by the names that lead there.

It takes JSON that is cut off or damaged, and refuses what cannot be shown: a name or a value that is not printable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TypeAlias

Field: TypeAlias = str | tuple[str, ...]
"""A field of a reply: its name, or all the names that lead to it, from object to object."""

_MOST = 100_000  # bytes


def salvage(fields: Mapping[str, object] | None, content: bytes, field: Field, *, numbers: bool) -> str | None:
    """Return the text, or with `numbers` the number, in a field of a body; `fields` are None where it is no object.

    Where there is no object, or it lacks the first name, the first field of the last name counts that comes behind the
    names before it: another object's field of the same name is not taken for it.
    """
    names = (field,) if isinstance(field, str) else field
    if fields is not None and names[0] in fields:
        inner: object = fields
        for name in names:
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        return _shown(inner, numbers=numbers)
    body = content[:_MOST].decode("utf-8", errors="replace")
    start = _behind(body, names[:-1])
    if start is None:
        return None
    pattern = rf'"{re.escape(names[-1])}"\s*:\s*("(?:[^"\\]|\\.){{1,10000}}"|[0-9]{{1,30}}(?=\s*[,}}\]]))'
    found = re.compile(pattern).search(body, start)
    if found is None:
        return None
    try:
        return _shown(json.loads(found[1]), numbers=numbers)
    except ValueError:
        return None


def _behind(body: str, names: tuple[str, ...]) -> int | None:
    start = 0
    for name in names:
        found = re.compile(rf'"{re.escape(name)}"\s*:').search(body, start)
        if found is None:
            return None
        start = found.end()
    return start


def _shown(value: object, *, numbers: bool) -> str | None:
    is_shown = isinstance(value, str) or (numbers and isinstance(value, int) and not isinstance(value, bool))
    return str(value) if is_shown and str(value).isprintable() else None
