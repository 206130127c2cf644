"""`issuant pairing-token`: the token by which a co-signer is paired. It is a secret, and handled like a key's value."""

from __future__ import annotations

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import moment
from issuant.cli.output import print_made
from issuant.cli.rescue import rescue
from issuant.cli.waiting import Waiting
from issuant.custody import checked, stored
from issuant.errors import StoreFailedError, UsageError
from issuant.inventory import PairingToken
from issuant.sinks import open_sink

_OPERATION = "pairing_token"


@click.command("pairing-token")
@click.argument("provider")
@click.argument("user")
@click.option("--to", metavar="SINK", help="Store the token: env:PATH#NAME or file:PATH.")
@click.option("--show", is_flag=True, help="Print the token, once.")
@click.option("--idempotency-key", help="1 to 40 characters; the same one brings the same token again.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@connecting
def pairing_token(
    provider: str,
    *,
    user: str,
    to: str | None,
    show: bool,
    idempotency_key: str | None,
    as_json: bool,
    reach: Reach,
) -> None:
    """Issue the token by which a co-signer is paired with the USER of an id.

    It goes to a sink (env:PATH#NAME or file:PATH), or is shown once.
    """
    if (to is None) is not show:
        raise UsageError(
            "both --to and --show are given." if show else "neither --to nor --show is given; it would be lost.",
            advice="Name a sink with --to (env:PATH#NAME or file:PATH), or print the token with --show.",
            provider=provider,
            operation=_OPERATION,
            field="--to",
        )
    sink = None if to is None else open_sink(to)
    with reach.connect(provider) as connection:
        content = None if sink is None else checked(sink, vacant=False, value=None)
        with Waiting(provider):
            token = connection.pairing_token(user, idempotency_key=idempotency_key)
    fault = None
    if sink is not None:
        reason = stored(sink, token.secret, content)
        fault = reason and f"{sink.description} did not take it: {reason}"
    stored_in = sink.description if sink is not None and fault is None else None
    if fault is None:
        reason = print_made(_facts(token, stored_in), token.secret if show else None, as_json=as_json)
        fault = reason and f"standard output did not take the account of it: {reason}"
    if fault is not None:
        failed = StoreFailedError(
            f"the token was issued, and {fault}.",
            advice="The same --idempotency-key brings it again.",
            provider=provider,
            operation=_OPERATION,
            secret=token.secret,
            request_id=token.request_id,
            idempotency_key=token.idempotency_key,
            stored_in=stored_in,
        )
        rescue(failed, show=show, as_json=as_json)
        raise failed


def _facts(token: PairingToken, stored_in: str | None) -> dict[str, object]:
    return {
        "provider": token.provider,
        "outcome": "issued",
        "user_id": token.user_id,
        "expires_at": moment(token.expires_at),
        "request_id": token.request_id,
        "idempotency_key": token.idempotency_key,
        "stored_in": stored_in,
    }
