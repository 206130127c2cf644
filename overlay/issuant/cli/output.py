"""How the command speaks: results on standard output, errors on standard error, and the exit codes."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Mapping, Sequence

import click

from issuant.errors import Effect, IssuantError, UsageError

REFUSED = 1
USAGE = 2
UNKNOWN = 4
CREATED = 5


def exit_code(error: IssuantError) -> int:
    """Return the exit code for an error: whether anything was created decides."""
    if isinstance(error, UsageError):
        return USAGE
    return {Effect.NONE: REFUSED, Effect.UNKNOWN: UNKNOWN, Effect.CREATED: CREATED}[error.effect]


def wants_json(arguments: Sequence[str] | None) -> bool:
    """Tell whether `--json` was asked for; an error may come before the options are read."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return "--json" in (given[: given.index("--")] if "--" in given else given)


def check_output() -> None:
    """Raise OSError where there is no standard output: click would print to nowhere."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, "it is closed")


def print_json(value: Mapping[str, object] | Sequence[object], *, err: bool = False) -> None:
    """Print one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False), err=err)


def print_error(error: IssuantError, *, as_json: bool) -> None:
    """Print an error: one readable paragraph, or one line of JSON."""
    if as_json:
        print_json(error.as_dict(), err=True)
    else:
        click.echo(f"issuant: {error}", err=True)


def print_facts(facts: Mapping[str, object]) -> None:
    """Print names and values as two aligned columns, those without a value left out."""
    shown = {name: str(value) for name, value in facts.items() if value not in (None, "")}
    width = max((len(name) for name in shown), default=0)
    for name, value in shown.items():
        click.echo(f"{name:<{width}}  {value}")
