"""A credential, and the life of one of its rotations in the journal, without a provider."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from issuant.rotation.journal import Journal
from issuant.rotation.markers import new_code
from issuant.rotation.records import Credential, Delivered, Operation
from issuant.rotation.states import State
from issuant.secret import Secret

ROOT = Path(__file__).parents[2]
"""Where a process of its own finds this module."""

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
VALUE = "fw_TEST_not_a_key_" + "0123456789abcdef" * 300  # long enough for pages of its own
PARTS = {"value": Secret(VALUE)}
PLACES = ("file:a", "env:b#C")

CI = Credential(
    name="ci",
    provider="galileo",
    base_url="https://api.galileo.test",
    scope="",
    stem="ci key",
    request="{}",
    sinks=PLACES,
    key_id=None,
    key_name=None,
    owner="u1",
    expires_at=None,
    fingerprint=None,
    entered_at=NOW,
    rotated_at=None,
)
CI_WITH_KEY = replace(CI, key_id="k1", key_name="ci key, by hand", fingerprint="f1")


def begun(journal: Journal, credential: Credential = CI_WITH_KEY) -> Operation:
    """Enter a credential and begin an operation of it."""
    journal.enter(credential)
    return journal.begin(credential, code=new_code())


def creating(journal: Journal, seen: Operation) -> Operation:
    """Begin an attempt whose value is made here."""
    name = f"ci-x{seen.code}-{seen.attempt + 1}"
    return journal.begin_attempt(seen, name=name, parts=PARTS, idempotency_key=None)


def life(journal: Journal, seen: Operation) -> Iterator[Operation]:
    """Take a rotation from its intent to its end; each step is one commit."""
    yield (seen := creating(journal, seen))
    yield (seen := journal.created(seen, key_id="k2", parts={"value": Secret(VALUE)}))
    yield (seen := journal.move(seen, State.VERIFIED))
    for place in PLACES:
        journal.delivered(seen, place, Delivered.STAGED)
        yield seen
    yield (seen := journal.move(seen, State.STAGED))
    for place in PLACES:
        journal.delivered(seen, place, Delivered.STORED)
        yield seen
    yield (seen := journal.promoted(seen, value=Secret(VALUE)))
    yield (seen := journal.move(seen, State.REVOKING))
    yield (seen := journal.move(seen, State.SWEEP))
    yield (seen := journal.swept(seen, again_in=timedelta(minutes=10)))
    yield journal.move(seen, State.DONE)


STEPS = 13


def at_state(journal: Journal, state: State) -> Operation:
    """Begin a rotation and take it to `state`."""
    seen = begun(journal)
    return seen if seen.state is state else next(step for step in life(journal, seen) if step.state is state)


def bytes_in(folder: Path) -> bytes:
    """Return what stands in every file of a folder, read by a process of its own.

    SQLite's locks are the process's: were a file of the database opened and closed here, they would be gone.
    """
    script = "import pathlib, sys\nfor p in sorted(pathlib.Path(sys.argv[1]).rglob('*')):\n"
    script += "  if p.is_file(): sys.stdout.buffer.write(p.read_bytes())"
    return subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, check=True).stdout
