"""`issuant resume`: goes on with everything that is open, one after the other, and tells each as it is then."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.operations import OPERATIONS, code_of
from issuant.cli.output import PENDING, REFUSED, emit, is_terminal, json_lines_option
from issuant.cli.rotating import open_of, rotating, tell_end, tell_failure, tell_stop
from issuant.cli.tables import Rows, rows_of
from issuant.cli.waiting import Waiting
from issuant.clock import now_utc
from issuant.errors import BusyError, Effect, UsageError
from issuant.rotation.states import State

if TYPE_CHECKING:
    from issuant.rotation.rotator import Resumed, Rotator


@click.command()
@click.argument("credential", metavar="[NAME]", required=False)
@click.option(
    "--to", multiple=True, metavar="SINK", help="Keep the value of NAME here from now on; once for each sink."
)
@click.option("--replace", is_flag=True, help="Write over what a new SINK holds.")
@click.option("--force", is_flag=True, help="Wait for nothing, and give up a create whose end nobody can tell.")
@click.option("--leave", is_flag=True, help="Let the old key of NAME live, where it can never be removed.")
@json_lines_option
@connecting
def resume(
    credential: str | None, *, to: Sequence[str], replace: bool, force: bool, leave: bool, as_json: bool, reach: Reach
) -> int:
    """Go on with what is open: of NAME, or of all.

    It is safe at any time, also while another does the same: run it from a timer. What has failed is told on standard
    error, and does not keep it from the others.

    Where a sink of NAME is gone for good, --to names all that are to hold the value instead, as long as the new key is
    not current yet. One that NAME has already keeps what it has; where the id is kept stays.

    Where the old key of NAME can never be removed, as its removal is refused or nobody does it, --leave ends the
    rotation without that. `note` tells which key it is, and `issuant strays` shows it from then on.

    A terminal shows a table. Anything else gets a line for each that was open: credential, kind, state, began_at,
    changed_at, due_at, failures, key_id, note and error, separated by tabs. Times are in UTC.

    \b
    It ends with
      0  nothing is open any more
      1  something has failed
      3  something waits: for a time, for people, or for another process that has it in hand
    """
    codes = {0}
    with Waiting(credential or "the providers") as waiting, rotating(reach, waiting) as rotator:
        wanted = _wanted(rotator, credential, to, leave=leave)
        rows = rows_of(OPERATIONS, as_json=as_json)
        try:
            for name in wanted:
                for done in rotator.resume(name, sinks=to or None, force=force, replace=replace, leave=leave):
                    with waiting.aside():
                        codes.add(_told(done, now_utc(), rows, as_json=as_json))
        except KeyboardInterrupt as stop:
            tell_stop(rotator, stop, as_json=as_json)
            raise
        finally:
            with waiting.aside():
                rows.end()
    if not wanted and is_terminal(sys.stdout) and not as_json:
        emit("issuant: nothing is open.", err=True)
    return next(code for code in (REFUSED, PENDING, 0) if code in codes)


def _wanted(rotator: Rotator, credential: str | None, to: Sequence[str], *, leave: bool) -> list[str]:
    """Return the credentials that something is open of, NAME alone where it is given. Raises UsageError."""
    if credential is None:
        if to or leave:
            given = "--to" if to else "--leave"
            raise UsageError(f"{given} is given without NAME.", advice="Name the credential that it is for.")
        return [one.credential for one in rotator.operations()]
    rotator.credential(credential)  # an unknown name is refused
    if open_of(rotator, credential) is not None:
        return [credential]
    if to:
        raise UsageError(
            f"nothing of {credential!r} is open.",
            advice="`issuant rotate NAME --to SINK` makes another key, and keeps it there.",
            field="to",
        )
    if leave:
        raise UsageError(
            f"nothing of {credential!r} is open.",
            advice="`issuant strays` shows the keys that are left.",
            field="leave",
        )
    return []


def _told(done: Resumed, now: datetime, rows: Rows, *, as_json: bool) -> int:
    """Tell how far an operation has come, and return the exit code for it."""
    rows.add(OPERATIONS.facts((done.operation, now)))
    if done.error is None:
        if done.operation.state is State.ENDED:
            tell_end(done.operation, as_json=as_json)
        return code_of(done.operation)
    if isinstance(done.error, BusyError) and done.error.effect is Effect.NONE:
        return PENDING
    tell_failure(done.error, done.operation, as_json=as_json)
    return REFUSED
