"""The options that every command which talks to a provider has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

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
