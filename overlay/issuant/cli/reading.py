"""What is given in a file or on standard input: UTF-8 text, held as a Secret from its first line on."""

from __future__ import annotations

from typing import BinaryIO

from issuant.keys import invalid
from issuant.secret import Secret


def read_text(file: BinaryIO, *, field: str) -> Secret:
    """Return the text of `file`. Raises InvalidRequestError, naming `field`, where it is no text."""
    try:
        return Secret(file.read().decode())
    except UnicodeDecodeError:
        pass
    raise invalid(field, "what is given is not UTF-8 text", "Give it as text, a certificate request as PEM.")


def read_value(file: BinaryIO, *, field: str) -> Secret:
    """Return the text of `file` without the line break at its end, which echo and editors leave there."""
    return Secret(read_text(file, field=field).reveal().removesuffix("\n").removesuffix("\r"))
