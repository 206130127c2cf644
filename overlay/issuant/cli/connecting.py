"""The options that every command which talks to a provider has, and opening the connection they ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from issuant.connection import Connection
from issuant.connector import connect

F = TypeVar("F", bound=Callable[..., Any])


def connecting(command: F) -> F:
    """Add --server, --base-url and --timeout to a command."""
    for option in (
        click.option("--timeout", type=click.FloatRange(min=0.001), default=30.0, help="Seconds to wait. Default: 30."),
        click.option("--base-url", help="Another base URL."),
        click.option("--server", help="A server of the provider, such as sandbox."),
    ):
        command = option(command)
    return command


def open_connection(provider: str, *, server: str | None, base_url: str | None, timeout: float) -> Connection:
    """Open a connection with credentials from the environment. Raises UsageError."""
    return connect(provider, server=server, base_url=base_url, timeout=timeout)
