"""`issuant journal`: what is open, which credentials there are, and the whole story of one; `issuant forget`.

Nothing is asked of any provider.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from issuant.cli.facts import Facts, joined
from issuant.cli.operations import CREDENTIALS, EVENTS, OPERATIONS, of_credential, of_operation, place_in_words
from issuant.cli.output import emit, is_terminal, json_lines_option, json_option, print_facts, print_json, print_result
from issuant.cli.tables import rows_of
from issuant.errors import UsageError

if TYPE_CHECKING:
    from issuant.rotation.journal import Journal
    from issuant.rotation.records import Credential, Operation


@click.command()
@click.argument("credential", metavar="[NAME]", required=False)
@click.option("--all", "everything", is_flag=True, help="Every credential that is looked after, not what is open.")
@json_lines_option
def journal(credential: str | None, *, everything: bool, as_json: bool) -> None:
    """Show what is open, and for how long it has stood where it is; or all that has happened to NAME.

    A terminal shows a table. Anything else gets a line for each, without a heading, separated by tabs. Of what is open:
    credential, kind, state, began_at, changed_at, due_at, failures, key_id, note and error. With --all: credential,
    provider, key_id, key_name, owner, expires_at, rotated_at, open and sinks. With NAME: operation, kind, happened_at,
    state and words of each event; --json makes one object of all that. Times are in UTC.

    The journal is in the folder that ISSUANT_STATE names, or in the user's state folder.
    """
    if credential is not None and everything:
        raise UsageError("both NAME and --all are given.", advice="Give one.", field="everything")
    with _opened() as book:
        if credential is not None:
            _tell_story(book, book.credential(credential), as_json=as_json)
        elif everything:
            rows, found = rows_of(CREDENTIALS, as_json=as_json), book.credentials()
            working = {one.credential: one for one in book.open_operations()}
            for each in found:
                rows.add(CREDENTIALS.facts((each, working.get(each.name))))
            rows.end()
            _tell_none(len(found), CREDENTIALS.things, as_json=as_json)
        else:
            rows_open, opened = rows_of(OPERATIONS, as_json=as_json), book.open_operations()
            for operation in opened:
                rows_open.add(OPERATIONS.facts((operation, book.now())))
            rows_open.end()
            _tell_none(len(opened), OPERATIONS.things, as_json=as_json)


@click.command()
@click.argument("credential", metavar="NAME")
@json_option
def forget(credential: str, *, as_json: bool) -> None:
    """Look after NAME no more. Its key lives on at the provider, and its sinks keep it; the journal's story is gone.

    It is refused while something of it is open.
    """
    with _opened() as book:
        gone = book.credential(credential)
        book.forget(credential)
    print_result(
        {"provider": gone.provider, "outcome": "forgotten", "credential": gone.name, "key_id": gone.key_id},
        as_json=as_json,
    )


def _opened() -> Journal:
    from issuant.rotation.journal import Journal  # help need not wait for what that imports

    return Journal()


def _tell_none(found: int, things: str, *, as_json: bool) -> None:
    if not found and is_terminal(sys.stdout) and not as_json:
        emit(f"issuant: the journal has no {things}.", err=True)


def _parts(book: Journal, operation: Operation) -> Facts:
    """Return what belongs to an operation: how far the value has come into each sink, and its attempts."""
    return {
        "sinks": {place_in_words(one.place): one.state.value for one in book.deliveries(operation)},
        "attempts": [
            {"number": one.number, "name": one.name, "key_id": one.key_id, "fate": one.fate.value}
            for one in book.attempts(operation)
        ],
    }


def _tell_story(book: Journal, credential: Credential, *, as_json: bool) -> None:
    operations = book.operations(credential.name)
    working = next((one for one in operations if not one.state.is_final), None)
    facts = of_credential(credential, working)
    events = [
        EVENTS.facts((operation, event, book.deliveries(operation)))
        for operation in operations
        for event in book.events(operation)
    ]
    if as_json:
        told = [{**of_operation(one, book.now()), **_parts(book, one)} for one in operations]
        print_json({**facts, "operations": told, "events": events})
        return
    if is_terminal(sys.stdout):
        print_facts(joined(facts))
        emit("")
    rows = rows_of(EVENTS, as_json=False)
    for event in events:
        rows.add(event)
    rows.end()
