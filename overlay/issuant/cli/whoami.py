"""`issuant whoami`: whom a credential speaks for."""

from __future__ import annotations

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import UNCERTAIN, of_identity
from issuant.cli.output import json_option, print_result
from issuant.cli.waiting import Waiting


@click.command()
@click.argument("provider")
@json_option
@connecting
def whoami(provider: str, *, as_json: bool, reach: Reach) -> None:
    """Tell whom the credential speaks for.

    It is certain where the provider itself tells; otherwise it is the user that the environment names, and the provider
    has shown that the credential may look at it.
    """
    with reach.connect(provider) as connection, Waiting(provider):
        found = connection.whoami()
    facts = of_identity(found)
    if not as_json and not found.is_certain:
        facts["certain"] = f"no: {UNCERTAIN}"
    print_result(facts, as_json=as_json)
