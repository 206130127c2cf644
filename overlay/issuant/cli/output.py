"""How the command speaks: results on standard output, errors on standard error, and the exit codes.

What others wrote (names, notes) reaches neither with a control character, an escape or a change of direction in it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

import click

from issuant.cli.facts import joined
from issuant.cli.signals import hear_no_more
from issuant.errors import BusyError, ByHandError, Effect, IssuantError, UnfinishedError, UsageError
from issuant.secret import Secret

REFUSED = 1
USAGE = 2
PENDING = 3
UNKNOWN = 4
CREATED = 5
DUE = 6
UNREAD = 141  # as of a program that SIGPIPE ends


json_option = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
json_lines_option = click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each.")


class UnprintedError(Exception):
    """Standard output does not take what is printed. `is_unread` says that whoever read it has gone."""

    def __init__(self, reason: str, *, is_unread: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_unread = is_unread


def exit_code(error: IssuantError) -> int:
    """Return the exit code for an error: whether anything was changed decides."""
    if isinstance(error, UsageError) and not isinstance(error, ByHandError | BusyError | UnfinishedError):
        return USAGE
    return {Effect.NONE: REFUSED, Effect.UNKNOWN: UNKNOWN, Effect.CREATED: CREATED}[error.effect]


def wants_json(given: Sequence[str]) -> bool:
    """Tell whether `--json` is among the arguments; an error may come before the options are read."""
    return "--json" in (given[: given.index("--")] if "--" in given else given)


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a person reads or writes a stream."""
    return stream is not None and not stream.closed and stream.isatty()


def emit(text: str, *, err: bool = False) -> None:
    """Print a line, at once. Raises UnprintedError where standard output does not take it."""
    if err:
        with contextlib.suppress(OSError, ValueError):  # there is nowhere else to say so
            click.echo(text, err=True)
        return
    if sys.stdout is None:  # click would print to nowhere
        raise UnprintedError("it is closed")
    try:
        click.echo(text)
    except OSError as cause:
        failed = UnprintedError(cause.strerror or type(cause).__name__, is_unread=cause.errno == errno.EPIPE)
    except ValueError as cause:  # it is closed, or its encoding has no such characters
        failed = UnprintedError(type(cause).__name__)
    else:
        return
    raise failed


def settle_output() -> None:
    """Let what standard output has not taken go nowhere: the interpreter would fail over it at its end."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        abandon_output()


def abandon_output() -> None:
    """Let standard output go nowhere from here on, with what it has not taken: a full pipe would be waited for."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # it is closed, is none or is no file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def readable(text: str) -> str:
    """Return a text fit for a terminal: what cannot be printed is replaced, what has no encoding there is escaped."""
    shown = text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return shown.encode(encoding, "backslashreplace").decode(encoding)


def print_json(value: Mapping[str, object] | Sequence[object], *, err: bool = False) -> None:
    """Print one line of JSON; what a terminal would not print stands in it escaped. Raises UnprintedError."""
    stream = sys.stderr if err else sys.stdout
    is_utf8 = (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not is_utf8)
    if not text.isprintable():
        text = "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)
    emit(text, err=err)


def print_error(error: IssuantError, *, as_json: bool) -> None:
    """Print an error: one readable paragraph, or one line of JSON."""
    if as_json:
        print_json(error.as_dict(), err=True)
    else:
        emit(f"issuant: {readable(str(error))}", err=True)


def print_facts(facts: Mapping[str, object], *, value: Secret | None = None, err: bool = False) -> None:
    """Print names and values as two aligned columns, those without a value left out, and a secret value as it is.

    A value of several lines, such as a PEM, begins on a line of its own: indented, it would be of no use.

    Raises UnprintedError.
    """
    shown = {name: readable(str(fact)) for name, fact in facts.items() if fact not in (None, "")}
    width = max((len(name) for name in shown), default=0)
    for name, text in shown.items():
        emit(f"{name:<{width}}  {text}", err=err)
    if value is not None:
        has_lines = "\n" in value.reveal()
        emit("value\n" + value.reveal().removesuffix("\n") if has_lines else f"{'value':<{width}}  {value.reveal()}")


def print_result(facts: Mapping[str, object], *, as_json: bool) -> None:
    """Print what was read: one line of JSON, or names and values. Raises UnprintedError."""
    if as_json:
        print_json(facts)
    else:
        print_facts(joined(facts))


def print_made(facts: Mapping[str, object], value: Secret | None, *, as_json: bool) -> str | None:
    """Print what was done, and a value where one is to be shown; return why standard output did not take it."""
    try:
        if as_json:
            print_json(facts if value is None else {**facts, "value": value.reveal()})
        else:
            print_facts(joined(facts), value=value)
    except UnprintedError as cause:
        reason = cause.reason
    else:
        return None
    return reason


def told_safely(tell: Callable[[], str | None]) -> str | None:
    """Tell of what was made, and return why that failed, whatever the reason: nothing may be lost over it.

    Once it is told, no signal is heard any more: the exit code is to say that it was done.
    """
    try:
        reason = tell()
        if reason is None:
            hear_no_more()
    except KeyboardInterrupt:
        abandon_output()
        return "it was interrupted"
    except Exception as cause:  # noqa: BLE001 - a bug of ours must not cost the value
        return type(cause).__name__
    return reason


def print_done(facts: Mapping[str, object], *, as_json: bool, operation: str) -> None:
    """Print what was done. Raises IssuantError, of the effect CREATED, where standard output does not take it."""
    reason = told_safely(lambda: print_made(facts, None, as_json=as_json))
    if reason is not None:
        raise IssuantError(
            f"it was done, and the result could not be written to standard output: {reason}.",
            provider=str(facts["provider"]),
            operation=operation,
            id=str(facts["id"]),
            effect=Effect.CREATED,
        )
