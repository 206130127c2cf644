"""What must be so at every instant of an issue or a rotation, and what at its end. Each finding is a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path

from issuant.rotation.journal import Journal
from issuant.rotation.states import State

from tests.rotation.scenes import NAME, Scene
from tests.rotation.vendor import Vendor

LOST = "a place has lost its value"
DEAD = "a place holds a value that the provider does not accept"
READABLE = "a value can be read in the journal"
UNMARKED = "a key was asked for before its name was written down"
ORPHAN = "a key lives that is not the current one"
OPEN = "an operation is open for ever"


def broken_at_any_time(
    scene: Scene, vendor: Vendor, folder: Path, state: Path, *, values: Set[str], has_key: bool
) -> Iterator[str]:
    """Yield what is wrong, whatever has just happened. No file of the journal may be open in this process.

    `values` are all secrets there are; `has_key` tells whether the credential had one before.
    """
    content = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
    if any(form in content for value in values for form in _forms(value)):
        yield READABLE
    if not all(name.encode() in content for name in vendor.created_names()):
        yield UNMARKED
    for value in scene.held(folder, vendor):
        if value is None and has_key:
            yield LOST
        if value is not None and not vendor.opens(value):
            yield DEAD


def broken_at_the_end(scene: Scene, vendor: Vendor, folder: Path, state: Path, *, was: str | None) -> Iterator[str]:
    """Yield what is wrong where all should be settled; `was` is the id of the key before, None where there was none."""
    ours = vendor.ours()
    with Journal(state) as journal:
        if journal.open_operations():
            yield OPEN
        credential = next(iter(journal.credentials()), None)
        operations = journal.operations(NAME) if credential else ()
    current = credential.key_id if credential else None
    if operations and operations[-1].state is not State.DONE:
        yield f"the operation came to nothing: {operations[-1].note}"
    if set(ours) - {current}:
        yield ORPHAN
    if current is not None and current not in ours:
        yield "the current key does not live"
    if len(operations) > (was is not None) and current == was:
        yield "the key was not rotated"
    for value in scene.held(folder, vendor):
        if current is not None and (value is None or vendor.opens(value) != (current,)):
            yield "a place does not hold the current key"
    if scene.held_id(folder) not in (None, current):
        yield "the id that is kept is not the current key's"
    if scene.left_in_slots(folder):
        yield "something is left in a slot"
    if vendor.pending():
        yield "a request waits for approval that nobody needs"


def _forms(value: str) -> list[bytes]:
    """Return how a value would be seen in a file: any line of a private key, or the whole."""
    lines = [line for line in value.splitlines() if not line.startswith("-----") and len(line) > 20]
    return [line.encode() for line in lines or [value]]
