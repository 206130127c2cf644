"""What is given in a file or on standard input: UTF-8 text, held as a Secret from its first line on."""

from __future__ import annotations

import sys
from pathlib import Path

from issuant.keys import invalid
from issuant.secret import Secret


def read_text(place: str, *, field: str) -> Secret:
    """Return the text of the file at `place`, `-` being standard input.

    Raises InvalidRequestError, naming `field`, where it cannot be read or is no text.
    """
    reason, advice = "what is given is not UTF-8 text", "Give it as text, a certificate request as PEM."
    try:
        return Secret(_read(place).decode())
    except OSError as cause:
        reason, advice = f"{place}: {cause.strerror}", "Name a file that can be read, or - for standard input."
    except UnicodeDecodeError:
        pass
    raise invalid(field, reason, advice)


def read_value(place: str, *, field: str) -> Secret:
    """Return the text at `place` without the line break at its end, which echo and editors leave there."""
    return Secret(read_text(place, field=field).reveal().removesuffix("\n").removesuffix("\r"))


def _read(place: str) -> bytes:
    if place != "-":
        return Path(place).read_bytes()
    return b"" if sys.stdin is None else sys.stdin.buffer.read()  # a daemon may have none
