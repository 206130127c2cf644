"""`issuant pairing-token`: the token by which a co-signer is paired. It is a secret, and handled like a key's value."""

from __future__ import annotations

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import moment
from issuant.cli.output import json_option, print_made, told_safely
from issuant.cli.rescue import rescue
from issuant.cli.signals import told_by
from issuant.cli.waiting import Waiting
from issuant.custody import checked, stored
from issuant.errors import Effect, IssuantError, StoreFailedError, UsageError
from issuant.inventory import PairingToken
from issuant.keys import Sink
from issuant.secret import Secret
from issuant.sinks import open_sink

_OPERATION = "pairing_token"


@click.command("pairing-token")
@click.argument("provider")
@click.argument("user")
@click.option("--to", metavar="SINK", help="Store the token: env:PATH#NAME or file:PATH.")
@click.option("--replace", is_flag=True, help="Write over what SINK holds.")
@click.option("--show", is_flag=True, help="Print the token, once.")
@click.option("--idempotency-key", help="1 to 40 characters; the same one brings the same token again.")
@json_option
@connecting
def pairing_token(
    provider: str,
    *,
    user: str,
    to: str | None,
    replace: bool,
    show: bool,
    idempotency_key: str | None,
    as_json: bool,
    reach: Reach,
) -> None:
    """Issue the token by which a co-signer is paired with the USER of an id.

    It goes to a sink (env:PATH#NAME or file:PATH), or is shown once. A sink that holds a value is refused, unless
    --replace is given.
    """
    if (to is None) is not show:
        raise UsageError(
            "both --to and --show are given." if show else "neither --to nor --show is given; it would be lost.",
            advice="Name a sink with --to (env:PATH#NAME or file:PATH), or print the token with --show.",
            provider=provider,
            operation=_OPERATION,
            field="to",
        )
    sink = None if to is None else open_sink(to, replace=replace)
    failed: IssuantError | None = None
    token: PairingToken | None = None
    found: object = None
    try:
        with reach.connect(provider) as connection:
            found = None if sink is None else checked(sink, vacant=False, value=None)
            with Waiting(provider):
                token = connection.pairing_token(user, idempotency_key=idempotency_key)
    except IssuantError as error:
        failed = error
    except KeyboardInterrupt as stop:
        failed = told_by(stop)
        if token is None and (failed is None or failed.effect is Effect.NONE):
            raise
    if token is not None:  # also where it was stopped right behind it
        failed = _deliver(token, sink, found, show=show, as_json=as_json)
    elif failed is not None and failed.secret is not None and sink is not None:
        failed.stored_in = sink.description if _store(failed.secret, sink, found) is None else None
    if failed is not None:
        rescue(failed, show=show and token is None, as_json=as_json)  # what failed to be printed is not printed again
        raise failed


def _deliver(
    token: PairingToken, sink: Sink | None, found: object, *, show: bool, as_json: bool
) -> StoreFailedError | None:
    """Store or print a token; return the error for one that got nowhere, whatever the reason."""
    stored_in = None
    fault = None if sink is None else _store(token.secret, sink, found)
    if fault is None:
        stored_in = None if sink is None else sink.description
        fault = _print(token, stored_in, show=show, as_json=as_json)
    if fault is None:
        return None
    return StoreFailedError(
        f"the token was issued, and {fault}.",
        advice="The same --idempotency-key brings it again.",
        provider=token.provider,
        operation=_OPERATION,
        secret=token.secret,
        request_id=token.request_id,
        idempotency_key=token.idempotency_key,
        stored_in=stored_in,
    )


def _store(value: Secret, sink: Sink, found: object) -> str | None:
    """Store a value; return why that failed."""
    try:
        reason = stored(sink, value, found)
    except KeyboardInterrupt:
        reason = "it was interrupted, and may or may not have stored it"
    return reason and f"{sink.description} did not take it: {reason}"


def _print(token: PairingToken, stored_in: str | None, *, show: bool, as_json: bool) -> str | None:
    """Print the account of a token; return why that failed."""
    reason = told_safely(lambda: print_made(_facts(token, stored_in), token.secret if show else None, as_json=as_json))
    return reason and f"it could not be written to standard output: {reason}"


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
