"""The names that keys get, by which they are found again. Owns making and reading a marker.

A key's name is `<stem>-x<code>-<attempt>`: the code is drawn anew for each operation, so that a key of that name is
provably one of it. 40 random bits are no secret; they only must not meet again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from issuant.keys import invalid

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: nothing that is mistaken for something else
_LENGTH = 8
_MARKED = re.compile(rf"(?P<stem>.*)-x(?P<code>[{_ALPHABET}]{{{_LENGTH}}})-(?P<attempt>[1-9][0-9]{{0,2}})\Z", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Marker:
    """What a key's name tells: what it is for, and which attempt of which operation it comes of."""

    stem: str
    code: str
    attempt: int


def new_code(choice: Callable[[str], str] = secrets.choice) -> str:
    """Return the code of a new operation."""
    return "".join(choice(_ALPHABET) for _ in range(_LENGTH))


def marked(stem: str, code: str, attempt: int, *, longest: int) -> str:
    """Return the name of the key of an attempt, at most `longest` characters: the stem is cut to fit.

    Raises InvalidRequestError where nothing of the stem would be left.
    """
    tail = f"-x{code}-{attempt}"
    room = longest - len(tail)
    kept = stem[:room].rstrip(" -") if room > 0 else ""
    if not kept:
        raise invalid("name", "it leaves no room for the mark by which the key is found again", "Give another name.")
    return kept + tail


def read_marker(name: str) -> Marker | None:
    """Return what the name of a key tells; None where it has no mark."""
    found = _MARKED.fullmatch(name)
    if found is None:
        return None
    return Marker(stem=found["stem"], code=found["code"], attempt=int(found["attempt"]))
