"""`issuant issue … --as NAME`: the key is looked after from its first day. Its value goes to sinks alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from issuant.cli.connecting import Reach
from issuant.cli.rotating import carried_out
from issuant.errors import UsageError
from issuant.keys import KeyRequest

if TYPE_CHECKING:
    from issuant.rotation.records import Operation
    from issuant.rotation.rotator import Rotator


def issue_as(
    credential: str,
    provider: str,
    request: KeyRequest,
    *,
    to: Sequence[str],
    id_to: Sequence[str],
    replace: bool,
    as_json: bool,
    reach: Reach,
) -> int:
    """Issue the first key of a credential, tell how far that has come, and return the exit code."""

    def act(rotator: Rotator) -> Operation:
        return rotator.issue(credential, provider, request, sinks=to, id_sinks=id_to, replace=replace)

    return carried_out(reach, credential, act, as_json=as_json)


def only_sink(provider: str, to: Sequence[str], id_to: Sequence[str]) -> str | None:
    """Return the one sink of a key that nobody looks after. Raises UsageError where more is given."""
    if len(to) > 1 or id_to:
        raise UsageError(
            "--id-to is given without --as." if id_to else "--to is given more than once without --as.",
            advice="Give the key a name with --as, so that it is looked after; or one --to alone.",
            provider=provider,
            operation="issue",
            field="id_to" if id_to else "to",
        )
    return to[0] if to else None
