"""`issuant approvals`: the requests that wait for people, or what became of one; the exit code tells that."""

from __future__ import annotations

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import of_approval
from issuant.cli.listed import print_list
from issuant.cli.output import PENDING, REFUSED, UNKNOWN, json_lines_option, print_result
from issuant.cli.tables import Table
from issuant.cli.waiting import Waiting
from issuant.inventory import Approval, ApprovalState
from issuant.keys import PendingApproval

_APPROVALS = Table[Approval](
    things="approvals",
    facts=of_approval,
    fields=("id", "state", "name", "asked_at", "expires_at", "note"),
    columns=("id", "state", "name", "asked_at", "expires_at"),
    time_width=16,
)
_CODES = {ApprovalState.APPROVED: 0, ApprovalState.PENDING: PENDING, ApprovalState.UNKNOWN: UNKNOWN}


@click.command()
@click.argument("provider")
@click.argument("request_id", required=False)
@click.option("--name", help="What the key was to be called. It helps to find what came of the request.")
@json_lines_option
@connecting
def approvals(provider: str, *, request_id: str | None, name: str | None, as_json: bool, reach: Reach) -> int:
    """List the requests that wait for approval, or follow the one of a REQUEST_ID or a --name.

    REQUEST_ID alone says which request it is. Where it is not known, nothing tells the requests of one --name apart:
    the users of that name are told, and it ends with 4.

    A terminal shows a table. Anything else gets a line for each, without a heading: id, state, name, asked_at,
    expires_at and note, separated by tabs.

    \b
    Following one ends with
      0  approved
      1  rejected, cancelled, expired, or failed
      3  still pending
      4  it cannot be told
    """
    with reach.connect(provider) as connection:
        if request_id is None and name is None:
            return print_list(connection.approvals(), _APPROVALS, provider=provider, as_json=as_json)
        with Waiting(provider):
            found = connection.approval(_followed(provider, request_id, name))
    print_result(of_approval(found), as_json=as_json)
    return _CODES.get(found.state, REFUSED)


def _followed(provider: str, request_id: str | None, name: str | None) -> PendingApproval | str:
    """Return what is known of a request, as `issue` told it."""
    if name is None and request_id is not None:
        return request_id
    if request_id is not None:
        from issuant.providers import path_part  # help need not wait for what that imports

        path_part(request_id, field="request_id")  # what comes with a reply may be any text, and is then passed over
    return PendingApproval(
        provider=provider,
        name=name or "",
        request_id=request_id,
        idempotency_key="",
        private_key=None,
        csr_pem="",
    )
