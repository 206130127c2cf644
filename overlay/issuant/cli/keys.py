"""`issuant keys` lists keys, `issuant key` shows one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import of_key, word
from issuant.cli.listed import print_list
from issuant.cli.options import Words
from issuant.cli.output import json_lines_option, json_option, print_result
from issuant.cli.tables import Table
from issuant.cli.waiting import Waiting
from issuant.errors import UsageError
from issuant.inventory import KeyInfo
from issuant.keys import KeyStatus

if TYPE_CHECKING:
    from issuant.connection import Connection

_KEYS = Table[KeyInfo](
    things="keys",
    facts=of_key,
    fields=("id", "name", "status", "owner", "role", "created_at", "expires_at", "last_used", "hint"),
    columns=("id", "name", "status", "role", "created_at", "expires_at", "last_used", "hint"),
    where_known=("role",),
    absent={"expires_at": "never"},
)
_EVERYONES = replace(_KEYS, columns=("id", "name", "status", "owner", *_KEYS.columns[3:]))

# What a provider has to be able to do, so that a key of it can be in that status.
_NEEDED = {
    word(KeyStatus.PENDING_APPROVAL): "needs_approval",
    word(KeyStatus.PENDING_ACTIVATION): "sets_up_devices",
    word(KeyStatus.EXPIRED): "sets_expiry",
}


@click.command()
@click.argument("provider")
@click.option("--owner", metavar="USER", help="The id of the user whose keys are listed.")
@click.option("--everyone", is_flag=True, help="The keys of every user there is.")
@click.option("--name", help="Only keys of exactly this name.")
@click.option("--status", type=Words([word(status) for status in KeyStatus]), help="Only keys of this status.")
@json_lines_option
@connecting
def keys(
    provider: str,
    *,
    owner: str | None,
    everyone: bool,
    name: str | None,
    status: str | None,
    as_json: bool,
    reach: Reach,
) -> int:
    """List keys.

    A terminal shows a table. Anything else gets a line for each, without a heading: id, name, status, owner, role,
    created_at, expires_at, last_used and hint, separated by tabs. Times are in UTC.

    It ends with 1 where a key in the list cannot be read, or has no name and may have the one that is looked for; the
    others are printed all the same.
    """
    with reach.connect(provider) as connection:
        _check_possible(status, connection)
        return print_list(
            connection.keys(owner=owner, everyone=everyone, name=name),
            _EVERYONES if everyone else _KEYS,
            provider=provider,
            as_json=as_json,
            wanted=lambda key: status in (None, word(key.status)),
            is_narrowed=name is not None or status is not None,
        )


def _check_possible(status: str | None, connection: Connection) -> None:
    """Raise UsageError for a status that no key of the provider ever has: an empty list would be no answer."""
    needed = _NEEDED.get(status or "")
    if needed is not None and not getattr(connection.capabilities, needed):
        raise UsageError(
            f"no key there is ever {status}.",
            advice="Name another --status, or none.",
            provider=connection.provider,
            operation="keys",
            field="status",
        )


@click.command()
@click.argument("provider")
@click.argument("id")
@click.option("--owner", metavar="USER", help="The id of the user whose key it is.")
@json_option
@connecting
def key(
    provider: str,
    *,
    id: str,  # noqa: A002 - the argument's name in the usage line
    owner: str | None,
    as_json: bool,
    reach: Reach,
) -> None:
    """Show the key of an ID, with all that is known of it but its value."""
    with reach.connect(provider) as connection, Waiting(provider):
        found = connection.key(id, owner=owner)
    facts = of_key(found)
    if not as_json and found.expires_at is None:
        facts["expires_at"] = "never"
    print_result(facts, as_json=as_json)
