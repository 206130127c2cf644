"""`issuant addresses`: where a user may send from."""

from __future__ import annotations

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.output import emit, json_option, print_json, readable
from issuant.cli.waiting import Waiting


@click.command()
@click.argument("provider")
@click.argument("user")
@json_option
@connecting
def addresses(provider: str, *, user: str, as_json: bool, reach: Reach) -> None:
    """Show the addresses that the USER of an id may send from, one a line.

    Whether none means that any will do is unverified.
    """
    with reach.connect(provider) as connection, Waiting(provider):
        found = connection.whitelisted_ips(user)
    if as_json:
        print_json(
            {
                "provider": found.provider,
                "user_id": found.user_id,
                "addresses": list(found.addresses),
                "request_id": found.request_id,
            }
        )
        return
    for address in found.addresses:
        emit(readable(address))
    if not found.addresses:
        emit(f"issuant: {provider} lists no addresses of this user.", err=True)
