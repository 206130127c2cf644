"""`issuant mock`: the simulators on loopback, until they are stopped, or as long as a command runs."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TypedDict

import click

from issuant.cli.output import print_json
from issuant.errors import MissingExtraError


class Served(TypedDict):
    """Where a simulator is, and the variables that its clients need."""

    base_url: str
    env: dict[str, str]


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON when ready.")
@click.option(
    "--fault", "faults", multiple=True, metavar="PROVIDER=FAULT", help="Fail the next request, e.g. status:503."
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def mock(context: click.Context, as_json: bool, faults: Sequence[str], command: Sequence[str]) -> None:
    """Serve a simulator of every provider on a free port of this machine.

    Alone, it serves until SIGINT or SIGTERM. With COMMAND (after --), it runs that with the variables set that the
    providers' clients read, and ends with its exit code.

    \b
    Faults: status:CODE html-502 empty truncated delay:SECONDS drop-before drop-after
    """
    with _serving(faults) as served:
        if command:
            context.exit(_run(command, served))
        stop = _stopping()
        if as_json:
            print_json(served)
        else:
            for name, entry in served.items():
                click.echo(f"# {name}: {entry['base_url']}")
                for variable, value in entry["env"].items():
                    click.echo(f"export {variable}={shlex.quote(value)}")
            click.echo("# Serving until Ctrl-C.", err=True)
        stop.wait()


@contextlib.contextmanager
def _serving(faults: Sequence[str]) -> Iterator[dict[str, Served]]:
    missing = None
    try:
        from issuant import mocks
        from issuant.mocks.loopback import serve

        simulators = {name: mocks.simulator(name) for name in mocks.names()}
    except ImportError as cause:
        missing = cause.name or "a package"
    if missing is not None:
        raise MissingExtraError(f"the mocks need {missing}, which is not installed.", advice="Install issuant[mock].")
    for text in faults:
        name, _, fault = text.partition("=")
        if name not in simulators:
            raise click.BadParameter(f"{text!r} is not PROVIDER=FAULT; there are {', '.join(simulators)}.")
        try:
            simulators[name].faults.add(mocks.Fault.parse(fault))
        except ValueError as cause:
            raise click.BadParameter(str(cause)) from None
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="issuant-mock-")))
        served: dict[str, Served] = {}
        for name, simulator in simulators.items():
            base_url = stack.enter_context(serve(simulator)).base_url
            served[name] = {"base_url": base_url, "env": simulator.env(base_url, folder)}
        yield served


def _environment(served: dict[str, Served]) -> dict[str, str]:
    return {name: value for entry in served.values() for name, value in entry["env"].items()}


def _stopping() -> threading.Event:
    """Return an event that SIGINT and SIGTERM set; made before readiness is announced, so that neither is missed."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _run(command: Sequence[str], served: dict[str, Served]) -> int:
    try:
        process = subprocess.Popen(command, env=os.environ | _environment(served))  # noqa: S603 - the user's own command
    except OSError as cause:
        raise click.UsageError(f"{command[0]}: {cause.strerror}") from None

    def forward(number: int, frame: FrameType | None) -> None:
        process.send_signal(number)

    previous = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        code = process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
