"""`issuant revoke`: shows the key and asks, then revokes it by its id.

With --yes it neither looks nor asks: what has leaked is to be gone, also where the list cannot be read.
"""

from __future__ import annotations

import click

from issuant.cli.asking import agrees, check_askable
from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import of_key
from issuant.cli.output import REFUSED, json_option, print_done, print_facts
from issuant.cli.waiting import Waiting
from issuant.errors import IssuantError, NotFoundError, UsageError

_ASKED_ABOUT = ("id", "name", "status", "owner", "created_at", "expires_at", "last_used", "hint")
_UNSEEN = "With --yes it is revoked without being looked at."


@click.command()
@click.argument("provider")
@click.argument("id")
@click.option("--owner", metavar="USER", help="The id of the user whose key it is.")
@click.option("--yes", "-y", is_flag=True, help="Do not look it up and ask.")
@json_option
@connecting
def revoke(
    provider: str,
    *,
    id: str,  # noqa: A002 - the argument's name in the usage line
    owner: str | None,
    yes: bool,
    as_json: bool,
    reach: Reach,
) -> int:
    """Revoke the key of an ID. It is shown, and you are asked.

    Where nobody can be asked and --yes is not given, nothing is sent. What only a person can revoke is refused, with
    who must do what.
    """
    with reach.connect(provider) as connection:
        can_revoke = connection.capabilities.revokes_keys  # where it cannot, revoke() says what to do
        if can_revoke:
            check_askable(provider=provider, operation="revoke", yes=yes)
        if can_revoke and not yes:
            try:
                with Waiting(provider, "keys"):
                    key = connection.key(id, owner=owner)
            except IssuantError as error:
                if not isinstance(error, NotFoundError | UsageError):
                    error.advice = f"{error.advice} {_UNSEEN}".lstrip()
                raise
            facts = of_key(key)
            print_facts({name: facts[name] for name in _ASKED_ABOUT}, err=True)
            if not agrees("Revoke this key?"):
                return REFUSED
        with Waiting(provider):
            gone = connection.revoke(id, owner=owner)
    done = {"provider": gone.provider, "outcome": "revoked", "id": gone.id, "request_id": gone.request_id}
    print_done(done, as_json=as_json, operation="revoke")
    return 0
