"""`issuant mock`: the simulators on loopback until they are stopped, or while a command runs; and steering them."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

import click

from issuant.cli.output import print_json
from issuant.errors import MissingExtraError
from issuant.providers import find_provider

if TYPE_CHECKING:
    from issuant.mocks import Simulator


class Served(TypedDict):
    """Where a simulator is, and the variables that its clients need."""

    base_url: str
    env: dict[str, str]


class Settings(NamedTuple):
    """How the simulators are to be."""

    state: Path | None
    faults: Sequence[str]
    rate_limits: Sequence[str]
    retry_after: Literal["seconds", "date"] | None


class _OrAnyProgram(click.Group):
    """A group that runs what is none of its commands, as a program."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in self.commands:
            return super().resolve_command(context, args)
        return _program.name, _program, args


@click.group(cls=_OrAnyProgram, invoke_without_command=True, subcommand_metavar="[--] [COMMAND...]")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON when ready.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Go on from this file where it exists, and keep everything in it.",
)
@click.option("--fault", "faults", multiple=True, metavar="PROVIDER=FAULT", help="Let the next request go wrong.")
@click.option(
    "--rate-limit", "rate_limits", multiple=True, metavar="PROVIDER=N", help="Allow N requests a minute; none for any."
)
@click.option(
    "--retry-after",
    type=click.Choice(["seconds", "date"]),
    help="How a refusal says when to come again. Default: seconds.",
)
@click.pass_context
def mock(context: click.Context, /, as_json: bool, **settings: Any) -> None:
    """Serve a simulator of every provider on a free port of this machine.

    Alone, it serves until SIGINT or SIGTERM. With COMMAND (after --), it runs that with the variables set that the
    providers' clients read, and ends with its exit code. The one COMMAND that is no program is `control`, which moves
    the time, approves and more at simulators that are served already.

    \b
    Examples:
      issuant mock -- issuant issue galileo --name trial --show
      issuant mock --state mock.state --rate-limit fireworks=10 -- sh

    \b
    FAULT is one of these, and may end in *TIMES and in @OPERATION,
    as in galileo=status:503*3@POST /v2/users/api_keys, where * in a path is any text,
    and the base path of the provider may be left out:
      before the request takes effect
        status:CODE[:RETRY_AFTER] html:CODE html-502 problem:CODE redirect[:CODE]
        drop-before reset-before
      after it
        empty truncated incomplete wrong-shape invalid-utf8 oversized:MEGABYTES
        endless gzip-bomb:MEGABYTES delay:SECONDS drip:SECONDS drop-after reset-after
        pages-repeat pages-cycle pages-endless
    """
    context.obj = Settings(**settings)
    if context.invoked_subcommand is not None:
        return
    with _serving(context.obj) as served:
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


@click.command(
    "--",
    add_help_option=False,
    options_metavar=None,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def _program(context: click.Context, /, command: Sequence[str]) -> None:
    with _serving(context.obj) as served:
        context.exit(_run(command, served))


@mock.command(
    short_help="Steer a simulator that is served already.", context_settings={"allow_interspersed_args": False}
)
@click.option("--base-url", help="Where it is served. Default: what the provider's own variable says.")
@click.argument("provider")
@click.argument("act")
@click.argument("what", required=False)
def control(provider: str, act: str, what: str | None, base_url: str | None) -> None:
    """Steer the simulator of PROVIDER that `issuant mock` serves, and print what it answers as JSON.

    Run it where the variables are set that `issuant mock` prints, or sets for its COMMAND; or give --base-url.

    \b
    At every provider, ACT and WHAT are:
      state
        Tell its time, its settings, and how many things of each kind it holds.
          issuant mock control galileo state
      clock STEP|TIME
        Move its time by so many s, m, h, d or w, or to a time; it goes on from
        there. Keys, tokens, page tokens and approvals expire by it.
          issuant mock control galileo clock 7d
          issuant mock control galileo clock -1h
          issuant mock control galileo clock 2030-01-31T00:00:00Z
        No client's clock moves with it, and fireblocks refuses with 401 what is
        signed more than an hour off: use `approvals` below meanwhile, and move
        the time back before the next call; or, from Python, give connect() a
        `clock` that is off by as much.
      fault FAULT
        Let the next requests go wrong; `issuant mock --help` lists the faults.
          issuant mock control galileo fault 'status:503*3@POST /v2/*'
      clear-faults
        Forget the faults that wait.
          issuant mock control galileo clear-faults
      rate-limit N|none
        Allow so many requests a minute, and refuse more with 429.
          issuant mock control galileo rate-limit 10
      retry-after seconds|date
        Choose how a 429 says when to come again: in seconds, or at a date.
          issuant mock control galileo retry-after date

    \b
    At fireblocks, what people do in its console:
      approvals
        List all requests, each with its id and the state that it is in now.
          issuant mock control fireblocks approvals
      approve REQUEST
        Approve one, as the owner does; its API user is there from then on.
          issuant mock control fireblocks approve "$request"
      reject REQUEST
        Reject one. To let it expire instead, move the clock by 7d.
          issuant mock control fireblocks reject "$request"
      pair TOKEN
        Use a pairing token up, as a co-signer does; its user is READY then.
          issuant mock control fireblocks pair "$token"
      remove-user USER
        Delete an API user, as an owner does.
          issuant mock control fireblocks remove-user "$user"
    """
    address = base_url or find_provider(provider).base_url(os.environ)
    if address is None:
        raise click.UsageError(f"no variable says where {provider} is served; give --base-url.")
    with _requiring_mocks():
        from issuant.mocks.steering import SteeringError, steer
    fault = None
    try:
        print_json(steer(address, act, what))
    except ValueError as cause:
        raise click.UsageError(str(cause)) from None
    except SteeringError as cause:
        fault = str(cause)
    if fault is not None:
        raise click.ClickException(fault)


@contextlib.contextmanager
def _serving(settings: Settings) -> Iterator[dict[str, Served]]:
    with _requiring_mocks():
        from issuant import mocks
        from issuant.mocks.loopback import serve

        simulators = {name: mocks.simulator(name) for name in mocks.names()}
    with contextlib.ExitStack() as stack:
        if settings.state is not None:
            _keep(stack, settings.state, simulators)
        _apply(settings, simulators)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="issuant-mock-")))
        served: dict[str, Served] = {}
        for name, simulator in simulators.items():
            base_url = stack.enter_context(serve(simulator)).base_url
            served[name] = {"base_url": base_url, "env": simulator.env(base_url, folder)}
        yield served


@contextlib.contextmanager
def _requiring_mocks() -> Iterator[None]:
    missing = None
    try:
        yield
    except ImportError as cause:
        missing = cause.name or "a package"
    if missing is not None:
        raise MissingExtraError(f"the mocks need {missing}, which is not installed.", advice="Install issuant[mock].")


def _keep(stack: contextlib.ExitStack, path: Path, simulators: Mapping[str, Simulator]) -> None:
    from issuant.mocks import StateError, keep

    fault = None
    try:
        stack.enter_context(keep(path, *simulators.values()))
    except StateError as cause:
        fault = str(cause)
    except OSError as cause:
        fault = f"{path}: {cause.strerror}"
    if fault is not None:
        raise click.BadParameter(fault, param_hint="--state")


def _apply(settings: Settings, simulators: Mapping[str, Simulator]) -> None:
    if settings.retry_after is not None:
        for simulator in simulators.values():
            simulator.retry_after_form = settings.retry_after
    for text in settings.rate_limits:
        simulator, limit = _of_provider(text, "PROVIDER=N", simulators)
        if limit != "none" and not (limit.isascii() and limit.isdigit() and len(limit) <= 9):
            raise click.BadParameter(f"{text!r} is not PROVIDER=N or PROVIDER=none.", param_hint="--rate-limit")
        simulator.rate_limit = None if limit == "none" else int(limit)
    for text in settings.faults:
        simulator, fault = _of_provider(text, "PROVIDER=FAULT", simulators)
        try:
            simulator.faults.plan(fault)
        except ValueError as cause:
            raise click.BadParameter(str(cause)) from None


def _of_provider(text: str, form: str, simulators: Mapping[str, Simulator]) -> tuple[Simulator, str]:
    name, _, rest = text.partition("=")
    if name not in simulators:
        raise click.BadParameter(f"{text!r} is not {form}; there are {', '.join(simulators)}.")
    return simulators[name], rest


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
