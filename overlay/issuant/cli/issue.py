"""`issuant issue PROVIDER`: one command for each provider, with an option for each field of its request.

It refuses, before anything is created, to make a value that it may neither store nor show.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import moment
from issuant.cli.issue_as import issue_as, only_sink
from issuant.cli.options import click_option, request_of
from issuant.cli.output import (
    PENDING,
    emit,
    json_option,
    print_made,
    readable,
    told_safely,
)
from issuant.cli.rescue import rescue
from issuant.cli.signals import told_by
from issuant.cli.waiting import Waiting
from issuant.custody import Outcome
from issuant.errors import Effect, IssuantError, OutcomeUnknownError, StoreFailedError, UsageError
from issuant.keys import IssuedKey, PendingApproval
from issuant.providers import Provider, find_provider, provider_names
from issuant.secret import Secret
from issuant.sinks import open_sink

_SAME_KEY = "with the same idempotency key"  # the library's words for that the same request may be sent again
_EXPIRY = "A lifetime such as 30d, 12h, 90m, 45s or 2w, or a time like 2030-01-31T00:00:00Z."


class _Issue(click.Group):
    """A group whose commands are the providers, each made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(provider_names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return _command(find_provider(cmd_name))  # an unknown name is refused with the known ones

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            wrong = error.format_message()
        raise click.UsageError(f"{wrong} Options come after the provider.", ctx)


@click.command(cls=_Issue, options_metavar="", subcommand_metavar="PROVIDER --name NAME (--to SINK | --show) [OPTIONS]")
def issue() -> None:
    """Issue a key.

    Its value goes to a sink (--to), or is shown once. A sink that holds a value, which may be in use, is refused unless
    --replace is given. Where people have to approve the request first, it ends with 3.

    With --as, the key is looked after from now on: `issuant rotate NAME` replaces it, in every sink that is named. Then
    it is made by the same steps, and nothing is lost where it is stopped: `issuant resume` goes on.
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
        click.option(
            "--replace", is_flag=True, help="Write over what SINK holds; not where people may refuse the request."
        ),
        click.option("--id-to", multiple=True, metavar="SINK", help="With --as: store the id of the key here, too."),
        click.option(
            "--to",
            multiple=True,
            metavar="SINK",
            help="Store the value: env:PATH#NAME, file:PATH, keyring:SERVICE/USER, fireworks:SECRET_ID#KEY_NAME or "
            "exec:COMMAND. With --as, once for each sink.",
        ),
        click.option("--as", "credential", metavar="NAME", help="Look after the key: `issuant rotate` replaces it."),
        click.option("--expires", help=_EXPIRY if provider.capabilities.sets_expiry else f"{provider.title} has none."),
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
    to: tuple[str, ...],
    id_to: tuple[str, ...],
    credential: str | None,
    replace: bool,
    show: bool,
    as_json: bool,
    reach: Reach,
    **fields: Any,
) -> int:
    if credential is not None:
        if show:
            raise _misused(provider, "both --as and --show are given.")
        request = request_of(provider, name, expires, fields)
        return issue_as(
            credential, provider.name, request, to=to, id_to=id_to, replace=replace, as_json=as_json, reach=reach
        )
    spec = only_sink(provider.name, to, id_to)
    has_value = all(fields[option.field] is None for option in provider.options if option.leaves_no_value)
    if spec is not None and show:
        raise _misused(provider, "both --to and --show are given.")
    if has_value and spec is None and not show:
        raise _misused(provider, "neither --to nor --show is given; the value would be lost.")
    failed: IssuantError | None = None
    outcome: Outcome | None = None
    broken: Exception | None = None
    try:
        request = request_of(provider, name, expires, fields)
        sink = open_sink(spec, replace=replace) if spec is not None else None
        with reach.connect(provider.name) as connection, Waiting(provider.name):
            outcome = connection.issue(request, sink=sink)
    except IssuantError as error:
        failed = error
    except KeyboardInterrupt as stop:
        failed = told_by(stop)
        if outcome is None and (failed is None or failed.effect is Effect.NONE):  # there is nothing else to tell
            raise
    except Exception as fault:  # a bug of ours, in or behind the making: what was made is seen to first
        failed, broken = told_by(fault), fault
        if outcome is None and failed is None:
            raise
    if outcome is not None:  # also where it was stopped right behind it: there is no second time
        failed = _print_outcome(outcome, show=show, as_json=as_json)
    if failed is not None:
        # What failed to be printed is not printed again.
        kept = rescue(failed, show=show and outcome is None, as_json=as_json)
        if broken is not None and outcome is None:
            raise broken
        failed.advice = f"{failed.advice} {_next_step(provider, name, failed, reach, fields, kept)}".strip()
        raise failed
    if broken is not None:
        raise broken
    return PENDING if isinstance(outcome, PendingApproval) else 0


def _misused(provider: Provider, reason: str) -> UsageError:
    return UsageError(
        reason,
        advice="Name a sink with --to (env:PATH#NAME or file:PATH), or print the value with --show.",
        provider=provider.name,
        operation="issue",
        field="to",
    )


def _next_step(
    provider: Provider, name: str, failed: IssuantError, reach: Reach, fields: dict[str, Any], kept: Path | None
) -> str:
    """Return, as a sentence, the command that settles what came of a request; empty where nothing is open."""
    if _SAME_KEY in failed.advice:
        given = _given(provider, fields, failed.idempotency_key, kept)
        return f"`{shlex.join(['issuant', 'issue', provider.name, '--name', name, *given, *reach.given])}` repeats it."
    can_look = provider.capabilities.lists_keys and not provider.capabilities.needs_approval
    if not isinstance(failed, OutcomeUnknownError) or not can_look:  # an approval is looked for as its own advice says
        return ""
    owner = fields.get("user_id")  # the list is that of the environment's user otherwise, and would say "none"
    owned = ["--owner", owner] if owner else []
    command = shlex.join(["issuant", "keys", provider.name, "--name", name, *owned, *reach.given])
    account = f" (asked in the account {fields['account_id']})" if fields.get("account_id") else ""
    return f"`{command}`{account} shows it, where it was made."


def _given(provider: Provider, fields: dict[str, Any], idempotency_key: str | None, kept: Path | None) -> list[str]:
    """Return the options of the provider that repeat a request as it was, with the certificate request from a file."""
    line: list[str] = []
    for option in provider.options:
        value = fields[option.field]
        if option.field == "idempotency_key":
            value = idempotency_key
        elif option.leaves_no_value:
            value = str(kept or value or "FILE")
        if isinstance(value, bool):
            line.append(option.flag.split("/")[0 if value else -1])
        elif option.kind in ("text", "choice", "file") and value is not None:
            line += [option.flag, value]
    return line


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
        f"it was done, and the result could not be written to standard output: {reason}.",
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
        _tell_what_follows(outcome.provider, outcome.name, outcome.request_id)
    return reason


def _tell_what_follows(provider: str, name: str, request_id: str | None) -> None:
    """Say what people have to do, and how it is followed; on standard error, as it is no part of the result."""
    command = shlex.join(["issuant", "approvals", provider, *filter(None, [request_id]), "--name", name])
    emit("People have to approve this request before the key exists; its id is then the API key.", err=True)
    emit(f"What becomes of it: {readable(command)}", err=True)
