"""`issuant due`: what expires soon and what is stuck, with an exit code for timers. It asks nothing of any provider."""

from __future__ import annotations

import sys
from datetime import timedelta

import click

from issuant.cli.facts import Facts, moment, word
from issuant.cli.options import Lifetime
from issuant.cli.output import DUE, emit, is_terminal, json_lines_option
from issuant.cli.tables import Table, rows_of
from issuant.rotation import inspection
from issuant.rotation.inspection import Due


def _of_due(due: Due) -> Facts:
    return {
        "credential": due.credential,
        "kind": word(due.kind),
        "due_at": moment(due.at),
        "reason": due.reason,
    }


_DUES = Table[Due](
    things="credentials that are due",
    facts=_of_due,
    fields=("credential", "kind", "due_at", "reason"),
    columns=("credential", "kind", "due_at", "reason"),
    whole=("reason",),
    time_width=16,
)


@click.command()
@click.option(
    "--within", type=Lifetime(), default=timedelta(days=14), show_default="14d", help="What expires in that time."
)
@json_lines_option
def due(*, within: timedelta, as_json: bool) -> int:
    """Tell which keys expire soon, and what has failed, waits for people, or could go on.

    A terminal shows a table. Anything else gets a line for each: credential, kind, due_at and reason, separated by
    tabs.

    \b
    kind is
      expires           the key expires within that time
      expired           it has expired
      failed            the last step has failed
      waits_for_people  people have to approve a key, or to remove one
      held_up           the grace is over, and the old key is still in use, or the provider's clock is behind
      can_go_on         nothing is waited for: run `issuant resume`

    \b
    It ends with
      0  nothing is due
      6  something is
    """
    from issuant.rotation.journal import Journal  # help need not wait for what that imports; nothing is sent

    with Journal() as book:
        found = inspection.due(book.credentials(), book.open_operations(), book.now(), within)
    rows = rows_of(_DUES, as_json=as_json)
    for each in found:
        rows.add(_of_due(each))
    rows.end()
    if not found and is_terminal(sys.stdout) and not as_json:
        emit("issuant: nothing is due.", err=True)
    return DUE if found else 0
