"""`issuant users`: whom keys can be issued for."""

from __future__ import annotations

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import of_user
from issuant.cli.listed import print_list
from issuant.cli.output import json_lines_option
from issuant.cli.tables import Table
from issuant.inventory import UserInfo

_USERS = Table[UserInfo](
    things="users",
    facts=of_user,
    fields=("id", "name", "email", "role", "service_account", "state", "created_at"),
    columns=("id", "name", "email", "role", "service_account", "state"),
)


@click.command()
@click.argument("provider")
@click.option("--account", "account_id", help="The account, instead of the environment's.")
@json_lines_option
@connecting
def users(provider: str, *, account_id: str | None, as_json: bool, reach: Reach) -> int:
    """List the users and service accounts that keys can be issued for.

    A terminal shows a table. Anything else gets a line for each, without a heading: id, name, email, role,
    service_account (yes or no), state and created_at, separated by tabs. It ends with 1 where one of the list cannot be
    read.
    """
    with reach.connect(provider) as connection:
        return print_list(connection.users(account_id=account_id), _USERS, provider=provider, as_json=as_json)
