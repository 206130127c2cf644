"""`issuant rotate`: a new key takes the place of a credential's, as far as that goes now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.operations import code_of, place_in_words
from issuant.cli.options import Lifetime
from issuant.cli.output import PENDING, emit, json_option, print_json, readable
from issuant.cli.rotating import carried_out, rotating
from issuant.cli.waiting import Waiting
from issuant.errors import UsageError

if TYPE_CHECKING:
    from issuant.rotation.records import Operation
    from issuant.rotation.rotator import Rotator

_DAY = timedelta(days=1)


@click.command()
@click.argument("credential", metavar="NAME")
@click.option("--to", multiple=True, metavar="SINK", help="Keep the value here alone from now on; once for each.")
@click.option("--replace", is_flag=True, help="Write over what a new SINK holds.")
@click.option(
    "--grace", type=Lifetime(), default=_DAY, show_default="24h", help="How long the old key lives on, such as 90m."
)
@click.option("--quiet", type=Lifetime(), help="For how long nobody must have used the old key before it is revoked.")
@click.option("--expires", type=Lifetime(), help="How long the new key shall live. Default: as NAME was issued with.")
@click.option("--force", is_flag=True, help="Wait for nothing, and write over what others have stored meanwhile.")
@click.option("--dry-run", is_flag=True, help="Tell every step, and take none.")
@click.option("--abandon", is_flag=True, help="Give up what is open: the new key is removed, and the old one stays.")
@json_option
@connecting
def rotate(
    credential: str,
    *,
    to: Sequence[str],
    replace: bool,
    grace: timedelta,
    quiet: timedelta | None,
    expires: timedelta | None,
    force: bool,
    dry_run: bool,
    abandon: bool,
    as_json: bool,
    reach: Reach,
) -> int:
    """Let a new key take the place of the one that NAME has.

    The new key is made, tried, and put into every sink; then the old one lives on for the time of --grace, and is
    revoked by `issuant resume`. It may be killed at any instant: `issuant resume` goes on.

    \b
    It ends with
      0  done
      1  nothing was done, or it was stopped on the way by an error, which `issuant journal` shows
      3  it waits: for the end of the grace, or for people; or what was given up is left to people: `note` says it
    """
    if dry_run and abandon:
        raise UsageError("both --dry-run and --abandon are given.", advice="Give one.", operation="rotate")

    sinks = to or None

    def plan(rotator: Rotator) -> Sequence[str]:
        return rotator.plan(
            credential, grace=grace, quiet=quiet, expires_in=expires, sinks=sinks, force=force, replace=replace
        )

    def act(rotator: Rotator) -> Operation:
        if abandon:
            return rotator.abandon(credential)
        kept = rotator.credential(credential).sinks
        done = rotator.rotate(
            credential, grace=grace, quiet=quiet, expires_in=expires, sinks=sinks, force=force, replace=replace
        )
        _tell_dropped(credential, set(kept) - set(rotator.credential(credential).sinks), as_json=as_json)
        return done

    if dry_run:
        return _planned(reach, credential, plan, as_json=as_json)
    return carried_out(reach, credential, act, as_json=as_json, code=_code_of_abandoned if abandon else code_of)


def _code_of_abandoned(operation: Operation) -> int:
    """Return the exit code for what was given up: whether anything of it is left to people."""
    return PENDING if operation.doubtful else 0


def _tell_dropped(credential: str, places: Collection[str], *, as_json: bool) -> None:
    """Tell of places that --to has left out: whoever reads them stays on the old key."""
    for place in sorted(place_in_words(place) for place in places):
        said = f"{place} is not kept up any more, and holds the old value."
        if as_json:
            print_json({"warning": "Dropped", "credential": credential, "reason": said}, err=True)
        else:
            emit(f"issuant: {readable(said)}", err=True)


def _planned(reach: Reach, credential: str, plan: Callable[[Rotator], Sequence[str]], *, as_json: bool) -> int:
    with Waiting(credential) as waiting, rotating(reach, waiting) as rotator:
        steps = plan(rotator)
    if as_json:
        print_json({"credential": credential, "steps": list(steps)})
    else:
        for number, step in enumerate(steps, 1):
            emit(f"{number:>2}  {readable(step)}")
    return 0
