"""The fields of a provider's request as options of the command: how each is given and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from issuant.cli.reading import read_text, read_value
from issuant.errors import InvalidRequestError
from issuant.keys import KeyRequest, invalid
from issuant.rotation.records import LONGEST

if TYPE_CHECKING:
    from issuant.providers import Option, Provider

_LIFETIME = re.compile(r"(?P<count>[0-9]{1,6})(?P<unit>[smhdw])\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Words(click.Choice):  # type: ignore[type-arg]  # it is generic from click 8.4 on
    """A choice among words that are written with underscores; hyphens will do."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(str(value).replace("-", "_"), param, ctx)


def click_option(option: Option) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what adds the option for a field of a request to a command."""
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


class Lifetime(click.ParamType):  # type: ignore[type-arg]  # it is generic from click 8.4 on
    """A length of time, such as 30d, 12h, 90m or 2w; ten years at most."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        found = value if isinstance(value, timedelta) else lifetime_of(str(value))
        if found is None or found > LONGEST:
            self.fail(f"{value!r} is no length of time such as 30d, 12h, 90m or 2w, ten years at most.", param, ctx)
        return found


def lifetime_of(text: str) -> timedelta | None:
    """Return a length of time as it is written on the command line; None for anything else."""
    found = _LIFETIME.match(text)
    return None if found is None else timedelta(**{_UNITS[found["unit"]]: int(found["count"])})


def request_of(provider: Provider, name: str, expires: str | None, fields: dict[str, Any]) -> KeyRequest:
    """Return the request that the options make. Raises InvalidRequestError."""
    return provider.request(name=name, **values_of(provider, expires, fields))


def values_of(provider: Provider, expires: str | None, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a request that options give, but for its name. Raises InvalidRequestError."""
    values: dict[str, Any] = {**_expiry(expires)}
    for option in provider.options:
        value = fields[option.field]
        if value is not None and value != ():
            values[option.field] = _value(option, value)
    return values


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
    lifetime = lifetime_of(text)
    if lifetime is not None:
        return {"expires_in": lifetime}
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
        advice="Give a lifetime such as 30d, 12h, 90m, 45s or 2w, or a time such as 2030-01-31T00:00:00Z.",
        field="expires",
    )
