"""`issuant secret`: the secrets that a provider keeps. None is ever read back, and none is an argument of the command:
arguments stand in process lists and shell histories.
"""

from __future__ import annotations

import sys

import click

from issuant.cli.asking import agrees, check_askable
from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import of_secret
from issuant.cli.listed import print_list
from issuant.cli.output import (
    REFUSED,
    is_terminal,
    json_lines_option,
    json_option,
    print_done,
    print_facts,
    print_result,
)
from issuant.cli.reading import read_text, read_value
from issuant.cli.tables import Table
from issuant.cli.waiting import Waiting
from issuant.keys import StoredSecret, invalid
from issuant.secret import Secret

_SECRETS = Table[StoredSecret](
    things="secrets", facts=of_secret, fields=("id", "key_name", "name"), columns=("id", "key_name", "name")
)
_account = click.option("--account", "account_id", help="The account, instead of the environment's.")


@click.group()
def secret() -> None:
    """Store, list and delete secrets at a provider that keeps them."""


@secret.command("list")
@click.argument("provider")
@_account
@json_lines_option
@connecting
def list_(provider: str, *, account_id: str | None, as_json: bool, reach: Reach) -> int:
    """List the secrets, without their values.

    A terminal shows a table. Anything else gets a line for each, without a heading: id, key_name and name, separated by
    tabs. It ends with 1 where one of the list cannot be read.
    """
    with reach.connect(provider) as connection:
        return print_list(connection.secrets(account_id=account_id), _SECRETS, provider=provider, as_json=as_json)


@secret.command()
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
    """Show what is known of the secret of an ID. Its value is never read back."""
    with reach.connect(provider) as connection, Waiting(provider):
        found = connection.secret(id, account_id=account_id)
    print_result(of_secret(found), as_json=as_json)


@secret.command()
@click.argument("provider")
@click.argument("id")
@click.option("--key-name", required=True, help="The variable name, such as WOLFRAM_ALPHA_API_KEY.")
@click.option("--no-replace", is_flag=True, help="Refuse where there is a secret of this ID.")
@click.option("--keep-newline", is_flag=True, help="The line break at the end of standard input is part of the value.")
@_account
@json_option
@connecting
def put(
    provider: str,
    *,
    id: str,  # noqa: A002 - the argument's name in the usage line
    key_name: str,
    no_replace: bool,
    keep_newline: bool,
    account_id: str | None,
    as_json: bool,
    reach: Reach,
) -> None:
    """Store a secret under ID. The value comes from standard input, or is asked for on a terminal.

    One line break at the end of standard input is left out, as echo puts it there.
    """
    with reach.connect(provider) as connection:
        value = _value(keep_newline=keep_newline)
        with Waiting(provider):
            stored = connection.put_secret(
                id, key_name=key_name, value=value, account_id=account_id, replace=not no_replace
            )
    facts = of_secret(stored)
    told = {"provider": facts.pop("provider"), "outcome": "replaced" if stored.replaced else "stored", **facts}
    print_done(told, as_json=as_json, operation="put_secret")


@secret.command()
@click.argument("provider")
@click.argument("id")
@click.option("--yes", "-y", is_flag=True, help="Do not look it up and ask.")
@_account
@json_option
@connecting
def delete(
    provider: str,
    *,
    id: str,  # noqa: A002 - the argument's name in the usage line
    yes: bool,
    account_id: str | None,
    as_json: bool,
    reach: Reach,
) -> int:
    """Delete the secret of an ID. You are asked; where nobody can be and --yes is not given, nothing is sent."""
    with reach.connect(provider) as connection:
        if connection.capabilities.stores_secrets:
            check_askable(provider=provider, operation="delete_secret", yes=yes)
        if not yes:
            with Waiting(provider):
                found = connection.secret(id, account_id=account_id)
            print_facts(of_secret(found), err=True)
            if not agrees("Delete this secret?"):
                return REFUSED
        with Waiting(provider):
            gone = connection.delete_secret(id, account_id=account_id)
    done = {"provider": gone.provider, "outcome": "deleted", "id": gone.id, "request_id": gone.request_id}
    print_done(done, as_json=as_json, operation="delete_secret")
    return 0


def _value(*, keep_newline: bool) -> Secret:
    if is_terminal(sys.stdin):
        value = Secret(click.prompt("Value", hide_input=True, confirmation_prompt=True, err=True))
    else:
        value = (read_text if keep_newline else read_value)("-", field="value")
    if not value:
        raise invalid("value", "it is empty", "Pipe the value in, or run it on a terminal to be asked.")
    return value
