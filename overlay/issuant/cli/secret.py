"""`issuant secret put`: a secret stored at a provider. Its value comes from standard input or a prompt.

It is never an argument: arguments stand in process lists and shell histories.
"""

from __future__ import annotations

import sys

import click

from issuant.cli.connecting import connecting
from issuant.cli.output import print_facts, print_json
from issuant.cli.reading import read_value
from issuant.connector import connect
from issuant.keys import invalid
from issuant.secret import Secret


@click.group()
def secret() -> None:
    """Store secrets at a provider that keeps them."""


@secret.command()
@click.argument("provider")
@click.argument("id")
@click.option("--key-name", required=True, help="The variable name, such as WOLFRAM_ALPHA_API_KEY.")
@click.option("--account", "account_id", help="The account, instead of the environment's.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@connecting
def put(
    provider: str,
    id: str,  # noqa: A002 - the argument's name in the usage line
    key_name: str,
    account_id: str | None,
    as_json: bool,
    server: str | None,
    base_url: str | None,
    timeout: float,
) -> None:
    """Store a secret under ID. The value comes from standard input, or is asked for on a terminal."""
    with connect(provider, server=server, base_url=base_url, timeout=timeout) as connection:
        stored = connection.put_secret(id, key_name=key_name, value=_value(), account_id=account_id)
    facts = {
        "provider": stored.provider,
        "outcome": "stored",
        "id": stored.id,
        "name": stored.name,
        "key_name": stored.key_name,
        "request_id": stored.request_id,
    }
    if as_json:
        print_json(facts)
    else:
        print_facts(facts)


def _value() -> Secret:
    if sys.stdin is not None and sys.stdin.isatty():
        value = Secret(click.prompt("Value", hide_input=True, confirmation_prompt=True, err=True))
    else:
        value = read_value("-", field="value")
    if not value:
        raise invalid("value", "standard input is empty", "Pipe the value in, or run it on a terminal to be asked.")
    return value
