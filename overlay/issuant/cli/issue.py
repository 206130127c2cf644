"""`issuant issue PROVIDER`: one command for each provider, with an option for each field of its request.

It refuses, before anything is created, to make a value that it may neither store nor show.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import moment
from issuant.cli.options import click_option, in_flags, request_of
from issuant.cli.output import (
    PENDING,
    UnprintedError,
    emit,
    json_option,
    print_made,
    readable,
    told_safely,
)
from issuant.cli.rescue import rescue
from issuant.cli.waiting import Waiting
from issuant.custody import Outcome
from issuant.errors import IssuantError, OutcomeUnknownError, StoreFailedError, UsageError
from issuant.keys import IssuedKey, PendingApproval
from issuant.providers import Provider, find_provider, provider_names
from issuant.secret import Secret
from issuant.sinks import open_sink


class _Issue(click.Group):
    """A group whose commands are the providers, each made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(provider_names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return _command(find_provider(cmd_name))  # an unknown name is refused with the known ones


@click.command(cls=_Issue, options_metavar="", subcommand_metavar="PROVIDER --name NAME (--to SINK | --show) [OPTIONS]")
def issue() -> None:
    """Issue a key.

    Its value goes to a sink (env:PATH#NAME or file:PATH), or is shown once. Where people have to approve the request
    first, it ends with 3.
    """


def _command(provider: Provider) -> click.Command:
    def callback(**given: Any) -> int:
        return _issue(provider, **given)

    command: Callable[..., Any] = connecting(callback)
    for option in reversed(provider.options):
        command = click_option(option)(command)
    for add in (
        json_option,
        click.option("--show", is_flag=True, help="Print the value, once."),
        click.option("--to", "to", metavar="SINK", help="Store the value: env:PATH#NAME or file:PATH."),
        click.option("--expires", help="A lifetime such as 30d, 12h, 90m or 2w, or a time like 2030-01-31T00:00:00Z."),
        click.option("--name", required=True, help="What the key is called."),
    ):
        command = add(command)
    return click.command(name=provider.name, help=f"Issue a key at {provider.title}. {provider.capabilities.note}")(
        command
    )


def _issue(
    provider: Provider,
    *,
    name: str,
    expires: str | None,
    to: str | None,
    show: bool,
    as_json: bool,
    reach: Reach,
    **fields: Any,
) -> int:
    has_value = all(fields[option.field] is None for option in provider.options if option.leaves_no_value)
    if (to is not None and show) or (has_value and to is None and not show):
        raise UsageError(
            "both --to and --show are given." if show else "neither --to nor --show is given; the value would be lost.",
            advice="Name a sink with --to (env:PATH#NAME or file:PATH), or print the value with --show.",
            provider=provider.name,
            operation="issue",
            field="--to",
        )
    failed: IssuantError | None = None
    outcome: Outcome | None = None
    broken: Exception | None = None
    try:
        request = request_of(provider, name, expires, fields)
        sink = open_sink(to) if to is not None else None
        with reach.connect(provider.name) as connection, Waiting(provider.name):
            outcome = connection.issue(request, sink=sink)
    except IssuantError as error:
        failed = in_flags(error, provider)
    except KeyboardInterrupt as stop:
        failed = stop.__dict__.get("outcome")
        if failed is None and outcome is None:
            raise
    except Exception as fault:
        if outcome is None:
            raise
        broken = fault  # a bug of ours, behind the making: what was made is told first
    if outcome is not None:  # also where it was stopped right behind it: there is no second time
        failed = _print_outcome(outcome, show=show, as_json=as_json)
    if failed is not None:
        if isinstance(failed, OutcomeUnknownError) and provider.capabilities.lists_keys:
            failed.advice = f"{failed.advice} {_where_to_look(provider, name, fields)}".lstrip()
        rescue(failed, show=show and outcome is None, as_json=as_json)  # what failed to be printed is not printed again
        raise failed
    if broken is not None:
        raise broken
    return PENDING if isinstance(outcome, PendingApproval) else 0


def _where_to_look(provider: Provider, name: str, fields: dict[str, Any]) -> str:
    owner = fields.get("user_id")  # the list is that of the environment's user otherwise, and would say "none"
    command = ["issuant", "keys", provider.name, "--name", name, *(["--owner", owner] if owner else [])]
    account = f", in the account {fields['account_id']}" if fields.get("account_id") else ""
    return f"`{shlex.join(command)}` shows it{account}, where it was made."


def _print_outcome(outcome: Outcome, *, show: bool, as_json: bool) -> IssuantError | None:
    """Print an outcome; return the error for one that could not be printed, whatever the reason."""
    value: Secret | None
    if isinstance(outcome, IssuedKey):
        key_id, value = outcome.id, outcome.secret
    else:
        key_id, value = None, outcome.private_key
    reason = told_safely(lambda: _told(outcome, key_id, value if show else None, as_json=as_json))
    if reason is None:
        return None
    return StoreFailedError(
        f"it was done, and standard output did not take the account of it: {reason}.",
        provider=outcome.provider,
        operation="issue",
        id=key_id,
        secret=value if show else None,
        request_id=outcome.request_id,
        idempotency_key=outcome.idempotency_key,
        stored_in=outcome.stored_in,
    )


def _told(outcome: Outcome, key_id: str | None, value: Secret | None, *, as_json: bool) -> str | None:
    """Print an outcome, and a value where one is to be shown; return why standard output did not take it."""
    issued = isinstance(outcome, IssuedKey)
    expires_at = moment(outcome.expires_at) if isinstance(outcome, IssuedKey) else None
    facts: dict[str, object] = {
        "provider": outcome.provider,
        "outcome": "issued" if issued else "pending_approval",
        "id": key_id,
        "name": outcome.name,
        "expires_at": expires_at or ("never" if issued and not as_json else None),
        "request_id": outcome.request_id,
        "idempotency_key": outcome.idempotency_key,
        "stored_in": outcome.stored_in,
    }
    reason = print_made(facts, value, as_json=as_json)
    if reason is None and not issued and not as_json:
        reason = _tell_what_follows(outcome.provider, outcome.name, outcome.request_id)
    return reason


def _tell_what_follows(provider: str, name: str, request_id: str | None) -> str | None:
    """Say what people have to do, and how it is followed; return why standard output did not take it."""
    command = shlex.join(["issuant", "approvals", provider, *filter(None, [request_id]), "--name", name])
    try:
        emit("People have to approve this request before the key exists; its id is then the API key.")
        emit(f"What becomes of it: {readable(command)}")
    except UnprintedError as error:
        reason = error.reason
    else:
        return None
    return reason
