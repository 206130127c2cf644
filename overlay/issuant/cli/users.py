"""`issuant users` lists whom keys can be issued for, `issuant user` creates and shows one."""

from __future__ import annotations

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import of_user
from issuant.cli.listed import print_list
from issuant.cli.output import json_lines_option, json_option, print_done, print_result
from issuant.cli.tables import Table
from issuant.cli.waiting import Waiting
from issuant.inventory import UserInfo

_USERS = Table[UserInfo](
    things="users",
    facts=of_user,
    fields=("id", "name", "email", "role", "service_account", "state", "created_at"),
    columns=("id", "name", "email", "role", "service_account", "state"),
)
_account = click.option("--account", "account_id", help="The account, instead of the environment's.")


@click.command()
@click.argument("provider")
@_account
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


@click.group()
def user() -> None:
    """Create or show a user or service account that keys can be issued for."""


@user.command()
@click.argument("provider")
@click.argument("id")
@_account
@json_option
@connecting
def get(
    provider: str,
    *,
    id: str,  # noqa: A002 - the argument's name in the usage line
    account_id: str | None,
    as_json: bool,
    reach: Reach,
) -> None:
    """Show the user of an ID."""
    with reach.connect(provider) as connection, Waiting(provider):
        found = connection.user(id, account_id=account_id)
    print_result(of_user(found), as_json=as_json)


@user.command(short_help="Create a user or service account.")
@click.argument("provider")
@click.argument("id")
@click.option("--role", required=True, help="What it may do, in the provider's word.")
@click.option("--service-account", is_flag=True, help="It is a program.")
@click.option("--name", default="", help="What it is called.")
@click.option("--email", help="Its address.")
@_account
@json_option
@connecting
def create(
    provider: str,
    *,
    id: str,  # noqa: A002 - the argument's name in the usage line
    role: str,
    service_account: bool,
    name: str,
    email: str | None,
    account_id: str | None,
    as_json: bool,
    reach: Reach,
) -> None:
    """Create a user or service account of an ID, for which keys can then be issued. Nothing here deletes one."""
    with reach.connect(provider) as connection, Waiting(provider):
        made = connection.create_user(
            id, role=role, service_account=service_account, name=name, email=email, account_id=account_id
        )
    facts = of_user(made)
    told = {"provider": facts.pop("provider"), "outcome": "created", **facts}
    print_done(told, as_json=as_json, operation="create_user")
