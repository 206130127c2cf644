"""`issuant issue PROVIDER`: one command for each provider, with an option for each field of its request.

It refuses, before anything is created, to make a value that it may neither store nor show.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import click

from issuant.cli.connecting import connecting
from issuant.cli.output import check_output, print_facts, print_json
from issuant.cli.reading import read_text, read_value
from issuant.cli.rescue import rescue
from issuant.connector import connect
from issuant.custody import Outcome
from issuant.errors import InvalidRequestError, IssuantError, StoreFailedError, UsageError
from issuant.keys import IssuedKey, KeyRequest, invalid
from issuant.providers import Option, Provider, find_provider, provider_names
from issuant.secret import Secret
from issuant.sinks import open_sink

_LIFETIME = re.compile(r"(?P<count>[0-9]{1,6})(?P<unit>[mhdw])\Z")
_FLAGS = {"name": "--name", "expires_in": "--expires", "expires_at": "--expires", "expires": "--expires"}
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class _Issue(click.Group):
    """A group whose commands are the providers, each made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(provider_names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return _command(find_provider(cmd_name))  # an unknown name is refused with the known ones


@click.command(cls=_Issue, options_metavar="", subcommand_metavar="PROVIDER --name NAME (--to SINK | --show) [OPTIONS]")
def issue() -> None:
    """Issue a key.

    Its value goes to a sink (env:PATH#NAME or file:PATH), or is shown once.
    """


def _command(provider: Provider) -> click.Command:
    def callback(**given: Any) -> None:
        _issue(provider, **given)

    command: Callable[..., None] = callback
    for option in reversed(provider.options):
        command = _click_option(option)(command)
    for add in (
        click.option("--json", "as_json", is_flag=True, help="Print one line of JSON."),
        click.option("--show", is_flag=True, help="Print the value, once."),
        click.option("--to", "to", metavar="SINK", help="Store the value: env:PATH#NAME or file:PATH."),
        click.option("--expires", help="A lifetime such as 30d, 12h, 90m or 2w, or a time like 2030-01-31T00:00:00Z."),
        click.option("--name", required=True, help="What the key is called."),
        connecting,
    ):
        command = add(command)
    return click.command(name=provider.name, help=f"Issue a key at {provider.title}. {provider.capabilities.note}")(
        command
    )


def _click_option(option: Option) -> Callable[[Callable[..., None]], Callable[..., None]]:
    match option.kind:
        case "flag":
            return click.option(option.flag, option.field, is_flag=True, default=None, help=option.help)
        case "pairs":
            return click.option(option.flag, option.field, multiple=True, metavar="NAME=VALUE", help=option.help)
        case "choice":
            choice = click.Choice(option.choices, case_sensitive=False)
            return click.option(option.flag, option.field, type=choice, help=option.help)
        case "file" | "secret-file":
            return click.option(option.flag, option.field, metavar="FILE", help=option.help)
        case "text":
            return click.option(option.flag, option.field, help=option.help)


def _issue(
    provider: Provider,
    *,
    name: str,
    expires: str | None,
    to: str | None,
    show: bool,
    as_json: bool,
    server: str | None,
    base_url: str | None,
    timeout: float,
    **fields: Any,
) -> None:
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
    try:
        request = _request(provider, name, expires, fields)
        sink = open_sink(to) if to is not None else None
        with connect(provider.name, server=server, base_url=base_url, timeout=timeout) as connection:
            outcome = connection.issue(request, sink=sink)
    except IssuantError as error:
        failed = _in_flags(error, provider)
    except KeyboardInterrupt as stop:
        failed = stop.__dict__.get("outcome")
        if failed is None:
            raise
    if failed is None:
        failed = _print_outcome(outcome, show=show, as_json=as_json)
    if failed is not None:
        rescue(failed, show=show, as_json=as_json)
        raise failed


def _in_flags(error: IssuantError, provider: Provider) -> IssuantError:
    """Return `error` with the option in the place of the field that it speaks of."""
    flags = {option.field: option.flag.split("/")[0] for option in provider.options} | _FLAGS
    flag = flags.get(error.field or "")
    if flag is not None:
        error.reason = error.reason.replace(f"{error.field}:", f"{flag}:", 1)
        error.advice = error.advice.replace(f"Give {error.field}", f"Give {flag}")
    return error


def _request(provider: Provider, name: str, expires: str | None, fields: dict[str, Any]) -> KeyRequest:
    values: dict[str, Any] = {"name": name, **_expiry(expires)}
    for option in provider.options:
        value = fields[option.field]
        if value is not None and value != ():
            values[option.field] = _value(option, value)
    return provider.request(**values)


def _value(option: Option, value: Any) -> Any:
    match option.kind:
        case "pairs":
            return dict(_pair(option, text) for text in value)
        case "file":
            return read_text(value, field=option.field).reveal()
        case "secret-file":
            return read_value(value, field=option.field)
        case _:
            return value


def _pair(option: Option, text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise invalid(option.field, "it is not NAME=VALUE", f"Write {option.flag} NAME=VALUE.")
    return name, value


def _expiry(text: str | None) -> dict[str, timedelta | datetime]:
    if text is None:
        return {}
    lifetime = _LIFETIME.match(text)
    if lifetime is not None:
        return {"expires_in": timedelta(**{_UNITS[lifetime["unit"]]: int(lifetime["count"])})}
    reason = "is neither a lifetime nor a time"
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return {"expires_at": moment}
        reason = "has no time of day or no timezone"
    except ValueError:
        pass
    raise InvalidRequestError(
        f"--expires {text!r} {reason}.",
        advice="Give a lifetime such as 30d, 12h, 90m or 2w, or a time such as 2030-01-31T00:00:00Z.",
        field="expires",
    )


def _print_outcome(outcome: Outcome, *, show: bool, as_json: bool) -> IssuantError | None:
    """Print an outcome; return the error for one that could not be printed."""
    value: Secret | None
    if isinstance(outcome, IssuedKey):
        issued, key_id, value, expires_at = True, outcome.id, outcome.secret, outcome.expires_at
    else:
        issued, key_id, value, expires_at = False, None, outcome.private_key, None
    facts: dict[str, object] = {
        "provider": outcome.provider,
        "outcome": "issued" if issued else "pending_approval",
        "id": key_id,
        "name": outcome.name,
        "expires_at": expires_at.isoformat() if expires_at else None,
        "request_id": outcome.request_id,
        "idempotency_key": outcome.idempotency_key,
        "stored_in": outcome.stored_in,
    }
    shown: dict[str, object] = {"value": value.reveal()} if show and value is not None else {}
    try:
        check_output()
        if as_json:
            print_json(facts | shown)
        else:
            print_facts(facts | ({"expires_at": "never"} if issued and expires_at is None else {}) | shown)
            if not issued:
                click.echo("People have to approve this request before the key exists; its id is then the API key.")
    except OSError as cause:
        reason = cause.strerror or type(cause).__name__
    else:
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
