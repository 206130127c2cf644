"""`issuant strays`: a provider's keys against the journal. What it deletes is provably ours, and nothing needs it.

Owns that exactly what a person has been shown is what is removed, and that each removal is told, whatever comes after.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from issuant.cli.asking import agrees, check_askable
from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import Facts, of_key, word
from issuant.cli.listed import tell_problem
from issuant.cli.output import PENDING, REFUSED, emit, is_terminal, json_lines_option, print_json, readable
from issuant.cli.rotating import rotating
from issuant.cli.tables import Table, rows_of
from issuant.cli.waiting import Waiting
from issuant.cli.wording import flags_of, operation_in_words, reword
from issuant.errors import IssuantError, UsageError
from issuant.rotation.inspection import Stray
from issuant.rotation.records import Standing

if TYPE_CHECKING:
    from issuant.rotation.inspection import Strays
    from issuant.rotation.rotator import Rotator

_SHOWN = ("provider", "id", "name", "status", "owner", "created_at", "expires_at", "last_used")


def _of_stray(stray: Stray) -> Facts:
    key = of_key(stray.key)
    return {
        **{name: key[name] for name in _SHOWN},
        "standing": word(stray.holding.standing),
        "credential": stray.holding.credential,
        "removed": stray.removed,
        "note": stray.note or (None if stray.error is None else stray.error.reason),
    }


_STRAYS = Table[Stray](
    things="keys",
    facts=_of_stray,
    fields=("id", "name", "standing", "credential", "status", "owner", "created_at", "last_used", "removed", "note"),
    columns=("id", "name", "standing", "credential", "status", "created_at", "last_used", "removed", "note"),
    where_known=("credential", "last_used", "note"),
    whole=("name", "note"),
)


@click.command()
@click.argument("provider")
@click.option("--everyone", is_flag=True, help="The keys of every user there is.")
@click.option("--delete", is_flag=True, help="Remove the keys that are left over. They are shown, and you are asked.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@json_lines_option
@connecting
def strays(provider: str, *, everyone: bool, delete: bool, yes: bool, as_json: bool, reach: Reach) -> int:
    """List the keys of PROVIDER, with what each is to the journal.

    \b
    current  it is the key of a credential
    in_work  something that is open has made it, or is to revoke it
    left     a rotation has made or replaced it, and is over: nothing needs it
    unknown  the journal does not know it; it may be anybody's

    --delete removes those that are left, and nothing else: each is known to the journal by its id, or by the whole name
    that one attempt gave it. One that is needed by then stays. What fails is told on standard error, and does not keep
    it from the others.

    A terminal shows a table. Anything else gets a line for each: id, name, standing, credential, status, owner,
    created_at, last_used, removed and note, separated by tabs.

    \b
    It ends with
      0  done
      1  a key in the list cannot be read, or one could not be removed; or you said no
      3  only a person can remove a key
    """
    if yes and not delete:
        raise UsageError("--yes is given without --delete.", advice="Give both, or none.", field="yes")
    if delete:
        check_askable(provider=provider, operation="strays", yes=yes)
    with Waiting(provider) as waiting, rotating(reach, waiting) as rotator:
        found = rotator.strays(provider, everyone=everyone)
        with waiting.aside():
            for problem in found.problems:
                tell_problem(problem, provider, as_json=as_json)
            left = [stray for stray in found if stray.holding.standing is Standing.LEFT]
            if delete and not yes and left and not _agrees(left):
                return REFUSED
        codes = _told(rotator, found, waiting, delete=delete, as_json=as_json)
    if found.problems:
        codes.add(REFUSED)
    elif not found.keys and is_terminal(sys.stdout) and not as_json:
        emit(f"issuant: {provider} has no keys.", err=True)
    return next(code for code in (REFUSED, PENDING, 0) if code in codes)


def _agrees(left: Sequence[Stray]) -> bool:
    for stray in left:
        emit(readable(f"{stray.key.id}  {stray.key.name}, of {stray.holding.credential}"), err=True)
    return agrees("Revoke these keys?" if len(left) > 1 else "Revoke this key?")


def _told(rotator: Rotator, found: Strays, waiting: Waiting, *, delete: bool, as_json: bool) -> set[int]:
    """Tell of each key, after removing it where that is wanted, and return the exit codes for them."""
    codes = {0}
    rows = rows_of(_STRAYS, as_json=as_json)
    try:
        for each in found:
            wanted = delete and each.holding.standing is Standing.LEFT
            stray = rotator.remove_stray(each) if wanted else each
            if stray.note:
                codes.add(PENDING)
            with waiting.aside():
                rows.add(_of_stray(stray))
                if stray.error is not None:
                    codes.add(REFUSED)
                    _tell_failure(stray.error, stray, as_json=as_json)
    finally:
        with waiting.aside():
            rows.end()
    return codes


def _tell_failure(error: IssuantError, stray: Stray, *, as_json: bool) -> None:
    reword(error, flags_of(click.get_current_context().command))
    if as_json:
        print_json({**error.as_dict(), "id": stray.key.id}, err=True)
        return
    error.operation = error.operation and operation_in_words(error.operation)
    emit(f"issuant: {readable(stray.key.id)} is not removed: {readable(str(error))}", err=True)
