"""What some sinks can do besides `check` and `store`. Owns the abilities and the rule for the name of a slot.

Whether a sink has one is asked with isinstance: `isinstance(sink, Stages)`. A value that can be read back can be
compared as well: with what was stored, and, by the digest that `check` returns, with what stood there before.

| Sink | staged | read back, and compared |
|---|---|---|
| `file:PATH` | yes | yes |
| `env:PATH#NAME` | no: its one replacement is atomic | yes |
| `keyring:SERVICE/USER` | yes | yes |
| `fireworks:SECRET_ID#KEY_NAME` | no | no: the vendor never shows a value |
| `exec:COMMAND` | no | no |
"""

from __future__ import annotations

import re
from typing import Protocol, runtime_checkable

from issuant.secret import Secret

_SLOT = re.compile(r"[a-z0-9-]{1,40}\Z")


@runtime_checkable
class ReadsBack(Protocol):
    """A sink whose value can be read."""

    def read(self) -> Secret | None:
        """Return the value that is kept, exactly as it stands there; None where there is none.

        Raises SinkNotReadyError where it cannot be read.
        """


@runtime_checkable
class Settles(Protocol):
    """A sink whose line leaves something to the environment, and can be written so that it does not."""

    def lasting(self) -> str:
        """Return what stands behind the colon of a line that names the same sink everywhere.

        Raises SinkNotReadyError where that cannot be told.
        """


@runtime_checkable
class Stages(Protocol):
    """A sink that can keep a value in a slot beside its place, where nobody who reads the place finds it.

    A slot is named by whoever stages: 1 to 40 of a-z, 0-9 and the hyphen. All three raise ValueError for another name,
    SinkNotReadyError or OSError where they fail, and may be called again, also by another process after a kill.
    """

    def stage(self, value: Secret, slot: str) -> None:
        """Put `value` into the slot, over what an earlier call left there; it is on disk when this returns."""

    def promote(self, slot: str, found: object) -> None:
        """Move the value from the slot into its place, at once.

        `found` is what `check` returned. Where the place is another by now and does not hold the value, it is left as
        it is, and so is the slot. Where the slot is gone and the place is another than it was found, that is taken for
        the move of an earlier call: whether it was, `read` tells.
        """

    def unstage(self, slot: str) -> None:
        """Remove the slot with all that an interrupted call left of it; nothing where there is none."""


def check_slot(slot: str) -> str:
    """Return `slot`. Raises ValueError for what can be no slot's name, such as one that leads elsewhere."""
    if not _SLOT.match(slot):
        raise ValueError(f"{slot!r} is no name of a slot: give 1 to 40 of a-z, 0-9 and the hyphen")
    return slot
