"""Storing as an issue does it: checked first, and then stored over what the check found."""

from __future__ import annotations

from issuant.keys import Sink
from issuant.secret import Secret


def keep(sink: Sink, value: str) -> None:
    """Put `value` into `sink`, whatever stands there."""
    sink.store(Secret(value), sink.check(vacant=False))
