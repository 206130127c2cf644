"""The options that every command which talks to a provider has, and the connection that comes of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from issuant.connector import connect
from issuant.errors import UsageError
from issuant.pacing import RateLimit
from issuant.repeating import Retries

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.connection import Connection

_RATE = re.compile(r"([0-9]{1,9})/([0-9]{1,5}(?:\.[0-9]{1,3})?)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a provider is reached, as the options say; None leaves it to `issuant.connect`."""

    server: str | None
    base_url: str | None
    timeout: float | None
    retries: int | None
    rate_limit: RateLimit | None
    ca_file: str | None

    @property
    def given(self) -> list[str]:
        """The options that lead to the same place once more."""
        led = {"--server": self.server, "--base-url": self.base_url, "--ca-file": self.ca_file}
        return [word for flag, value in led.items() if value is not None for word in (flag, value)]

    def connect(self, provider: str | Account) -> Connection:
        """Open a connection to a provider, or as an account there. Raises UsageError."""
        return connect(
            provider,
            server=self.server,
            base_url=self.base_url,
            timeout=self.timeout,
            verify=True if self.ca_file is None else self.ca_file,
            retries=None if self.retries is None else Retries(attempts=self.retries),
            rate_limit=self.rate_limit,
        )


def connecting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, which gets them as `reach`."""

    @wraps(command)
    def reaching(**given: Any) -> Any:
        reach = Reach(**{field.name: given.pop(field.name) for field in fields(Reach)})
        return command(reach=reach, **given)

    wrapped: Callable[..., Any] = reaching
    for option in (
        click.option("--ca-file", metavar="PATH", help="Trust the certificates in this file or folder, and no other."),
        click.option(
            "--rate-limit", metavar="CALLS/SECONDS", callback=_rate_limit, help="Ask no more often, as in 10/60."
        ),
        click.option(
            "--retries",
            metavar="N",
            type=click.IntRange(1, 100),
            help="Send a call N times at most, where that is safe; 1 for never again. Default: 3.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0.001),
            help="Seconds to wait. Default: 10 to connect, 30 for anything else.",
        ),
        click.option("--base-url", help="Another base URL."),
        click.option("--server", help="A server of the provider, such as sandbox."),
    ):
        wrapped = option(wrapped)
    return wrapped


def _rate_limit(context: click.Context, parameter: click.Parameter, value: str | None) -> RateLimit | None:
    if value is None:
        return None
    reason = "it is not CALLS/SECONDS, such as 10/60."
    found = _RATE.fullmatch(value)
    if found is not None:
        try:
            return RateLimit(calls=int(found[1]), seconds=float(found[2]))
        except UsageError as error:
            reason = error.reason
    raise click.BadParameter(f"{value!r}: {reason}")
