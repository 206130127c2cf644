"""What the commands that rotate share: the rotator that they open, what is told meanwhile, and how they end.

Owns what is told where one stops half-way: how far it has come, and how to go on. Nothing that came is kept here: what
the journal does not hold yet is found again by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from issuant.cli.connecting import Reach
from issuant.cli.facts import Facts
from issuant.cli.operations import code_of, going_on, of_operation
from issuant.cli.output import REFUSED, emit, print_json, print_made, readable, told_safely
from issuant.cli.waiting import Waiting
from issuant.cli.wording import flags_of, operation_in_words, reword
from issuant.clock import now_utc
from issuant.errors import BusyError, Effect, IssuantError, UnfinishedError

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.connection import Connection
    from issuant.rotation.records import Operation
    from issuant.rotation.rotator import Rotator

_BEFORE = "before "


@contextmanager
def rotating(reach: Reach, waiting: Waiting) -> Iterator[Rotator]:
    """Open the journal, and tell each step in the line of `waiting`. Raises what opening a `Rotator` raises."""
    from issuant.rotation.rotator import Rotator  # help need not wait for what that imports

    def connect(account: Account, *, base_url: str | None = None) -> Connection:
        chosen = reach if base_url is None else replace(reach, server=None, base_url=base_url)
        return chosen.connect(account)

    def witness(label: str) -> None:
        if label.startswith(_BEFORE):
            waiting.doing = label.removeprefix(_BEFORE)

    with Rotator(connect=connect, witness=witness) as rotator:
        yield rotator


def carried_out(
    reach: Reach,
    credential: str,
    act: Callable[[Rotator], Operation],
    *,
    as_json: bool,
    code: Callable[[Operation], int] = code_of,
) -> int:
    """Do `act` with a credential, tell how far it has come, and return the exit code, which `code` tells.

    An error is raised where nothing was changed by then. Otherwise it is told here, with what goes on.
    """
    with Waiting(credential) as waiting, rotating(reach, waiting) as rotator:
        before = open_of(rotator, credential)
        failed: IssuantError | None = None
        try:
            operation = act(rotator)
        except IssuantError as error:
            failed = error
        except KeyboardInterrupt as stop:
            tell_stop(rotator, stop, as_json=as_json)
            raise
        left = open_of(rotator, credential)
        if failed is None:
            facts = {
                "provider": rotator.credential(credential).provider,
                **of_operation(operation, now_utc()),
            }
    if failed is None:
        _tell(operation, facts, as_json=as_json)
        return code(operation)
    if left is None or left == before or isinstance(failed, BusyError | UnfinishedError):
        raise failed
    tell_failure(failed, left, as_json=as_json)
    return REFUSED


def open_of(rotator: Rotator, credential: str) -> Operation | None:
    """Return what is open of a credential."""
    return next((one for one in rotator.operations() if one.credential == credential), None)


def tell_failure(error: IssuantError, operation: Operation, *, as_json: bool) -> None:
    """Tell what has stopped an operation, and what goes on with it."""
    reword(error, flags_of(click.get_current_context().command))
    if "`issuant resume" not in error.advice:
        error.advice = f"{error.advice} `{going_on(operation.credential)}` goes on.".lstrip()
    if as_json:
        state = of_operation(operation, operation.changed_at)["state"]
        print_json({**error.as_dict(), "credential": operation.credential, "state": state}, err=True)
        return
    error.operation = error.operation and operation_in_words(error.operation)
    emit(f"issuant: {readable(operation.credential)}, {operation.state.value}: {readable(str(error))}", err=True)


def tell_end(operation: Operation, *, as_json: bool) -> None:
    """Tell that an operation has come to nothing, where nobody may read the result."""
    if as_json:
        told = {"warning": "Ended", "credential": operation.credential, "reason": operation.note}
        print_json(told, err=True)
    else:
        said = f"{operation.credential} has come to nothing: {operation.note}"
        emit(f"issuant: {readable(said)}", err=True)


def tell_stop(rotator: Rotator, stop: KeyboardInterrupt, *, as_json: bool) -> None:
    """Tell what an interruption has left open."""
    said_of: BaseException | None = stop
    while said_of is not None:
        vars(said_of).pop("outcome", None)  # whatever it was, going on finds it
        said_of = said_of.__context__
    left: Sequence[Operation] = ()
    with suppress(IssuantError):
        left = rotator.operations()
    for operation in left:
        said = f"what is open of {operation.credential} stands at {operation.state.value};"
        advice = f"`{going_on(operation.credential)}` goes on."
        if as_json:
            told = {"warning": "Unfinished", "credential": operation.credential, "reason": said, "advice": advice}
            print_json(told, err=True)
        else:
            emit(f"issuant: {readable(said)} {readable(advice)}", err=True)


def _tell(operation: Operation, facts: Facts, *, as_json: bool) -> None:
    reason = told_safely(lambda: print_made(facts, None, as_json=as_json))
    if reason is not None:
        raise IssuantError(
            f"it was done, and the result could not be written to standard output: {reason}.",
            advice=f"`issuant journal {operation.credential}` tells it.",
            operation="rotate",
            id=operation.key_id,
            effect=Effect.CREATED,
        )
